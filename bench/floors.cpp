#include "bench/floors.hpp"

#include "base/random.hpp"
#include "base/spsc_ring.hpp"
#include "domain/values/id128.hpp"

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
    std::vector<double> latencies;
    auto const start = std::chrono::steady_clock::now();
    for (; seconds_since(start) < seconds; at_ = (at_ + block_bytes) % (file_bytes - block_bytes)) {
        auto const before = std::chrono::steady_clock::now();
        if (::pwrite(descriptor_, block.get(), block_bytes, static_cast<off_t>(at_ - at_ % 4096)) <
            0)
            break;
        latencies.push_back(seconds_since(before) * 1e6);
    }
    auto const elapsed = seconds_since(start);
    std::sort(latencies.begin(), latencies.end());
    auto const count = latencies.size();
    if (count == 0)
        return {0, 0, 0, 0, direct_};
    auto const rate = static_cast<double>(count) / elapsed;
    return {rate, latencies[count / 2], latencies[count * 99 / 100],
            rate * static_cast<double>(block_bytes), direct_};
}

WriteFloor measure_write_floor(std::string const& directory, std::size_t block_bytes,
                               double seconds) {
    return WriteFloorFile(directory).measure(block_bytes, seconds);
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

double measure_hash_floor(double seconds) {
    constexpr std::size_t entries = 1'000'000;
    Random random(5);
    boost::unordered_flat_map<Id128, std::uint64_t, std::hash<Id128>> table;
    std::vector<Id128> keys;
    for (std::size_t i = 0; i < entries; ++i) {
        keys.emplace_back(random.next(), random.next());
        table.emplace(keys.back(), i);
    }
    std::uint64_t sum = 0;
    std::uint64_t found = 0;
    auto const start = std::chrono::steady_clock::now();
    while (seconds_since(start) < seconds)
        for (int i = 0; i < 1000; ++i, ++found)
            sum += table.find(keys[random.below(entries)])->second;
    auto const elapsed = seconds_since(start);
    return sum == 0 ? 0 : elapsed * 1e9 / static_cast<double>(found);
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
    std::uint64_t done = 0;
    auto const start = std::chrono::steady_clock::now();
    while (seconds_since(start) < seconds)
        for (std::size_t at = 0; at + 300 <= megabyte; at += 300, ++done) {
            std::memcpy(to.data() + at, from.data() + at, 300);
            sum += XXH3_128bits(to.data() + at, 300).low64;
        }
    auto const elapsed = seconds_since(start);
    return sum == 0 ? 0 : elapsed * 1e9 / static_cast<double>(done);
}

} // namespace kontor::bench
