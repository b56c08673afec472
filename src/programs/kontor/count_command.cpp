#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include "domain/values/quantity.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace kontor::programs {
namespace {

struct CountFlags {
    std::string sku;
    std::string location{"main"};
    std::int64_t units{0};
    WriteFlags write{.reason = "counted"};
};

/// So many adjustments correct one count at most: more is a slip of the finger.
constexpr std::int64_t steps_max = 100;

/// An adjustment moves as many units as a delivery at most.
std::int64_t steps_for(std::int64_t delta) {
    return delta == 0 ? 0 : (std::abs(delta) - 1) / Quantity::max + 1;
}

std::int64_t units_in(boost::json::value const& shelf, char const* member) {
    return shelf.at(member).to_number<std::int64_t>();
}

/// That a shelf may have so many, before a part of it is noted.
/// Errors: invalid (usage), conflict (would_break_promise).
Result<void, Trouble> check_can_be(boost::json::value const& shelf, CountFlags const& flags) {
    auto const on_hand = units_in(shelf, "on_hand");
    auto const where = fmt::format("{} at {}", flags.sku, flags.location);
    if (steps_for(flags.units - on_hand) > steps_max)
        return unexpected(Trouble(
            "usage", {FailureKind::invalid,
                      fmt::format("{} were counted, and there should be {}: no more than {} can be "
                                  "put right at once",
                                  flags.units, on_hand, steps_max * Quantity::max),
                      where}));
    if (auto const reserved = units_in(shelf, "reserved"); flags.units < reserved)
        return unexpected(Trouble(
            "would_break_promise",
            {FailureKind::conflict,
             fmt::format("{} were counted, and {} are promised to orders", flags.units, reserved),
             where},
            "Cancel orders of this SKU, or release reservations, then count again."));
    return {};
}

/// What was counted replaces what was read: nothing may have moved meanwhile.
Outcome count(Program& program, CountFlags const& flags) {
    auto const path =
        fmt::format("/v1/inventory/{}/{}", encoded(flags.sku), encoded(flags.location));
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const item, remote.get(path));
    KONTOR_TRY(check_can_be(item, flags));
    auto shelf = item;
    auto delta = flags.units - units_in(shelf, "on_hand");
    if (delta == 0)
        program.output.say("There are as many as there should be.");
    // The last step has the key itself, so that a run that stopped on the way goes on with it.
    for (auto left = steps_for(delta); left > 0; --left) {
        auto const part = std::clamp(delta, -Quantity::max, Quantity::max);
        RemoteCall call{"POST", path + "/adjustments",
                        boost::json::object{{"delta", part}, {"kind", "counted"}}};
        call.if_match = fmt::format("\"v{}\"", text_in(shelf.as_object(), "version"));
        auto step = flags.write;
        if (left > 1 && !step.key.empty())
            step.key += fmt::format("-{}", left);
        KONTOR_TRY(auto answer, written(program, std::move(call), step));
        shelf = std::move(answer.body);
        delta -= part;
    }
    show_remote_thing(program.output, shelf);
    return ExitCode::ok;
}

} // namespace

void add_count_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const flags = std::make_shared<CountFlags>();
    auto& command = add_command(
        noun_of(app, "stock", "Shows what is on the shelves"), chosen,
        {"count", "Notes how many units are there: what is too many or too few is adjusted",
         "  kontor stock count MUG-1 48 --at main"},
        count, flags);
    command.add_option("sku", flags->sku, "of the product")->required();
    command.add_option("units", flags->units, "how many are on the shelf")
        ->required()
        ->check(whole_number());
    command.add_option("--at", flags->location, "the place (main)");
    command.add_option("--reason", flags->write.reason, "is kept with the fact (counted)");
    add_write_flags(command, flags->write);
}

} // namespace kontor::programs
