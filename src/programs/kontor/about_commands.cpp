#include "programs/kontor/build_version.hpp"
#include "programs/kontor/command_pages.hpp"
#include "programs/kontor/completion.hpp"
#include "programs/kontor/remote.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"
#include "services/gateway/open_api.hpp"

#include <boost/json/array.hpp>
#include <fmt/core.h>

#include <filesystem>
#include <fstream>

namespace kontor::programs {
namespace {

/// How long a person who presses Tab is kept waiting for what the server knows.
constexpr Duration tab_patience = Duration::milliseconds(200);
constexpr int ids_shown = 50;

ExitCode show_version(Program& program) {
    program.output.object({{"version", build_version},
                           {"compiler", __VERSION__},
                           {"journal_format", journal_format}});
    return ExitCode::ok;
}

/// What the server has under the name of a positional.
struct Known {
    std::string_view positional;
    char const* path;
    char const* word;
    char const* what;
};
constexpr Known known_things[] = {
    {"order", "/v1/orders", "id", "state"},       {"return", "/v1/returns", "id", "state"},
    {"shipment", "/v1/shipments", "id", "state"}, {"payment", "/v1/payments", "id", "state"},
    {"customer", "/v1/customers", "id", ""},      {"sku", "/v1/products", "sku", "title"},
};

/// Asks quietly: a completion that cannot be had is none.
std::vector<Candidate> on_the_server(Program const& program, std::string_view positional) {
    std::vector<Candidate> found;
    for (auto const& known : known_things) {
        if (known.positional != positional)
            continue;
        auto remote = Remote::find(program);
        if (!remote || !*remote)
            return found;
        auto const rows =
            (*remote)->rows(fmt::format("{}?limit={}", known.path, ids_shown), tab_patience);
        if (!rows)
            return found;
        for (auto const& row : *rows)
            found.push_back({text_in(row, known.word), text_in(row, known.what)});
    }
    return found;
}

struct CompletionAsked {
    std::vector<std::string> words;
    bool described{false};
};

/// The half-typed line may name the shop that it is about.
void heed_typed_flags(Program& program, std::vector<std::string> const& words) {
    for (std::size_t n = 0; n + 2 < words.size(); ++n) {
        auto const& value = words[n + 1];
        if (words[n] == "--data")
            static_cast<void>(program.settings.set("data.directory", value, "--data"));
        else if (words[n] == "--url")
            program.url = value;
        else if (words[n] == "--token-file")
            program.token_file = value;
    }
}

ExitCode complete(Program& program, CommandShape const& root, CompletionAsked const& asked) {
    heed_typed_flags(program, asked.words);
    auto const found = candidates(root, asked.words, [&](std::string_view positional) {
        return on_the_server(program, positional);
    });
    for (auto const& each : found)
        if (asked.described && !each.what.empty())
            answer("{}\t{}\n", each.word, each.what);
        else
            answer("{}\n", each.word);
    return ExitCode::ok;
}

struct ManualAsked {
    std::vector<std::string> command;
    std::string directory;
};

Outcome write_manual(Program& program, CommandShape const& root, std::string const& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    std::size_t written = 0;
    std::optional<Failure> failed;
    for_each_command(root, [&](CommandShape const& command) {
        auto const path = fmt::format("{}/{}.1", directory, page_name_of(command));
        std::ofstream file(path, std::ios::trunc);
        file << man_page(command, build_version);
        if (!file.flush() && !failed)
            failed = Failure{FailureKind::unavailable, "the page cannot be written", path};
        ++written;
    });
    if (failed)
        return unexpected(*std::move(failed));
    program.output.object({{"pages", written}, {"directory", directory}});
    return ExitCode::ok;
}

Outcome show_manual(Program& program, CommandShape const& root, ManualAsked const& asked) {
    if (!asked.directory.empty())
        return write_manual(program, root, asked.directory);
    auto const* command = &root;
    for (auto const& word : asked.command) {
        auto const* const below = command->find(word);
        if (below == nullptr)
            return unexpected(Trouble("usage", {FailureKind::invalid, "there is no such command",
                                                command->line + " " + word}));
        command = below;
    }
    answer("{}", man_page(*command, build_version));
    return ExitCode::ok;
}

void add_spec_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& spec = noun_of(app, "spec", "Descriptions for programs: of the API, of these commands");
    add_command(spec, chosen,
                {"openapi", "Prints the reference of the API as OpenAPI 3.1",
                 "  kontor spec openapi > openapi.json"},
                [](Program&) {
                    answer("{}\n", services::gateway::open_api_text());
                    return ExitCode::ok;
                });
    add_command(spec, chosen,
                {"cli", "Prints the tree of commands as JSON", "  kontor spec cli > commands.json"},
                [&app](Program&) {
                    answer("{}\n", json_of(shape_of(app)));
                    return ExitCode::ok;
                });
}

void add_completion_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto const shell = std::make_shared<std::string>();
    auto& script = add_command(
        app, chosen,
        {"completion", "Prints the script that completes half-typed commands in a shell",
         "  source <(kontor completion bash)\n"
         "  kontor completion zsh > \"${fpath[1]}/_kontor\"\n"
         "  kontor completion fish > ~/.config/fish/completions/kontor.fish"},
        [shell](Program&) {
            answer("{}", completion_script(*shell));
            return ExitCode::ok;
        });
    script.add_option("shell", *shell, "which one it is for")
        ->required()
        ->check(one_of({"bash", "zsh", "fish"}));
    auto const asked = std::make_shared<CompletionAsked>();
    auto& next = add_command(
        app, chosen, {"complete", "Says what may come next on a half-typed line", ""},
        [&app, asked](Program& program) { return complete(program, shape_of(app), *asked); });
    next.add_option("words", asked->words, "behind the program's name, the last one half-typed");
    next.add_flag("--described", asked->described, "each with what it is, behind a tab");
    next.group(""); // for the scripts, not for people
}

void add_manual_command(CLI::App& app, std::optional<Command>& chosen) {
    auto const asked = std::make_shared<ManualAsked>();
    auto& manual =
        add_command(app, chosen,
                    {"man", "Prints a page of the manual, or writes all of them",
                     "  kontor man | man -l -\n  kontor man order place | man -l -\n"
                     "  kontor man --to ~/.local/share/man/man1"},
                    [&app, asked](Program& program) {
                        return program.output.ended(show_manual(program, shape_of(app), *asked));
                    });
    manual.add_option("command", asked->command, "whose page; none: of kontor itself");
    manual.add_option("--to", asked->directory, "write all pages into this directory");
}

} // namespace

void add_about_commands(CLI::App& app, std::optional<Command>& chosen) {
    add_command(
        app, chosen,
        {"version", "Shows which build this is", "  kontor version\n  kontor version --json"},
        show_version);
    add_spec_commands(app, chosen);
    add_completion_commands(app, chosen);
    add_manual_command(app, chosen);
}

} // namespace kontor::programs
