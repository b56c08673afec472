#include "adapters/http/head.hpp"

#include <array>
#include <cstring>

namespace kontor::http {
namespace {

using services::Header;
using services::Method;

/// For each byte of a token (RFC 9110, 5.6.2) itself in lower case, for others zero.
constexpr std::array<char, 256> make_token_bytes() {
    std::array<char, 256> bytes{};
    for (char const c : std::string_view("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"))
        bytes[static_cast<unsigned char>(c)] = c;
    for (char c = 'A'; c <= 'Z'; ++c)
        bytes[static_cast<unsigned char>(c)] = static_cast<char>(c | 0x20);
    return bytes;
}
constexpr auto token_bytes = make_token_bytes();

constexpr bool is_printable(char c) {
    return c >= 0x20 && c < 0x7f; // bytes from 0x80 are negative here
}
static_assert(std::is_signed_v<char>);

char lower_of_token(char c) {
    return token_bytes[static_cast<unsigned char>(c)];
}

constexpr Method known_methods[] = {Method::get,   Method::post,   Method::put,    Method::head,
                                    Method::patch, Method::remove, Method::options};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

bool equals_in_lower_case(std::string_view text, std::string_view lower) {
    if (text.size() != lower.size())
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto const c =
            text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] | 0x20) : text[i];
        if (c != lower[i])
            return false;
    }
    return true;
}

/// Reads one head. Each step is named for what it reads and says what is wrong, if anything is.
class HeadReader {
public:
    using Fine = std::optional<Fault>; ///< nothing: all is well

    HeadReader(std::span<char> bytes, HeadRules const& rules, Head& head)
        : at_(bytes.data()), end_(bytes.data() + bytes.size()), rules_(rules), head_(head) {}

    Fine read() {
        if (auto const fault = read_method())
            return fault;
        if (auto const fault = read_target())
            return fault;
        if (auto const fault = read_version())
            return fault;
        while (*at_ != '\r')
            if (auto const fault = read_header())
                return fault;
        return at_[1] == '\n' ? check_whole() : Fault::line_end;
    }

private:
    /// The bytes end with an empty line, so a reader that stops at CR stays inside.
    Fine read_method() {
        auto const* const begin = at_;
        while (lower_of_token(*at_) != 0)
            ++at_;
        std::string_view const name(begin, static_cast<std::size_t>(at_ - begin));
        if (name.empty() || name.size() > method_bytes_max || *at_ != ' ')
            return *at_ == '\r' ? Fault::request_line_malformed : Fault::method_malformed;
        ++at_;
        head_.method = Method::other;
        for (auto const each : known_methods)
            if (name_of(each) == name)
                head_.method = each;
        return {};
    }

    Fine read_target() {
        auto const* const begin = at_;
        auto const* query = end_;
        for (; *at_ != ' '; ++at_) {
            if (*at_ == '\r' || *at_ == '\t')
                return Fault::request_line_malformed;
            if (!is_printable(*at_) || *at_ == '#')
                return Fault::target_byte;
            if (*at_ == '?' && query == end_)
                query = at_;
        }
        std::string_view const target(begin, static_cast<std::size_t>(at_ - begin));
        if (target.size() > rules_.target_bytes_max)
            return Fault::target_too_long;
        auto const path_bytes =
            query == end_ ? target.size() : static_cast<std::size_t>(query - begin);
        head_.path = target.substr(0, path_bytes);
        head_.query = target.substr(std::min(path_bytes + 1, target.size()));
        ++at_;
        return check_target(target, path_bytes);
    }

    Fine read_version() {
        constexpr std::string_view known = "HTTP/1.";
        if (end_ - at_ < 10 || std::string_view(at_, known.size()) != known ||
            (at_[7] != '0' && at_[7] != '1'))
            return *at_ == ' ' || *at_ == '\r' ? Fault::request_line_malformed
                                               : Fault::version_unsupported;
        if (at_[8] != '\r')
            return at_[8] == ' ' ? Fault::request_line_malformed : Fault::version_unsupported;
        if (at_[9] != '\n')
            return Fault::line_end;
        head_.is_version_1_1 = at_[7] == '1';
        head_.wants_close = !head_.is_version_1_1;
        at_ += 10;
        return {};
    }

    Fine read_header() {
        if (*at_ == ' ' || *at_ == '\t')
            return Fault::line_folded;
        if (head_.headers.size() == rules_.headers_max)
            return Fault::headers_too_many;
        auto const* const name_begin = at_;
        while (char const lower = lower_of_token(*at_))
            *at_++ = lower;
        std::string_view const name(name_begin, static_cast<std::size_t>(at_ - name_begin));
        if (name.empty() || *at_ != ':')
            return Fault::header_name_malformed;
        auto const* const value_begin = ++at_;
        while (is_printable(*at_) || *at_ == '\t')
            ++at_;
        if (*at_ != '\r')
            return *at_ == '\n' ? Fault::line_end : Fault::header_value_byte;
        std::string_view const value(value_begin, static_cast<std::size_t>(at_ - value_begin));
        if (at_[1] != '\n')
            return Fault::line_end;
        at_ += 2;
        if (*at_ == ' ' || *at_ == '\t')
            return Fault::line_folded;
        head_.headers.push_back({name, trimmed(value)});
        return note(head_.headers.back());
    }

    /// Headers that say where a request ends or whom it is for.
    Fine note(Header const& header) {
        auto const& [name, value] = header;
        if (name == "host")
            return note_host(value);
        if (name == "content-length")
            return note_length(value);
        if (name == "transfer-encoding")
            return note_encoding(value);
        if (name == "connection")
            note_connection(value);
        if (name == "expect") {
            if (!equals_in_lower_case(value, "100-continue") || head_.expects_continue)
                return Fault::expectation_unknown;
            head_.expects_continue = true;
        }
        return {};
    }

