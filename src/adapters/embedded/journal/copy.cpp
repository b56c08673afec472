#include "adapters/embedded/journal/copy.hpp"

#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/new_file.hpp"
#include "adapters/embedded/journal/state.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

constexpr std::uint64_t to_the_end = ~std::uint64_t{0};

Result<std::uint64_t> count_segments(ports::Disk& disk) {
    KONTOR_TRY(auto const names, disk.list());
    return static_cast<std::uint64_t>(std::ranges::count_if(names, [](std::string const& name) {
        return segment_generation(name).has_value() || dense_generation(name).has_value();
    }));
}

/// Walks to the end of the last good frame, or of that which is `last`.
Result<void> walk(SegmentReader& reader, Chain& chain, std::uint64_t last) {
    KONTOR_TRY(reader.head(chain));
    for (bool more = true; more && chain.number <= last;) {
        KONTOR_TRY(auto const frame, reader.next(chain));
        more = frame.has_value();
    }
    return {};
}

/// Errors: conflict.
Result<void> check_is_empty(ports::Disk& disk) {
    KONTOR_TRY(auto const there, count_segments(disk));
    if (there > 0)
        return unexpected(Failure{FailureKind::conflict, "there is a journal already"});
    return {};
}

Failure not_what_was_copied() {
    return {FailureKind::corrupt, "the copy is not what was copied"};
}

/// Up to `reader`'s offset as it is, zeros behind it.
Result<void> copy_raw(SegmentReader& reader, ports::File& file) {
    Blocks piece(piece_bytes);
    for (std::uint64_t offset = 0; offset < reader.size(); offset += piece_bytes) {
        auto const bytes = std::min<std::uint64_t>(piece_bytes, reader.size() - offset);
        auto const good =
            std::clamp<std::uint64_t>(reader.offset(), offset, offset + bytes) - offset;
        if (good > 0)
            KONTOR_TRY(reader.file().read(offset, piece.span(0, good)));
        std::memset(piece.at(good), 0, bytes - good);
        KONTOR_TRY(file.write(offset, piece.span(0, bytes)));
    }
    return {};
}

/// Byte for byte.
Result<void> copy_squeezed(ports::File& from, ports::File& to) {
    Blocks piece(piece_bytes);
    for (std::uint64_t offset = 0; offset < from.size(); offset += piece_bytes) {
        auto const bytes = std::min<std::uint64_t>(piece_bytes, from.size() - offset);
        KONTOR_TRY(from.read(offset, piece.span(0, bytes)));
        KONTOR_TRY(to.write(offset, piece.span(0, bytes)));
    }
    return {};
}

/// In the form it has, under its name once it is durable.
Result<void> copy_segment(ports::Disk& from, SegmentReader& reader, ports::Disk& to) {
    auto const& name = reader.file().name();
    KONTOR_TRY(auto const file, begin_file(to, name));
    if (reader.file().form() == SegmentForm::raw) {
        KONTOR_TRY(copy_raw(reader, *file));
    } else {
        KONTOR_TRY(auto const squeezed, from.open(name, ports::FileUse::read));
        KONTOR_TRY(copy_squeezed(*squeezed, *file));
    }
    return finish_file(to, *file, name);
}

/// As it was written, whatever form it has now: a squeezed file shows that segments come behind it,
/// and behind the last one of a copy none does.
Result<void> copy_last(SegmentReader& reader, std::uint64_t generation, ports::Disk& to) {
    auto const name = segment_name(generation);
    KONTOR_TRY(auto const file, begin_file(to, name));
    KONTOR_TRY(copy_raw(reader, *file));
    return finish_file(to, *file, name);
}

} // namespace

