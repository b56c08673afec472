#include "services/views/models.hpp"

#include "platform/projections/limits.hpp"
#include "services/views/attention.hpp"
#include "services/views/goods.hpp"
#include "services/views/orders.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

template <class P>
KeptModel kept() {
    return {P::name, [] { return std::make_unique<P>(projections::rows_at_hand_max); }};
}

} // namespace

std::vector<KeptModel> const& kept_models() {
    static std::vector<KeptModel> const models{kept<Orders>(), kept<Stock>(), kept<Catalog>(),
                                               kept<Customers>(), kept<Attention>()};
    return models;
}

KeptModel const* find_model(std::string_view name) {
    auto const& models = kept_models();
    auto const found = std::ranges::find(models, name, &KeptModel::name);
    return found == models.end() ? nullptr : &*found;
}

} // namespace kontor::services::views
