#pragma once

/// What the command line shows of a running shop: the answers of its API as tables for people, and
/// as they came for programs.

#include "programs/kontor/remote.hpp"

namespace kontor::programs {

/// Lists of the API, by the noun of the command: "order", "stock", "payment", "product",
/// "shipment", "return", "customer", "attention".   Requires: it is one of them.
Outcome show_remote_list(Program& program, Remote& remote, std::string_view noun,
                         std::string const& query, std::size_t limit);

/// One thing of the API, with what belongs to it.
void show_remote_thing(Output const& output, boost::json::value const& thing);

/// One thing at a path of the API.   Errors: as Remote::get.
Outcome show_remote(Program& program, Remote& remote, std::string const& path);

} // namespace kontor::programs
