#include "tests/http/naive_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <regex>

namespace kontor::testing {
namespace {

enum class Outcome : unsigned char { request, refused, unfinished, last };

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

bool matches(std::string const& text, char const* pattern) {
    static std::map<std::string, std::regex> compiled; // compiling one takes longer than using it
    return std::regex_match(text, compiled.try_emplace(pattern, pattern).first->second);
}

/// Requires: digits only, not too many.
std::uint64_t number(std::string const& digits, int base = 10) {
    std::uint64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    return value;
}

std::vector<std::string> split(std::string const& text, std::string const& separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    for (std::size_t at; (at = text.find(separator, begin)) != text.npos;
         begin = at + separator.size())
        parts.push_back(text.substr(begin, at - begin));
    parts.push_back(text.substr(begin));
    return parts;
}

/// Each %xy decoded; empty when one is broken.
std::optional<std::string> decode(std::string const& text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        auto const digits = text.substr(i + 1, 2);
        if (!matches(digits, "[0-9A-Fa-f]{2}"))
            return std::nullopt;
        decoded += static_cast<char>(number(digits, 16));
        i += 2;
    }
    return decoded;
}

bool is_good_path(std::string const& path) {
    auto const segments = split(path.substr(1), "/");
    for (std::size_t i = 0; i < segments.size(); ++i) {
        auto const decoded = decode(segments[i]);
        bool const is_last = i + 1 == segments.size();
        if (!decoded || (segments[i].empty() && !is_last) || *decoded == "." || *decoded == "..")
            return false;
        for (char const c : *decoded)
            if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '/' || c == '\\')
                return false;
    }
    return true;
}

struct NaiveHead {
    std::string method{}, path{}, query{};
    bool is_old{false}, closes{false};
    std::multimap<std::string, std::string> headers{};

    std::size_t count(std::string const& name) const { return headers.count(name); }
    std::string one(std::string const& name) const { return headers.find(name)->second; }
};

bool read_request_line(std::string const& line, NaiveHead& head) {
    auto const words = split(line, " ");
    if (words.size() != 3 || !matches(words[0], "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,16}") ||
        words[1].empty() || words[1].size() > 4096 || words[1][0] != '/' ||
        !matches(words[2], "HTTP/1\\.[01]"))
        return false;
    for (char const c : words[1])
        if (c < 0x21 || c > 0x7e || c == '#')
            return false;
    auto const mark = words[1].find('?');
    head.method = words[0];
    head.path = words[1].substr(0, mark);
    head.query = mark == std::string::npos ? "" : words[1].substr(mark + 1);
    head.closes = head.is_old = words[2] == "HTTP/1.0";
    return is_good_path(head.path) && decode(head.query).has_value();
}

bool read_field(std::string const& line, NaiveHead& head) {
    auto const colon = line.find(':');
    if (colon == line.npos || !matches(line.substr(0, colon), "[!#$%&'*+.^_`|~0-9A-Za-z-]+"))
        return false;
    auto value = line.substr(colon + 1);
    for (char const c : value)
        if ((c < 0x20 && c != '\t') || c > 0x7e)
            return false;
    auto const begin = value.find_first_not_of(" \t");
    value =
        begin == value.npos ? "" : value.substr(begin, value.find_last_not_of(" \t") - begin + 1);
    head.headers.emplace(lower(line.substr(0, colon)), value);
    return true;
}

bool is_sound(NaiveHead& head) {
    if (head.count("host") != 1 || head.count("content-length") > 1 ||
        head.count("transfer-encoding") > 1 || head.count("expect") > 1)
        return false;
    if (!matches(lower(head.one("host")), "(localhost|127\\.0\\.0\\.1|\\[::1\\])(:[0-9]{1,5})?"))
        return false;
    bool const has_length = head.count("content-length") == 1;
    bool const has_encoding = head.count("transfer-encoding") == 1;
    if (has_length && !matches(head.one("content-length"), "[0-9]{1,18}"))
        return false;
    if (has_encoding &&
        (has_length || head.is_old || lower(head.one("transfer-encoding")) != "chunked"))
        return false;
    if (head.count("expect") == 1 && lower(head.one("expect")) != "100-continue")
        return false;
    auto const [begin, end] = head.headers.equal_range("connection");
    for (auto each = begin; each != end; ++each)
        for (auto const& word : split(lower(each->second), ","))
            head.closes = head.closes || matches(word, "[ \t]*close[ \t]*");
    bool const has_body = has_encoding || (has_length && number(head.one("content-length")) > 0);
    bool const only_reads =
        head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS";
    return !(has_body && only_reads) &&
           (!has_length || number(head.one("content-length")) <= (1U << 20));
}

