#pragma once

/// Draft: one step of the process while it is being decided. What was noted, sent and set is
/// applied to the state at once, so that the rules look at where the step has come to.

#include "domain/checkout/fold.hpp"
#include "domain/checkout/graph.hpp"
#include "domain/checkout/outputs.hpp"
#include "domain/checkout/table.hpp"

#include "base/assert.hpp"
#include "base/names.hpp"
#include "domain/values/context.hpp"

namespace kontor::checkout {

class Draft {
public:
    /// `state` goes the step with it. The fact is put together where it leaves from, in `outputs`,
    /// which are empty so far and outlive the draft.
    Draft(Outputs& outputs, State& state, Noted&& input, Context const& context,
          std::vector<Shortage> shortages = {})
        : outputs_(outputs), state_(state), waiting_before_(state.waiting), now_(context.now),
          shortages_(std::move(shortages)), event_(std::get<Advanced>(outputs.events.emplace_back(
                                                Advanced{state.phase, {}, std::move(input)}))) {
        note(state_, event_.input);
    }

    State const& state() const { return state_; }
    Noted const& input() const { return event_.input; }
    Instant now() const { return now_; }
    /// What the input found missing.
    std::vector<Shortage> const& shortages() const { return shortages_; }
    Money money(std::int64_t minor) const { return Money::of(minor, state_.currency); }

    void send(Sent sent) {
        mark_sent(state_, sent);
        event_.commands.push_back(std::move(sent));
    }
    void alarm(Deadline deadline, Id128 subject = {}) {
        send({.step = Step::raise_alarm,
              .subject = subject.is_nil() ? std::nullopt : std::optional(subject),
              .number = static_cast<std::uint32_t>(deadline)});
    }
    void wait(Deadline deadline, Instant until, Id128 subject = {}) {
        set_deadline(state_.waiting, {deadline, subject, until});
    }
    void lift(Deadline deadline, Id128 subject = {}) {
        set_deadline(state_.waiting, {deadline, subject, {}});
    }
    bool waits(Deadline deadline, Id128 subject = {}) const {
        return find_waiting(state_.waiting, deadline, subject) != nullptr;
    }
    /// Sets the deadline where it is wanted and not set, lifts it where it is not wanted.
    void wait_while(bool wanted, Deadline deadline, Instant until, Id128 subject = {}) {
        if (!wanted)
            lift(deadline, subject);
        else if (!waits(deadline, subject))
            wait(deadline, until, subject);
    }
    /// Along an edge of the graph, where it is not there already.
    void go_to(Phase phase) {
        if (phase == state_.phase)
            return;
        auto const edge = edge_between(state_.phase, phase);
        edges_gone_ |= edge < phase_edges.size() ? std::uint32_t{1} << edge : edge_not_in_graph;
        enter(state_, phase);
    }
    /// A bit for each edge of the graph that this step went along, and one for any other: a drawing
    /// that lacks an edge is no reason to stop the shop.
    std::uint32_t edges_gone() const { return edges_gone_; }

    /// Completes the outputs: the fact and its commands. Folding the fact into the state before
    /// gives the state now.
    void finish();

private:
    void list_deadlines();

    Outputs& outputs_;
    State& state_;
    WaitingList waiting_before_;
    Instant now_;
    std::uint32_t edges_gone_{0};
    std::vector<Shortage> shortages_;
    Advanced& event_;
};

} // namespace kontor::checkout
