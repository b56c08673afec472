#include "programs/kontor/command_pages.hpp"

#include "programs/kontor/exit_code.hpp"

#include <fmt/core.h>
#include <fmt/format.h>

#include <algorithm>

namespace kontor::programs {
namespace {

/// Takes the first letter of a text in UTF-8 off it; ours are written by us, so they are whole.
std::uint32_t take_letter(std::string_view& text) {
    auto const byte = [&](std::size_t n) {
        return n < text.size() ? static_cast<unsigned char>(text[n]) : 0U;
    };
    std::size_t const more = byte(0) < 0x80 ? 0 : byte(0) < 0xe0 ? 1 : byte(0) < 0xf0 ? 2 : 3;
    std::uint32_t letter = more == 0 ? byte(0) : byte(0) & (0x3fU >> more);
    for (std::size_t n = 1; n <= more; ++n)
        letter = letter << 6U | (byte(n) & 0x3fU);
    text.remove_prefix(std::min(more + 1, text.size()));
    return letter;
}

/// A text as troff shows it: its own letters bear no meaning, and no line begins a request.
std::string plain(std::string_view text) {
    constexpr std::uint32_t ascii_end = 0x80;
    std::string out;
    while (!text.empty()) {
        auto const letter = take_letter(text);
        if (letter >= ascii_end) {
            out += fmt::format("\\[u{:04X}]", letter);
            continue;
        }
        auto const c = static_cast<char>(letter);
        bool const begins_line = out.empty() || out.back() == '\n';
        if (begins_line && (c == '.' || c == '\''))
            out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

/// Typed names, with what stands for a value: "--rate FLOAT", "ORDER".
std::string spelled(ParameterShape const& parameter) {
    std::string value = parameter.takes;
    if (!parameter.choices.empty())
        value = fmt::format("{}", fmt::join(parameter.choices, "|"));
    auto const names = fmt::format("{}", fmt::join(parameter.names, ", "));
    return value.empty() ? names : names + " " + value;
}

std::string placeholder(ParameterShape const& positional) {
    auto name = positional.names.front();
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    if (positional.repeats)
        name += "…";
    return positional.required ? name : "[" + name + "]";
}

std::string synopsis(CommandShape const& command) {
    auto line = command.line;
    for (auto const& positional : command.positionals)
        line += " " + placeholder(positional);
    if (!command.options.empty())
        line += " [options]";
    if (!command.commands.empty())
        line += " COMMAND";
    return line;
}

std::string what_of(ParameterShape const& parameter) {
    return parameter.required ? parameter.what + " (required)" : parameter.what;
}

bool is_noun(CommandShape const& command) {
    return !command.commands.empty();
}

void add_parameters(std::string& page, std::string_view heading,
                    std::vector<ParameterShape> const& parameters, bool positional) {
    if (parameters.empty())
        return;
    page += fmt::format(".SH {}\n", heading);
    for (auto const& each : parameters)
        page += fmt::format(".TP\n\\fB{}\\fR\n{}\n",
                            plain(positional ? placeholder(each) : spelled(each)),
                            plain(what_of(each)));
}

void add_section(std::string& text, CommandShape const& command) {
    text += fmt::format("\n### `{}`\n\n{}.\n", synopsis(command), command.what);
    if (!command.positionals.empty() || !command.options.empty())
        text += "\n| | |\n|---|---|\n";
    auto const add_row = [&](std::string const& name, ParameterShape const& each) {
        auto cell = name;
        for (auto at = cell.find('|'); at != std::string::npos; at = cell.find('|', at + 2))
            cell.insert(at, "\\");
        text += fmt::format("| `{}` | {} |\n", cell, what_of(each));
    };
    for (auto const& each : command.positionals)
        add_row(placeholder(each), each);
    for (auto const& each : command.options)
        if (each.names.back() != "--help")
            add_row(spelled(each), each);
    if (!command.examples.empty())
        text += fmt::format("\n```\n{}\n```\n", command.examples);
    if (!command.routes.empty())
        text += fmt::format("\nOver HTTP: `{}`.\n", fmt::join(command.routes, "`, `"));
}

} // namespace

std::string page_name_of(CommandShape const& command) {
    auto name = command.line;
    std::ranges::replace(name, ' ', '-');
    return name;
}

std::string man_page(CommandShape const& command, std::string_view version) {
    auto const name = page_name_of(command);
    auto page =
        fmt::format(".TH \"{}\" 1 \"\" \"Kontor {}\" \"Kontor\"\n"
                    ".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR\n",
                    name, version, plain(name), plain(command.what), plain(synopsis(command)));
    add_parameters(page, "ARGUMENTS", command.positionals, true);
    if (is_noun(command)) {
        page += ".SH COMMANDS\n";
        for (auto const& below : command.commands)
            page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", plain(below.line), plain(below.what));
    }
    add_parameters(page, "OPTIONS", command.options, false);
    if (!command.examples.empty())
        page += fmt::format(".SH EXAMPLES\n.nf\n{}\n.fi\n", plain(command.examples));
    if (!command.routes.empty())
        page += fmt::format(".SH \"OVER HTTP\"\n.nf\n{}\n.fi\n",
                            plain(fmt::format("{}", fmt::join(command.routes, "\n"))));
    if (command.line == "kontor") {
        page += ".SH \"EXIT STATUS\"\n";
        for (auto const& [code, what] : exit_codes())
            page += fmt::format(".TP\n\\fB{}\\fR\n{}\n", static_cast<int>(code), plain(what));
    }
    page += ".SH \"SEE ALSO\"\n";
    page += command.line == "kontor" ? "kontor explain, kontor doctor\n" : ".BR kontor (1)\n";
    return page;
}

std::string command_reference(CommandShape const& root) {
    auto text = fmt::format("# The command line\n\n"
                            "Generated from the command tree by `spec_programs_kontor`; with "
                            "`KONTOR_WRITE_DOCS=1` it writes this page anew.\n"
                            "`kontor COMMAND --help` says the same, `kontor man` as pages of the "
                            "manual, `kontor spec cli` as JSON.\n\n"
                            "Every command also takes these:\n\n| | |\n|---|---|\n");
    for (auto const& each : root.options)
        text += fmt::format("| `{}` | {} |\n", spelled(each), what_of(each));
    text += "\nAnd every command ends with one of these exit codes, which never change:\n\n"
            "| | |\n|---|---|\n";
    for (auto const& [code, what] : exit_codes())
        text += fmt::format("| {} | {} |\n", static_cast<int>(code), what);
    for (auto const& noun : root.commands) {
        text += fmt::format("\n## {}\n", noun.name);
        if (is_noun(noun))
            text += fmt::format("\n{}.\n", noun.what);
        for_each_command(noun, [&](CommandShape const& command) {
            if (!is_noun(command))
                add_section(text, command);
        });
    }
    return text;
}

} // namespace kontor::programs
