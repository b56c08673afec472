#include "bench/peers.hpp"

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::bench {
namespace {

std::vector<std::string> lines_of(std::string const& command) {
    std::vector<std::string> lines;
    auto* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr)
        return lines;
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr)
        lines.emplace_back(line.data());
    pclose(pipe);
    return lines;
}

struct PeerGoal {
    std::string_view peer;
    std::size_t in_flight;
    double times;
};

/// How many times a peer we want to be, at the numbers in flight where it is asked.
constexpr std::array goals{PeerGoal{"rocksdb", 64, 3}, PeerGoal{"rocksdb", 512, 3},
                           PeerGoal{"redis", 50, 5}, PeerGoal{"message-db", 8, 25},
                           PeerGoal{"emmett", 16, 45}};

void add_pair(Report& report, boost::json::object const& row, OurRate const& our_rate) {
    std::string const peer(row.at("peer").as_string());
    if (row.contains("absent")) {
        report.notes.push_back(
            fmt::format("{}: absent, {}", peer, std::string(row.at("absent").as_string())));
        return;
    }
    auto const in_flight = row.at("in_flight").to_number<std::size_t>();
    auto const theirs = row.at("appends_per_second").to_number<double>();
    auto const settings = std::string(row.at("settings").as_string());
    auto const ours = our_rate(in_flight);
    report.figures.push_back(
        {fmt::format("{} at {} in flight ({})", peer, in_flight, settings), "/s", {theirs}});
    report.figures.push_back(
        {fmt::format("ours right after {}, {} in flight", peer, in_flight), "/s", {ours}});
    Figure ratio{fmt::format("ours over {} at {} in flight", peer, in_flight),
                 "x",
                 {theirs > 0 ? ours / theirs : 0}};
    for (auto const& goal : goals)
        if (goal.peer == peer && goal.in_flight == in_flight) {
            ratio.direction = Goal::at_least;
            ratio.goal = goal.times;
        }
    report.figures.push_back(std::move(ratio));
}

} // namespace

std::vector<boost::json::object> rows_of(std::string const& command) {
    std::vector<boost::json::object> rows;
    for (auto const& line : lines_of(command)) {
        boost::system::error_code error;
        auto const value = boost::json::parse(line, error);
        if (!error && value.is_object())
            rows.push_back(value.as_object());
    }
    return rows;
}

void compare_with_append_peers(Report& report, BenchOptions const& options, OurRate const& ours) {
    for (auto const* const peer : {"redis", "rocksdb", "message-db", "emmett", "postgres"}) {
        auto const command =
            fmt::format("python3 bench/peers/append.py --directory {}/peers --seconds {} {}",
                        options.directory, std::max(options.seconds, 3.0), peer);
        for (auto const& row : rows_of(command))
            add_pair(report, row, ours);
    }
    report.notes.emplace_back("peers answer over a loopback socket, RocksDB and we in process");
}

} // namespace kontor::bench
