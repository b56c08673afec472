#include "bench/peers.hpp"

#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>
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

double ours_at(Report const& report, std::int64_t in_flight) {
    auto const name = fmt::format("appends at {} in flight", in_flight);
    for (auto const& figure : report.figures)
        if (figure.name == name)
            return median(figure.rows);
    return 0;
}

/// How many times a peer we want to be, at the number in flight where it is asked.
std::map<std::string, std::pair<std::int64_t, double>> const& goals() {
    static std::map<std::string, std::pair<std::int64_t, double>> const all{
        {"rocksdb", {64, 3}}, {"redis", {50, 5}}, {"message-db", {8, 25}}, {"emmett", {16, 45}}};
    return all;
}

void add_peer(Report& report, boost::json::object const& row) {
    std::string const peer(row.at("peer").as_string());
    if (row.contains("absent")) {
        report.notes.push_back(
            fmt::format("{}: absent, {}", peer, std::string(row.at("absent").as_string())));
        return;
    }
    auto const in_flight = row.at("in_flight").to_number<std::int64_t>();
    auto const rate = row.at("appends_per_second").to_number<double>();
    auto const settings = std::string(row.at("settings").as_string());
    report.figures.push_back(
        {fmt::format("{} at {} in flight ({})", peer, in_flight, settings), "/s", {rate}});
    auto const ours = ours_at(report, in_flight);
    if (ours == 0 || rate == 0)
        return;
    Figure ratio{fmt::format("ours over {} at {} in flight", peer, in_flight), "x", {ours / rate}};
    auto const goal = goals().find(peer);
    if (goal != goals().end() && goal->second.first == in_flight) {
        ratio.direction = Goal::at_least;
        ratio.goal = goal->second.second;
    }
    report.figures.push_back(std::move(ratio));
}

} // namespace

void compare_with_append_peers(Report& report, BenchOptions const& options) {
    auto const command =
        fmt::format("python3 bench/peers/append.py --directory {}/peers --seconds {}",
                    options.directory, std::max(options.seconds, 3.0));
    for (auto const& line : lines_of(command)) {
        boost::system::error_code error;
        auto const value = boost::json::parse(line, error);
        if (!error && value.is_object())
            add_peer(report, value.as_object());
    }
}

} // namespace kontor::bench
