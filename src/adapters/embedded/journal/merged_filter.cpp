#include "adapters/embedded/journal/merged_filter.hpp"

#include "adapters/embedded/journal/new_file.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::journal {
namespace {

constexpr std::string_view merged_suffix = ".flt";
constexpr std::array<std::uint8_t, 8> magic{'K', 'O', 'N', 'T', 'O', 'R', 'F', 'L'};
constexpr std::uint16_t version = 1;

/// Offsets in the first block; the filters follow it. The checksum covers all behind it.
enum Offset : std::size_t {
    at_magic = 0,
    at_checksum = 8,
    at_version = 24,
    at_lineage = 32,
    at_first = 48,
    at_last = 56,
    at_last_checksum = 64,
    at_streams = 80,
    at_commands = 88,
};

using Segments = std::span<std::shared_ptr<SegmentIndex const> const>;

std::string name_of(Segments segments) {
    return merged_name(segments.front()->facts().generation, segments.back()->facts().generation);
}

Failure damaged(Segments segments) {
    return {FailureKind::corrupt, "a merged filter does not check, or is of other segments",
            name_of(segments)};
}

bool is_of(std::uint8_t const* at, Segments segments) {
    auto const& last = segments.back()->facts();
    return std::equal(magic.begin(), magic.end(), at + at_magic) &&
           get<std::uint16_t>(at + at_version) == version &&
           get_id(at + at_lineage) == last.lineage &&
           get<std::uint64_t>(at + at_first) == segments.front()->facts().generation &&
           get<std::uint64_t>(at + at_last) == last.generation &&
           get<Hash128>(at + at_last_checksum) == last.last;
}

} // namespace

std::string merged_name(std::uint64_t first, std::uint64_t last) {
    return fmt::format("{:020}-{:020}{}", first, last, merged_suffix);
}

std::optional<std::uint64_t> merged_last(std::string_view name) {
    auto const dash = name.find('-');
    return dash == name.npos ? std::nullopt : generation_in(name.substr(dash + 1), merged_suffix);
}

Result<void> check_merged(ports::Disk& disk, std::string const& name) {
    KONTOR_TRY(auto const file, disk.open(name, ports::FileUse::read));
    Failure const damage{FailureKind::corrupt, "a merged filter does not check",
                         fmt::format("{}, offset 0", name)};
    Blocks bytes(round_down(file->size()));
    if (bytes.size() < ports::disk_block_bytes || bytes.size() != file->size())
        return unexpected(damage);
    KONTOR_TRY(file->read(0, bytes.span(0, bytes.size())));
    auto const checksum = hash128(std::as_const(bytes).span(at_version, bytes.size() - at_version));
    bool const is_whole = std::equal(magic.begin(), magic.end(), bytes.at(at_magic)) &&
                          get<Hash128>(bytes.at(at_checksum)) == checksum &&
                          merged_name(get<std::uint64_t>(bytes.at(at_first)),
                                      get<std::uint64_t>(bytes.at(at_last))) == name;
    return is_whole ? Result<void>() : unexpected(damage);
}

Result<std::shared_ptr<MergedFilter const>> MergedFilter::load(ports::Disk& disk,
                                                               Segments segments) {
    KONTOR_TRY(auto const file, disk.open(name_of(segments), ports::FileUse::read));
    Blocks bytes(file->size());
    if (bytes.size() < ports::disk_block_bytes || bytes.size() % ports::disk_block_bytes != 0)
        return unexpected(damaged(segments));
    KONTOR_TRY(file->read(0, bytes.span(0, bytes.size())));
    auto const checksum = hash128(std::as_const(bytes).span(at_version, bytes.size() - at_version));
    auto const streams = get<std::uint64_t>(bytes.at(at_streams));
    auto const commands = get<std::uint64_t>(bytes.at(at_commands));
    auto const room = bytes.size() - ports::disk_block_bytes;
    bool const is_whole = get<Hash128>(bytes.at(at_checksum)) == checksum;
    if (!is_whole || !is_of(bytes.at(0), segments) || streams > room || commands > room - streams)
        return unexpected(damaged(segments));
    auto merged = std::make_shared<MergedFilter>();
    merged->lineage_ = segments.back()->facts().lineage;
    for (auto const& index : segments) {
        auto const& facts = index->facts();
        merged->newest_stream_ = std::max(merged->newest_stream_, facts.newest_stream);
        merged->newest_command_ = std::max(merged->newest_command_, facts.newest_command);
        merged->written_at_ = std::max(merged->written_at_, facts.written_at);
    }
    merged->streams_ =
        Filter::of_bytes(std::as_const(bytes).span(ports::disk_block_bytes, streams));
    merged->commands_ =
        Filter::of_bytes(std::as_const(bytes).span(ports::disk_block_bytes + streams, commands));
    return std::shared_ptr<MergedFilter const>(std::move(merged));
}

bool MergedFilter::may_hold(CommandId command) const {
    if (command.value().time().unix_microseconds() > newest_command_)
        return false;
    return commands_.may_hold(hash128(command.value().bytes()));
}

FilterMerge::FilterMerge(std::vector<std::shared_ptr<SegmentIndex const>> segments)
    : segments_(std::move(segments)) {
    std::size_t streams = 0;
    std::size_t commands = 0;
    for (auto const& index : segments_) {
        streams += index->stream_count();
        commands += index->command_count();
    }
    streams_ = Filter::with_room_for(streams);
    commands_ = Filter::with_room_for(commands);
}

Result<bool> FilterMerge::step(ports::Disk& disk) {
    if (next_ < segments_.size()) {
        KONTOR_TRY(segments_[next_]->add_keys(disk, streams_, commands_));
        ++next_;
        return false;
    }
    KONTOR_TRY(write(disk));
    return true;
}

Result<void> FilterMerge::write(ports::Disk& disk) const {
    auto const streams = streams_.bytes();
    auto const commands = commands_.bytes();
    Blocks bytes(round_up(ports::disk_block_bytes + streams.size() + commands.size()));
    std::memset(bytes.at(0), 0, bytes.size());
    auto const& last = segments_.back()->facts();
    std::copy(magic.begin(), magic.end(), bytes.at(at_magic));
    put(bytes.at(at_version), version);
    put_id(bytes.at(at_lineage), last.lineage);
    put(bytes.at(at_first), first());
    put(bytes.at(at_last), last.generation);
    put(bytes.at(at_last_checksum), last.last);
    put(bytes.at(at_streams), std::uint64_t{streams.size()});
    put(bytes.at(at_commands), std::uint64_t{commands.size()});
    std::ranges::copy(streams, bytes.at(ports::disk_block_bytes));
    std::ranges::copy(commands, bytes.at(ports::disk_block_bytes) + streams.size());
    put(bytes.at(at_checksum),
        hash128(std::as_const(bytes).span(at_version, bytes.size() - at_version)));
    return write_file(disk, name_of(segments_), bytes.span(0, bytes.size()));
}

} // namespace kontor::journal
