#include "domain/checkout/draft.hpp"

namespace kontor::checkout {

/// Only what changed is stored: beyond what the fact itself lifts when it is folded.
void Draft::list_deadlines() {
    auto& folded = waiting_before_;
    if (event_.input.kind == InputKind::deadline_reached)
        set_deadline(folded, {*event_.input.deadline, event_.input.subject, {}});
    if (event_.to != event_.from)
        lift_with_phase(folded);
    auto const subject = [](Id128 id) { return id.is_nil() ? std::nullopt : std::optional(id); };
    for (auto const& old : folded)
        if (!waits(old.deadline, old.subject))
            event_.deadlines.push_back({old.deadline, subject(old.subject), {}});
    for (auto const& wanted : state_.waiting) {
        auto const* const old = find_waiting(folded, wanted.deadline, wanted.subject);
        if (old == nullptr || old->at != wanted.at)
            event_.deadlines.push_back({wanted.deadline, subject(wanted.subject), wanted.at});
    }
}

Outputs Draft::finish() {
    event_.to = state_.phase;
    list_deadlines();
    Outputs outputs;
    for (auto const& sent : event_.commands)
        outputs.commands.push_back(command_of(state_, sent));
    outputs.events.emplace_back(std::move(event_));
    return outputs;
}

} // namespace kontor::checkout
