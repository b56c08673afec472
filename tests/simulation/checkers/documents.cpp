#include "tests/simulation/checkers/documents.hpp"

#include <fmt/format.h>

namespace kontor::simulation {

template <class Document>
void DocumentsChecker::see_document(std::uint64_t& last, Document const& document, bool is_refund) {
    if (document.number != last + 1)
        verdict_.fail("I4",
                      fmt::format("{} has number {} after {}", where_, document.number, last));
    last = document.number;
    auto const cause = causes_.find(document.position.value_or(0));
    if (cause == causes_.end() || cause->second.is_refund != is_refund) {
        verdict_.fail("I4", fmt::format("{} documents nothing that happened", where_));
        return;
    }
    auto const worth = document.value.net.minor() + document.value.tax.minor();
    if (cause->second.is_documented)
        verdict_.fail(
            "I4", fmt::format("{} is the second document of position {}", where_, cause->first));
    if (cause->second.worth != worth || cause->second.order != document.order_id)
        verdict_.fail("I4", fmt::format("{} says {}, position {} was worth {}", where_, worth,
                                        cause->first, cause->second.worth));
    cause->second.is_documented = true;
}

void DocumentsChecker::see(Fact const& fact) {
    where_ = fmt::format("{} at position {}", fact.stream.to_string(), fact.position);
    if (auto const* const event = std::get_if<order::Event>(&fact.content)) {
        OrderId const order(fact.stream.id());
        if (auto const* const shipped = std::get_if<order::Shipped>(event))
            causes_[fact.position] = {
                order, shipped->value.net.minor() + shipped->value.tax.minor(), false, false};
        if (auto const* const granted = std::get_if<order::RefundGranted>(event))
            causes_[fact.position] = {
                order, granted->value.net.minor() + granted->value.tax.minor(), true, false};
    }
    auto const* const event = std::get_if<documents::Event>(&fact.content);
    if (event == nullptr)
        return;
    auto& last = years_[std::string(fact.stream.key())];
    if (auto const* const invoice = std::get_if<documents::InvoiceIssued>(event))
        see_document(last.invoice, *invoice, false);
    if (auto const* const credit_note = std::get_if<documents::CreditNoteIssued>(event))
        see_document(last.credit_note, *credit_note, true);
}

void DocumentsChecker::at_rest() {
    for (auto const& [position, cause] : causes_)
        if (!cause.is_documented)
            verdict_.fail("I4", fmt::format("position {} of {} has no document at rest", position,
                                            cause.order.to_string()));
}

} // namespace kontor::simulation
