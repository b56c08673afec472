#include "programs/kontor/api_call.hpp"
#include "programs/kontor/attention_of.hpp"
#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/order_named.hpp"

#include "base/names.hpp"
#include "domain/order/labels.hpp"
#include "services/shop/aggregates.hpp"

#include <fmt/core.h>

#include <charconv>
#include <limits>
#include <map>
#include <memory>

namespace kontor::programs {
namespace {

constexpr ports::Limit shop_page(8192);

struct ListOptions {
    std::string which;
    ListLimit limit{};
    bool needs_attention{false};
    RouteFilters filters; ///< of a list that a server shows
};

/// A directory without a server knows no filters.   Errors: no_server.
Result<void, Trouble> check_unfiltered(ListOptions const& options) {
    if (options.filters.is_empty())
        return {};
    return unexpected(Trouble("no_server", {FailureKind::unavailable,
                                            "only a running shop looks for what was asked",
                                            options.filters.query()}));
}

/// Reads an id as somebody typed it.   Errors: invalid, with the list that has the ids.
template <class Id>
Result<Id, Trouble> id_of(std::string const& text, std::string_view noun) {
    auto id = Id::parse(text);
    if (id)
        return *id;
    return unexpected(Trouble("malformed", {id.error().kind, id.error().what, text},
                              fmt::format("`kontor {} list` shows the ids.", noun)));
}

/// What the facts of one stream add up to, with the time of the first.
template <class Aggregate>
struct Folded {
    typename Aggregate::Fold::State state{Aggregate::Fold::initial()};
    std::uint64_t version{0};
    Instant first_at{};
    std::optional<typename Aggregate::Fold::Event> first{};
};

/// Folds every stream of one category, or the one that is named.
/// Errors: corrupt, unavailable.
template <class Aggregate>
Result<std::map<StreamId, Folded<Aggregate>>>
fold_all(ports::EventStore& store, StreamCategory category, std::optional<StreamId> const& only) {
    std::map<StreamId, Folded<Aggregate>> folded;
    auto const see = [&](ports::EventPage const& page,
                         ports::RecordedEvent const& recorded) -> Result<void> {
        if (recorded.stream.category() != category || (only && recorded.stream != *only))
            return {};
        KONTOR_TRY(auto const event, Aggregate::decode(recorded.type, recorded.payload));
        auto& entry = folded[recorded.stream];
        if (entry.version == 0) {
            entry.first_at = page.commit_of(recorded).header.occurred_at;
            entry.first = event;
        }
        entry.state = Aggregate::Fold::evolve(std::move(entry.state), event);
        entry.version = recorded.version.value();
        return {};
    };
    KONTOR_TRY(see_log(store, see));
    return folded;
}

boost::json::object order_row(StreamId const& stream, Folded<services::Orders> const& folded) {
    auto const& placed = std::get<order::Placed>(*folded.first);
    auto const* const book = order::book_of(folded.state);
    OrderId const id(stream.id());
    return {{"id", id.to_string()},
            {"number", order::order_number(id)},
            {"state", enumerator_name(order::phase_of(folded.state))},
            {"placed_at", to_string(folded.first_at)},
            {"country", placed.country.view()},
            {"lines", book->lines.size()},
            {"total", money(placed.total)}};
}

boost::json::object line_row(order::Line const& line, order::LineTally const& tally) {
    return {{"line", line.line.value()},  {"sku", line.sku.view()},
            {"title", line.title},        {"unit_price", money(line.unit_price)},
            {"ordered", tally.ordered},   {"cancelled", tally.cancelled},
            {"shipped", tally.shipped},   {"delivered", tally.delivered},
            {"returned", tally.returned}, {"net", money(line.value.net)}};
}

Outcome list_orders(Program& program, ListOptions const& options) {
    auto const limit = options.limit.rows(program.output);
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote && options.needs_attention)
        return show_remote_list(program, *remote, "attention", "?state=open", limit);
    if (remote)
        return show_remote_list(program, *remote, "order", options.filters.query(), limit);
    KONTOR_TRY(check_unfiltered(options));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    if (options.needs_attention)
        return list_attention(program, log->store(), limit);
    KONTOR_TRY(auto const orders,
               fold_all<services::Orders>(log->store(), StreamCategory::order, {}));
    std::vector<boost::json::object> rows;
    for (auto const& [stream, folded] : orders)
        if (rows.size() < limit)
            rows.push_back(order_row(stream, folded));
    program.output.rows({{"order", "id"},
                         {"number", "number"},
                         {"state", "state"},
                         {"placed at", "placed_at"},
                         {"country", "country"},
                         {"lines", "lines", Column::Align::right},
                         {"total", "total", Column::Align::right}},
                        rows);
    say_of_more(program.output, rows.size(), orders.size(), "orders");
    return ExitCode::ok;
}

Outcome show_order(Program& program, ListOptions const& options) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_remote(program, *remote, "/v1/orders/" + encoded(options.which));
    KONTOR_TRY(check_names_order(options.which));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const id, order_named(log->store(), options.which));
    auto const stream = StreamId::order(id);
    KONTOR_TRY(auto const orders,
               fold_all<services::Orders>(log->store(), StreamCategory::order, stream));
    if (orders.empty())
        return unexpected(Trouble(
            "unknown_order", {FailureKind::not_found, "there is no such order", options.which},
            "Check the order id; `kontor order list` shows the ids of all orders."));
    auto const& folded = orders.begin()->second;
    auto order = order_row(stream, folded);
    auto const& placed = std::get<order::Placed>(*folded.first);
    auto const* const book = order::book_of(folded.state);
    std::vector<boost::json::object> lines;
    for (std::size_t i = 0; i < placed.lines.size(); ++i)
        lines.push_back(line_row(placed.lines[i], book->lines[i]));
    KONTOR_TRY(auto const asked, attention_of(log->store(), id));
    if (program.output.options().format == Format::json) {
        order["lines"] = boost::json::array(lines.begin(), lines.end());
        order["attention"] = boost::json::array(asked.begin(), asked.end());
    }
    program.output.object(order);
    if (program.output.options().format != Format::table)
        return ExitCode::ok;
    program.output.say("");
    program.output.rows({{"line", "line", Column::Align::right},
                         {"sku", "sku"},
                         {"title", "title"},
                         {"price", "unit_price", Column::Align::right},
                         {"ordered", "ordered", Column::Align::right},
                         {"cancelled", "cancelled", Column::Align::right},
                         {"shipped", "shipped", Column::Align::right},
                         {"returned", "returned", Column::Align::right}},
                        lines);
    show_attention(program, asked);
    return ExitCode::ok;
}

