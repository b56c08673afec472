#include "bench/stores.hpp"

#include "adapters/embedded/journal/limits.hpp"
#include "adapters/embedded/journal/segment.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>

namespace kontor::bench {

LogUnderTest::LogUnderTest(std::string const& directory, embedded::StoreOptions options) {
    disk_ = must(embedded::Disk::open(directory));
    store_ = must(embedded::EventStore::open(*disk_, clock_, faults_, std::move(options)));
    auto const fail = [](Failure const& failure) {
        KONTOR_ASSERT(false, "the log ended: {}", to_string(failure));
    };
    writer_ = std::make_unique<Runner>(store_->writer(), IdleStrategy{}, fail);
    upkeep_ = std::make_unique<Runner>(store_->upkeep(), IdleStrategy{1}, fail);
}

LogUnderTest::~LogUnderTest() {
    writer_.reset();
    upkeep_.reset();
}

void LogUnderTest::make_ready() {
    journal::Limits const limits;
    auto const has = [this](auto const& number_of, std::size_t wanted) {
        auto const names = must(disk_->list());
        return static_cast<std::size_t>(std::ranges::count_if(names, [&](std::string const& name) {
                   return number_of(name).has_value();
               })) >= wanted;
    };
    constexpr auto look_every = std::chrono::milliseconds(20);
    constexpr int looks_max = 3'000; // a minute: the disk may have no room for them
    for (int looks = 0; looks < looks_max && (!has(journal::spare_number, limits.spares) ||
                                              !has(journal::reserve_number, limits.reserves));
         ++looks)
        std::this_thread::sleep_for(look_every);
}

void LogUnderTest::drain(ports::AppendNumber last) {
    while (store_->durable().append < last)
        wait_a_little();
}

void LogUnderTest::close() {
    writer_.reset();
    upkeep_.reset();
    must(store_->close());
}

std::unique_ptr<LogUnderTest> open_fresh_store(std::string const& directory) {
    return std::make_unique<LogUnderTest>(fresh_directory(directory));
}

ports::AppendNumber append_in_time(LogUnderTest& log, ports::Batch const& batch) {
    for (;;) {
        auto const appended = log.store().append(batch);
        if (appended) {
            for (auto const& outcome : appended->outcomes)
                KONTOR_ASSERT(outcome.accepted, "an append of the only writer was refused");
            return appended->append;
        }
        KONTOR_ASSERT(appended.error().kind == FailureKind::full, "{}",
                      to_string(appended.error()));
        wait_a_little();
    }
}

std::string fresh_directory(std::string const& path) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    return path;
}

void wait_a_little() {
    std::this_thread::yield();
}

} // namespace kontor::bench
