#include "programs/kontor/load_report.hpp"

#include "programs/kontor/plot.hpp"

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kontor::programs {
namespace {

double in_ms(Duration took) {
    return static_cast<double>(took.in_microseconds()) / 1e3;
}

struct Rung {
    double percent;
    char const* name;
};
constexpr Rung shown[] = {{50, "p50"}, {90, "p90"}, {99, "p99"}, {99.9, "p99.9"}, {100, "slowest"}};
/// Where the distribution is drawn.
constexpr double steps[] = {0,    25,    50,   75,    90,     95,    97.5, 99,
                            99.5, 99.75, 99.9, 99.95, 99.975, 99.99, 100};

boost::json::object percentiles(telemetry::Latencies const& latencies) {
    return {{"count", latencies.total()},
            {"p50_ms", in_ms(latencies.percentile(50))},
            {"p90_ms", in_ms(latencies.percentile(90))},
            {"p99_ms", in_ms(latencies.percentile(99))},
            {"p999_ms", in_ms(latencies.percentile(99.9))},
            {"max_ms", in_ms(latencies.longest())}};
}

/// No clock here shows less than a microsecond, and a logarithm needs more than nothing.
double drawable(Duration took) {
    return std::max(in_ms(took), 1e-3);
}

std::string level_name(LoadLevel const& level) {
    return fmt::format("{:.0f}/s", level.plan.rate);
}

Plot by_load(LoadResult const& result) {
    Plot plot{"Latency by load",
              {std::string(counted_in(result.mix)) + " a second", false},
              {"milliseconds of a request", true},
              {}};
    for (auto const& rung : shown) {
        Series series{rung.name, {}};
        for (auto const& level : result.levels)
            series.points.emplace_back(level->plan.rate,
                                       drawable(level->all.percentile(rung.percent)));
        std::ranges::sort(series.points);
        plot.series.push_back(std::move(series));
    }
    return plot;
}

/// Each nine of the percentile takes as much room as the one before.
Plot distribution(LoadResult const& result) {
    constexpr double most_nines = 4.5;
    auto const nines = [](double percent) {
        return percent >= 100 ? most_nines : -std::log10(1 - percent / 100);
    };
    Plot plot{"The whole distribution of each level",
              {"percent of the requests",
               false,
               {{0, "0"}, {1, "90"}, {2, "99"}, {3, "99.9"}, {4, "99.99"}, {most_nines, "100"}}},
              {"took at most, milliseconds", true},
              {}};
    for (auto const& level : result.levels) {
        Series series{level_name(*level), {}};
        for (auto const percent : steps)
            series.points.emplace_back(nines(percent), drawable(level->all.percentile(percent)));
        plot.series.push_back(std::move(series));
    }
    return plot;
}

Plot by_second(LoadResult const& result) {
    Plot plot{"The slowest request of each second", {"second", false}, {"milliseconds", true}, {}};
    for (auto const& level : result.levels) {
        Series series{level_name(*level), {}};
        for (std::size_t second = 0; second < level->seconds.size(); ++second)
            series.points.emplace_back(static_cast<double>(second),
                                       drawable(level->seconds[second].slowest));
        plot.series.push_back(std::move(series));
    }
    return plot;
}

std::string figures(LoadResult const& result) {
    auto const what = counted_in(result.mix);
    auto table = fmt::format("<table><thead><tr><th>{0} asked /s</th><th>{0} answered /s</th>"
                             "<th>{0} answered</th><th>{0} failed</th><th>requests</th>",
                             what);
    for (auto const& rung : shown)
        table += fmt::format("<th>{} ms</th>", rung.name);
    table += "<th>counts</th></tr></thead><tbody>";
    for (auto const& level : result.levels) {
        table += fmt::format("<tr><td>{:.0f}</td><td>{:.1f}</td><td>{}</td><td>{}</td><td>{}</td>",
                             level->plan.rate, level->answered_per_second(), level->answered,
                             level->failures(), level->all.total());
        for (auto const& rung : shown)
            table += fmt::format("<td>{:.3f}</td>", in_ms(level->all.percentile(rung.percent)));
        table +=
            fmt::format("<td>{}</td></tr>", level->is_void() ? "no: the tester was late" : "yes");
    }
    return table + "</tbody></table>";
}

std::string seconds_table(LoadLevel const& level) {
    auto table = fmt::format("<details><summary>{} second by second</summary><table><thead><tr>"
                             "<th>second</th><th>answers</th><th>failures</th>"
                             "<th>slowest ms</th></tr></thead><tbody>",
                             level_name(level));
    for (std::size_t n = 0; n < level.seconds.size(); ++n)
        table += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.3f}</td></tr>", n,
                             level.seconds[n].answers, level.seconds[n].failures,
                             in_ms(level.seconds[n].slowest));
    return table + "</tbody></table></details>";
}

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Kontor load test</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
svg { width: 100%; height: auto; font-size: 12px } svg text { fill: currentColor }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; display: block; overflow-x: auto }
th, td { padding: .2rem .7rem; text-align: right; border-bottom: 1px solid #8884 }
</style></head><body>
)";

} // namespace

