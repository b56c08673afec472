#include "bench/floors.hpp"

#include "base/random.hpp"
#include "base/spsc_ring.hpp"
#include "bench/zipf.hpp"
#include "domain/values/id128.hpp"
#include "platform/proofs/sha256.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <thread>
#include <unistd.h>
#include <vector>

namespace kontor::bench {
namespace {

constexpr std::size_t file_bytes = std::size_t{256} << 20;
constexpr std::size_t megabyte = std::size_t{1} << 20;

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct FreeAligned {
    void operator()(void* memory) const { std::free(memory); }
};
using AlignedBlock = std::unique_ptr<unsigned char, FreeAligned>;

AlignedBlock aligned_block(std::size_t bytes) {
    AlignedBlock block(static_cast<unsigned char*>(std::aligned_alloc(4096, bytes)));
    std::memset(block.get(), 0x5a, bytes);
    return block;
}

/// Calls `write` until the time is up or it fails.
template <class Write>
WriteFloor time_writes(std::size_t block_bytes, double seconds, Write const& write) {
    std::vector<double> latencies;
    auto const start = std::chrono::steady_clock::now();
    while (seconds_since(start) < seconds) {
        auto const before = std::chrono::steady_clock::now();
        if (!write())
            break;
        latencies.push_back(seconds_since(before) * 1e6);
    }
    auto const elapsed = seconds_since(start);
    std::sort(latencies.begin(), latencies.end());
    auto const count = latencies.size();
    if (count == 0)
        return {0, 0, 0, 0, 0, true};
    auto const rate = static_cast<double>(count) / elapsed;
    return {rate,
            latencies[count / 2],
            latencies[count * 99 / 100],
            latencies[count * 999 / 1000],
            rate * static_cast<double>(block_bytes),
            true};
}

/// Calls `some`, which says how often it did what is measured, until the time is up. Nanoseconds
/// each.
template <class Some>
double nanoseconds_each(double seconds, Some const& some) {
    std::uint64_t done = 0;
    auto const start = std::chrono::steady_clock::now();
    while (seconds_since(start) < seconds)
        done += some();
    return seconds_since(start) * 1e9 / static_cast<double>(done);
}

/// What was computed is wanted: no compiler may leave it out.
void keep(std::uint64_t value) {
    static std::atomic<std::uint64_t> kept;
    kept.store(value, std::memory_order_relaxed);
}

} // namespace

WriteFloorFile::WriteFloorFile(std::string const& directory)
    : path_(directory + "/kontor-floor.tmp") {
    auto const block = aligned_block(megabyte);
    auto const file = ::open(path_.c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC, 0600);
    for (std::size_t at = 0; at < file_bytes; at += megabyte)
        if (::pwrite(file, block.get(), megabyte, static_cast<off_t>(at)) < 0)
            break;
    ::fsync(file);
    ::close(file);
    descriptor_ = ::open(path_.c_str(), O_RDWR | O_DIRECT | O_DSYNC | O_CLOEXEC);
    direct_ = descriptor_ >= 0;
    if (!direct_)
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_DSYNC | O_CLOEXEC);
}

WriteFloorFile::~WriteFloorFile() {
    ::close(descriptor_);
    ::unlink(path_.c_str());
}

WriteFloor WriteFloorFile::measure(std::size_t block_bytes, double seconds) {
    auto const block = aligned_block(block_bytes);
    auto floor = time_writes(block_bytes, seconds, [&] {
        auto const at = static_cast<off_t>(at_ - at_ % 4096);
        at_ = (at_ + block_bytes) % (file_bytes - block_bytes);
        return ::pwrite(descriptor_, block.get(), block_bytes, at) >= 0;
    });
    floor.direct = direct_;
    return floor;
}

WriteFloor measure_write_floor(std::string const& directory, std::size_t block_bytes,
                               double seconds) {
    return WriteFloorFile(directory).measure(block_bytes, seconds);
}

WriteFloor measure_growing_floor(std::string const& directory, Unprepared how, double seconds) {
    constexpr std::size_t block_bytes = 4096;
    auto const path = directory + "/kontor-floor.tmp";
    auto const flags = how == Unprepared::direct ? O_DIRECT | O_DSYNC : 0;
    auto const file = ::open(path.c_str(), O_CREAT | O_RDWR | O_TRUNC | O_CLOEXEC | flags, 0600);
    auto const block = aligned_block(block_bytes);
    off_t at = 0;
    auto const floor = time_writes(block_bytes, seconds, [&] {
        at += block_bytes;
        return ::pwrite(file, block.get(), block_bytes, at) >= 0 &&
               (how == Unprepared::direct || ::fdatasync(file) == 0);
    });
    ::close(file);
    ::unlink(path.c_str());
    return floor;
}