boost::json::object stock_row(StreamId const& stream, stock::Item const& item) {
    auto const key = stream.key();
    auto const dot = key.find('.');
    return {{"sku", key.substr(dot + 1)},      {"location", key.substr(0, dot)},
            {"on_hand", item.on_hand.value()}, {"reserved", item.reserved.value()},
            {"available", item.available()},   {"backordered", item.backordered.value()}};
}

Trouble no_such_item(std::string const& sku) {
    return {"unknown_sku",
            {FailureKind::not_found, "there is no such stock item", sku},
            "Check the SKU; `kontor stock list` shows what is kept in stock."};
}

/// What is wanted of the shelves: all, or one SKU, in capitals however it was typed.
/// Errors: not_found (unknown_sku: what cannot be one names nothing).
Result<std::optional<Sku>, Trouble> sku_wanted(std::string const& typed) {
    if (typed.empty())
        return std::optional<Sku>();
    auto const sku = Sku::parse(typed);
    if (!sku)
        return unexpected(no_such_item(typed));
    return std::optional(*sku);
}

Outcome list_stock(Program& program, ListOptions const& options) {
    auto const limit = options.limit.rows(program.output);
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return show_remote_list(
            program, *remote, "stock",
            options.which.empty() ? options.filters.query() : "/" + encoded(options.which), limit);
    KONTOR_TRY(check_unfiltered(options));
    KONTOR_TRY(auto const wanted, sku_wanted(options.which));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const items,
               fold_all<services::StockItems>(log->store(), StreamCategory::stock, {}));
    std::vector<boost::json::object> rows;
    std::size_t matching = 0;
    for (auto const& [stream, folded] : items) {
        auto const* const item = std::get_if<stock::Item>(&folded.state);
        auto const sku = stream.key().substr(stream.key().find('.') + 1);
        if (item == nullptr || (wanted && sku != wanted->view()))
            continue;
        ++matching;
        if (rows.size() < limit)
            rows.push_back(stock_row(stream, *item));
    }
    if (matching == 0)
        return unexpected(no_such_item(options.which));
    program.output.rows({{"sku", "sku"},
                         {"location", "location"},
                         {"on hand", "on_hand", Column::Align::right},
                         {"reserved", "reserved", Column::Align::right},
                         {"available", "available", Column::Align::right},
                         {"backordered", "backordered", Column::Align::right}},
                        rows);
    say_of_more(program.output, rows.size(), matching, "items");
    return ExitCode::ok;
}

