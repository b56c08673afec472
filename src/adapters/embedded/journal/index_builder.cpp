#include "adapters/embedded/journal/index_builder.hpp"

#include "adapters/embedded/journal/index_layout.hpp"
#include "adapters/embedded/journal/new_file.hpp"

#include <algorithm>
#include <bit>

namespace kontor::journal {
namespace {

using enum index_layout::Offset;
using index_layout::at_rest_bit, index_layout::block_content_bytes, index_layout::command_bytes,
    index_layout::frame_bytes, index_layout::magic, index_layout::posting_bytes,
    index_layout::stream_bytes, index_layout::version;

/// Entries laid into blocks with their checksums.
struct LaidOut {
    std::vector<std::uint8_t> blocks;
    std::vector<std::uint8_t> fences;
};

LaidOut lay_out(std::vector<std::uint8_t> const& entries, std::size_t entry_bytes) {
    LaidOut out;
    auto const content = block_content_bytes / entry_bytes * entry_bytes;
    for (std::size_t at = 0; at < entries.size(); at += content) {
        auto const begin = out.blocks.size();
        out.blocks.resize(begin + ports::disk_block_bytes);
        auto const some = std::min(content, entries.size() - at);
        std::memcpy(out.blocks.data() + begin, entries.data() + at, some);
        put(out.blocks.data() + begin + block_content_bytes,
            hash64({out.blocks.data() + begin, block_content_bytes}));
        out.fences.insert(out.fences.end(), entries.begin() + static_cast<std::ptrdiff_t>(at),
                          entries.begin() + static_cast<std::ptrdiff_t>(at) + 8);
    }
    return out;
}

/// A half of a key as a number that compares as its bytes do.
std::uint64_t half_of(Hash128 const& key, std::size_t at) {
    auto const half = get<std::uint64_t>(key.data() + at);
    return std::endian::native == std::endian::little ? __builtin_bswap64(half) : half;
}

/// As the bytes compare, in two steps instead of sixteen: a segment's index sorts a million keys.
bool is_before(Hash128 const& a, Hash128 const& b) {
    auto const first = half_of(a, 0);
    auto const second = half_of(b, 0);
    return first != second ? first < second : half_of(a, 8) < half_of(b, 8);
}

/// Touches by key and version, as small as they can be while they are sorted.
struct TouchOrder {
    std::uint64_t half; ///< the first of the key
    std::uint32_t touch;
};

template <class T>
void append(std::vector<std::uint8_t>& bytes, T value) {
    bytes.resize(bytes.size() + sizeof value);
    put(bytes.data() + bytes.size() - sizeof value, value);
}

void append(std::vector<std::uint8_t>& bytes, Bytes more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

void put_facts(std::uint8_t* at, SegmentFacts const& facts) {
    std::copy(magic.begin(), magic.end(), at + at_magic);
    put(at + at_version, version);
    put_id(at + at_lineage, facts.lineage);
    put(at + at_generation, facts.generation);
    put(at + at_first_frame, facts.first_frame);
    put(at + at_next_frame, facts.next_frame);
    put(at + at_first_position, facts.first_position);
    put(at + at_next_position, facts.next_position);
    std::copy(facts.previous.begin(), facts.previous.end(), at + at_previous);
    std::copy(facts.last.begin(), facts.last.end(), at + at_last);
    put(at + at_newest_stream, facts.newest_stream);
    put(at + at_newest_command, facts.newest_command);
    put(at + at_written, facts.written_at);
    put(at + at_end, facts.end);
    put(at + at_content, facts.content);
}

} // namespace

Result<void> IndexBuilder::add(FrameAt const& frame, Bytes body) {
    content_ += frame_header_bytes + body.size();
    if (frame.events > 0)
        frames_.push_back(frame);
    auto const body_at = frame.offset + frame_header_bytes;
    return for_each_record(
        body, [&](Bytes record, RecordHeader const& header, std::uint32_t offset) {
            return for_each_commit(record, header, [&](CommitView const& commit) {
                return add_commit(commit, body_at + offset);
            });
        });
}

Result<void> IndexBuilder::add_commit(CommitView const& commit, std::uint32_t record) {
    DiskPlace const place{record, commit.offset()};
    if (commit.has_outcome()) {
        auto const id = commit.command().value();
        commands_.push_back({id.bytes(), place});
        newest_command_ = std::max(newest_command_, id.time().unix_microseconds());
    }
    KONTOR_TRY(auto const tallies, commit.tallies());
    for (std::size_t n = 0; n < tallies.size(); ++n) {
        if (tallies[n].events == 0)
            continue;
        auto const& stream = commit.streams()[n];
        KONTOR_TRY(auto const id, commit.name(stream));
        touches_.push_back({stream_key(id, lineage_), stream.base + 1, tallies[n].events,
                            tallies[n].is_at_rest, place});
        if (id.has_id())
            newest_stream_ = std::max(newest_stream_, id.id().time().unix_microseconds());
    }
    return {};
}

void IndexBuilder::sort() {
    std::vector<TouchOrder> order;
    order.reserve(touches_.size());
    for (std::uint32_t n = 0; n < touches_.size(); ++n)
        order.push_back({half_of(touches_[n].key, 0), n});
    // Touches came in the sequence of the log, so those of one stream are in that of its versions.
    std::sort(order.begin(), order.end(), [&](TouchOrder const& a, TouchOrder const& b) {
        if (a.half != b.half)
            return a.half < b.half;
        auto const first = half_of(touches_[a.touch].key, 8);
        auto const second = half_of(touches_[b.touch].key, 8);
        return first != second ? first < second : a.touch < b.touch;
    });
    std::vector<Touch> sorted;
    sorted.reserve(touches_.size());
    for (auto const& at : order)
        sorted.push_back(touches_[at.touch]);
    touches_ = std::move(sorted);
    std::stable_sort(commands_.begin(), commands_.end(),
                     [](Command const& a, Command const& b) { return is_before(a.id, b.id); });
}

std::vector<std::uint8_t> IndexBuilder::stream_table(Filter& filter,
                                                     std::vector<std::uint8_t>& postings) {
    std::vector<std::uint8_t> streams;
    std::uint32_t number = 0;
    for (std::size_t at = 0; at < touches_.size();) {
        auto const& first = touches_[at];
        auto end = at;
        while (end < touches_.size() && touches_[end].key == first.key) {
            auto const& touch = touches_[end++];
            append(postings, static_cast<std::uint32_t>(touch.first_version - first.first_version));
            append(postings, touch.place.record);
            append(postings, touch.place.commit);
        }
        auto const& last = touches_[end - 1];
        append(streams, Bytes(first.key));
        append(streams, first.first_version);
        append(streams, last.first_version + last.events - 1);
        append(streams, number);
        append(streams, static_cast<std::uint32_t>(end - at) | (last.is_at_rest ? at_rest_bit : 0));
        filter.add(first.key);
        number += static_cast<std::uint32_t>(end - at);
        at = end;
    }
    return streams;
}

std::vector<std::uint8_t> IndexBuilder::command_table(Filter& filter) {
    std::vector<std::uint8_t> table;
    for (std::size_t at = 0; at < commands_.size(); ++at) {
        if (at + 1 < commands_.size() && commands_[at + 1].id == commands_[at].id)
            continue; // the latest outcome of a command counts
        append(table, Bytes(commands_[at].id));
        append(table, commands_[at].place.record);
        append(table, commands_[at].place.commit);
        filter.add(hash128(commands_[at].id));
    }
    return table;
}

std::vector<std::uint8_t> IndexBuilder::frame_table() const {
    std::vector<std::uint8_t> table;
    for (auto const& frame : frames_) {
        append(table, frame.first_position);
        append(table, frame.offset);
        append(table, frame.events);
    }
    return table;
}

Blocks IndexBuilder::bytes(SegmentFacts facts) {
    sort();
    auto streams_distinct = std::size_t{0};
    for (std::size_t n = 0; n < touches_.size(); ++n)
        streams_distinct += n == 0 || touches_[n].key != touches_[n - 1].key;
    auto stream_filter = Filter::with_room_for(streams_distinct);
    auto command_filter = Filter::with_room_for(commands_.size());
    std::vector<std::uint8_t> postings;
    auto const stream_entries = stream_table(stream_filter, postings);
    auto const command_entries = command_table(command_filter);
    auto const frame_entries = frame_table();
    auto const streams = lay_out(stream_entries, stream_bytes);
    auto const posting_blocks = lay_out(postings, posting_bytes);
    auto const commands = lay_out(command_entries, command_bytes);
    auto const frames = lay_out(frame_entries, frame_bytes);

    facts.newest_stream = newest_stream_;
    facts.newest_command = newest_command_;
    facts.content = content_;
    std::vector<std::uint8_t> bytes(ports::disk_block_bytes);
    put_facts(bytes.data(), facts);
    put(bytes.data() + at_streams, std::uint64_t{stream_entries.size() / stream_bytes});
    put(bytes.data() + at_postings, std::uint64_t{postings.size() / posting_bytes});
    put(bytes.data() + at_commands, std::uint64_t{command_entries.size() / command_bytes});
    put(bytes.data() + at_frames, std::uint64_t{frame_entries.size() / frame_bytes});
    put(bytes.data() + at_stream_filter, std::uint64_t{stream_filter.bytes().size()});
    put(bytes.data() + at_command_filter, std::uint64_t{command_filter.bytes().size()});
    for (auto const part : {stream_filter.bytes(), command_filter.bytes(), Bytes(streams.fences),
                            Bytes(commands.fences), Bytes(frames.fences)})
        append(bytes, part);
    bytes.resize(round_up(bytes.size()));
    put(bytes.data() + at_resident, std::uint64_t{bytes.size()});
    auto const checksum = hash128(Bytes(bytes).subspan(at_version));
    std::copy(checksum.begin(), checksum.end(), bytes.begin() + at_checksum);
    for (auto const* part : {&streams, &posting_blocks, &commands, &frames})
        append(bytes, Bytes(part->blocks));

    Blocks aligned(bytes.size());
    std::memcpy(aligned.at(0), bytes.data(), bytes.size());
    return aligned;
}

Result<void> IndexBuilder::write(ports::Disk& disk, SegmentFacts const& facts) {
    auto const whole = bytes(facts);
    return write_file(disk, index_name(facts.generation), whole.span(0, whole.size()));
}

} // namespace kontor::journal
