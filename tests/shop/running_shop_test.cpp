#include "services/checkout/checkout_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/payments/sandbox.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/storefront.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

auto const gbp = Currency::gbp();
Location const warehouse = Location::parse("main").value();
Sku const mug = Sku::parse("MUG").value();

/// A provider that can be out of reach.
class FarProvider final : public ports::PaymentProvider {
public:
    explicit FarProvider(ports::PaymentProvider& provider) : provider_(provider) {}

    /// From now on every call fails so; empty: it is there.
    void fails(std::optional<FailureKind> kind) { failure_ = kind; }
    std::uint64_t asked() const { return asked_; }

    Result<void> start(std::span<ports::ProviderCall const> calls) override {
        ++asked_;
        if (failure_)
            return unexpected(Failure{*failure_, "no way to the provider"});
        return provider_.start(calls);
    }
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override {
        if (failure_)
            return unexpected(Failure{*failure_, "no way from the provider"});
        return provider_.collect(up_to, answers);
    }
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override {
        if (failure_)
            return unexpected(Failure{*failure_, "no way to the provider"});
        return provider_.receipt(deliveries);
    }

private:
    ports::PaymentProvider& provider_;
    std::optional<FailureKind> failure_;
    std::uint64_t asked_{0};
};

/// The whole shop on one thread: desk, process, inventory, provider and carrier, each called by
/// hand.
class RunningShop : public ::testing::Test {
protected:
    void SetUp() override { start(); }

    /// Begins anew on the same log and with the same provider, as after a crash.
    void start() {
        inventory.reset();
        carrier.reset();
        runner.reset();
        desk.reset();
        desk = std::make_unique<ShopDeskAgent>(store, Shop{{warehouse}});
        buyer = &desk->add_client();
        runner = std::make_unique<CheckoutRunner>(store, clock, way, payment::Provider("sandbox"),
                                                  desk->add_client());
        carrier = std::make_unique<CarrierRunner>(store, clock, Random(7), desk->add_client());
        inventory = std::make_unique<InventoryRunner>(store, clock, desk->add_client());
        ASSERT_TRUE(runner->recover());
        ASSERT_TRUE(inventory->recover());
    }

    void ask(OrderId order, Work work) {
        ShopRequest request{
            CommandId(Id128(1, ++asked)), order.value(), {}, clock.now(), {}, std::move(work)};
        ASSERT_TRUE(buyer->try_submit(std::move(request)));
        settle();
    }

    static std::size_t work(Agent& agent) {
        auto const done = agent.do_work({1000});
        if (!done)
            ADD_FAILURE() << agent.name() << ": " << to_string(done.error());
        return done ? done->items : 0;
    }

    /// Everybody works until nobody has anything to do at this moment.
    void settle() {
        for (int idle = 0; idle < 3;) {
            auto const items = work(*desk) + work(*runner) + work(*inventory) + work(*carrier);
            idle = items == 0 ? idle + 1 : 0;
        }
    }

    /// Time jumps from one thing that is due to the next, until nothing is due before `end`.
    void live_until(Instant end) {
        for (settle();;) {
            std::optional<Instant> next;
            for (auto const& due : {runner->next_deadline(), inventory->next_deadline(),
                                    carrier->next_deadline(), provider.next_due()})
                if (due && (!next || *due < *next))
                    next = due;
            if (!next || *next > end)
                break;
            clock.pass(std::max(Duration::microseconds(1), *next - clock.now()));
            settle();
        }
        if (clock.now() < end)
            clock.pass(end - clock.now());
        settle();
    }

    void stock_up(std::int64_t units) {
        ask(OrderId(),
            Compound{{On<StockItems>{
                {warehouse, mug}, stock::Receive{mug, warehouse, Quantity::of(units), "po-1"}}}});
    }

    OrderId place(std::int64_t units, std::string token = "tok_approve") {
        auto const order = OrderId::mint(clock.now(), dice);
        auto const wish = kontor::testing::storefront_order(
            order, {kontor::testing::goods_line(1, mug, units, Money::of(250, gbp))},
            std::move(token));
        ask(order, Compound{{On<Orders>{order, wish}}});
        return order;
    }

    order::Phase phase(OrderId order) { return order::phase_of(desk->desk().state<Orders>(order)); }
    stock::Item const& shelf() {
        return std::get<stock::Item>(desk->desk().state<StockItems>({warehouse, mug}));
    }
    Instant later(Duration by) const { return started + by; }

