#include "services/gateway/limit_book.hpp"

#include "codec/json.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace kontor::services::gateway {
namespace {

enum Kind : std::size_t { address, customer, operator_ };

constexpr std::array<RatePolicy, 4> built_in{
    {{"address", "whoever shows no key, by address", {50, Duration::seconds(1)}},
     {"customer", "a customer", {10, Duration::seconds(1)}},
     {"operator", "somebody of support or operations", {100, Duration::seconds(1)}},
     {"webhook", "a provider that reports from outside", {1'000, Duration::seconds(1)}}}};

/// A limit that somebody has set, as the file has it.
struct StoredLimit {
    std::string name;
    std::int64_t count_max;
    std::int64_t window_ms;
};
BOOST_DESCRIBE_STRUCT(StoredLimit, (), (name, count_max, window_ms))
static_assert(describes_every_field<StoredLimit>());

struct StoredLimits {
    std::vector<StoredLimit> limits;
};
BOOST_DESCRIBE_STRUCT(StoredLimits, (), (limits))
static_assert(describes_every_field<StoredLimits>());

bool is_possible(resilience::Quota quota) {
    return quota.count_max >= LimitBook::count_least && quota.count_max <= LimitBook::count_most &&
           quota.window >= LimitBook::window_least && quota.window <= LimitBook::window_most;
}

} // namespace

LimitBook::LimitBook() : policies_(built_in) {}

Result<LimitBook> LimitBook::open(std::string_view text, Save save) {
    LimitBook book;
    if (!text.empty()) {
        KONTOR_TRY(auto const stored,
                   codec::from_json<StoredLimits>(text, codec::UnknownKeys::skipped));
        for (auto const& [name, count_max, window_ms] : stored.limits) {
            bool const fits = count_max >= count_least && count_max <= count_most;
            KONTOR_TRY(book.set(name, {fits ? static_cast<std::uint32_t>(count_max) : 0,
                                       Duration::milliseconds(window_ms)}));
        }
    }
    book.save_ = std::move(save);
    return book;
}

RatePolicy const* LimitBook::policy_of(Caller const& caller) const {
    if (caller.roles.has(Role::service))
        return nullptr;
    if (!caller.is_known())
        return &policies_[address];
    return &policies_[caller.is_customer_only() ? customer : operator_];
}

std::string LimitBook::text() const {
    StoredLimits stored;
    for (auto const& policy : policies_)
        if (!policy.is_built_in)
            stored.limits.push_back({std::string(policy.name), policy.quota.count_max,
                                     policy.quota.window.in_milliseconds()});
    return codec::to_json(stored);
}

RatePolicy const* LimitBook::find(std::string_view name) const {
    auto const found = std::ranges::find(policies_, name, &RatePolicy::name);
    return found == policies_.end() ? nullptr : &*found;
}

Result<RatePolicy> LimitBook::would_be(std::string_view name, resilience::Quota quota) const {
    auto const* const found = find(name);
    if (found == nullptr)
        return unexpected(Failure{FailureKind::not_found, "there is no such limit"});
    if (!is_possible(quota))
        return unexpected(
            Failure{FailureKind::invalid, "1 to 1000000 requests in 100 to 60000 ms are wanted"});
    auto policy = *found;
    policy.quota = quota;
    auto const& usual = built_in[static_cast<std::size_t>(found - policies_.data())].quota;
    policy.is_built_in = quota.count_max == usual.count_max && quota.window == usual.window;
    return policy;
}

Result<RatePolicy const*> LimitBook::set(std::string_view name, resilience::Quota quota) {
    KONTOR_TRY(auto const policy, would_be(name, quota));
    auto const found = std::ranges::find(policies_, name, &RatePolicy::name);
    auto const before = std::exchange(*found, policy);
    if (!save_)
        return &*found;
    if (auto const saved = save_(text()); !saved) {
        *found = before;
        return unexpected(saved.error());
    }
    return &*found;
}

} // namespace kontor::services::gateway
