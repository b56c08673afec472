#include "programs/kontor/typed_numbers.hpp"

#include "domain/values/quantity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

namespace kontor::programs {
namespace {

constexpr auto any_last = std::numeric_limits<std::int64_t>::max();

/// Empty: it is none of this type, or has a zero in front: CLI11 would read 010 as eight.
template <class Number>
std::optional<Number> read_whole(std::string_view typed) {
    auto const digits = typed.substr(typed.starts_with('-') ? 1 : 0);
    if (digits.size() > 1 && digits.front() == '0')
        return std::nullopt;
    Number number{};
    auto const* const end = typed.data() + typed.size();
    auto const [at, error] = std::from_chars(typed.data(), end, number);
    return error == std::errc{} && at == end ? std::optional(number) : std::nullopt;
}

/// What is wrong with a value: nothing, or what is wanted instead.
std::string wanted_instead(bool is_good, std::string const& wanted, std::string const& typed) {
    return is_good ? "" : fmt::format("{}, and this is {}", wanted, typed);
}

CLI::Validator whole_number_called(std::int64_t first, std::int64_t last, std::string wanted) {
    return {[first, last, wanted](std::string const& typed) {
                return wanted_instead(whole_number_in(typed, first, last).has_value(), wanted,
                                      typed);
            },
            ""};
}

/// For an option of this type that has no bounds of its own.
template <class Number>
CLI::Validator any_number(std::string wanted) {
    return {[wanted](std::string const& typed) {
                return wanted_instead(read_whole<Number>(typed).has_value(), wanted, typed);
            },
            ""};
}

/// "a, b or c"
std::string listed(std::vector<std::string> const& words) {
    std::string text;
    for (std::size_t n = 0; n < words.size(); ++n)
        text += (n == 0 ? "" : n + 1 == words.size() ? " or " : ", ") + words[n];
    return text;
}

} // namespace

std::optional<std::int64_t> whole_number_in(std::string_view typed, std::int64_t first,
                                            std::int64_t last) {
    auto const number = read_whole<std::int64_t>(typed);
    return number && *number >= first && *number <= last ? number : std::nullopt;
}

CLI::Validator whole_number(std::int64_t first, std::int64_t last) {
    return whole_number_called(
        first, last,
        last == any_last ? fmt::format("a whole number, {} or more, is wanted", first)
                         : fmt::format("a whole number from {} to {} is wanted", first, last));
}

CLI::Validator number_between(double first, double last) {
    return {[first, last](std::string const& typed) {
                double number = 0;
                auto const* const end = typed.data() + typed.size();
                auto const [at, error] = std::from_chars(typed.data(), end, number);
                bool const is_one =
                    error == std::errc{} && at == end && number >= first && number <= last;
                return wanted_instead(
                    is_one, fmt::format("a number from {} to {} is wanted", first, last), typed);
            },
            ""};
}

CLI::Validator one_of(std::vector<std::string> const& words) {
    std::string choices; // as command_tree.hpp finds them behind the type
    for (auto const& word : words)
        choices += (choices.empty() ? "" : ",") + word;
    return {[words](std::string const& typed) {
                return wanted_instead(std::ranges::find(words, typed) != words.end(),
                                      listed(words) + " is wanted", typed);
            },
            "{" + choices + "}"};
}

CLI::Validator whole_units() {
    return whole_number_called(
        1, Quantity::max,
        fmt::format("a whole number of pieces, 1 or more and at most {}, is wanted",
                    Quantity::max));
}

CLI::Validator minor_units() {
    return whole_number_called(1, any_last,
                               "a whole number in the smallest unit, 1 or more, is wanted (949 is "
                               "9.49)");
}

CLI::Validator minor_units_or_none() {
    return whole_number_called(0, any_last,
                               "a whole number in the smallest unit is wanted (949 is 9.49)");
}

void check_numbers(CLI::App& app) {
    for (auto* const option : app.get_options()) {
        // The name of a type ends with what its checks say, so that of a checked one may be longer.
        bool const takes_a_value = option->get_items_expected_max() > 0;
        if (takes_a_value && option->get_type_name() == "UINT")
            option->check(any_number<std::uint64_t>("a whole number, 0 or more, is wanted"));
        else if (takes_a_value && option->get_type_name() == "INT")
            option->check(any_number<std::int64_t>("a whole number is wanted"));
        else if (takes_a_value && option->get_type_name() == "FLOAT")
            option->check(number_between(0, 1'000'000'000));
    }
    for (auto* const command : app.get_subcommands([](CLI::App*) { return true; }))
        check_numbers(*command);
}

} // namespace kontor::programs
