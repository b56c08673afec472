#pragma once

/// CheckoutLoad: a shop in a process, with everybody who wants something of it: buyers, order
/// process, carrier and provider, and read models in memory that follow, all on one thread as in a
/// server; the desk has its own, the disk a third.
///
/// Buyers come in closed loop, so many orders in flight, or in open loop at a rate: then an order
/// counts from the moment that the schedule says, however late it is placed.
/// Thread: the owner's, where nothing else is said.

#include "bench/histogram.hpp"
#include "bench/stores.hpp"
#include "platform/projections/fold.hpp"
#include "services/shop/shop.hpp"

#include <memory>

namespace kontor::bench {

/// 10,000 SKUs drawn by Zipf, 100,000 customers, 3 lines an order.
inline constexpr std::size_t checkout_skus = 10'000;
inline constexpr std::size_t checkout_in_flight_max = 4096;

/// How orders come in.
struct Demand {
    enum class Loop : unsigned char { none, closed, open };
    Loop loop{Loop::none};
    double orders_per_second{0}; ///< in open loop, on average, at times drawn as of Poisson
};

enum class FollowingModels : unsigned char { none, three };
/// Whether the bus stands beside it, with services that take their work from its queues.
enum class Messaging : unsigned char { none, bus_and_queues };

class Buyers;
class QueuedServices;

class CheckoutLoad {
public:
    /// Opens the shop with all it sells; nobody buys yet.
    CheckoutLoad(LogUnderTest& log, std::uint64_t seed, FollowingModels models,
                 Messaging messaging = Messaging::none);
    ~CheckoutLoad();
    CheckoutLoad(CheckoutLoad const&) = delete;
    CheckoutLoad& operator=(CheckoutLoad const&) = delete;

    void demand(Demand demand);
    /// Orders that were seen to be complete, and durable.   Thread: any.
    std::uint64_t completed() const;
    /// From intended placing to seen completion, of orders that completed since the last call.
    Histogram take_latencies();
    /// Lets all orders come to their end, and services and models to that of the log.
    void come_to_rest();
    /// Messages that were ended by services on queues.   Requires: it is at rest.
    std::uint64_t letters() const;
    /// Comes to rest and ends the threads.
    void finish();

    /// By name.   Requires: finish() was called.
    std::vector<std::pair<std::string, projections::Fold*>> models();

private:
    SystemClock clock_;
    services::ShopDeskAgent desk_;
    std::unique_ptr<QueuedServices> services_; ///< null: there are none
    std::unique_ptr<Agent> writer_;            ///< the desk, and the queues behind it
    std::unique_ptr<Buyers> buyers_;
    std::unique_ptr<Runner> desk_runner_;
    std::unique_ptr<Runner> buyers_runner_;
};

} // namespace kontor::bench
