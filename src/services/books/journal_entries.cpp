#include "services/books/journal_entries.hpp"

#include "base/shapes.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"

namespace kontor::services::books {
namespace {

constexpr ports::Limit page_size(1024);

/// Brings a state to what its stream had come to before a version.
template <class Decider>
Result<void> fold_before(typename Decider::State& state, ports::EventStore& store,
                         StreamId const& stream, ports::StreamVersion version) {
    for (ports::StreamVersion next(1); next < version;) {
        KONTOR_TRY(auto const page, store.read_stream(stream, next, page_size));
        if (page.empty())
            return unexpected(Failure{FailureKind::corrupt, "a stream lacks facts before one of it",
                                      stream.to_string()});
        for (auto const& event : page.events) {
            if (event.version >= version)
                return {};
            KONTOR_TRY(auto const fact,
                       codec::decode<typename Decider::Event>(event.type, event.payload));
            evolve_in_place<Decider>(state, fact);
            next = ports::StreamVersion(event.version.value() + 1);
        }
    }
    return {};
}

} // namespace

/// Posts a fact to the state it happened to, and moves the state on.
template <class Decider, class States, class Id>
Result<ledger::Postings> JournalEntries::post(States& states, Id id,
                                              ports::RecordedEvent const& event) {
    KONTOR_TRY(auto const fact, codec::decode<typename Decider::Event>(event.type, event.payload));
    if (store_ != nullptr && states.size() >= states_max && !states.contains(id))
        states.clear();
    auto const [found, is_new] = states.try_emplace(id, Decider::initial());
    auto& state = found->second;
    if (store_ != nullptr && is_new)
        KONTOR_TRY(fold_before<Decider>(state, *store_, event.stream, event.version));
    auto postings = ledger::postings(state, fact);
    state = Decider::evolve(std::move(state), fact);
    return postings;
}

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