boost::json::object payment_row(StreamId const& stream, Folded<services::Payments> const& folded) {
    boost::json::object row{{"id", PaymentId(stream.id()).to_string()},
                            {"at", to_string(folded.first_at)}};
    if (auto const* const granted = std::get_if<payment::Granted>(&folded.state)) {
        row["authorised"] = money(granted->amount);
        row["captured"] = money(granted->captured);
        row["refunded"] = money(granted->refunded);
        row["left"] = money(granted->captured - granted->refunded);
    }
    return row;
}

Outcome list_payments(Program& program, ListOptions const& options) {
    auto const limit = options.limit.rows(program.output);
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return options.which.empty()
                   ? show_remote_list(program, *remote, "payment", options.filters.query(), limit)
                   : show_remote(program, *remote, "/v1/payments/" + encoded(options.which));
    KONTOR_TRY(check_unfiltered(options));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    std::optional<StreamId> only;
    if (!options.which.empty()) {
        KONTOR_TRY(auto const id, id_of<PaymentId>(options.which, "payment"));
        only = StreamId::payment(id);
    }
    KONTOR_TRY(auto const payments,
               fold_all<services::Payments>(log->store(), StreamCategory::payment, only));
    if (payments.empty() && only)
        return unexpected(Trouble(
            "unknown_payment", {FailureKind::not_found, "there is no such payment", options.which},
            "Check the payment id; `kontor payment list` shows the ids of all payments."));
    std::vector<boost::json::object> rows;
    for (auto const& [stream, folded] : payments)
        if (rows.size() < limit)
            rows.push_back(payment_row(stream, folded));
    program.output.rows({{"payment", "id"},
                         {"at", "at"},
                         {"authorised", "authorised", Column::Align::right},
                         {"captured", "captured", Column::Align::right},
                         {"refunded", "refunded", Column::Align::right}},
                        rows);
    say_of_more(program.output, rows.size(), payments.size(), "payments");
    return ExitCode::ok;
}

/// Folds one stream up to a version.   Errors: not_found (it has no facts up to there), corrupt,
/// unavailable.
template <class Aggregate>
Result<Folded<Aggregate>, Trouble> fold_stream(ports::EventStore& store, StreamId const& stream,
                                               std::uint64_t until) {
    Folded<Aggregate> folded;
    while (folded.version < until) {
        KONTOR_TRY(auto const page,
                   store.read_stream(stream, ports::StreamVersion(folded.version + 1), shop_page));
        if (page.empty())
            break;
        for (auto const& recorded : page.events) {
            if (recorded.version.value() > until)
                break;
            KONTOR_TRY(auto const event, Aggregate::decode(recorded.type, recorded.payload));
            if (folded.version == 0) {
                folded.first_at = page.commit_of(recorded).header.occurred_at;
                folded.first = event;
            }
            folded.state = Aggregate::Fold::evolve(std::move(folded.state), event);
            folded.version = recorded.version.value();
        }
    }
    if (folded.version == 0)
        return unexpected(Trouble(
            "unknown_stream",
            {FailureKind::not_found, "this stream has no facts up to there", stream.to_string()}));
    return folded;
}

/// What the facts of a stream add up to, as its list shows it.
/// Errors: unsupported (nothing is shown of this kind of stream), and as fold_stream.
Result<boost::json::object, Trouble> state_row(ports::EventStore& store, StreamId const& stream,
                                               std::uint64_t until) {
    if (stream.category() == StreamCategory::order) {
        KONTOR_TRY(auto const folded, fold_stream<services::Orders>(store, stream, until));
        auto row = order_row(stream, folded);
        row["version"] = folded.version;
        return row;
    }
    if (stream.category() == StreamCategory::payment) {
        KONTOR_TRY(auto const folded, fold_stream<services::Payments>(store, stream, until));
        auto row = payment_row(stream, folded);
        row["version"] = folded.version;
        return row;
    }
    if (stream.category() == StreamCategory::stock) {
        KONTOR_TRY(auto const folded, fold_stream<services::StockItems>(store, stream, until));
        auto const* const item = std::get_if<stock::Item>(&folded.state);
        auto row = stock_row(stream, item == nullptr ? stock::Item{} : *item);
        row["version"] = folded.version;
        return row;
    }
    return unexpected(Trouble("no_state_shown", {FailureKind::unsupported,
                                                 "only orders, payments and stock show their state",
                                                 stream.to_string()}));
}

struct StateOptions {
    std::string stream;
    std::string at; ///< a version or an instant; empty: now
};

/// Empty: it is no number.
std::optional<std::uint64_t> version_in(std::string const& text) {
    std::uint64_t version = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(version)
                                                                    : std::nullopt;
}

