#include "adapters/embedded/journal/segment_index.hpp"

#include "adapters/embedded/journal/index_builder.hpp"
#include "adapters/embedded/journal/index_layout.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

using enum index_layout::Offset;
using index_layout::at_rest_bit, index_layout::block_content_bytes, index_layout::command_bytes,
    index_layout::frame_bytes, index_layout::magic, index_layout::posting_bytes,
    index_layout::stream_bytes, index_layout::version;

Failure damaged(std::uint64_t generation, std::string_view what) {
    return {FailureKind::corrupt, fmt::format("a segment index does not check ({})", what),
            index_name(generation)};
}

std::vector<std::uint64_t> numbers(Bytes bytes) {
    std::vector<std::uint64_t> all(bytes.size() / 8);
    if (!all.empty())
        std::memcpy(all.data(), bytes.data(), bytes.size());
    return all;
}

/// Keys are compared as bytes, so a fence is a big-endian number.
std::uint64_t fence_of(Hash128 const& key) {
    return __builtin_bswap64(get<std::uint64_t>(key.data()));
}

SegmentFacts facts_at(std::uint8_t const* at) {
    SegmentFacts facts;
    facts.lineage = get_id(at + at_lineage);
    facts.generation = get<std::uint64_t>(at + at_generation);
    facts.first_frame = get<std::uint64_t>(at + at_first_frame);
    facts.next_frame = get<std::uint64_t>(at + at_next_frame);
    facts.first_position = get<std::uint64_t>(at + at_first_position);
    facts.next_position = get<std::uint64_t>(at + at_next_position);
    std::memcpy(facts.previous.data(), at + at_previous, facts.previous.size());
    std::memcpy(facts.last.data(), at + at_last, facts.last.size());
    facts.newest_stream = get<std::int64_t>(at + at_newest_stream);
    facts.newest_command = get<std::int64_t>(at + at_newest_command);
    facts.written_at = get<std::int64_t>(at + at_written);
    facts.end = get<std::uint64_t>(at + at_end);
    facts.content = get<std::uint64_t>(at + at_content);
    return facts;
}

StreamEntry stream_entry(std::uint8_t const* at) {
    auto const postings = get<std::uint32_t>(at + 36);
    return {get<std::uint64_t>(at + 16), get<std::uint64_t>(at + 24), get<std::uint32_t>(at + 32),
            postings & ~at_rest_bit, (postings & at_rest_bit) != 0};
}

std::uint8_t const* entry_at(Blocks const& table, std::uint64_t number, std::size_t entry_bytes) {
    auto const a_block = block_content_bytes / entry_bytes;
    return table.at(number / a_block * ports::disk_block_bytes + number % a_block * entry_bytes);
}

Hash128 key_at(Blocks const& table, std::uint64_t number, std::size_t entry_bytes) {
    return get<Hash128>(entry_at(table, number, entry_bytes));
}

} // namespace

Hash128 stream_key(StreamId const& stream, Id128 lineage) {
    std::array<std::uint8_t, StreamId::key_length_max + 1> bytes;
    bytes[0] = static_cast<std::uint8_t>(stream.category());
    std::memcpy(bytes.data() + 1, stream.key().data(), stream.key().size());
    return hash128(Bytes(bytes).first(stream.key().size() + 1), lineage.low());
}

std::uint64_t SegmentIndex::Table::a_block() const {
    return block_content_bytes / entry_bytes;
}

