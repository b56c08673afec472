#pragma once

/// I8, queues, by the facts of queues alone: what went in stands there until it is settled, moved
/// or past its time, once; in a group of a FIFO queue nothing is handed out before what came
/// earlier is gone; a repetition within five minutes goes in once; nothing is handed out more often
/// than its queue allows. At rest nothing is left, and queues count what their facts count.
/// I9, dead letters: what leaves a queue stands in the one that its settings name, in one fact.
///
/// Shares no code with platform/messaging.   Source: MESSAGING section 6, RELIABILITY section 3.

#include "tests/simulation/checkers/history.hpp"

#include "ports/queue.hpp"

#include <map>
#include <set>

namespace kontor::simulation {

class QueuesChecker {
public:
    explicit QueuesChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    /// Whoever received has settled; the queues as they say that they stand. Says how many messages
    /// went past their time before anybody ended them.
    std::uint64_t at_rest(ports::Queue& queues, Instant now);

    /// How many left a queue as dead letters.
    std::uint64_t dead() const { return dead_; }
    /// How many were brought back by a move task.
    std::uint64_t moved() const { return moved_; }

private:
    struct Item {
        std::string group{};
        Instant sent_at{};
        std::uint32_t receives{0};
    };
    struct Line {
        queue::Name name{};
        queue::Settings settings{};
        std::map<std::uint64_t, Item> items{}; ///< by sequence
        std::uint64_t last{0};
        /// What senders said to tell repetitions, and when it was first said.
        std::map<std::string, Instant> heard{};
        ports::QueueDepth counted{};
    };

    template <class Event>
    void see_in(Line&, Event const&) {}
    void see_in(Line& line, queue::Created const& fact);
    void see_in(Line& line, queue::Changed const& fact) { line.settings = fact.settings; }
    void see_in(Line& line, queue::MessageSent const& fact);
    void see_in(Line& line, queue::MessagesReceived const& fact);
    void see_in(Line& line, queue::MessagesSettled const& fact);
    void see_in(Line& line, queue::MessagesMoved const& fact);
    void add(Line& line, std::uint64_t sequence, Item item);
    void must_be_next(Line const& line, std::uint64_t sequence, Item const& item, Instant at,
                      std::set<std::uint64_t> const& with_it);
    void must_be_dead_letters(Line const& from, Line const& to);
    /// Takes it out; absent: it was not there, which is said.
    std::optional<Item> take(Line& line, std::uint64_t sequence, std::string_view to_do_what);

    Verdict& verdict_;
    std::map<Id128, Line> lines_;
    std::uint64_t dead_{0};
    std::uint64_t moved_{0};
};

} // namespace kontor::simulation
