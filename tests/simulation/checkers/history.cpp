#include "tests/simulation/checkers/history.hpp"

#include "codec/events.hpp"

#include <fmt/format.h>

namespace kontor::simulation {
namespace {

template <class Event>
Result<Content> content_of(ports::RecordedEvent const& event) {
    KONTOR_TRY(auto fact, codec::decode<Event>(event.type, event.payload));
    return Content(std::move(fact));
}

Result<Content> decode(ports::RecordedEvent const& event) {
    switch (event.stream.category()) {
    case StreamCategory::order: return content_of<order::Event>(event);
    case StreamCategory::stock: return content_of<stock::Event>(event);
    case StreamCategory::reservation: return content_of<reservation::Event>(event);
    case StreamCategory::payment: return content_of<payment::Event>(event);
    case StreamCategory::fulfilment: return content_of<fulfilment::Event>(event);
    case StreamCategory::checkout: return content_of<checkout::Event>(event);
    case StreamCategory::documents: return content_of<documents::Event>(event);
    case StreamCategory::customer: return content_of<customer::Event>(event);
    case StreamCategory::ops: return content_of<audit::Event>(event);
    case StreamCategory::process: return content_of<process::Event>(event);
    case StreamCategory::queue: return content_of<queue::Event>(event);
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::notification:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return Content();
    }
    KONTOR_UNREACHABLE();
}

} // namespace

Result<Fact> read_fact(ports::EventPage const& page, ports::RecordedEvent const& event) {
    KONTOR_TRY(auto content, decode(event));
    return Fact{event.position.value(),       event.stream,
                event.version.value(),        event.index_in_command,
                page.commit_of(event).header, std::move(content)};
}

std::string in_words(Fact const& fact) {
    auto const content = std::visit(
        []<class Event>(Event const& event) {
            if constexpr (std::is_same_v<Event, std::monostate>)
                return std::string();
            else
                return codec::fact_to_json(event, codec::PersonalFields::withheld);
        },
        fact.content);
    return fmt::format("{} {} {} v{} {} {}", fact.position, to_string(fact.header.occurred_at),
                       fact.stream.to_string(), fact.version, fact.header.command_id.to_string(),
                       content);
}

} // namespace kontor::simulation
