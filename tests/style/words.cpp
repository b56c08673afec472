#include "tests/style/rules.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace kontor::style {
namespace {

constexpr auto banned_words = std::to_array<std::string_view>(
    {"manager", "helper", "helpers", "util", "utils", "common", "misc", "data", "info", "impl"});

/// What the domain itself calls so: the process manager, and the data directory of a shop.
constexpr auto fine_pairs = std::to_array<std::pair<std::string_view, std::string_view>>(
    {{"process", "manager"}, {"data", "directory"}});

/// The banned word in a name, or nothing.
std::string_view banned_word(std::string_view name) {
    auto const words = words_of(name);
    for (std::size_t at = 0; at < words.size(); ++at) {
        auto const found = std::find(banned_words.begin(), banned_words.end(), words[at]);
        if (found == banned_words.end())
            continue;
        bool const fine = std::any_of(fine_pairs.begin(), fine_pairs.end(), [&](auto const& pair) {
            return (at > 0 && words[at - 1] == pair.first && words[at] == pair.second) ||
                   (at + 1 < words.size() && words[at] == pair.first &&
                    words[at + 1] == pair.second);
        });
        if (!fine)
            return *found;
    }
    return {};
}

struct At {
    std::vector<Token> const& tokens;
    std::size_t index;

    std::string_view text(std::size_t ahead = 0) const {
        return index + ahead < tokens.size() ? std::string_view(tokens[index + ahead].text) : "";
    }
    bool names_literals() const {
        for (std::size_t ahead = 0; !text(ahead).empty() && text(ahead) != ";"; ++ahead)
            if (text(ahead).ends_with("literals"))
                return true;
        return false;
    }
    std::string_view before(std::size_t back = 1) const {
        return index >= back ? std::string_view(tokens[index - back].text) : "";
    }
};

template <class Visit>
void each_token(File const& file, Visit visit) {
    for (std::size_t at = 0; at < file.source.tokens.size(); ++at)
        visit(At{file.source.tokens, at}, file.source.tokens[at].line);
}

/// A room with a thread, a clock and dice of its own.
bool may_touch_the_world(File const& file) {
    auto const& path = file.source.path;
    static std::vector<std::string_view> const rooms = {"src/runtime/", "src/adapters/",
                                                        "src/programs/", "bench/", "tests/"};
    return file.is_spec || std::any_of(rooms.begin(), rooms.end(),
                                       [&](auto room) { return path.starts_with(room); });
}

std::string_view worldly_call(At at) {
    if (at.text().ends_with("_clock") && at.text(1) == "::" && at.text(2) == "now")
        return "a clock is a constructor argument: Clock&";
    if (at.text() == "random_device" || at.text() == "mt19937" || at.text() == "mt19937_64")
        return "dice are a constructor argument: Random&";
    if (at.text() == "sleep_for" || at.text() == "sleep_until" || at.text() == "usleep")
        return "only the runtime sleeps: write an Agent";
    if ((at.text() == "thread" || at.text() == "jthread") && at.before() == "::" &&
        at.before(2) == "std" && at.text(1) != "::")
        return "only the runtime has threads: write an Agent";
    return {};
}

std::string_view banned_call(At at) {
    static std::set<std::string_view> const locale_bound = {
        "stod",   "stof", "stold", "stoi", "stol",   "stoll",  "stoul",
        "stoull", "atof", "atoi",  "atol", "strtod", "strtof", "sscanf"};
    if (at.text() == "detach" && (at.before() == "." || at.before() == "->"))
        return "a thread is joined, never detached";
    bool const in_std = at.before() == "::" && at.before(2) == "std";
    if (in_std && at.text() == "async")
        return "std::async hides a thread: write an Agent";
    if (in_std && at.text() == "shuffle")
        return "std::shuffle differs between libraries: use Random";
    if (in_std && at.text().ends_with("_distribution"))
        return "distributions differ between libraries: use Random's integer ratios";
    if (locale_bound.contains(at.text()) && at.text(1) == "(" && at.before() != "." &&
        at.before() != "->")
        return "parsing bound to a locale: use std::from_chars";
    return {};
}

std::string_view banned_language(At at, bool may_catch, bool is_spec) {
    static std::set<std::string_view> const coroutines = {"co_await", "co_return", "co_yield",
                                                          "awaitable"};
    if (coroutines.contains(at.text()))
        return "no coroutines: this compiler destroys temporaries of co_await twice";
    if (at.text() == "throw" && !is_spec)
        return "failures are values: return a Result";
    if ((at.text() == "catch" || (at.text() == "try" && at.text(1) == "{")) && !may_catch)
        return "catch stands in adapters and programs only, around the library that threw";
    if (at.text() == "using" && at.text(1) == "namespace" && !at.names_literals() &&
        !(is_spec && at.text(4) == "testing"))
        return "name what you use, not a namespace";
    return {};
}

void report(File const& file, std::size_t line, std::string_view says, Findings& findings) {
    if (!says.empty())
        findings.push_back({file.source.path, line, "", std::string(says)});
}

void check_path_words(std::string const& path, Findings& findings) {
    std::size_t begin = 0;
    while (begin < path.size()) {
        auto const end = std::min(path.find('/', begin), path.size());
        auto const part = path.substr(begin, end - begin);
        if (auto const word = banned_word(part.substr(0, part.find('.'))); !word.empty())
            findings.push_back({path, 0, "", "'" + std::string(word) + "' says nothing: name it"});
        begin = end + 1;
    }
}

} // namespace

