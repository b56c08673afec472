#pragma once

/// Segment: a file of frames. Its first frame is a head; frames follow each other from block to
/// block and never leave the file. Reading one is walking a chain: each frame must name the
/// lineage, the generation, the number, the position and the checksum that the one before it
/// promised.

#include "adapters/embedded/journal/frame.hpp"
#include "adapters/embedded/journal/segment_file.hpp"
#include "ports/positions.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::journal {

/// The stored name of an event type, so that a stranger can read the log.
struct EventTypeName {
    EventType type;
    std::string name; ///< name and version, as in "order.placed.v1"
};

std::string segment_name(std::uint64_t generation);
std::string index_name(std::uint64_t generation);
/// The generation in a file name that is one and `suffix`; empty for any other name.
std::optional<std::uint64_t> generation_in(std::string_view name, std::string_view suffix);
/// The generation of a segment's file name; empty for any other name.
std::optional<std::uint64_t> segment_generation(std::string_view name);
/// A pre-written file that waits to become a segment.
std::string spare_name(std::uint64_t number);
/// The number of a spare's file name; empty for any other name.
std::optional<std::uint64_t> spare_number(std::string_view name);
/// The same for a file whose space is taken.
std::string reserve_name(std::uint64_t number);
std::optional<std::uint64_t> reserve_number(std::string_view name);

/// What the head of a segment says beside its place in the chain.
struct SegmentHead {
    std::uint64_t segment_bytes{0};
    std::vector<EventTypeName> types{}; ///< that the writing program knew
    /// The generation that the file held before, whose bytes may stand behind the log; 0: the file
    /// was zeros.
    std::uint64_t earlier{0};
};

/// The body of a segment's head frame.
std::vector<std::uint8_t> head_body(SegmentHead const& head);
/// Errors:   corrupt.
Result<SegmentHead> read_head_body(Bytes body);

/// What the next frame must say.
struct Chain {
    Id128 lineage;
    std::uint64_t generation{0};
    std::uint64_t number{1};
    std::uint64_t position{1};
    Hash128 previous{};
    Instant written_at{};

    /// Whether a frame is the one that comes next.
    bool is_next(FrameHeader const& header) const;
    /// Whether two chains go on with the same frame.
    friend bool operator==(Chain const& a, Chain const& b) {
        return a.lineage == b.lineage && a.generation == b.generation && a.number == b.number &&
               a.position == b.position && a.previous == b.previous;
    }
    /// Moves behind a frame.
    void pass(FrameHeader const& header, Hash128 const& checksum);
};

/// The whole first frame of the segment that goes on where `chain` stands, which moves behind it.
Blocks head_frame(Chain& chain, SegmentHead const& head, Instant now);

/// So much a reader who wants all of a segment takes at once.
inline constexpr std::size_t read_at_once = 2U << 20;

/// Reads frames of one segment, one after the other.   Thread: one.
class SegmentReader {
public:
    struct Frame {
        FrameHeader header;
        std::uint64_t offset;
        std::uint8_t const* bytes; ///< lives until the next call
        Bytes body() const { return {bytes + frame_header_bytes, header.length}; }
    };

    /// Units:    `at_once` is the bytes that one read of the file takes.
    explicit SegmentReader(std::shared_ptr<SegmentFile const> file,
                           std::size_t at_once = read_at_once);
    /// Errors:   not_found, corrupt, unsupported, unavailable.
    static Result<SegmentReader> open(ports::Disk& disk, std::uint64_t generation);

    /// Reads the head and takes its lineage and generation into `chain`, which otherwise says what
    /// must come.
    /// Errors:   corrupt (not the head of this segment), unsupported (a newer format), unavailable.
    Result<Frame> head(Chain& chain);
    /// What the head says. A file that is not as long as when it was begun has lost its end, or is
    /// an unfinished copy: what is missing would otherwise look like what was never written.
    /// Errors:   corrupt (no form, or another length).
    Result<SegmentHead> said_by(Frame const& head) const;
    /// The next frame of the chain. Empty: what stands here is not it; `offset` stays.
    /// Errors:   unavailable, corrupt (a squeezed file does not check; with the position).
    Result<std::optional<Frame>> next(Chain& chain);

    /// The first frame at or after a block that is whole, of this chain's segment, and younger.
    /// Errors:   unavailable, corrupt.
    Result<std::optional<Frame>> find_later(Chain const& chain, std::uint64_t from);
    /// How many bytes from here on are of a frame that was begun and is not whole. Where the file
    /// was zeros, that is all that is not zero; where it was used before (`earlier`), the frame
    /// whose header stands here, and 0 if none does: then nothing tells what was torn from what is
    /// old, and neither counts.   Requires: what stands here is not the next frame.
    /// Errors:   unavailable, corrupt.
    Result<std::uint64_t> torn_bytes(Chain const& chain, std::uint64_t earlier);
    enum class Rotten : std::uint8_t { frame_without_facts, frame_of_facts };
    /// Whether the frame that should be next stands here and has rotted. A disk writes a sector
    /// whole or not at all: a frame that fits into one and is not whole was never torn. Seals and
    /// confirmations hold no facts.   Requires: what stands here is not the next frame.
    /// Errors:   unavailable, corrupt.
    Result<std::optional<Rotten>> rotten(Chain const& chain);
    /// The first byte at or behind `from` that is not zero; the file's end, if there is none.
    /// Errors:   unavailable, corrupt.
    Result<std::uint64_t> first_content(std::uint64_t from);
    /// The end of the last block behind `from` that is not zero; `from`, if there is none.
    /// Errors:   unavailable, corrupt.
    Result<std::uint64_t> end_of_content(std::uint64_t from);
    /// Errors:   unavailable, corrupt.
    Result<Bytes> read(std::uint64_t offset, std::uint64_t bytes);

    std::uint64_t offset() const { return offset_; }
    std::uint64_t size() const { return size_; }
    SegmentFile const& file() const { return *file_; }
    /// "00000000000000000003.seg, offset 8192"
    std::string place(std::uint64_t offset) const;

private:
    /// A whole frame at `offset`, whatever chain it is of.
    Result<std::optional<Frame>> frame_at(std::uint64_t offset);
    Result<void> load(std::uint64_t offset, std::uint64_t bytes);

    std::shared_ptr<SegmentFile const> file_;
    std::uint64_t size_;
    std::uint64_t offset_{0};
    Blocks buffer_;
    std::uint64_t buffered_from_{0};
    std::uint64_t buffered_to_{0};
};

/// A file of zeros in the making: durable under its name, or not there at all.   Thread: one.
class ZeroedFile {
public:
    /// Takes the space.
    /// Errors:   broken.
    static Result<ZeroedFile> begin(ports::Disk& disk, std::string name, std::uint64_t bytes);
    /// Writes `bytes` more. True: it is ready.
    /// Errors:   broken.
    Result<bool> write_some(std::uint64_t bytes);
    std::string const& name() const { return name_; }

private:
    ZeroedFile(ports::Disk& disk, std::unique_ptr<ports::File> file, std::string name,
               std::uint64_t bytes);

    ports::Disk* disk_;
    std::unique_ptr<ports::File> file_;
    std::string name_;
    std::uint64_t bytes_;
    std::uint64_t written_{0};
    Blocks zeros_;
};

/// Makes a file of zeros by writing them.
/// Errors:   broken.
Result<void> prepare_file(ports::Disk& disk, std::string const& name, std::uint64_t bytes);
/// Makes a file of zeros by taking its space.
/// Errors:   broken.
Result<void> reserve_file(ports::Disk& disk, std::string const& name, std::uint64_t bytes);

} // namespace kontor::journal