double measure_ring_floor(double seconds) {
    SpscRing<std::uint64_t> ring(4096);
    std::atomic<bool> stop{false};
    std::uint64_t popped = 0;
    std::thread consumer([&] {
        while (!stop.load(std::memory_order_relaxed))
            while (ring.try_pop())
                ++popped;
    });
    auto const start = std::chrono::steady_clock::now();
    while (seconds_since(start) < seconds)
        for (std::uint64_t i = 0; i < 64;)
            i += ring.try_push(std::uint64_t{i}) ? 1 : 0;
    auto const elapsed = seconds_since(start);
    stop = true;
    consumer.join();
    return static_cast<double>(popped) / elapsed;
}

double measure_round_trip_floor(double seconds) {
    SpscRing<std::uint64_t> there(64);
    SpscRing<std::uint64_t> back(64);
    std::atomic<bool> stop{false};
    std::thread other([&] {
        while (!stop.load(std::memory_order_relaxed))
            if (auto item = there.try_pop())
                while (!back.try_push(std::uint64_t{*item})) {
                }
    });
    auto const each = nanoseconds_each(seconds, [&] {
        while (!there.try_push(1)) {
        }
        while (!back.try_pop()) {
        }
        return 1U;
    });
    stop = true;
    other.join();
    return each;
}

namespace {

constexpr std::size_t entries = 1'000'000;
using Table = boost::unordered_flat_map<Id128, std::uint64_t, std::hash<Id128>>;

std::vector<Id128> many_keys() {
    Random random(5);
    std::vector<Id128> keys;
    for (std::size_t i = 0; i < entries; ++i)
        keys.emplace_back(random.next(), random.next());
    return keys;
}

Table table_of(std::vector<Id128> const& keys) {
    Table table;
    for (auto const& key : keys)
        table.emplace(key, 1);
    return table;
}

double measure_find(Table const& table, std::vector<Id128> const& keys, double seconds) {
    Random random(6);
    std::uint64_t sum = 0;
    auto const each = nanoseconds_each(seconds, [&] {
        for (int i = 0; i < 1000; ++i)
            sum += table.find(keys[random.below(entries)])->second;
        return 1000U;
    });
    keep(sum);
    return each;
}

} // namespace

double measure_hash_floor(double seconds) {
    auto const keys = many_keys();
    return measure_find(table_of(keys), keys, seconds);
}

MemoryFloor measure_memory_floor(double seconds) {
    auto const keys = many_keys();
    Zipf zipf(entries, 0.99, 7);
    std::vector<std::size_t> drawn(entries);
    for (auto& number : drawn)
        number = zipf.draw();
    auto table = table_of(keys);
    std::vector<std::uint64_t> numbers(entries);
    MemoryFloor floor{};
    floor.find = measure_find(table, keys, seconds);
    floor.insert = nanoseconds_each(seconds, [&] { return table_of(keys).size(); });
    floor.update_by_key = nanoseconds_each(seconds, [&] {
        for (auto const number : drawn)
            ++table.find(keys[number])->second;
        return drawn.size();
    });
    floor.update_by_number = nanoseconds_each(seconds, [&] {
        for (auto const number : drawn)
            ++numbers[number];
        return drawn.size();
    });
    keep(table.begin()->second + numbers.front());
    return floor;
}

double measure_read_floor(std::string const& directory, double seconds) {
    WriteFloorFile const file(directory);
    auto const block = aligned_block(megabyte);
    double bytes = 0;
    auto const start = std::chrono::steady_clock::now();
    for (std::size_t at = 0; seconds_since(start) < seconds; at = (at + megabyte) % file_bytes) {
        auto const read = ::pread(file.descriptor(), block.get(), megabyte, static_cast<off_t>(at));
        if (read <= 0)
            break;
        bytes += static_cast<double>(read);
    }
    return bytes / seconds_since(start);
}

double measure_checksum_floor(double seconds) {
    std::vector<unsigned char> from(megabyte, 7);
    std::vector<unsigned char> to(megabyte);
    std::uint64_t sum = 0;
    auto const each = nanoseconds_each(seconds, [&] {
        for (std::size_t at = 0; at + 300 <= megabyte; at += 300) {
            std::memcpy(to.data() + at, from.data() + at, 300);
            sum += XXH3_128bits(to.data() + at, 300).low64;
        }
        return megabyte / 300;
    });
    keep(sum);
    return each;
}

double measure_digest_floor(std::size_t bytes, double seconds) {
    std::vector<std::uint8_t> const from(bytes, 7);
    proofs::Sha256 sha;
    std::uint64_t sum = 0;
    auto const each = nanoseconds_each(seconds, [&] {
        sha.begin();
        sha.add(from);
        sum += sha.end().front();
        return 1U;
    });
    keep(sum);
    return each;
}

} // namespace kontor::bench
