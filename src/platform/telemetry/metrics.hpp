#pragma once

/// Metrics: what the program counts about itself. A hot path pays one store for an event: each
/// instrument has one writer, and whoever asks adds up. Names follow `kontor_<area>_<noun>_<unit>`.
/// Thread: instruments are made before the threads start; each is written by one thread and read by
/// any.
/// Source: RELIABILITY section 11; ARCHITECTURE D11.
///
/// Invariants: 1. A counter never runs back.
///             2. Instruments of one name and one set of labels are added up when they are read.

#include "base/instant.hpp"
#include "platform/telemetry/buckets.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::telemetry {

class Counter {
public:
    /// Thread: the writer's.
    void add(std::uint64_t n = 1) {
        value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
    }
    /// For what somebody else counts already.   Thread: the writer's.
    void set_total(std::uint64_t total) { value_.store(total, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_{0};
};

/// Durations, or sizes, with a relative error under 7 %.
class Histogram {
public:
    using Buckets = telemetry::Buckets<4>; ///< of microseconds, or bytes

    /// Thread: the writer's.
    void record(Duration took) {
        record_number(
            static_cast<std::uint64_t>(took.in_microseconds() < 0 ? 0 : took.in_microseconds()));
    }
    /// Thread: the writer's.
    void record_bytes(std::uint64_t bytes) { record_number(bytes); }

    /// Everything that was recorded so far.   Thread: any.
    std::uint64_t count_in(std::size_t bucket) const { return counts_[bucket].value(); }
    std::uint64_t sum() const { return sum_.value(); }

private:
    void record_number(std::uint64_t number) {
        counts_[Buckets::bucket_of(number)].add();
        sum_.add(number);
    }

    std::array<Counter, Buckets::count> counts_{};
    Counter sum_{};
};

struct Label {
    std::string name;
    std::string value;
    friend auto operator<=>(Label const&, Label const&) = default;
};

enum class Kind : std::uint8_t { counter, gauge, histogram };

/// One line of a metric, or one histogram.
struct Sample {
    std::vector<Label> labels{};
    double value{0};
    std::vector<std::uint64_t> cumulative{}; ///< of a histogram: counts up to each bound
    std::uint64_t count{0};
};

/// Upper bounds of the buckets that are shown, in seconds.
inline constexpr std::array shown_bounds{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                         0.05,   0.1,     0.25,   0.5,   1.0,    2.5,   5.0,  10.0};
/// Likewise in bytes, from a page to what one write may be.
inline constexpr std::array shown_sizes{4096.0,    16384.0,   65536.0,   262144.0,
                                        1048576.0, 4194304.0, 16777216.0};

struct Family {
    std::string name;
    std::string help;
    Kind kind;
    std::span<double const> bounds{shown_bounds}; ///< of a histogram
    std::vector<Sample> samples{};
};

class Metrics {
public:
    Counter& counter(std::string_view name, std::string_view help, std::vector<Label> labels = {});
    /// Seconds are shown; the name ends in `_seconds`.
    Histogram& histogram(std::string_view name, std::string_view help,
                         std::vector<Label> labels = {});
    /// Bytes are shown; the name ends in `_bytes`.
    Histogram& sizes(std::string_view name, std::string_view help, std::vector<Label> labels = {});
    /// Asked whenever somebody reads, on the reader's thread.
    void gauge(std::string_view name, std::string_view help, std::vector<Label> labels,
               std::function<double()> value);
    /// Several lines at once, for what has its names from elsewhere.
    void gauges(std::string_view name, std::string_view help,
                std::function<std::vector<Sample>()> values);
    /// Likewise, of what somebody else counts; never less than before.
    void counters(std::string_view name, std::string_view help,
                  std::function<std::vector<Sample>()> values);
    /// Likewise, of times that somebody else sorts by `shown_bounds`.
    void histograms(std::string_view name, std::string_view help,
                    std::function<std::vector<Sample>()> values);

    /// In the sequence in which their names were first given.   Thread: any, one at a time.
    std::vector<Family> read() const;

private:
    struct Instrument {
        std::size_t family;
        std::vector<Label> labels;
        Counter const* counter{nullptr};
        Histogram const* histogram{nullptr};
        std::function<std::vector<Sample>()> asked{};
    };
    std::size_t family(std::string_view name, std::string_view help, Kind kind);
    void ask(std::size_t family, std::function<std::vector<Sample>()> values);

    std::vector<Family> families_; ///< without samples
    std::vector<Instrument> instruments_;
    std::deque<Counter> counters_;
    std::deque<Histogram> histograms_;
};

} // namespace kontor::telemetry
