#include "services/views/orders.hpp"
#include "services/views/queries.hpp"
#include "services/views/upkeep.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/customer/events.hpp"
#include "domain/stock/events.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace kontor::services::views {
namespace {

using order::FulfilmentLabel;
using order::PaymentLabel;
using projections::Job;

Money gbp(std::int64_t pence) {
    return Money::of(pence, Currency::gbp());
}
NetTax worth(std::int64_t pence) {
    return {gbp(pence), gbp(0)};
}
Sku sku(std::string_view text) {
    return Sku::parse(text).value();
}
Location main_house() {
    return Location::parse("main").value();
}
template <class Id>
Id id(std::uint64_t number) {
    return Id(Id128(number << 20, number));
}

/// A log that is written by hand, and the read models that follow it.
struct Shop {
    testing::HandClock clock;
    memory::EventStore log{clock};
    memory::ReadModels models;
    Instant now{*to_instant({2010, 12, 1, 8, 26})};
    std::uint64_t commands{0};

    template <class Event, class Fact>
    void happens(StreamId const& stream, Fact fact) {
        ports::Batch batch;
        batch.begin_commit({id<CommandId>(++commands), {}, {}, now, Actor{}});
        auto const index = batch.add_stream(stream, ports::ExpectedVersion::any());
        batch.add_event(index, codec::encode(Event(std::move(fact)), batch.buffer()));
        EXPECT_TRUE(log.append(batch));
    }
    template <class Fact>
    void order(OrderId of, Fact fact) {
        happens<order::Event>(StreamId::order(of), std::move(fact));
    }
    template <class Fact>
    void payment(PaymentId of, Fact fact) {
        happens<payment::Event>(StreamId::payment(of), std::move(fact));
    }
    template <class Fact>
    void parcel(FulfilmentId of, Fact fact) {
        happens<fulfilment::Event>(StreamId::fulfilment(of), std::move(fact));
    }
    template <class Fact>
    void stock(std::string_view of, Fact fact) {
        happens<stock::Event>(StreamId::stock(main_house(), sku(of)), std::move(fact));
    }

