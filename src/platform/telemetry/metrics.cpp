#include "platform/telemetry/metrics.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <utility>

namespace kontor::telemetry {
namespace {

using Buckets = Histogram::Buckets;

/// `unit`: so much of what was recorded is one of what is shown.
Sample read_histogram(Histogram const& histogram, std::span<double const> bounds, double unit,
                      std::vector<Label> labels) {
    Sample sample{std::move(labels), static_cast<double>(histogram.sum()) / unit, {}, 0};
    std::size_t bucket = 0;
    for (auto const bound : bounds) {
        auto const recorded = static_cast<std::uint64_t>(bound * unit + 0.5);
        for (; bucket < Buckets::count && Buckets::end_of(bucket) <= recorded + 1; ++bucket)
            sample.count += histogram.count_in(bucket);
        sample.cumulative.push_back(sample.count);
    }
    for (; bucket < Buckets::count; ++bucket)
        sample.count += histogram.count_in(bucket);
    return sample;
}

void add_up(Sample& into, Sample const& other) {
    into.value += other.value;
    into.count += other.count;
    for (std::size_t i = 0; i < other.cumulative.size(); ++i)
        into.cumulative[i] += other.cumulative[i];
}

} // namespace

std::size_t Metrics::family(std::string_view name, std::string_view help, Kind kind) {
    auto const found = std::ranges::find(families_, name, &Family::name);
    if (found != families_.end()) {
        KONTOR_ASSERT(found->kind == kind, "{} is a metric of two kinds", name);
        return static_cast<std::size_t>(found - families_.begin());
    }
    families_.push_back({std::string(name), std::string(help), kind});
    return families_.size() - 1;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, std::vector<Label> labels) {
    KONTOR_ASSERT(name.ends_with("_total"), "the name of a counter ends in _total: {}", name);
    auto const index = family(name, help, Kind::counter);
    auto& made = counters_.emplace_back();
    instruments_.push_back({index, std::move(labels), &made});
    return made;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help,
                              std::vector<Label> labels) {
    KONTOR_ASSERT(name.ends_with("_seconds"), "durations are shown in seconds: {}", name);
    auto const index = family(name, help, Kind::histogram);
    auto& made = histograms_.emplace_back();
    instruments_.push_back({index, std::move(labels), nullptr, &made});
    return made;
}

Histogram& Metrics::sizes(std::string_view name, std::string_view help, std::vector<Label> labels) {
    KONTOR_ASSERT(name.ends_with("_bytes"), "sizes are shown in bytes: {}", name);
    auto const index = family(name, help, Kind::histogram);
    families_[index].bounds = shown_sizes;
    auto& made = histograms_.emplace_back();
    instruments_.push_back({index, std::move(labels), nullptr, &made});
    return made;
}

void Metrics::gauge(std::string_view name, std::string_view help, std::vector<Label> labels,
                    std::function<double()> value) {
    gauges(name, help, [labels = std::move(labels), value = std::move(value)] {
        return std::vector{Sample{labels, value()}};
    });
}

void Metrics::gauges(std::string_view name, std::string_view help,
                     std::function<std::vector<Sample>()> values) {
    ask(family(name, help, Kind::gauge), std::move(values));
}

void Metrics::counters(std::string_view name, std::string_view help,
                       std::function<std::vector<Sample>()> values) {
    KONTOR_ASSERT(name.ends_with("_total"), "the name of a counter ends in _total: {}", name);
    ask(family(name, help, Kind::counter), std::move(values));
}

void Metrics::histograms(std::string_view name, std::string_view help,
                         std::function<std::vector<Sample>()> values) {
    KONTOR_ASSERT(name.ends_with("_seconds"), "durations are shown in seconds: {}", name);
    ask(family(name, help, Kind::histogram), std::move(values));
}

void Metrics::ask(std::size_t family, std::function<std::vector<Sample>()> values) {
    instruments_.push_back({family, {}, nullptr, nullptr, std::move(values)});
}

std::vector<Family> Metrics::read() const {
    auto families = families_;
    auto const put = [&](std::size_t family, Sample sample) {
        auto& samples = families[family].samples;
        auto const same = std::ranges::find(samples, sample.labels, &Sample::labels);
        if (same == samples.end())
            samples.push_back(std::move(sample));
        else
            add_up(*same, sample);
    };
    for (auto const& instrument : instruments_) {
        if (instrument.counter != nullptr) {
            put(instrument.family,
                {instrument.labels, static_cast<double>(instrument.counter->value())});
        } else if (instrument.histogram != nullptr) {
            auto const bounds = families[instrument.family].bounds;
            bool const is_of_bytes = bounds.data() == shown_sizes.data();
            put(instrument.family, read_histogram(*instrument.histogram, bounds,
                                                  is_of_bytes ? 1 : 1e6, instrument.labels));
        } else {
            for (auto& sample : instrument.asked())
                put(instrument.family, std::move(sample));
        }
    }
    return families;
}

} // namespace kontor::telemetry