Result<std::shared_ptr<SegmentIndex const>> SegmentIndex::load(ports::Disk& disk,
                                                               std::uint64_t generation) {
    KONTOR_TRY(auto const file, disk.open(index_name(generation), ports::FileUse::read));
    auto const size = file->size();
    Blocks first(ports::disk_block_bytes);
    if (size < first.size())
        return unexpected(damaged(generation, "too short"));
    KONTOR_TRY(file->read(0, first.span(0, first.size())));
    auto const resident = get<std::uint64_t>(first.at(at_resident));
    if (!std::equal(magic.begin(), magic.end(), first.at(0)) || resident > size ||
        resident < first.size() || resident % ports::disk_block_bytes != 0)
        return unexpected(damaged(generation, "no header"));
    Blocks bytes(resident);
    KONTOR_TRY(file->read(0, bytes.span(0, resident)));
    auto const checksum = hash128(bytes.span(at_version, resident - at_version));
    if (!std::equal(checksum.begin(), checksum.end(), bytes.at(at_checksum)) ||
        get<std::uint16_t>(bytes.at(at_version)) != version ||
        get<std::uint64_t>(bytes.at(at_generation)) != generation)
        return unexpected(damaged(generation, "checksum or generation"));

    auto index = std::make_shared<SegmentIndex>();
    index->facts_ = facts_at(bytes.at(0));
    index->streams_.count = get<std::uint64_t>(bytes.at(at_streams));
    index->postings_.count = get<std::uint64_t>(bytes.at(at_postings));
    index->commands_.count = get<std::uint64_t>(bytes.at(at_commands));
    index->frames_.count = get<std::uint64_t>(bytes.at(at_frames));
    index->lay_out(resident);
    std::size_t at = ports::disk_block_bytes;
    auto const take = [&](std::size_t count) {
        auto const part = std::as_const(bytes).span(at, count);
        at += count;
        return part;
    };
    index->stream_filter_ = Filter::of_bytes(take(get<std::uint64_t>(first.at(at_stream_filter))));
    index->command_filter_ =
        Filter::of_bytes(take(get<std::uint64_t>(first.at(at_command_filter))));
    index->streams_.fences = numbers(take(index->streams_.blocks() * 8));
    index->commands_.fences = numbers(take(index->commands_.blocks() * 8));
    index->frames_.fences = numbers(take(index->frames_.blocks() * 8));
    for (auto* fences : {&index->streams_.fences, &index->commands_.fences})
        for (auto& fence : *fences)
            fence = __builtin_bswap64(fence);
    return std::shared_ptr<SegmentIndex const>(std::move(index));
}

void SegmentIndex::lay_out(std::uint64_t resident) {
    streams_.entry_bytes = stream_bytes;
    postings_.entry_bytes = posting_bytes;
    commands_.entry_bytes = command_bytes;
    frames_.entry_bytes = frame_bytes;
    auto at = resident;
    for (auto* table : {&streams_, &postings_, &commands_, &frames_}) {
        table->begin = at;
        at += table->blocks() * ports::disk_block_bytes;
    }
}

Result<void> check_passed(SegmentFacts const& facts, Chain const& chain,
                          SegmentReader const& reader) {
    bool const is_all = chain.number == facts.next_frame && chain.position == facts.next_position &&
                        chain.previous == facts.last && reader.offset() == facts.end;
    if (is_all)
        return {};
    return unexpected(
        Failure{FailureKind::corrupt,
                fmt::format("the frame at position {} does not check: restore it from a backup",
                            chain.position),
                reader.place(reader.offset())});
}

SegmentFacts facts_between(Chain const& start, Chain const& next, std::uint64_t end) {
    SegmentFacts facts;
    facts.lineage = next.lineage;
    facts.generation = start.generation;
    facts.first_frame = start.number;
    facts.next_frame = next.number;
    facts.first_position = start.position;
    facts.next_position = next.position;
    facts.previous = start.previous;
    facts.last = next.previous;
    facts.written_at = next.written_at.unix_microseconds();
    facts.end = end;
    return facts;
}

Result<std::shared_ptr<SegmentIndex const>>
SegmentIndex::build(ports::Disk& disk, SegmentFiles& files, Chain const& start) {
    KONTOR_TRY(auto file, files.open(start.generation));
    SegmentReader reader(std::move(file));
    auto chain = start;
    KONTOR_TRY(reader.head(chain));
    IndexBuilder builder(chain.lineage);
    for (;;) {
        KONTOR_TRY(auto const frame, reader.next(chain));
        if (!frame)
            break;
        auto const& header = frame->header;
        KONTOR_TRY(builder.add(
            {header.first_position, static_cast<std::uint32_t>(frame->offset), header.events},
            header.kind == FrameKind::records ? frame->body() : Bytes{}));
    }
    KONTOR_TRY(builder.write(disk, facts_between(start, chain, reader.offset())));
    return load(disk, start.generation);
}

