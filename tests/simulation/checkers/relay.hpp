#pragma once

/// I7, relay: of each fact that the topology sends to a queue there is one message in that queue,
/// for each stream in the sequence of its facts, and nothing that no fact asks for.
/// I12, fan-out: what a rule or a filter leaves out comes to nobody.
///
/// Where facts go is written down here once more, by hand, from the words of MESSAGING section 1;
/// shares no code with topology and platform/messaging.   Source: RELIABILITY section 3.

#include "tests/simulation/checkers/history.hpp"

#include <deque>
#include <map>
#include <set>

namespace kontor::simulation {

class RelayChecker {
public:
    explicit RelayChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    /// The shop said so to whoever put an event, by its id.
    void accepted(std::string const& event) { must_be_put_.insert(event); }
    void at_rest();

    /// How many messages facts have brought.
    std::uint64_t brought() const { return brought_; }

private:
    /// Whose facts, in which queue.
    using Place = std::pair<std::string, std::string>;

    void see_message(Id128 queue, queue::MessageSent const& fact);

    Verdict& verdict_;
    std::map<Place, std::deque<std::string>> wanted_;        ///< kinds, as they come
    std::set<std::pair<std::string, std::string>> left_out_; ///< stream and kind
    std::map<Id128, std::string> queues_;
    std::set<std::string> put_;
    std::set<std::string> must_be_put_;
    std::uint64_t brought_{0};
};

} // namespace kontor::simulation
