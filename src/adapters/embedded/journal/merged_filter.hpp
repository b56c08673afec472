#pragma once

/// MergedFilter: one filter over the streams and commands of several sealed segments that follow
/// each other, so that a search asks few filters however long the log is. Six segments have one,
/// six of those have one again, and so on. A file beside the indexes, derived from them and
/// disposable.
///
/// Thread: any; it never changes.
/// Invariants: 1. What any of its segments may hold, it may hold.
///             2. Its segments are of one lineage.

#include "adapters/embedded/journal/segment_index.hpp"

#include <array>
#include <optional>
#include <span>

namespace kontor::journal {

/// So many filters become one. At most five of each size are left over, so a search asks 30 filters
/// up to 46,656 segments.
inline constexpr std::size_t merged_at_once = 6;

/// "00000000000000000001-00000000000000000006.flt"
std::string merged_name(std::uint64_t first, std::uint64_t last);
/// The last generation in a merged filter's file name; empty for any other name.
std::optional<std::uint64_t> merged_last(std::string_view name);

/// That a merged filter's file is as it was written, whatever segments it is of.
/// Errors:   not_found, corrupt (with the offset), unavailable.
Result<void> check_merged(ports::Disk& disk, std::string const& name);

class MergedFilter {
public:
    /// That of these segments.
    /// Errors:   not_found, corrupt (also: it is of other segments), unavailable.
    static Result<std::shared_ptr<MergedFilter const>>
    load(ports::Disk& disk, std::span<std::shared_ptr<SegmentIndex const> const> segments);

    Id128 lineage() const { return lineage_; }
    std::int64_t newest_stream() const { return newest_stream_; }
    std::int64_t written_at() const { return written_at_; }
    bool may_hold(CommandId command) const;
    bool may_hold_key(Hash128 const& key) const { return streams_.may_hold(key); }
    std::size_t resident_bytes() const {
        return streams_.bytes().size() + commands_.bytes().size();
    }

private:
    Id128 lineage_;
    std::int64_t newest_stream_{0};
    std::int64_t newest_command_{0};
    std::int64_t written_at_{0};
    Filter streams_;
    Filter commands_;
};

/// Makes a merged filter, one segment's keys at a time.   Thread: one.
class FilterMerge {
public:
    explicit FilterMerge(std::vector<std::shared_ptr<SegmentIndex const>> segments);

    /// Takes the keys of another segment. True: the file is there, durable.
    /// Errors:   corrupt (an index), unavailable, broken.
    Result<bool> step(ports::Disk& disk);
    std::uint64_t first() const { return segments_.front()->facts().generation; }
    std::span<std::shared_ptr<SegmentIndex const> const> segments() const { return segments_; }

private:
    Result<void> write(ports::Disk& disk) const;

    std::vector<std::shared_ptr<SegmentIndex const>> segments_;
    std::size_t next_{0};
    Filter streams_;
    Filter commands_;
};

} // namespace kontor::journal
