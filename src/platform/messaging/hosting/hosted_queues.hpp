#pragma once

/// HostedQueues: the state machine of queues with a clock, a lock and bells: all ports of queues,
/// in RAM, and durable where a keeper keeps the facts. As an agent it carries out move tasks.
///
/// Thread: any, as the ports say; one lock guards all, and no call holds it while it waits or
/// reads.
/// Invariants: 1. A bell is rung after the change, and outside the lock of the queues.
///             2. What a call decided is kept together.

#include "platform/messaging/hosting/keeper.hpp"
#include "platform/messaging/queues/queues.hpp"

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "ports/secret_source.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace kontor::hosting {

/// What handling a message brought about in queues: it is settled, and others are sent.
struct QueueEffects {
    struct Sending {
        ports::QueueName queue;
        ports::SenderId sender;
        std::vector<ports::OutgoingMessage> messages;
    };
    ports::QueueName settled_in{}; ///< where there are settlements
    std::vector<ports::Settlement> settlements{};
    std::vector<Sending> sends{};
};

/// An answer for each, in the same sequence.
struct EffectAnswers {
    std::vector<Result<ports::Settled, ports::QueueRefusal>> settlements{};
    std::vector<ports::QueueAnswers<ports::SentMessage>> sends{};
    ports::QueueMark mark{};
};

/// Sends one message, within one decision.
/// Errors: queue_does_not_exist, and those of an entry of ports::Queue::send.
using SendOne = std::function<Result<ports::SentMessage, ports::QueueRefusal>(
    ports::QueueName const&, ports::SenderId const&, ports::OutgoingMessage const&)>;

