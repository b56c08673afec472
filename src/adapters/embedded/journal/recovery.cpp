#include "adapters/embedded/journal/recovery.hpp"

#include "adapters/embedded/journal/checkpoint.hpp"
#include "adapters/embedded/journal/inventory.hpp"
#include "adapters/embedded/journal/new_file.hpp"
#include "adapters/embedded/journal/record.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

class Recovery {
public:
    explicit Recovery(State& state) : state_(state) {}
    Result<Recovered> run();

private:
    Result<std::vector<std::uint64_t>> look_around();
    Result<void> take_spare(std::string const& name, std::uint64_t newest);
    Result<std::optional<Spare>> look_at_spare(std::string const& name, std::uint64_t newest);
    Result<void> take_sealed(std::uint64_t generation, Chain& chain);
    Result<void> check_end(std::uint64_t generation, std::uint64_t end, Chain const& chain);
    Result<void> take_checkpoint();
    Result<void> take_merged();
    Result<void> read_open(Chain chain);
    Result<void> take(SegmentReader::Frame const& frame, FrameRef& ref);
    void take_commit(CommitPlace const& place, StreamId const& id, std::uint64_t base,
                     std::uint32_t events);
    Result<void> look_behind(SegmentReader& reader, Chain const& chain, std::uint64_t earlier);
    Result<void> cut(SegmentReader& reader, Chain const& chain, std::uint64_t end);
    Result<void> mend_padding(SegmentReader& reader, Tail const& tail, std::uint64_t earlier);

    State& state_;
    SealedList sealed_;
    std::vector<std::uint64_t> checkpoints_; ///< the generations that have one, oldest first
    Recovered result_;
};

Result<Recovered> Recovery::run() {
    KONTOR_TRY(auto const generations, look_around());
    if (generations.empty())
        return result_;
    Chain chain;
    for (std::size_t n = 0; n < generations.size(); ++n) {
        if (generations[n] != n + 1)
            return unexpected(Failure{FailureKind::corrupt,
                                      fmt::format("a segment is missing; the log cannot go on at "
                                                  "position {}: restore it from a backup",
                                                  chain.position),
                                      segment_name(n + 1)});
        chain.generation = n + 1;
        if (n + 1 < generations.size())
            KONTOR_TRY(take_sealed(generations[n], chain));
    }
    KONTOR_TRY(take_checkpoint());
    KONTOR_TRY(take_merged());
    state_.sealed = std::make_shared<SealedList const>(std::move(sealed_));
    KONTOR_TRY(read_open(chain));
    return std::move(result_);
}

/// Lists segments; spares are used again, half-made files removed, and so is a squeezed segment
/// whose raw file is still there: it is squeezed again. Nothing is touched where a segment is
/// missing.
Result<std::vector<std::uint64_t>> Recovery::look_around() {
    KONTOR_TRY(auto found, take_inventory(state_.disk));
    KONTOR_TRY(check_nothing_is_missing(state_.disk, found));
    for (auto const& name : found.half_made)
        KONTOR_TRY(state_.disk.remove(name));
    for (auto const generation : found.twice)
        KONTOR_TRY(state_.disk.remove(dense_name(generation)));
    auto const newest = found.segments.empty() ? 0 : found.segments.back();
    for (auto const& name : found.spares)
        KONTOR_TRY(take_spare(name, newest));
    for (auto const& name : found.reserves)
        KONTOR_TRY(take_spare(name, newest));
    checkpoints_ = std::move(found.checkpoints);
    return std::move(found.segments);
}

Result<void> Recovery::take_spare(std::string const& name, std::uint64_t newest) {
    auto const reserve = reserve_number(name);
    auto const number = reserve ? reserve : spare_number(name);
    state_.spares_made = std::max(state_.spares_made, number.value_or(0));
    KONTOR_TRY(auto spare, look_at_spare(name, newest));
    if (!spare || (reserve && spare->earlier > 0))
        return state_.disk.remove(name);
    if (reserve)
        state_.reserves.push_back(name);
    else
        state_.spares.push_back(*std::move(spare));
    return {};
}

