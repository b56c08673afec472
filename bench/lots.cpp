#include "bench/lots.hpp"

#include "base/assert.hpp"
#include "base/random.hpp"

#include <fmt/format.h>

#include <iterator>

namespace kontor::bench {
namespace {

constexpr std::string_view streets[] = {
    "ACTON",   "ALABAMA",   "BEACH",   "BALBOA",    "BLAKE",     "BRODERICK", "BRYANT",  "CHESTNUT",
    "CLEMENT", "DIAMOND",   "DOLORES", "DRUMM",     "EDDY",      "ELLIS",     "FILBERT", "FOLSOM",
    "FULTON",  "FUNSTON",   "GEARY",   "GOUGH",     "GREENWICH", "HARRISON",  "HYDE",    "IRVING",
    "JACKSON", "JEFFERSON", "JONES",   "JUDAH",     "KANSAS",    "KEARNY",    "LAGUNA",  "LARKIN",
    "LAKE",    "LOMBARD",   "MARKET",  "MISSION",   "NOE",       "NORIEGA",   "OCTAVIA", "ORTEGA",
    "PACIFIC", "PIERCE",    "POLK",    "QUINTARA",  "RHODE IS",  "RIVERA",    "SANCHEZ", "SPRING",
    "STEINER", "STOCKTON",  "TARAVAL", "TAYLOR",    "TURK",      "ULLOA",     "UNION",   "VALENCIA",
    "VALLEJO", "VICENTE",   "WALLER",  "WASHINGTON"};

constexpr std::string_view kinds[] = {"\"ST\"", "\"AVE\"", "\"BLVD\"", "null"};

template <std::size_t N>
std::string_view one_of(Random& dice, std::string_view const (&all)[N]) {
    return all[dice.below(N)];
}

/// A degree and a fraction of fourteen digits at most, in the shortest spelling of a double.
double degree(Random& dice, int whole, std::int64_t first, std::int64_t last) {
    constexpr double unit = 1e14;
    auto const fraction = static_cast<double>(dice.between(first, last)) / unit;
    return whole < 0 ? whole - fraction : whole + fraction;
}

void append_point(std::string& out, Random& dice) {
    fmt::format_to(std::back_inserter(out), R"({{"x": {}, "y": {}, "z": 0}})",
                   degree(dice, -122, 36'000'000'000'000, 51'000'000'000'000),
                   degree(dice, 37, 70'000'000'000'000, 81'000'000'000'000));
}

void append_lot(std::string& out, Random& dice, std::size_t number) {
    auto const block = number / 97;
    auto const lot = number % 97 + 1;
    auto const house = dice.below(4000);
    fmt::format_to(
        std::back_inserter(out),
        R"({{"type": "Feature", "properties": {{"MAPBLKLOT": "{0:04}{1:03}", "BLKLOT": "{0:04}{1:03}", )"
        R"("BLOCK_NUM": "{0:04}", "LOT_NUM": "{1:03}", "FROM_ST": "{2}", "TO_ST": "{2}", )"
        R"("STREET": "{3}", "ST_TYPE": {4}, "ODD_EVEN": "{5}"}}, "geometry": {{"type": "Polygon", )"
        R"("firstCoordinates": )",
        block, lot, house, one_of(dice, streets), one_of(dice, kinds), house % 2 == 0 ? 'E' : 'O');
    append_point(out, dice);
    out += R"(, "coordinates": [[)";
    auto const points = 5 + dice.below(5);
    for (std::uint64_t i = 0; i < points; ++i) {
        out += i > 0 ? ", " : "";
        append_point(out, dice);
    }
    out += "]]}}\n";
}

/// What stands between two texts of a line.
std::string_view between(std::string_view line, std::string_view before, char behind) {
    auto const begin = line.find(before);
    KONTOR_ASSERT(begin != std::string_view::npos, "no {} in a lot", before);
    line.remove_prefix(begin + before.size());
    return line.substr(0, line.find(behind));
}

std::vector<std::string> ask(std::string_view path, std::string_view form,
                             std::vector<std::string> const& values) {
    std::vector<std::string> patterns;
    for (auto const& value : values)
        patterns.push_back(fmt::format(
            fmt::runtime(R"({{"properties":{{"{}":[)" + std::string(form) + "]}}}}"), path, value));
    return patterns;
}

} // namespace

std::string generate_lots(std::uint64_t seed, std::size_t events) {
    Random dice = Random(seed).fork("lots");
    std::string out;
    out.reserve(events * 800);
    for (std::size_t i = 0; i < events; ++i)
        append_lot(out, dice, i);
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        auto const end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::vector<RuleFamily> lot_rules(std::string_view lots) {
    auto const lines = lines_of(lots);
    std::vector<std::string> numbers;
    std::vector<std::string> first;
    std::vector<std::string> any;
    for (std::size_t i = 1; i <= rules_of_family; ++i) {
        auto const line = lines[lines.size() * i / (rules_of_family + 1)];
        numbers.emplace_back(between(line, R"("MAPBLKLOT": ")", '"'));
        first.push_back(
            fmt::format(R"({{"geometry":{{"type":["Polygon"],"firstCoordinates":{{"x":[)"
                        R"({{"numeric":["=",{}]}}]}}}}}})",
                        between(line, R"("firstCoordinates": {"x": )", ',')));
        any.push_back(fmt::format(
            R"({{"geometry":{{"type":["Polygon"],"coordinates":{{"x":[{{"numeric":["=",{}]}}],)"
            R"("y":[{{"numeric":["=",{}]}}]}}}}}})",
            between(line, R"([[{"x": )", ','),
            between(line.substr(line.find("[[")), R"("y": )", ',')));
    }
    using Values = std::vector<std::string>;
    Values const wildcards = {"14*", "2*0*1*7", "*218", "3*5*2", "0*VAC*"};
    Values const beginnings = {"AC", "BL", "DR", "FU", "RH"};
    Values const endings = {"ON", "KE", "MM", "ING", "GO"};
    Values const mixed = {"jefferson", "bEaCh", "HyDe", "CHESTNUT", "taylor"};
    Values const names = {"JEFFERSON", "BEACH", "HYDE", "CHESTNUT", "TAYLOR"};
    Values const low_beginnings = {"Ac", "bL", "dR", "Fu", "rH"};
    Values const low_endings = {"oN", "kE", "MM", "InG", "gO"};
    return {
        {"exact", ask("MAPBLKLOT", R"("{}")", numbers), 196},
        {"prefix", ask("STREET", R"({{"prefix":"{}"}})", beginnings), 236},
        {"suffix", ask("STREET", R"({{"suffix":"{}"}})", endings), 280},
        {"prefix ignoring case",
         ask("STREET", R"({{"prefix":{{"equals-ignore-case":"{}"}}}})", low_beginnings), 377},
        {"suffix ignoring case",
         ask("STREET", R"({{"suffix":{{"equals-ignore-case":"{}"}}}})", low_endings), 377},
        {"equals-ignore-case", ask("STREET", R"({{"equals-ignore-case":"{}"}})", mixed), 377},
        {"wildcard", ask("MAPBLKLOT", R"({{"wildcard":"{}"}})", wildcards), 298},
        {"numeric", first, 588},
        {"anything-but", ask("STREET", R"({{"anything-but":["{}"]}})", names), 465},
        {"anything-but prefix",
         ask("STREET", R"({{"anything-but":{{"prefix":"{}"}}}})", beginnings), 465},
        {"anything-but suffix", ask("STREET", R"({{"anything-but":{{"suffix":"{}"}}}})", endings),
         465},
        {"anything-but ignore-case",
         ask("STREET", R"({{"anything-but":{{"equals-ignore-case":"{}"}}}})", mixed), 465},
        {"anything-but wildcard",
         ask("MAPBLKLOT", R"({{"anything-but":{{"wildcard":"{}"}}}})", wildcards), 613},
        {"arrays", any, 869},
    };
}

} // namespace kontor::bench
