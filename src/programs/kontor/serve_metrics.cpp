#include "programs/kontor/process_figures.hpp"
#include "programs/kontor/serve_shop.hpp"

#include "base/names.hpp"

#include <algorithm>

namespace kontor::programs {
namespace {

using telemetry::Sample;

struct EdgeCounter {
    char const* name;
    char const* help;
    std::uint64_t http::EdgeCounts::* count;
};

constexpr char const* shed_help = "Requests refused for want of room, by how long they can wait.";
constexpr char const* late_help = "Requests without an answer before their deadline.";

constexpr std::array<EdgeCounter, 8> edge_counted{
    {{"kontor_http_connections_total", "Connections taken.", &http::EdgeCounts::connections},
     {"kontor_http_connections_refused_total", "Connections refused: there were too many.",
      &http::EdgeCounts::connections_refused},
     {"kontor_http_malformed_total", "Requests refused for their framing.",
      &http::EdgeCounts::malformed},
     {"kontor_http_overloaded_total", "Requests refused because their connections had no room.",
      &http::EdgeCounts::overloaded},
     {"kontor_deadline_dropped_total", late_help, &http::EdgeCounts::late},
     {"kontor_http_too_slow_total", "Connections cut off because the client was too slow.",
      &http::EdgeCounts::too_slow},
     {"kontor_http_received_bytes_total", "Bytes that clients sent.", &http::EdgeCounts::bytes_in},
     {"kontor_http_sent_bytes_total", "Bytes that clients were sent.",
      &http::EdgeCounts::bytes_out}}};

using Guards = std::function<std::vector<services::gateway::BreakerStanding>()>;

/// How calls to those outside are guarded. The counter is of repetitions that did not go out.
telemetry::Counter& count_guards(telemetry::Metrics& metrics,
                                 std::vector<telemetry::Label> const& labels, Guards const& all) {
    using Standing = resilience::DownstreamFigures;
    auto const of_guard = [&](auto value) {
        return [labels, all, value] {
            std::vector<Sample> samples;
            for (auto const& each : all())
                samples.push_back({labels, static_cast<double>(value(each.figures))});
            return samples;
        };
    };
    metrics.gauges("kontor_breaker_state",
                   "Whether calls go out: 0 they do, 1 a few try, 2 none does for now.",
                   of_guard([](Standing const& it) { return static_cast<int>(it.state); }));
    metrics.gauges("kontor_retry_budget_tokens", "Calls that may be repeated now.",
                   of_guard([](Standing const& it) { return it.retry_tokens; }));
    return metrics.counter("kontor_retries_refused_total",
                           "Repetitions that did not go out: there were enough.", labels);
}

} // namespace

OpenLog::OnWritten ServedShop::count_journal() {
    auto& seconds = metrics_.histogram("kontor_journal_sync_seconds",
                                       "How long it took until a batch was durable.");
    auto& sizes =
        metrics_.sizes("kontor_journal_batch_bytes", "How large the batches were that became "
                                                     "durable, as they lie on the disk.");
    auto& bytes = metrics_.counter("kontor_journal_written_bytes_total",
                                   "Bytes of the batches that became durable.");
    return [&seconds, &sizes, &bytes](Duration took, std::uint64_t written) {
        seconds.record(took);
        sizes.record_bytes(written);
        bytes.add(written);
    };
}

void ServedShop::count_orders() {
    metrics_.gauge("kontor_inbox_depth", "Requests that wait for the desk.", {},
                   [this] { return static_cast<double>(node_->inbox_depth()); });
    metrics_.gauge("kontor_checkout_open", "Orders whose process has not ended.", {},
                   [this] { return static_cast<double>(node_->open_orders()); });
    metrics_.gauge(
        "kontor_checkout_oldest_age_seconds",
        "How long the first of the open orders has been open.", {},
        [this] { return static_cast<double>(node_->oldest_order_age().in_microseconds()) / 1e6; });
    metrics_.gauge("kontor_blackbox_quarantined",
                   "Inputs that ended the process again and again and are not handled any more.",
                   {}, [this] {
                       auto const suspects = blackbox_->suspects();
                       return static_cast<double>(
                           std::ranges::count_if(suspects, &blackbox::Suspect::is_quarantined));
                   });
    metrics_.counters(
        "kontor_blackbox_quarantined_total", "What was not handled because it is quarantined.",
        [this] { return std::vector{Sample{{}, static_cast<double>(blackbox_->refused())}}; });
    metrics_.gauge("kontor_checkout_overdue",
                   "Open orders that wait for something that should be there by now.", {},
                   [this] { return static_cast<double>(node_->overdue_orders()); });
    metrics_.counters("kontor_read_model_digest_mismatch_total",
                      "Comparisons in which rows were not what the log adds up to.", [this] {
                          std::vector<Sample> samples;
                          for (auto const& status : projections_->all())
                              samples.push_back({{{"projection", status.name}},
                                                 static_cast<double>(status.disagreements)});
                          return samples;
                      });
}

/// Without letters the numbers stay at zero.
void ServedShop::count_mail() {
    for (std::size_t i = 0; i < mail_counters_.size(); ++i)
        mail_counters_[i] = &metrics_.counter(
            "kontor_mail_notices_total", "What came of messages that people were to be told of.",
            {{"outcome", std::string(enumerator_name(static_cast<services::NoticeOutcome>(i)))}});
    auto const of_mail = [this](auto value) {
        return [this, value] {
            return value(mail_ ? mail_->figures() : services::NotificationFigures{});
        };
    };
    metrics_.gauge("kontor_mail_in_hand", "Messages whose letters are not out yet.", {},
                   of_mail([](auto const& it) { return static_cast<double>(it.in_hand); }));
    metrics_.gauge("kontor_mail_oldest_age_seconds",
                   "How long the first of them has been in its queue and here.", {},
                   of_mail([this](auto const& it) {
                       auto const age = it.oldest ? clock_->now() - *it.oldest : Duration();
                       return static_cast<double>(age.in_microseconds()) / 1e6;
                   }));
}

void ServedShop::count_what_others_know() {
    for (std::size_t i = 0; i < edge_counted.size(); ++i)
        edge_counters_[i] = &metrics_.counter(edge_counted[i].name, edge_counted[i].help);
    late_counter_ = &metrics_.counter("kontor_deadline_dropped_total", late_help);
    for (std::size_t i = 0; i < shed_counters_.size(); ++i)
        shed_counters_[i] = &metrics_.counter(
            "kontor_shed_total", shed_help,
            {{"urgency", std::string(enumerator_name(static_cast<resilience::Urgency>(i)))}});
    metrics_.gauge("kontor_http_connections_open", "Connections that are open.", {},
                   [this] { return static_cast<double>(connections_.load()); });
    metrics_.gauge("kontor_http_requests_open", "Requests that are not answered yet.", {},
                   [this] { return static_cast<double>(gateway_->open()); });
    metrics_.gauge(
        "kontor_journal_durable_position", "The last position that may be seen.", {},
        [this] { return static_cast<double>(log_->store().durable().position.value()); });
    metrics_.gauge("kontor_disk_free_bytes", "Free space on the disk of the log.", {}, [this] {
        auto const state = embedded::disk_state_near(log_->directory());
        return state ? static_cast<double>(state->bytes_free) : 0.0;
    });
    metrics_.gauge("kontor_journal_spare_segments", "Files that wait to become segments.", {},
                   [this] { return static_cast<double>(log_->spare_segments()); });
    metrics_
        .counter("kontor_journal_tail_cut_total",
                 "Frames that a crash left torn and this start has cut.")
        .set_total(log_->report().cut ? 1 : 0);
    count_process(metrics_);
    count_scrub();
    count_orders();
    count_queues();
    count_mail();
    metrics_.gauge(
        "kontor_clock_skew_seconds",
        "How far the wall clock jumped from the shop's, where it is "
        "not followed.",
        {}, [this] { return static_cast<double>(clock_->refused_jump().in_microseconds()) / 1e6; });
    metrics_.gauge("kontor_log_lines_lost", "Lines that the log of the server could not take.", {},
                   [this] { return static_cast<double>(record_->lost()); });
    count_downstreams();
    metrics_.gauge("kontor_build_info", "Which Kontor this is.",
                   {{"version", gateway_->parts().version}}, [] { return 1.0; });
    auto const of_followers = [this](auto value) {
        return [this, value] {
            std::vector<Sample> samples;
            for (auto const& lag : node_->lags())
                samples.push_back({{{"follower", lag.name}}, value(lag)});
            return samples;
        };
    };
    metrics_.gauges(
        "kontor_follower_lag_events", "Events that a follower has not seen yet.",
        of_followers([](FollowerLag const& lag) { return static_cast<double>(lag.events); }));
    metrics_.gauges("kontor_follower_lag_seconds", "How long a follower was not at the end.",
                    of_followers([](FollowerLag const& lag) {
                        return static_cast<double>(lag.behind.in_microseconds()) / 1e6;
                    }));
}

/// Whom the shop asks outside.
void ServedShop::count_downstreams() {
    constexpr auto const* failures_help =
        "Calls that somebody outside did not answer, or answered with an error of its own.";
    payment_failures_ = &metrics_.counter("kontor_downstream_failures_total", failures_help,
                                          {{"downstream", "payments"}});
    mail_failures_ = &metrics_.counter("kontor_downstream_failures_total", failures_help,
                                       {{"downstream", "mail"}});
    std::vector<telemetry::Label> const payments{{"downstream", "payments"}};
    for (auto const* const name : {"payments", "mail"}) {
        auto const of_downstream = [this, name](auto value) {
            return [this, name, value] {
                for (auto const& each : downstreams())
                    if (each.name == name)
                        return static_cast<double>(value(each));
                return static_cast<double>(value(services::gateway::DownstreamStanding{}));
            };
        };
        std::vector<telemetry::Label> const labels{{"downstream", name}};
        metrics_.gauge("kontor_downstream_up", "Whether somebody outside answers.", labels,
                       of_downstream([](auto const& it) { return it.is_up ? 1 : 0; }));
        metrics_.gauge("kontor_downstream_unanswered", "Calls that wait for an answer.", labels,
                       of_downstream([](auto const& it) { return it.unanswered; }));
    }
    retries_refused_ = &count_guards(metrics_, payments, [this] { return breakers(); });
}

void ServedShop::count_scrub() {
    metrics_.gauges(
        "kontor_journal_scrub_age_seconds",
        "Since when all sealed segments have been read again. Absent: not yet.", [this] {
            std::vector<Sample> samples;
            if (auto const since = log_->scrubbed().all_since)
                samples.push_back(
                    {{}, static_cast<double>((clock_->now() - *since).in_microseconds()) / 1e6});
            return samples;
        });
    metrics_.gauge("kontor_journal_rotten_segments",
                   "Sealed segments that did not check when they were read again.", {},
                   [this] { return static_cast<double>(log_->scrubbed().rotten.size()); });
}

void ServedShop::count_edge() {
    auto const& counts = edge_->counts();
    for (std::size_t i = 0; i < edge_counted.size(); ++i)
        edge_counters_[i]->set_total(counts.*(edge_counted[i].count));
    auto const& turned = gateway_->parts().turned_away;
    late_counter_->set_total(turned.late);
    if (payments_)
        payment_failures_->set_total(payments_->health().failures);
    if (payments_)
        retries_refused_->set_total(payments_->figures().retries_refused);
    if (mail_) {
        auto const now = mail_->figures();
        mail_failures_->set_total(now.failures);
        for (std::size_t i = 0; i < mail_counters_.size(); ++i)
            mail_counters_[i]->set_total(now.outcomes[i]);
    }
    for (std::size_t i = 0; i < shed_counters_.size(); ++i)
        shed_counters_[i]->set_total(turned.shed[i]);
    connections_.store(edge_->open_connections(), std::memory_order_relaxed);
    look_at_queues();
}

} // namespace kontor::programs
