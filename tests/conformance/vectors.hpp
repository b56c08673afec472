#pragma once

/// Vectors: lines of tests/conformance, each a pattern, an event and what must come of them.

#include <string>
#include <string_view>
#include <vector>

namespace kontor::testing {

enum class Expected : unsigned char { match, no_match, refused, malformed };

struct Vector {
    std::string name{};
    std::string pattern{};
    std::string event{};
    Expected expected{Expected::no_match};
};

/// Reads a file of lines.   Requires: `path` counts from tests/conformance.
std::vector<Vector> read_vectors(std::string_view path);

/// The names of the families, from `patterns`, sorted.
std::vector<std::string> families();

} // namespace kontor::testing
