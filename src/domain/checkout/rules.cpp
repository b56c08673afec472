#include "domain/checkout/rules.hpp"

namespace kontor::checkout {
namespace {

void go_on_before(Draft& draft) {
    // A phase may lead on to the next at once: its rules then run in the same step.
    for (auto phase = Phase::none; phase != draft.state().phase;) {
        phase = draft.state().phase;
        if (phase == Phase::reserving)
            reserve_goods(draft);
        else if (phase == Phase::authorising)
            authorise_offer(draft);
        else if (phase == Phase::resolving)
            resolve_payment(draft);
        else if (phase == Phase::confirming)
            confirm(draft);
    }
}

bool is_before(Phase phase) {
    return phase == Phase::reserving || phase == Phase::authorising || phase == Phase::resolving ||
           phase == Phase::confirming;
}

} // namespace

void go_on(Draft& draft) {
    if (draft.state().phase == Phase::none)
        draft.go_to(Phase::reserving);
    go_on_with_calls(draft);
    if (is_before(draft.state().phase) && draft.state().order == OrderStatus::closed)
        draft.go_to(Phase::unwinding);
    if (is_before(draft.state().phase)) {
        if (draft.input().kind == InputKind::deadline_reached &&
            draft.input().deadline == Deadline::phase_alarm)
            repeat_phase(draft);
        else
            go_on_before(draft);
    }
    if (is_closed(draft.state())) {
        if (draft.state().phase != Phase::unwinding)
            draft.go_to(Phase::unwinding);
        unwind(draft);
        return;
    }
    if (is_before(draft.state().phase)) {
        lift_outdated(draft);
        return;
    }
    go_on_with_edit(draft);
    go_on_with_goods(draft);
    go_on_with_returns(draft);
    go_on_with_money(draft);
    finish_order(draft);
}

} // namespace kontor::checkout
