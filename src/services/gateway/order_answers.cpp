#include "services/gateway/order_answers.hpp"

#include "base/overloaded.hpp"
#include "codec/event_types.hpp"
#include "domain/order/labels.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/rows.hpp"
#include "services/shop/aggregates.hpp"
#include "services/views/orders.hpp"
#include "services/views/queries.hpp"

#include <algorithm>
#include <limits>

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit order_facts_page(4096);

Currency currency_of(views::CurrencyCode const& code) {
    return Currency::parse(code.view()).value_or(Currency());
}

Money money(std::int64_t minor, Currency currency) {
    return Money::of(minor, currency);
}

/// Adds a whole stream, page by page.   False: there is none.
Result<bool> add_stream(std::vector<ports::EventPage>& pages, ports::EventStore& log,
                        StreamId const& stream) {
    ports::StreamVersion next(1);
    for (;;) {
        KONTOR_TRY(auto page, log.read_stream(stream, next, order_facts_page));
        auto const count = page.events.size();
        if (count > 0) {
            next = ports::StreamVersion(page.events.back().version.value() + 1);
            pages.push_back(std::move(page));
        }
        if (count < order_facts_page.value())
            return next.value() > 1;
    }
}

/// The ids that the order's own facts name; the others follow from the order's.
struct Named {
    std::vector<PaymentId> payments{};
    std::vector<FulfilmentId> parcels{};
};

void note_named(Named& named, order::Event const& fact) {
    auto const add = [](auto& list, auto const& id) {
        if (id && std::ranges::find(list, *id) == list.end())
            list.push_back(*id);
    };
    std::visit(overloaded{
                   [&](order::Confirmed const& it) { add(named.payments, it.payment_id); },
                   [&](order::Edited const& it) { add(named.payments, it.payment_id); },
                   [&](order::Shipped const& it) { add(named.parcels, it.fulfilment_id); },
                   [](auto const&) {},
               },
               fact);
}

void note_personal(FoldedOrder& order, order::Event const& fact) {
    if (auto const* const placed = std::get_if<order::Placed>(&fact)) {
        order.ship_to = placed->ship_to;
        order.contact = placed->contact;
    } else if (auto const* const changed = std::get_if<order::AddressChanged>(&fact)) {
        if (changed->ship_to)
            order.ship_to = *changed->ship_to;
        if (changed->contact)
            order.contact = *changed->contact;
    }
}

/// Errors: unavailable, corrupt.
Result<void> note_step(FoldedOrder& order, sealing::Opener* opener, ports::EventPage const& page,
                       ports::RecordedEvent const& event) {
    if (!codec::holds<payment::ActionRequired>(event.type))
        return {};
    KONTOR_TRY(auto fact, Payments::decode(event.type, event.payload));
    KONTOR_TRY(sealing::open_fact(opener, fact, page.id_of(event)));
    order.steps.push_back({PaymentId(event.stream.id()),
                           std::move(std::get<payment::ActionRequired>(fact).action_url)});
    return {};
}

/// What leaves and what is given back get a document, with the parcel and the refund.
void note_documented(FoldedOrder& order, ports::RecordedEvent const& event,
                     ports::RecordedCommit const& commit) {
    if (codec::holds<order::Shipped>(event.type) || codec::holds<order::RefundGranted>(event.type))
        order.documented.push_back(
            {event.position.value(), std::to_string(to_calendar(commit.header.occurred_at).year)});
}

/// Adds the streams of one kind. Their ids are counted: the first number that has no stream ends
/// them, though imported ones begin with 0. What the order's facts name beside those comes last.
template <class Id, class Make, class StreamOf>
Result<void> add_counted(std::vector<ports::EventPage>& pages, ports::EventStore& log,
                         std::vector<Id> named, Make&& make, StreamOf&& stream_of) {
    for (std::uint32_t number = 0;; ++number) {
        Id const id = make(number);
        KONTOR_TRY(bool const is_there, add_stream(pages, log, stream_of(id)));
        if (!is_there && number > 0)
            break;
        std::erase(named, id);
    }
    for (auto const& id : named)
        KONTOR_TRY(add_stream(pages, log, stream_of(id)));
    return {};
}

