#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/remote_write.hpp"

#include <fmt/core.h>

#include <memory>

namespace kontor::programs {
namespace {

/// What happens to a parcel.
struct ShipmentFlags {
    std::string which; ///< a shipment, or the order that is split
    std::string carrier{"post"};
    std::string tracking;
    std::string location{"main"};
    std::vector<std::string> lines;
    WriteFlags write;
};

RemoteCall call_of(ShipmentFlags const& flags, std::string const& verb,
                   boost::json::object body = {}) {
    return {"POST", fmt::format("/v1/shipments/{}/{}", encoded(flags.which), verb),
            std::move(body)};
}

Outcome dispatch(Program& program, ShipmentFlags const& flags) {
    return write(
        program,
        call_of(flags, "dispatch", {{"carrier", flags.carrier}, {"tracking", flags.tracking}}),
        flags.write);
}

Outcome deliver(Program& program, ShipmentFlags const& flags) {
    return write(program, call_of(flags, "deliver"), flags.write);
}

Outcome resume(Program& program, ShipmentFlags const& flags) {
    auto call = call_of(flags, "resume");
    call.body.reset();
    return write(program, std::move(call), flags.write);
}

Outcome split(Program& program, ShipmentFlags const& flags) {
    KONTOR_TRY(auto lines, lines_of(flags.lines, "line"));
    return write(program,
                 {"POST", fmt::format("/v1/orders/{}/shipments", encoded(flags.which)),
                  boost::json::object{{"location", flags.location}, {"lines", std::move(lines)}}},
                 flags.write);
}

std::shared_ptr<ShipmentFlags> add_verb(CLI::App& noun, std::optional<Command>& chosen,
                                        Wording const& wording,
                                        Outcome (*command)(Program&, ShipmentFlags const&)) {
    auto const flags = std::make_shared<ShipmentFlags>();
    auto& added = add_command(noun, chosen, wording, command, flags);
    added.add_option("shipment", flags->which, "as the list gives it")->required();
    add_write_flags(added, flags->write);
    return flags;
}

void add_carried(CLI::App& noun, std::optional<Command>& chosen) {
    auto const sent =
        add_verb(noun, chosen,
                 {"dispatch", "Gives a parcel to the carrier; its payment follows",
                  "  kontor shipment dispatch ful_01… --carrier post --tracking RM123"},
                 dispatch);
    auto& command = *noun.get_subcommand("dispatch");
    command.add_option("--carrier", sent->carrier, "who brings it (post)");
    command.add_option("--tracking", sent->tracking, "the carrier's number")->required();
    add_verb(noun, chosen,
             {"deliver", "Notes that a parcel arrived", "  kontor shipment deliver ful_01…"},
             deliver);
    add_verb(noun, chosen,
             {"resume", "A parcel need not wait any more", "  kontor shipment resume ful_01…"},
             resume);
}

/// The verbs that want a reason and nothing else.
void add_reasoned(CLI::App& noun, std::optional<Command>& chosen) {
    for (auto const& [verb, what] :
         {std::pair{"hold", "Lets a parcel wait"}, std::pair{"cancel", "Unpacks a parcel"},
          std::pair{"fail", "Notes that it could not be delivered"},
          std::pair{"returned", "Notes that it comes back"}}) {
        auto const flags = std::make_shared<ShipmentFlags>();
        auto& added = add_command(
            noun, chosen,
            {verb, what, fmt::format("  kontor shipment {} ful_01… --reason 'as agreed'", verb)},
            [flags, name = std::string(verb)](Program& program) {
                return program.output.ended(write(program, call_of(*flags, name), flags->write));
            });
        added.add_option("shipment", flags->which, "as the list gives it")->required();
        added.add_option("--reason", flags->write.reason, "is kept with the fact")->required();
        add_write_flags(added, flags->write);
    }
}

} // namespace

void add_shipment_commands(CLI::App& shipments, std::optional<Command>& chosen) {
    add_carried(shipments, chosen);
    add_reasoned(shipments, chosen);
    auto const flags = std::make_shared<ShipmentFlags>();
    auto& command = add_command(shipments, chosen,
                                {"split", "Packs units of an order that are in no parcel",
                                 "  kontor shipment cancel ful_01… --reason 'too heavy for one'\n"
                                 "  kontor shipment split ord_01… --line 1=1 --line 2=3\n"
                                 "  kontor shipment split ord_01… --line 1=2 --at main"},
                                split, flags);
    command.add_option("order", flags->which, "as the list gives it")->required();
    command.add_option("--line", flags->lines, "a line and how many units of it: 1=2")->required();
    command.add_option("--at", flags->location, "the place (main)");
    add_write_flags(command, flags->write);
}

} // namespace kontor::programs
