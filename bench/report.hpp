#pragma once

/// Report: what one benchmark found, as a table for people and as JSON of schema `kontor.bench/1`
/// for bench/results. A figure that has a goal gets a verdict; a run whose floors differ by more
/// than a quarter before and after is noisy, as is a figure whose rounds differ by more than a
/// factor of two; what is noisy is no headline.

#include "bench/statistics.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::bench {

enum class Goal : unsigned char { at_least, at_most };

/// One measured figure: raw rows, of which the median counts.
struct Figure {
    std::string name; ///< "appends at 64 in flight"
    std::string unit; ///< "/s", "us", "MiB"
    std::vector<double> rows;
    std::optional<Goal> direction{};
    std::optional<double> goal{};
    std::string floor{}; ///< the floor this is a share of, if any
    double floor_value{0};
    bool is_count{false}; ///< bytes and the like: what the disk does in these minutes is no excuse
};

/// A floor, read right before and right after.
struct Floor {
    std::string name;
    std::string unit;
    double before;
    double after;
};

struct Report {
    std::string benchmark;
    std::string workload; ///< in a sentence, with sizes and seed
    std::uint64_t seed{0};
    std::string data_directory{};
    std::vector<Floor> floors{};
    std::vector<Figure> figures{};
    std::vector<std::string> notes{}; ///< what limits a missed goal, what a peer was set to
    boost::json::array parity{};      ///< rows of bench/peers/parity.py
    std::uint64_t acknowledged{0};    ///< operations in all, warm-up included
    double load_before{0};            ///< the machine's load average: others were at work, too
};

bool is_noisy(Report const& report);

/// "met", "missed", "noisy" or "no goal".
std::string_view verdict(Report const& report, Figure const& figure);

boost::json::object to_json(Report const& report);
void print(Report const& report);

} // namespace kontor::bench