Chain SegmentIndex::start_chain() const {
    return {facts_.lineage,        facts_.generation, facts_.first_frame,
            facts_.first_position, facts_.previous,   {}};
}

Chain SegmentIndex::next_chain() const {
    return {facts_.lineage,    facts_.generation + 1,
            facts_.next_frame, facts_.next_position,
            facts_.last,       Instant::from_unix_microseconds(facts_.written_at)};
}

bool SegmentIndex::may_hold(CommandId command) const {
    if (command.value().time().unix_microseconds() > facts_.newest_command)
        return false;
    return command_filter_.may_hold(hash128(command.value().bytes()));
}

Result<std::unique_ptr<ports::File>> SegmentIndex::open_file(ports::Disk& disk) const {
    auto opened = disk.open(index_name(facts_.generation), ports::FileUse::read);
    if (!opened && opened.error().kind == FailureKind::not_found)
        return unexpected(damaged(facts_.generation, "the file is gone"));
    return opened;
}

Result<SegmentIndex::Block> SegmentIndex::read_block(ports::Disk& disk, Table const& table,
                                                     std::uint64_t block) const {
    KONTOR_TRY(auto const file, open_file(disk));
    Block bytes(ports::disk_block_bytes);
    KONTOR_TRY(file->read(table.begin + block * ports::disk_block_bytes,
                          bytes.span(0, ports::disk_block_bytes)));
    if (get<std::uint64_t>(bytes.at(block_content_bytes)) !=
        hash64(std::as_const(bytes).span(0, block_content_bytes)))
        return unexpected(damaged(facts_.generation, "a block"));
    return bytes;
}

Result<std::optional<std::vector<std::uint8_t>>>
SegmentIndex::find(ports::Disk& disk, Table const& table, Hash128 const& key) const {
    std::optional<std::vector<std::uint8_t>> none;
    // Keys may share their first eight bytes, so the one wanted may stand in the block before.
    auto const low = std::lower_bound(table.fences.begin(), table.fences.end(), fence_of(key));
    auto block = static_cast<std::uint64_t>(low - table.fences.begin());
    block -= block > 0;
    for (; block < table.fences.size() && table.fences[block] <= fence_of(key); ++block) {
        KONTOR_TRY(auto const bytes, read_block(disk, table, block));
        auto const entries = std::min(table.a_block(), table.count - block * table.a_block());
        std::uint64_t begin = 0;
        for (auto end = entries; begin < end;) {
            auto const middle = begin + (end - begin) / 2;
            if (std::memcmp(bytes.at(middle * table.entry_bytes), key.data(), key.size()) < 0)
                begin = middle + 1;
            else
                end = middle;
        }
        auto const* found = bytes.at(begin * table.entry_bytes);
        if (begin < entries && std::memcmp(found, key.data(), key.size()) == 0)
            return std::optional(std::vector<std::uint8_t>(found, found + table.entry_bytes));
    }
    return none;
}

Result<std::optional<StreamEntry>> SegmentIndex::find_stream(ports::Disk& disk,
                                                             Hash128 const& key) const {
    KONTOR_TRY(auto const found, find(disk, streams_, key));
    if (!found)
        return std::optional<StreamEntry>{};
    return std::optional(stream_entry(found->data()));
}

Result<std::vector<DiskPosting>> SegmentIndex::postings(ports::Disk& disk, StreamEntry const& entry,
                                                        std::uint64_t from,
                                                        std::size_t limit) const {
    std::vector<DiskPosting> all;
    std::optional<std::pair<std::uint64_t, Block>> block;
    for (auto n = std::uint64_t{entry.first_posting}; n < entry.first_posting + entry.postings;
         ++n) {
        auto const wanted = n / postings_.a_block();
        if (!block || block->first != wanted) {
            KONTOR_TRY(auto bytes, read_block(disk, postings_, wanted));
            block.emplace(wanted, std::move(bytes));
        }
        auto const* at = block->second.at(n % postings_.a_block() * posting_bytes);
        DiskPosting const posting{entry.first_version + get<std::uint32_t>(at),
                                  {get<std::uint32_t>(at + 4), get<std::uint32_t>(at + 8)}};
        if (posting.first_version <= from)
            all.clear();
        else if (all.size() >= limit)
            break;
        all.push_back(posting);
    }
    return all;
}

