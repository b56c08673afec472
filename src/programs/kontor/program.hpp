#pragma once

/// What every command of `kontor` gets: settings, output, a clock. Commands register themselves on
/// the command tree and leave an ExitCode behind.

#include "adapters/files/file_source.hpp"
#include "domain/values/stream_id.hpp"
#include "programs/kontor/output.hpp"
#include "programs/kontor/progress.hpp"
#include "programs/kontor/settings.hpp"

#include <CLI/App.hpp>

#include <functional>
#include <memory>
#include <optional>

namespace kontor::programs {

/// The options that every command takes, as given.
struct GlobalFlags {
    std::string config_file;
    std::string data_directory;
    std::string progress;
    std::string url;
    std::string token_file;
    bool json{false};
    bool plain{false};
    bool quiet{false};
    bool verbose{false};
    bool no_colour{false};
};

/// The running program, complete once the flags are parsed.
struct Program {
    Clock& clock;
    Settings settings;
    Output output;
    ProgressStyle progress;
    std::string url{};        ///< of the server to ask; empty: none is named
    std::string token_file{}; ///< whose first line is sent to it; empty: none is named
};

/// Work to be done after parsing.
using Command = std::function<ExitCode(Program&)>;

/// How a command is called, what it does in a sentence, and the examples its help leads with.
struct Wording {
    std::string name;
    std::string what;
    std::string examples;
};

/// Adds a command that runs `command` when it is chosen.
CLI::App& add_command(CLI::App& parent, std::optional<Command>& chosen, Wording const& wording,
                      Command command);

/// The same for one with options; they are read when it runs.
template <class Options>
CLI::App& add_command(CLI::App& parent, std::optional<Command>& chosen, Wording const& wording,
                      Outcome (*command)(Program&, Options const&),
                      std::shared_ptr<Options> const& options) {
    return add_command(parent, chosen, wording, [options, command](Program& program) {
        return program.output.ended(command(program, *options));
    });
}

/// The noun of this name, which others may have added: several files bring verbs for it.
CLI::App& noun_of(CLI::App& app, std::string const& name, std::string const& what);

/// A file that somebody named.
/// Errors: not_found (file_not_found), unsupported (not_a_file), unavailable.
Result<std::unique_ptr<files::FileSource>, Trouble> open_file(std::string const& path);

/// Reads the name of a stream as somebody typed it.   Errors: invalid.
Result<StreamId, Trouble> stream_named(std::string const& text);

/// Adds the whole command tree; what is chosen is left in `chosen`.
void add_commands(CLI::App& app, GlobalFlags& flags, std::optional<Command>& chosen);

// One function for each noun of the command tree; each lives in its own file.
void add_about_commands(CLI::App& app, std::optional<Command>& chosen);
void add_config_commands(CLI::App& app, std::optional<Command>& chosen);
void add_customer_commands(CLI::App& customers, std::optional<Command>& chosen);
void add_doctor_command(CLI::App& app, std::optional<Command>& chosen);
void add_explain_command(CLI::App& app, std::optional<Command>& chosen);
void add_import_commands(CLI::App& app, std::optional<Command>& chosen);
void add_invoice_command(CLI::App& app, std::optional<Command>& chosen);
void add_ledger_commands(CLI::App& app, std::optional<Command>& chosen);
void add_load_command(CLI::App& app, std::optional<Command>& chosen);
void add_order_commands(CLI::App& orders, CLI::App& returns, std::optional<Command>& chosen);
void add_projection_commands(CLI::App& app, std::optional<Command>& chosen);
void add_remote_commands(CLI::App& app, std::optional<Command>& chosen);
void add_serve_command(CLI::App& app, std::optional<Command>& chosen);
void add_top_command(CLI::App& app, std::optional<Command>& chosen);
void add_trade_commands(CLI::App& app, std::optional<Command>& chosen);
void add_shop_commands(CLI::App& app, std::optional<Command>& chosen);
/// Behind those that add the nouns product and stock.
void add_sheet_commands(CLI::App& app, std::optional<Command>& chosen);
void add_backup_commands(CLI::App& store, std::optional<Command>& chosen);
void add_store_commands(CLI::App& app, std::optional<Command>& chosen);
void add_state_command(CLI::App& stream, std::optional<Command>& chosen);
void add_stream_commands(CLI::App& app, std::optional<Command>& chosen);

} // namespace kontor::programs
