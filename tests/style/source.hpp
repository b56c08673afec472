#pragma once

/// A C++ file as the rules see it: tokens without comments and literals, comments by line,
/// includes. Written on std alone, so that the style check builds in seconds and depends on nothing
/// it judges.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::style {

struct Token {
    std::string text; ///< an identifier, a number, "::", "->", or one character
    std::size_t line = 0;
    bool directive = false; ///< part of a preprocessor line
};

struct Include {
    std::string name;
    bool quoted = false;
    std::size_t line = 0;
};

struct Source {
    std::string path;
    std::vector<std::string> lines;    ///< as written; line 1 is lines[0]
    std::vector<std::string> comments; ///< the comment text of each line, empty where there is none
    std::vector<Token> tokens;
    std::vector<Include> includes;
};

/// Splits a text into lines, without their ends.
std::vector<std::string> split_lines(std::string_view text);

/// Never fails: what cannot be read as C++ gives tokens that make no sense, and the compiler says
/// so.
Source read_source(std::string path, std::string_view text);

bool is_identifier(std::string_view token);

/// Whether all letters are capitals, as in a macro's name.
bool is_shouted(std::string_view token);

/// "ProcessManager" and "process_manager_" are both {"process", "manager"}.
std::vector<std::string> words_of(std::string_view identifier);

} // namespace kontor::style
