#pragma once

/// Lifeline: what a process needs to reach the world. Every call to a port of its goes through it;
/// at a chosen call it is cut, and from then on nothing the process does has an effect. The process
/// runs on until its agent returns, is thrown away, and a new one opens what survived.
/// Thread: one.

#include "base/result.hpp"

#include <cstdint>
#include <optional>

namespace kontor::simulation {

/// Where in a call the process dies: nothing of it happened, a part, or all but the answer.
enum class Moment : std::uint8_t { before, inside, after };

class Lifeline {
public:
    /// Lets `calls` more calls through; in the one after them the process dies.
    void cut_after(std::uint64_t calls, Moment moment) {
        calls_left_ = calls;
        moment_ = moment;
    }
    /// The death that was ahead is called off.
    void spare() { calls_left_.reset(); }
    bool is_cut() const { return is_cut_; }
    std::uint64_t calls() const { return calls_; }

    /// Makes a call of the process: `whole` is the call, `part` what is left of it when the process
    /// dies inside.
    template <class Whole, class Part>
    auto pass(Whole const& whole, Part const& part) -> decltype(whole()) {
        if (is_cut_)
            return unexpected(dead());
        ++calls_;
        bool const is_last = calls_left_ && (*calls_left_)-- == 0;
        if (!is_last)
            return whole();
        is_cut_ = true;
        if (moment_ == Moment::inside)
            part();
        if (moment_ == Moment::after)
            (void)whole();
        return unexpected(dead());
    }

    /// A call that leaves nothing when the process dies inside.
    template <class Whole>
    auto pass(Whole const& whole) -> decltype(whole()) {
        return pass(whole, [] {});
    }

private:
    static Failure dead() { return {FailureKind::broken, "the process is dead", "simulation"}; }

    std::optional<std::uint64_t> calls_left_;
    Moment moment_{Moment::before};
    std::uint64_t calls_{0};
    bool is_cut_{false};
};

} // namespace kontor::simulation