    std::unique_ptr<ports::RowReader> ask(std::string_view model) {
        auto const followed = follow_all(log, models);
        EXPECT_TRUE(followed) << to_string(followed.error());
        return std::move(models.read(find_model(model)->make()->shape())).value();
    }
    OrderView view(OrderId of) { return show_order(*ask("orders"), of).value(); }
};

LineQuantity units(std::uint16_t line, std::int64_t quantity) {
    return {LineNumber(line), Quantity::of(quantity)};
}

order::Line line(std::uint16_t number, std::string_view code, std::int64_t quantity,
                 std::int64_t unit_price) {
    return {LineNumber(number),
            sku(code),
            "a thing called " + std::string(code),
            SkuKind::goods,
            Quantity::of(quantity),
            gbp(unit_price),
            TaxClass("zero"),
            {},
            gbp(0),
            worth(quantity * unit_price)};
}

/// Two lines, 3 x 200 and 1 x 400 pence: 1000 in all.
order::Placed placed(OrderId of, std::optional<CustomerId> customer = {}) {
    order::Placed fact{};
    fact.order_id = of;
    fact.customer_id = customer;
    fact.channel = order::Channel::storefront;
    fact.currency = Currency::gbp();
    fact.lines = {line(1, "85123A", 3, 200), line(2, "71053", 1, 400)};
    fact.shipping = worth(0);
    fact.discount = gbp(0);
    fact.total = gbp(1000);
    fact.country = Country::parse("GB").value();
    return fact;
}

payment::Authorised authorised(OrderId of, std::int64_t pence) {
    payment::Authorised fact{};
    fact.order_id = of;
    fact.amount = gbp(pence);
    fact.provider = payment::Provider("sandbox");
    return fact;
}

auto const o1 = id<OrderId>(1);
auto const p1 = id<PaymentId>(11);
auto const f1 = id<FulfilmentId>(21);

/// Placed, paid and confirmed.
void buy(Shop& shop, OrderId of, PaymentId by) {
    shop.order(of, placed(of));
    shop.payment(by, authorised(of, 1000));
    shop.order(of, order::Confirmed{by, {}, shop.now});
}

void deliver_all(Shop& shop, OrderId of, PaymentId by, FulfilmentId in) {
    shop.parcel(in, fulfilment::Created{of,
                                        main_house(),
                                        {{LineNumber(1), sku("85123A"), Quantity::of(3)},
                                         {LineNumber(2), sku("71053"), Quantity::of(1)}},
                                        shop.now});
    shop.order(of, order::Shipped{in, {units(1, 3), units(2, 1)}, worth(1000)});
    shop.payment(by, payment::Captured{id<CaptureId>(31), gbp(1000), true, in});
    shop.parcel(in, fulfilment::Delivered{of, shop.now});
    shop.order(of, order::Delivered{in, {units(1, 3), units(2, 1)}});
    shop.order(of, order::Completed{gbp(1000), gbp(0)});
}

TEST(OrdersView, a_placed_order_owes_all_and_nothing_happened_to_it) {
    Shop shop;
    shop.order(o1, placed(o1));
    auto const view = shop.view(o1);
    EXPECT_EQ(view.order.total, 1000);
    EXPECT_EQ(view.order.placed_at, shop.now);
    EXPECT_EQ(view.progress.state, OrderState::placed);
    EXPECT_EQ(view.progress.due, 1000);
    EXPECT_EQ(view.progress.payment, PaymentLabel::unpaid);
    EXPECT_EQ(view.progress.fulfilment, FulfilmentLabel::none);
    ASSERT_EQ(view.lines.size(), 2U);
    EXPECT_EQ(view.lines[1].sku, sku("71053"));
    EXPECT_EQ(view.lines[1].net, 400);
}

TEST(OrdersView, labels_follow_money_and_goods_to_the_door) {
    Shop shop;
    buy(shop, o1, p1);
    EXPECT_EQ(shop.view(o1).progress.payment, PaymentLabel::authorised);
    deliver_all(shop, o1, p1, f1);
    auto const view = shop.view(o1);
    EXPECT_EQ(view.progress.state, OrderState::completed);
    EXPECT_EQ(view.progress.payment, PaymentLabel::paid);
    EXPECT_EQ(view.progress.fulfilment, FulfilmentLabel::delivered);
    EXPECT_EQ(view.progress.net, 1000);
    EXPECT_EQ(view.progress.version, 5U);
    ASSERT_EQ(view.payments.size(), 1U);
    EXPECT_EQ(view.payments[0].state, PaymentState::captured);
    EXPECT_EQ(view.payments[0].held, 0);
    ASSERT_EQ(view.shipments.size(), 1U);
    EXPECT_EQ(view.shipments[0].state, ShipmentState::delivered);
    EXPECT_EQ(view.shipments[0].lines.size(), 2U);
}

TEST(OrdersView, part_of_a_parcel_and_part_of_the_money_are_parts) {
    Shop shop;
    buy(shop, o1, p1);
    shop.order(o1, order::Shipped{f1, {units(1, 2)}, worth(400)});
    shop.payment(p1, payment::Captured{id<CaptureId>(31), gbp(400), false, f1});
    auto const progress = shop.view(o1).progress;
    EXPECT_EQ(progress.payment, PaymentLabel::part_paid);
    EXPECT_EQ(progress.fulfilment, FulfilmentLabel::part_shipped);
    EXPECT_EQ(progress.authorised, 600);
    EXPECT_EQ(progress.counts[0].shipped, 2U);
}

TEST(OrdersView, a_return_is_counted_and_its_refund_lowers_what_is_due) {
    Shop shop;
    buy(shop, o1, p1);
    deliver_all(shop, o1, p1, f1);
    auto const back = id<ReturnId>(41);
    auto const refund = id<RefundId>(51);
    shop.order(o1, order::ReturnRequested{back, {units(1, 2)}, "too small", ActorKind::customer});
    EXPECT_EQ(shop.view(o1).progress.counts[0].return_asked, 2U);
    shop.order(o1, order::ReturnReceived{back,
                                         {{LineNumber(1), Quantity::of(1), ItemCondition::restock}},
                                         worth(200),
                                         true,
                                         id<CommandId>(9)});
    shop.order(o1, order::RefundGranted{refund,
                                        p1,
                                        order::RefundKind::return_,
                                        gbp(200),
                                        worth(200),
                                        {},
                                        back,
                                        "too small",
                                        ActorKind::service});
    shop.payment(p1, payment::RefundPending{refund, gbp(200)});
    EXPECT_EQ(shop.view(o1).refunds[0].state, RefundState::pending);
    EXPECT_EQ(shop.view(o1).progress.payment, PaymentLabel::overpaid);
    shop.payment(p1, payment::Refunded{refund, gbp(200), {}});
    auto const view = shop.view(o1);
    EXPECT_EQ(view.progress.due, 800);
    EXPECT_EQ(view.progress.net, 800);
    EXPECT_EQ(view.progress.payment, PaymentLabel::paid);
    EXPECT_EQ(view.progress.fulfilment, FulfilmentLabel::part_returned);
    EXPECT_EQ(view.progress.counts[0].returned, 1U);
    EXPECT_EQ(view.progress.counts[0].returning, 0U) << "nothing more is awaited";
    EXPECT_EQ(view.returns[0].state, ReturnState::received);
    EXPECT_EQ(view.returns[0].lines[0].restock, 1U);
    EXPECT_EQ(view.refunds[0].state, RefundState::settled);
    EXPECT_EQ(view.payments[0].refund_pending, 0);
}

TEST(OrdersView, cancelled_lines_and_orders_are_not_due) {
    Shop shop;
    buy(shop, o1, p1);
    shop.order(o1,
               order::LinesCancelled{
                   {units(2, 1)}, worth(400), "sold out", ActorKind::operator_, id<CommandId>(8)});
    EXPECT_EQ(shop.view(o1).progress.due, 600);
    shop.order(o1, order::Cancelled{"changed my mind", ActorKind::customer, worth(600)});
    shop.payment(p1, payment::Voided{gbp(1000)});
    auto const view = shop.view(o1);
    EXPECT_EQ(view.progress.state, OrderState::cancelled);
    EXPECT_EQ(view.progress.due, 0);
    EXPECT_EQ(view.progress.authorised, 0);
    EXPECT_EQ(view.progress.counts[0].cancelled, 3U);
    EXPECT_EQ(view.payments[0].state, PaymentState::voided);
}

TEST(OrdersView, an_edit_moves_lines_and_total) {
    Shop shop;
    buy(shop, o1, p1);
    shop.order(o1, order::EditOpened{Actor{}, shop.now});
    EXPECT_EQ(shop.view(o1).progress.state, OrderState::editing);
    shop.order(o1, order::Edited{{line(3, "22423", 2, 150)}, {units(1, 1)}, gbp(100)});
    auto const view = shop.view(o1);
    EXPECT_EQ(view.progress.state, OrderState::confirmed);
    EXPECT_EQ(view.order.total, 1100);
    EXPECT_EQ(view.progress.due, 1100);
    EXPECT_EQ(view.lines.size(), 3U);
    EXPECT_EQ(view.progress.counts[2].ordered, 2U);
}

TEST(OrdersView, months_add_up_by_the_moment_of_effect) {
    Shop shop;
    buy(shop, o1, p1);
    shop.now = *to_instant({2011, 1, 2});
    deliver_all(shop, o1, p1, f1);
    shop.order(o1, order::RefundGranted{id<RefundId>(51),
                                        p1,
                                        order::RefundKind::goodwill,
                                        gbp(70),
                                        worth(70),
                                        {},
                                        {},
                                        "sorry",
                                        ActorKind::operator_});
    auto const months = list_months(*shop.ask("orders")).value();
    CurrencyCode const pounds("GBP");
    EXPECT_EQ(months, (std::vector<MonthRow>{{Month("2010-12"), pounds, 1, 1000, 0, 0, 0},
                                             {Month("2011-01"), pounds, 0, 0, 0, 0, 70}}));
}

TEST(OrdersView, orders_are_listed_newest_first_and_by_what_is_asked) {
    Shop shop;
    auto const anna = id<CustomerId>(71);
    for (std::uint64_t i = 1; i <= 300; ++i)
        shop.order(id<OrderId>(i),
                   placed(id<OrderId>(i), i % 100 == 0 ? std::optional(anna) : std::nullopt));
    shop.order(id<OrderId>(7), order::Rejected{order::RejectReason::no_stock});
    auto const reader = shop.ask("orders");
    auto const newest = list_orders(*reader, {.limit = 2}).value().orders;
    ASSERT_EQ(newest.size(), 2U);
    EXPECT_EQ(newest[0].order.id, id<OrderId>(300));
    auto const next =
        list_orders(*reader, {.after = newest[1].order.id, .limit = 1}).value().orders;
    EXPECT_EQ(next[0].order.id, id<OrderId>(298));
    EXPECT_EQ(list_orders(*reader, {.customer = anna}).value().orders.size(), 3U);
    auto const rejected = list_orders(*reader, {.state = OrderState::rejected}).value().orders;
    ASSERT_EQ(rejected.size(), 1U);
    EXPECT_EQ(rejected[0].order.id, id<OrderId>(7));
    EXPECT_EQ(show_order(*reader, id<OrderId>(999)).error().kind, FailureKind::not_found);
}

/// Counts the rows that it is asked for.
class CountingReader final : public ports::RowReader {
public:
    explicit CountingReader(std::unique_ptr<ports::RowReader> below) : below_(std::move(below)) {}
    Result<ports::Checkpoint> checkpoint() override { return below_->checkpoint(); }
    Result<bool> find(std::size_t table, std::span<ports::Cell const> key,
                      ports::RowVisitor const& visit) override {
        ++rows;
        return below_->find(table, key, visit);
    }
    Result<void> scan(ports::Scan const& scan, ports::RowVisitor const& visit) override {
        return below_->scan(scan, [&](std::span<ports::Cell const> row) {
            ++rows;
            return visit(row);
        });
    }
    std::size_t rows{0};

private:
    std::unique_ptr<ports::RowReader> below_;
};

TEST(OrdersView, a_page_of_a_state_or_a_customer_costs_its_rows_and_not_the_shops_age) {
    Shop shop;
    auto const anna = id<CustomerId>(71);
    for (std::uint64_t i = 1; i <= 1000; ++i)
        shop.order(id<OrderId>(i),
                   placed(id<OrderId>(i), i <= 3 ? std::optional(anna) : std::nullopt));
    for (std::uint64_t i = 1; i <= 5; ++i)
        shop.order(id<OrderId>(i), order::Rejected{order::RejectReason::no_stock});
    CountingReader reader(shop.ask("orders"));
    auto const rows_for = [&](OrderFilter const& filter, std::size_t shown) {
        reader.rows = 0;
        EXPECT_EQ(list_orders(reader, filter).value().orders.size(), shown);
        return reader.rows;
    };
    EXPECT_LE(rows_for({.state = OrderState::rejected}, 5), 15U);
    EXPECT_LE(rows_for({.state = OrderState::placed, .limit = 10}, 10), 33U);
    EXPECT_LE(rows_for({.customer = anna}, 3), 9U);
    EXPECT_LE(rows_for({.state = OrderState::rejected, .customer = anna}, 3), 9U);
    EXPECT_EQ(rows_for({.state = OrderState::completed}, 0), 0U);
}

RC_GTEST_PROP(OrdersProperty, pages_of_a_state_are_the_orders_that_are_in_it, ()) {
    Shop shop;
    auto const count = *rc::gen::inRange<std::uint64_t>(1, 30);
    std::map<std::uint64_t, OrderState> expected;
    for (std::uint64_t i = 1; i <= count; ++i) {
        buy(shop, id<OrderId>(i), id<PaymentId>(1000 + i));
        expected[i] = OrderState::confirmed;
    }
    for (auto steps = *rc::gen::inRange(0, 40); steps > 0; --steps) {
        auto const i = *rc::gen::inRange<std::uint64_t>(1, count + 1);
        bool const opens = expected[i] == OrderState::confirmed;
        if (opens)
            shop.order(id<OrderId>(i), order::EditOpened{});
        else
            shop.order(id<OrderId>(i), order::EditAbandoned{});
        expected[i] = opens ? OrderState::editing : OrderState::confirmed;
        if (*rc::gen::inRange(0, 4) == 0)
            static_cast<void>(shop.ask("orders")); // what is folded is written in several commits
    }
    auto const reader = shop.ask("orders");
    for (auto const state : {OrderState::placed, OrderState::confirmed, OrderState::editing}) {
        std::vector<std::uint64_t> wanted;
        for (auto const& [i, is_in] : expected)
            if (is_in == state)
                wanted.insert(wanted.begin(), i);
        std::vector<std::uint64_t> found;
        OrderFilter filter{.state = state, .limit = *rc::gen::inRange<std::size_t>(1, 7)};
        do {
            auto const page = list_orders(*reader, filter).value();
            for (auto const& order : page.orders)
                found.push_back(order.order.id.value().low());
            filter.after = page.looked_to;
        } while (filter.after);
        RC_ASSERT(found == wanted);
    }
}

TEST(OrdersView, orders_are_found_by_what_was_bought_and_for_how_much) {
    Shop shop;
    auto dear = placed(o1);
    auto cheap = placed(id<OrderId>(2));
    cheap.lines.resize(1);
    cheap.lines[0].sku = sku("99999");
    cheap.total = gbp(300);
    shop.order(o1, dear);
    shop.order(id<OrderId>(2), cheap);
    auto const reader = shop.ask("orders");
    auto const found = [&](OrderFilter const& filter) {
        std::vector<OrderId> ids;
        auto const page = list_orders(*reader, filter).value();
        for (auto const& order : page.orders)
            ids.push_back(order.order.id);
        return ids;
    };
    using Ids = std::vector<OrderId>;
    EXPECT_EQ(found({.sku = sku("99999")}), Ids{id<OrderId>(2)});
    EXPECT_EQ(found({.sku = sku("NEVER")}), Ids{});
    EXPECT_EQ(found({.total_min = 301}), Ids{o1});
    EXPECT_EQ(found({.total_max = 300}), Ids{id<OrderId>(2)});
    EXPECT_EQ(found({.total_min = 300, .total_max = 1000}).size(), 2U);
    EXPECT_EQ(found({.currency = CurrencyCode("EUR")}), Ids{});
}

TEST(OrdersView, a_page_says_whether_more_orders_fit) {
    Shop shop;
    for (std::uint64_t i = 1; i <= 4; ++i)
        shop.order(id<OrderId>(i), placed(id<OrderId>(i)));
    auto const reader = shop.ask("orders");
    auto const first = list_orders(*reader, {.limit = 3}).value();
    EXPECT_EQ(first.looked_to, id<OrderId>(2));
    auto const last = list_orders(*reader, {.after = first.looked_to, .limit = 3}).value();
    EXPECT_EQ(last.orders.size(), 1U);
    EXPECT_FALSE(last.looked_to);
    EXPECT_FALSE(list_orders(*reader, {.limit = 4}).value().looked_to);
}

TEST(OrdersView, payments_are_listed_and_shown_with_their_refunds) {
    Shop shop;
    buy(shop, o1, p1);
    auto const p2 = id<PaymentId>(12);
    shop.payment(p2, payment::Declined{o1, 2, payment::ProviderCode("no_funds"), true});
    auto const reader = shop.ask("orders");
    EXPECT_EQ(list_payments(*reader, {.order = o1}).value().size(), 2U);
    auto const declined = list_payments(*reader, {.state = PaymentState::declined}).value();
    ASSERT_EQ(declined.size(), 1U);
    EXPECT_EQ(declined[0].id, p2);
    EXPECT_EQ(show_payment(*reader, p1).value().payment.amount, 1000);
    EXPECT_EQ(show_payment(*reader, id<PaymentId>(99)).error().kind, FailureKind::not_found);
}

TEST(StockView, what_is_available_follows_every_move) {
    Shop shop;
    auto const hold = id<ReservationId>(61);
    shop.stock("A", stock::PolicySet{Count(2), Count(5), Count(3)});
    shop.stock("A", stock::Received{sku("A"), main_house(), Quantity::of(10), "lorry", {}});
    shop.stock("A", stock::Reserved{hold, Count(8), Count(3)});
    auto item = show_stock(*shop.ask("stock"), sku("A"), main_house()).value();
    EXPECT_EQ(item.available, 0);
    EXPECT_EQ(item.backordered, 3);
    shop.stock("A",
               stock::Received{
                   sku("A"), main_house(), Quantity::of(4), "lorry", {{hold, Quantity::of(3)}}});
    shop.stock("A", stock::Issued{hold, f1, Quantity::of(11)});
    shop.stock("A", stock::Restocked{o1, id<ReturnId>(41), Quantity::of(1)});
    shop.stock("A",
               stock::Restocked{o1, id<ReturnId>(42), Quantity::of(1), ItemCondition::damaged});
    item = show_stock(*shop.ask("stock"), sku("A"), main_house()).value();
    EXPECT_EQ(item.on_hand, 4);
    EXPECT_EQ(item.reserved, 0);
    EXPECT_EQ(item.backordered, 0);
    EXPECT_EQ(item.available, 2);
    EXPECT_EQ(item.version, 7U);
}

TEST(StockView, items_are_listed_by_what_is_asked) {
    Shop shop;
    for (auto const* code : {"C", "A", "B"})
        shop.stock(code, stock::Received{sku(code), main_house(), Quantity::of(*code), "", {}});
    auto const reader = shop.ask("stock");
    auto const all = list_stock(*reader, {}).value();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].sku, sku("A"));
    EXPECT_EQ(list_stock(*reader, {.after = all[1]}).value().size(), 1U);
    EXPECT_EQ(list_stock(*reader, {.sku = sku("B")}).value().size(), 1U);
    EXPECT_EQ(list_stock(*reader, {.below = 'B'}).value().size(), 1U);
}

