#include "adapters/embedded/journal/copy.hpp"

#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/new_file.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

Result<std::uint64_t> count_segments(ports::Disk& disk) {
    KONTOR_TRY(auto const names, disk.list());
    return static_cast<std::uint64_t>(std::ranges::count_if(names, [](std::string const& name) {
        return segment_generation(name).has_value() || dense_generation(name).has_value();
    }));
}

/// Walks to the end of the last good frame.   Requires: the segment was verified.
Result<void> walk(SegmentReader& reader, Chain& chain) {
    KONTOR_TRY(reader.head(chain));
    for (bool more = true; more;) {
        KONTOR_TRY(auto const frame, reader.next(chain));
        more = frame.has_value();
    }
    return {};
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

} // namespace

Result<Copied> copy(ports::Disk& from, ports::Disk& to,
                    std::function<void(std::size_t, std::size_t)> const& on_segment) {
    KONTOR_TRY(auto const there, count_segments(to));
    if (there > 0)
        return unexpected(Failure{FailureKind::conflict, "there is a journal already"});
    auto const in_silence = [](std::size_t, std::size_t) {};
    KONTOR_TRY(auto const source, verify(from, in_silence));
    if (source.segments == 0)
        return unexpected(Failure{FailureKind::not_found, "there is no journal to copy"});
    Copied copied{};
    for (std::uint64_t generation = 1; generation <= source.segments; ++generation) {
        on_segment(generation, source.segments);
        copied.end.generation = generation;
        KONTOR_TRY(auto reader, SegmentReader::open(from, generation));
        KONTOR_TRY(walk(reader, copied.end));
        KONTOR_TRY(copy_segment(from, reader, to));
        copied.segment_bytes = reader.size();
    }
    KONTOR_TRY(copied.report, verify(to, in_silence));
    if (copied.report.last != source.last || copied.report.frames != source.frames)
        return unexpected(Failure{FailureKind::corrupt, "the copy is not what was copied"});
    return copied;
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
