#pragma once

/// QueueJournal: keeps the facts of queues in the log. What was decided is encoded at once and
/// waits; whoever writes the log (the desk's thread, for the desk is the only writer) appends it
/// with `write`, all that came meanwhile in one go. Contents lie in the log alone once they can be
/// read there and there is no room for them here.
///
/// Thread: the keeper's calls under the host's lock; `write` and `recover` on the writer's thread;
///         `read_content` on any.
/// Invariants: 1. Facts are appended in the sequence in which they were decided.
///             2. durable() covers a mark only when the store's durable() covers all facts to it.
///             3. Facts of one beginning stand in one commit, but for a very long row of sends.

#include "platform/messaging/hosting/hosted_queues.hpp"
#include "platform/messaging/hosting/queue_checkpoints.hpp"
#include "ports/event_store.hpp"
#include "ports/settling.hpp"

#include <deque>

namespace kontor::hosting {

class QueueJournal final : public QueueKeeper {
public:
    /// The store outlives it, and its appends may be twice as large as the goal.
    QueueJournal(ports::EventStore& store, ports::SecretSource& secrets, BatchGoal goal = {});

    Result<void> may_begin() const override;
    Result<void> may_receive() const override;
    void begin(Instant now) override;
    ports::QueueMark record(Id128 queue, queue::Event const& fact) override;
    ports::QueueMark durable() override { return durable_; }
    ports::QueueMark begin_with(std::span<Companion const> companions, std::size_t bytes) override;
    Result<void> begin_in(ports::Batch& batch, Instant now) override;
    Result<queues::Content> read_content(std::uint64_t position) override;

    /// Folds what the log has, from the checkpoint on where there is one. Before anybody asks the
    /// host.
    /// Errors:   unavailable, corrupt, unsupported (a newer release wrote it).
    Result<void> recover(HostedQueues& host, QueueCheckpoints* checkpoints);

    /// Appends what waits and says what became durable; how many batches were appended. While facts
    /// that were given into somebody's batch are not appended, nothing is: it was decided later.
    /// Errors:   what the store says, but not `full`: then it waits for the next call.
    Result<std::size_t> write(HostedQueues& host);

    /// A batch with facts of queues in it (`begin_in`) was appended. Before the next `write`.
    /// Returns: whether the commit that they stand in was accepted: another writer may have been
    ///          first. Who sends is the only writer.
    bool note_given(HostedQueues& host, ports::Batch const& batch, ports::Appended const& appended);

    /// The last end of messages that was given.
    struct GivenEnd {
        Id128 queue{};
        queue::MessagesSettled fact{};
    };
    GivenEnd const& given_end() const { return given_end_; }
    /// Gives it once more, into another batch.   Errors: as begin_in.
    Result<void> give_again(HostedQueues& host, ports::Batch& batch, GivenEnd const& end);

    /// Nothing waits, for the store or for the disk.   Thread: the writer's.
    bool is_idle(HostedQueues& host);

private:
    /// Facts that go into one append.
    struct Waiting {
        ports::Batch batch{};
        ports::QueueMark mark{};
        std::vector<KeptContent> contents{}; ///< `position`: which event of the batch, from 0
    };
    /// Facts that were appended and are not durable yet.
    struct Appended {
        ports::QueueMark mark{};
        ports::AppendNumber append{};
        std::vector<KeptContent> contents{};
    };

    Waiting& open_batch(std::size_t more_bytes);
    void open_commit(Waiting& waiting);
    void put(Id128 queue, queue::Event const& fact, ports::Batch& batch,
             std::vector<KeptContent>& contents);
    // Under the host's lock.
    bool take_next();
    void note_appended(ports::Appended const& appended);
    /// Errors: what the store says.
    Result<void> append_all();

    void note_durable(HostedQueues& host);

    ports::EventStore& store_;
    Random dice_; ///< for the ids of commits
    BatchGoal const goal_;

