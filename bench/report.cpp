#include "bench/report.hpp"

#include "bench/machine.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace kontor::bench {
namespace {

/// With fewer an interval would say no more than the rows do.
constexpr std::size_t rows_for_an_interval = 5;

} // namespace

bool is_noisy(Report const& report) {
    return std::any_of(report.floors.begin(), report.floors.end(), [](Floor const& floor) {
        auto const larger = std::max(floor.before, floor.after);
        return std::abs(floor.before - floor.after) > larger * 0.25;
    });
}

std::string_view verdict(Report const& report, Figure const& figure) {
    if (!figure.goal)
        return "no goal";
    if (!figure.is_count && (is_noisy(report) || is_scattered(figure.rows)))
        return "noisy";
    auto const value = median(figure.rows);
    bool const met =
        figure.direction == Goal::at_most ? value <= *figure.goal : value >= *figure.goal;
    return met ? "met" : "missed";
}

boost::json::object to_json(Report const& report) {
    boost::json::object out;
    out["schema"] = "kontor.bench/1";
    out["benchmark"] = report.benchmark;
    out["workload"] = report.workload;
    out["seed"] = report.seed;
    out["machine"] = describe_machine(report.data_directory);
    out["load_average"] = {{"before", report.load_before}, {"after", load_average()}};
    out["noisy"] = is_noisy(report);
    auto& floors = out["floors"].emplace_array();
    for (auto const& floor : report.floors)
        floors.push_back({{"name", floor.name},
                          {"unit", floor.unit},
                          {"before", floor.before},
                          {"after", floor.after}});
    auto& figures = out["figures"].emplace_array();
    for (auto const& figure : report.figures) {
        boost::json::object row{
            {"name", figure.name}, {"unit", figure.unit}, {"median", median(figure.rows)}};
        row["rows"] = boost::json::array(figure.rows.begin(), figure.rows.end());
        if (figure.rows.size() >= rows_for_an_interval) {
            auto const interval = bootstrap_interval(figure.rows);
            row["interval"] = {interval.low, interval.high};
        }
        if (figure.floor_value > 0)
            row["of_floor"] = {{"floor", figure.floor},
                               {"ratio", median(figure.rows) / figure.floor_value}};
        if (figure.goal)
            row["goal"] = {{"at", *figure.goal},
                           {"is", figure.direction == Goal::at_most ? "at most" : "at least"}};
        row["verdict"] = verdict(report, figure);
        figures.push_back(std::move(row));
    }
    out["acknowledged"] = report.acknowledged;
    out["parity"] = report.parity;
    out["notes"] = boost::json::array(report.notes.begin(), report.notes.end());
    return out;
}

namespace {

/// Three digits that count, and no more.
std::string short_number(double value) {
    return value < 10    ? fmt::format("{:.2f}", value)
           : value < 100 ? fmt::format("{:.1f}", value)
                         : fmt::format("{:.0f}", value);
}

} // namespace

void print(Report const& report) {
    fmt::print("{}: {}\n", report.benchmark, report.workload);
    for (auto const& floor : report.floors)
        fmt::print("  floor {:<50} {:>12} {:<6} (after: {})\n", floor.name,
                   short_number(floor.before), floor.unit, short_number(floor.after));
    for (auto const& figure : report.figures) {
        fmt::print("  {:<56} {:>12} {:<6}", figure.name, short_number(median(figure.rows)),
                   figure.unit);
        if (figure.rows.size() >= rows_for_an_interval) {
            auto const interval = bootstrap_interval(figure.rows);
            fmt::print(" ({} … {})", short_number(interval.low), short_number(interval.high));
        }
        if (figure.floor_value > 0)
            fmt::print(" {:5.1f} % of {}", 100 * median(figure.rows) / figure.floor_value,
                       figure.floor);
        if (figure.goal)
            fmt::print("  goal {}{}: {}", figure.direction == Goal::at_most ? "<= " : ">= ",
                       short_number(*figure.goal), verdict(report, figure));
        fmt::print("\n");
    }
    for (auto const& each : report.parity) {
        auto const& row = each.as_object();
        fmt::print("  parity: {} ({}), {} in flight: {} syncs and {} bytes an operation, answered "
                   "when {}; after a power cut {}\n",
                   row.at("system").as_string().c_str(), row.at("run_as").as_string().c_str(),
                   row.at("in_flight").to_number<std::uint64_t>(),
                   fmt::format("{:.3f}", row.at("syncs").to_number<double>()),
                   short_number(row.at("bytes").to_number<double>()),
                   row.at("acknowledged_when").as_string().c_str(),
                   row.at("power_cut").as_string().c_str());
    }
    for (auto const& note : report.notes)
        fmt::print("  note: {}\n", note);
}

} // namespace kontor::bench