Result<Copied> copy(ports::Disk& from, ports::Disk& to,
                    std::function<void(std::size_t, std::size_t)> const& on_segment) {
    KONTOR_TRY(check_is_empty(to));
    auto const in_silence = [](std::size_t, std::size_t) {};
    KONTOR_TRY(auto const source, verify(from, in_silence));
    if (source.segments == 0)
        return unexpected(Failure{FailureKind::not_found, "there is no journal to copy"});
    Copied copied{};
    for (std::uint64_t generation = 1; generation <= source.segments; ++generation) {
        on_segment(generation, source.segments);
        copied.end.generation = generation;
        KONTOR_TRY(auto reader, SegmentReader::open(from, generation));
        KONTOR_TRY(walk(reader, copied.end, to_the_end));
        KONTOR_TRY(copy_segment(from, reader, to));
        copied.segment_bytes = reader.size();
    }
    KONTOR_TRY(copied.report, verify(to, in_silence));
    if (copied.report.last != source.last || copied.report.frames != source.frames)
        return unexpected(not_what_was_copied());
    return copied;
}

Result<LiveCopy> LiveCopy::begin(State& state, ports::Disk& to) {
    KONTOR_TRY(check_is_empty(to));
    std::lock_guard const lock(state.mutex);
    return LiveCopy(state, to, state.open_chain.generation);
}

/// Of a segment that is finished that is all of it.
std::uint64_t LiveCopy::last_frame() const {
    std::lock_guard const lock(state_->mutex);
    return state_->open_chain.generation == end_.generation ? state_->durable_frame : to_the_end;
}

/// A frame that has rotted looks like the end. What is durable knows better, or the next head does.
Result<void> LiveCopy::check_end(SegmentReader const& reader, std::uint64_t last) const {
    if (last != to_the_end && end_.number <= last)
        return unexpected(
            Failure{FailureKind::corrupt,
                    fmt::format("the frame at position {} does not check", end_.position),
                    reader.place(reader.offset())});
    if (last != to_the_end)
        return {};
    auto next = end_;
    ++next.generation;
    KONTOR_TRY(auto file, state_->files.open(next.generation));
    KONTOR_TRY(SegmentReader(std::move(file), piece_bytes).head(next));
    return {};
}

/// A handle that the journal knows of keeps its file from being used again.
Result<bool> LiveCopy::copy_next() {
    KONTOR_ASSERT(end_.generation < last_generation_, "all {} segments are copied",
                  last_generation_);
    ++end_.generation;
    auto const last = last_frame();
    KONTOR_TRY(auto file, state_->files.open(end_.generation));
    SegmentReader reader(std::move(file));
    KONTOR_TRY(walk(reader, end_, last));
    KONTOR_TRY(check_end(reader, last));
    bool const is_last = end_.generation == last_generation_;
    KONTOR_TRY(is_last ? copy_last(reader, end_.generation, *to_)
                       : copy_segment(state_->disk, reader, *to_));
    segment_bytes_ = reader.size();
    return is_last;
}

Result<Copied> LiveCopy::verify(std::function<bool()> const& shall_stop) const {
    VerifyOptions options;
    options.on_event = [&](ports::RecordedEvent const&) -> Result<void> {
        if (shall_stop())
            return unexpected(Failure{FailureKind::cancelled, "the copy was not wanted any more",
                                      "while it was read back"});
        return {};
    };
    KONTOR_TRY(auto report, journal::verify(*to_, options));
    if (report.last.value() + 1 != end_.position || report.frames + 1 != end_.number ||
        report.segments != last_generation_ || report.torn_bytes > 0)
        return unexpected(not_what_was_copied());
    return Copied{std::move(report), end_, segment_bytes_};
}

Result<void> begin_branch(ports::Disk& disk, Copied const& copied, Branch const& branch) {
    auto chain = copied.end;
    ++chain.generation;
    chain.lineage = branch.lineage;
    auto const name = segment_name(chain.generation);
    std::string const unready = "spare-branch";
    KONTOR_TRY(prepare_file(disk, unready, copied.segment_bytes));
    KONTOR_TRY(auto const file, disk.open(unready, ports::FileUse::log));
    auto const now = std::max(branch.now, chain.written_at);
    auto const head = head_frame(chain, {copied.segment_bytes, branch.types}, now);
    KONTOR_TRY(file->write(0, head.span(0, head.size())));
    KONTOR_TRY(disk.rename(unready, name));
    return disk.sync_directory();
}

} // namespace kontor::journal