/// Adds what was recorded of an order's payments and parcels.
Result<void> add_beside(std::vector<ports::EventPage>& pages, ports::EventStore& log, OrderId order,
                        Named const& named) {
    KONTOR_TRY(add_counted(
        pages, log, named.payments,
        [&](std::uint32_t number) { return checkout::payment_id(order, number); },
        [](PaymentId id) { return StreamId::payment(id); }));
    return add_counted(
        pages, log, named.parcels,
        [&](std::uint32_t number) { return checkout::parcel_id(order, number); },
        [](FulfilmentId id) { return StreamId::fulfilment(id); });
}

struct Fact {
    ports::RecordedEvent const* event;
    ports::RecordedCommit const* commit;
};

template <class Row, class Less>
std::vector<Row> sorted(projections::Table<Row> const& table, Less&& less) {
    std::vector<Row> rows;
    table.each([&](Row const& row) { rows.push_back(row); });
    std::ranges::sort(rows, less);
    return rows;
}

std::optional<views::OrderView> view_in(views::OrderTables& rows, OrderId id) {
    auto const* const order = rows.orders.find({id});
    auto const* const progress = rows.progress.find({id});
    if (order == nullptr || progress == nullptr)
        return std::nullopt;
    views::OrderView view{*order, *progress};
    auto const by_creation = [](auto const& a, auto const& b) {
        return std::tuple(a.created_at, a.id) < std::tuple(b.created_at, b.id);
    };
    view.lines = sorted(rows.lines, [](auto const& a, auto const& b) { return a.line < b.line; });
    view.payments = sorted(rows.payments, by_creation);
    view.shipments = sorted(rows.shipments, by_creation);
    view.returns = sorted(rows.returns, by_creation);
    view.refunds = sorted(rows.refunds, by_creation);
    return view;
}

} // namespace

Result<Until, Trouble> until_asked(Parts const& parts, Asked const& asked) {
    KONTOR_TRY(auto const version, number_parameter(asked, "at_version"));
    KONTOR_TRY(auto const position, number_parameter(asked, "at_position"));
    Until until{.position = parts.log.durable().position};
    KONTOR_TRY(until.time, time_parameter(asked, "at_time"));
    if (version.has_value() + position.has_value() + until.time.has_value() > 1)
        return unexpected(bad_parameter(version ? "at_version" : "at_position",
                                        "one of at_version, at_position and at_time is wanted"));
    if (version)
        until.version = ports::StreamVersion(*version);
    if (position)
        until.position = std::min(until.position, ports::Position(*position));
    return until;
}

Result<std::optional<FoldedOrder>> fold_order(Parts& parts, OrderId id, Until until) {
    auto& log = parts.log;
    std::vector<ports::EventPage> own;
    KONTOR_TRY(add_stream(own, log, StreamId::order(id)));
    FoldedOrder order{};
    Named named;
    std::vector<Fact> facts;
    for (auto const& page : own)
        for (auto const& event : page.events) {
            if (event.version > until.version || until.is_before(event, page.commit_of(event)))
                continue;
            if (event.version == until.version)
                until.position = std::min(until.position, event.position);
            KONTOR_TRY(auto fact, Orders::decode(event.type, event.payload));
            KONTOR_TRY(sealing::open_fact(parts.opener, fact, page.id_of(event)));
            note_named(named, fact);
            note_personal(order, fact);
            if (auto* const rejected = std::get_if<order::Rejected>(&fact))
                order.rejected = std::move(*rejected);
            note_documented(order, event, page.commit_of(event));
            facts.push_back({&event, &page.commit_of(event)});
        }
    if (facts.empty())
        return std::optional<FoldedOrder>();
    std::vector<ports::EventPage> beside;
    // Right after it was placed nothing else can be there.
    if (until.version.value() != 1)
        KONTOR_TRY(add_beside(beside, log, id, named));
    for (auto const& page : beside)
        for (auto const& event : page.events)
            if (!until.is_before(event, page.commit_of(event))) {
                KONTOR_TRY(note_step(order, parts.opener, page, event));
                facts.push_back({&event, &page.commit_of(event)});
            }
    std::ranges::sort(facts, {}, [](Fact const& fact) { return fact.event->position; });
    views::OrderTables rows(std::numeric_limits<std::size_t>::max());
    for (auto const& fact : facts)
        KONTOR_TRY(views::project_fact(rows, *fact.event, *fact.commit));
    auto view = view_in(rows, id);
    if (!view)
        return unexpected(Failure{FailureKind::corrupt, "an order begins with another fact",
                                  StreamId::order(id).to_string()});
    order.view = *std::move(view);
    order.until = until;
    return std::optional(std::move(order));
}

