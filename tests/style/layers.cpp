#include "tests/style/rules.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

namespace kontor::style {
namespace {

struct Row {
    std::vector<std::string> sees;
    std::vector<std::string> third_party;
};

using Table = std::map<std::string, Row>;

std::vector<std::string> split_words(std::string const& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

Table read_table(std::string_view text) {
    Table table;
    for (auto const& line : split_lines(text)) {
        auto const first = line.find(':');
        auto const second = line.find(':', first + 1);
        if (line.empty() || line.front() == '#' || second == std::string::npos)
            continue;
        auto const names = split_words(line.substr(0, first));
        if (names.size() == 1)
            table[names.front()] = {split_words(line.substr(first + 1, second - first - 1)),
                                    split_words(line.substr(second + 1))};
    }
    return table;
}

/// The row of a folder, or of its nearest parent that has one.
std::optional<std::pair<std::string, Row>> row_of(Table const& table, std::string folder) {
    while (!folder.empty()) {
        if (auto const row = table.find(folder); row != table.end())
            return *row;
        auto const slash = folder.rfind('/');
        folder.resize(slash == std::string::npos ? 0 : slash);
    }
    return std::nullopt;
}

bool lies_in(std::string_view path, std::string_view folder) {
    return path == folder ||
           (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/');
}

bool lies_in_any(std::string_view path, std::vector<std::string> const& folders) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](auto const& folder) { return lies_in(path, folder); });
}

/// Headers of the operating system are for the rooms that touch it.
bool is_system_header(std::string_view name) {
    static std::vector<std::string> const folders = {"sys", "linux", "arpa", "net", "netinet"};
    return lies_in_any(name, folders) ||
           (name.ends_with(".h") && name.find('/') == std::string_view::npos);
}

bool may_touch_system(std::string_view folder) {
    static std::vector<std::string> const rooms = {"adapters", "runtime", "programs"};
    return lies_in_any(folder, rooms);
}

/// A third-party header of the table, given as "boost/json/value.hpp" or "fmt/core.h": one entry
/// lets its own name and everything below it in, with or without ".hpp".
bool is_entry(std::string_view header, std::vector<std::string> const& entries) {
    return std::any_of(entries.begin(), entries.end(), [&](auto const& entry) {
        return lies_in(header, entry) || header == entry + ".hpp";
    });
}

void check_ours(File const& file, Include const& include, std::string const& key, Row const& row,
                Findings& findings) {
    auto const& path = file.source.path;
    if (include.name.starts_with("tests/") || include.name.find('/') == std::string::npos) {
        bool const fine = file.is_spec && include.name.starts_with("tests/");
        if (!fine)
            findings.push_back({path, include.line, "",
                                "\"" + include.name + "\" is not named from src/ downwards"});
        return;
    }
    if (lies_in(include.name, folder_of(path)) || lies_in_any(include.name, row.sees))
        return;
    if (file.is_spec && lies_in(include.name, "adapters/memory"))
        return; // memory adapters stand where others would write mocks
    findings.push_back({path, include.line, "",
                        key + " may not see \"" + include.name + "\"; src/layers.txt says what"});
}

void check_theirs(File const& file, Include const& include, Table const& table,
                  std::pair<std::string, Row> const& row, Findings& findings) {
    auto const& name = include.name;
    if (is_entry(name, row.second.third_party))
        return;
    if (file.is_spec &&
        (lies_in(name, "gtest") || lies_in(name, "rapidcheck") || name == "rapidcheck.h"))
        return;
    if (file.source.path.ends_with("_bench.cpp") && lies_in(name, "benchmark"))
        return;
    bool const in_table = std::any_of(table.begin(), table.end(), [&](auto const& other) {
        return is_entry(name, other.second.third_party);
    });
    bool const is_standard =
        name.find('/') == std::string::npos && name.find('.') == std::string::npos;
    if (!in_table && is_standard)
        return;
    if (!in_table && is_system_header(name) &&
        (file.is_spec || may_touch_system(folder_of(file.source.path))))
        return;
    findings.push_back({file.source.path, include.line, "",
                        row.first + " may not include <" + name + ">; src/layers.txt lists " +
                            "what third parties it may use"});
}

/// The rows of the table without comments and spacing, so that two copies compare.
std::vector<std::string> rows_of(std::string_view text) {
    std::vector<std::string> rows;
    for (auto const& line : split_lines(text)) {
        auto const words = split_words(line);
        if (words.empty() || words.front().front() == '#')
            continue;
        std::string row;
        for (auto const& word : words)
            row += (row.empty() ? "" : " ") + word;
        rows.push_back(row);
    }
    return rows;
}

} // namespace

void check_layers(Tree const& tree, Findings& findings) {
    auto const text = tree.texts.find("src/layers.txt");
    auto const table = text == tree.texts.end() ? Table{} : read_table(text->second);
    for (auto const& file : tree.files) {
        if (!file.source.path.starts_with("src/"))
            continue;
        auto const row = row_of(table, folder_of(file.source.path));
        if (!row) {
            findings.push_back(
                {file.source.path, 0, "", "its folder has no row in src/layers.txt"});
            continue;
        }
        for (auto const& include : file.source.includes) {
            if (include.quoted)
                check_ours(file, include, row->first, row->second, findings);
            else
                check_theirs(file, include, table, *row, findings);
        }
    }
}

void check_own_header(Tree const& tree, Findings& findings) {
    constexpr std::string_view ending = ".cpp";
    for (auto const& file : tree.files) {
        auto const& path = file.source.path;
        if (!path.ends_with(ending))
            continue;
        auto const header = path.substr(0, path.size() - ending.size()) + ".hpp";
        if (!tree.texts.contains(header))
            continue;
        auto const name = header.starts_with("src/") ? header.substr(4) : header;
        auto const& includes = file.source.includes;
        if (includes.empty() || includes.front().name != name)
            findings.push_back({path, includes.empty() ? 0 : includes.front().line, "",
                                "includes \"" + name + "\" first, before anything else"});
    }
}

void check_layer_copy(Tree const& tree, Findings& findings) {
    auto const table = tree.texts.find("src/layers.txt");
    auto const page = tree.texts.find("ARCHITECTURE.md");
    if (table == tree.texts.end() || page == tree.texts.end())
        return;
    static std::string const fence = "```layers\n";
    auto const begin = page->second.find(fence);
    auto const end = page->second.find("```", begin + fence.size());
    if (begin == std::string::npos || end == std::string::npos) {
        findings.push_back(
            {"ARCHITECTURE.md", 0, "", "prints no layer table: open the block with ```layers"});
        return;
    }
    auto const body = begin + fence.size();
    if (rows_of(std::string_view(page->second).substr(body, end - body)) != rows_of(table->second))
        findings.push_back({"ARCHITECTURE.md", 0, "",
                            "prints another layer table than src/layers.txt; "
                            "style_check --copy-layers prints the one in force"});
}

} // namespace kontor::style
