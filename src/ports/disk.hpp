#pragma once

/// Disk: one directory of files, and all that the journal asks of it. Real, simulated and failing
/// disks stand behind it, so that every step between two calls can be the last one of a process.
///
/// Everything moves in whole blocks: offsets, lengths and the addresses of buffers are multiples of
/// `disk_block_bytes`, because direct I/O wants it so. A short write is an error.
/// Names are plain file names without a folder.

#include "base/describe.hpp"
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::ports {

inline constexpr std::size_t disk_block_bytes = 4096;

/// What a disk keeps of a synced write when the power fails, as far as its file system says.
enum class Durability : std::uint8_t {
    durable,  ///< keeps it, if the device honours flush
    unproven, ///< nobody here has tried
    volatile_ ///< keeps nothing: RAM
};
BOOST_DESCRIBE_ENUM(Durability, durable, unproven, volatile_)

struct DiskState {
    Durability durability;
    bool is_direct; ///< writes bypass the page cache
    std::uint64_t bytes_free;
    std::uint64_t bytes_total;
    std::string file_system; ///< as a person knows it: "ext4"
};

/// What a file is opened for.
enum class FileUse : std::uint8_t {
    read,         ///< an existing file
    log,          ///< an existing file of fixed size; every write is durable when it returns
    create,       ///< a new file, emptied if it is there; its writes are durable after `sync`
    lock,         ///< a file that one process may hold; made if missing, held until it is closed
    lock_as_it_is ///< the same for who may change nothing: one that is there
};

class File {
public:
    virtual ~File() = default;

    /// Writes all of `blocks` at `offset`.
    /// Errors:   broken; then any part of it may stand.
    /// Thread:   one writer; others may read other blocks.
    virtual Result<void> write(std::uint64_t offset, std::span<std::uint8_t const> blocks) = 0;

    /// Fills `blocks` from `offset`.
    /// Errors:   unavailable, corrupt (the file ends before).   Thread: any.
    virtual Result<void> read(std::uint64_t offset, std::span<std::uint8_t> blocks) = 0;

    /// Makes the file so long and takes the space for it. What was never written reads as zeros,
    /// and its first write costs more than one over bytes that were written before. Durable after
    /// `sync`.
    /// Errors:   broken (also: the disk has no such space).   Thread: the writer's.
    virtual Result<void> reserve(std::uint64_t bytes) = 0;

    /// Makes what was written durable, length included. Never to be tried again after it failed.
    /// Errors:   broken.   Thread: the writer's.
    virtual Result<void> sync() = 0;

    /// Units: bytes.   Thread: any.
    virtual std::uint64_t size() const = 0;
};

class Disk {
public:
    virtual ~Disk() = default;

    /// Errors:   not_found, unavailable (also: another process holds the lock), broken.
    /// Thread:   any.
    virtual Result<std::unique_ptr<File>> open(std::string_view name, FileUse use) = 0;

    /// Replaces `to` if it exists. Durable after sync_directory.
    /// Errors:   not_found, broken.   Thread: any.
    virtual Result<void> rename(std::string_view from, std::string_view to) = 0;

    /// Removes a file; one that is not there is no error. Durable after sync_directory.
    /// Errors:   broken.   Thread: any.
    virtual Result<void> remove(std::string_view name) = 0;

    /// All file names, sorted.
    /// Errors:   unavailable.   Thread: any.
    virtual Result<std::vector<std::string>> list() = 0;

    /// Makes created, renamed and removed names durable.
    /// Errors:   broken.   Thread: any.
    virtual Result<void> sync_directory() = 0;

    /// Errors:   unavailable.   Thread: any.
    virtual Result<DiskState> state() = 0;
};

} // namespace kontor::ports
