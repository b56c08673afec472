#include "programs/kontor/program.hpp"

namespace kontor::programs {

CLI::App& add_command(CLI::App& parent, std::optional<Command>& chosen, Wording const& wording,
                      Command command) {
    auto* const added = parent.add_subcommand(wording.name, wording.what);
    if (!wording.examples.empty())
        added->footer("Examples:\n" + wording.examples);
    added->callback([&chosen, command = std::move(command)] { chosen = command; });
    return *added;
}

} // namespace kontor::programs
