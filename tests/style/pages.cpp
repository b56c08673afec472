#include "tests/style/rules.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kontor::style {
namespace {

std::string parent_of(std::string_view path) {
    auto const slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

/// Whether the lines directly above and at a declaration, up to a blank one, hold the label.
bool has_label(Source const& source, std::size_t line, std::string_view label) {
    for (auto at = line; at > 0; --at) {
        if (source.lines[at - 1].find_first_not_of(" \t") == std::string::npos)
            return false;
        if (source.comments[at - 1].find(label) != std::string::npos)
            return true;
    }
    return false;
}

bool is_banner(std::string_view comment) {
    constexpr std::size_t run_max = 5;
    std::size_t run = 0;
    char previous = '\0';
    for (char const c : comment) {
        run = c == previous ? run + 1 : 1;
        previous = c;
        if (run > run_max && std::string_view("-=*#~/+").find(c) != std::string_view::npos)
            return true;
    }
    return false;
}

bool holds_word(std::string_view text, std::string_view word) {
    auto is_letter = [&](std::size_t at) {
        return at < text.size() && std::isalnum(static_cast<unsigned char>(text[at]));
    };
    for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
        if (!(at > 0 && is_letter(at - 1)) && !is_letter(at + word.size()))
            return true;
    return false;
}

/// "order.placed.v1" of a row `Stored<order::Placed, 101, "order.placed", 1, …>`; else empty.
std::string stored_name(std::string_view row) {
    auto const open = row.find('"');
    auto const close = row.find("\", ", open);
    if (row.find("Stored<") == std::string_view::npos || close == std::string_view::npos)
        return "";
    auto const version = row.substr(close + 3, row.find_first_of(",>", close + 3) - close - 3);
    return std::string(row.substr(open + 1, close - open - 1)) + ".v" + std::string(version);
}

constexpr std::size_t columns_max = 100;

/// How many columns a line of UTF-8 takes.
std::size_t columns_of(std::string_view line) {
    return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

bool can_be_broken(std::string_view comment) {
    auto const word = comment.find_first_not_of("/ ");
    return word != std::string_view::npos && comment.find(' ', word) != std::string_view::npos;
}

} // namespace

bool is_listed(Tree const& tree, std::string const& path) {
    for (auto folder = parent_of(path);; folder = parent_of(folder)) {
        auto const prefix = folder.empty() ? "" : folder + "/";
        auto const list = tree.texts.find(prefix + "CMakeLists.txt");
        if (list != tree.texts.end()) {
            auto const name = path.substr(prefix.size());
            auto const& text = list->second;
            for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
                bool const alone = at == 0 || std::string_view(" \t\n(/").find(text[at - 1]) !=
                                                  std::string_view::npos;
                auto const after = at + name.size();
                if (alone && (after == text.size() || std::string_view(" \t\n)").find(
                                                          text[after]) != std::string_view::npos))
                    return true;
            }
        }
        if (folder.empty())
            return false;
    }
}

void check_errors_label(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        if (!file.is_header || !file.source.path.starts_with("src/"))
            continue;
        for (auto const& function : file.outline.functions)
            if (function.returns_result && function.is_public && !function.overrides &&
                !is_shouted(function.name) &&
                !has_label(file.source, function.first_line, "Errors:"))
                findings.push_back({file.source.path, function.first_line, "",
                                    function.name + " returns a Result: its comment must say "
                                                    "`Errors:` and which"});
    }
}

void check_comments(Tree const& tree, Findings& findings) {
    constexpr auto marks = std::to_array<std::string_view>({"TODO", "FIXME", "HACK"});
    for (auto const& file : tree.files)
        for (std::size_t at = 0; at < file.source.comments.size(); ++at) {
            auto const& comment = file.source.comments[at];
            for (auto const mark : marks)
                if (holds_word(comment, mark))
                    findings.push_back(
                        {file.source.path, at + 1, "", std::string(mark) + ": do it, or file it"});
            if (is_banner(comment))
                findings.push_back({file.source.path, at + 1, "", "a banner says nothing"});
        }
}

void check_comment_width(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        for (std::size_t at = 0; at < file.source.lines.size(); ++at)
            if (can_be_broken(file.source.comments[at]) &&
                columns_of(file.source.lines[at]) > columns_max)
                findings.push_back({file.source.path, at + 1, "",
                                    "past column 100: break it, the formatter leaves comments"});
}

void check_pragma_once(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        if (file.is_header &&
            (file.source.lines.empty() || file.source.lines.front() != "#pragma once"))
            findings.push_back({file.source.path, 1, "", "a header opens with #pragma once"});
}

void check_listed(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        auto const& path = file.source.path;
        bool const built = !file.is_header || (path.starts_with("src/") && !file.is_spec);
        if (built && !is_listed(tree, path))
            findings.push_back({path, 0, "", "no CMakeLists.txt lists it: list it or delete it"});
    }
}

void check_readmes(Tree const& tree, Findings& findings) {
    constexpr std::size_t page_lines_max = 70;
    for (auto const& [path, text] : tree.texts) {
        if (!path.starts_with("src/") || !path.ends_with("/CMakeLists.txt") ||
            text.find("kontor_module(") == std::string::npos)
            continue;
        auto const readme = parent_of(path) + "/README.md";
        auto const page = tree.texts.find(readme);
        if (page == tree.texts.end())
            findings.push_back({path, 0, "", "its module has no README.md"});
        else if (split_lines(page->second).size() > page_lines_max)
            findings.push_back({readme, 0, "", "a README is a page: at most 70 lines"});
    }
}

void check_goldens(Tree const& tree, Findings& findings) {
    auto const table = tree.texts.find("src/codec/event_types.hpp");
    auto const any = tree.texts.lower_bound("tests/golden/");
    if (table == tree.texts.end() || any == tree.texts.end() ||
        !any->first.starts_with("tests/golden/"))
        return;
    for (auto const& line : split_lines(table->second)) {
        auto const sample = stored_name(line);
        for (auto const* ending : {".json", ".hex"})
            if (!sample.empty() && !tree.texts.contains("tests/golden/" + sample + ending))
                findings.push_back({"tests/golden/" + sample + ending, 0, "",
                                    "a stored event has no golden sample"});
    }
}

} // namespace kontor::style
