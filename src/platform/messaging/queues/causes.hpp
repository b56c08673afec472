#pragma once

/// Causes: dead letters in groups of those that died of the same, so that a thousand of them are
/// three lines to read. Two are of one group when the same queue (or rule, or subscription) gave
/// them up in the same way, and its words differ in numbers and ids at most.
///
/// A fold, pure.   Thread: one.
/// Source: RELIABILITY section 9, "causes are grouped".

#include "ports/dead_letters.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::queues {

/// What a dead letter died of.
struct Cause {
    std::string id{};     ///< 16 digits that follow from the other two
    std::string source{}; ///< a queue; an ARN of a rule or subscription; empty: nobody gave it up
    std::string words{};  ///< as the receiver or the bus said it, with # for what differs
    friend bool operator==(Cause const&, Cause const&) = default;
};

/// Words without what differs from one message to the next: each word with a digit in it becomes
/// #, spaces become one, and what is longer than cause_words_max is cut.
std::string plain_words(std::string_view text);

/// Requires: contents, where no queue gave it up (there the attributes say more).
Cause cause_of(ports::PeekedMessage const& letter);

struct CauseGroup {
    Cause cause{};
    std::uint64_t count{0};
    Instant first{}; ///< when the first of those that are there died
    Instant last{};
    ports::SequenceNumber sample{}; ///< the number of one of them, the latest
    std::string said{};             ///< what was said of that one, in full
};

class Causes {
public:
    void add(ports::PeekedMessage const& letter);
    /// The largest first.
    std::vector<CauseGroup> groups() const;
    /// Those that came when there were causes_max groups already.
    std::uint64_t others() const { return others_; }

private:
    std::map<std::string, CauseGroup, std::less<>> groups_;
    std::uint64_t others_{0};
};

/// When a letter died; of one that nobody gave up: when it was sent.
Instant death_time(ports::PeekedMessage const& letter);

} // namespace kontor::queues