Result<Blocks> SegmentIndex::read_table(ports::File& file, Table const& table) const {
    Blocks all(table.blocks() * ports::disk_block_bytes);
    if (table.blocks() > 0)
        KONTOR_TRY(file.read(table.begin, all.span(0, all.size())));
    for (std::size_t at = 0; at < table.blocks() * ports::disk_block_bytes;
         at += ports::disk_block_bytes)
        if (get<std::uint64_t>(all.at(at + block_content_bytes)) !=
            hash64(std::as_const(all).span(at, block_content_bytes)))
            return unexpected(damaged(facts_.generation, "a block"));
    return all;
}

Result<void> SegmentIndex::add_keys(ports::Disk& disk, Filter& streams, Filter& commands) const {
    KONTOR_TRY(auto const file, open_file(disk));
    KONTOR_TRY(auto const stream_blocks, read_table(*file, streams_));
    for (std::uint64_t n = 0; n < streams_.count; ++n)
        streams.add(key_at(stream_blocks, n, stream_bytes));
    KONTOR_TRY(auto const command_blocks, read_table(*file, commands_));
    for (std::uint64_t n = 0; n < commands_.count; ++n)
        commands.add(hash128(key_at(command_blocks, n, command_bytes)));
    return {};
}

Result<StreamTable> SegmentIndex::stream_table(ports::Disk& disk) const {
    KONTOR_TRY(auto const file, open_file(disk));
    StreamTable table;
    table.stream_count_ = streams_.count;
    KONTOR_TRY(table.streams_, read_table(*file, streams_));
    KONTOR_TRY(table.postings_, read_table(*file, postings_));
    return table;
}

Hash128 StreamTable::key(std::uint64_t stream) const {
    return key_at(streams_, stream, stream_bytes);
}

StreamEntry StreamTable::stream(std::uint64_t stream) const {
    return stream_entry(entry_at(streams_, stream, stream_bytes));
}

DiskPlace StreamTable::place(std::uint64_t posting) const {
    auto const* const at = entry_at(postings_, posting, posting_bytes);
    return {get<std::uint32_t>(at + 4), get<std::uint32_t>(at + 8)};
}

Result<std::optional<DiskPlace>> SegmentIndex::find_command(ports::Disk& disk,
                                                            CommandId command) const {
    KONTOR_TRY(auto const found, find(disk, commands_, command.value().bytes()));
    if (!found)
        return std::optional<DiskPlace>{};
    return std::optional(
        DiskPlace{get<std::uint32_t>(found->data() + 16), get<std::uint32_t>(found->data() + 20)});
}

Result<std::uint64_t> SegmentIndex::frame_of(ports::Disk& disk, std::uint64_t position) const {
    auto const after = std::upper_bound(frames_.fences.begin(), frames_.fences.end(), position);
    KONTOR_ASSERT(after != frames_.fences.begin(), "position {} is not in segment {}", position,
                  facts_.generation);
    auto const block = static_cast<std::uint64_t>(after - frames_.fences.begin()) - 1;
    KONTOR_TRY(auto const bytes, read_block(disk, frames_, block));
    auto const entries = std::min(frames_.a_block(), frames_.count - block * frames_.a_block());
    std::uint64_t offset = 0;
    for (std::uint64_t n = 0; n < entries; ++n) {
        auto const* at = bytes.at(n * frame_bytes);
        if (get<std::uint64_t>(at) > position)
            break;
        offset = get<std::uint32_t>(at + 8);
    }
    return offset;
}

std::size_t SegmentIndex::resident_bytes() const {
    return stream_filter_.bytes().size() + command_filter_.bytes().size() +
           8 * (streams_.fences.size() + commands_.fences.size() + frames_.fences.size());
}

} // namespace kontor::journal
