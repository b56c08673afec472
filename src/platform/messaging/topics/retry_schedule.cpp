#include "platform/messaging/topics/retry_schedule.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/routing/json_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace kontor::topics {
namespace {

using routing::JsonTree;
using routing::JsonType;

auto refuse(std::string_view reason) {
    return unexpected(
        ports::MessagingRefusal{ports::MessagingFault::invalid,
                                fmt::format("Invalid parameter: DeliveryPolicy: {}", reason)});
}

JsonTree const* member(JsonTree const& tree, std::string_view key) {
    for (std::size_t i = 0; i < tree.keys.size(); ++i)
        if (tree.keys[i] == key)
            return &tree.items[i];
    return nullptr;
}

constexpr std::array<std::string_view, 4> backoffs = {"linear", "arithmetic", "geometric",
                                                      "exponential"};

/// How much of the way from the least to the longest wait, of `count` waits that grow.
double part_of_way(Backoff backoff, std::uint32_t index, std::uint32_t count) {
    auto const k = static_cast<double>(index + 1);
    auto const n = static_cast<double>(count);
    switch (backoff) {
    case Backoff::linear: return k / n;
    case Backoff::arithmetic: return k * (k + 1) / (n * (n + 1));
    case Backoff::geometric:
    case Backoff::exponential: return (std::exp2(k) - 1) / (std::exp2(n) - 1);
    }
    KONTOR_UNREACHABLE();
}

Duration growing_wait(RetrySchedule const& schedule, std::uint32_t index) {
    auto const least = static_cast<double>(schedule.least.in_microseconds());
    auto const longest = static_cast<double>(schedule.longest.in_microseconds());
    auto const part = part_of_way(schedule.backoff, index, schedule.growing);
    auto const k = static_cast<double>(index + 1) / static_cast<double>(schedule.growing);
    auto const wait = schedule.backoff == Backoff::geometric ? least * std::pow(longest / least, k)
                                                             : least + (longest - least) * part;
    return Duration::microseconds(std::llround(wait));
}

/// The numbers of a policy as they stand, each with what it is when it is absent.
struct Numbers {
    std::uint32_t least{20};
    std::uint32_t longest{20};
    std::uint32_t retries{3};
    std::uint32_t at_once{0};
    std::uint32_t after_least{0};
    std::uint32_t after_longest{0};
};

Result<void, ports::MessagingRefusal> read_number(JsonTree const& policy, std::string_view name,
                                                  std::uint32_t& into) {
    auto const* const value = member(policy, name);
    if (value == nullptr)
        return {};
    auto const* const end = value->text.data() + value->text.size();
    auto const [stop, error] = std::from_chars(value->text.data(), end, into);
    if (value->type != JsonType::number || error != std::errc{} || stop != end)
        return refuse(fmt::format("{} must be a whole number", name));
    return {};
}

Result<Numbers, ports::MessagingRefusal> read_numbers(JsonTree const& policy) {
    Numbers numbers;
    KONTOR_TRY(read_number(policy, "minDelayTarget", numbers.least));
    KONTOR_TRY(read_number(policy, "maxDelayTarget", numbers.longest));
    KONTOR_TRY(read_number(policy, "numRetries", numbers.retries));
    KONTOR_TRY(read_number(policy, "numNoDelayRetries", numbers.at_once));
    KONTOR_TRY(read_number(policy, "numMinDelayRetries", numbers.after_least));
    KONTOR_TRY(read_number(policy, "numMaxDelayRetries", numbers.after_longest));
    return numbers;
}

Result<void, ports::MessagingRefusal> check(Numbers const& numbers) {
    if (numbers.least == 0 || numbers.least > delay_seconds_max || numbers.longest == 0 ||
        numbers.longest > delay_seconds_max)
        return refuse("minDelayTarget and maxDelayTarget must be from 1 to 3600");
    if (numbers.least > numbers.longest)
        return refuse("maxDelayTarget must be greater than or equal to minDelayTarget");
    if (numbers.retries > retries_max)
        return refuse("numRetries must be at most 100");
    if (std::uint64_t{numbers.at_once} + numbers.after_least + numbers.after_longest >
        numbers.retries)
        return refuse("numRetries must be at least the sum of numNoDelayRetries, "
                      "numMinDelayRetries and numMaxDelayRetries");
    return {};
}

} // namespace

Result<RetrySchedule, ports::MessagingRefusal> RetrySchedule::parse(std::string_view text) {
    constexpr std::size_t depth_max = 8;
    auto const tree = routing::read_json(text, depth_max);
    if (!tree || tree->type != JsonType::object)
        return refuse("it is no JSON object");
    auto const* policy = member(*tree, "healthyRetryPolicy");
    if (auto const* const http = member(*tree, "http"))
        policy = member(*http, "defaultHealthyRetryPolicy");
    if (policy == nullptr)
        return of_endpoints();
    KONTOR_TRY(auto const numbers, read_numbers(*policy));
    KONTOR_TRY(check(numbers));
    RetrySchedule schedule;
    schedule.at_once = numbers.at_once;
    schedule.after_least = numbers.after_least;
    schedule.after_longest = numbers.after_longest;
    schedule.growing =
        numbers.retries - numbers.at_once - numbers.after_least - numbers.after_longest;
    schedule.least = Duration::seconds(numbers.least);
    schedule.longest = Duration::seconds(numbers.longest);
    if (auto const* const function = member(*policy, "backoffFunction")) {
        auto const known = std::find(backoffs.begin(), backoffs.end(), function->text);
        if (known == backoffs.end())
            return refuse("backoffFunction must be linear, arithmetic, geometric or exponential");
        schedule.backoff = static_cast<Backoff>(known - backoffs.begin());
    }
    if (schedule.total() > retry_time_max)
        return refuse("the total of all delays must be at most 3600 seconds");
    return schedule;
}

std::optional<Duration> RetrySchedule::wait_after(std::uint32_t tries) const {
    auto index = tries - 1;
    if (index < at_once)
        return Duration{};
    index -= at_once;
    if (index < after_least)
        return least;
    index -= after_least;
    if (index < growing)
        return growing_wait(*this, index);
    index -= growing;
    return index < after_longest ? std::optional(longest) : std::nullopt;
}

Duration RetrySchedule::total() const {
    auto sum = least * after_least + longest * after_longest;
    for (std::uint32_t i = 0; i < growing; ++i)
        sum = sum + growing_wait(*this, i);
    return sum;
}

} // namespace kontor::topics