    Fine note_host(std::string_view value) {
        if (has_host_)
            return Fault::host_repeated;
        has_host_ = true;
        auto name = value;
        auto const colon = value.rfind(':');
        if (colon != value.npos && value.find(']', colon) == value.npos) {
            auto const port = value.substr(colon + 1);
            if (port.empty() || port.size() > 5 ||
                port.find_first_not_of("0123456789") != port.npos)
                return Fault::host_unknown;
            name = value.substr(0, colon);
        }
        for (auto const& host : rules_.hosts)
            if (equals_in_lower_case(name, host))
                return {};
        return Fault::host_unknown;
    }

    Fine note_length(std::string_view value) {
        if (has_length_)
            return Fault::length_repeated;
        has_length_ = true;
        constexpr std::size_t digits_max = 18;
        if (value.empty() || value.find_first_not_of("0123456789") != value.npos)
            return Fault::length_malformed;
        if (value.size() > digits_max)
            return Fault::body_too_large;
        for (char const digit : value)
            head_.body_bytes = head_.body_bytes * 10 + static_cast<std::size_t>(digit - '0');
        head_.body = head_.body_bytes > 0 ? BodyKind::length : BodyKind::none;
        return {};
    }

    Fine note_encoding(std::string_view value) {
        if (has_encoding_ || !equals_in_lower_case(value, "chunked"))
            return Fault::encoding_unsupported;
        has_encoding_ = true;
        return {};
    }

    void note_connection(std::string_view value) {
        while (!value.empty()) {
            auto const comma = std::min(value.find(','), value.size());
            if (equals_in_lower_case(trimmed(value.substr(0, comma)), "close"))
                head_.wants_close = true;
            value.remove_prefix(std::min(comma + 1, value.size()));
        }
    }

    Fine check_whole() {
        if (!has_host_)
            return Fault::host_missing;
        if (has_encoding_ && has_length_)
            return Fault::encoding_with_length;
        if (has_encoding_ && !head_.is_version_1_1)
            return Fault::encoding_on_old_version;
        if (has_encoding_)
            head_.body = BodyKind::chunked;
        if (head_.body != BodyKind::none && services::is_safe(head_.method))
            return Fault::body_unexpected;
        if (head_.body_bytes > rules_.body_bytes_max)
            return Fault::body_too_large;
        return {};
    }

    static constexpr std::size_t method_bytes_max = 16;

    char* at_;
    char const* const end_;
    HeadRules const& rules_;
    Head& head_;
    bool has_host_{false};
    bool has_length_{false};
    bool has_encoding_{false};
};

/// The bytes of the head with its empty line; zero when that has not come.
std::size_t find_end(std::string_view bytes, std::size_t seen) {
    constexpr std::string_view empty_line = "\r\n\r\n";
    auto const from = seen < empty_line.size() ? 0 : seen - empty_line.size() + 1;
    auto const at = bytes.find(empty_line, from);
    return at == bytes.npos ? 0 : at + empty_line.size();
}

/// What no later byte can mend: so that whoever speaks something else is told at once.
std::optional<Fault> check_unfinished(std::string_view bytes, std::size_t seen) {
    if (!bytes.empty() && lower_of_token(bytes.front()) == 0)
        return Fault::method_malformed;
    for (std::size_t i = seen > 0 ? seen - 1 : 0; i < bytes.size(); ++i) {
        char const c = bytes[i];
        bool const is_end = i + 1 == bytes.size();
        if (c == '\n' ? i == 0 || bytes[i - 1] != '\r'
                      : c == '\r' && !is_end && bytes[i + 1] != '\n')
            return Fault::line_end;
        if (c != '\n' && c != '\r' && c != '\t' && !is_printable(c))
            return Fault::header_value_byte;
    }
    return {};
}

} // namespace

HeadVerdict read_head(std::span<char> bytes, std::size_t seen, HeadRules const& rules, Head& head) {
    std::string_view const text(bytes.data(), bytes.size());
    auto const end = find_end(text.substr(0, std::min(text.size(), rules.head_bytes_max)), seen);
    if (end == 0) {
        if (auto const fault = check_unfinished(text, seen))
            return {HeadState::refused, *fault};
        if (text.size() >= rules.head_bytes_max)
            return {HeadState::refused, Fault::head_too_large};
        return {HeadState::incomplete};
    }
    auto headers = std::move(head.headers);
    headers.clear();
    head = {};
    head.headers = std::move(headers);
    head.bytes = end;
    if (auto const fault = HeadReader(bytes.first(end), rules, head).read())
        return {HeadState::refused, *fault};
    return {HeadState::complete};
}

std::vector<Header> sketch_headers(std::span<char> bytes, std::size_t bytes_max) {
    constexpr std::string_view line_end = "\r\n";
    std::vector<Header> headers;
    std::string_view const text(bytes.data(), std::min(bytes.size(), bytes_max));
    auto begin = text.find(line_end); // behind the request line
    while (begin != text.npos) {
        begin += line_end.size();
        auto const end = text.find(line_end, begin);
        auto const line = text.substr(begin, end == text.npos ? end : end - begin);
        auto const colon = line.find(':');
        if (end == text.npos || colon == line.npos)
            break;
        for (auto& c : bytes.subspan(begin, colon))
            if (char const lower = lower_of_token(c))
                c = lower;
        headers.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
        begin = end;
    }
    return headers;
}

} // namespace kontor::http
