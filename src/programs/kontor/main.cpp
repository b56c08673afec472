#include "programs/kontor/build_version.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/streams.hpp"
#include "runtime/system_clock.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/core.h>

#include <cerrno>
#include <cstring>
#include <sstream>

namespace kontor::programs {
namespace {

constexpr char const* guide = R"(Kontor: a shop whose books are a log.

Start here:
  kontor serve --demo                 open a shop with customers in it
  kontor import online-retail FILE    turn real invoices into a shop, and check its books
  kontor order list                   what was sold
  kontor store verify                 prove that no byte of the log has changed
  kontor projection rebuild           fold the facts into tables that SQL can ask
  kontor store backup DIRECTORY       keep a copy, verified
  kontor doctor                       is this machine fit for it?

Every command explains itself: kontor COMMAND --help
)";

kontor::Result<Program> make_program(kontor::Clock& clock, GlobalFlags const& flags) {
    auto const config = flags.config_file.empty() ? std::nullopt : std::optional(flags.config_file);
    KONTOR_TRY(auto settings, load_settings(config));
    if (!flags.data_directory.empty())
        KONTOR_TRY(settings.set("data.directory", flags.data_directory, "--data"));
    if (!flags.progress.empty())
        KONTOR_TRY(settings.set("output.progress", flags.progress, "--progress"));
    else if (flags.quiet)
        KONTOR_TRY(settings.set("output.progress", "off", "--quiet"));
    KONTOR_TRY(auto const progress, parse_progress_style(settings.text("output.progress")));
    auto const format = flags.json ? Format::json : flags.plain ? Format::plain : Format::table;
    OutputOptions const options{format, flags.quiet, flags.verbose, wants_colour(flags.no_colour)};
    return Program{clock,    std::move(settings), Output(options),
                   progress, flags.url,           flags.token_file};
}

/// What was typed instead of a command, if it looks like a slip: of the noun, or of its verb.
std::string did_you_mean(CLI::App const& app, int argc, char** argv) {
    auto const* at = &app;
    std::string line = "kontor";
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        std::vector<std::string> known;
        for (auto const* const command : at->get_subcommands([](CLI::App const*) { return true; }))
            known.push_back(command->get_name());
        if (known.empty())
            return "";
        if (word.starts_with("-"))
            continue;
        if (std::find(known.begin(), known.end(), word) == known.end()) {
            auto const meant = nearest(word, known);
            return meant ? fmt::format("Did you mean `{} {}`?", line, *meant) : "";
        }
        at = at->get_subcommand(word);
        line += " " + word;
    }
    return "";
}

/// What is wrong with the line; of a missing value CLI11 tells the type, and it is told plainly.
std::string what_is_wrong(CLI::ParseError const& error) {
    std::string const what = error.what();
    auto const colon = what.find(": ");
    bool const lacks_value = what.ends_with(" missing") && colon != std::string::npos;
    return lacks_value ? what.substr(0, colon) + " takes a value" : what;
}

/// The line as it was typed.
std::string typed(int argc, char** argv) {
    std::string line = "kontor";
    for (int i = 1; i < argc; ++i)
        line += fmt::format(" {}", argv[i]);
    return line;
}

/// Tells a trouble that came before there was a program to tell it.
int refuse(int argc, char** argv, Trouble const& trouble) {
    OutputOptions options;
    for (int i = 1; i < argc; ++i)
        if (std::string_view(argv[i]) == "--json")
            options.format = Format::json;
    return static_cast<int>(Output(options).fail(trouble));
}

int run(int argc, char** argv) {
    CLI::App app("Kontor: an event-driven shop in one program.", "kontor");
    GlobalFlags flags;
    std::optional<Command> chosen;
    add_commands(app, flags, chosen);
    try {
        app.parse(argc, argv);
    } catch (CLI::Success const& asked) { // for help, or the version
        std::ostringstream text;
        auto const code = app.exit(asked, text, text);
        write_answer(text.str());
        return code;
    } catch (CLI::ParseError const& error) {
        return refuse(argc, argv,
                      Trouble("usage",
                              {FailureKind::invalid, what_is_wrong(error), typed(argc, argv)},
                              did_you_mean(app, argc, argv)));
    }
    if (!chosen) {
        answer("{}", guide);
        return static_cast<int>(ExitCode::ok);
    }
    kontor::SystemClock clock;
    auto program = make_program(clock, flags);
    if (!program) {
        auto failure = std::move(program).error();
        failure.kind = FailureKind::invalid;
        return refuse(argc, argv, Trouble("settings", std::move(failure)));
    }
    try {
        return static_cast<int>((*chosen)(*program));
    } catch (std::exception const& error) { // of a library that reads what a server answered
        return refuse(argc, argv,
                      Trouble("unavailable",
                              {FailureKind::unavailable,
                               fmt::format("the answer is none of Kontor's ({})", error.what()),
                               typed(argc, argv)}));
    }
}

/// What did not get out is told, whatever else the command came to; but who has read enough of what
/// changes nothing is left in peace.
int run_and_answer(int argc, char** argv) {
    guard_streams();
    auto const code = run(argc, argv);
    flush_answer();
    auto const lost = answer_lost();
    if (lost == 0 || (lost == EPIPE && !changes_something()))
        return code;
    auto const kind =
        lost == ENOSPC || lost == EDQUOT ? FailureKind::full : FailureKind::unavailable;
    auto const exit_code = refuse(
        argc, argv,
        Trouble("answer_lost",
                {kind,
                 fmt::format("a part of the answer could not be written: {}", std::strerror(lost)),
                 "stdout"}));
    return code == 0 ? exit_code : code;
}

} // namespace
} // namespace kontor::programs

int main(int argc, char** argv) {
    return kontor::programs::run_and_answer(argc, argv);
}