/// Empty for a file of no use: of another size, or with a head that is torn, or that a segment got
/// which then did not get its name. Only a file of an older generation is used again: no frame in
/// it can be taken for one of a generation to come.
Result<std::optional<Spare>> Recovery::look_at_spare(std::string const& name,
                                                     std::uint64_t newest) {
    std::optional<Spare> none;
    KONTOR_TRY(auto const file, state_.disk.open(name, ports::FileUse::read));
    if (file->size() != state_.limits.segment_bytes)
        return none;
    Blocks block(ports::disk_block_bytes);
    KONTOR_TRY(file->read(0, block.span(0, block.size())));
    if (is_zero(std::as_const(block).span(0, block.size())))
        return std::optional(Spare{name});
    auto const header = peek_frame(block.at(0), file->size());
    if (!header || header->kind != FrameKind::head || header->generation >= newest)
        return none;
    Blocks head(frame_blocks_bytes(header->length));
    KONTOR_TRY(file->read(0, head.span(0, head.size())));
    return is_frame_whole(head.at(0), *header) ? std::optional(Spare{name, header->generation})
                                               : none;
}

Result<void> Recovery::take_sealed(std::uint64_t generation, Chain& chain) {
    auto index = SegmentIndex::load(state_.disk, generation);
    bool const fits = index && (*index)->facts().first_frame == chain.number &&
                      (*index)->facts().first_position == chain.position &&
                      (*index)->facts().previous == chain.previous;
    if (!fits) {
        if (!index && index.error().kind != FailureKind::corrupt &&
            index.error().kind != FailureKind::not_found)
            return unexpected(index.error());
        bool const is_missing = !index && index.error().kind == FailureKind::not_found;
        if (!is_missing)
            result_.made_anew.push_back(index ? index_name(generation) + ": it is of another log"
                                              : to_string(index.error()));
        state_.faults.reached(index_rebuilt);
        ++result_.indexes_rebuilt;
        index = SegmentIndex::build(state_.disk, state_.files, chain);
        if (!index)
            return unexpected(index.error());
    }
    KONTOR_TRY(check_end(generation, (*index)->facts().end, (*index)->next_chain()));
    KONTOR_TRY(auto const file, state_.files.open(generation));
    if (file->size() < (*index)->facts().end)
        return unexpected(
            Failure{FailureKind::corrupt,
                    fmt::format("this file has {} bytes, and its frames took {}: a "
                                "part of the log is missing; restore it from a backup",
                                file->size(), (*index)->facts().end),
                    file->name()});
    state_.forms.push_back(file->form());
    chain = (*index)->next_chain();
    sealed_.push_back(*std::move(index));
    return {};
}

/// The newest one that fits the log; all others are of no use.
Result<void> Recovery::take_checkpoint() {
    for (auto at = checkpoints_.rbegin(); at != checkpoints_.rend(); ++at) {
        bool const is_of_log = *at <= sealed_.size() && !state_.checkpoint;
        auto loaded =
            is_of_log ? Checkpoint::load(state_.disk, sealed_[*at - 1]->facts())
                      : unexpected(Failure{FailureKind::corrupt, "a checkpoint is ahead of the log",
                                           checkpoint_name(*at)});
        if (loaded) {
            state_.checkpoint = *std::move(loaded);
            continue;
        }
        if (loaded.error().kind != FailureKind::corrupt)
            return unexpected(loaded.error());
        if (!state_.checkpoint) {
            result_.made_anew.push_back(to_string(loaded.error()));
            ++result_.checkpoints_refused;
            state_.faults.reached(checkpoint_refused);
        }
        KONTOR_TRY(state_.disk.remove(checkpoint_name(*at)));
    }
    return {};
}

/// What is missing or does not fit is merged again by upkeep.
Result<void> Recovery::take_merged() {
    for (std::size_t size = merged_at_once; size <= sealed_.size(); size *= merged_at_once)
        for (std::size_t at = 0; at + size <= sealed_.size(); at += size) {
            std::span const segments(sealed_.begin() + static_cast<std::ptrdiff_t>(at), size);
            auto merged = MergedFilter::load(state_.disk, segments);
            if (merged)
                sealed_.set_merged(at, size, *std::move(merged));
            else if (merged.error().kind == FailureKind::corrupt)
                result_.made_anew.push_back(to_string(merged.error()));
            else if (merged.error().kind != FailureKind::not_found)
                return unexpected(merged.error());
        }
    return {};
}

