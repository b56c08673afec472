#pragma once

/// QueueWorker: a service that takes its work from a queue. It reads what a message asks for, has
/// the desk decide it, and the message ends in the commit of what was decided.
///
///   received → asked of the desk → accepted: ended with the effect
///                                → refused, or not readable: a dead letter, with the cause
///                                → the world failed: tried again after a rest
///
/// Delivery: each message takes effect once, however often it comes: the id of its command derives
///           from what caused it, so a message that comes again, is sent again by an operator or
///           replayed from an archive finds that it was carried out. One that was edited after it
///           had taken effect is a dead letter that says so.
/// Thread: one at a time; the bell is rung on any.

#include "services/workers/job.hpp"
#include "services/workers/limits.hpp"

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "services/shop/shop.hpp"

#include <atomic>
#include <deque>
#include <map>
#include <string>

namespace kontor::services {

/// How a worker has fared since it was made. A message is counted once, when it is out of hand.
struct QueueWorkerCounters {
    std::uint64_t done{0};
    std::uint64_t repeated{0}; ///< it had taken effect before
    std::uint64_t idle{0};     ///< it asks for nothing
    std::uint64_t dead{0};
    std::uint64_t rests{0}; ///< times that the world kept one from being handled
};

class QueueWorker final : public Agent, private ports::QueueBell {
public:
    /// What a worker needs. All outlive it; the client is its own.
    struct Parts {
        ports::Queue& queue;
        ports::QueueProgress& progress;
        Clock& clock;
        ShopClient& client;
    };
    QueueWorker(Parts parts, QueueJob job);
    ~QueueWorker() override;

    std::string_view name() const override { return job_.queue.view(); }
    /// Errors: corrupt, broken (the queues'); what a queue answers to nobody's surprise is waited
    ///         out.
    Result<WorkDone> do_work(WorkBudget budget) override;

    bool is_idle() const { return in_hand_.empty(); }
    /// When it wants to be called though nobody brings anything, so that a virtual clock may jump
    /// there.
    std::optional<Instant> next_due();
    QueueWorkerCounters const& counters() const { return counters_; }

private:
    enum class Stage : std::uint8_t { to_ask, asked, to_end };
    struct InHand {
        ports::ReceivedMessage message;
        Stage stage{Stage::to_ask};
        Duration not_before{};          ///< monotonic; to ask
        ports::Settlement settlement{}; ///< to end
    };
    using Hand = std::map<std::uint64_t, InHand>;

    void ring(ports::QueueName const& queue) override;
    void ring_durable() override {}

    Result<std::size_t> receive(std::size_t up_to);
    /// False: the desk's inbox is full.
    bool ask(Hand::value_type& held);
    std::size_t take_answers();
    void take(InHand& held, ShopAnswer const& answer);
    void end(InHand& held, ports::Ending ending, std::string cause = {});
    void rest(InHand& held);
    void end_messages();

    Parts const parts_;
    QueueJob const job_;
    Hand in_hand_; ///< by ticket
    std::uint64_t tickets_{0};
    std::atomic<bool> has_news_{true};
    std::optional<Instant> ask_again_at_{};
    QueueWorkerCounters counters_;
};

} // namespace kontor::services
