#include "programs/node/node.hpp"

#include "programs/node/provider_memory.hpp"
#include "services/views/models.hpp"
#include "services/workers/warehouse_news.hpp"
#include "topology/shop.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace kontor::programs {
namespace {

/// Every customer waits for the desk: it sleeps, but briefly.
constexpr IdleStrategy awaited{200, Duration::microseconds(20), Duration::microseconds(250)};

/// Behind the log nobody is waited for as the desk is: a follower may sleep sooner and longer, and
/// lets those go first whom a customer waits for.
constexpr IdleStrategy unhurried{.spins_max = 16,
                                 .sleep_min = Duration::microseconds(100),
                                 .sleep_max = Duration::milliseconds(2),
                                 .nice = 10};

/// Looking at every open order costs a little; who reads the figures need not have them of now.
constexpr Duration looks_apart = Duration::seconds(2);
/// A deadline that has just come is no delay.
constexpr Duration overdue_after = Duration::seconds(5);

/// Rows are written so much apart at least: what changes often is written once, and whoever looks
/// after writing, from another process, finds it there.
constexpr auto row_writes_apart = Duration::milliseconds(5);

/// How long a stop waits for what was accepted; the disk has stopped answering beyond it.
constexpr auto last_answers_within = std::chrono::seconds(5);

} // namespace

class Node::CountedDesk final : public Agent {
public:
    CountedDesk(services::ShopDeskAgent& desk, hosting::JournaledQueues* queues,
                telemetry::Metrics& metrics)
        : desk_(desk), queues_(queues),
          commands_(
              metrics.counter("kontor_desk_commands_total", "Commands that the desk has decided.")),
          refusals_(metrics.counter("kontor_desk_refusals_total",
                                    "Commands that a rule of the shop refused.")),
          replays_(metrics.counter("kontor_desk_replays_total",
                                   "Commands answered from their remembered outcome.")),
          conflicts_(metrics.counter("kontor_desk_conflicts_total",
                                     "Commands that another writer overtook.")),
          appends_(metrics.counter("kontor_desk_appends_total", "Batches given to the log.")),
          failures_(metrics.counter("kontor_desk_failures_total",
                                    "Commands that the world kept from being decided.")) {}

    std::string_view name() const override { return desk_.name(); }
    bool is_awaited() const override { return desk_.is_awaited(); }

    Result<WorkDone> do_work(WorkBudget budget) override {
        auto const turn = turns_.fetch_add(1, std::memory_order_acq_rel) + 1;
        auto done = desk_.do_work(budget);
        auto const& now = desk_.desk().counters();
        commands_.set_total(now.commands);
        refusals_.set_total(now.refusals);
        replays_.set_total(now.replays);
        conflicts_.set_total(now.conflicts);
        appends_.set_total(now.appends);
        failures_.set_total(now.failures);
        if (queues_ != nullptr && done) {
            KONTOR_TRY(auto const written, queues_->do_work(budget));
            done->items += written.items;
        }
        if (desk_.desk().is_idle() && done && done->items == 0 &&
            (queues_ == nullptr || queues_->is_idle()))
            last_idle_turn_.store(turn, std::memory_order_release);
        return done;
    }

    std::uint64_t turns() const { return turns_.load(std::memory_order_acquire); }

    /// Whether a turn that began after so many of them found nothing to do. An earlier one proves
    /// nothing: what was sent meanwhile may have come behind its back.
    bool was_idle_after(std::uint64_t turns) const {
        return last_idle_turn_.load(std::memory_order_acquire) > turns;
    }

private:
    services::ShopDeskAgent& desk_;
    hosting::JournaledQueues* const queues_; ///< null: there are none
    telemetry::Counter& commands_;
    telemetry::Counter& refusals_;
    telemetry::Counter& replays_;
    telemetry::Counter& conflicts_;
    telemetry::Counter& appends_;
    telemetry::Counter& failures_;
    std::atomic<std::uint64_t> turns_{0};
    std::atomic<std::uint64_t> last_idle_turn_{0};
};

Node::Node(ports::EventStore& store, ports::ReadModels& models, Clock& clock,
           telemetry::Metrics& metrics, NodeOptions options)
    : store_(store), models_(models), clock_(clock),
      sealing_(options.keys != nullptr ? std::make_unique<Sealing>(store, clock, options)
                                       : nullptr),
      desk_(store, sealed_shop(options.shop, sealing_.get())),
      counted_desk_(std::make_unique<CountedDesk>(desk_, options.queues, metrics)),
      provider_(clock, Random(options.seed).fork("provider"), options.provider),
      has_outside_(options.outside != nullptr),
      checkout_(store, clock, has_outside_ ? *options.outside : provider_,
                payment::Provider("sandbox"), desk_.add_client()),
      inventory_(store, clock, desk_.add_client()), documents_(store, clock, desk_.add_client()),
      bus_counters_(metrics), followers_(store, clock),
      compensations_(metrics.counter("kontor_compensation_total",
                                     "Steps of orders that took something back: what was "
                                     "promised, held, packed or paid.")) {
    if (sealing_)
        checkout_.open_by(&sealing_->checkout_opener);
    followers_.add(
        checkout_,
        [this] {
            look_at_open_orders();
            return Followers::Standing{checkout_.position()};
        },
        Sells::yes);
    followers_.add(
        inventory_, [this] { return Followers::Standing{inventory_.position()}; }, Sells::yes);
    if (options.carrier) {
        carrier_.emplace(store, clock, Random(options.seed).fork("carrier"), desk_.add_client(),
                         *options.carrier);
        followers_.add(*carrier_, [this] { return Followers::Standing{carrier_->position()}; });
    }
    if (sealing_)
        followers_.add(sealing_->keeper,
                       [this] { return Followers::Standing{sealing_->keeper.position()}; });
    followers_.add(documents_, [this] { return Followers::Standing{documents_.position()}; });
    if (options.queues != nullptr)
        desk_.desk().settle_by(*options.queues);
    if (options.blackbox != nullptr)
        desk_.desk().name_in(options.blackbox->hand(desk_.name()));
    add_bus(options);
    add_rows(options);
}

