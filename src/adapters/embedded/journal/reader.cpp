#include "adapters/embedded/journal/reader.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

void keep(ports::EventPage& page, std::shared_ptr<void const> const& memory) {
    if (page.keeps.empty() || page.keeps.back() != memory)
        page.keeps.push_back(memory);
}

/// Asks for the lines of memory that a commit will be read from, so that many come at once.
void fetch_ahead(Bytes body, CommitPlace const& place) {
    constexpr std::size_t cache_line = 64;
    auto const* const record = body.data() + place.record;
    __builtin_prefetch(record);
    for (std::size_t line = 0; line < 3; ++line)
        __builtin_prefetch(record + place.commit + line * cache_line);
}

/// Shows the events of a frame's body with positions in (after, up_to]. False: the page is full.
Result<bool> show_body(ports::EventPage& page, Bytes body, std::uint64_t after, std::uint64_t up_to,
                       std::size_t limit) {
    bool has_room = true;
    auto const show_commit = [&](CommitView const& commit) -> Result<void> {
        auto const end = commit.first_position() + commit.event_count();
        if (!has_room || commit.event_count() == 0 || end <= after + 1)
            return {};
        auto const rest = end - std::max(after + 1, commit.first_position());
        has_room = page.events.empty() || page.events.size() + rest <= limit;
        if (!has_room)
            return {};
        auto shown = commit.show(page, after, limit);
        has_room = page.events.size() < limit;
        return shown;
    };
    auto const show_record = [&](Bytes record, RecordHeader const& header,
                                 std::uint32_t) -> Result<void> {
        bool const is_wanted = has_room && header.first_position + header.events > after + 1 &&
                               header.first_position <= up_to;
        return is_wanted ? for_each_commit(record, header, show_commit) : Result<void>{};
    };
    KONTOR_TRY(for_each_record(body, show_record));
    return has_room;
}

} // namespace

Reader::RecordAt Reader::locate(Pins& pins, CommitPlace const& place) {
    auto const& frame = state_.frames[place.frame];
    if (!frame.chunk)
        return {{}, frame.generation, frame.offset, place};
    pins.add(frame.chunk);
    fetch_ahead(frame.body(), place);
    return {frame.body(), frame.generation, frame.offset, place};
}

Result<CommitView> Reader::commit_at(RecordAt const& at, ports::EventPage& page, Around& around) {
    if (!at.body.empty())
        return CommitView::read(at.body.subspan(at.place.record), at.place.commit);
    KONTOR_TRY(auto const record,
               cold_.record(at.generation,
                            static_cast<std::uint32_t>(at.frame_offset + frame_header_bytes +
                                                       at.place.record),
                            around));
    keep(page, around.memory);
    return CommitView::read(record, at.place.commit);
}

Reader::Plan Reader::plan_stream(StreamId const& stream, std::uint64_t from, std::size_t limit) {
    SmallVector<CommitPlace, 64> newest_first;
    auto pins = std::make_shared<Pins>();
    std::lock_guard const lock(state_.mutex);
    Plan plan{{}, std::move(pins), 0, state_.agings, false, state_.sealed};
    auto const* const live = state_.streams.find(stream);
    plan.is_live = live != nullptr;
    if (live == nullptr) {
        plan.memory_from = ~std::uint64_t{0};
        return plan;
    }
    plan.memory_from = live->version + 1;
    for (auto at = live->last_posting; state_.postings.holds(at) && plan.memory_from > from;) {
        auto const& posting = state_.postings[at];
        newest_first.push_back(posting.place);
        plan.memory_from = posting.first_version;
        at = posting.previous;
    }
    auto const wanted = std::min(limit, newest_first.size());
    plan.in_memory.reserve(wanted);
    for (auto place = newest_first.rbegin(); plan.in_memory.size() < wanted; ++place)
        plan.in_memory.push_back(locate(*plan.pins, *place));
    return plan;
}

