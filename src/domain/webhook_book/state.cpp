#include "domain/webhook_book/state.hpp"

#include "base/assert.hpp"

namespace kontor::webhook_book {

State initial() {
    return Open{};
}

bool is_terminal(State const& state) {
    return std::holds_alternative<Closed>(state);
}

State evolve(State state, PageKept const& event) {
    auto const* const open = std::get_if<Open>(&state);
    KONTOR_ASSERT(open != nullptr, "a page behind the last one");
    if (event.is_last)
        return Closed{};
    return Open{open->pages + 1};
}

} // namespace kontor::webhook_book