    kontor::testing::HandClock clock;
    Instant const started{clock.now()};
    memory::EventStore store{clock};
    payments::Sandbox provider{clock, Random(5)};
    FarProvider way{provider};
    Random dice{3};
    std::unique_ptr<ShopDeskAgent> desk;
    std::unique_ptr<CheckoutRunner> runner;
    std::unique_ptr<CarrierRunner> carrier;
    std::unique_ptr<InventoryRunner> inventory;
    ShopClient* buyer{nullptr};
    std::uint64_t asked{0};
};

TEST_F(RunningShop, a_purchase_goes_from_click_to_doorstep_by_itself) {
    stock_up(5);
    auto const order = place(2);
    live_until(later(Duration::days(10)));
    EXPECT_EQ(phase(order), order::Phase::completed);
    EXPECT_EQ(shelf().on_hand, Count(3));
    EXPECT_EQ(shelf().reserved, Count(0));
    auto const book = provider.book();
    ASSERT_EQ(book.size(), 1u);
    EXPECT_EQ(book[0].captured, Money::of(500, gbp));
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, what_is_not_there_is_not_sold_and_nobody_pays) {
    stock_up(1);
    auto const order = place(2);
    live_until(later(Duration::days(1)));
    EXPECT_EQ(phase(order), order::Phase::rejected);
    EXPECT_EQ(shelf().reserved, Count(0));
    EXPECT_TRUE(provider.book().empty());
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, a_declined_card_gives_the_goods_back_when_the_time_to_pay_is_over) {
    stock_up(5);
    auto const order = place(2, "tok_decline");
    live_until(later(Duration::minutes(1)));
    EXPECT_EQ(phase(order), order::Phase::placed);
    EXPECT_EQ(shelf().reserved, Count(2));
    live_until(later(Duration::hours(1)));
    EXPECT_EQ(phase(order), order::Phase::expired);
    EXPECT_EQ(shelf().reserved, Count(0));
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, a_provider_out_of_reach_stops_nobody_and_gets_the_calls_when_it_is_back) {
    stock_up(5);
    way.fails(FailureKind::unavailable);
    auto const paid = place(2);
    live_until(later(Duration::minutes(5)));
    EXPECT_EQ(phase(paid), order::Phase::placed);
    EXPECT_GT(way.asked(), 5u);
    EXPECT_LT(way.asked(), 30u) << "it is asked again and again without a rest";
    EXPECT_GE(runner->calls().unreachable(), way.asked());

    way.fails(std::nullopt);
    live_until(later(Duration::days(10)));
    EXPECT_EQ(phase(paid), order::Phase::completed);
    ASSERT_EQ(provider.book().size(), 1u);
    EXPECT_EQ(provider.book()[0].captured, Money::of(500, gbp));
}

TEST_F(RunningShop, an_order_that_waited_too_long_for_the_provider_ends_and_holds_no_money) {
    stock_up(5);
    way.fails(FailureKind::timed_out);
    auto const order = place(2);
    live_until(later(Duration::hours(2)));
    EXPECT_EQ(phase(order), order::Phase::expired);
    way.fails(std::nullopt);
    live_until(later(Duration::days(10)));
    for (auto const& entry : provider.book())
        EXPECT_EQ(entry.held, Money::zero(gbp));
    EXPECT_EQ(shelf().reserved, Count(0));
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, a_provider_whose_answers_are_damaged_stops_the_runner) {
    stock_up(5);
    way.fails(FailureKind::corrupt);
    EXPECT_FALSE(runner->do_work({1000}));
}

TEST_F(RunningShop, a_provider_that_does_not_answer_is_asked_again_and_takes_the_money_once) {
    stock_up(5);
    auto const order = place(2, "tok_timeout");
    live_until(later(Duration::days(10)));
    EXPECT_EQ(phase(order), order::Phase::completed);
    ASSERT_EQ(provider.book().size(), 1u);
    EXPECT_EQ(provider.book()[0].captured, Money::of(500, gbp));
    EXPECT_EQ(provider.book()[0].captures, 1u);
}

