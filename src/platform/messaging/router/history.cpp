#include "platform/messaging/router/history.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/process/events.hpp"
#include "platform/messaging/router/limits.hpp"
#include "platform/messaging/router/wiring_facts.hpp"

#include <algorithm>

namespace kontor::router {

Result<Shown> shown_of(Stage const& stage, ports::EventPage const& page,
                       ports::RecordedEvent const& event) {
    if (!codec::holds<process::EventPut>(event.type))
        return show(stage, event, page.commit_of(event));
    KONTOR_TRY(auto const fact, codec::decode<process::Event>(event.type, event.payload));
    return Shown{event_of(std::get<process::EventPut>(fact)), {}};
}

std::size_t LogHistory::visit(std::size_t from, std::size_t places_max, Visit const& visit) const {
    auto const end = from + places_max;
    while (from < end) {
        auto const limit = std::min<std::size_t>(end - from, page_events_max);
        auto const page = store_.read_log(ports::Position(from), ports::Limit(limit));
        if (!page || page->events.empty())
            return from;
        for (auto const& event : page->events) {
            if (from == end)
                return from;
            auto const shown = shown_of(stage_, *page, event);
            if (!shown || (shown->event && !visit(from, *shown->event)))
                return from;
            from = event.position.value();
        }
    }
    return from;
}

} // namespace kontor::router
