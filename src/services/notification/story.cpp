#include "services/notification/story.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/order/order.hpp"
#include "services/notification/limits.hpp"
#include "services/shop/order_of.hpp"

#include <algorithm>

namespace kontor::services {
namespace {

Failure no_such_fact(Told const& told) {
    return {FailureKind::not_found, "the log has no such fact of this order",
            told.stream.to_string()};
}

/// Shows `see(page, event)` a whole stream, page by page, until it says no.
/// Errors: what `see` says, unavailable, corrupt.
template <class See>
Result<void> read_whole(ports::EventStore& log, StreamId const& stream, See&& see) {
    ports::StreamVersion next(1);
    for (;;) {
        KONTOR_TRY(auto const page,
                   log.read_stream(stream, next, ports::Limit(story_page_events_max)));
        for (auto const& event : page.events) {
            KONTOR_TRY(bool const goes_on, see(page, event));
            if (!goes_on)
                return {};
            next = ports::StreamVersion(event.version.value() + 1);
        }
        if (page.events.size() < story_page_events_max)
            return {};
    }
}

struct FoundFact {
    ToldFact fact;
    ports::Position position;
    Instant happened_at;
};

template <class Event>
Result<FoundFact> found_in(ports::EventPage const& page, ports::RecordedEvent const& event,
                           sealing::Opener* opener, Told const& told) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr || type->name != told.fact)
        return unexpected(no_such_fact(told));
    KONTOR_TRY(auto fact, codec::decode<Event>(event.type, event.payload));
    if constexpr (codec::has_personal_facts<Event>)
        KONTOR_TRY(sealing::open_fact(opener, fact, page.id_of(event)));
    auto const& header = page.commit_of(event).header;
    if (order_of(fact, OrderId(header.correlation_id)) != told.order)
        return unexpected(no_such_fact(told));
    return FoundFact{std::move(fact), event.position, header.occurred_at};
}

Result<FoundFact> decoded(ports::EventPage const& page, ports::RecordedEvent const& event,
                          sealing::Opener* opener, Told const& told) {
    switch (event.stream.category()) {
    case StreamCategory::order: return found_in<order::Event>(page, event, opener, told);
    case StreamCategory::payment: return found_in<payment::Event>(page, event, opener, told);
    case StreamCategory::fulfilment: return found_in<fulfilment::Event>(page, event, opener, told);
    case StreamCategory::stock:
    case StreamCategory::reservation:
    case StreamCategory::checkout:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::customer:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return unexpected(no_such_fact(told));
    }
    KONTOR_UNREACHABLE();
}

Result<FoundFact> find_fact(ports::EventStore& log, sealing::Opener* opener, Told const& told) {
    std::optional<FoundFact> found;
    auto const look = [&](ports::EventPage const& page,
                          ports::RecordedEvent const& event) -> Result<bool> {
        if (page.id_of(event) != told.id)
            return true;
        KONTOR_TRY(found, decoded(page, event, opener, told));
        return false;
    };
    KONTOR_TRY(read_whole(log, told.stream, look));
    if (!found)
        return unexpected(no_such_fact(told));
    return *std::move(found);
}

/// Who is reached where counts as it is now, all else as it was then.
void tell(Story& story, order::Event const& fact, bool was_then) {
    if (auto const* const placed = std::get_if<order::Placed>(&fact)) {
        story.channel = placed->channel;
        story.customer = placed->customer_id;
        story.contact = placed->contact;
        story.lines = placed->lines;
        story.shipping = placed->shipping;
    } else if (auto const* const changed = std::get_if<order::AddressChanged>(&fact)) {
        if (changed->contact)
            story.contact = *changed->contact;
    } else if (auto const* const edited = std::get_if<order::Edited>(&fact); edited && was_then) {
        story.lines.insert(story.lines.end(), edited->added.begin(), edited->added.end());
    }
    if (was_then)
        story.state = order::Decider::evolve(std::move(story.state), fact);
}

} // namespace

Result<Story> read_story(ports::EventStore& log, sealing::Opener* opener, Told const& told) {
    KONTOR_TRY(auto found, find_fact(log, opener, told));
    Story story{};
    story.happened_at = found.happened_at;
    story.order = told.order;
    auto const see = [&](ports::EventPage const& page,
                         ports::RecordedEvent const& event) -> Result<bool> {
        KONTOR_TRY(auto fact, codec::decode<order::Event>(event.type, event.payload));
        KONTOR_TRY(sealing::open_fact(opener, fact, page.id_of(event)));
        tell(story, fact, event.position <= found.position);
        return true;
    };
    KONTOR_TRY(read_whole(log, StreamId::order(told.order), see));
    if (std::holds_alternative<order::Nothing>(story.state))
        return unexpected(no_such_fact(told));
    story.fact = std::move(found.fact);
    return story;
}

Result<bool> wants_mail(ports::EventStore& log, CustomerId customer, std::string_view topic) {
    bool wants = true;
    auto const hear = [&](auto const& about) {
        if constexpr (requires { about.channels; }) {
            auto const said = std::ranges::find_if(
                about.channels, [&](auto const& each) { return each.topic.view() == topic; });
            wants =
                said == about.channels.end() ||
                std::ranges::find(said->channels, customer::Channel::email) != said->channels.end();
        } else {
            wants = false;
        }
    };
    auto const see = [&](ports::EventPage const&,
                         ports::RecordedEvent const& event) -> Result<bool> {
        KONTOR_TRY(auto const fact, codec::decode<customer::Event>(event.type, event.payload));
        std::visit(hear, fact);
        return true;
    };
    KONTOR_TRY(read_whole(log, StreamId::customer(customer), see));
    return wants;
}

} // namespace kontor::services
