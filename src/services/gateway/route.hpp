#pragma once

/// Route: one row of the API's one table. Dispatch, authorization and its matrix, 404 and 405,
/// OpenAPI, the tests and the command line all derive from these rows.
/// Source: INTERFACES section 5.
///
/// Invariants: 1. A name in `problems` or `query` that has no row of its own does not compile.
///             2. A route that moves orders, stock or money by POST wants an idempotency key.

#include "services/gateway/roles.hpp"
#include "services/gateway/seams/exchange.hpp"
#include "services/gateway/shapes.hpp"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace kontor::services::gateway {

/// Which read model a list is read from; its rows may be behind the log.
enum class Model : std::uint8_t { none, orders, stock, catalog, customers, attention };

/// What a request must bring beside its body.
struct Needs {
    bool key{false};         ///< Idempotency-Key
    bool version{false};     ///< If-Match: it replaces what the caller has read
    bool reason{false};      ///< on DELETE as Kontor-Reason, else as `reason` in the body
    bool signature{false};   ///< it is a webhook: known by its signature, and by nothing else
    bool newest_rows{false}; ///< of its model: everything that was durable when it was asked
    bool stock{false};       ///< beside its model's the rows of stock, as far as they have come
    bool probe{false};       ///< who looks whether we live is never too fast
};

enum class Audience : std::uint8_t { everywhere, console };

/// Names separated by single blanks.
using Names = std::string_view;

/// Bytes of a body: of one thing, and of many at once, where nobody sets another limit.
/// Source: RELIABILITY section 10, limits.
inline constexpr std::size_t body_bytes_max = 128 * 1024;
inline constexpr std::size_t bulk_bytes_max = 1024 * 1024;
static_assert(body_bytes_max < bulk_bytes_max);

struct Route {
    Method method;
    std::string_view path; ///< "/v1/orders/{id}"
    Roles who;             ///< none: everybody
    Shape body{Shape::nothing};
    std::uint16_t status{200};
    Shape answer{Shape::nothing};
    std::string_view summary{};
    Names query{};
    Names problems{};
    Needs needs{};
    Model model{Model::none};
    Audience audience{Audience::everywhere};
    std::string_view id{}; ///< names it in the reference and finds its code
};

/// All rows, in the sequence of the reference.   Thread: any.
std::span<Route const> routes();

/// A query parameter: which values it takes and what it does.
struct Parameter {
    std::string_view name;
    std::string_view schema; ///< JSON Schema
    std::string_view meaning;
    Names routes{}; ///< of these alone, by id; none: of all that have it
};
/// What one is for a route.   Requires: it has it.   Thread: any.
Parameter const& parameter_of(Route const& route, std::string_view name);

/// What a body may have at most: a batch and a table have many things in them, up to `bulk`.
constexpr std::size_t bytes_max_of(Route const& route, std::size_t bulk = bulk_bytes_max) {
    bool const has_many = route.body == Shape::table || route.body == Shape::place_orders;
    return has_many ? bulk : body_bytes_max;
}

/// Calls `visit(name)` for each of the names.
template <class Visitor>
constexpr void for_each_name(Names names, Visitor&& visit) {
    while (!names.empty()) {
        auto const end = names.find(' ');
        visit(names.substr(0, end));
        names = end == Names::npos ? Names() : names.substr(end + 1);
    }
}
constexpr bool has_name(Names names, std::string_view wanted) {
    bool found = false;
    for_each_name(names, [&](std::string_view name) { found = found || name == wanted; });
    return found;
}

constexpr std::size_t path_values_max = 3;

/// A path that fits a route, with what stands where the template has a name; not decoded.
struct Match {
    Route const* route{nullptr}; ///< none: nothing lies there, or only for other methods
    std::array<std::string_view, path_values_max> values{};
    std::vector<Method> allowed{}; ///< without a route: the methods that the path knows
};

/// HEAD is answered as GET.   Thread: any.
Match match_route(Method method, std::string_view path, Listener listener);

} // namespace kontor::services::gateway
