#include "services/documents/document_runner.hpp"

#include "codec/event_types.hpp"
#include "platform/processes/follow.hpp"
#include "services/documents/limits.hpp"

#include <algorithm>
#include <functional>

namespace kontor::services {
namespace {

Actor const documents_actor{ActorKind::service, InlineText<31>("documents")};

/// All ids of its requests derive from this one and the position of their last cause.
CommandId const root{Id128(0, 0x646f'6375'6d65'6e74)};

constexpr int first_year = 1970;

/// Up to which position a register was told.   Errors: unavailable, corrupt.
Result<std::uint64_t> documented_to(ports::EventStore& store, StreamId const& stream) {
    KONTOR_TRY(auto const head, store.head(stream));
    if (head.value() == 0)
        return std::uint64_t{0};
    KONTOR_TRY(auto const page, store.read_stream(stream, head, ports::Limit(1)));
    auto const& last = page.events.front();
    KONTOR_TRY(auto const fact, codec::decode<documents::Event>(last.type, last.payload));
    return std::visit([](auto const& of) { return of.position.value_or(0); }, fact);
}

} // namespace

DocumentRunner::DocumentRunner(ports::EventStore& store, Clock& clock, ShopClient& client)
    : store_(store), clock_(clock), client_(client) {}

Result<void> DocumentRunner::recover() {
    std::uint64_t last = 0;
    auto const this_year = to_calendar(clock_.now()).year;
    for (auto year = first_year; year <= this_year + 1; ++year) {
        KONTOR_TRY(auto const to, documented_to(store_, Documents::stream(DocumentYear(
                                                            static_cast<std::uint16_t>(year)))));
        last = std::max(last, to);
    }
    position_ = ports::Position(last);
    return {};
}

Result<WorkDone> DocumentRunner::do_work(WorkBudget budget) {
    client_.submit_waiting(waiting_);
    KONTOR_TRY(auto const events, follow(std::min(budget.items_max, documents_page_events_max)));
    client_.submit_waiting(waiting_);
    return WorkDone{events};
}

Result<std::size_t> DocumentRunner::follow(std::size_t events_max) {
    if (waiting_.size() >= documents_waiting_max)
        return std::size_t{0};
    KONTOR_TRY(auto const events,
               processes::follow(store_, position_, ports::Limit(events_max),
                                 std::bind_front(&DocumentRunner::take_up, this)));
    submit();
    return events;
}

Result<void> DocumentRunner::take_up(ports::EventPage const& page,
                                     ports::RecordedEvent const& event) {
    if (!codec::holds<order::Shipped>(event.type) &&
        !codec::holds<order::RefundGranted>(event.type))
        return {};
    KONTOR_TRY(auto const fact, codec::decode<order::Event>(event.type, event.payload));
    OrderId const order(event.stream.id());
    auto const position = event.position.value();
    auto const year = to_calendar(page.commit_of(event).header.occurred_at).year;
    auto& causes = causes_[DocumentYear(static_cast<std::uint16_t>(year))];
    if (auto const* const shipped = std::get_if<order::Shipped>(&fact))
        causes.emplace_back(
            documents::Dispatched{position, order, shipped->fulfilment_id, shipped->value});
    if (auto const* const granted = std::get_if<order::RefundGranted>(&fact))
        causes.emplace_back(
            documents::Refunded{position, order, granted->refund_id, granted->value});
    last_cause_ = position;
    if (++cause_count_ >= documents_of_request_max)
        submit();
    return {};
}

/// All years in one command: a register that was told less than another would be told too little
/// after a crash.
void DocumentRunner::submit() {
    if (cause_count_ == 0)
        return;
    Compound work;
    for (auto& [year, causes] : causes_)
        work.commands.push_back(On<Documents>{year, documents::Issue{std::move(causes)}});
    auto const id = derive_id<CommandId>(root, "issue", last_cause_);
    waiting_.push_back(std::make_unique<ShopRequest>(id, id.value(), Id128(), clock_.now(),
                                                     documents_actor, std::move(work)));
    causes_.clear();
    cause_count_ = 0;
}

} // namespace kontor::services
