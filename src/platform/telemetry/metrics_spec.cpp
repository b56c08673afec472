#include "platform/telemetry/latencies.hpp"
#include "platform/telemetry/metrics.hpp"

#include <gtest/gtest.h>

namespace kontor::telemetry {
namespace {

TEST(Metrics, instruments_of_one_name_and_label_are_added_up_and_others_stand_apart) {
    Metrics metrics;
    metrics.counter("kontor_things_total", "Things.", {{"kind", "a"}}).add(2);
    metrics.counter("kontor_things_total", "Things.", {{"kind", "a"}}).add(3);
    metrics.counter("kontor_things_total", "Things.", {{"kind", "b"}}).add();
    auto const families = metrics.read();
    ASSERT_EQ(families.size(), 1u);
    ASSERT_EQ(families[0].samples.size(), 2u);
    EXPECT_EQ(families[0].samples[0].value, 5);
    EXPECT_EQ(families[0].samples[1].value, 1);
}

TEST(Metrics, a_histogram_counts_what_took_no_longer_than_each_bound) {
    Metrics metrics;
    auto& histogram = metrics.histogram("kontor_wait_seconds", "Waiting.");
    for (auto const us : {40, 90, 900, 4'900'000})
        histogram.record(Duration::microseconds(us));
    histogram.record(Duration::days(30));
    auto const sample = metrics.read()[0].samples[0];
    EXPECT_EQ(sample.count, 5u);
    EXPECT_EQ(sample.cumulative.front(), 2u);
    EXPECT_EQ(sample.cumulative[3], 3u) << "a millisecond";
    EXPECT_EQ(sample.cumulative.back(), 4u) << "ten seconds";
}

TEST(Metrics, sizes_are_counted_in_bytes) {
    Metrics metrics;
    auto& sizes = metrics.sizes("kontor_batch_bytes", "Batches.");
    for (auto const bytes : {100, 4096, 5000, 20'000'000})
        sizes.record_bytes(static_cast<std::uint64_t>(bytes));
    auto const family = metrics.read()[0];
    auto const sample = family.samples[0];
    EXPECT_EQ(sample.value, 20'009'196);
    ASSERT_EQ(sample.cumulative.size(), family.bounds.size());
    EXPECT_EQ(family.bounds[1], 16'384);
    EXPECT_EQ(sample.cumulative[1], 3u);
    EXPECT_EQ(sample.cumulative.back(), 3u);
    EXPECT_EQ(sample.count, 4u);
}

TEST(Metrics, what_others_count_is_asked_when_somebody_reads) {
    Metrics metrics;
    double counted = 3;
    metrics.counters("kontor_things_total", "Things.", [&] {
        return std::vector{Sample{{{"kind", "a"}}, counted}, Sample{{{"kind", "b"}}, 1}};
    });
    counted = 4;
    auto const family = metrics.read()[0];
    EXPECT_EQ(family.kind, Kind::counter);
    ASSERT_EQ(family.samples.size(), 2u);
    EXPECT_EQ(family.samples[0].value, 4);
}

TEST(Metrics, each_value_falls_into_a_bucket_that_ends_beyond_it_by_little) {
    using Buckets = Histogram::Buckets;
    for (std::uint64_t us = 0; us < 5'000'000; us = us * 21 / 20 + 1) {
        auto const bucket = Buckets::bucket_of(us);
        EXPECT_GT(Buckets::end_of(bucket), us);
        EXPECT_LE(Buckets::end_of(bucket), us + us / Buckets::sub_count + 1);
    }
    EXPECT_EQ(Buckets::bucket_of(~std::uint64_t{0}), Buckets::count - 1);
}

TEST(Latencies, a_percentile_is_what_so_many_did_not_exceed_to_one_percent) {
    Latencies latencies;
    EXPECT_EQ(latencies.percentile(50), Duration());
    for (int us = 1; us <= 100'000; ++us)
        latencies.record(Duration::microseconds(us));
    for (auto const percent : {1.0, 50.0, 99.0, 99.9}) {
        auto const exact = percent * 1'000;
        auto const told = static_cast<double>(latencies.percentile(percent).in_microseconds());
        EXPECT_GE(told, exact) << percent;
        EXPECT_LE(told, exact * 1.01 + 1) << percent;
    }
    EXPECT_EQ(latencies.percentile(100), Duration::microseconds(100'000));
    EXPECT_EQ(latencies.longest(), Duration::microseconds(100'000));
}

TEST(Metrics, a_gauge_is_asked_when_somebody_reads) {
    Metrics metrics;
    double depth = 1;
    metrics.gauge("kontor_inbox_depth", "Waiting.", {}, [&] { return depth; });
    depth = 7;
    EXPECT_EQ(metrics.read()[0].samples[0].value, 7);
}

} // namespace
} // namespace kontor::telemetry