/// The last version of a stream that was there then; 0: none was.
/// Errors: unavailable, corrupt.
Result<std::uint64_t, Trouble> version_at(ports::EventStore& store, StreamId const& stream,
                                          Instant time) {
    std::uint64_t last = 0;
    for (;;) {
        KONTOR_TRY(auto const page,
                   store.read_stream(stream, ports::StreamVersion(last + 1), shop_page));
        if (page.empty())
            return last;
        for (auto const& event : page.events) {
            if (page.commit_of(event).header.occurred_at > time)
                return last;
            last = event.version.value();
        }
    }
}

/// How far the facts count.   Errors: usage, unavailable, corrupt.
Result<std::uint64_t, Trouble> version_asked(ports::EventStore& store, StreamId const& stream,
                                             std::string const& at) {
    if (at.empty())
        return std::numeric_limits<std::uint64_t>::max();
    if (auto const version = version_in(at))
        return *version;
    auto const time = parse_instant(at);
    if (!time)
        return unexpected(
            Trouble("usage", {FailureKind::invalid,
                              "--at takes a version or an instant like 2026-11-26T17:00:00Z", at}));
    return version_at(store, stream, *time);
}

Outcome show_state(Program& program, StateOptions const& options) {
    KONTOR_TRY(auto const stream, stream_named(options.stream));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote) {
        auto path = "/v1/ops/streams/" + encoded(stream.to_string()) + "/state";
        if (!options.at.empty())
            path += (version_in(options.at) ? "?at_version=" : "?at_time=") + encoded(options.at);
        KONTOR_TRY(auto const shown, remote->get(path));
        show_remote_thing(program.output, shown.as_object().at("state"));
        return ExitCode::ok;
    }
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const until, version_asked(log->store(), stream, options.at));
    KONTOR_TRY(auto const row, state_row(log->store(), stream, until));
    program.output.object(row);
    return ExitCode::ok;
}

using Query = Outcome (*)(Program&, ListOptions const&);

/// Adds `kontor NOUN VERB`: a list with its limit and the filters of its route, or a show of what
/// the argument names. What it returns may take more options.
std::shared_ptr<ListOptions> add_query(CLI::App& noun, std::optional<Command>& chosen,
                                       Wording const& wording, Query query,
                                       std::string const& argument, std::string_view route = {}) {
    auto const options = std::make_shared<ListOptions>();
    auto& command = add_command(noun, chosen, wording, query, options);
    if (argument.empty())
        options->limit.add_to(command);
    if (!route.empty())
        options->filters.add_to(command, *route_called(route));
    if (!argument.empty())
        command.add_option(argument, options->which, "as the list gives it")->required();
    return options;
}

} // namespace

void add_state_command(CLI::App& stream, std::optional<Command>& chosen) {
    auto const options = std::make_shared<StateOptions>();
    auto& command = add_command(
        stream, chosen,
        {"state", "Shows what the facts of one stream add up to, now or as it was",
         "  kontor stream state stock-main.85123A\n  kontor stream state stock-main.85123A --at 2\n"
         "  kontor stream state stock-main.85123A --at 2026-11-26T17:00:00Z"},
        show_state, options);
    command.add_option("stream", options->stream, "its name, as `stream list` gives it")
        ->required();
    command.add_option("--at", options->at,
                       "only the facts up to this version, or to this instant");
}

void add_shop_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& orders = *app.add_subcommand("order", "Shows what was ordered");
    orders.require_subcommand(1);
    auto const listed =
        add_query(orders, chosen,
                  {"list", "Lists the orders; a running shop shows the newest first",
                   "  kontor order list --limit 10 --json\n"
                   "  kontor order list --state confirmed --sku MUG-1\n"
                   "  kontor order list --needs-attention"},
                  list_orders, "", "list_orders");
    orders.get_subcommand("list")->add_flag("--needs-attention", listed->needs_attention,
                                            "what buyers and operators are asked, and about which "
                                            "orders");
    add_query(orders, chosen,
              {"show", "Shows one order with its lines", "  kontor order show ord_01…"}, show_order,
              "order");
    auto& stock = *app.add_subcommand("stock", "Shows what is on the shelves");
    stock.require_subcommand(1);
    add_query(stock, chosen, {"list", "Lists the stock items", "  kontor stock list --limit 10"},
              list_stock, "", "list_stock");
    add_query(stock, chosen,
              {"show", "Shows one SKU at every location", "  kontor stock show 85123A"}, list_stock,
              "sku");
    auto& payments = *app.add_subcommand("payment", "Shows what was paid");
    payments.require_subcommand(1);
    add_query(payments, chosen,
              {"list", "Lists the payments; a running shop shows the newest first",
               "  kontor payment list --json\n  kontor payment list --state declined"},
              list_payments, "", "list_payments");
    add_query(payments, chosen, {"show", "Shows one payment", "  kontor payment show pay_01…"},
              list_payments, "payment");
}

} // namespace kontor::programs
