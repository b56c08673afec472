#include "adapters/prometheus/exposition.hpp"

#include "base/assert.hpp"

#include <limits>
#include <prometheus/text_serializer.h>

namespace kontor::prometheus {
namespace {

::prometheus::MetricType type_of(telemetry::Kind kind) {
    switch (kind) {
    case telemetry::Kind::counter: return ::prometheus::MetricType::Counter;
    case telemetry::Kind::gauge: return ::prometheus::MetricType::Gauge;
    case telemetry::Kind::histogram: return ::prometheus::MetricType::Histogram;
    }
    KONTOR_UNREACHABLE();
}

::prometheus::ClientMetric metric_of(telemetry::Family const& family,
                                     telemetry::Sample const& sample) {
    ::prometheus::ClientMetric metric;
    for (auto const& label : sample.labels)
        metric.label.push_back({label.name, label.value});
    switch (family.kind) {
    case telemetry::Kind::counter: metric.counter.value = sample.value; return metric;
    case telemetry::Kind::gauge: metric.gauge.value = sample.value; return metric;
    case telemetry::Kind::histogram:
        metric.histogram.sample_count = sample.count;
        metric.histogram.sample_sum = sample.value;
        for (std::size_t i = 0; i < sample.cumulative.size(); ++i)
            metric.histogram.bucket.push_back({sample.cumulative[i], family.bounds[i]});
        metric.histogram.bucket.push_back({sample.count, std::numeric_limits<double>::infinity()});
        return metric;
    }
    KONTOR_UNREACHABLE();
}

} // namespace

std::string exposition(std::vector<telemetry::Family> const& families) {
    std::vector<::prometheus::MetricFamily> shown;
    for (auto const& family : families) {
        auto& into = shown.emplace_back();
        into.name = family.name;
        into.help = family.help;
        into.type = type_of(family.kind);
        for (auto const& sample : family.samples)
            into.metric.push_back(metric_of(family, sample));
    }
    return ::prometheus::TextSerializer().Serialize(shown);
}

} // namespace kontor::prometheus
