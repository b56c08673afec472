#include "services/gateway/route.hpp"

#include "platform/problems/problems.hpp"

#include <algorithm>
#include <array>

namespace kontor::services::gateway {
namespace {

constexpr Roles P{};
constexpr Roles C{Role::customer};
constexpr Roles S{Role::support};
constexpr Roles O{Role::operations};
constexpr Roles V{Role::service};

constexpr Needs key{.key = true};
constexpr Needs read_first{.version = true};
constexpr Needs why{.reason = true};
constexpr Needs why_and_newest{.reason = true, .newest_rows = true};
constexpr Needs up_to_now{.newest_rows = true};
constexpr Needs with_stock{.stock = true};
constexpr Needs key_and_why{.key = true, .reason = true};
constexpr Needs signature{.signature = true};
constexpr Needs probe{.probe = true};

using enum Method;

constexpr auto table = std::to_array<Route>({
#include "services/gateway/routes.inc"
});

constexpr std::string_view a_number = R"({"type":"integer","minimum":0})";
constexpr std::string_view a_text = R"({"type":"string","maxLength":100})";
constexpr std::string_view a_time = R"({"type":"string","format":"date-time"})";

constexpr auto parameter_table = std::to_array<Parameter>({
    {"account", a_text, "Only what touches this account, like provider or revenue:goods"},
    {"actor", a_text, "Only what this operator did"},
    {"after", a_number, "Only facts behind this position; 0 is the beginning"},
    {"archive", a_text, "Only those of this archive"},
    {"at", a_text, "As it was at this position of the log, or at this instant"},
    {"at_position", a_number, "As it was when the log had come so far"},
    {"at_time", a_time, "As it was at this instant"},
    {"at_version", a_number, "As it was at this version"},
    {"below", R"({"type":"integer"})", "Only items with fewer units available"},
    {"bus", a_text, "A bus by its name; none: the shop's"},
    {"category", a_text, "Only products of this category"},
    {"cause", R"({"type":"string","pattern":"^[0-9a-f]{16}$"})",
     "Only what died of this, as the list of causes names it"},
    {"country", R"({"type":"string","pattern":"^[A-Z]{2}$"})", "Only what serves this country"},
    {"currency", R"({"type":"string","pattern":"^[A-Z]{3}$"})", "Only what is in this currency"},
    {"cursor", R"({"type":"string","maxLength":500})",
     "Where a page begins: from `next` of the page before, as it is"},
    {"customer", R"({"type":"string","pattern":"^cus_"})", "Only this customer's"},
    {"detail", R"({"type":"string","enum":["public","full"]})",
     "Internal facts too, or only what leaves the shop"},
    {"from", a_number, "From this version on, or from a tree of this size; the first is 1"},
    {"in_stock", R"({"type":"boolean"})", "Only what can be had now, or only what cannot"},
    {"kind",
     R"({"type":"string","enum":["backup","projection_rebuild","projection_verify","audit_check",)"
     R"("redrive","replay"]})",
     "Only long tasks of this kind"},
    {"limit", R"({"type":"integer","minimum":1,"maximum":200})", "At most so many; 50 if absent"},
    {"location", a_text, "Only this location's"},
    {"min_position", R"({"type":"string","maxLength":20})",
     "Wait until the rows show what was written at this Kontor-Position"},
    {"number", a_text, "Only the order of this number, as people read it: K7QM-2F9T"},
    {"object", a_text, "Only what was done to this, or to what lies below it"},
    {"order", R"({"type":"string","pattern":"^ord_"})", "Only this order's"},
    {"overdue", R"({"type":"boolean"})",
     "Only what waits for something that should be there by now"},
    {"pattern", R"({"type":"string","maxLength":2048})",
     "Only facts that meet this, in the language of the bus's rules: "
     "{\"detail-type\":[{\"prefix\":\"order.\"}]}"},
    {"phase", a_text, "Only processes in this phase, like fulfilling"},
    {"placed_after", a_time, "Only what was placed later"},
    {"placed_before", a_time, "Only what was placed earlier"},
    {"position", a_number, "The fact at this position of the log"},
    {"prefix", a_text, "Only names that begin so"},
    {"price_max", a_number, "At most so many minor units of `currency`"},
    {"price_min", a_number, "At least so many minor units of `currency`"},
    {"q", a_text, "These letters in title or SKU, great or small", "list_products"},
    {"q", a_text, "An e-mail address, the whole of it", "list_customers"},
    {"q", a_text,
     "An e-mail address, the whole of it. What guests bought is read order by order, a hundred for "
     "a "
     "page: it may be short or empty and still have a next one",
     "list_orders"},
    {"since", a_time, "Only what happened then or later"},
    {"sku", a_text, "Only this SKU"},
    {"sort", R"({"type":"string","enum":["sku","title","price","price_desc","newest"]})",
     "What comes first; by SKU if absent. Prices are those in `currency`", "list_products"},
    {"sort", R"({"type":"string","enum":["newest","oldest"]})",
     "What comes first; newest if absent", "list_orders"},
    {"state", a_text, "Only what is in this state"},
    {"stream", a_text, "Only facts of this stream"},
    {"to", a_number, "Up to a tree of this size; absent: as it stands now"},
    {"total_max", a_number, "At most so many minor units of `currency`"},
    {"total_min", a_number, "At least so many minor units of `currency`"},
    {"type", a_text, "Only facts of this type, like order.placed"},
    {"until", a_time, "Only what happened before"},
    {"verb", a_text, "Only this kind of action, like set_limit"},
    {"wait_ms", R"({"type":"integer","minimum":0,"maximum":5000})",
     "How long to wait for min_position; 1000 if absent"},
});

consteval bool every_problem_has_a_row() {
    bool all = true;
    for (auto const& route : table)
        for_each_name(route.problems,
                      [&](std::string_view name) { all = all && problems::is_problem(name); });
    return all;
}
static_assert(every_problem_has_a_row(), "a route names a problem that the registry lacks");

constexpr bool describes(Parameter const& row, Route const& route, std::string_view name) {
    return row.name == name && (row.routes.empty() || has_name(row.routes, route.id));
}

consteval bool every_parameter_has_one_row() {
    bool all = true;
    for (auto const& route : table)
        for_each_name(route.query, [&](std::string_view name) {
            int rows = 0;
            for (auto const& parameter : parameter_table)
                rows += describes(parameter, route, name) ? 1 : 0;
            all = all && rows == 1;
        });
    return all;
}
static_assert(every_parameter_has_one_row(),
              "a route has a parameter that nothing describes, or two rows do");

consteval bool what_moves_things_wants_a_key() {
    for (auto const& route : table) {
        bool moves = false;
        for (std::string_view const noun : {"orders", "shipments", "inventory", "reservations"})
            moves = moves || (route.path.size() > 4 && route.path.substr(4).starts_with(noun));
        bool const is_batch = route.path == "/v1/orders/batch";
        if (route.method == Method::post && moves && !is_batch && !route.needs.key)
            return false;
    }
    return true;
}
static_assert(what_moves_things_wants_a_key());

consteval bool ids_differ() {
    for (std::size_t i = 0; i < table.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            if (table[i].id == table[j].id)
                return false;
    return true;
}
static_assert(ids_differ());

std::string_view take_segment(std::string_view& path) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = path.substr(0, end);
    path.remove_prefix(end);
    return segment;
}

bool fits(std::string_view pattern, std::string_view path,
          std::array<std::string_view, path_values_max>& values) {
    // Most paths part at their fifth character, the first of "/v1/orders" that differs.
    constexpr std::size_t noun_at = 4;
    if (pattern.size() > noun_at && path.size() > noun_at && pattern[noun_at] != '{' &&
        pattern[noun_at] != path[noun_at])
        return false;
    std::size_t value = 0;
    while (!pattern.empty() && !path.empty()) {
        auto const wanted = take_segment(pattern);
        auto const segment = take_segment(path);
        if (wanted.starts_with('{')) {
            if (segment.empty())
                return false;
            values[value++] = segment;
        } else if (wanted != segment) {
            return false;
        }
    }
    return pattern.empty() && path.empty();
}

bool is_served(Route const& route, Listener listener) {
    return route.audience == Audience::everywhere || listener == Listener::console;
}

} // namespace

std::span<Route const> routes() {
    return table;
}

Parameter const& parameter_of(Route const& route, std::string_view name) {
    auto const* const found = std::ranges::find_if(
        parameter_table, [&](Parameter const& row) { return describes(row, route, name); });
    return *found;
}

Match match_route(Method method, std::string_view path, Listener listener) {
    Match match;
    if (!path.starts_with('/') || listener == Listener::aws)
        return match;
    auto const wanted = method == Method::head ? Method::get : method;
    for (auto const& route : table) {
        if (route.method != wanted || !is_served(route, listener))
            continue;
        std::array<std::string_view, path_values_max> values{};
        if (fits(route.path, path, values)) {
            match.route = &route;
            match.values = values;
            return match;
        }
    }
    for (auto const& route : table) {
        std::array<std::string_view, path_values_max> values{};
        if (is_served(route, listener) && fits(route.path, path, values))
            match.allowed.push_back(route.method);
    }
    return match;
}

} // namespace kontor::services::gateway
