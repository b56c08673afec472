#include "bench/gate/scenario.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/payments/sandbox.hpp"
#include "bench/shelf_facts.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"
#include "tests/support/storefront.hpp"

#include <fmt/core.h>

namespace kontor::bench {
namespace {

constexpr std::size_t sku_count = 200;
constexpr std::uint64_t order_count = 150;

/// Counts the streams that the desk loads.
class DeskStore final : public testing::PassingStore {
public:
    using PassingStore::PassingStore;
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override {
        ++reads;
        return store_.read_stream(stream, from, limit);
    }
    std::uint64_t reads{0};
};

/// Desk, order process, carrier and provider, driven by hand on one thread over a log in memory.
class ShopInMemory {
public:
    ShopInMemory() {
        for (std::size_t n = 0; n < sku_count; ++n) {
            auto const key = shelf(n);
            submit(OrderId(Id128(9, n)),
                   services::On<services::StockItems>{
                       key, stock::Receive{key.sku, key.location, Quantity::of(1'000), "opening"}});
        }
        work_until_quiet();
    }

    void place(std::uint64_t number) {
        OrderId const id(Id128(0x0191'0000'0000'7000U, number));
        std::vector<order::Line> lines;
        for (std::uint16_t n = 0; n < 3; ++n)
            lines.push_back(testing::goods_line(static_cast<std::uint16_t>(n + 1),
                                                shelf((number * 3 + n) % sku_count).sku, 2,
                                                Money::of(500, Currency::gbp())));
        auto place = testing::storefront_order(id, std::move(lines));
        submit(id, services::On<services::Orders>{id, std::move(place)});
    }

    void work_until_quiet() {
        for (int quiet = 0; quiet < 3;) {
            std::size_t items = desk_.do_work({4096}).value().items;
            while (client_.try_answer())
                ++items;
            items += runner_.do_work({4096}).value().items;
            items += carrier_.do_work({4096}).value().items;
            quiet = items == 0 ? quiet + 1 : 0;
            clock_.pass(Duration::milliseconds(1));
        }
    }

    std::uint64_t desk_reads() const { return desk_store_.reads; }
    std::uint64_t completed() const { return runner_.orders_seen() - runner_.open_orders(); }

private:
    template <class Wish>
    void submit(OrderId about, Wish wish) {
        auto const accepted = client_.try_submit({CommandId(Id128(1, ++asked_)),
                                                  about.value(),
                                                  {},
                                                  clock_.now(),
                                                  {ActorKind::customer, {}},
                                                  services::compound(std::move(wish))});
        KONTOR_ASSERT(accepted, "the inbox is full");
    }

    testing::HandClock clock_;
    memory::EventStore store_{clock_};
    payments::Sandbox provider_{clock_, Random(1), {Duration(), Duration()}};
    DeskStore desk_store_{store_};
    services::ShopDeskAgent desk_{desk_store_, services::Shop{{shelf(0).location}}};
    services::ShopClient& client_{desk_.add_client()};
    services::CheckoutRunner runner_{store_, clock_, provider_, payment::Provider("sandbox"),
                                     desk_.add_client()};
    services::CarrierRunner carrier_{store_,
                                     clock_,
                                     Random(2),
                                     desk_.add_client(),
                                     {std::int64_t{1} << 50, services::Luck::always}};
    std::uint64_t asked_{0};
};

/// Orders from placed to completed: every decision, fact and step of theirs.
std::uint64_t order_to_doorstep() {
    ShopInMemory shop;
    auto const before = shop.desk_reads();
    measured([&] {
        for (std::uint64_t n = 0; n < order_count; ++n)
            shop.place(n);
        shop.work_until_quiet();
    });
    counts().desk_reads = shop.desk_reads() - before;
    return shop.completed() == order_count ? order_count : 0;
}

} // namespace

std::map<std::string, Scenario> shop_scenarios() {
    return {{"order_to_doorstep", order_to_doorstep}};
}

} // namespace kontor::bench
