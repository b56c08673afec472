#pragma once

/// Queues: all queues of a house, as a pure state machine. A call says what time it is and decides;
/// what it decided are facts, which the recorder keeps and a fold turns into state. The same facts,
/// folded anew, give the same queues, but that nothing is in flight: whoever had a message lost it.
///
/// No clock, no dice, no I/O. Thread: one.
///
/// Invariants: 1. Nothing that outlives a crash changes but by a fact.
///             2. Each queue conserves: is_conserved(depth), and the counts are those of a recount.
///             3. A message that moves is in one queue at any time: its leaving one and its coming
///                into another is one fact.
/// Source: MESSAGING section 6, RELIABILITY sections 3 (I8, I9) and 9.

#include "platform/messaging/queues/deduplication.hpp"
#include "platform/messaging/queues/figures.hpp"
#include "platform/messaging/queues/messages.hpp"
#include "platform/messaging/queues/receipts.hpp"

#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"

#include <deque>
#include <map>
#include <memory>
#include <span>

namespace kontor::queues {

/// Who keeps the facts of queues.
class Recorder {
public:
    virtual ~Recorder() = default;
    /// Says from when on others may see what follows from it.
    virtual ports::QueueMark record(Id128 queue, queue::Event const& fact) = 0;
};

/// Since when a task keeps its rate. It is not kept: nobody makes up for a time in which nobody
/// worked, for a rate is there to spare whoever receives.
struct MovePace {
    std::optional<ports::MoveTaskId> task{};
    Instant since{};
    Instant seen{};
    std::uint64_t moved{0}; ///< before `since`
};

/// One queue, with all that is known of it.
struct QueueEntry {
    QueueEntry(Id128 queue, ports::QueueDescription described, SipKey secret)
        : id(queue), description(std::move(described)), key(secret),
          messages(description.settings.kind, description.settings.retention) {}

    Id128 id;
    ports::QueueDescription description;
    SipKey key;
    Messages messages;
    Deduplication deduplication{};
    Attempts attempts{};
    std::optional<Instant> purged_at{};
    Figures figures{};
    std::vector<ports::MoveTask> moves{}; ///< the newest last
    MovePace pace{};
    /// What the task that runs was told to move, ascending, and what is left of it; empty: all.
    std::deque<std::uint64_t> selected{};

    bool is_fifo() const { return description.settings.kind == ports::QueueKind::fifo; }
    bool is_paused() const { return description.paused_at.has_value(); }
};

/// What a receive hands out. Of each message: where in the log its content lies; 0: it is here.
struct HandedOut {
    std::vector<ports::ReceivedMessage> messages{};
    std::vector<std::uint64_t> positions{};
    ports::QueueMark mark{};
    std::optional<Instant> ask_again_at{};
};

/// What a look at a queue brings. Of each message: where in the log its content lies; 0: it is
/// here, or was not asked for.
struct LookedAt {
    ports::Peeked peeked{};
    std::vector<std::uint64_t> positions{};
};

/// What is new about a queue that is made: by chance, so it comes from outside.
struct QueueIdentity {
    Id128 id;
    std::vector<std::uint8_t> key; ///< 16 bytes
};

/// Where the log has a fact.
struct Placed {
    ports::QueueMark mark{};
    std::uint64_t position{0}; ///< 0: not yet
};

template <class T>
using Decided = Result<T, ports::QueueRefusal>;
template <class T>
using Answers = Decided<ports::QueueAnswers<T>>;

/// The name that a message has in its queue, unless it came with another.
ports::MessageId message_id(Id128 queue, std::uint64_t number);
void show_content(Content const& content, ports::ReceivedMessage& message);
/// All that is known of a message but its content and its receipt.
ports::ReceivedMessage envelope_of(QueueEntry const& queue, Record const& record);

class Queues {
public:
    /// `incarnation` tells the receipts of this run from those of others. The recorder outlives it.
    Queues(Recorder& recorder, std::uint32_t incarnation)
        : recorder_(recorder), incarnation_(incarnation) {}
    Queues(Queues const&) = delete; // contents know where it counts them
    Queues& operator=(Queues const&) = delete;