/// A sealed segment must end where the next one begins. Of that only the head is read.
Result<void> Recovery::check_end(std::uint64_t generation, std::uint64_t end, Chain const& chain) {
    KONTOR_TRY(auto file, state_.files.open(generation + 1));
    SegmentReader next(std::move(file), 4 * ports::disk_block_bytes);
    Chain promised = chain;
    if (auto const head = next.head(promised); head || head.error().kind != FailureKind::corrupt)
        return {};
    KONTOR_TRY(auto const block, next.read(0, ports::disk_block_bytes));
    auto const header = peek_frame(block.data(), next.size());
    if (!header || header->number == chain.number)
        return {}; // the head itself is damaged: whoever reads it says so
    return unexpected(
        Failure{FailureKind::corrupt,
                fmt::format("the frame at position {} does not check: restore it from a backup",
                            chain.position),
                fmt::format("{}, offset {}", segment_name(generation), end)});
}

Result<void> Recovery::read_open(Chain chain) {
    KONTOR_TRY(auto reader, SegmentReader::open(state_.disk, chain.generation));
    Tail tail{chain, chain, 0, FrameKind::head};
    state_.frames.begin_at(chain.number);
    KONTOR_TRY(auto const head, reader.head(chain));
    KONTOR_TRY(auto const says, reader.said_by(head));
    tail.start.lineage = chain.lineage;
    for (;;) {
        KONTOR_TRY(auto const frame, reader.next(chain));
        if (!frame)
            break;
        FrameRef ref;
        ref.length = frame->header.length;
        ref.generation = frame->header.generation;
        ref.offset = frame->offset;
        ref.first_position = frame->header.first_position;
        ref.events = frame->header.events;
        ref.first_group = state_.postings.end();
        KONTOR_TRY(take(*frame, ref));
        state_.frames.push(std::move(ref));
        tail.last = frame->header.kind;
    }
    KONTOR_TRY(look_behind(reader, chain, says.earlier));
    // What was read may still be in a cache of the device, and the names that the process before
    // gave in one of the system: all of it is durable only after this.
    KONTOR_TRY(auto const file,
               state_.disk.open(segment_name(chain.generation), ports::FileUse::log));
    KONTOR_TRY(file->sync());
    KONTOR_TRY(state_.disk.sync_directory());
    tail.chain = chain;
    tail.offset = reader.offset();
    KONTOR_TRY(mend_padding(reader, tail, says.earlier));
    state_.open_chain = tail.start;
    state_.next_position = chain.position;
    state_.durable_frame = chain.number - 1;
    state_.durable_position.store(chain.position - 1);
    state_.is_sealed = tail.last == FrameKind::seal;
    result_.was_closed = tail.last == FrameKind::seal && !result_.cut;
    result_.tail = tail;
    return {};
}

Result<void> Recovery::take(SegmentReader::Frame const& frame, FrameRef& ref) {
    if (frame.header.kind != FrameKind::records)
        return {};
    auto const number = state_.frames.end();
    return for_each_record(
        frame.body(), [&](Bytes record, RecordHeader const& header, std::uint32_t offset) {
            ++ref.appends;
            return for_each_commit(record, header, [&](CommitView const& commit) -> Result<void> {
                CommitPlace const place{number, offset, commit.offset()};
                if (commit.has_outcome())
                    state_.outcomes.insert(commit.command(), place);
                KONTOR_TRY(auto const tallies, commit.tallies());
                for (std::size_t n = 0; n < tallies.size(); ++n) {
                    if (tallies[n].events == 0)
                        continue;
                    KONTOR_TRY(auto const id, commit.name(commit.streams()[n]));
                    take_commit(place, id, commit.streams()[n].base, tallies[n].events);
                }
                return {};
            });
        });
}

void Recovery::take_commit(CommitPlace const& place, StreamId const& id, std::uint64_t base,
                           std::uint32_t events) {
    auto* live = state_.streams.find(id);
    if (live == nullptr)
        live = &state_.streams.insert(id, LiveStream{});
    live->version = base + events;
    state_.postings.add(*live, base + 1, place, state_.frames.begin());
}

