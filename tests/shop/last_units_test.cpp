/// Ten thousand buyers want the last few units at once. They come through four desks, each with a
/// thread and states of its own, over one log: what keeps them from selling a unit twice is that
/// the log takes nothing that was decided on top of an older version of a stream. At the end units,
/// promises and money are counted by folds that know no decider, and held against the provider's
/// own book.

#include "services/checkout/checkout_runner.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/payments/sandbox.hpp"
#include "codec/events.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/storefront.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <mutex>
#include <thread>

namespace kontor::services {
namespace {

auto const gbp = Currency::gbp();
Location const warehouse = Location::parse("main").value();

constexpr std::size_t desks = 4;
constexpr std::size_t crowds_a_desk = 2;
constexpr std::size_t buyers = 10'000;
constexpr std::size_t buyers_a_crowd = buyers / (desks * crowds_a_desk);
constexpr std::size_t skus = 40;
constexpr std::int64_t units_each = 3;
constexpr std::int64_t price = 250;

Sku sku(std::size_t number) {
    return Sku::parse("LAST-" + std::to_string(number)).value();
}

/// One desk's way to a log that several desks write to: the port lets one thread append.
class SharedStore final : public testing::PassingStore {
public:
    SharedStore(ports::EventStore& store, std::mutex& appending)
        : PassingStore(store), appending_(appending) {}

    Result<ports::Appended> append(ports::Batch const& batch) override {
        std::lock_guard const one(appending_);
        KONTOR_TRY(auto const appended, store_.append(batch));
        outcomes_.assign(appended.outcomes.begin(), appended.outcomes.end());
        return ports::Appended{appended.append, outcomes_};
    }

private:
    std::mutex& appending_;
    std::vector<ports::CommitOutcome> outcomes_;
};

/// What the log says, counted without a decider.
struct Books {
    struct Shelf {
        std::int64_t on_hand{0};
        std::int64_t reserved{0};
        std::int64_t sold{0};
    };
    std::map<StreamId, Shelf> shelves{};
    std::map<OrderId, std::int64_t> totals{};
    std::uint64_t completed{0};
    std::uint64_t rejected{0};
    std::uint64_t other_endings{0};
    std::int64_t completed_value{0};
    std::map<PaymentId, std::int64_t> captured{};
    std::int64_t refunded{0};
    std::int64_t voided{0};

    void see(ports::RecordedEvent const& event) {
        auto const category = event.stream.category();
        if (category == StreamCategory::stock)
            see(shelves[event.stream],
                codec::decode<stock::Event>(event.type, event.payload).value());
        if (category == StreamCategory::order)
            see(OrderId(event.stream.id()),
                codec::decode<order::Event>(event.type, event.payload).value());
        if (category == StreamCategory::payment)
            see(PaymentId(event.stream.id()),
                codec::decode<payment::Event>(event.type, event.payload).value());
    }

    void see(Shelf& shelf, stock::Event const& event) {
        if (auto const* const received = std::get_if<stock::Received>(&event))
            shelf.on_hand += received->quantity.value();
        if (auto const* const reserved = std::get_if<stock::Reserved>(&event)) {
            shelf.reserved += reserved->reserved.value();
            EXPECT_EQ(reserved->backordered.value(), 0);
        }
        if (auto const* const released = std::get_if<stock::Released>(&event))
            shelf.reserved -= released->reserved.value();
        if (auto const* const issued = std::get_if<stock::Issued>(&event)) {
            shelf.on_hand -= issued->quantity.value();
            shelf.reserved -= issued->quantity.value();
            shelf.sold += issued->quantity.value();
        }
        EXPECT_GE(shelf.reserved, 0);
        EXPECT_LE(shelf.reserved, shelf.on_hand) << "more is promised than there is";
    }

    void see(OrderId id, order::Event const& event) {
        if (auto const* const placed = std::get_if<order::Placed>(&event))
            totals[id] = placed->total.minor();
        if (std::holds_alternative<order::Completed>(event)) {
            ++completed;
            completed_value += totals.at(id);
        }
        rejected += std::holds_alternative<order::Rejected>(event);
        other_endings += std::holds_alternative<order::Expired>(event) ||
                         std::holds_alternative<order::Cancelled>(event);
    }

