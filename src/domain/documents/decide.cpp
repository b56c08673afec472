#include "domain/documents/decide.hpp"

#include <algorithm>

namespace kontor::documents {
namespace {

std::uint64_t position_of(Cause const& cause) {
    return std::visit([](auto const& of) { return of.position; }, cause);
}

/// The next document of the register, which moves on.
Event document(Register& kept, Dispatched const& cause) {
    return InvoiceIssued{++kept.invoices, cause.order_id, cause.fulfilment_id, cause.value,
                         cause.position};
}

Event document(Register& kept, Refunded const& cause) {
    return CreditNoteIssued{++kept.credit_notes, cause.order_id, cause.refund_id, cause.value,
                            cause.position};
}

} // namespace

Decision decide(State const& state, Issue const& command, Context const&) {
    auto const& causes = command.causes;
    auto const does_not_ascend = [](std::uint64_t one, std::uint64_t next) { return one >= next; };
    if (std::ranges::adjacent_find(causes, does_not_ascend, position_of) != causes.end())
        return unexpected(Rejection::causes_out_of_sequence);
    auto kept = register_of(state);
    auto const documented_to = kept.documented_to;
    Events<Event> events;
    for (auto const& cause : causes)
        if (position_of(cause) > documented_to)
            events.push_back(std::visit([&](auto const& of) { return document(kept, of); }, cause));
    return events;
}

} // namespace kontor::documents