void check_names(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        check_path_words(file.source.path, findings);
        each_token(file, [&](At at, std::size_t line) {
            auto const name = at.text();
            bool const foreign = at.before() == "." || at.before() == "->" || at.before() == "::";
            if (!is_identifier(name) || is_shouted(name) || foreign || at.text(1) == "::")
                return;
            if (auto const word = banned_word(name); !word.empty())
                report(file, line,
                       "'" + std::string(word) + "' in " + std::string(name) +
                           " says nothing: name what it is",
                       findings);
        });
        for (auto const& function : file.outline.functions)
            if (function.name == "process" || function.name == "handle")
                report(file, function.first_line,
                       function.name + "() says nothing: name what it does", findings);
    }
}

void check_calls(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        each_token(file, [&](At at, std::size_t line) {
            report(file, line, banned_call(at), findings);
            if (!may_touch_the_world(file))
                report(file, line, worldly_call(at), findings);
        });
}

void check_language(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        auto const& path = file.source.path;
        bool const may_catch = file.is_spec || path.starts_with("src/adapters/") ||
                               path.starts_with("src/programs/") || path.starts_with("bench/");
        each_token(file, [&](At at, std::size_t line) {
            report(file, line, banned_language(at, may_catch, file.is_spec), findings);
        });
    }
}

void check_macros(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files)
        each_token(file, [&](At at, std::size_t line) {
            if (at.before() != "#" || at.text() != "define")
                return;
            auto const name = at.text(1);
            bool const ours = name.starts_with("KONTOR_TRY") || name.starts_with("KONTOR_ASSERT") ||
                              name == "KONTOR_UNREACHABLE";
            if (!ours || !file.source.path.starts_with("src/base/"))
                report(file, line, "no macro but KONTOR_TRY, KONTOR_ASSERT, KONTOR_UNREACHABLE",
                       findings);
        });
}

void check_floating_point(Tree const& tree, Findings& findings) {
    for (auto const& file : tree.files) {
        if (!file.source.path.starts_with("src/domain/"))
            continue;
        each_token(file, [&](At at, std::size_t line) {
            if (at.text() == "double" || at.text() == "float")
                report(file, line, "no floating point in the domain: count in minor units",
                       findings);
        });
    }
}

} // namespace kontor::style