TEST_F(RunningShop, right_after_a_start_a_new_order_waits_for_its_own_deadlines_alone) {
    stock_up(5);
    auto const first = place(1, "tok_timeout");
    live_until(later(Duration::seconds(40)));
    EXPECT_EQ(phase(first), order::Phase::confirmed) << "it was opened on an empty log";
    auto const open = place(1, "tok_timeout");
    start();
    auto const fresh = place(1, "tok_timeout");
    live_until(clock.now() + Duration::seconds(40));
    EXPECT_EQ(phase(fresh), order::Phase::confirmed);
    live_until(clock.now() + Duration::seconds(60));
    EXPECT_EQ(phase(open), order::Phase::confirmed);
}

TEST_F(RunningShop, a_cancelled_order_gives_goods_and_money_back) {
    stock_up(5);
    auto const order = place(2);
    live_until(later(Duration::minutes(5)));
    ASSERT_EQ(phase(order), order::Phase::confirmed);
    ask(order,
        Compound{{On<Orders>{order, order::Cancel{"changed my mind", ActorKind::customer}}}});
    live_until(later(Duration::days(1)));
    EXPECT_EQ(phase(order), order::Phase::cancelled);
    EXPECT_EQ(shelf().on_hand, Count(5));
    EXPECT_EQ(shelf().reserved, Count(0));
    EXPECT_EQ(provider.book().at(0).held, Money::zero(gbp));
    EXPECT_EQ(provider.book().at(0).captured, Money::zero(gbp));
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, a_parcel_that_comes_back_is_taken_in_and_the_buyer_gets_the_money_back) {
    stock_up(5);
    auto const comes_back = [&](OrderId order) {
        fulfilment::Event const failed =
            fulfilment::DeliveryFailed{order, 1, fulfilment::DeliveryReason::nobody_home};
        auto const then = next_act(checkout::parcel_id(order, 1), failed, clock.now(), Random(7));
        return then && std::holds_alternative<BringBack>(then->act);
    };
    for (auto ahead = dice; !comes_back(OrderId::mint(clock.now(), ahead)); ahead = dice)
        dice.next();
    auto const order = place(2);
    live_until(later(Duration::days(8)));
    ASSERT_EQ(provider.book().at(0).captured, Money::of(500, gbp));
    EXPECT_EQ(phase(order), order::Phase::completed);
    EXPECT_EQ(provider.book()[0].refunded, Money::of(500, gbp));
    EXPECT_EQ(shelf().on_hand, Count(5));
    EXPECT_EQ(runner->open_orders(), 0u);
    for (int again = 0; again < 2; ++again) {
        start();
        live_until(clock.now() + Duration::days(3));
        EXPECT_EQ(shelf().on_hand, Count(5)) << "it was put on the shelf again";
    }
}

TEST_F(RunningShop, a_line_that_an_edit_added_leaves_from_what_was_promised_for_it) {
    stock_up(5);
    auto const order = place(2);
    live_until(later(Duration::minutes(5)));
    ask(order, Compound{{On<Orders>{order, order::OpenEdit{}}}});
    auto more = kontor::testing::goods_line(1, mug, 1, Money::of(250, gbp));
    ask(order, AdvanceCheckout{order, checkout::EditAsked{{more}, {}, Money::of(250, gbp)}});
    live_until(later(Duration::days(10)));
    EXPECT_EQ(phase(order), order::Phase::completed);
    EXPECT_EQ(shelf().on_hand, Count(2));
    EXPECT_EQ(shelf().reserved, Count(0));
    EXPECT_EQ(runner->open_orders(), 0u);
}

TEST_F(RunningShop, a_shop_that_starts_again_after_any_moment_goes_on_where_it_was) {
    stock_up(50);
    std::vector<OrderId> orders;
    for (int moment = 0; moment < 12; ++moment) {
        orders.push_back(place(1));
        live_until(clock.now() + Duration::hours(moment % 4 == 3 ? 9 : 0) +
                   Duration::milliseconds(40 * moment));
        start();
    }
    live_until(clock.now() + Duration::days(20));
    for (auto const order : orders)
        EXPECT_EQ(phase(order), order::Phase::completed);
    EXPECT_EQ(shelf().on_hand, Count(38));
    for (auto const& entry : provider.book()) {
        EXPECT_EQ(entry.captured, Money::of(250, gbp));
        EXPECT_EQ(entry.captures, 1u);
    }
    EXPECT_EQ(runner->open_orders(), 0u);
}

} // namespace
} // namespace kontor::services
