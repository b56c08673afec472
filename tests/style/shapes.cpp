#include "tests/style/rules.hpp"

#include <string>

namespace kontor::style {
namespace {

constexpr std::size_t file_lines_max = 500;
constexpr std::size_t spec_lines_max = 800;
constexpr std::size_t function_lines_max = 70;
constexpr std::size_t parameters_max = 5;
constexpr std::size_t nesting_max = 4;

std::string count(std::size_t number) {
    return std::to_string(number);
}

/// The line of a `default:` in a switch, begun at `at`, whose cases are enumerators; 0: none.
std::size_t bad_default(std::vector<Token> const& tokens, std::size_t at) {
    std::size_t depth = 0;
    std::size_t default_line = 0;
    bool over_enum = false;
    for (; at + 2 < tokens.size(); ++at) {
        auto const& text = tokens[at].text;
        depth += text == "{" ? 1 : 0;
        if (text == "}" && --depth == 0)
            break;
        if (depth == 1 && text == "case")
            over_enum = over_enum || tokens[at + 2].text == "::";
        if (depth == 1 && text == "default" && tokens[at + 1].text == ":")
            default_line = tokens[at].line;
    }
    return over_enum ? default_line : 0;
}

} // namespace

void check_file_size(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        auto const most = file.is_spec ? spec_lines_max : file_lines_max;
        auto const have = file.source.lines.size();
        if (have > most)
            findings.push_back(
                {file.source.path, 0, "",
                 count(have) + " lines; " + count(most) + " is the limit: split it"});
    }
}

void check_function_size(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        for (auto const& function : file.outline.functions) {
            auto const have = function.last_line - function.first_line + 1;
            if (function.defined && have > function_lines_max)
                findings.push_back({file.source.path, function.first_line, "",
                                    function.name + " has " + count(have) + " lines; " +
                                        count(function_lines_max) + " is the limit"});
        }
}

void check_parameters(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        for (auto const& function : file.outline.functions)
            if (!file.is_spec && function.parameters > parameters_max)
                findings.push_back({file.source.path, function.first_line, "",
                                    function.name + " takes " + count(function.parameters) +
                                        " parameters; past " + count(parameters_max) +
                                        " they want a struct"});
}

void check_nesting(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        for (auto const& function : file.outline.functions)
            if (function.nesting > nesting_max)
                findings.push_back({file.source.path, function.first_line, "",
                                    function.name + " nests " + count(function.nesting) +
                                        " deep; past " + count(nesting_max) +
                                        " the inner part wants a name"});
}

void check_enum_default(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        auto const& tokens = file.source.tokens;
        for (std::size_t at = 0; at < tokens.size(); ++at)
            if (auto const line = tokens[at].text == "switch" ? bad_default(tokens, at) : 0;
                line > 0)
                findings.push_back({file.source.path, line, "",
                                    "a switch over an enum has no default: name every enumerator, "
                                    "KONTOR_UNREACHABLE() after it"});
    }
}

} // namespace kontor::style
