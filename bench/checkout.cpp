#include "bench/bench.hpp"

#include "adapters/payments/sandbox.hpp"
#include "bench/floors.hpp"
#include "bench/stores.hpp"
#include "bench/zipf.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "tests/support/shop_sums.hpp"
#include "tests/support/storefront.hpp"

#include <fmt/core.h>
#include <sys/resource.h>

#include <atomic>
#include <chrono>
#include <unordered_map>

namespace kontor::bench {
namespace {

using services::CarrierRunner;
using services::CheckoutRunner;

constexpr std::size_t sku_count = 10'000;
constexpr std::uint64_t customer_count = 100'000;
constexpr std::size_t in_flight_max = 4096;
constexpr std::size_t lines_an_order = 3;

/// All stock items and what is in flight; orders that have ended make room.
constexpr std::size_t desk_states_max = std::size_t{1} << 14;

Location warehouse() {
    return Location::parse("main").value();
}

services::ShopRequest request_of(CommandId id, OrderId order, Instant now, services::Work work) {
    return {id, order.value(), {}, now, {ActorKind::customer, {}}, std::move(work)};
}

/// Buyers, order process, carrier and provider on one thread; the desk has its own, the disk a
/// third.
class Buyers final : public Agent {
public:
    Buyers(LogUnderTest& store, Clock& clock, services::ShopDeskAgent& desk, std::uint64_t seed)
        : clock_(clock), provider_(clock, Random(seed), {Duration(), Duration()}),
          client_(desk.add_client()),
          runner_(store.store(), clock, provider_, payment::Provider("sandbox"), desk.add_client()),
          carrier_(store.store(), clock, Random(seed), desk.add_client(),
                   {std::int64_t{1} << 50, services::Luck::always}),
          zipf_(sku_count, 0.9, seed), dice_(seed) {
        for (std::size_t n = 0; n < sku_count; ++n)
            skus_.push_back(Sku::parse(fmt::format("SKU-{}", n)).value());
    }

    std::string_view name() const override { return "buyers"; }

    Result<WorkDone> do_work(WorkBudget budget) override {
        std::size_t items = 0;
        while (client_.try_answer())
            ++answered_;
        if (opened_ < sku_count)
            items += open_shop();
        else if (!closing_.load(std::memory_order_relaxed))
            items += place_orders();
        KONTOR_TRY(auto const ran, runner_.do_work(budget));
        KONTOR_TRY(auto const carried, carrier_.do_work(budget));
        completed_.store(placed_ - runner_.open_orders() - (placed_ - seen()),
                         std::memory_order_relaxed);
        is_at_rest_.store(runner_.open_orders() == 0 && seen() == placed_,
                          std::memory_order_relaxed);
        return WorkDone{items + ran.items + carried.items};
    }

    std::uint64_t completed() const { return completed_.load(std::memory_order_relaxed); }
    bool is_open() const { return is_open_.load(std::memory_order_acquire); }
    void close() { closing_ = true; }
    bool is_at_rest() const { return is_at_rest_.load(std::memory_order_acquire); }
    std::uint64_t placed() const { return placed_; }
    payments::Sandbox const& provider() const { return provider_; }

private:
    /// Orders whose placing the process has seen.
    std::uint64_t seen() const { return runner_.orders_seen(); }

    std::size_t open_shop() {
        std::size_t done = 0;
        for (; opened_ < sku_count && done < 256; ++done, ++opened_) {
            services::StockKey const key{warehouse(), skus_[opened_]};
            stock::Receive const receive{key.sku, key.location, Quantity::of(Quantity::max),
                                         "opening stock"};
            auto request =
                request_of(CommandId(Id128(1, opened_ + 1)), OrderId(), clock_.now(),
                           services::Compound{{services::On<services::StockItems>{key, receive}}});
            request.ticket = opened_ + 1;
            if (!client_.try_submit(std::move(request)))
                break;
        }
        is_open_.store(opened_ == sku_count, std::memory_order_release);
        return done;
    }

    std::size_t place_orders() {
        std::size_t done = 0;
        auto const now = clock_.now();
        while (placed_ - completed() < in_flight_max && done < 512) {
            auto const order = OrderId::mint(now, dice_);
            auto request = request_of(
                derive_id<CommandId>(order, "place"), order, now,
                services::Compound{{services::On<services::Orders>{order, an_order(order)}}});
            if (!client_.try_submit(std::move(request)))
                break;
            ++placed_;
            ++done;
        }
        return done;
    }

