#pragma once

/// What the suites of bus and topic share: what came to a queue, doors that stay shut, and what an
/// adapter can promise.

#include "base/instant.hpp"
#include "ports/message_attribute.hpp"
#include "ports/messaging_words.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace kontor::contract {

/// What only some adapters promise; a sentence that needs one which is missing is skipped by name.
struct MessagingPromises {
    bool exact_order{true};
    bool exact_counts{true};
    bool instant_changes{true};
    bool no_duplicates{true};
    /// Targets may be busy for a while, and are tried again; queues of this house never are.
    bool busy_targets{true};
};

/// How a queue behaves to whoever delivers.
enum class DoorState : unsigned char {
    open,
    busy, ///< it may take it later
    gone  ///< it never will
};

struct Arrived {
    std::string body{};
    ports::MessageAttributes attributes{};

    std::string attribute(std::string_view name) const {
        for (auto const& each : attributes)
            if (each.name == name)
                return each.value;
        return {};
    }
};

/// Queues behind a bus or a topic, and time.
class MessagingWorld {
public:
    virtual ~MessagingWorld() = default;
    virtual MessagingPromises promises() const { return {}; }
    virtual std::string queue_arn(std::string_view name) = 0;
    virtual void set_door(std::string_view queue, DoorState state) = 0;
    /// Lets time pass, and everything happen that happens in it.
    virtual void pass(Duration time) = 0;
    /// What has come to a queue since the last time, in its sequence.
    virtual std::vector<Arrived> take(std::string_view queue) = 0;
};

/// Long enough for whatever waits for nobody.
constexpr Duration moment = Duration::seconds(2);

ports::MessagingFault fault_of(auto const& answer) {
    EXPECT_FALSE(answer.has_value());
    return answer ? ports::MessagingFault::unavailable : answer.error().fault;
}

/// Whether what is under test makes this promise, as sentences ask.
template <bool MessagingPromises::* promise>
constexpr auto promised = [](auto& it) -> bool { return it.promises().*promise; };

} // namespace kontor::contract
