#pragma once

/// Record: a message as its queue remembers it. What only a receiver wants to know, its content,
/// may lie elsewhere: in the log, at `position`.

#include "domain/queue/events.hpp"
#include "ports/queue.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>

namespace kontor::queues {

enum class State : std::uint8_t {
    gone,
    waiting, ///< a receive may take it
    delayed,
    in_flight
};

struct Content {
    std::string body;
    ports::MessageAttributes attributes;
    ports::SenderId sender;
    std::string group_id;
    std::string deduplication_id;
    std::string trace_header;
    friend bool operator==(Content const&, Content const&) = default;
};

/// About how much memory it takes.
std::size_t bytes_of(Content const& content);

/// Takes what goes off the sum of all that is kept.
struct ForgetContent {
    std::uint64_t* kept_bytes{nullptr};
    void operator()(Content* content) const {
        *kept_bytes -= bytes_of(*content);
        delete content;
    }
};
using ContentPointer = std::unique_ptr<Content, ForgetContent>;

/// What a message that came from another queue brought along.
struct Origin {
    ports::MessageId id;         ///< what it is called here
    Id128 queue;                 ///< that gave it up; nil: it was moved by hand, and is none's
    ports::QueueName queue_name; ///< at that time
    bool is_parked{false};       ///< its group waits for it there
    bool was_moved_back{false};  ///< by a move task: no dead letter any more
    queue::Why why{queue::Why::received_too_often};
    std::uint32_t attempts{0}; ///< so often it was received before
    Instant first_received_at{};
    Instant died_at{};
    std::string cause{};
};

struct Record {
    std::uint64_t sequence{0};
    State state{State::gone};
    bool is_fresh{false};     ///< standard: it stands in its group's list
    bool was_extended{false}; ///< since it was received
    bool is_leaving{false};   ///< within one call: it is settled already
    std::uint32_t group{0};
    std::uint32_t receive_count{0};
    std::uint32_t timer_at{0}; ///< in the heap of timers; 0: it waits for no time
    std::uint64_t epoch{0};    ///< of the latest receive
    std::uint64_t next{0};     ///< in its group's list
    std::uint64_t previous{0};
    Instant sent_at{};
    Instant until{};       ///< delayed, in flight: when that ends
    Instant received_at{}; ///< the latest time
    Instant first_received_at{};
    ports::QueueMark mark{};   ///< when it may be shown to others
    std::uint64_t position{0}; ///< of its content in the log; 0: it is not there yet
    ContentPointer content{};  ///< null: it lies in the log alone
    std::unique_ptr<Origin> origin{};

    Record() = default;
    Record(Record&&) = default;
    Record& operator=(Record&&) = default;
};

} // namespace kontor::queues
