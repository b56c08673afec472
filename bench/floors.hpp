#pragma once

/// Floors: what the machine gives without us, measured in the same minutes on the same disk. A
/// result is worth as much as its share of the floor. Source: PERFORMANCE section 1.

#include <string>

namespace kontor::bench {

/// F1. Synced direct writes at depth 1 into a pre-written file.
/// Units: writes a second, and microseconds.
struct WriteFloor {
    double writes_per_second;
    double p50_us;
    double p99_us;
    double p999_us;
    double bytes_per_second;
    bool direct; ///< false: the file system refused O_DIRECT, and the run counts as buffered
};

/// The file that F1 is measured on, kept so that the floor can be read again between rounds.
class WriteFloorFile {
public:
    /// Writes 256 MiB once; removed at the end.
    explicit WriteFloorFile(std::string const& directory);
    ~WriteFloorFile();
    WriteFloorFile(WriteFloorFile const&) = delete;
    WriteFloorFile& operator=(WriteFloorFile const&) = delete;

    /// Requires: blocks of whole 4 KiB.
    WriteFloor measure(std::size_t block_bytes, double seconds);

    int descriptor() const { return descriptor_; }

private:
    std::string path_;
    int descriptor_{-1};
    bool direct_{false};
    std::size_t at_{0};
};

/// F1 on a file made for this reading alone.
WriteFloor measure_write_floor(std::string const& directory, std::size_t block_bytes,
                               double seconds);

/// What a log would cost that is not written ahead.
enum class Unprepared : unsigned char {
    direct,  ///< direct synced writes into blocks that the file did not have yet
    buffered ///< through the page cache, fdatasync behind each
};

/// F1 for contrast: 4 KiB at a time at the end of a growing file.
WriteFloor measure_growing_floor(std::string const& directory, Unprepared how, double seconds);

/// F4. Items a second through a bounded ring between two threads, pushed in runs of 64.
double measure_ring_floor(double seconds);
/// F4. Nanoseconds from one thread to another and back.
double measure_round_trip_floor(double seconds);

/// F5. Nanoseconds to find an entry by a 16-byte key in a hash table of a million, keys drawn
/// uniformly.
double measure_hash_floor(double seconds);

/// F5. Nanoseconds of one step, a million entries in the table.
struct MemoryFloor {
    double find;
    double insert;           ///< into a table that grows from empty
    double update_by_key;    ///< keys by Zipf 0.99
    double update_by_number; ///< in an array, numbers by the same Zipf
};
MemoryFloor measure_memory_floor(double seconds);

/// F7. Bytes a second of cold 1 MiB direct reads of a file, depth 1.
double measure_read_floor(std::string const& directory, double seconds);

/// F8. Nanoseconds to copy and checksum 300 bytes with XXH3-128.
double measure_checksum_floor(double seconds);
/// F8. Nanoseconds to hash so many bytes with SHA-256.
double measure_digest_floor(std::size_t bytes, double seconds);

} // namespace kontor::bench
