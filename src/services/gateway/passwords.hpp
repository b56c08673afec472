#pragma once

/// Passwords of the console's users: hashed by scrypt on a thread of its own, one at a time, for
/// each takes 128 MiB and a good part of a second.
///
///   start → collect … collect gives the hash
///
/// Thread: `start` and `collect` the edge's, do_work the runner's.
/// Source: RFC 7914; RELIABILITY section 10, Console passwords.

#include "base/agent.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::services::gateway {

/// What scrypt costs: memory is 128 · n · r bytes.
struct ScryptCost {
    std::uint64_t n{std::uint64_t{1} << 17};
    std::uint64_t r{8};
    std::uint64_t p{1};
};

class Passwords final : public Agent {
public:
    static constexpr std::size_t length_max = 200;
    /// Hashes that wait for who asked for them. At the limit the oldest goes: its client has left.
    static constexpr std::size_t uncollected_max = 16;

    explicit Passwords(ScryptCost cost = {}) : cost_(cost) {}

    /// The number to collect by; empty: another one is being hashed.   Requires: at most length_max
    /// bytes of password.
    std::optional<std::uint64_t> start(std::string_view password, std::string_view salt);
    /// 32 bytes as base64url, or an empty text where they could not be had; empty: not yet.
    std::optional<std::string> collect(std::uint64_t number);

    std::string_view name() const override { return "passwords"; }
    /// Errors: none.
    Result<WorkDone> do_work(WorkBudget budget) override;
    bool listen(Bell* bell) override;

private:
    struct Job {
        std::uint64_t number{0};
        std::string password{};
        std::string salt{};
        bool is_taken{false};
    };
    struct Hashed {
        std::uint64_t number;
        std::string hash;
    };

    ScryptCost const cost_;
    std::mutex mutex_;
    std::optional<Job> job_;    ///< guarded by `mutex_`
    std::deque<Hashed> hashed_; ///< guarded by `mutex_`
    Bell* bell_{nullptr};       ///< guarded by `mutex_`
    std::uint64_t jobs_{0};
};

} // namespace kontor::services::gateway