std::string_view counted_in(std::string_view mix) {
    return mix == "orders" ? "orders" : mix == "browse" ? "looks" : "orders and looks";
}

boost::json::object load_level_json(LoadLevel const& level) {
    boost::json::object statuses;
    for (auto const& [status, count] : level.statuses)
        statuses[status == 0 ? std::string("none") : fmt::format("{}", status)] = count;
    boost::json::array seconds;
    for (auto const& second : level.seconds)
        seconds.push_back(boost::json::object{{"answers", second.answers},
                                              {"failures", second.failures},
                                              {"slowest_ms", in_ms(second.slowest)}});
    boost::json::object told{
        {"asked_per_s", level.plan.rate}, {"answered_per_s", level.answered_per_second()},
        {"answers", level.answered},      {"accepted_orders", level.accepted()},
        {"requests", level.all.total()},  {"failures", level.failures()},
        {"unanswered", level.unanswered}, {"left_late", level.late},
        {"void", level.is_void()},        {"statuses", statuses},
        {"all", percentiles(level.all)}};
    for (std::size_t kind = 0; kind < load_kinds; ++kind)
        if (level.by_kind[kind].total() > 0)
            told[load_kind_names[kind]] = percentiles(level.by_kind[kind]);
    told["waited_for_a_connection"] = percentiles(level.waited);
    told["seconds"] = std::move(seconds);
    return told;
}

boost::json::object load_json(LoadResult const& result) {
    boost::json::object told{{"server", result.server},
                             {"began", result.began},
                             {"mix", result.mix},
                             {"seed", result.seed},
                             {"connections", result.connections},
                             {"counted_in", counted_in(result.mix)},
                             {"batch", result.batch},
                             {"batched_percent", result.batched_percent}};
    if (result.knee) {
        told["knee_per_s"] = *result.knee;
        told["knee_within_ms"] = result.knee_within_ms;
    }
    boost::json::array levels;
    for (auto const& level : result.levels)
        levels.push_back(load_level_json(*level));
    told["levels"] = std::move(levels);
    return told;
}

std::string load_page(LoadResult const& result) {
    std::string page(page_head);
    page += fmt::format("<h1>Load test of {}</h1><p>Begun {}; mix <b>{}</b>, {} connections, seed "
                        "{}. Requests went out at moments drawn beforehand, whatever the server "
                        "answered; each counts from the moment at which it was meant to go out, so "
                        "a stall shows in every request that it delayed. Rates, answers and "
                        "failures count {}, times are those of requests.</p>",
                        html_text(result.server), html_text(result.began), html_text(result.mix),
                        result.connections, result.seed, counted_in(result.mix));
    if (result.batched_percent > 0)
        page += fmt::format("<p>{} % of the orders went in batches of {}.</p>",
                            result.batched_percent, result.batch);
    if (result.knee)
        page += fmt::format("<p>Up to <b>{:.0f} {} a second</b> 99 % of the requests were answered "
                            "within {:g} ms.</p>",
                            *result.knee, counted_in(result.mix), result.knee_within_ms);
    page += figures(result);
    for (auto const& plot : {by_load(result), distribution(result), by_second(result)})
        page += fmt::format("<h2>{}</h2>{}", plot.title, svg_of(plot));
    for (auto const& level : result.levels)
        page += seconds_table(*level);
    return page + "</body></html>\n";
}

} // namespace kontor::programs