    // Under the host's lock.
    std::deque<Waiting> waiting_;
    std::vector<Waiting> spare_;
    std::deque<Appended> appended_;
    std::size_t waiting_bytes_{0};
    Instant now_{};
    bool is_commit_open_{false};
    bool is_one_commit_{false}; ///< however much there is, until the next beginning
    ports::QueueMark latest_{};
    ports::QueueMark durable_{};
    ports::Batch* given_into_{nullptr};
    Appended given_{};            ///< what was given and is not appended; its mark is 0: nothing
    std::size_t given_commit_{0}; ///< where in the batch
    GivenEnd given_end_{};

    // The writer's alone.
    Waiting writing_;
};

/// Queues whose facts are in the log: host and keeper together. As an agent it carries out move
/// tasks and writes: it runs on the thread that writes the log.
class JournaledQueues final : public Agent, public ports::Settling {
public:
    /// All outlive it.
    /// Requires: as of QueueJournal.
    JournaledQueues(ports::EventStore& store, Clock& clock, ports::SecretSource& secrets,
                    BatchGoal goal = {})
        : journal_(store, secrets, goal), hosted_(clock, secrets, &journal_) {}

    /// Null: there are no checkpoints.   Errors: unavailable, corrupt, unsupported.
    Result<void> recover(QueueCheckpoints* checkpoints = nullptr) {
        return journal_.recover(hosted_, checkpoints);
    }

    ports::Queue& queue() { return hosted_; }
    ports::QueueAdmin& admin() { return hosted_; }
    ports::MoveTasks& moves() { return hosted_; }
    ports::DeadLetters& letters() { return hosted_; }
    ports::QueueProgress& progress() { return hosted_; }
    bool is_whole() { return hosted_.is_whole(); }
    std::vector<std::uint8_t> standing() { return hosted_.standing(); }
    bool is_idle() { return journal_.is_idle(hosted_); }
    /// As HostedQueues::figures.   Thread: any.
    std::vector<queues::ShownFigures> figures(std::size_t shown_max) {
        return hosted_.figures(shown_max);
    }

    /// As HostedQueues::send_with: what is sent, and facts of the sender's own, in one commit.
    /// Errors:   full; nothing was sent then.   Thread: any.
    Result<ports::QueueMark, ports::QueueFault>
    send_with(std::span<Companion const> companions, std::size_t bytes,
              std::function<void(SendOne const&)> const& sending) {
        return hosted_.send_with(companions, bytes, sending);
    }

    // For whoever appends the effects of a message together with what settles it: the writer's
    // thread.

    /// Decides, and writes the facts into the open commit of a batch, which must be appended next.
    /// Errors:   queue_does_not_exist; full and what the store says: nothing was decided then.
    Result<EffectAnswers, ports::QueueFault> give(ports::Batch& batch,
                                                  QueueEffects const& effects) {
        return hosted_.give(batch, effects);
    }
    /// It was appended, and accepted.
    void given(ports::Batch const& batch, ports::Appended const& appended) {
        static_cast<void>(journal_.note_given(hosted_, batch, appended));
    }
    Result<void> settle_in(ports::Batch& batch, ports::TakenMessage const& message) override;
    void appended(ports::Batch const& batch, ports::Appended const& appended) override;

    std::string_view name() const override { return "queues"; }
    /// Errors:   what the store says, but not `full`.
    Result<WorkDone> do_work(WorkBudget budget) override;

private:
    /// A message that ended here and not in the log, for another writer overtook its commit. It
    /// ends in the commit that takes the place of that one; without one, it comes again in the next
    /// life of the process.
    using Overtaken = std::map<ports::ReceiptHandle, QueueJournal::GivenEnd>;

    QueueJournal journal_;
    HostedQueues hosted_;
    std::optional<ports::ReceiptHandle> ending_{}; ///< in the batch that is appended next
    Overtaken overtaken_{};                        ///< with the facts that were given
};

} // namespace kontor::hosting
