#pragma once

/// LogUnderTest: the embedded store in a directory, with the threads that a program gives it.

#include "adapters/embedded/disk.hpp"
#include "adapters/embedded/event_store.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"

#include <memory>
#include <string>

namespace kontor::bench {

/// What must not fail in a benchmark: ends the program, saying why.
template <class T>
T must(Result<T> result) {
    KONTOR_ASSERT(result.has_value(), "{}", to_string(result.error()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

class LogUnderTest {
public:
    /// Opens what is in `directory`, or an empty store.
    explicit LogUnderTest(std::string const& directory, embedded::StoreOptions options = {});
    ~LogUnderTest();
    LogUnderTest(LogUnderTest const&) = delete;
    LogUnderTest& operator=(LogUnderTest const&) = delete;

    embedded::EventStore& store() { return *store_; }
    /// Waits until upkeep has the files ready that become the next segments, as it has in a shop
    /// that has been open for a while.
    void make_ready();
    /// Waits until all that was accepted is durable.
    void drain(ports::AppendNumber last);
    /// Ends the threads and seals the log.
    void close();

private:
    std::unique_ptr<embedded::Disk> disk_;
    SystemClock clock_;
    NoFaults faults_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<Runner> writer_;
    std::unique_ptr<Runner> upkeep_;
};

/// An empty store in `directory`, which is cleared first.
std::unique_ptr<LogUnderTest> open_fresh_store(std::string const& directory);

/// Appends a batch whose every commit must be accepted, again while the store is full.
ports::AppendNumber append_in_time(LogUnderTest& log, ports::Batch const& batch);

/// Removes a directory and makes it anew.
std::string fresh_directory(std::string const& path);

/// Lets other threads go on while there is nothing to do.
void wait_a_little();

} // namespace kontor::bench
