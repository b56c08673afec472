#pragma once

/// The rules of the house that a machine can hold. Each takes a whole tree and adds what it finds.
/// A tree is a map from path to text, so that a rule is shown its own faults in a spec.

#include "tests/style/outline.hpp"
#include "tests/style/source.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::style {

struct Finding {
    std::string path;
    std::size_t line = 0; ///< 0: the file as a whole
    std::string rule;
    std::string says; ///< what is wrong, and what to do instead
};

using Findings = std::vector<Finding>;

/// A C++ file with everything the rules ask about it.
struct File {
    Source source;
    Outline outline;
    /// Ends in _spec.cpp, stands under SPECS in a list, lies in tests/, or is a header that no list
    /// names and only such files include.
    bool is_spec = false;
    bool is_header = false; ///< ends in .hpp
};

struct Tree {
    std::map<std::string, std::string> texts; ///< every file, by its path from the root
    std::vector<File> files;                  ///< those that are C++
};

Tree make_tree(std::map<std::string, std::string> texts);

struct Rule {
    std::string_view name;
    std::string_view reason;
    void (*check)(Tree const&, Findings&);
};

/// Every rule, in the sequence they are reported.
std::vector<Rule> const& rules();

Findings check(Tree const& tree);

/// Whether a CMakeLists.txt of the file's folder or of one above names it, relative to itself.
bool is_listed(Tree const& tree, std::string const& path);

/// The folder of src/ that a path lies in: "src/domain/order/events.hpp" is "domain/order".
std::string folder_of(std::string_view path);

void check_layers(Tree const& tree, Findings& findings);
/// x.cpp includes x.hpp before anything else. The build relies on it: cmake/kontor.cmake compiles
/// alone only the headers that have no such file.
void check_own_header(Tree const& tree, Findings& findings);
void check_layer_copy(Tree const& tree, Findings& findings);
void check_file_size(Tree const& tree, Findings& findings);
void check_function_size(Tree const& tree, Findings& findings);
/// A spec is spared: it may build a row of a table by hand.
void check_parameters(Tree const& tree, Findings& findings);
void check_nesting(Tree const& tree, Findings& findings);
void check_names(Tree const& tree, Findings& findings);
void check_calls(Tree const& tree, Findings& findings);
void check_language(Tree const& tree, Findings& findings);
void check_macros(Tree const& tree, Findings& findings);
void check_floating_point(Tree const& tree, Findings& findings);
void check_enum_default(Tree const& tree, Findings& findings);
void check_errors_label(Tree const& tree, Findings& findings);
void check_comments(Tree const& tree, Findings& findings);
void check_comment_width(Tree const& tree, Findings& findings);
void check_pragma_once(Tree const& tree, Findings& findings);
void check_listed(Tree const& tree, Findings& findings);
void check_readmes(Tree const& tree, Findings& findings);
void check_goldens(Tree const& tree, Findings& findings);

} // namespace kontor::style
