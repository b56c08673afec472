#pragma once

/// LimitBook: how fast each kind of caller may ask. The values are built in; what an operator sets
/// instead holds at once and is kept as one text, which the composition root keeps in a file.
/// Thread: one, the edge's.   Source: INTERFACES section 4, headers.

#include "services/gateway/callers.hpp"

#include "base/result.hpp"
#include "platform/resilience/rate_limit.hpp"

#include <array>
#include <functional>
#include <span>

namespace kontor::services::gateway {

/// So many requests in a window, and as many at once.
struct RatePolicy {
    std::string_view name;
    std::string_view whose; ///< for people
    resilience::Quota quota;
    bool is_built_in{true};
};

class LimitBook {
public:
    static constexpr std::uint32_t count_least = 1;
    static constexpr std::uint32_t count_most = 1'000'000;
    static constexpr Duration window_least = Duration::milliseconds(100);
    /// Whoever locks themselves out waits no longer.
    static constexpr Duration window_most = Duration::minutes(1);

    using Save = std::function<Result<void>(std::string_view text)>;

    /// What is built in; what is set is kept nowhere.
    LimitBook();
    /// Errors: invalid (the text is no book).
    static Result<LimitBook> open(std::string_view text, Save save);

    /// None: no limit holds for this caller.
    RatePolicy const* policy_of(Caller const& caller) const;
    /// A provider reports for all our customers from one address.
    RatePolicy const& of_webhooks() const { return policies_.back(); }
    std::span<RatePolicy const> policies() const { return policies_; }

    /// What it would be.   Errors: not_found (no such limit), invalid (out of bounds).
    Result<RatePolicy> would_be(std::string_view name, resilience::Quota quota) const;
    /// Null: there is no such limit.
    RatePolicy const* find(std::string_view name) const;
    /// Errors: not_found (no such limit), invalid (out of bounds), and what `save` says; then it
    ///         stays as it was.
    Result<RatePolicy const*> set(std::string_view name, resilience::Quota quota);

private:
    std::string text() const;

    std::array<RatePolicy, 4> policies_;
    Save save_{};
};

} // namespace kontor::services::gateway
