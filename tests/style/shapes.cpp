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
            if (function.parameters > parameters_max)
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
        struct Switch {
            std::size_t depth;
            std::size_t default_line;
            bool over_enum;
        };
        std::vector<Switch> open;
        std::size_t depth = 0;
        bool announced = false;
        for (std::size_t at = 0; at < tokens.size(); ++at) {
            auto const& text = tokens[at].text;
            if (text == "switch") {
                announced = true;
            } else if (text == "{") {
                ++depth;
                if (announced)
                    open.push_back({depth, 0, false});
                announced = false;
            } else if (text == "}") {
                if (!open.empty() && open.back().depth == depth) {
                    if (open.back().over_enum && open.back().default_line != 0)
                        findings.push_back({file.source.path, open.back().default_line, "",
                                            "a switch over an enum has no default: name every "
                                            "enumerator, KONTOR_UNREACHABLE() after it"});
                    open.pop_back();
                }
                depth -= depth > 0 ? 1 : 0;
            } else if (!open.empty() && text == "case" && at + 2 < tokens.size()) {
                open.back().over_enum = open.back().over_enum || tokens[at + 2].text == "::";
            } else if (!open.empty() && text == "default" && at + 1 < tokens.size() &&
                       tokens[at + 1].text == ":") {
                open.back().default_line = tokens[at].line;
            }
        }
    }
}

} // namespace kontor::style
