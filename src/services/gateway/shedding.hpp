#pragma once

/// Shedder: who is refused when more comes than is done, before anything of the
/// request is read but its first line: analytics first, then browsing, then
/// looking at what was bought, and buying last. How full it is, is what the
/// desk has of ours: how many requests, and how old the oldest is; or how long
/// this one has already waited for us; or how many facts those who bring orders
/// to their end have not followed yet. New orders are what makes those facts, so
/// other writes are let in until there are twice as many, and operators and
/// probes always.
/// Thread: the edge's.   Source: RELIABILITY section 8.

#include "services/gateway/seams/exchange.hpp"

#include "platform/resilience/load_shedding.hpp"

#include <array>
#include <deque>
#include <optional>

namespace kontor::services::gateway {

/// How long what a request asks for can wait.
resilience::Urgency urgency_of(Method method, std::string_view path);

inline constexpr std::size_t urgencies =
    static_cast<std::size_t>(resilience::Urgency::checkout) + 1;

class Shedder {
public:
    /// Something was handed to the desk. Tickets ascend.
    void hand_in(std::uint64_t ticket, Duration now) {
        at_desk_.push_back({ticket, now, false});
        ++waiting_;
    }
    /// The desk has answered it.
    void take_back(std::uint64_t ticket);

    /// How urgent a request is that is refused; empty: it is let in. `backlog`: facts that wait for
    /// those who follow the log.
    std::optional<resilience::Urgency> shed(Request const& request, Duration now,
                                            std::uint64_t backlog) const;

private:
    struct HandedIn {
        std::uint64_t ticket;
        Duration since;
        bool is_answered;
    };
    std::deque<HandedIn> at_desk_; ///< as long as the desk's inbox and what it has not answered
    std::size_t waiting_{0};       ///< of them without an answer
};

} // namespace kontor::services::gateway
