#include "bench/checkout_load.hpp"

#include "adapters/payments/sandbox.hpp"
#include "bench/queued_services.hpp"
#include "bench/zipf.hpp"
#include "codec/event_types.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "services/views/models.hpp"
#include "tests/support/storefront.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <fmt/core.h>

#include <array>
#include <atomic>
#include <cmath>
#include <mutex>

namespace kontor::bench {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

constexpr std::uint64_t customer_count = 100'000;
constexpr std::size_t lines_an_order = 3;
constexpr std::size_t placed_at_once_max = 512;
constexpr std::size_t page_events_max = 1024;

/// All stock items and what is in flight; orders that have ended make room.
constexpr std::size_t desk_states_max = std::size_t{1} << 14;

/// Those that orders move: nobody changes a product or a customer here.
constexpr std::array<std::string_view, 3> model_names{"orders", "stock", "attention"};

Location warehouse() {
    return Location::parse("main").value();
}

services::ShopRequest request_of(CommandId id, OrderId order, Instant now, services::Work work) {
    return {id, order.value(), {}, now, {ActorKind::customer, {}}, std::move(work)};
}

template <class Condition>
void wait_until(Condition const& condition) {
    while (!condition())
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

/// When the next order is to be placed.
class Schedule {
public:
    explicit Schedule(std::uint64_t seed) : dice_(seed) {}

    void begin(double per_second) {
        per_second_ = per_second;
        next_ = std::chrono::steady_clock::now();
    }
    SteadyTime next() const { return next_; }
    void pass() {
        auto const chance = (static_cast<double>(dice_.next() >> 11) + 0.5) * 0x1p-53;
        next_ += std::chrono::duration_cast<SteadyTime::duration>(
            std::chrono::duration<double>(-std::log(chance) / per_second_));
    }

private:
    Random dice_;
    double per_second_{1};
    SteadyTime next_{};
};

/// What writes on the desk's thread.
class Writer final : public Agent {
public:
    Writer(services::ShopDeskAgent& desk, QueuedServices* services)
        : desk_(desk), services_(services) {}

    std::string_view name() const override { return desk_.name(); }
    bool is_awaited() const override { return desk_.is_awaited(); }
    Result<WorkDone> do_work(WorkBudget budget) override {
        KONTOR_TRY(auto done, desk_.do_work(budget));
        if (services_ != nullptr) {
            KONTOR_TRY(auto const written, services_->write(budget));
            done.items += written.items;
        }
        return done;
    }

private:
    services::ShopDeskAgent& desk_;
    QueuedServices* const services_;
};

} // namespace

class Buyers final : public Agent {
public:
    Buyers(ports::EventStore& log, Clock& clock, services::ShopDeskAgent& desk, std::uint64_t seed)
        : log_(log), clock_(clock), provider_(clock, Random(seed), {Duration(), Duration()}),
          client_(desk.add_client()),
          runner_(log, clock, provider_, payment::Provider("sandbox"), desk.add_client()),
          carrier_(log, clock, Random(seed), desk.add_client(),
                   {std::int64_t{1} << 50, services::Luck::always}),
          zipf_(checkout_skus, 0.9, seed), dice_(seed), schedule_(seed + 1) {
        for (std::size_t n = 0; n < checkout_skus; ++n)
            skus_.push_back(Sku::parse(fmt::format("SKU-{}", n)).value());
    }

    void follow_with(std::string_view model) {
        models_.push_back(
            std::make_unique<projections::Fold>(services::views::find_model(model)->make()));
    }

    void serve_with(QueuedServices& services) { services_ = &services; }

    std::string_view name() const override { return "buyers"; }

    Result<WorkDone> do_work(WorkBudget budget) override {
        while (client_.try_answer())
            ++answered_;
        auto items = opened_ < checkout_skus ? open_shop() : place_orders();
        KONTOR_TRY(auto const ran, runner_.do_work(budget));
        KONTOR_TRY(auto const carried, carrier_.do_work(budget));
        KONTOR_TRY(auto const seen, watch());
        items += ran.items + carried.items + seen;
        bool is_behind = false;
        if (services_ != nullptr) {
            KONTOR_TRY(auto const served, services_->do_work(budget));
            items += served.items;
            is_behind = !services_->is_at_rest();
        }
        for (auto const& model : models_) {
            auto const until = log_.durable().position;
            KONTOR_TRY(auto const folded,
                       model->follow(log_, ports::Limit(budget.items_max), until));
            items += folded;
            is_behind = is_behind || model->position() < log_.durable().position;
        }
        is_at_rest_.store(demand_.loop == Demand::Loop::none && answered_ == checkout_skus &&
                              runner_.open_orders() == 0 && completed() == placed_ && !is_behind,
                          std::memory_order_release);
        return WorkDone{items};
    }

