#include "platform/messaging/router/replays.hpp"

#include "codec/events.hpp"
#include "domain/process/events.hpp"
#include "platform/messaging/router/history.hpp"
#include "platform/messaging/router/limits.hpp"

#include <algorithm>

namespace kontor::router {

StreamId replay_stream(std::uint64_t number) {
    return StreamId::of(StreamCategory::process, "replay-" + std::to_string(number));
}

Result<WorkDone> Replays::do_work(WorkBudget budget) {
    std::vector<bus::Archives::Due> due;
    {
        std::lock_guard const guard(parts_.mutex);
        due = parts_.archives.due(parts_.clock.now());
    }
    std::erase_if(courses_, [&](auto const& each) { // it was cancelled, or its archive is gone
        return std::ranges::find(due, each.first, &bus::Archives::Due::number) == due.end();
    });
    std::size_t facts = 0;
    for (auto const& each : due) {
        KONTOR_TRY(auto const seen, go_on(each, budget.items_max));
        facts += seen;
    }
    return WorkDone{facts};
}

Result<std::size_t> Replays::go_on(bus::Archives::Due const& due, std::size_t facts_max) {
    auto& course = courses_
                       .try_emplace(due.number, Done{ports::Position(due.next), due.after},
                                    parts_.letters_of_commit)
                       .first->second;
    auto const send = [&](Done const& done, std::span<Letter> letters) {
        return keep(due, done, letters);
    };
    if (course.has_letters() && !course.send(send))
        return std::size_t{0};
    ports::Limit const limit(std::clamp<std::size_t>(facts_max, 1, page_events_max));
    KONTOR_TRY(auto const page, parts_.store.read_log(course.position(), limit));
    std::size_t seen = 0;
    for (auto const& event : page.events) {
        if (event.position.value() > due.end)
            break;
        KONTOR_TRY(auto shown, shown_of(parts_.stage, page, event));
        auto letters = sort(due.name, std::move(shown.event));
        if (!letters)
            break;
        course.pass(event.position, *std::move(letters));
        ++seen;
        if (course.is_enough() && !course.send(send))
            return seen;
    }
    auto const at = course.position().value();
    if (course.has_letters())
        course.send(send); // or the next call does
    else if (at >= due.end || at - course.kept().through.value() >= parts_.quiet_events)
        course.keep_position(send);
    return seen;
}

std::optional<std::vector<Letter>> Replays::sort(std::string const& replay,
                                                 std::optional<bus::BusEvent> event) {
    if (!event)
        return std::vector<Letter>();
    std::lock_guard const guard(parts_.mutex);
    auto const now = parts_.clock.now();
    switch (parts_.archives.asks_for(replay, *event, now)) {
    case bus::Archives::Wish::no: return std::vector<Letter>();
    case bus::Archives::Wish::later: return std::nullopt;
    case bus::Archives::Wish::yes:
        return parts_.office.sort(parts_.archives.again(replay, *std::move(event)), now);
    }
    KONTOR_UNREACHABLE();
}

bool Replays::keep(bus::Archives::Due const& due, Done const& done, std::span<Letter> letters) {
    process::ReplayMoved fact{done.through.value(), parts_.clock.now()};
    {
        std::lock_guard const guard(parts_.mutex);
        fact.reached = parts_.archives.reached(due.name);
    }
    if (!done.after.empty())
        fact.after = done.after;
    hosting::Companion made{replay_stream(due.number), {}, {}};
    made.type = codec::encode(process::Event(fact), made.payload);
    if (!parts_.keep(made, letters))
        return false;
    std::lock_guard const guard(parts_.mutex);
    parts_.archives.moved(due.name, fact.through, done.after, fact.at);
    return true;
}

} // namespace kontor::router
