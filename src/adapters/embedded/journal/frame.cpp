#include "adapters/embedded/journal/frame.hpp"

#include <algorithm>

namespace kontor::journal {
namespace {

constexpr std::array<std::uint8_t, 8> magic{'K', 'O', 'N', 'T', 'O', 'R', 'F', 'R'};

enum Offset : std::size_t {
    at_magic = 0,
    at_checksum = 8,
    at_version = 24,
    at_kind = 26,
    at_length = 28,
    at_lineage = 32,
    at_generation = 48,
    at_number = 56,
    at_first_position = 64,
    at_events = 72,
    at_appends = 76,
    at_previous = 80,
    at_written = 96,
    at_reserved = 104,
};

Bytes covered(std::uint8_t const* frame, std::uint32_t length) {
    return {frame + at_version, frame_header_bytes - at_version + std::size_t{length}};
}

} // namespace

Hash128 close_frame(std::uint8_t* frame, FrameHeader const& header) {
    std::copy(magic.begin(), magic.end(), frame + at_magic);
    put(frame + at_version, format_version);
    put(frame + at_kind, static_cast<std::uint16_t>(header.kind));
    put(frame + at_length, header.length);
    put_id(frame + at_lineage, header.lineage);
    put(frame + at_generation, header.generation);
    put(frame + at_number, header.number);
    put(frame + at_first_position, header.first_position);
    put(frame + at_events, header.events);
    put(frame + at_appends, header.appends);
    std::copy(header.previous.begin(), header.previous.end(), frame + at_previous);
    put(frame + at_written, header.written_at.unix_microseconds());
    std::fill(frame + at_reserved, frame + frame_header_bytes, std::uint8_t{0});
    auto const end = frame_header_bytes + std::uint64_t{header.length};
    std::fill(frame + end, frame + frame_blocks_bytes(header.length), std::uint8_t{0});
    auto const checksum = hash128(covered(frame, header.length));
    std::copy(checksum.begin(), checksum.end(), frame + at_checksum);
    return checksum;
}

std::optional<FrameHeader> peek_frame(std::uint8_t const* frame, std::uint64_t room) {
    if (!std::equal(magic.begin(), magic.end(), frame))
        return std::nullopt;
    FrameHeader header{};
    header.kind = static_cast<FrameKind>(get<std::uint16_t>(frame + at_kind));
    header.length = get<std::uint32_t>(frame + at_length);
    header.lineage = get_id(frame + at_lineage);
    header.generation = get<std::uint64_t>(frame + at_generation);
    header.number = get<std::uint64_t>(frame + at_number);
    header.first_position = get<std::uint64_t>(frame + at_first_position);
    header.events = get<std::uint32_t>(frame + at_events);
    header.appends = get<std::uint32_t>(frame + at_appends);
    std::memcpy(header.previous.data(), frame + at_previous, header.previous.size());
    header.written_at = Instant::from_unix_microseconds(get<std::int64_t>(frame + at_written));
    if (frame_blocks_bytes(header.length) > room)
        return std::nullopt;
    return header;
}

bool is_frame_whole(std::uint8_t const* frame, FrameHeader const& header) {
    auto const checksum = hash128(covered(frame, header.length));
    return std::equal(checksum.begin(), checksum.end(), frame + at_checksum);
}

bool is_padding_zero(std::uint8_t const* frame, FrameHeader const& header) {
    auto const end = frame_header_bytes + std::uint64_t{header.length};
    return is_zero({frame + end, frame_blocks_bytes(header.length) - end});
}

Hash128 frame_checksum(std::uint8_t const* frame) {
    Hash128 checksum;
    std::memcpy(checksum.data(), frame + at_checksum, checksum.size());
    return checksum;
}

std::uint32_t frame_body_bytes(std::uint8_t const* frame) {
    return get<std::uint32_t>(frame + at_length);
}

bool seems_next(std::uint8_t const* frame, FrameHeader const& next) {
    bool const follows = get<Hash128>(frame + at_previous) == next.previous;
    return follows || (get_id(frame + at_lineage) == next.lineage &&
                       get<std::uint64_t>(frame + at_generation) == next.generation &&
                       get<std::uint64_t>(frame + at_number) == next.number);
}

FrameKind frame_kind(std::uint8_t const* frame) {
    return static_cast<FrameKind>(get<std::uint16_t>(frame + at_kind));
}

std::uint16_t frame_version(std::uint8_t const* frame) {
    return get<std::uint16_t>(frame + at_version);
}

} // namespace kontor::journal
