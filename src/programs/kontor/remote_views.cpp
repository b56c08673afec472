#include "programs/kontor/remote_views.hpp"

#include "programs/kontor/list_limit.hpp"

#include <algorithm>
#include <array>

namespace kontor::programs {
namespace {

struct RemoteList {
    std::string_view noun;
    char const* path;
    std::vector<Column> columns;
};

std::vector<Column> order_lines() {
    return {{"line", "line", to_right},
            {"sku", "sku"},
            {"title", "title"},
            {"price", "unit_price", to_right},
            {"ordered", "quantity", to_right},
            {"cancelled", "cancelled", to_right},
            {"shipped", "shipped", to_right},
            {"returned", "returned", to_right}};
}
std::vector<Column> payments() {
    return {{"payment", "id"},
            {"state", "state"},
            {"amount", "amount", to_right},
            {"held", "held", to_right},
            {"captured", "captured", to_right},
            {"refunded", "refunded", to_right}};
}
std::vector<Column> shipments() {
    return {
        {"shipment", "id"}, {"state", "state"}, {"location", "location"}, {"ship by", "ship_by"}};
}
std::vector<Column> returns() {
    return {{"return", "id"}, {"order", "order_id"}, {"state", "state"}, {"reason", "reason"}};
}
std::vector<Column> refunds() {
    return {{"refund", "id"}, {"kind", "kind"}, {"state", "state"}, {"amount", "amount", to_right}};
}

std::vector<RemoteList> const& lists() {
    static std::vector<RemoteList> const all{
        {"order",
         "/v1/orders",
         {{"order", "id"},
          {"number", "number"},
          {"state", "state"},
          {"placed at", "created_at"},
          {"country", "country"},
          {"lines", "lines", to_right},
          {"total", "total", to_right},
          {"due", "due", to_right}}},
        {"stock",
         "/v1/inventory",
         {{"sku", "sku"},
          {"location", "location"},
          {"on hand", "on_hand", to_right},
          {"reserved", "reserved", to_right},
          {"available", "available", to_right},
          {"backordered", "backordered", to_right}}},
        {"payment", "/v1/payments", payments()},
        {"attention",
         "/v1/ops/attention",
         {{"order", "order_id"},
          {"asked of", "asked_of"},
          {"about", "about"},
          {"what", "words"},
          {"asked at", "asked_at"},
          {"until", "until"}}},
        {"product",
         "/v1/products",
         {{"sku", "sku"},
          {"title", "title"},
          {"category", "category"},
          {"price", "price", to_right}}},
        {"shipment", "/v1/shipments", shipments()},
        {"return", "/v1/returns", returns()},
        {"customer",
         "/v1/customers",
         {{"customer", "id"}, {"country", "country"}, {"name", "name"}}}};
    return all;
}

/// What an object holds as a list of objects, shown below it under these columns.
struct Below {
    char const* member;
    std::vector<Column> columns;
};
std::vector<Below> const& below() {
    static std::vector<Below> const all{{"lines", order_lines()},
                                        {"payments", payments()},
                                        {"shipments", shipments()},
                                        {"returns", returns()},
                                        {"refunds", refunds()}};
    return all;
}

std::vector<boost::json::object> objects_in(boost::json::object const& thing, char const* member) {
    std::vector<boost::json::object> rows;
    auto const* const value = thing.if_contains(member);
    if (value != nullptr && value->is_array())
        for (auto const& row : value->get_array())
            if (row.is_object())
                rows.push_back(row.get_object());
    return rows;
}

/// Products say a price in each currency; a table shows the first.
void show_first_price(boost::json::object& row) {
    auto const prices = objects_in(row, "prices");
    if (prices.empty())
        return;
    auto const* const nested = prices.front().if_contains("price");
    row["price"] =
        nested != nullptr && nested->is_object() ? *nested : boost::json::value(prices.front());
}

} // namespace

Outcome show_pages(Program& program, Remote& remote, std::string const& path, std::size_t limit,
                   std::function<void(std::vector<boost::json::object>&)> const& show) {
    bool const is_for_people = program.output.options().format == Format::table;
    std::vector<boost::json::object> all;
    auto const take = [&](std::vector<boost::json::object> rows) {
        if (is_for_people)
            all.insert(all.end(), rows.begin(), rows.end());
        else
            show(rows);
    };
    KONTOR_TRY(bool const has_more, remote.pages(path, limit, take));
    if (!is_for_people)
        return ExitCode::ok;
    show(all);
    if (has_more)
        say_of_more(program.output);
    return ExitCode::ok;
}

Outcome show_remote_list(Program& program, Remote& remote, std::string_view noun,
                         std::string const& query, std::size_t limit) {
    auto const found = std::ranges::find(lists(), noun, &RemoteList::noun);
    KONTOR_ASSERT(found != lists().end(), "the API has no list of {}", noun);
    auto const show = [&](std::vector<boost::json::object>& rows) {
        if (program.output.options().format != Format::json)
            for (auto& row : rows)
                show_first_price(row);
        program.output.rows(found->columns, rows);
    };
    return show_pages(program, remote, found->path + query, limit, show);
}

void show_remote_thing(Output const& output, boost::json::value const& thing) {
    auto const* const object = thing.if_object();
    if (object == nullptr)
        return;
    if (output.options().format != Format::table) {
        output.object(*object);
        return;
    }
    auto plain = *object;
    for (auto const& each : below())
        plain.erase(each.member);
    output.object(plain);
    for (auto const& each : below())
        if (auto const rows = objects_in(*object, each.member); !rows.empty()) {
            output.say("");
            output.rows(each.columns, rows);
        }
}

Outcome show_remote(Program& program, Remote& remote, std::string const& path) {
    KONTOR_TRY(auto const thing, remote.get(path));
    show_remote_thing(program.output, thing);
    return ExitCode::ok;
}

} // namespace kontor::programs
