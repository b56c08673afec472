#include "programs/kontor/program.hpp"

namespace kontor::programs {

CLI::App& add_command(CLI::App& parent, std::optional<Command>& chosen, std::string const& name,
                      std::string const& what, std::string const& examples, Command command) {
    auto* const added = parent.add_subcommand(name, what);
    if (!examples.empty())
        added->footer("Examples:\n" + examples);
    added->callback([&chosen, command = std::move(command)] { chosen = command; });
    return *added;
}

} // namespace kontor::programs
