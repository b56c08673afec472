#pragma once

/// What the documents of one year add up to: the last numbers, and how far the log is documented.

#include "domain/documents/events.hpp"

namespace kontor::documents {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

struct Register {
    std::uint64_t invoices{0};     ///< the last number; all before it were given
    std::uint64_t credit_notes{0}; ///< the same
    std::uint64_t documented_to{0};
    friend bool operator==(Register const&, Register const&) = default;
};

using State = std::variant<Nothing, Register>;

State initial();
/// Never: a late refund is documented in its own year.
bool is_terminal(State const& state);

State evolve(State state, InvoiceIssued const& event);
State evolve(State state, CreditNoteIssued const& event);

/// As it is, nothing included.
Register register_of(State const& state);

} // namespace kontor::documents