    void see(PaymentId id, payment::Event const& event) {
        if (auto const* const taken = std::get_if<payment::Captured>(&event))
            captured[id] += taken->amount.minor();
        if (auto const* const back = std::get_if<payment::Refunded>(&event))
            refunded += back->amount.minor();
        if (auto const* const freed = std::get_if<payment::Voided>(&event))
            voided += freed->amount.minor();
    }
};

class LastUnits : public ::testing::Test {
protected:
    struct Seat {
        std::unique_ptr<SharedStore> store;
        std::unique_ptr<ShopDeskAgent> desk;
        std::vector<ShopClient*> crowds;
    };

    void SetUp() override {
        for (std::size_t n = 0; n < desks; ++n) {
            auto& seat = seats.emplace_back();
            seat.store = std::make_unique<SharedStore>(store, appending);
            seat.desk = std::make_unique<ShopDeskAgent>(*seat.store, Shop{{warehouse}});
            for (std::size_t crowd = 0; crowd < crowds_a_desk; ++crowd)
                seat.crowds.push_back(&seat.desk->add_client());
        }
        auto& first = *seats.front().desk;
        supplier = &first.add_client();
        checkout = std::make_unique<CheckoutRunner>(
            store, clock, provider, payment::Provider("sandbox"), first.add_client());
        carrier = std::make_unique<CarrierRunner>(store, clock, Random(7), first.add_client(),
                                                  CarrierOptions{.luck = Luck::always});
        inventory = std::make_unique<InventoryRunner>(store, clock, first.add_client());
        ASSERT_TRUE(checkout->recover());
        ASSERT_TRUE(inventory->recover());
    }

    static std::size_t work(Agent& agent) {
        auto const done = agent.do_work({1000});
        EXPECT_TRUE(done) << agent.name() << ": " << to_string(done.error());
        return done ? done->items : 0;
    }

    ShopRequest request(std::uint64_t number, Id128 correlation, Work todo) {
        ShopRequest made{
            CommandId(Id128(1, number)), correlation, {}, clock.now(), {}, std::move(todo)};
        made.ticket = number;
        return made;
    }

    void stock_up() {
        for (std::size_t n = 0; n < skus; ++n)
            ASSERT_TRUE(supplier->try_submit(
                request(n + 1, {},
                        Compound{{On<StockItems>{
                            {warehouse, sku(n)},
                            stock::Receive{sku(n), warehouse, Quantity::of(units_each), "po"}}}})));
        settle();
    }

    /// One buyer after the other, as fast as the desk takes them; most want one thing, some two.
    void rush(std::size_t crowd, ShopClient& door) {
        Random dice(kontor::testing::seed() + crowd);
        std::size_t answered = 0;
        auto const take_answers = [&] {
            while (door.try_answer())
                ++answered;
        };
        while (!begins.load(std::memory_order_acquire))
            std::this_thread::yield();
        for (std::size_t n = 0; n < buyers_a_crowd; ++n) {
            auto const order = OrderId::mint(clock.now(), dice);
            std::vector<order::Line> lines{
                kontor::testing::goods_line(1, sku(dice.below(skus)), 1, Money::of(price, gbp))};
            if (dice.chance(1, 10))
                lines.push_back(kontor::testing::goods_line(2, sku(dice.below(skus)), 1,
                                                            Money::of(price, gbp)));
            auto wish = request(1'000'000 * (crowd + 1) + n, order.value(),
                                Compound{{On<Orders>{order, kontor::testing::storefront_order(
                                                                order, std::move(lines))}}});
            while (!door.try_submit(std::move(wish))) {
                take_answers();
                std::this_thread::yield();
            }
        }
        while (answered < buyers_a_crowd) {
            take_answers();
            std::this_thread::yield();
        }
        crowds_done.fetch_add(1);
    }