Result<std::vector<ports::EventPage>> pages_of_order(ports::EventStore& log, OrderId id) {
    std::vector<ports::EventPage> pages;
    KONTOR_TRY(add_stream(pages, log, StreamId::order(id)));
    Named named;
    for (auto const& page : pages)
        for (auto const& event : page.events) {
            KONTOR_TRY(auto const fact, Orders::decode(event.type, event.payload));
            note_named(named, fact);
        }
    KONTOR_TRY(add_beside(pages, log, id, named));
    KONTOR_TRY(add_stream(pages, log, StreamId::checkout(id)));
    for (std::uint32_t attempt = 0; attempt < 8; ++attempt)
        KONTOR_TRY(
            add_stream(pages, log, StreamId::reservation(checkout::reservation_id(id, attempt))));
    return pages;
}

Result<std::optional<Owner>> owner_of(ports::EventStore& log, OrderId id) {
    KONTOR_TRY(auto const page,
               log.read_stream(StreamId::order(id), ports::StreamVersion(1), ports::Limit(1)));
    if (page.empty() || page.events.front().position > log.durable().position)
        return std::optional<Owner>();
    auto const& event = page.events.front();
    KONTOR_TRY(auto const fact, Orders::decode(event.type, event.payload));
    auto const* const placed = std::get_if<order::Placed>(&fact);
    return placed == nullptr ? std::nullopt : std::optional(Owner{placed->customer_id});
}

Result<bool, Trouble> may_see_order(Parts& parts, Asked const& asked, OrderId id) {
    KONTOR_TRY(auto const owner, or_trouble(owner_of(parts.log, id)));
    return owner && asked.may_see(owner->customer);
}

namespace {

/// The order of an id, or of a number that people read to each other.
/// Errors: unknown_order (also: several have the number), read_model_behind, corrupt.
Result<OrderId, Trouble> named_order(Parts& parts, Asked const& asked) {
    auto const number = order::parse_order_number(asked.path[0]);
    if (!number)
        return path_value<OrderId>(asked, 0, "unknown_order");
    auto const rows = parts.models.read(shape_of(Model::orders));
    if (!rows)
        return unexpected(retry(trouble("read_model_behind")));
    KONTOR_TRY(auto const ids, or_trouble(views::orders_of_number(**rows, *number)));
    if (ids.size() != 1)
        return unexpected(trouble("unknown_order", ids.empty()
                                                       ? ""
                                                       : "several orders have this number: use "
                                                         "their ids"));
    return ids.front();
}

} // namespace

Result<OrderId, Trouble> order_in_path(Parts& parts, Asked const& asked) {
    KONTOR_TRY(auto const id, named_order(parts, asked));
    KONTOR_TRY(bool const is_seen, may_see_order(parts, asked, id));
    if (!is_seen)
        return unexpected(trouble("unknown_order"));
    return id;
}

namespace {

OrderLineAnswer line_answer(views::OrderLineRow const& row, views::LineCounts const& counts,
                            Currency currency) {
    return {row.line,
            row.sku,
            row.title,
            row.kind,
            row.quantity,
            money(row.unit_price, currency),
            money(row.discount, currency),
            money(row.net, currency),
            money(row.tax, currency),
            row.tax_bp,
            counts.cancelled,
            counts.shipped,
            counts.delivered,
            counts.return_asked,
            counts.returned};
}

template <class To, class From>
std::vector<To> each_answer_of(std::vector<From> const& rows) {
    std::vector<To> answers;
    answers.reserve(rows.size());
    for (auto const& row : rows)
        answers.push_back(gateway::answer_of(row));
    return answers;
}

} // namespace

