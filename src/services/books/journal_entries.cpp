#include "services/books/journal_entries.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"

namespace kontor::services::books {
namespace {

/// Posts a fact to the state it happened to, and moves the state on.
template <class Decider, class States, class Id>
Result<ledger::Postings> post(States& states, Id id, ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const fact, codec::decode<typename Decider::Event>(event.type, event.payload));
    auto& state = states.try_emplace(id, Decider::initial()).first->second;
    auto postings = ledger::postings(state, fact);
    state = Decider::evolve(std::move(state), fact);
    return postings;
}

} // namespace

Result<ledger::Postings> JournalEntries::posted(ports::RecordedEvent const& event) {
    if (event.stream.category() == StreamCategory::order)
        return post<order::Decider>(orders_, OrderId(event.stream.id()), event);
    if (event.stream.category() == StreamCategory::payment)
        return post<payment::Decider>(payments_, PaymentId(event.stream.id()), event);
    return ledger::Postings{};
}

Result<JournalEntry> JournalEntries::see(ports::EventPage const& page,
                                         ports::RecordedEvent const& event) {
    JournalEntry entry;
    KONTOR_TRY(entry.postings, posted(event));
    if (entry.postings.empty())
        return entry;
    entry.position = event.position.value();
    entry.at = page.commit_of(event).header.occurred_at;
    entry.stream = event.stream;
    if (auto const* const row = codec::find_event_type(event.type))
        entry.fact = row->name;
    balances_[std::string(entry.postings.front().amount.currency().code())].add(entry.postings);
    return entry;
}

} // namespace kontor::services::books
