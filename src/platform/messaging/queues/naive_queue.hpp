#pragma once

/// A second definition of a queue, slow and obviously right: a list that is walked from its
/// beginning each time. The property compares the real one with it; it shares no code with it.

#include "base/instant.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace kontor::queues {

struct NaiveMessage {
    std::string body;
    std::string group;
    Instant visible_at;
    Instant sent_at;
    bool is_taken{false}; ///< somebody has it, until visible_at
    int receives{0};
};

struct NaiveQueue {
    bool is_fifo;
    Duration retention;
    int receives_max;
    bool is_paused{false};
    std::vector<NaiveMessage> messages{};
    std::map<std::string, Instant> seen{}; ///< FIFO: bodies, and when they came
    std::vector<std::string> dead{};
    std::size_t settled{0};
    std::size_t expired{0};

    void advance(Instant now) {
        for (auto& message : messages)
            if (message.visible_at <= now)
                message.is_taken = false;
        auto const is_over = [&](auto const& message) {
            return message.sent_at + retention <= now;
        };
        auto const before = messages.size();
        std::erase_if(messages, is_over);
        expired += before - messages.size();
    }
    bool send(std::string const& body, std::string const& group, Duration delay, Instant now) {
        auto const known = seen.find(body);
        if (is_fifo && known != seen.end() && now < known->second + Duration::seconds(300))
            return false;
        seen[body] = now;
        messages.push_back({body, group, now + delay, now});
        return true;
    }
    bool may_be_taken(NaiveMessage const& message, Instant now) const {
        if (is_paused || message.is_taken || message.visible_at > now)
            return false;
        if (!is_fifo)
            return true;
        // Nothing of its group is taken, and nothing of its group comes before it.
        for (auto const& other : messages)
            if (other.group == message.group) {
                if (other.is_taken)
                    return false;
                if (&other == &message)
                    break;
                return false;
            }
        return std::ranges::none_of(messages, [&](auto const& other) {
            return other.group == message.group && other.is_taken;
        });
    }
    /// It goes to the dead letters. False: it may not.
    bool give_up(std::string const& body, Instant now) {
        auto* const message = find(body);
        if (message == nullptr || message->receives < receives_max || !may_be_taken(*message, now))
            return false;
        dead.push_back(body);
        std::erase_if(messages, [&](auto const& one) { return one.body == body; });
        return true;
    }
    NaiveMessage* find(std::string const& body) {
        auto const found = std::ranges::find(messages, body, &NaiveMessage::body);
        return found == messages.end() ? nullptr : &*found;
    }
    void settle(std::string const& body) {
        settled += static_cast<std::size_t>(
            std::erase_if(messages, [&](auto const& message) { return message.body == body; }));
    }
};

} // namespace kontor::queues