    // What can be asked; each as the port of that name says.

    /// Errors: see ports::Queue.
    Answers<ports::SentMessage> send(ports::QueueName const& name, ports::SenderId const& sender,
                                     std::span<ports::OutgoingMessage const> messages, Instant now);
    Decided<HandedOut> receive(ports::QueueName const& name, ports::ReceiveRequest const& request,
                               Instant now);
    Answers<ports::Settled> settle(ports::QueueName const& name,
                                   std::span<ports::Settlement const> settlements, Instant now);
    Answers<ports::Extended> extend(ports::QueueName const& name,
                                    std::span<ports::Extension const> extensions, Instant now);
    Decided<ports::QueueDepth> depth(ports::QueueName const& name, Instant now);

    /// The first of all queues, by name.
    std::vector<ShownFigures> figures(std::size_t shown_max, Instant now);

    /// Errors: see ports::DeadLetters.
    Decided<LookedAt> peek(ports::QueueName const& name, ports::PeekRequest const& request,
                           Instant now);
    Answers<ports::Discarded> discard(ports::QueueName const& name,
                                      std::span<ports::SequenceNumber const> numbers, Instant now);
    /// What a retry will do; nothing is done yet.
    struct Retry {
        QueueEntry* from;
        std::uint64_t number;
        QueueEntry* to;
        queue::MessageSent copy;
    };
    /// `content`: of the message that the request names.   Errors: see ports::DeadLetters.
    Decided<Retry> plan_retry(ports::QueueName const& name, ports::RetryRequest const& request,
                              Content content, Instant now);
    /// Right after it was planned: two facts, which are to be kept together.
    ports::Retried carry_out(Retry retry);

    /// Errors: see ports::QueueAdmin.
    Decided<ports::QueueMark> create(ports::QueueDescription const& wanted,
                                     ports::QueueChange const& change,
                                     QueueIdentity const& identity, Instant now);
    Decided<ports::QueueMark> change(ports::QueueName const& name, ports::QueueChange const& change,
                                     ports::QueueOwner by, Instant now);
    Decided<ports::QueueMark> remove(ports::QueueName const& name, ports::QueueOwner by,
                                     Instant now);
    Decided<ports::QueueMark> purge(ports::QueueName const& name, Instant now);
    Decided<ports::QueueMark> set_flow(ports::QueueName const& name, ports::QueueFlow flow,
                                       Instant now);
    Decided<ports::QueueDescription> find(ports::QueueName const& name) const;
    Decided<std::vector<ports::QueueName>> list(ports::QueueSelection const& selection) const;

    /// Errors: see ports::MoveTasks.
    Decided<ports::MoveStarted> start_move(ports::MoveRequest const& request,
                                           ports::MoveTaskId task, Instant now);
    Decided<ports::MoveCancelled> cancel_move(ports::MoveTaskId task, Instant now);
    Decided<std::vector<ports::MoveTask>> list_moves(ports::QueueName const& source,
                                                     ports::Limit limit) const;
    Decided<std::vector<ports::MoveTask>> latest_moves(ports::Limit limit) const;

    /// Moves what the tasks that run may move by now, at most so many messages; says how many.
    std::size_t work_on_moves(Instant now, std::size_t messages_max);

    // What the keeper of the facts uses.

    /// Folds a fact. Total: whatever was recorded can be folded, whenever it comes.
    void apply(Id128 queue, queue::Event fact, Placed where);
    /// The content of a message lies there in the log; it is kept here as well, or not.
    void place(Id128 queue, std::uint64_t number, std::uint64_t position, bool keeps_content);
    /// All that outlives a crash, as bytes: of two folds of the same facts the same. Contents are
    /// not in it, they lie in the log.
    std::vector<std::uint8_t> standing() const;
    /// Stands as those bytes say. The format is that of this release alone: whoever keeps bytes
    /// sees to that.
    /// Requires: nothing was folded yet.
    /// Errors:   corrupt; then nothing stands.
    Result<void> restore(std::span<std::uint8_t const> standing);
    /// In all queues.
    std::uint64_t messages() const;
    /// Of all contents that are kept here.
    std::uint64_t kept_bytes() const { return kept_bytes_; }
    /// Whether counts and messages of every queue agree, and each conserves.
    bool is_whole();
    /// Empty: there is none of that name.
    std::optional<Id128> id_of(ports::QueueName const& name) const;

private:
    QueueEntry* entry(ports::QueueName const& name) const;
    QueueEntry* entry(Id128 id) const;
    /// Errors: queue_does_not_exist.
    Decided<QueueEntry*> wanted(ports::QueueName const& name, Instant now);
    /// Keeps a fact and folds it.
    ports::QueueMark take(QueueEntry& queue, queue::Event fact);

