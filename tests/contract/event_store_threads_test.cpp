/// The embedded store as a program runs it: the desk, the writer, upkeep and followers on threads
/// of their own. ThreadSanitizer watches.

#include "tests/contract/event_store_words.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/embedded/event_store.hpp"
#include "adapters/memory/disk.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace kontor::contract {
namespace {

using ports::Limit;
using ports::Position;
using ports::StreamVersion;

constexpr std::uint64_t commands = 3'000;
constexpr std::uint64_t streams = 17;

std::string name_of(std::uint64_t number) {
    return "S" + std::to_string(number % streams);
}

class StillClock final : public Clock {
public:
    Instant now() override { return Instant::from_unix_microseconds(1'700'000'000'000'000); }
    Duration monotonic() override { return {}; }
};

void work_until(Agent& agent, std::atomic<bool> const& stop) {
    while (!stop.load(std::memory_order_acquire)) {
        auto const done = agent.do_work({4});
        ASSERT_TRUE(done) << to_string(done.error());
        if (done->items == 0)
            std::this_thread::yield();
    }
}

/// Follows the log to its end and sees each position once, with its bytes.
void follow(ports::EventStore& store, std::atomic<std::uint64_t>& followed) {
    std::uint64_t seen_up_to = 0;
    while (seen_up_to < commands) {
        auto const durable = store.durable().position.value();
        auto const page = store.read_log(Position(seen_up_to), Limit(64));
        ASSERT_TRUE(page) << to_string(page.error());
        for (auto const& event : page->events) {
            ASSERT_EQ(event.position.value(), ++seen_up_to);
            ASSERT_EQ(std::string(event.payload.begin(), event.payload.end()),
                      std::string(seen_up_to % 400, 'x'));
            ASSERT_EQ(event.version.value(), (seen_up_to - 1) / streams + 1);
        }
        ASSERT_GE(store.durable().position.value(), durable);
        if (page->empty())
            std::this_thread::yield();
    }
    followed.fetch_add(1);
}

void read_streams(ports::EventStore& store, std::atomic<bool> const& stop) {
    for (std::uint64_t n = 0; !stop.load(std::memory_order_acquire); ++n) {
        auto const stream = stock(name_of(n));
        auto const page = store.read_stream(stream, StreamVersion(n % 50), Limit(20));
        ASSERT_TRUE(page) << to_string(page.error());
        for (std::size_t at = 0; at < page->events.size(); ++at)
            ASSERT_EQ(page->events[at].version.value(), std::max<std::uint64_t>(n % 50, 1) + at);
    }
}

void run_desk(ports::EventStore& store) {
    for (std::uint64_t n = 1; n <= commands;) {
        auto const batch =
            commit_of(n, {{stock(name_of(n - 1)), std::string(n % 400, 'x')}},
                      ports::ExpectedVersion::exactly(StreamVersion((n - 1) / streams)));
        auto const appended = store.append(batch);
        if (!appended) {
            ASSERT_EQ(appended.error().kind, FailureKind::full) << to_string(appended.error());
            std::this_thread::yield();
            continue;
        }
        ASSERT_TRUE(appended->outcomes[0].accepted);
        ASSERT_EQ(appended->outcomes[0].last.value(), n);
        ++n;
    }
}

TEST(EventStoreThreads, desk_writer_upkeep_and_followers_work_at_once) {
    StillClock clock;
    NoFaults faults;
    memory::Disk disk(1);
    journal::Limits limits;
    limits.segment_bytes = 128U << 10;
    limits.frame_bytes_max = 16U << 10;
    limits.window_bytes = 64U << 10;
    limits.chunk_bytes = 32U << 10;
    limits.pending_bytes_max = 64U << 10;
    limits.live_streams_max = 8;
    limits.padding_percent_max = 1;
    limits.cold_after = Duration::seconds(-1);
    limits.free_bytes_min = 0;
    auto const store =
        embedded::EventStore::open(disk, clock, faults, {limits, {}, Id128(1, 2)}).value();
    std::atomic<bool> stop{false};
    std::atomic<std::uint64_t> followed{0};
    std::thread writer([&] { work_until(store->writer(), stop); });
    std::thread upkeep([&] { work_until(store->upkeep(), stop); });
    std::thread first([&] { follow(*store, followed); });
    std::thread second([&] { follow(*store, followed); });
    std::thread loader([&] { read_streams(*store, stop); });
    run_desk(*store);
    first.join();
    second.join();
    stop = true;
    writer.join();
    upkeep.join();
    loader.join();
    EXPECT_EQ(followed.load(), 2u);
    EXPECT_EQ(store->durable().position.value(), commands);
}

} // namespace
} // namespace kontor::contract
