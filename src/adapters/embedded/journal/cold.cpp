#include "adapters/embedded/journal/cold.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <functional>

namespace kontor::journal {
namespace {

using Sequence = SealedList::Sequence;

constexpr std::size_t pieces_max = 4;
constexpr std::uint64_t around_bytes = 16U << 10;

} // namespace

template <class Ask>
auto Cold::asked(Index const& index, Ask const& ask) -> decltype(ask(*index)) {
    auto answer = ask(*index);
    if (answer || answer.error().kind != FailureKind::corrupt ||
        answer.error().where != index_name(index->facts().generation))
        return answer;
    KONTOR_TRY(auto const sound, rebuild(index));
    return ask(*sound);
}

Result<Cold::Index> Cold::rebuild(Index const& damaged) {
    std::lock_guard const one(rebuilding_);
    auto const& facts = damaged->facts();
    state_.faults.reached(index_rebuilt);
    KONTOR_TRY(auto index, SegmentIndex::build(state_.disk, state_.files, damaged->start_chain()));
    if (!(index->next_chain() == damaged->next_chain()))
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the frame at position {} does not check", index->facts().next_position),
            fmt::format("{}, offset {}", segment_name(facts.generation), index->facts().end)});
    std::lock_guard const lock(state_.mutex);
    auto list = *state_.sealed;
    list.replace(index);
    state_.sealed = std::make_shared<SealedList const>(std::move(list));
    return index;
}

bool Cold::may_hold(SealedList const& sealed, StreamId const& stream) const {
    StreamProbe probe(stream);
    bool may = false;
    auto const see = [&](Index const&) -> Result<bool> {
        may = true;
        return false;
    };
    KONTOR_ASSERT(sealed.search(Sequence::newest_first, std::ref(probe), see),
                  "{} cannot be looked for in memory", stream.to_string());
    return may;
}

Result<std::uint64_t> Cold::head(SealedList const& sealed, StreamId const& stream) {
    StreamProbe probe(stream);
    std::uint64_t version = 0;
    auto const see = [&](Index const& index) -> Result<bool> {
        state_.faults.reached(read_cold);
        KONTOR_TRY(auto const entry, asked(index, [&](SegmentIndex const& of) {
                       return of.find_stream(state_.disk, probe.key(of.lineage()));
                   }));
        if (entry)
            version = entry->last_version;
        return !entry;
    };
    KONTOR_TRY(sealed.search(Sequence::newest_first, std::ref(probe), see));
    return version;
}

Result<void> Cold::show_stream(ports::EventPage& page, SealedList const& sealed,
                               StreamId const& stream, std::uint64_t from, std::size_t limit) {
    StreamProbe probe(stream);
    auto const see = [&](Index const& index) -> Result<bool> {
        if (page.events.size() >= limit)
            return false;
        KONTOR_TRY(show_segment(page, index, stream, limit, from));
        return true;
    };
    return sealed.search(Sequence::oldest_first, std::ref(probe), see);
}

Result<void> Cold::show_segment(ports::EventPage& page, Index const& index, StreamId const& stream,
                                std::size_t limit, std::uint64_t from) {
    auto const key = stream_key(stream, index->facts().lineage);
    state_.faults.reached(read_cold);
    KONTOR_TRY(
        auto const postings,
        asked(index, [&](SegmentIndex const& asked_index) -> Result<std::vector<DiskPosting>> {
            KONTOR_TRY(auto const entry, asked_index.find_stream(state_.disk, key));
            if (!entry || entry->last_version < from)
                return std::vector<DiskPosting>{};
            return asked_index.postings(state_.disk, *entry, from, limit - page.events.size());
        }));
    Around around;
    for (auto const& posting : postings) {
        if (page.events.size() >= limit)
            break;
        KONTOR_TRY(auto const bytes,
                   record(index->facts().generation, posting.place.record, around));
        if (page.keeps.empty() || page.keeps.back() != around.memory)
            page.keeps.push_back(around.memory);
        KONTOR_TRY(journal::show_stream(page, {bytes, posting.place.commit}, stream, from, limit));
    }
    return {};
}

Result<StreamTable> Cold::stream_table(Index const& index) {
    return asked(index, [&](SegmentIndex const& asked_index) {
        return asked_index.stream_table(state_.disk);
    });
}

Result<std::vector<DiskPosting>> Cold::postings(Index const& index, Hash128 const& key) {
    if (!index->may_hold_key(key))
        return std::vector<DiskPosting>{};
    return asked(index, [&](SegmentIndex const& of) -> Result<std::vector<DiskPosting>> {
        KONTOR_TRY(auto const entry, of.find_stream(state_.disk, key));
        if (!entry)
            return std::vector<DiskPosting>{};
        return of.postings(state_.disk, *entry, 0, entry->postings);
    });
}

Result<std::optional<ports::OutcomeRecord>> Cold::find_outcome(SealedList const& sealed,
                                                               CommandId command) {
    std::optional<ports::OutcomeRecord> outcome;
    auto const kept_since = (state_.clock.now() - ports::outcomes_kept).unix_microseconds();
    auto const asks = [&](auto const& filter) {
        return filter.written_at() >= kept_since && filter.may_hold(command);
    };
    auto const see = [&](Index const& index) -> Result<bool> {
        state_.faults.reached(read_cold);
        KONTOR_TRY(auto const found, asked(index, [&](SegmentIndex const& of) {
                       return of.find_command(state_.disk, command);
                   }));
        if (!found)
            return true;
        Around around;
        KONTOR_TRY(auto const bytes, record(index->facts().generation, found->record, around));
        KONTOR_TRY(auto const commit, CommitView::read(bytes, found->commit));
        if (commit.command() != command || !commit.has_outcome())
            return unexpected(Failure{FailureKind::corrupt,
                                      "an index names a commit of another command",
                                      around.file->place(found->record)});
        if (commit.header().recorded_at.unix_microseconds() < kept_since)
            return false;
        KONTOR_TRY(outcome, commit.outcome());
        return false;
    };
    KONTOR_TRY(sealed.search(Sequence::newest_first, asks, see));
    return outcome;
}

