#include "adapters/embedded/journal/verify.hpp"

#include "adapters/embedded/journal/derived_check.hpp"
#include "adapters/embedded/journal/record.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>

namespace kontor::journal {
namespace {

Failure damage(SegmentReader const& reader, Chain const& chain, std::uint64_t offset,
               std::string_view what) {
    return {FailureKind::corrupt,
            fmt::format("{} at position {}: restore it from a backup", what, chain.position),
            reader.place(offset)};
}

/// Everything that a walk through the log holds it against.
class Walk {
public:
    Walk(ports::Disk& disk, VerifyOptions const& options, Inventory const& found)
        : disk_(disk), options_(options), found_(found), derived_(disk, found) {}
    Result<VerifyReport> run();

private:
    Result<void> check_segment(std::uint64_t generation, bool is_open);
    Result<void> check_frame(SegmentReader const& reader, SegmentReader::Frame const& frame);
    Result<void> check_records(SegmentReader::Frame const& frame);
    Result<void> show(CommitView const& commit);
    Result<void> check_padding(SegmentReader const& reader, SegmentReader::Frame const& frame);
    Result<void> check_end(SegmentReader& reader, bool is_open, std::uint64_t earlier);

    ports::Disk& disk_;
    VerifyOptions const& options_;
    Inventory const& found_;
    DerivedCheck derived_;
    Chain chain_;
    VerifyReport report_;
};

Result<void> Walk::show(CommitView const& commit) {
    KONTOR_TRY(auto const tallies, commit.tallies());
    if (!options_.on_event)
        return {};
    ports::EventPage page;
    KONTOR_TRY(commit.show(page, 0, commit.event_count()));
    for (auto const& event : page.events)
        KONTOR_TRY(options_.on_event(event));
    return {};
}

/// Errors: corrupt without a place (a record has no form), those of on_event.
Result<void> Walk::check_records(SegmentReader::Frame const& frame) {
    if (frame.header.kind != FrameKind::records)
        return {};
    auto position = frame.header.first_position;
    auto const check = [&](Bytes record, RecordHeader const& header,
                           std::uint32_t) -> Result<void> {
        if (!is_record_whole(record, header) || header.first_position != position)
            return unexpected(Failure{FailureKind::corrupt, "a record does not check"});
        position += header.events;
        return for_each_commit(record, header,
                               [&](CommitView const& commit) { return show(commit); });
    };
    return for_each_record(frame.body(), check);
}

/// In a file that was used before, the open segment's last frame may have older bytes there.
Result<void> Walk::check_padding(SegmentReader const& reader, SegmentReader::Frame const& frame) {
    if (is_padding_zero(frame.bytes, frame.header))
        return {};
    return unexpected(Failure{FailureKind::corrupt,
                              fmt::format("what fills the file up behind position {} was changed: "
                                          "no fact is touched, but the disk or a program changed "
                                          "bytes that were written",
                                          chain_.position - 1),
                              reader.place(frame.offset)});
}

Result<void> Walk::check_frame(SegmentReader const& reader, SegmentReader::Frame const& frame) {
    if (auto const records = check_records(frame); !records)
        return unexpected(records.error().where.empty()
                              ? damage(reader, chain_, frame.offset, "a record of the frame before")
                              : records.error());
    if (options_.looks_at_derived)
        KONTOR_TRY(derived_.add(frame));
    report_.frames += frame.header.kind != FrameKind::head;
    report_.appends += frame.header.appends;
    report_.padding_bytes += frame_blocks_bytes(frame.header.length) - frame_header_bytes -
                             std::uint64_t{frame.header.length};
    report_.was_closed = frame.header.kind == FrameKind::seal;
    return {};
}

/// What stands behind the last frame.
Result<void> Walk::check_end(SegmentReader& reader, bool is_open, std::uint64_t earlier) {
    KONTOR_TRY(auto const later, reader.find_later(chain_, reader.offset()));
    KONTOR_TRY(report_.torn_bytes, reader.torn_bytes(chain_, earlier));
    KONTOR_TRY(auto const rotten, reader.rotten(chain_));
    bool const is_lost = rotten == SegmentReader::Rotten::frame_of_facts;
    if (later || (!is_open && report_.torn_bytes > 0) || is_lost)
        return unexpected(damage(reader, chain_, reader.offset(), "a frame does not check"));
    if (rotten) {
        report_.damages.push_back(
            {reader.place(reader.offset()), "the seal or confirmation of the log does not check",
             "Nothing is lost: it holds no facts, and the next start puts it aside. Look after the "
             "disk."});
    } else if (report_.torn_bytes > 0 && report_.was_closed) {
        KONTOR_TRY(auto const changed, reader.first_content(reader.offset()));
        report_.damages.push_back(
            {reader.place(changed),
             fmt::format("bytes behind the end of the log, position {}, were changed",
                         chain_.position - 1),
             "Nothing is lost: the log was closed and ends before them, and the next start puts "
             "them aside. Look after the disk."});
    }
    return {};
}

Result<void> Walk::check_segment(std::uint64_t generation, bool is_open) {
    KONTOR_TRY(auto reader, SegmentReader::open(disk_, generation));
    auto const before = chain_;
    auto head = reader.head(chain_);
    if (!head && head.error().kind == FailureKind::corrupt && generation > 1)
        return unexpected(
            Failure{FailureKind::corrupt,
                    fmt::format("the log does not go on at position {}: a frame before or the head "
                                "of this segment does not check",
                                before.position),
                    head.error().where});
    KONTOR_TRY(auto const first, std::move(head));
    KONTOR_TRY(auto const says, reader.said_by(first));
    derived_.begin(before, chain_.lineage);
    auto padding = check_padding(reader, first);
    KONTOR_TRY(check_frame(reader, first));
    for (;;) {
        KONTOR_TRY(auto const frame, reader.next(chain_));
        if (!frame)
            break;
        KONTOR_TRY(std::move(padding));
        padding = check_padding(reader, *frame);
        KONTOR_TRY(check_frame(reader, *frame));
    }
    bool const may_be_torn = is_open && says.earlier > 0;
    if (!may_be_torn)
        KONTOR_TRY(std::move(padding));
    KONTOR_TRY(check_end(reader, is_open, says.earlier));
    if (!is_open && options_.looks_at_derived)
        KONTOR_TRY(derived_.end(chain_, reader.offset()));
    return {};
}

Result<VerifyReport> Walk::run() {
    KONTOR_TRY(check_nothing_is_missing(disk_, found_));
    auto const& generations = found_.segments;
    for (auto const generation : generations) {
        if (options_.on_segment)
            options_.on_segment(report_.segments + 1, generations.size());
        chain_.generation = ++report_.segments;
        if (generation != chain_.generation)
            return unexpected(Failure{FailureKind::corrupt, "a segment is missing",
                                      segment_name(generation - 1)});
        KONTOR_TRY(check_segment(generation, report_.segments == generations.size()));
    }
    report_.last = ports::Position(chain_.position - 1);
    report_.lineage = chain_.lineage;
    if (options_.looks_at_derived) {
        KONTOR_TRY(derived_.finish());
        std::ranges::move(derived_.take(), std::back_inserter(report_.damages));
    }
    return std::move(report_);
}

} // namespace

Result<VerifyReport> verify(ports::Disk& disk, VerifyOptions const& options) {
    KONTOR_TRY(auto const found, take_inventory(disk));
    return Walk(disk, options, found).run();
}

Result<VerifyReport> verify(ports::Disk& disk,
                            std::function<void(std::size_t, std::size_t)> const& on_segment) {
    return verify(disk, VerifyOptions{.on_segment = on_segment});
}

} // namespace kontor::journal
