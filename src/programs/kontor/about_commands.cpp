#include "programs/kontor/program.hpp"

#include "programs/kontor/build_version.hpp"

namespace kontor::programs {
namespace {

ExitCode show_version(Program& program) {
    program.output.object({{"version", build_version},
                           {"compiler", __VERSION__},
                           {"journal_format", journal_format}});
    return ExitCode::ok;
}

} // namespace

void add_about_commands(CLI::App& app, std::optional<Command>& chosen) {
    add_command(
        app, chosen,
        {"version", "Shows which build this is", "  kontor version\n  kontor version --json"},
        show_version);
}

} // namespace kontor::programs
