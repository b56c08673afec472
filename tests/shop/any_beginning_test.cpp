/// A crash leaves a beginning of the log, whatever it interrupted. From each beginning of a
/// purchase the shop must go on to the same end.

#include "services/checkout/checkout_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/storefront.hpp"
#include "tests/support/trusting_provider.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

Location const warehouse = Location::parse("main").value();
Sku const mug = Sku::parse("MUG").value();
Sku const plate = Sku::parse("PLATE").value();

/// One life of the shop's programs on a log.
class Life {
public:
    Life(memory::EventStore& store, kontor::testing::HandClock& clock)
        : clock_(clock), provider_(clock), desk_(store, Shop{{warehouse}}),
          buyer_(desk_.add_client()),
          runner_(store, clock, provider_, payment::Provider("trusting"), desk_.add_client()),
          carrier_(store, clock, Random(7), desk_.add_client(),
                   {std::int64_t{1} << 50, Luck::always}),
          inventory_(store, clock, desk_.add_client()) {
        EXPECT_TRUE(runner_.recover());
        EXPECT_TRUE(inventory_.recover());
        EXPECT_TRUE(carrier_.recover());
    }

    void ask(CommandId id, OrderId order, Work work) {
        EXPECT_TRUE(buyer_.try_submit({id, order.value(), {}, clock_.now(), {}, std::move(work)}));
        go_on();
    }

    /// Until nobody has anything to do. So little time passes that no deadline is reached.
    void go_on() {
        for (int idle = 0; idle < 5;) {
            auto const items = work(desk_) + work(runner_) + work(inventory_) + work(carrier_);
            idle = items == 0 ? idle + 1 : 0;
            clock_.pass(Duration::milliseconds(1));
        }
    }

    order::Phase phase(OrderId order) { return order::phase_of(desk_.desk().state<Orders>(order)); }
    Count on_hand(Sku const& sku) {
        auto const& state = desk_.desk().state<StockItems>({warehouse, sku});
        return std::get<stock::Item>(state).on_hand;
    }

private:
    static std::size_t work(Agent& agent) {
        auto const done = agent.do_work({1000});
        if (!done)
            ADD_FAILURE() << agent.name() << ": " << to_string(done.error());
        return done ? done->items : 0;
    }

    kontor::testing::HandClock& clock_;
    kontor::testing::TrustingProvider provider_;
    ShopDeskAgent desk_;
    ShopClient& buyer_;
    CheckoutRunner runner_;
    CarrierRunner carrier_;
    InventoryRunner inventory_;
};

order::Place two_lines(OrderId order) {
    using kontor::testing::goods_line;
    auto const price = Money::of(250, Currency::gbp());
    return kontor::testing::storefront_order(
        order, {goods_line(1, mug, 2, price), goods_line(2, plate, 1, price)});
}

/// The first events of a log as a log of their own, a commit each as they were.
std::unique_ptr<memory::EventStore> beginning_of(memory::EventStore& whole, std::size_t commits,
                                                 Clock& clock) {
    auto begun = std::make_unique<memory::EventStore>(clock);
    auto const page = whole.read_log({}, ports::Limit(10'000)).value();
    std::optional<CommandId> last;
    ports::Batch batch;
    std::size_t taken = 0;
    for (auto const& event : page.events) {
        auto const& header = page.commit_of(event).header;
        if (last != header.command_id) {
            if (taken++ == commits)
                break;
            batch.begin_commit(header);
            last = header.command_id;
        }
        auto const stream = batch.add_stream(event.stream, ports::ExpectedVersion::any());
        batch.buffer().insert(batch.buffer().end(), event.payload.begin(), event.payload.end());
        batch.add_event(stream, event.type);
    }
    EXPECT_TRUE(begun->append(batch));
    return begun;
}

std::size_t commits_of(memory::EventStore& store) {
    auto const page = store.read_log({}, ports::Limit(10'000)).value();
    std::size_t commits = 0;
    std::optional<CommandId> last;
    for (auto const& event : page.events) {
        auto const& id = page.commit_of(event).header.command_id;
        commits += last != id;
        last = id;
    }
    return commits;
}

TEST(AnyBeginning, of_a_purchase_grows_into_the_whole) {
    kontor::testing::HandClock clock;
    memory::EventStore whole(clock);
    OrderId const order(Id128::derive(Id128(9, 9), "order", 1));
    std::size_t before_order = 0;
    {
        Life life(whole, clock);
        std::uint64_t asked = 0;
        for (auto const& sku : {mug, plate})
            life.ask(
                CommandId(Id128(1, ++asked)), OrderId(),
                Compound{{On<StockItems>{{warehouse, sku},
                                         stock::Receive{sku, warehouse, Quantity::of(5), "po"}}}});
        before_order = commits_of(whole);
        life.ask(CommandId(Id128(1, ++asked)), order,
                 Compound{{On<Orders>{order, two_lines(order)}}});
        ASSERT_EQ(life.phase(order), order::Phase::completed);
    }
    auto const commits = commits_of(whole);
    ASSERT_GT(commits, before_order + 7);
    for (auto kept = before_order + 1; kept <= commits; ++kept) {
        auto const begun = beginning_of(whole, kept, clock);
        Life life(*begun, clock);
        life.go_on();
        EXPECT_EQ(life.phase(order), order::Phase::completed)
            << "after " << kept << " of " << commits << " commits";
        EXPECT_EQ(life.on_hand(mug), Count(3)) << kept;
        EXPECT_EQ(life.on_hand(plate), Count(4)) << kept;
    }
}

} // namespace
} // namespace kontor::services
