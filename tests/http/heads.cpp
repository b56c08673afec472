#include "tests/http/heads.hpp"

#include <charconv>
#include <fstream>
#include <stdexcept>

namespace kontor::testing {
namespace {

/// "{300*y}" at `at`: the text and how often, and where it ends; nothing else begins like that.
struct Repeat {
    std::string text{};
    std::size_t count{0};
    std::size_t end{0};
};

Repeat repeat_at(std::string_view text, std::size_t at) {
    Repeat repeat;
    auto const [star, error] =
        std::from_chars(text.data() + at + 1, text.data() + text.size(), repeat.count);
    auto const close = text.find('}', at);
    if (error != std::errc{} || star == text.data() + text.size() || *star != '*' ||
        close == text.npos)
        return {};
    auto const begin = static_cast<std::size_t>(star + 1 - text.data());
    repeat.text = unescaped(text.substr(begin, close - begin));
    repeat.end = close + 1;
    return repeat;
}

char escape_of(char letter) {
    switch (letter) {
    case 'r': return '\r';
    case 'n': return '\n';
    case 't': return '\t';
    default: return letter;
    }
}

} // namespace

std::string unescaped(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{') {
            if (auto const repeat = repeat_at(text, i); repeat.end > 0) {
                for (std::size_t n = 0; n < repeat.count; ++n)
                    bytes += repeat.text;
                i = repeat.end - 1;
                continue;
            }
        }
        if (text[i] != '\\') {
            bytes += text[i];
        } else if (text[i + 1] == 'x') {
            unsigned value = 0;
            std::from_chars(text.data() + i + 2, text.data() + i + 4, value, 16);
            bytes += static_cast<char>(value);
            i += 3;
        } else {
            bytes += escape_of(text[++i]);
        }
    }
    return bytes;
}

std::string escaped(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (char const c : bytes) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '\r')
            text += "\\r";
        else if (c == '\n')
            text += "\\n";
        else if (c == '\\')
            text += "\\\\";
        else if (byte >= 0x20 && byte < 0x7f)
            text += c;
        else
            text.append("\\x").append({digits[byte >> 4], digits[byte & 15]});
    }
    return text;
}

std::vector<HeadCase> read_heads(std::string_view file, char separator) {
    std::ifstream in(KONTOR_SOURCE_DIR "/tests/http/" + std::string(file));
    std::vector<HeadCase> cases;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (line.starts_with('#') || line.empty())
            continue;
        auto const end = line.find(separator);
        if (end == line.npos)
            throw std::runtime_error("no separator in line " + std::to_string(number));
        cases.push_back({unescaped(line.substr(0, end)), unescaped(line.substr(end + 1)), number});
    }
    return cases;
}

} // namespace kontor::testing