OrderAnswer answer_of(FoldedOrder const& folded) {
    auto const& view = folded.view;
    auto const& order = view.order;
    auto const& progress = view.progress;
    auto const currency = currency_of(order.currency);
    std::vector<OrderLineAnswer> lines;
    lines.reserve(view.lines.size());
    for (auto const& line : view.lines) {
        auto const index = std::size_t{line.line.value()} - 1;
        lines.push_back(line_answer(
            line, index < progress.counts.size() ? progress.counts[index] : views::LineCounts{},
            currency));
    }
    bool const awaits_payment = progress.state == views::OrderState::placed;
    std::vector<PaymentAnswer> payments;
    for (auto const& payment : view.payments)
        payments.push_back(payment_answer(folded, payment));
    std::optional<RejectedAnswer> rejected;
    if (folded.rejected)
        rejected = RejectedAnswer{folded.rejected->reason, folded.rejected->shortages};
    return {order.id,
            order::order_number(order.id),
            progress.version,
            order.placed_at,
            progress.updated_at,
            progress.state,
            {progress.payment, progress.fulfilment},
            currency,
            order.customer_id,
            order.channel,
            order.country,
            std::move(lines),
            {money(order.shipping_net, currency), money(order.shipping_tax, currency)},
            order.shipping_method,
            money(order.discount, currency),
            order.coupon,
            money(order.total, currency),
            money(progress.due, currency),
            money(progress.net, currency),
            awaits_payment ? std::optional(order.pay_by) : std::nullopt,
            progress.ship_by,
            std::move(rejected),
            folded.ship_to,
            folded.contact,
            std::move(payments),
            each_answer_of<ShipmentAnswer>(view.shipments),
            each_answer_of<ReturnAnswer>(view.returns),
            each_answer_of<RefundAnswer>(view.refunds),
            {}};
}

OrderSummaryAnswer answer_of(views::OrderSummary const& summary) {
    auto const& [order, progress] = summary;
    auto const currency = currency_of(order.currency);
    return {order.id,
            order::order_number(order.id),
            progress.version,
            order.placed_at,
            progress.updated_at,
            progress.state,
            {progress.payment, progress.fulfilment},
            currency,
            order.customer_id,
            order.channel,
            order.country,
            order.lines,
            money(order.total, currency),
            money(progress.due, currency),
            money(progress.net, currency)};
}

PaymentAnswer answer_of(views::PaymentRow const& row) {
    auto const currency = currency_of(row.currency);
    return {row.id,
            row.order_id,
            row.version,
            row.created_at,
            row.updated_at,
            row.attempt,
            row.state,
            row.method,
            money(row.amount, currency),
            money(row.held, currency),
            money(row.captured, currency),
            money(row.refunded, currency),
            money(row.refund_pending, currency),
            row.provider,
            row.code,
            row.capture_before,
            {},
            {}};
}

PaymentAnswer payment_answer(FoldedOrder const& order, views::PaymentRow const& payment) {
    auto answer = answer_of(payment);
    auto const state = order.view.progress.state;
    bool const is_awaited =
        state == views::OrderState::placed || state == views::OrderState::editing;
    if (payment.state == views::PaymentState::action_required && is_awaited)
        for (auto const& step : order.steps)
            if (step.payment == payment.id)
                answer.action_url = step.url;
    return answer;
}

ShipmentAnswer answer_of(views::ShipmentRow const& row) {
    return {row.id,    row.order_id, row.version, row.created_at, row.updated_at,
            row.state, row.location, row.ship_by, row.lines,      row.carrier,
            {}};
}

ReturnAnswer answer_of(views::ReturnRow const& row) {
    std::vector<ReturnLineAnswer> lines;
    for (auto const& line : row.lines)
        lines.push_back({line.line, line.quantity, line.restock, line.damaged, line.write_off});
    return {row.id,    row.order_id, row.created_at,  row.updated_at,
            row.state, row.reason,   std::move(lines)};
}

RefundAnswer answer_of(views::RefundRow const& row) {
    return {row.id,
            row.order_id,
            row.payment_id,
            row.kind,
            money(row.amount, currency_of(row.currency)),
            row.state,
            row.created_at,
            row.updated_at};
}

} // namespace kontor::services::gateway