/// Behind the last good frame there may be nothing, bytes of an earlier use of the file, or the one
/// frame that was in flight. A good frame with a higher number means that the bad one was
/// acknowledged.
Result<void> Recovery::look_behind(SegmentReader& reader, Chain const& chain,
                                   std::uint64_t earlier) {
    auto const from = reader.offset();
    KONTOR_TRY(auto const later, reader.find_later(chain, from));
    if (later)
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the frame at position {} does not check, and frame {} behind it does: "
                        "this is damage, not a torn write; restore it from a backup",
                        chain.position, later->header.number),
            reader.place(from)});
    KONTOR_TRY(auto const rotten, reader.rotten(chain));
    if (rotten == SegmentReader::Rotten::frame_of_facts)
        return unexpected(Failure{
            FailureKind::corrupt,
            fmt::format("the frame at position {} does not check, and is too small to be torn: "
                        "this is damage; restore it from a backup",
                        chain.position),
            reader.place(from)});
    KONTOR_TRY(auto const torn, reader.torn_bytes(chain, earlier));
    return torn > 0 ? cut(reader, chain, from + torn) : Result<void>{};
}

Result<void> Recovery::cut(SegmentReader& reader, Chain const& chain, std::uint64_t end) {
    auto const from = reader.offset();
    KONTOR_TRY(auto const names, state_.disk.list());
    std::string name;
    for (unsigned n = 1; name.empty(); ++n) {
        auto const candidate = fmt::format("cut-{}-{}-{}", chain.generation, from, n);
        if (std::find(names.begin(), names.end(), candidate) == names.end())
            name = candidate;
    }
    KONTOR_TRY(auto const aside, begin_file(state_.disk, name));
    KONTOR_TRY(auto const segment,
               state_.disk.open(segment_name(chain.generation), ports::FileUse::log));
    for (auto offset = from; offset < end; offset += piece_bytes) {
        Blocks piece(std::min<std::uint64_t>(piece_bytes, end - offset));
        KONTOR_TRY(segment->read(offset, piece.span(0, piece.size())));
        KONTOR_TRY(aside->write(offset - from, piece.span(0, piece.size())));
    }
    KONTOR_TRY(finish_file(state_.disk, *aside, name));
    Blocks zeros(piece_bytes);
    std::memset(zeros.at(0), 0, zeros.size());
    for (auto offset = from; offset < end; offset += zeros.size())
        KONTOR_TRY(segment->write(
            offset, zeros.span(0, std::min<std::uint64_t>(zeros.size(), end - offset))));
    state_.faults.reached(tail_cut);
    result_.cut = Cut{chain.position, reader.place(from), end - from, name};
    return {};
}

/// The last frame may be whole but for the sectors that hold nothing but padding: then older bytes
/// stand in those. Nothing of the frame itself is changed.
Result<void> Recovery::mend_padding(SegmentReader& reader, Tail const& tail,
                                    std::uint64_t earlier) {
    auto const& frames = state_.frames;
    if (earlier == 0 || frames.begin() == frames.end())
        return {};
    auto const& last = frames[frames.end() - 1];
    KONTOR_TRY(auto const bytes, reader.read(last.offset, tail.offset - last.offset));
    auto const header = peek_frame(bytes.data(), bytes.size());
    if (!header || is_padding_zero(bytes.data(), *header))
        return {};
    Blocks block(ports::disk_block_bytes);
    auto const at = tail.offset - block.size();
    std::memcpy(block.at(0), bytes.data() + (at - last.offset), block.size());
    auto const used = last.offset + frame_header_bytes + last.length - at;
    std::memset(block.at(used), 0, block.size() - used);
    state_.faults.reached(padding_mended);
    KONTOR_TRY(auto const file,
               state_.disk.open(segment_name(tail.chain.generation), ports::FileUse::log));
    return file->write(at, block.span(0, block.size()));
}

} // namespace

Result<Recovered> recover(State& state) {
    return Recovery(state).run();
}

} // namespace kontor::journal
