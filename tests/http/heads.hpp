#pragma once

/// Requests as data: the lines of malformed_heads.txt and sound_heads.txt.

#include <string>
#include <string_view>
#include <vector>

namespace kontor::testing {

struct HeadCase {
    std::string expected; ///< the fault, or what is read
    std::string bytes;
    std::size_t line;
};

/// The cases of a file of this folder; what is expected ends at the first `separator`.
std::vector<HeadCase> read_heads(std::string_view file, char separator);

/// Bytes as they are written in those files.
std::string unescaped(std::string_view text);
std::string escaped(std::string_view bytes);

} // namespace kontor::testing
