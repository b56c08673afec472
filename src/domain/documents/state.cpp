#include "domain/documents/state.hpp"

#include "base/assert.hpp"

namespace kontor::documents {

State initial() {
    return Nothing{};
}

bool is_terminal(State const&) {
    return false;
}

Register register_of(State const& state) {
    auto const* const kept = std::get_if<Register>(&state);
    return kept != nullptr ? *kept : Register{};
}

State evolve(State state, InvoiceIssued const& event) {
    auto kept = register_of(state);
    KONTOR_ASSERT(event.number == kept.invoices + 1, "invoice {} after {}", event.number,
                  kept.invoices);
    kept.invoices = event.number;
    kept.documented_to = event.position.value_or(kept.documented_to);
    return kept;
}

State evolve(State state, CreditNoteIssued const& event) {
    auto kept = register_of(state);
    KONTOR_ASSERT(event.number == kept.credit_notes + 1, "credit note {} after {}", event.number,
                  kept.credit_notes);
    kept.credit_notes = event.number;
    kept.documented_to = event.position.value_or(kept.documented_to);
    return kept;
}

} // namespace kontor::documents
