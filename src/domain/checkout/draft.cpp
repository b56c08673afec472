#include "domain/checkout/draft.hpp"

namespace kontor::checkout {

/// Only what changed is stored: beyond what the fact itself lifts when it is folded.
void Draft::list_deadlines() {
    auto& folded = waiting_before_;
    if (event_.input.kind == InputKind::deadline_reached)
        set_deadline(folded, {*event_.input.deadline, event_.input.subject, {}});
    if (event_.to != event_.from)
        lift_with_phase(folded);
    auto const list = [&](Waiting const& each, std::optional<Instant> at) {
        if (event_.deadlines.empty())
            event_.deadlines.reserve(folded.size() + state_.waiting.size());
        auto const subject = each.subject.is_nil() ? std::nullopt : std::optional(each.subject);
        event_.deadlines.push_back({each.deadline, subject, at});
    };
    for (auto const& old : folded)
        if (!waits(old.deadline, old.subject))
            list(old, {});
    for (auto const& wanted : state_.waiting) {
        auto const* const old = find_waiting(folded, wanted.deadline, wanted.subject);
        if (old == nullptr || old->at != wanted.at)
            list(wanted, wanted.at);
    }
}

void Draft::finish() {
    event_.to = state_.phase;
    list_deadlines();
    for (auto const& sent : event_.commands)
        outputs_.commands.push_back(command_of(state_, sent));
}

} // namespace kontor::checkout
