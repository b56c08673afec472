#include "programs/kontor/serve_requests.hpp"

#include "base/names.hpp"

#include <fmt/format.h>

namespace kontor::programs {

using services::gateway::Handled;

namespace {

std::string name_of(services::gateway::Roles caller) {
    std::string name;
    for (auto const role : services::gateway::list_of(caller))
        name += (name.empty() ? "" : "+") + std::string(enumerator_name(role));
    return name.empty() ? "public" : name;
}

} // namespace

RequestLog::RequestLog(ServerLog& log, telemetry::Metrics& metrics, Clock& clock,
                       RequestLogOptions options)
    : log_(log), clock_(clock), options_(options) {
    for (auto const& route : services::gateway::routes()) {
        auto& counters = by_route_.emplace_back();
        for (std::size_t digit = 2; digit <= classes; ++digit)
            counters[digit - 1] = &metrics.counter(
                "kontor_http_route_requests_total",
                "Requests that were answered, by route and class of their status.",
                {{"route", std::string(route.id)}, {"status", fmt::format("{}xx", digit)}});
    }
    took_.resize(by_route_.size());
    metrics.counters("kontor_http_route_seconds_total",
                     "Time from a whole request to its answer, by route: all of them added up.",
                     [this] { return times(); });
}

/// Of routes that somebody has asked.
std::vector<telemetry::Sample> RequestLog::times() const {
    std::vector<telemetry::Sample> samples;
    for (std::size_t i = 0; i < took_.size(); ++i)
        if (took_[i] > Duration())
            samples.push_back({{{"route", std::string(services::gateway::routes()[i].id)}},
                               static_cast<double>(took_[i].in_microseconds()) / 1e6});
    return samples;
}

void RequestLog::count(Handled const& handled) {
    auto const digit = std::size_t{handled.status} / 100;
    if (handled.route == nullptr || digit < 2 || digit > classes)
        return;
    auto const index = static_cast<std::size_t>(handled.route - services::gateway::routes().data());
    by_route_[index][digit - 1]->add();
    took_[index] = took_[index] + handled.took;
}

void RequestLog::note(Handled const& handled) {
    constexpr std::uint16_t errors_from = 500;
    count(handled);
    bool const is_known = handled.route != nullptr;
    // Not ready is no error of a request, and what is shed is counted where it is shed.
    bool const is_error = is_known && handled.status >= errors_from && handled.route->id != "ready";
    if (is_error)
        write(handled, telemetry::Level::warning, "a request was answered with a server error",
              errors_);
    else if (is_known && handled.took >= options_.slow)
        write(handled, telemetry::Level::notice, "a request took long", slow_);
    else if (options_.all)
        write(handled, telemetry::Level::notice, "a request was answered", others_);
}

bool RequestLog::may_write(Pace& pace) const {
    auto const now = clock_.monotonic();
    if (now - pace.since >= Duration::seconds(1)) {
        pace.since = now;
        pace.lines = 0;
    }
    if (options_.all || pace.lines < lines_a_second) {
        ++pace.lines;
        return true;
    }
    ++pace.held_back;
    return false;
}

void RequestLog::write(Handled const& handled, telemetry::Level level, std::string message,
                       Pace& pace) {
    if (!may_write(pace))
        return;
    telemetry::LogRecord record{{}, level, "edge", std::move(message), {}, {}, {}, {}};
    record.fields = {{"method", std::string(services::name_of(handled.request.method))},
                     {"route", handled.route == nullptr ? "none" : std::string(handled.route->id)},
                     {"status", fmt::format("{}", handled.status)},
                     {"ms", fmt::format("{}", handled.took.in_milliseconds())},
                     {"caller", name_of(handled.caller)}};
    if (auto const held_back = std::exchange(pace.held_back, 0); held_back > 0)
        record.fields.push_back({"held_back", fmt::format("{}", held_back)});
    record.trace_id = telemetry::redacted(handled.request.trace_id);
    if (handled.trace_id != handled.request.trace_id) // whoever reports a problem names this one
        record.fields.push_back({"shown_trace", std::string(handled.trace_id)});
    if (!handled.command.value().is_nil())
        record.correlation_id = handled.command.to_string();
    log_.write_each(std::move(record));
}

} // namespace kontor::programs
