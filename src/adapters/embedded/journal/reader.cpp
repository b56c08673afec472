#include "adapters/embedded/journal/reader.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

void keep(ports::EventPage& page, std::shared_ptr<void const> const& memory) {
    if (page.keeps.empty() || page.keeps.back() != memory)
        page.keeps.push_back(memory);
}

/// Asks for the lines of memory that a commit will be read from, so that many come at once.
void fetch_ahead(Bytes onwards, std::uint32_t commit) {
    constexpr std::size_t cache_line = 64;
    __builtin_prefetch(onwards.data());
    for (std::size_t line = 0; line < 3; ++line)
        __builtin_prefetch(onwards.data() + commit + line * cache_line);
}

} // namespace

Reader::RecordAt Reader::locate(Pins& pins, CommitPlace const& place) {
    auto const& frame = state_.frames[place.frame];
    auto const offset =
        static_cast<std::uint32_t>(frame.offset + frame_header_bytes + place.record);
    if (!frame.chunk)
        return {{}, frame.generation, offset, place.commit};
    pins.add(frame.chunk);
    auto const onwards = frame.body().subspan(place.record);
    fetch_ahead(onwards, place.commit);
    return {onwards, frame.generation, offset, place.commit};
}

Result<Bytes> Reader::record_at(RecordAt const& at, ports::EventPage& page, Around& around) {
    if (!at.onwards.empty())
        return at.onwards;
    KONTOR_TRY(auto const record, cold_.record(at.generation, at.offset, around));
    keep(page, around.memory);
    return record;
}

Reader::Plan Reader::plan_stream(StreamId const& stream, std::uint64_t from, std::size_t limit) {
    Plan plan;
    plan.pins = std::make_shared<Pins>();
    std::lock_guard const lock(state_.mutex);
    plan.pins->begin(++state_.pins_made);
    plan.agings = state_.agings;
    plan.sealed = state_.sealed;
    auto const* const live = state_.streams.find(stream);
    plan.is_live = live != nullptr;
    if (live == nullptr) {
        plan.memory_from = ~std::uint64_t{0};
        return plan;
    }
    plan.memory_from = live->version + 1;
    if (plan.memory_from <= from)
        return plan;
    state_.postings.walk_back(*live, state_.frames.begin(),
                              [&](CommitPlace const& place, std::uint64_t first_version) {
                                  plan.newest_first.push_back(locate(*plan.pins, place));
                                  plan.memory_from = first_version;
                                  return first_version > from;
                              });
    if (plan.newest_first.size() > limit)
        plan.newest_first.erase(plan.newest_first.begin(),
                                plan.newest_first.end() - static_cast<std::ptrdiff_t>(limit));
    return plan;
}

Result<ports::EventPage> Reader::read_stream(StreamId const& stream, std::uint64_t from,
                                             std::size_t limit) {
    ports::EventPage page;
    from = std::max<std::uint64_t>(from, 1);
    auto const plan = plan_stream(stream, from, limit);
    keep(page, plan.pins);
    page.events.reserve(plan.newest_first.size());
    page.commits.reserve(plan.newest_first.size());
    if (from < plan.memory_from)
        KONTOR_TRY(cold_.show_stream(page, *plan.sealed, stream, from, limit));
    // Frames in memory may belong to sealed segments as well: go on behind what those have shown.
    auto const next = page.events.empty() ? from : page.events.back().version.value() + 1;
    Around around;
    for (auto at = plan.newest_first.rbegin(); at != plan.newest_first.rend(); ++at) {
        if (page.events.size() >= limit)
            break;
        KONTOR_TRY(auto const record, record_at(*at, page, around));
        KONTOR_TRY(show_stream(page, {record, at->commit}, stream, next, limit));
    }
    if (!plan.is_live && !page.events.empty() && page.events.size() < limit)
        remember(stream, plan, page.events.back().version.value());
    return page;
}

void Reader::remember(StreamId const& stream, Plan const& plan, std::uint64_t version) {
    std::lock_guard const lock(state_.mutex);
    if (state_.agings == plan.agings && state_.streams.find(stream) == nullptr)
        state_.streams.insert(stream, LiveStream{}).version = version;
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
        pins->begin(++state_.pins_made);
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
            KONTOR_TRY(auto const has_room, show_after(page, source.body, {after, durable}, limit));
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
        KONTOR_TRY(auto const has_room, show_after(page, frame.body, {after, durable}, limit));
        if (!has_room)
            break;
    }
    return page;
}

/// A checkpoint that does not check is as good as none: whoever follows begins again without it.
Result<ports::OpenPage> Reader::read_open(std::uint64_t up_to, std::uint64_t after,
                                          std::size_t limit) {
    Failure const gone{FailureKind::conflict, "the checkpoint that was read is gone: begin again"};
    std::shared_ptr<Checkpoint const> checkpoint;
    {
        std::lock_guard const lock(state_.mutex);
        checkpoint = state_.checkpoint;
    }
    if (up_to != 0 && (!checkpoint || checkpoint->up_to() != up_to))
        return unexpected(gone);
    if (!checkpoint)
        return ports::OpenPage{};
    auto page = checkpoint->read(after, limit);
    if (page)
        return ports::OpenPage{*std::move(page), ports::Position(checkpoint->up_to())};
    if (page.error().kind != FailureKind::corrupt)
        return unexpected(page.error());
    state_.faults.reached(checkpoint_refused);
    std::lock_guard const lock(state_.mutex);
    if (state_.checkpoint == checkpoint)
        state_.checkpoint.reset();
    return unexpected(gone);
}

Result<std::optional<ports::OutcomeRecord>> Reader::find_outcome(CommandId command) {
    ports::EventPage keeps;
    Pins pins;
    std::optional<RecordAt> at;
    std::shared_ptr<SealedList const> sealed;
    {
        std::lock_guard const lock(state_.mutex);
        pins.begin(++state_.pins_made);
        auto const* const place = state_.outcomes.find(command);
        if (place != nullptr && state_.frames.holds(place->frame))
            at = locate(pins, *place);
        sealed = state_.sealed;
    }
    if (!at)
        return cold_.find_outcome(*sealed, command);
    Around around;
    KONTOR_TRY(auto const record, record_at(*at, keeps, around));
    KONTOR_TRY(auto const commit, CommitView::read(record, at->commit));
    if (commit.header().recorded_at < state_.clock.now() - ports::outcomes_kept)
        return std::optional<ports::OutcomeRecord>{};
    KONTOR_TRY(auto const outcome, commit.outcome());
    return std::optional(outcome);
}

} // namespace kontor::journal