TEST(CatalogView, products_show_their_newest_price) {
    Shop shop;
    auto const stream = StreamId::product(sku("A"));
    product::Added added{};
    added.sku = sku("A");
    added.title = "teapot";
    shop.happens<product::Event>(stream, added);
    shop.happens<product::Event>(stream, product::PriceSet{sku("A"), gbp(250)});
    shop.happens<product::Event>(stream, product::PriceSet{sku("A"), gbp(300)});
    shop.happens<product::Event>(stream, product::Withdrawn{sku("A"), "broken"});
    auto const view = show_product(*shop.ask("catalog"), sku("A")).value();
    EXPECT_EQ(view.product.title, "teapot");
    EXPECT_TRUE(view.product.is_withdrawn);
    ASSERT_EQ(view.prices.size(), 1U);
    EXPECT_EQ(view.prices[0].price, 300);
}

TEST(CustomersView, a_customer_has_a_country_and_no_name) {
    Shop shop;
    auto const anna = id<CustomerId>(71);
    customer::Registered registered{};
    registered.customer_id = anna;
    registered.country = Country::parse("GB").value();
    registered.email = Personal<std::string>("anna@example.org");
    shop.happens<customer::Event>(StreamId::customer(anna), registered);
    auto const reader = shop.ask("customers");
    EXPECT_EQ(show_customer(*reader, anna).value().country, registered.country);
    std::string all;
    ASSERT_TRUE(reader->scan({.table = 0}, [&](std::span<ports::Cell const> row) {
        for (auto const& cell : row)
            if (cell.kind() == ports::CellKind::text)
                all += cell.characters();
        return true;
    }));
    EXPECT_EQ(all.find("anna@"), std::string::npos);
}