    Decided<ports::SentMessage> send_one(QueueEntry& queue, ports::SenderId const& sender,
                                         ports::OutgoingMessage const& message,
                                         ports::QueueMark& mark);
    Decided<ports::Settled> settle_one(QueueEntry& queue, ports::Settlement const& settlement,
                                       std::vector<std::uint64_t>& done, ports::QueueMark& mark);
    Decided<ports::Extended> extend_one(QueueEntry& queue, ports::Extension const& extension);

    std::optional<HandedOut> receive_again(QueueEntry& queue, std::string const& attempt,
                                           Duration visibility);
    Decided<std::vector<Record*>> choose(QueueEntry& queue, std::size_t up_to, Instant until);
    HandedOut hand_out(QueueEntry& queue, std::vector<Record*> const& records);
    void show(QueueEntry const& queue, Record const& record, HandedOut& out) const;
    ports::PeekedMessage look_at(QueueEntry& queue, Record const& record) const;

    bool is_given_up(QueueEntry const& queue, Record const& record) const;
    QueueEntry* dead_letters_of(QueueEntry const& queue) const;
    /// What the policy says: it goes, or it stays and blocks. False: there is nowhere to go to.
    bool give_up(QueueEntry& queue, Record& record, queue::Why why, std::string const& cause);
    /// Sends what waits of a parked group after what went before; says how many.
    std::size_t divert(QueueEntry& queue, std::string const& group);
    ports::QueueMark move(QueueEntry& from, QueueEntry& to, std::vector<std::uint64_t> numbers,
                          queue::MessagesMoved as);

    /// Errors: invalid_parameter_value (no such target, of another kind, or it admits none).
    Decided<void> check_dead_letters(ports::QueueDescription const& queue) const;
    bool is_dead_letter_queue(ports::QueueName const& name) const;
    bool move_next(QueueEntry& queue, ports::MoveTask const& task);
    Record* next_to_move(QueueEntry& queue, ports::MoveTask const& task);

    void fold(QueueEntry& queue, queue::Changed& fact);
    void fold(QueueEntry& queue, queue::Removed& fact);
    void fold(QueueEntry& queue, queue::Purged& fact);
    void fold(QueueEntry& queue, queue::MessageSent& fact);
    void fold(QueueEntry& queue, queue::MessagesReceived& fact);
    void fold(QueueEntry& queue, queue::MessagesSettled& fact);
    void fold(QueueEntry& queue, queue::MessagesMoved& fact);
    void fold(QueueEntry& queue, queue::MoveStarted& fact);
    void fold(QueueEntry& queue, queue::MoveEnded& fact);
    void fold(QueueEntry& queue, queue::Paused& fact);
    void fold(QueueEntry& queue, queue::Resumed& fact);
    void fold_one_move(QueueEntry& queue, QueueEntry* target, queue::MessagesMoved const& fact,
                       std::size_t index);
    /// Lets the groups go on whose parked messages are gone.
    void release_parked(QueueEntry& queue);

    Recorder& recorder_;
    std::uint32_t const incarnation_;
    std::uint64_t kept_bytes_{0};
    std::map<std::string, std::unique_ptr<QueueEntry>, std::less<>> by_name_;
    boost::unordered_flat_map<Id128, QueueEntry*, std::hash<Id128>> by_id_;
    std::map<std::string, Instant, std::less<>> removed_; ///< lately
    Placed where_{};                                      ///< of the fact that is folded
    ports::QueueMark latest_{};                           ///< of all facts
    std::size_t moves_running_{0};
};

} // namespace kontor::queues
