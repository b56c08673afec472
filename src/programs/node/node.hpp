#pragma once

/// Node: a whole shop in one process, over a log that is open: the desk, the order process with the
/// sandbox provider, inventory, the demo's carrier, who numbers documents, and the read models,
/// each behind the log. What listens on sockets, and the thread that writes the log, are the
/// program's.
///
///   made → recover → start → stop
///
/// Thread: the owner's; `failure`, `lags` and the counters of its agents from any.
/// Invariants: 1. Nothing decides before what is open was read: a start goes on where it stopped.
///             2. The first Failure that an agent returns is kept; the node is of no use from then
///                on and must be stopped.

#include "adapters/payments/sandbox.hpp"
#include "platform/blackbox/blackbox.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"
#include "platform/projections/projector.hpp"
#include "platform/telemetry/metrics.hpp"
#include "programs/node/counted_router.hpp"
#include "programs/node/followers.hpp"
#include "programs/node/watched_projector.hpp"
#include "runtime/runner.hpp"
#include "services/carrier/carrier_runner.hpp"
#include "services/checkout/checkout_runner.hpp"
#include "services/documents/document_runner.hpp"
#include "services/inventory/inventory_runner.hpp"
#include "services/people/key_keeper.hpp"
#include "services/workers/queue_worker.hpp"

#include <deque>
#include <memory>
#include <optional>

namespace kontor::programs {

struct NodeOptions {
    services::Shop shop{};
    std::uint64_t seed{42}; ///< of the provider's and the carrier's dice
    Id128 lineage{};        ///< of the log
    payments::SandboxOptions provider{};
    /// Present: asked instead of the sandbox inside; it keeps its own book and outlives the node.
    ports::PaymentProvider* outside{nullptr};
    /// Present: the demo's carrier brings parcels; else people do.
    std::optional<services::CarrierOptions> carrier{};
    /// What is personal is sealed by these, with chance from `secrets`; they outlive the node.
    /// None: it is stored in the clear.
    sealing::PersonKeys* keys{nullptr};
    ports::SecretSource* secrets{nullptr};
    /// Present: the desk and the read models name in it what they handle. It outlives the node.
    blackbox::Blackbox* blackbox{nullptr};
    /// Present: their facts are written by the desk's thread, for there is one writer. They are
    /// recovered before the start, and outlive the node.
    hosting::JournaledQueues* queues{nullptr};
    /// Present, and queues too: the shop's facts go through the bus of the topology into them, and
    /// services take their work from there.
    std::optional<router::RouterOptions> bus{};
    /// False: somebody else receives from `inventory-updates`.
    bool takes_warehouse_news{true};
};

class Node {
public:
    /// All outlive the node.
    Node(ports::EventStore& store, ports::ReadModels& models, Clock& clock,
         telemetry::Metrics& metrics, NodeOptions options);
    ~Node();

    /// Whoever asks the desk; before `start`.
    services::ShopClient& add_client() { return desk_.add_client(); }

    /// Reads what is open, and tells the provider what it did.   Errors: unavailable, corrupt.
    Result<void> recover();
    void start();
    /// Whatever was accepted is answered first. Nobody may ask any more.
    void stop();

    /// Null: there is no bus.
    router::Router* router() { return router_ ? &*router_ : nullptr; }

    /// What ended an agent.
    std::optional<Failure> failure() const;
    std::vector<FollowerLag> lags() const { return followers_.lags(); }
    /// As Followers says.   Thread: any.
    std::uint64_t backlog() const { return followers_.backlog(); }
    /// Requests that wait for the desk.
    std::size_t inbox_depth() const { return desk_.inbox_depth(); }
    /// Orders whose process has not ended.
    std::size_t open_orders() const { return open_orders_.load(std::memory_order_relaxed); }
    /// How long the first of them has been open, as it was a moment ago; and how many of them wait
    /// for something that should be there by now.
    Duration oldest_order_age() const {
        return Duration::microseconds(oldest_age_us_.load(std::memory_order_relaxed));
    }
    std::size_t overdue_orders() const { return overdue_.load(std::memory_order_relaxed); }
    projections::Projector& projector(std::size_t index) { return *projectors_[index]; }
    std::size_t projectors() const { return projectors_.size(); }

private:
    /// The desk, with what it counts put where others can read it.
    class CountedDesk;

    /// Who seals and opens, each for one thread, and who keeps the keys.
    struct Sealing {
        Sealing(ports::EventStore& store, Clock& clock, NodeOptions const& options)
            : sealer(*options.keys, *options.secrets), desk_opener(*options.keys),
              checkout_opener(*options.keys), keeper(store, *options.keys, clock, options.lineage) {
        }
        sealing::Sealer sealer;
        sealing::Opener desk_opener;
        sealing::Opener checkout_opener;
        services::KeyKeeper keeper;
    };

    void add_bus(NodeOptions& options);
    void add_rows(NodeOptions const& options);
    void look_at_open_orders();
    void keep_failure(Failure const& failure);
    static services::Shop sealed_shop(services::Shop shop, Sealing* sealing);

    ports::EventStore& store_;
    ports::ReadModels& models_;
    Clock& clock_;
    std::unique_ptr<Sealing> sealing_; ///< null: nothing is sealed
    services::ShopDeskAgent desk_;
    std::unique_ptr<CountedDesk> counted_desk_;
    payments::Sandbox provider_;
    bool const has_outside_;
    services::CheckoutRunner checkout_;
    services::InventoryRunner inventory_;
    std::optional<services::CarrierRunner> carrier_;
    services::DocumentRunner documents_;
    std::optional<services::QueueWorker> warehouse_; ///< none: no bus
    BusCounters bus_counters_;
    std::optional<router::Router> router_; ///< none: no bus
    std::optional<CountedRouter> counted_router_;
    std::vector<std::unique_ptr<projections::Projector>> projectors_;
    std::deque<WatchedProjector> watched_; ///< the same, named in the blackbox
    Followers followers_;
    std::atomic<std::size_t> open_orders_{0};
    std::atomic<std::int64_t> oldest_age_us_{0};
    std::atomic<std::size_t> overdue_{0};
    Duration looked_at_{}; ///< the followers' thread's
    telemetry::Counter& compensations_;

    mutable std::mutex mutex_;
    std::optional<Failure> failure_; ///< guarded by `mutex_`
    std::unique_ptr<Runner> desk_runner_;
    std::unique_ptr<Runner> followers_runner_;
};

} // namespace kontor::programs
