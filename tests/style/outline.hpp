#pragma once

/// The outline of a source: which functions it declares and defines, how long, how deep, with how
/// many parameters. A reading by shape, not a compiler: code that clang-format accepts is read
/// right; a macro that hides a brace is not.

#include "tests/style/source.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace kontor::style {

struct Function {
    std::string name;
    std::size_t first_line = 0; ///< of the declaration
    std::size_t last_line = 0;  ///< of the closing brace, or of the semicolon
    std::size_t parameters = 0;
    std::size_t nesting = 0; ///< deepest stack of if, for, while, do, switch, try
    bool defined = false;
    bool returns_result = false;
    bool is_public = true;
    bool overrides = false;
};

/// A class, struct, union, enum, alias or concept that the source gives a name to.
struct TypeName {
    std::string name;
    std::size_t line = 0;
};

struct Outline {
    std::vector<Function> functions;
    std::vector<TypeName> types;
};

Outline outline_of(Source const& source);

} // namespace kontor::style
