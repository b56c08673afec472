#pragma once

/// I8 and I9 as those see it who send and receive: what was accepted comes, with what was sent; no
/// two have a message at once; only the latest receipt ends it; what ended durably never comes
/// again; a dead letter says where it died and why. Whatever was not durable when a process died
/// may have been, or not.
///
/// Knows messages by their ids and nothing of queues' facts.   Source: RELIABILITY section 3.

#include "tests/simulation/checkers/history.hpp"

#include "ports/queue.hpp"

#include <map>
#include <set>
#include <vector>

namespace kontor::simulation {

class ReceiversChecker {
public:
    explicit ReceiversChecker(Verdict& verdict) : verdict_(verdict) {}

    /// A new process: nobody has anything, and what was told and was not durable is open again.
    void new_life();
    /// It was accepted, durably.
    void accepted(ports::MessageId id, std::string const& body);
    void received(ports::QueueName const& queue, ports::ReceivedMessage const& message, Instant now,
                  Instant until);
    void extended(ports::MessageId id, ports::ReceiptHandle const& receipt, Instant until);
    /// What was answered to whoever wished to end it with a receipt.
    void ended(ports::MessageId id, ports::Settlement const& wish, ports::Settled answer,
               ports::QueueMark mark);
    /// Whatever was told up to this mark holds for ever.
    void durable(ports::QueueMark mark);
    /// `expired`: so many messages went past their time, and may never have come.
    void at_rest(std::uint64_t expired);

private:
    enum class End : std::uint8_t { open, told, sure };
    struct Message {
        std::string body{};
        ports::QueueName queue{};
        ports::ReceiptHandle receipt{}; ///< the latest
        Instant held_until{};
        std::uint64_t receives{0};
        std::uint64_t life{0}; ///< of the latest receipt
        End end{End::open};
        bool is_dead{false}; ///< it ended as a dead letter
        std::string cause{};
        bool must_come{false};
    };
    void must_be_a_dead_letter(Message const& known, ports::QueueName const& queue,
                               ports::ReceivedMessage const& message);

    Verdict& verdict_;
    std::map<ports::MessageId, Message> messages_;
    std::set<std::string> came_; ///< contents: what a task moves has another id from then on
    std::vector<std::pair<ports::QueueMark, ports::MessageId>> told_;
    std::uint64_t life_{1};
};

} // namespace kontor::simulation