TEST(Upkeep, a_model_is_verified_and_rebuilt_by_name) {
    Shop shop;
    buy(shop, o1, p1);
    auto const& orders = *find_model("orders");
    EXPECT_FALSE(model_status(shop.models, orders, shop.log.durable().position)->is_built);
    EXPECT_EQ(run_job(shop.log, shop.models, orders, Job::verify).error().kind,
              FailureKind::not_found);
    shop.ask("orders");
    auto const status = model_status(shop.models, orders, shop.log.durable().position).value();
    EXPECT_EQ(status.checkpoint.position, status.log_end);
    EXPECT_TRUE(run_job(shop.log, shop.models, orders, Job::verify)->agrees());
    deliver_all(shop, o1, p1, f1);
    auto const rebuilt = run_job(shop.log, shop.models, orders, Job::rebuild).value();
    EXPECT_EQ(rebuilt.at, ports::Position(3)) << "as it lay there";
    EXPECT_TRUE(rebuilt.agrees());
    EXPECT_EQ(find_model("nonsense"), nullptr);
}

TEST(Upkeep, rows_beyond_the_end_of_the_log_are_reported_and_left_as_they_are) {
    Shop shop;
    buy(shop, o1, p1);
    shop.ask("orders");
    auto const& orders = *find_model("orders");
    Shop older; // the same read models over a log that has less
    auto const job = [&](Job what) { return run_job(older.log, shop.models, orders, what); };
    for (auto const what : {Job::verify, Job::rebuild}) {
        auto const found = job(what);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().kind, FailureKind::corrupt);
    }
    auto const status = model_status(shop.models, orders, older.log.durable().position).value();
    EXPECT_TRUE(status.is_beyond_the_log());
    EXPECT_EQ(status.checkpoint.position, shop.log.durable().position) << "nothing was thrown away";

    EXPECT_TRUE(follow(older.log, shop.models, orders));
    EXPECT_TRUE(run_job(older.log, shop.models, orders, Job::verify)->agrees());
}