Result<Bytes> Cold::record(std::uint64_t generation, std::uint32_t offset, Around& around) {
    auto const holds = [&](std::uint64_t bytes) {
        return around.memory && around.generation == generation && around.from <= offset &&
               offset + bytes <= around.to;
    };
    auto const load = [&](std::uint64_t bytes) -> Result<void> {
        KONTOR_TRY(auto file, state_.files.open(generation));
        auto const from = round_down(offset);
        auto const to = std::min(round_up(offset + bytes), file->size());
        if (to < offset + bytes && to < offset + record_header_bytes)
            return unexpected(Failure{FailureKind::corrupt, "a segment ends before a record",
                                      file->place(offset)});
        auto memory = std::make_shared<Blocks>(to - from);
        KONTOR_TRY(file->read(from, memory->span(0, to - from)));
        around = {generation, from, to, 0, 0, std::move(memory), std::move(file)};
        return {};
    };
    auto const bytes = [&] {
        return std::as_const(*around.memory).span(offset - around.from, around.to - offset);
    };
    if (!holds(record_header_bytes))
        KONTOR_TRY(load(around_bytes));
    if (around.checked_at == offset && around.checked_to > 0)
        return bytes().first(around.checked_to - offset);
    auto const length = get<std::uint32_t>(bytes().data() + 8);
    constexpr std::uint32_t length_max = 1U << 30;
    if (!holds(length) && length < length_max)
        KONTOR_TRY(load(length));
    auto const header = read_record_header(bytes());
    if (!header || !is_record_whole(bytes(), *header))
        return unexpected(
            Failure{FailureKind::corrupt, "a record does not check", around.file->place(offset)});
    around.checked_at = offset;
    around.checked_to = offset + header->length;
    return bytes().first(header->length);
}

std::shared_ptr<Piece const> Cold::kept_piece(std::uint64_t position) {
    std::lock_guard const lock(pieces_mutex_);
    for (auto const& piece : pieces_)
        if (piece->first_position() <= position && position < piece->next_position())
            return piece;
    return nullptr;
}

Result<std::shared_ptr<Piece const>> Cold::piece_of(SealedList const& sealed,
                                                    std::uint64_t position) {
    if (auto kept = kept_piece(position))
        return kept;
    auto const after = std::upper_bound(sealed.begin(), sealed.end(), position,
                                        [](std::uint64_t wanted, Index const& index) {
                                            return wanted < index->facts().next_position;
                                        });
    KONTOR_ASSERT(after != sealed.end(), "position {} is in no sealed segment", position);
    KONTOR_TRY(auto const offset, asked(*after, [&](SegmentIndex const& index) {
                   return index.frame_of(state_.disk, position);
               }));
    return piece_at((*after)->facts().generation, offset, position);
}

Result<std::shared_ptr<Piece const>> Cold::piece_at(std::uint64_t generation, std::uint64_t offset,
                                                    std::uint64_t position) {
    if (auto kept = kept_piece(position))
        return kept;
    state_.faults.reached(read_cold);
    KONTOR_TRY(auto const file, state_.files.open(generation));
    auto const size = file->size();
    auto piece = std::make_shared<Piece>();
    piece->generation = generation;
    Failure const damaged{FailureKind::corrupt,
                          fmt::format("the frame of position {} does not check", position),
                          file->place(offset)};
    if (offset >= size)
        return unexpected(damaged);
    auto bytes = std::min<std::uint64_t>(piece_bytes, size - offset);
    piece->memory = Blocks(bytes);
    KONTOR_TRY(file->read(offset, piece->memory.span(0, bytes)));
    if (auto const first = peek_frame(piece->memory.at(0), size - offset);
        first && frame_blocks_bytes(first->length) > bytes) {
        bytes = frame_blocks_bytes(first->length);
        piece->memory = Blocks(bytes);
        KONTOR_TRY(file->read(offset, piece->memory.span(0, bytes)));
    }
    std::optional<FrameHeader> last;
    for (std::uint64_t at = 0; at < bytes;) {
        auto const* frame = piece->memory.at(at);
        auto const header = peek_frame(frame, bytes - at);
        bool const follows =
            header && header->generation == generation &&
            (!last || (header->lineage == last->lineage && header->number == last->number + 1));
        if (!follows || !is_frame_whole(frame, *header))
            break;
        if (header->events > 0)
            piece->frames.push_back({offset + at,
                                     header->first_position,
                                     header->events,
                                     {frame + frame_header_bytes, header->length}});
        last = header;
        at += frame_blocks_bytes(header->length);
    }
    bool const holds = !piece->frames.empty() && piece->first_position() <= position &&
                       position < piece->next_position();
    if (!holds)
        return unexpected(damaged);
    std::lock_guard const lock(pieces_mutex_);
    if (pieces_.size() == pieces_max)
        pieces_.erase(pieces_.begin());
    pieces_.push_back(piece);
    return std::shared_ptr<Piece const>(piece);
}

} // namespace kontor::journal
