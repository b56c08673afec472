#include "programs/kontor/list_limit.hpp"

#include "programs/kontor/typed_numbers.hpp"

#include <fmt/core.h>

#include <limits>

namespace kontor::programs {

void ListLimit::add_to(CLI::App& command) {
    command
        .add_option("--limit", asked_,
                    fmt::format("at most so many ({}; with --json or --plain all)", for_people))
        ->check(whole_number(1, 1'000'000));
}

std::size_t ListLimit::rows(Output const& output) const {
    if (asked_ > 0)
        return asked_;
    return output.options().format == Format::table ? for_people
                                                    : std::numeric_limits<std::size_t>::max();
}

void say_of_more(Output const& output, std::size_t shown, std::size_t there,
                 std::string_view what) {
    if (shown < there)
        output.say(fmt::format("{} of {} {}; --limit shows more.", shown, there, what));
}

void say_of_more(Output const& output) {
    output.say("There are more; --limit shows them.");
}

} // namespace kontor::programs