Result<ports::EventPage> Reader::read_stream(StreamId const& stream, std::uint64_t from,
                                             std::size_t limit) {
    ports::EventPage page;
    from = std::max<std::uint64_t>(from, 1);
    auto const plan = plan_stream(stream, from, limit);
    keep(page, plan.pins);
    page.events.reserve(plan.in_memory.size());
    page.commits.reserve(plan.in_memory.size());
    if (from < plan.memory_from)
        KONTOR_TRY(cold_.show_stream(page, *plan.sealed, stream, from, limit));
    // Frames in memory may belong to sealed segments as well: go on behind what those have shown.
    auto const next = page.events.empty() ? from : page.events.back().version.value() + 1;
    Around around;
    for (auto const& at : plan.in_memory) {
        if (page.events.size() >= limit)
            break;
        KONTOR_TRY(auto const commit, commit_at(at, page, around));
        KONTOR_TRY(commit.show_stream(page, stream, next, limit));
    }
    if (!plan.is_live && !page.events.empty() && page.events.size() < limit)
        remember(stream, plan, page.events.back().version.value());
    return page;
}

void Reader::remember(StreamId const& stream, Plan const& plan, std::uint64_t version) {
    std::lock_guard const lock(state_.mutex);
    if (state_.agings == plan.agings && state_.streams.find(stream) == nullptr)
        state_.streams.insert(stream, LiveStream{version, 0, 0, 0});
}

Result<ports::EventPage> Reader::read_log(std::uint64_t after, std::size_t limit) {
    ports::EventPage page;
    struct Source {
        Bytes body;
        std::uint64_t generation;
        std::uint64_t offset;
    };
    std::vector<Source> sources;
    std::size_t events = 0;
    auto const pins = std::make_shared<Pins>();
    std::shared_ptr<SealedList const> sealed;
    auto const durable = state_.durable_position.load(std::memory_order_acquire);
    if (after >= durable)
        return page;
    {
        std::lock_guard const lock(state_.mutex);
        auto& frames = state_.frames;
        for (auto number = frames.find_position(after + 1);
             number < frames.end() && number <= state_.durable_frame && events < limit; ++number) {
            auto const& frame = frames[number];
            if (frame.events == 0)
                continue;
            if (!frame.chunk && !sources.empty())
                break;
            sources.push_back(
                {frame.chunk ? frame.body() : Bytes{}, frame.generation, frame.offset});
            if (!frame.chunk)
                break;
            pins->add(frame.chunk);
            auto const begin = std::max(frame.first_position, after + 1);
            events += frame.first_position + frame.events - begin;
        }
        sealed = state_.sealed;
    }
    if (!sources.empty() && !sources.front().body.empty()) {
        keep(page, pins);
        page.events.reserve(std::min(events, limit));
        for (auto const& source : sources) {
            KONTOR_TRY(auto const has_room, show_body(page, source.body, after, durable, limit));
            if (!has_room)
                break;
        }
        return page;
    }
    auto read = sources.empty()
                    ? cold_.piece_of(*sealed, after + 1)
                    : cold_.piece_at(sources[0].generation, sources[0].offset, after + 1);
    KONTOR_TRY(auto const piece, std::move(read));
    page.keeps.push_back(piece);
    for (auto const& frame : piece->frames) {
        KONTOR_TRY(auto const has_room, show_body(page, frame.body, after, durable, limit));
        if (!has_room)
            break;
    }
    return page;
}

Result<std::optional<ports::OutcomeRecord>> Reader::find_outcome(CommandId command) {
    ports::EventPage keeps;
    Pins pins;
    std::optional<RecordAt> at;
    std::shared_ptr<SealedList const> sealed;
    {
        std::lock_guard const lock(state_.mutex);
        auto const* const place = state_.outcomes.find(command);
        if (place != nullptr && state_.frames.holds(place->frame))
            at = locate(pins, *place);
        sealed = state_.sealed;
    }
    if (!at)
        return cold_.find_outcome(*sealed, command);
    Around around;
    KONTOR_TRY(auto const commit, commit_at(*at, keeps, around));
    KONTOR_TRY(auto const outcome, commit.outcome());
    return std::optional(outcome);
}

} // namespace kontor::journal
