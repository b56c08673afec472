#pragma once

/// ApiCommand: a command that does what one route of the API does, as a row. How it is asked, its
/// address, the filters of a list, whether a reason is wanted and what must be read before it is
/// replaced come from the route's own row; here stands only what people type.   Thread: one.
///
/// Invariants: 1. The route exists, and each name in its address has an argument.
///             2. A member that is sent is one that the route's body has. (A spec holds both.)

#include "programs/kontor/program.hpp"
#include "services/gateway/route.hpp"

#include <array>
#include <span>
#include <string_view>

namespace kontor::programs {

/// How a typed value is read.
enum class Typed : unsigned char {
    text,
    number,
    flag,          ///< true or false
    money,         ///< in the smallest unit; --currency says of what
    texts,         ///< may be repeated
    numbers,       ///< likewise
    units_by_sku,  ///< MUG-1=2
    units_by_line, ///< 1=2
    channels,      ///< order=email,webhook
    attributes     ///< kind=order.placed: name and value
};

struct Argument {
    std::string_view typed;  ///< "--at"; without dashes it is known by its place
    std::string_view member; ///< "{sku}" of the address, else of the body; "ship_to.city": within
    std::string_view what;
    Typed kind{Typed::text};
    bool required{false};
    std::string_view otherwise{}; ///< what stands there when nothing is typed
};

inline constexpr std::size_t arguments_max = 10;

struct ApiCommand {
    std::string_view route; ///< its id
    std::string_view noun;
    std::string_view verb;
    std::string_view what;
    std::string_view examples;
    services::gateway::Names columns{}; ///< of a list, or of what it answers as one
    std::array<Argument, arguments_max> arguments{};
};

/// Those that are rows.
std::span<ApiCommand const> api_commands();

/// Adds them to the tree, and `kontor api`.
void add_api_commands(CLI::App& app, std::optional<Command>& chosen);

} // namespace kontor::programs
