#include "tests/simulation/options.hpp"

#include "tests/support/seed.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>

namespace kontor::simulation {
namespace {

template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number number{};
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(number)
                                                                    : std::nullopt;
}

std::optional<std::vector<unsigned>> numbers_in(std::string_view text) {
    std::vector<unsigned> numbers;
    while (!text.empty()) {
        auto const comma = std::min(text.find(','), text.size());
        auto const number = number_in<unsigned>(text.substr(0, comma));
        if (!number)
            return std::nullopt;
        numbers.push_back(*number);
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

/// A switch without a value. False: it is none.
bool take_switch(Options& options, std::string_view name) {
    if (name == "--calm")
        return options.is_calm = true;
    if (name == "--canary")
        return options.is_canary = true;
    if (name == "--wall-jumps")
        return options.jumps_wall = true;
    if (name == "--quiet")
        return options.is_quiet = true;
    if (name == "--go-on")
        return options.goes_on = true;
    if (name == "--marks")
        return options.shows_marks = true;
    if (name == "--facts")
        return options.shows_facts = true;
    if (name == "--help" || name == "-h")
        return options.asks_for_help = true;
    if (name == "--twice")
        return options.runs_twice = true;
    return false;
}

struct Range {
    std::optional<std::uint64_t> seed, from, to, count;
};

/// False: no such option, or no value of it.
bool take_value(Options& options, Range& range, std::string_view name, std::string_view value) {
    if (name == "--world")
        return value == "embedded";
    if (name == "--bug") {
        options.bug = value;
        return !value.empty();
    }
    if (name == "--kept") {
        options.kept = value;
        return !value.empty();
    }
    if (name == "--mask") {
        auto mask = numbers_in(value);
        if (mask)
            options.mask = *std::move(mask);
        return mask.has_value();
    }
    auto const number = number_in<std::uint64_t>(value);
    if (!number)
        return false;
    if (name == "--seed")
        range.seed = number;
    else if (name == "--from")
        range.from = number;
    else if (name == "--to")
        range.to = number;
    else if (name == "--count")
        range.count = number;
    else if (name == "--until")
        options.until = *number;
    else
        return false;
    return true;
}

} // namespace

Result<Options, std::string> parse_options(int count, char const* const* arguments) {
    Options options;
    options.program = arguments[0];
    Range range;
    for (int i = 1; i < count; ++i) {
        std::string_view name(arguments[i]);
        if (take_switch(options, name))
            continue;
        std::string_view value;
        if (auto const equals = name.find('='); equals != name.npos) {
            value = name.substr(equals + 1);
            name = name.substr(0, equals);
        } else if (i + 1 < count) {
            value = arguments[++i];
        }
        if (!take_value(options, range, name, value))
            return unexpected("what is '" + std::string(arguments[i]) + "'?");
    }
    bool const is_chosen = range.count.has_value() && std::getenv("KONTOR_SEED") == nullptr;
    options.first = range.seed   ? *range.seed
                    : range.from ? *range.from
                    : is_chosen  ? 1
                                 : testing::seed();
    options.last = range.to ? *range.to : options.first + range.count.value_or(1) - 1;
    if (options.last < options.first)
        return unexpected(std::string("the last seed lies before the first"));
    return options;
}

} // namespace kontor::simulation
