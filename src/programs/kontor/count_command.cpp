#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_write.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

struct CountFlags {
    std::string sku;
    std::string location{"main"};
    std::int64_t units{0};
    WriteFlags write{.reason = "counted"};
};

/// What was counted replaces what was read: nothing may have moved meanwhile.
Outcome count(Program& program, CountFlags const& flags) {
    auto const path =
        fmt::format("/v1/inventory/{}/{}", encoded(flags.sku), encoded(flags.location));
    KONTOR_TRY(auto remote, Remote::reach(program));
    KONTOR_TRY(auto const item, remote.get(path));
    auto const& shelf = item.as_object();
    auto const delta = flags.units - shelf.at("on_hand").to_number<std::int64_t>();
    if (delta == 0) {
        show_remote_thing(program.output, item);
        program.output.say("There are as many as there should be.");
        return ExitCode::ok;
    }
    RemoteCall call{"POST", path + "/adjustments",
                    boost::json::object{{"delta", delta}, {"kind", "counted"}}};
    call.if_match = fmt::format("\"v{}\"", readable(shelf.at("version")));
    return write(program, std::move(call), flags.write);
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
        ->check(CLI::NonNegativeNumber);
    command.add_option("--at", flags->location, "the place (main)");
    command.add_option("--reason", flags->write.reason, "is kept with the fact (counted)");
    add_write_flags(command, flags->write);
}

} // namespace kontor::programs