    void demand(Demand demand) {
        std::lock_guard const lock(mutex_);
        wanted_ = demand;
    }
    Histogram take_latencies() {
        std::lock_guard const lock(mutex_);
        return std::exchange(latencies_, Histogram());
    }
    std::uint64_t completed() const { return completed_.load(std::memory_order_relaxed); }
    bool is_open() const { return is_open_.load(std::memory_order_acquire); }
    bool is_at_rest() const { return is_at_rest_.load(std::memory_order_acquire); }
    projections::Fold& model(std::size_t number) { return *models_[number]; }
    std::size_t model_count() const { return models_.size(); }

private:
    std::size_t open_shop() {
        std::size_t done = 0;
        for (; opened_ < checkout_skus && done < 256; ++done, ++opened_) {
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
        is_open_.store(opened_ == checkout_skus, std::memory_order_release);
        return done;
    }

    void take_up_demand() {
        std::lock_guard const lock(mutex_);
        if (!wanted_)
            return;
        demand_ = *std::exchange(wanted_, std::nullopt);
        if (demand_.loop == Demand::Loop::open)
            schedule_.begin(demand_.orders_per_second);
    }

    std::size_t place_orders() {
        take_up_demand();
        if (demand_.loop == Demand::Loop::none)
            return 0;
        std::size_t done = 0;
        auto const now = std::chrono::steady_clock::now();
        bool const is_open_loop = demand_.loop == Demand::Loop::open;
        while (placed_ - completed() < checkout_in_flight_max && done < placed_at_once_max) {
            if (is_open_loop && schedule_.next() > now)
                break;
            if (!place_one(is_open_loop ? schedule_.next() : now))
                break;
            if (is_open_loop)
                schedule_.pass();
            ++done;
        }
        return done;
    }

    bool place_one(SteadyTime intended) {
        auto const now = clock_.now();
        auto const order = OrderId::mint(now, dice_);
        auto request = request_of(
            derive_id<CommandId>(order, "place"), order, now,
            services::Compound{{services::On<services::Orders>{order, an_order(order)}}});
        if (!client_.try_submit(std::move(request)))
            return false;
        under_way_.emplace(order, intended);
        ++placed_;
        return true;
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

    /// Looks for orders that are complete, as the buyer who waits for it would.
    Result<std::size_t> watch() {
        KONTOR_TRY(auto const page, log_.read_log(watched_, ports::Limit(page_events_max)));
        if (page.empty())
            return std::size_t{0};
        watched_ = page.events.back().position;
        auto const now = std::chrono::steady_clock::now();
        std::lock_guard const lock(mutex_);
        for (auto const& event : page.events) {
            if (!codec::holds<order::Completed>(event.type))
                continue;
            auto const found = under_way_.find(OrderId(event.stream.id()));
            KONTOR_ASSERT(found != under_way_.end(), "an order completed that nobody waits for");
            latencies_.record(now - found->second);
            under_way_.erase(found);
            completed_.store(completed() + 1, std::memory_order_relaxed);
        }
        return page.events.size();
    }

    ports::EventStore& log_;
    Clock& clock_;
    payments::Sandbox provider_;
    services::ShopClient& client_;
    services::CheckoutRunner runner_;
    services::CarrierRunner carrier_;
    QueuedServices* services_{nullptr};
    std::vector<std::unique_ptr<projections::Fold>> models_;
    Zipf zipf_;
    Random dice_;
    Schedule schedule_;
    Demand demand_;
    std::vector<Sku> skus_;
    boost::unordered_flat_map<OrderId, SteadyTime, std::hash<OrderId>> under_way_;
    ports::Position watched_{};
    std::size_t opened_{0};
    std::uint64_t placed_{0};
    std::uint64_t answered_{0}; ///< of those that opened the shop
    std::atomic<std::uint64_t> completed_{0};
    std::atomic<bool> is_open_{false};
    std::atomic<bool> is_at_rest_{false};

    std::mutex mutex_; ///< guards what follows
    std::optional<Demand> wanted_;
    Histogram latencies_;
};

CheckoutLoad::CheckoutLoad(LogUnderTest& log, std::uint64_t seed, FollowingModels models,
                           Messaging messaging)
    : desk_(log.store(), services::Shop{{warehouse()}}, desk_states_max),
      services_(messaging == Messaging::bus_and_queues
                    ? std::make_unique<QueuedServices>(log.store(), clock_, desk_)
                    : nullptr),
      writer_(std::make_unique<Writer>(desk_, services_.get())),
      buyers_(std::make_unique<Buyers>(log.store(), clock_, desk_, seed)) {
    if (services_)
        buyers_->serve_with(*services_);
    if (models == FollowingModels::three)
        for (auto const name : model_names)
            buyers_->follow_with(name);
    auto const stop = [](Failure const& failure) {
        KONTOR_ASSERT(false, "{}", to_string(failure));
    };
    desk_runner_ = std::make_unique<Runner>(*writer_, IdleStrategy{}, stop);
    buyers_runner_ = std::make_unique<Runner>(*buyers_, IdleStrategy{}, stop);
    wait_until([&] { return buyers_->is_open() && buyers_->is_at_rest(); });
}

CheckoutLoad::~CheckoutLoad() {
    buyers_runner_.reset();
    desk_runner_.reset();
}

void CheckoutLoad::demand(Demand demand) {
    buyers_->demand(demand);
}

std::uint64_t CheckoutLoad::completed() const {
    return buyers_->completed();
}

Histogram CheckoutLoad::take_latencies() {
    return buyers_->take_latencies();
}

void CheckoutLoad::come_to_rest() {
    demand({});
    wait_until([&] { return buyers_->is_at_rest(); });
}

std::uint64_t CheckoutLoad::letters() const {
    return services_ ? services_->letters() : 0;
}

void CheckoutLoad::finish() {
    come_to_rest();
    buyers_runner_->stop();
    desk_runner_->stop();
}

std::vector<std::pair<std::string, projections::Fold*>> CheckoutLoad::models() {
    std::vector<std::pair<std::string, projections::Fold*>> named;
    for (std::size_t n = 0; n < buyers_->model_count(); ++n)
        named.emplace_back(model_names[n], &buyers_->model(n));
    return named;
}

} // namespace kontor::bench
