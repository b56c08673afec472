#pragma once

/// WebhookSender: brings signed messages to receivers that others named, without waiting for any.
/// It calls nobody but who may be called for others (platform/reach), follows no redirect, and
/// reads the beginning of an answer alone.
/// Thread: one.   Source: ARCHITECTURE D5, two-step ports; RELIABILITY section 10, SSRF.
///
/// Invariant: each call that was started is collected once.

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kontor::ports {

struct WebhookCall {
    std::uint64_t ticket{0};
    std::string url{};
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
};

struct WebhookAnswer {
    std::uint16_t status{0};
    std::string retry_after{}; ///< as the receiver says it; empty: it does not
    std::string body{};        ///< the beginning of it
};

struct WebhookEnded {
    std::uint64_t ticket{0};
    /// Errors: unavailable, timed_out (it may have arrived), invalid (it may not be called).
    Result<WebhookAnswer> answer;
};

class WebhookSender {
public:
    virtual ~WebhookSender() = default;

    /// How many calls may be under way at once.
    virtual std::size_t at_once_max() const = 0;

    /// Requires: fewer than at_once_max are under way.
    virtual void start(WebhookCall call) = 0;

    /// Appends what has ended.
    virtual void collect(std::vector<WebhookEnded>& ended) = 0;
};

} // namespace kontor::ports
