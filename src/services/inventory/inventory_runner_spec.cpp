#include "services/inventory/inventory_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

Location const warehouse = Location::parse("main").value();
Sku const mug = Sku::parse("MUG").value();

/// A desk and inventory's runner, each called by hand. No process leads any order.
class Holds : public ::testing::Test {
protected:
    void SetUp() override {
        start();
        ask(Compound{{On<StockItems>{{warehouse, mug},
                                     stock::Receive{mug, warehouse, Quantity::of(5), "po-1"}}}});
    }

    /// Begins anew on the same log, as after a crash.
    void start() {
        runner.reset();
        desk = std::make_unique<ShopDeskAgent>(store, Shop{{warehouse}});
        customer = &desk->add_client();
        runner = std::make_unique<InventoryRunner>(store, clock, desk->add_client());
        ASSERT_TRUE(runner->recover());
    }

    void submit(Work work, ActorKind by = ActorKind::operator_) {
        ShopRequest request{CommandId(Id128(1, ++asked)),
                            order_id.value(),
                            {},
                            clock.now(),
                            Actor{by, {}},
                            std::move(work)};
        ASSERT_TRUE(customer->try_submit(std::move(request)));
    }
    void ask(Work work, ActorKind by = ActorKind::operator_) {
        submit(std::move(work), by);
        settle();
    }

    void settle() {
        for (int idle = 0; idle < 3;) {
            auto const items = desk->do_work({100}).value().items + runner->do_work({100})->items;
            idle = items == 0 ? idle + 1 : 0;
        }
    }
    void pass(Duration time) {
        clock.pass(time);
        settle();
    }

    void hold(std::int64_t units, Duration lasts, ActorKind by = ActorKind::operator_) {
        ask(ReserveOrder{reservation_id,
                         order_id,
                         1,
                         {{mug, Quantity::of(units)}},
                         {warehouse},
                         clock.now() + lasts},
            by);
    }

    Count reserved() {
        return std::get<stock::Item>(desk->desk().state<StockItems>({warehouse, mug})).reserved;
    }
    reservation::State const& promise() { return desk->desk().state<Reservations>(reservation_id); }
    std::uint64_t events_in_log() { return store.durable().position.value(); }

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    std::unique_ptr<ShopDeskAgent> desk;
    std::unique_ptr<InventoryRunner> runner;
    ShopClient* customer{nullptr};
    OrderId const order_id{Id128(7, 1)};
    ReservationId const reservation_id{Id128(7, 2)};
    std::uint64_t asked{0};
};

TEST_F(Holds, a_hold_of_an_order_that_never_came_runs_out_and_its_units_are_free_again) {
    hold(2, Duration::minutes(15));
    pass(Duration::minutes(15) - Duration::microseconds(1));
    EXPECT_EQ(reserved(), Count(2));
    EXPECT_EQ(runner->next_deadline(), std::optional(clock.now() + Duration::microseconds(1)));
    pass(Duration::microseconds(1));
    EXPECT_EQ(reserved(), Count(0));
    EXPECT_TRUE(reservation::is_terminal(promise()));
    EXPECT_EQ(runner->holds(), 0u);
    EXPECT_EQ(runner->next_deadline(), std::nullopt);
}

TEST_F(Holds, a_hold_that_was_confirmed_does_not_run_out) {
    hold(2, Duration::minutes(15));
    ask(Compound{{On<Reservations>{reservation_id, reservation::Confirm{order_id}}}});
    pass(Duration::hours(1));
    EXPECT_EQ(reserved(), Count(2));
}

TEST_F(Holds, a_hold_that_was_extended_runs_out_later) {
    hold(2, Duration::minutes(15));
    ask(Compound{{On<Reservations>{reservation_id,
                                   reservation::Extend{clock.now() + Duration::minutes(45)}}}});
    pass(Duration::minutes(44));
    EXPECT_EQ(reserved(), Count(2));
    pass(Duration::minutes(1));
    EXPECT_EQ(reserved(), Count(0));
}

TEST_F(Holds, an_extension_that_was_not_seen_yet_when_the_time_was_over_counts) {
    hold(2, Duration::minutes(15));
    clock.pass(Duration::minutes(15));
    submit(Compound{{On<Reservations>{reservation_id,
                                      reservation::Extend{clock.now() + Duration::minutes(30)}}}});
    ASSERT_TRUE(runner->do_work({100})); // asks before the extension is a fact
    settle();
    EXPECT_EQ(reserved(), Count(2));
    pass(Duration::minutes(30));
    EXPECT_EQ(reserved(), Count(0));
}

TEST_F(Holds, who_gives_back_first_gives_back_alone) {
    hold(2, Duration::minutes(15));
    hold(2, Duration::minutes(15)); // the same wish again
    clock.pass(Duration::minutes(15));
    submit(
        ReleaseReservation{reservation_id, order_id, reservation::ReleaseReason::order_cancelled});
    ASSERT_TRUE(runner->do_work({100}));
    auto const before = events_in_log();
    settle();
    EXPECT_EQ(reserved(), Count(0));
    EXPECT_EQ(events_in_log(), before + 2) << "one shelf and one promise, once";
}

TEST_F(Holds, an_order_confirmed_in_the_last_moment_keeps_its_units) {
    hold(2, Duration::minutes(15));
    clock.pass(Duration::minutes(15));
    submit(Compound{{On<Reservations>{reservation_id, reservation::Confirm{order_id}}}});
    ASSERT_TRUE(runner->do_work({100}));
    settle();
    EXPECT_EQ(reserved(), Count(2));
    EXPECT_TRUE(std::holds_alternative<reservation::Firm>(promise()));
}

TEST_F(Holds, a_hold_that_ran_out_while_nobody_was_there_ends_a_minute_after_the_start) {
    hold(2, Duration::minutes(15));
    clock.pass(Duration::hours(3));
    start();
    EXPECT_EQ(runner->next_deadline(), std::optional(clock.now() + Duration::minutes(1)));
    pass(Duration::seconds(59));
    EXPECT_EQ(reserved(), Count(2)) << "what was paid meanwhile comes first";
    pass(Duration::seconds(1));
    EXPECT_EQ(reserved(), Count(0));
}

TEST_F(Holds, a_runner_that_starts_again_awaits_what_it_awaited) {
    hold(2, Duration::minutes(15));
    clock.pass(Duration::minutes(5));
    start();
    EXPECT_EQ(runner->holds(), 1u);
    pass(Duration::minutes(10));
    EXPECT_EQ(reserved(), Count(0));
    start();
    EXPECT_EQ(runner->holds(), 0u);
}

TEST_F(Holds, what_an_import_brings_was_sold_at_once) {
    hold(2, Duration::minutes(15), ActorKind::import);
    EXPECT_EQ(runner->holds(), 0u);
}

} // namespace
} // namespace kontor::services
