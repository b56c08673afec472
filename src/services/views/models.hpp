#pragma once

/// Which read models the shop keeps: the one list that `serve`, the command line and the tests
/// read.

#include "platform/projections/projection.hpp"

#include <string_view>
#include <vector>

namespace kontor::services::views {

struct KeptModel {
    std::string_view name;
    projections::MakeProjection make;
};

/// orders, stock, catalog, customers, attention.
std::vector<KeptModel> const& kept_models();

/// Null: no read model has this name.
KeptModel const* find_model(std::string_view name);

} // namespace kontor::services::views
