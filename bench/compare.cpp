#include "bench/compare.hpp"

#include "base/assert.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fmt/core.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace kontor::bench {
namespace {

constexpr std::size_t pairs = 8;

struct Found {
    std::string unit;
    std::vector<double> before{};
    std::vector<double> after{};
};

/// The figures of one run, by name.
boost::json::array run(std::string const& program, std::string const& name,
                       BenchOptions const& options) {
    auto const results = options.directory + "/compare";
    auto command = fmt::format("'{}' {} --seconds {} --events {} --seed {} --directory '{}' "
                               "--results '{}'",
                               program, name, options.seconds, options.events, options.seed,
                               options.directory, results);
    for (auto const& shape : options.only)
        command += fmt::format(" --only '{}'", shape);
    command += " > /dev/null";
    KONTOR_ASSERT(std::system(command.c_str()) == 0, "{} failed", command);
    std::ifstream file(fmt::format("{}/{}.json", results, name));
    std::string const text{std::istreambuf_iterator<char>(file), {}};
    return boost::json::parse(text).as_object().at("figures").as_array();
}

void add(std::map<std::string, Found>& found, boost::json::array const& figures,
         std::vector<double> Found::* side) {
    for (auto const& each : figures) {
        auto const& figure = each.as_object();
        auto& mine = found[std::string(figure.at("name").as_string())];
        mine.unit = std::string(figure.at("unit").as_string());
        (mine.*side).push_back(figure.at("median").to_number<double>());
    }
}

} // namespace

Report compare_builds(std::string const& name, Builds const& builds, BenchOptions const& options) {
    Report report{
        "compare-" + name,
        fmt::format("{}, {} over {}, {} pairs in turn", name, builds.after, builds.before, pairs),
        options.seed, options.directory};
    std::map<std::string, Found> found;
    for (std::size_t pair = 0; pair < pairs; ++pair)
        for (bool const first : {true, false}) {
            bool const is_before = first == (pair % 2 == 0);
            add(found, run(is_before ? builds.before : builds.after, name, options),
                is_before ? &Found::before : &Found::after);
        }
    for (auto const& [figure, rows] : found) {
        if (rows.before.size() != pairs || rows.after.size() != pairs) {
            report.notes.push_back(figure + ": only one of the two has it");
            continue;
        }
        report.figures.push_back(
            {fmt::format("{} ({})", figure, rows.unit), "x", ratios(rows.after, rows.before)});
    }
    std::filesystem::remove_all(options.directory + "/compare");
    return report;
}

} // namespace kontor::bench