/// Nothing that may follow makes a head of these bytes.
bool is_hopeless(std::string const& begin) {
    if (begin.size() >= 16 * 1024)
        return true;
    for (std::size_t i = 0; i < begin.size(); ++i) {
        auto const c = static_cast<unsigned char>(begin[i]);
        bool const is_last = i + 1 == begin.size();
        if ((c == '\n' && (i == 0 || begin[i - 1] != '\r')) ||
            (c == '\r' && !is_last && begin[i + 1] != '\n') ||
            (c < 0x20 && c != '\r' && c != '\n' && c != '\t') || c > 0x7e)
            return true;
    }
    return !begin.empty() && !matches(begin.substr(0, 1), "[!#$%&'*+.^_`|~0-9A-Za-z-]");
}

/// Takes a chunked body off `rest`.
Outcome take_chunks(std::string& rest, std::string& body) {
    for (;;) {
        auto const end = rest.find("\r\n");
        auto const size_line = rest.substr(0, end);
        if (end == rest.npos && matches(size_line, "[0-9A-Fa-f]{0,8}\r?") && size_line != "\r") {
            bool const is_told = size_line.ends_with("\r"); // too much is refused without the LF
            auto const told = is_told ? number(size_line, 16) : 0;
            return body.size() + told > (1U << 20) ? Outcome::refused : Outcome::unfinished;
        }
        if (!matches(size_line, "[0-9A-Fa-f]{1,8}"))
            return Outcome::refused;
        auto const size = number(size_line, 16);
        if (body.size() + size > (1U << 20))
            return Outcome::refused;
        rest.erase(0, end + 2);
        body += rest.substr(0, size);
        auto const after = rest.size() < size ? "" : rest.substr(size, 2);
        if (after.size() < 2 && (after.empty() || after == "\r"))
            return Outcome::unfinished;
        if (after != "\r\n")
            return Outcome::refused;
        rest.erase(0, size + 2);
        if (size == 0)
            return Outcome::request;
    }
}

Outcome take_request(std::string& rest, std::string& text) {
    auto const end = rest.substr(0, 16 * 1024).find("\r\n\r\n");
    if (end == rest.npos)
        return is_hopeless(rest) ? Outcome::refused : Outcome::unfinished;
    auto lines = split(rest.substr(0, end), "\r\n");
    NaiveHead head;
    if (!read_request_line(lines[0], head) || lines.size() > 101)
        return Outcome::refused;
    for (std::size_t i = 1; i < lines.size(); ++i)
        if (!read_field(lines[i], head))
            return Outcome::refused;
    if (!is_sound(head))
        return Outcome::refused;
    rest.erase(0, end + 4);
    std::string body;
    if (head.count("transfer-encoding") == 1) {
        if (auto const outcome = take_chunks(rest, body); outcome != Outcome::request)
            return outcome;
    } else if (head.count("content-length") == 1) {
        auto const size = number(head.one("content-length"));
        if (rest.size() < size)
            return Outcome::unfinished;
        body = rest.substr(0, size);
        rest.erase(0, size);
    }
    bool const is_known = matches(head.method, "GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS");
    text = (is_known ? head.method : "other") + " " + head.path + "?" + head.query + " " + body;
    return head.closes ? Outcome::last : Outcome::request;
}

} // namespace

Understood read_naively(std::string bytes) {
    Understood understood;
    while (!bytes.empty()) {
        std::string text;
        auto const outcome = take_request(bytes, text);
        if (outcome == Outcome::refused)
            understood.refusal = "yes";
        if (outcome == Outcome::refused || outcome == Outcome::unfinished)
            break;
        understood.requests.push_back(std::move(text));
        if (outcome == Outcome::last)
            break;
    }
    return understood;
}

} // namespace kontor::testing
