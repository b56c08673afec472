#pragma once

/// Figures: what is counted of a queue since the process began, for whoever reads metrics. No fact
/// says it, and it outlives no process. Counting takes no memory but its own.   Thread: the
/// queue's.   Source: RELIABILITY section 11.

#include "platform/messaging/queues/record.hpp"
#include "ports/queue_admin.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace kontor::queues {

/// Times, counted by how long they were.
struct Spread {
    /// Each bucket ends with its bound; what is longer than all counts in the last.
    static constexpr std::array bounds_us{
        100,    250,     500,     1'000,   2'500,     5'000,     10'000,    25'000,
        50'000, 100'000, 250'000, 500'000, 1'000'000, 2'500'000, 5'000'000, 10'000'000};

    void add(Duration time) {
        auto const us = std::max<std::int64_t>(time.in_microseconds(), 0);
        auto const bound = std::ranges::lower_bound(bounds_us, us);
        ++counts[static_cast<std::size_t>(bound - bounds_us.begin())];
        sum_us += static_cast<std::uint64_t>(us);
    }
    Spread& operator+=(Spread const& other) {
        for (std::size_t i = 0; i < counts.size(); ++i)
            counts[i] += other.counts[i];
        sum_us += other.sum_us;
        return *this;
    }

    std::array<std::uint64_t, bounds_us.size() + 1> counts{};
    std::uint64_t sum_us{0};
};

struct Figures {
    std::uint64_t redelivered{0}; ///< handed out, and not for the first time
    Spread waited{};              ///< from when a message could be had to when somebody had it
    Spread worked{};              ///< from then to when it was settled

    /// Before it is handed out.
    void note_receive(Record const& record, Instant now) {
        redelivered += record.receive_count > 0 ? 1 : 0;
        waited.add(now - std::max(record.sent_at, record.until));
    }
    /// Before it is gone.
    void note_settled(Record const& record, Instant now) { worked.add(now - record.received_at); }
};

/// One queue, as metrics show it.
struct ShownFigures {
    ports::QueueName name;
    ports::QueueOwner owner;
    ports::QueueDepth depth{};
    bool has_dead_letters{false}; ///< others give messages up to it
    bool is_paused{false};
    std::size_t parked_groups{0};
    Figures figures{};
};

} // namespace kontor::queues
