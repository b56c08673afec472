#include "domain/audit/state.hpp"

namespace kontor::audit {

State initial() {
    return Nothing{};
}

bool is_terminal(State const&) {
    return false;
}

State evolve(State state, ActionTaken const&) {
    auto const* const kept = std::get_if<Kept>(&state);
    return Kept{(kept != nullptr ? kept->entries : 0) + 1};
}

} // namespace kontor::audit