    order::Place an_order(OrderId id) {
        std::vector<order::Line> lines;
        for (std::size_t n = 0; n < lines_an_order; ++n) {
            auto const number = zipf_.draw();
            auto const units = dice_.between(1, 3);
            auto const price = static_cast<std::int64_t>(100 + number % 900);
            lines.push_back(testing::goods_line(static_cast<std::uint16_t>(n + 1), skus_[number],
                                                units, Money::of(price, Currency::gbp())));
        }
        auto place = testing::storefront_order(id, std::move(lines));
        place.customer_id = CustomerId(Id128(3, dice_.below(customer_count)));
        return place;
    }

    Clock& clock_;
    payments::Sandbox provider_;
    services::ShopClient& client_;
    CheckoutRunner runner_;
    CarrierRunner carrier_;
    Zipf zipf_;
    Random dice_;
    std::vector<Sku> skus_;
    std::size_t opened_{0};
    std::uint64_t placed_{0};
    std::uint64_t answered_{0};
    std::atomic<std::uint64_t> completed_{0};
    std::atomic<bool> is_open_{false};
    std::atomic<bool> closing_{false};
    std::atomic<bool> is_at_rest_{false};
};

/// Processor time of the whole process so far, in seconds.
double cpu_seconds() {
    struct rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval const& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class Condition>
void wait_until(Condition const& condition) {
    while (!condition())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

} // namespace

Report bench_checkout(BenchOptions const& options) {
    Report report{"checkout",
                  "orders of 3 lines over 10,000 SKUs (Zipf 0.9), 100,000 customers, placed to "
                  "completed, 4,096 in flight, "
                  "sandbox payments, every answer durable",
                  options.seed,
                  options.directory,
                  {},
                  {},
                  {}};
    auto const before = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    auto const store = open_fresh_store(options.directory + "/checkout");
    SystemClock clock;
    services::ShopDeskAgent desk(store->store(), services::Shop{{warehouse()}}, desk_states_max);
    Buyers buyers(*store, clock, desk, options.seed);
    auto const stop = [](Failure const& failure) {
        KONTOR_ASSERT(false, "{}", to_string(failure));
    };
    Runner desk_runner(desk, {}, stop);
    Runner buyers_runner(buyers, {}, stop);
    wait_until([&] { return buyers.is_open() && buyers.completed() > 0; });
    std::this_thread::sleep_for(std::chrono::milliseconds(500));

    auto const start = std::chrono::steady_clock::now();
    auto const at_start = buyers.completed();
    auto const cpu_at_start = cpu_seconds();
    std::this_thread::sleep_for(std::chrono::duration<double>(options.seconds));
    auto const completed = static_cast<double>(buyers.completed() - at_start);
    auto const cpu = cpu_seconds() - cpu_at_start;
    auto const elapsed =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    buyers.close();
    wait_until([&] { return buyers.is_at_rest(); });
    buyers_runner.stop();
    desk_runner.stop();

    auto const sums = testing::sum_up(store->store());
    KONTOR_ASSERT(sums.agree(),
                  "{} placed {} completed, {} total {} captured, {} ordered {} reserved {} issued",
                  sums.placed, sums.completed.size(), sums.total, sums.captured, sums.ordered,
                  sums.reserved, sums.issued);
    auto const after = measure_write_floor(options.directory, std::size_t{64} << 10, 1);
    report.floors.push_back(
        {"F1 synced write of 64 KiB", "/s", before.writes_per_second, after.writes_per_second});
    report.figures.push_back(
        {"completed orders", "/s", {completed / elapsed}, Goal::at_least, 100'000});
    report.figures.push_back(
        {"processor time an order, all threads", "us", {cpu * 1e6 / completed}});
    report.figures.push_back(
        {"events an order",
         "",
         {static_cast<double>(sums.events - sku_count) / static_cast<double>(sums.placed)}});
    report.notes.push_back(
        fmt::format("{} orders, {} events: every order completed, money and units add up",
                    sums.placed, sums.events));
    return report;
}

} // namespace kontor::bench
