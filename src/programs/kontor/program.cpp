#include "programs/kontor/program.hpp"

#include "programs/kontor/data_directory.hpp"

namespace kontor::programs {

CLI::App& add_command(CLI::App& parent, std::optional<Command>& chosen, Wording const& wording,
                      Command command) {
    auto* const added = parent.add_subcommand(wording.name, wording.what);
    if (!wording.examples.empty())
        added->footer("Examples:\n" + wording.examples);
    added->callback([&chosen, command = std::move(command)] { chosen = command; });
    return *added;
}

Result<std::unique_ptr<files::FileSource>, Trouble> open_file(std::string const& path) {
    auto source = files::FileSource::open(path);
    if (source)
        return *std::move(source);
    auto const& failure = source.error();
    if (failure.kind == FailureKind::not_found)
        return unexpected(Trouble("file_not_found", failure));
    if (failure.kind == FailureKind::unsupported)
        return unexpected(Trouble("not_a_file", failure));
    return unexpected(explained(failure, path));
}

CLI::App& noun_of(CLI::App& app, std::string const& name, std::string const& what) {
    auto const is_called_so = [&](CLI::App const* command) { return command->get_name() == name; };
    if (auto const known = app.get_subcommands(is_called_so); !known.empty())
        return *known.front();
    auto& noun = *app.add_subcommand(name, what);
    noun.require_subcommand(1);
    return noun;
}

} // namespace kontor::programs
