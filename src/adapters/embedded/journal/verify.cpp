#include "adapters/embedded/journal/verify.hpp"

#include "adapters/embedded/journal/inventory.hpp"
#include "adapters/embedded/journal/record.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <fmt/core.h>

namespace kontor::journal {
namespace {

Failure damage(SegmentReader const& reader, Chain const& chain, std::uint64_t offset,
               std::string_view what) {
    return {FailureKind::corrupt,
            fmt::format("{} at position {}: restore it from a backup", what, chain.position),
            reader.place(offset)};
}

Result<void> check_records(SegmentReader::Frame const& frame) {
    if (frame.header.kind != FrameKind::records)
        return {};
    auto position = frame.header.first_position;
    auto const check = [&](Bytes record, RecordHeader const& header,
                           std::uint32_t) -> Result<void> {
        if (!is_record_whole(record, header) || header.first_position != position)
            return unexpected(Failure{FailureKind::corrupt, "a record does not check"});
        position += header.events;
        auto const check_commit = [](CommitView const& commit) -> Result<void> {
            auto const tallies = commit.tallies();
            return tallies ? Result<void>{} : unexpected(tallies.error());
        };
        return for_each_commit(record, header, check_commit);
    };
    return for_each_record(frame.body(), check);
}

/// In a file that was used before, the open segment's last frame may have older bytes there.
Result<void> check_padding(SegmentReader const& reader, Chain const& chain,
                           SegmentReader::Frame const& frame) {
    return is_padding_zero(frame.bytes, frame.header)
               ? Result<void>{}
               : unexpected(damage(reader, chain, frame.offset, "the padding of the frame before"));
}

Result<void> check_frame(SegmentReader const& reader, Chain const& chain,
                         SegmentReader::Frame const& frame, VerifyReport& report) {
    if (!check_records(frame))
        return unexpected(damage(reader, chain, frame.offset, "a record of the frame before"));
    report.frames += frame.header.kind != FrameKind::head;
    report.appends += frame.header.appends;
    report.padding_bytes += frame_blocks_bytes(frame.header.length) - frame_header_bytes -
                            std::uint64_t{frame.header.length};
    report.was_closed = frame.header.kind == FrameKind::seal;
    return {};
}

/// The frames behind the head, and what stands behind them.
Result<void> check_segment(SegmentReader& reader, Chain& chain, SegmentReader::Frame const& head,
                           bool is_open, VerifyReport& report) {
    KONTOR_TRY(auto const says, reader.said_by(head));
    auto padding = check_padding(reader, chain, head);
    KONTOR_TRY(check_frame(reader, chain, head, report));
    for (;;) {
        KONTOR_TRY(auto const frame, reader.next(chain));
        if (!frame)
            break;
        KONTOR_TRY(std::move(padding));
        padding = check_padding(reader, chain, *frame);
        KONTOR_TRY(check_frame(reader, chain, *frame, report));
    }
    bool const may_be_torn = is_open && says.earlier > 0;
    if (!may_be_torn)
        KONTOR_TRY(std::move(padding));
    KONTOR_TRY(auto const later, reader.find_later(chain, reader.offset()));
    KONTOR_TRY(report.torn_bytes, reader.torn_bytes(chain, says.earlier));
    if (later || (!is_open && report.torn_bytes > 0))
        return unexpected(damage(reader, chain, reader.offset(), "a frame does not check"));
    return {};
}

} // namespace

Result<VerifyReport> verify(ports::Disk& disk,
                            std::function<void(std::size_t, std::size_t)> const& on_segment) {
    KONTOR_TRY(auto const found, take_inventory(disk));
    KONTOR_TRY(check_nothing_is_missing(disk, found));
    auto const& generations = found.segments;
    VerifyReport report;
    Chain chain;
    for (auto const generation : generations) {
        on_segment(report.segments + 1, generations.size());
        chain.generation = ++report.segments;
        if (generation != chain.generation)
            return unexpected(Failure{FailureKind::corrupt, "a segment is missing",
                                      segment_name(generation - 1)});
        KONTOR_TRY(auto reader, SegmentReader::open(disk, generation));
        auto const before = chain;
        auto head = reader.head(chain);
        if (!head && head.error().kind == FailureKind::corrupt && report.segments > 1)
            return unexpected(Failure{
                FailureKind::corrupt,
                fmt::format("the log does not go on at position {}: a frame before or the head "
                            "of this segment does not check",
                            before.position),
                head.error().where});
        KONTOR_TRY(auto const first, std::move(head));
        bool const is_open = report.segments == generations.size();
        KONTOR_TRY(check_segment(reader, chain, first, is_open, report));
    }
    report.last = ports::Position(chain.position - 1);
    return report;
}

} // namespace kontor::journal