class HostedQueues final : public ports::Queue,
                           public ports::QueueAdmin,
                           public ports::MoveTasks,
                           public ports::DeadLetters,
                           public ports::QueueProgress,
                           public Agent,
                           private queues::Recorder {
public:
    /// All outlive it; without a keeper it keeps nothing.
    HostedQueues(Clock& clock, ports::SecretSource& secrets, QueueKeeper* keeper = nullptr);

    Result<ports::QueueAnswers<ports::SentMessage>, ports::QueueFault>
    send(ports::QueueName const& queue, ports::SenderId const& sender,
         std::span<ports::OutgoingMessage const> messages) override;
    Result<ports::Received, ports::QueueFault>
    receive(ports::QueueName const& queue, ports::ReceiveRequest const& request) override;
    Result<ports::QueueAnswers<ports::Settled>, ports::QueueFault>
    settle(ports::QueueName const& queue, std::span<ports::Settlement const> settlements) override;
    Result<ports::QueueAnswers<ports::Extended>, ports::QueueFault>
    extend(ports::QueueName const& queue, std::span<ports::Extension const> extensions) override;
    Result<ports::QueueDepth, ports::QueueFault> depth(ports::QueueName const& queue) override;

    Result<ports::QueueMark, ports::QueueFault> create(ports::QueueName const& queue,
                                                       ports::QueueKind kind,
                                                       ports::QueueChange const& change,
                                                       ports::QueueOwner owner) override;
    Result<ports::QueueMark, ports::QueueFault> change(ports::QueueName const& queue,
                                                       ports::QueueChange const& change,
                                                       ports::QueueOwner by) override;
    Result<ports::QueueMark, ports::QueueFault> remove(ports::QueueName const& queue,
                                                       ports::QueueOwner by) override;
    Result<ports::QueueMark, ports::QueueFault> purge(ports::QueueName const& queue) override;
    Result<ports::QueueMark, ports::QueueFault> set_flow(ports::QueueName const& queue,
                                                         ports::QueueFlow flow) override;
    Result<ports::QueueDescription, ports::QueueFault> find(ports::QueueName const& queue) override;
    Result<std::vector<ports::QueueName>, ports::QueueFault>
    list(ports::QueueSelection const& selection) override;

    Result<ports::MoveStarted, ports::QueueFault>
    start_move(ports::MoveRequest const& request) override;
    Result<ports::MoveCancelled, ports::QueueFault> cancel_move(ports::MoveTaskId task) override;
    Result<std::vector<ports::MoveTask>, ports::QueueFault>
    list_moves(ports::QueueName const& source, ports::Limit limit) override;
    Result<std::vector<ports::MoveTask>, ports::QueueFault>
    latest_moves(ports::Limit limit) override;

    Result<ports::Peeked, ports::QueueFault> peek(ports::QueueName const& queue,
                                                  ports::PeekRequest const& request) override;
    Result<ports::QueueAnswers<ports::Discarded>, ports::QueueFault>
    discard(ports::QueueName const& queue,
            std::span<ports::SequenceNumber const> messages) override;
    Result<ports::Retried, ports::QueueFault> retry(ports::QueueName const& queue,
                                                    ports::RetryRequest const& request) override;

    ports::QueueMark durable() override;
    void listen(ports::QueueBell& bell) override;
    void forget(ports::QueueBell& bell) override;

    std::string_view name() const override { return "queues"; }
    /// Carries out move tasks.   Errors: none.
    Result<WorkDone> do_work(WorkBudget budget) override;

    // For the keeper, on its thread.

    /// Decides, and has the facts go into the open commit of a batch: a settlement and its effects
    /// are one append.
    /// Requires: a keeper; all queues that it names exist.
    /// Errors:   queue_does_not_exist, full, and what the store says.   Thread: the log's writer's.
    Result<EffectAnswers, ports::QueueFault> give(ports::Batch& batch, QueueEffects const& effects);

    /// Has whatever `sending` sends, and facts of the sender's own, stand in one commit. Nobody
    /// else decides meanwhile: what was refused may become a dead letter in the same commit.
    /// `bytes`: about so much is sent; all of it must fit into one commit of the log.
    /// Requires: a keeper; `sending` calls nothing else of the queues.
    /// Errors:   full; nothing was sent then.   Thread: any.
    Result<ports::QueueMark, ports::QueueFault>
    send_with(std::span<Companion const> companions, std::size_t bytes,
              std::function<void(SendOne const&)> const& sending);

    /// What is counted of queues, the first by name.   Thread: any.
    std::vector<queues::ShownFigures> figures(std::size_t shown_max);

    /// As queues::Queues, before anybody asks.   Errors: corrupt; then nothing stands.
    Result<void> restore(std::span<std::uint8_t const> standing);
    /// In all queues.
    std::uint64_t messages();
    /// As queues::Queues has it, for whoever compares.
    std::vector<std::uint8_t> standing();
    /// Folds what the log has, before anybody asks.
    void replay(Id128 queue, queue::Event fact, std::uint64_t position);
    /// These contents lie in the log and can be read; they stay here as well while there is room.
    void place(std::span<KeptContent const> contents);
    /// What `durable` says has grown.
    void tell_durable();
    /// Runs while nobody else decides: for what the keeper shares with the host.
    std::mutex& lock() { return mutex_; }
    /// Whether all queues conserve, and their counts are right.
    bool is_whole();

private:
    ports::QueueMark record(Id128 queue, queue::Event const& fact) override;
    /// What the keeper is asked before something is decided; null: nothing.
    using Permission = Result<void> (QueueKeeper::*)() const;
    static constexpr Permission not_asked = nullptr;
    /// Decides under the lock, and rings afterwards.   Errors: what `decide` says, full.
    template <class Decide>
    auto decide(Decide const& decide, Permission permission = &QueueKeeper::may_begin)
        -> Result<typename std::invoke_result_t<Decide, Instant>::value_type, ports::QueueFault>;
    queues::Decided<EffectAnswers> decide_effects(QueueEffects const& effects, Instant now);
    /// Something may be there for whoever waits for this queue.
    void touch(Id128 queue);
    void ring(std::vector<ports::QueueName> const& names);
    /// Errors: unavailable, corrupt.
    Result<void> read_contents(queues::HandedOut& out);

    Clock& clock_;
    ports::SecretSource& secrets_;
    QueueKeeper* const keeper_;
    std::mutex mutex_;
    Random dice_; ///< for ids
    queues::Queues queues_;
    std::map<Id128, ports::QueueName> waited_for_; ///< a receive found nothing since the last ring
    std::vector<ports::QueueName> to_ring_;

    std::mutex bells_mutex_;
    std::vector<ports::QueueBell*> bells_;
};

} // namespace kontor::hosting
