#include "bench/event_ruler.hpp"

#include "bench/peers.hpp"
#include "bench/stores.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

namespace kontor::bench {

std::vector<RulerRow> ask_event_ruler(Report& report, BenchOptions const& options,
                                      std::string const& events,
                                      std::vector<RulerFamily> const& families) {
    auto const folder = fresh_directory(options.directory + "/event-ruler");
    std::ofstream(folder + "/events.ndjson") << events;
    std::ofstream rules(folder + "/rules.txt");
    for (auto const& family : families)
        for (auto const& pattern : family.patterns)
            rules << family.name << '\t' << pattern << '\n';
    rules.close();
    std::vector<RulerRow> rows;
    for (auto const& row : rows_of(fmt::format("python3 bench/peers/router.py {0}/events.ndjson "
                                               "{0}/rules.txt --warm {1} --seconds {1}",
                                               folder, options.seconds / 2))) {
        if (row.contains("absent"))
            report.notes.push_back("event-ruler: absent, " +
                                   std::string(row.at("absent").as_string()));
        else
            rows.push_back({std::string(row.at("family").as_string()),
                            row.at("ns").to_number<double>(),
                            std::string(row.at("digest").as_string())});
    }
    std::filesystem::remove_all(folder);
    return rows;
}

} // namespace kontor::bench
