#include "adapters/prometheus/exposition.hpp"

#include <gtest/gtest.h>

namespace kontor::prometheus {
namespace {

TEST(Exposition, counters_and_gauges_and_histograms_are_written_as_prometheus_reads_them) {
    telemetry::Metrics metrics;
    metrics.counter("kontor_orders_total", "Orders placed.", {{"channel", "a\"b"}}).add(3);
    metrics.gauge("kontor_inbox_depth", "Requests that wait.", {}, [] { return 2.0; });
    metrics.histogram("kontor_answer_seconds", "Time to an answer.")
        .record(Duration::microseconds(700));
    auto const text = exposition(metrics.read());
    EXPECT_NE(text.find("# TYPE kontor_orders_total counter"), std::string::npos) << text;
    EXPECT_NE(text.find("kontor_orders_total{channel=\"a\\\"b\"} 3"), std::string::npos) << text;
    EXPECT_NE(text.find("kontor_inbox_depth 2"), std::string::npos) << text;
    EXPECT_NE(text.find("kontor_answer_seconds_bucket{le=\"0.001\"} 1"), std::string::npos) << text;
    EXPECT_NE(text.find("kontor_answer_seconds_bucket{le=\"+Inf\"} 1"), std::string::npos) << text;
    EXPECT_NE(text.find("kontor_answer_seconds_count 1"), std::string::npos) << text;
}

} // namespace
} // namespace kontor::prometheus