/// The bus, and the services that take their work from its queues.
void Node::add_bus(NodeOptions& options) {
    if (options.queues == nullptr || !options.bus)
        return;
    auto& queues = *options.queues;
    router_.emplace(store_, queues, clock_, topology::shop, *std::move(options.bus));
    followers_.add(counted_router_.emplace(*router_, bus_counters_), [this] {
        // Who waits until somebody empties a queue is behind, and the shop sells on meanwhile.
        return Followers::Standing{router_->position(),
                                   router_->is_held_up() ? Pace::paused : Pace::follows};
    });
    if (options.takes_warehouse_news)
        followers_.add(
            warehouse_.emplace(services::QueueWorker::Parts{queues.queue(), queues.progress(),
                                                            clock_, desk_.add_client()},
                               services::warehouse_job(store_, options.shop.locations)));
}

void Node::add_rows(NodeOptions const& options) {
    for (auto const& model : services::views::kept_models()) {
        auto& made = *projectors_.emplace_back(std::make_unique<projections::Projector>(
            store_, models_, model.make,
            projections::ProjectorOptions{projections::CheckOnStart::rows, options.lineage,
                                          row_writes_apart, &clock_}));
        Agent* follower = &made;
        if (options.blackbox != nullptr)
            follower = &watched_.emplace_back(made, options.blackbox->hand(made.name()));
        auto const standing = [&made] {
            auto const status = made.status();
            auto const pace = status.state != projections::ProjectorState::paused ? Pace::follows
                              : status.pause_reason.empty()                       ? Pace::paused
                                                                                  : Pace::halted;
            return Followers::Standing{status.checkpoint.position, pace};
        };
        followers_.add(*follower, standing);
    }
}

services::Shop Node::sealed_shop(services::Shop shop, Sealing* sealing) {
    if (sealing != nullptr) {
        shop.sealer = &sealing->sealer;
        shop.opener = &sealing->desk_opener;
    }
    return shop;
}

void Node::look_at_open_orders() {
    open_orders_.store(checkout_.open_orders(), std::memory_order_relaxed);
    compensations_.set_total(checkout_.compensations());
    auto const at = clock_.monotonic();
    if (looked_at_ != Duration() && at - looked_at_ < looks_apart)
        return;
    looked_at_ = at;
    auto const now = clock_.now();
    auto const figures = checkout_.open_figures(now - overdue_after);
    auto const age = figures.oldest ? now - *figures.oldest : Duration();
    oldest_age_us_.store(age.in_microseconds(), std::memory_order_relaxed);
    overdue_.store(figures.overdue, std::memory_order_relaxed);
}

Node::~Node() {
    followers_runner_.reset();
    desk_runner_.reset();
}

Result<void> Node::recover() {
    if (sealing_)
        KONTOR_TRY(sealing_->keeper.recover()); // before anything is opened or sealed
    if (!has_outside_)
        KONTOR_TRY(remember_payments(store_, provider_));
    KONTOR_TRY(checkout_.recover());
    KONTOR_TRY(inventory_.recover());
    KONTOR_TRY(documents_.recover());
    if (carrier_)
        KONTOR_TRY(carrier_->recover());
    if (router_)
        KONTOR_TRY(router_->recover());
    return {};
}

void Node::start() {
    auto const keep = [this](Failure const& failure) { keep_failure(failure); };
    desk_runner_ = std::make_unique<Runner>(*counted_desk_, awaited, keep);
    followers_runner_ = std::make_unique<Runner>(followers_, unhurried, keep);
}

void Node::stop() {
    followers_runner_.reset();
    for (auto& projector : projectors_)
        if (auto settled = projector->settle(); !settled)
            keep_failure(settled.error());
    auto const last = std::chrono::steady_clock::now() + last_answers_within;
    auto const turns = counted_desk_->turns();
    while (desk_runner_ && !desk_runner_->has_ended() && !counted_desk_->was_idle_after(turns) &&
           std::chrono::steady_clock::now() < last)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    desk_runner_.reset();
}

std::optional<Failure> Node::failure() const {
    std::lock_guard const guard(mutex_);
    return failure_;
}

void Node::keep_failure(Failure const& failure) {
    std::lock_guard const guard(mutex_);
    if (!failure_)
        failure_ = failure;
}

} // namespace kontor::programs