TEST(Upkeep, a_job_that_comes_to_nothing_says_of_what_kind_it_was) {
    Shop shop;
    buy(shop, o1, p1);
    shop.ask("orders");
    for (auto const kind : {FailureKind::corrupt, FailureKind::full}) {
        shop.models.fail_commits_with(Failure{kind, "as planned"});
        auto const found = run_job(shop.log, shop.models, *find_model("orders"), Job::verify);
        ASSERT_FALSE(found);
        EXPECT_EQ(found.error().kind, kind);
    }
}

/// What a shop does once only: an order is placed once, a parcel and a return are created once.
using Once = std::set<std::pair<std::uint64_t, std::uint64_t>>;

/// One more fact about one of a few orders, in whatever sequence the dice want.
void let_something_happen(Shop& shop, Random& random, Once& once) {
    auto const number = 1 + random.below(6);
    auto const order = id<OrderId>(number);
    auto const by = id<PaymentId>(10 + number);
    auto const in = id<FulfilmentId>(20 + number);
    auto const refund = id<RefundId>(50 + random.below(3));
    auto const amount = gbp(random.between(1, 90));
    auto const line_units = units(static_cast<std::uint16_t>(1 + random.below(2)), 1);
    shop.now = shop.now + Duration::days(random.between(0, 3));
    auto const returned = random.below(3);
    auto const what = random.below(12);
    bool const happens_once = what == 0 || what == 9 || what == 11;
    if (happens_once && !once.insert({what, what == 11 ? number * 10 + returned : number}).second)
        return;
    switch (what) {
    case 0: shop.order(order, placed(order)); return;
    case 1: shop.payment(by, authorised(order, 1000)); return;
    case 2: shop.order(order, order::Confirmed{by, {}, shop.now}); return;
    case 3: shop.order(order, order::Shipped{in, {line_units}, NetTax{amount, gbp(0)}}); return;
    case 4: shop.payment(by, payment::Captured{id<CaptureId>(1), amount, false, in}); return;
    case 5: shop.order(order, order::Delivered{in, {line_units}}); return;
    case 6: shop.payment(by, payment::RefundPending{refund, amount}); return;
    case 7: shop.payment(by, payment::Refunded{refund, amount, {}}); return;
    case 8:
        shop.order(order, order::RefundGranted{refund,
                                               by,
                                               order::RefundKind::goodwill,
                                               amount,
                                               NetTax{amount, gbp(0)},
                                               {},
                                               {},
                                               "sorry",
                                               ActorKind::operator_});
        return;
    case 9: shop.parcel(in, fulfilment::Created{order, main_house(), {}, shop.now}); return;
    case 10: shop.parcel(in, fulfilment::Delivered{order, shop.now}); return;
    default:
        shop.order(order,
                   order::ReturnRequested{
                       id<ReturnId>(40 + returned), {line_units}, "why not", ActorKind::customer});
    }
}

// I6: whatever happened, and however it was cut into turns, rows are those of a fresh fold, which
// never forgets a row.
RC_GTEST_PROP(ViewsProperty, rows_written_in_turns_are_those_of_a_fresh_fold, ()) {
    Shop shop;
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    Once once;
    auto const make = [] { return std::make_unique<Orders>(4); };
    for (int turn = 0; turn < 12; ++turn) {
        for (auto facts = random.below(12); facts > 0; --facts)
            let_something_happen(shop, random, once);
        projections::Projector projector(shop.log, shop.models, make);
        RC_ASSERT(projections::catch_up(projector).has_value());
        RC_ASSERT(projector.status().discard_reason == std::string());
    }
    projections::Fold fresh(std::make_unique<Orders>(4));
    auto const end = shop.log.durable().position;
    while (fresh.position() < end)
        RC_ASSERT(fresh.follow(shop.log, ports::Limit(100), end).has_value());
    auto const reader = shop.models.read(make()->shape()).value().release();
    std::unique_ptr<ports::RowReader> const owner(reader);
    RC_ASSERT(reader->checkpoint()->digest == fresh.digest_in_memory());
}

} // namespace
} // namespace kontor::services::views
