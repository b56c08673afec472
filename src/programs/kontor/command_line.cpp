#include "programs/kontor/api_command.hpp"
#include "programs/kontor/build_version.hpp"
#include "programs/kontor/operate_commands.hpp"
#include "programs/kontor/route_commands.hpp"
#include "programs/kontor/sandbox_command.hpp"
#include "programs/kontor/typed_numbers.hpp"

namespace kontor::programs {
namespace {

void add_global_flags(CLI::App& app, GlobalFlags& flags) {
    app.add_option("--data", flags.data_directory, "the data directory (default ./kontor-data)");
    app.add_option("--config", flags.config_file, "a settings file instead of ./kontor.toml");
    app.add_option("--progress", flags.progress, "auto, plain, json or off");
    app.add_option("--url", flags.url, "the server to ask (default: the one that has --data open)");
    app.add_option("--token-file", flags.token_file,
                   "a file whose first line is the server's token");
    app.add_flag("--json", flags.json, "answer as JSON; lists as one object a line");
    app.add_flag("--plain", flags.plain, "answer as tab-separated lines");
    app.add_flag("-q,--quiet", flags.quiet,
                 "only what is asked for, and errors: no notices, sentences, reports or progress");
    app.add_flag("-v,--verbose", flags.verbose, "say more");
    app.add_flag("--no-color", flags.no_colour, "no colour");
    app.set_version_flag("--version", "kontor " + std::string(build_version),
                         "the version in one line");
}

} // namespace

void add_commands(CLI::App& app, GlobalFlags& flags, std::optional<Command>& chosen) {
    app.fallthrough();
    app.require_subcommand(0, 1); // a projection may be named like a command
    add_global_flags(app, flags);
    add_about_commands(app, chosen);
    add_config_commands(app, chosen);
    add_doctor_command(app, chosen);
    add_explain_command(app, chosen);
    add_import_commands(app, chosen);
    add_load_command(app, chosen);
    add_projection_commands(app, chosen);
    add_remote_commands(app, chosen);
    add_sandbox_command(app, chosen);
    add_serve_command(app, chosen);
    add_shop_commands(app, chosen);
    add_top_command(app, chosen);
    add_topology_commands(app, chosen);
    add_trade_commands(app, chosen);
    add_store_commands(app, chosen);
    add_stream_commands(app, chosen);
    add_invoice_command(app, chosen);
    add_ledger_commands(app, chosen);
    add_operate_commands(app, chosen);
    add_saga_commands(app, chosen);
    add_audit_commands(app, chosen);
    add_payment_commands(app, chosen);
    add_sheet_commands(app, chosen);
    add_timeline_command(app, chosen);
    add_count_command(app, chosen);
    add_api_commands(app, chosen);
    check_numbers(app);
    note_routes(app);
}

} // namespace kontor::programs
