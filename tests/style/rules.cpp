#include "tests/style/rules.hpp"

#include <sstream>
#include <utility>

namespace kontor::style {

std::vector<Rule> const& rules() {
    static std::vector<Rule> const all = {
        {"layers", "a folder includes only what src/layers.txt lets it see", check_layers},
        {"own-header", "a header's first user shows that it stands alone", check_own_header},
        {"layer-copy", "ARCHITECTURE.md prints the table that is in force", check_layer_copy},
        {"file-size", "a file is read in one sitting", check_file_size},
        {"function-size", "a function is seen at once", check_function_size},
        {"parameters", "past five, the arguments want a struct", check_parameters},
        {"nesting", "past four, the inner part wants a name", check_nesting},
        {"names", "a name says what a thing is", check_names},
        {"calls", "a seed replays everything: no hidden clock, dice, thread", check_calls},
        {"language", "failures are values; no coroutines", check_language},
        {"macros", "three macros, no fourth", check_macros},
        {"floating-point", "money is counted, never approximated", check_floating_point},
        {"enum-default", "a new enumerator must be met by every switch", check_enum_default},
        {"errors-label", "a caller knows how a call may fail", check_errors_label},
        {"comments", "work to do is done or filed; banners say nothing", check_comments},
        {"comment-width", "a comment is read beside another file", check_comment_width},
        {"pragma-once", "a header may be included twice", check_pragma_once},
        {"listed", "a file that is not built is dead", check_listed},
        {"readmes", "a module says what it is", check_readmes},
        {"goldens", "stored bytes are readable for ever", check_goldens},
    };
    return all;
}

namespace {

/// Whether the CMakeLists.txt beside a file names it after the word SPECS.
bool stands_under_specs(std::map<std::string, std::string> const& texts, std::string const& path) {
    auto const slash = path.rfind('/');
    auto const list = texts.find(path.substr(0, slash + 1) + "CMakeLists.txt");
    if (slash == std::string::npos || list == texts.end())
        return false;
    std::istringstream words(list->second);
    bool under_specs = false;
    for (std::string word; words >> word;) {
        if (is_shouted(word))
            under_specs = word == "SPECS";
        else if (under_specs && word == path.substr(slash + 1))
            return true;
    }
    return false;
}

/// Whether specs include this header, and nobody else does.
bool serves_specs_alone(Tree const& tree, std::string const& path) {
    bool served = false;
    for (auto const& file : tree.files)
        for (auto const& include : file.source.includes)
            if ("src/" + include.name == path) {
                if (!file.is_spec)
                    return false;
                served = true;
            }
    return served;
}

} // namespace

Tree make_tree(std::map<std::string, std::string> texts) {
    Tree tree{std::move(texts), {}};
    for (auto const& [path, text] : tree.texts) {
        bool const header = path.ends_with(".hpp");
        if (!header && !path.ends_with(".cpp"))
            continue;
        File file{read_source(path, text), {}, false, header};
        file.outline = outline_of(file.source);
        file.is_spec = path.ends_with("_spec.cpp") || path.starts_with("tests/") ||
                       stands_under_specs(tree.texts, path);
        tree.files.push_back(std::move(file));
    }
    for (auto& file : tree.files)
        if (file.is_header && !file.is_spec && !is_listed(tree, file.source.path))
            file.is_spec = serves_specs_alone(tree, file.source.path);
    return tree;
}

Findings check(Tree const& tree) {
    Findings findings;
    for (auto const& rule : rules()) {
        auto const before = findings.size();
        rule.check(tree, findings);
        for (auto at = before; at < findings.size(); ++at)
            findings[at].rule = rule.name;
    }
    return findings;
}

std::string folder_of(std::string_view path) {
    if (!path.starts_with("src/"))
        return "";
    path.remove_prefix(4);
    auto const slash = path.rfind('/');
    return std::string(slash == std::string_view::npos ? "" : path.substr(0, slash));
}

} // namespace kontor::style
