#pragma once

/// What the command line shows of a running shop: the answers of its API as tables for people, and
/// as they came for programs.

#include "programs/kontor/remote.hpp"

namespace kontor::programs {

/// The rows of a list of the API, up to a limit, to `show`: all at once for people, whose columns
/// are as wide as what stands in them, and page by page for programs, however many there are. Says
/// so where there is more.   Errors: as Remote::pages.
Outcome show_pages(Program& program, Remote& remote, std::string const& path, std::size_t limit,
                   std::function<void(std::vector<boost::json::object>&)> const& show);

/// Lists of the API, by the noun of the command: "order", "stock", "payment", "product",
/// "shipment", "return", "customer", "attention".   Requires: it is one of them.
Outcome show_remote_list(Program& program, Remote& remote, std::string_view noun,
                         std::string const& query, std::size_t limit);

/// One thing of the API, with what belongs to it.
void show_remote_thing(Output const& output, boost::json::value const& thing);

/// One thing at a path of the API.   Errors: as Remote::get.
Outcome show_remote(Program& program, Remote& remote, std::string const& path);

} // namespace kontor::programs
