#include "programs/kontor/serve_shop.hpp"

namespace kontor::programs {
namespace {

using queues::Figures;
using queues::ShownFigures;
using queues::Spread;
using telemetry::Sample;

/// Many people make many queues; a metric has a thousand lines at most.
constexpr std::size_t queues_shown_max = 500;
/// What callers make is one together where a queue takes many lines.
constexpr std::string_view queues_of_callers = "others";

consteval bool are_the_bounds_that_are_shown() {
    for (std::size_t i = 0; i < telemetry::shown_bounds.size(); ++i)
        if (static_cast<double>(Spread::bounds_us[i]) !=
            static_cast<double>(static_cast<std::int64_t>(telemetry::shown_bounds[i] * 1e6 + 0.5)))
            return false;
    return Spread::bounds_us.size() == telemetry::shown_bounds.size();
}
static_assert(are_the_bounds_that_are_shown(), "metrics show the bounds that queues count by");

double seconds_of(Duration time) {
    return static_cast<double>(time.in_microseconds()) / 1e6;
}

std::vector<telemetry::Label> queue_label(std::string_view queue) {
    return {{"queue", std::string(queue)}};
}

Sample sample_of(std::string_view queue, Spread const& spread) {
    Sample sample{queue_label(queue), static_cast<double>(spread.sum_us) / 1e6, {}, 0};
    for (std::size_t i = 0; i < Spread::bounds_us.size(); ++i)
        sample.cumulative.push_back(sample.count += spread.counts[i]);
    sample.count += spread.counts.back();
    return sample;
}

/// Of each queue of the topology, and of all others together.
std::vector<Sample> spreads_of(std::vector<ShownFigures> const& all, Spread Figures::* which) {
    std::vector<Sample> samples;
    Spread others;
    for (auto const& each : all)
        if (each.owner == ports::QueueOwner::topology)
            samples.push_back(sample_of(each.name.view(), each.figures.*which));
        else
            others += each.figures.*which;
    if (!all.empty())
        samples.push_back(sample_of(queues_of_callers, others));
    return samples;
}

} // namespace

/// One line for each queue. The figures of all are taken once for each who reads.
void ServedShop::count_queues() {
    metrics_.gauge("kontor_bus_wiring_skipped",
                   "Rules, topics and subscriptions of callers that do not stand.", {}, [this] {
                       auto* const router = node_->router();
                       return router != nullptr ? static_cast<double>(router->skipped_wiring()) : 0;
                   });
    auto const of_queues = [this](auto value) {
        return [this, value] {
            std::vector<Sample> samples;
            for (auto const& each : queue_figures_)
                if (std::optional<double> const shown = value(each))
                    samples.push_back({queue_label(each.name.view()), *shown});
            return samples;
        };
    };
    metrics_.gauges("kontor_queue_depth", "Messages in a queue that wait or are delayed.",
                    of_queues([](ShownFigures const& it) {
                        return static_cast<double>(it.depth.waiting + it.depth.delayed);
                    }));
    metrics_.gauges(
        "kontor_queue_in_flight", "Messages that somebody has received and not settled.",
        of_queues([](ShownFigures const& it) { return static_cast<double>(it.depth.in_flight); }));
    metrics_.gauges("kontor_queue_paused", "1 for a queue that hands nothing out: it was paused.",
                    of_queues([](ShownFigures const& it) -> std::optional<double> {
                        return it.is_paused ? std::optional(1.0) : std::nullopt;
                    }));
    metrics_.gauges("kontor_queue_oldest_age_seconds",
                    "How long the oldest message has been in a queue.",
                    of_queues([this](ShownFigures const& it) {
                        auto const since = it.depth.oldest_sent_at;
                        return since ? seconds_of(clock_->now() - *since) : 0;
                    }));
    metrics_.counters("kontor_queue_redelivered_total",
                      "Messages that were handed out, and not for the first time.",
                      of_queues([](ShownFigures const& it) {
                          return static_cast<double>(it.figures.redelivered);
                      }));
    metrics_.gauges("kontor_dead_letters", "Messages that lie in a queue for dead letters.",
                    of_queues([](ShownFigures const& it) -> std::optional<double> {
                        auto const& depth = it.depth;
                        if (!it.has_dead_letters)
                            return std::nullopt;
                        return static_cast<double>(depth.waiting + depth.delayed + depth.in_flight);
                    }));
    metrics_.gauges("kontor_parked_groups",
                    "Groups of a FIFO queue that wait until their dead letters are back or gone.",
                    of_queues([](ShownFigures const& it) -> std::optional<double> {
                        if (it.parked_groups == 0)
                            return std::nullopt;
                        return static_cast<double>(it.parked_groups);
                    }));
    metrics_.histograms("kontor_queue_wait_seconds",
                        "From when a message could be had to when somebody had it.",
                        [this] { return spreads_of(queue_figures_, &Figures::waited); });
    metrics_.histograms("kontor_queue_process_seconds",
                        "From when somebody had a message to when it was settled.",
                        [this] { return spreads_of(queue_figures_, &Figures::worked); });
}

/// So all of them are of one moment.
void ServedShop::look_at_queues() {
    if (queues_)
        queue_figures_ = queues_->queues().figures(queues_shown_max);
}

} // namespace kontor::programs