    /// Everybody at once: the desks, the crowds before them, and those who follow the log.
    void let_them_in() {
        std::vector<std::thread> threads;
        auto const until_done = [&](auto act) {
            while (crowds_done.load() < desks * crowds_a_desk)
                if (act() == 0)
                    std::this_thread::yield();
        };
        for (std::size_t n = 0; n < desks; ++n) {
            threads.emplace_back([&, n] { until_done([&] { return work(*seats[n].desk); }); });
            for (std::size_t crowd = 0; crowd < crowds_a_desk; ++crowd)
                threads.emplace_back(
                    [this, n, crowd] { rush(n * crowds_a_desk + crowd, *seats[n].crowds[crowd]); });
        }
        threads.emplace_back(
            [&] { until_done([&] { return work(*checkout) + work(*inventory); }); });
        begins.store(true, std::memory_order_release);
        for (auto& thread : threads)
            thread.join();
    }

    void settle() {
        for (int idle = 0; idle < 3;) {
            auto items = work(*checkout) + work(*inventory) + work(*carrier);
            for (auto& seat : seats)
                items += work(*seat.desk);
            idle = items == 0 ? idle + 1 : 0;
        }
    }

    /// Time jumps from one thing that is due to the next, until nothing is.
    void live_on() {
        auto const end = clock.now() + Duration::days(60);
        for (settle();;) {
            std::optional<Instant> next;
            for (auto const& due : {checkout->next_deadline(), inventory->next_deadline(),
                                    carrier->next_deadline(), provider.next_due()})
                if (due && (!next || *due < *next))
                    next = due;
            if (!next || *next > end)
                return;
            clock.pass(std::max(Duration::microseconds(1), *next - clock.now()));
            settle();
        }
    }

    Books count() {
        Books books;
        for (ports::Position at{};;) {
            auto const page = store.read_log(at, ports::Limit(8192)).value();
            if (page.empty())
                return books;
            for (auto const& event : page.events)
                books.see(event);
            at = page.events.back().position;
        }
    }

    kontor::testing::HandClock clock; ///< stands still while there are threads
    memory::EventStore store{clock};
    std::mutex appending;
    payments::Sandbox provider{clock, Random(5)};
    std::vector<Seat> seats;
    ShopClient* supplier{nullptr};
    std::unique_ptr<CheckoutRunner> checkout;
    std::unique_ptr<CarrierRunner> carrier;
    std::unique_ptr<InventoryRunner> inventory;
    std::atomic<bool> begins{false};
    std::atomic<std::size_t> crowds_done{0};
};

TEST_F(LastUnits, ten_thousand_buyers_never_oversell_and_everything_balances) {
    stock_up();
    let_them_in();
    live_on();
    std::uint64_t conflicts = 0;
    for (auto& seat : seats)
        conflicts += seat.desk->desk().counters().conflicts;
    EXPECT_GT(conflicts, 0U) << "nobody met anybody: this proves nothing";

    auto const books = count();
    ASSERT_EQ(books.shelves.size(), skus);
    std::int64_t sold = 0;
    for (auto const& [item, shelf] : books.shelves) {
        EXPECT_EQ(shelf.sold, units_each) << item.to_string();
        EXPECT_EQ(shelf.on_hand, 0) << item.to_string();
        EXPECT_EQ(shelf.reserved, 0) << item.to_string();
        sold += shelf.sold;
    }
    EXPECT_EQ(books.totals.size(), buyers);
    EXPECT_EQ(books.completed + books.rejected, buyers) << "every order ends";
    EXPECT_EQ(books.other_endings, 0U);

    std::int64_t captured = 0;
    for (auto const& [payment, amount] : books.captured)
        captured += amount;
    EXPECT_EQ(captured, sold * price) << "what was paid is what was sold";
    EXPECT_EQ(captured, books.completed_value);
    EXPECT_EQ(books.captured.size(), books.completed) << "each captured once";
    EXPECT_EQ(books.refunded, 0);
    EXPECT_EQ(books.voided, 0) << "reserved before authorised: nobody was charged in vain";
    std::int64_t at_provider = 0;
    for (auto const& entry : provider.book()) {
        EXPECT_EQ(entry.captured.minor(), books.captured.at(entry.payment_id));
        EXPECT_EQ(entry.held.minor(), 0);
        at_provider += entry.captured.minor();
    }
    EXPECT_EQ(at_provider, captured);
}

} // namespace
} // namespace kontor::services
