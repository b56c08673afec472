#include "adapters/http/head.hpp"

namespace kontor::http {
namespace {

constexpr int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    auto const lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The byte that `%xy` stands for; negative when there are no two digits.
int decoded(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size())
        return -1;
    auto const high = hex_value(text[at + 1]);
    auto const low = hex_value(text[at + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/// One segment is over: whether it is empty, or climbs.
struct Segment {
    std::size_t bytes{0};
    std::size_t dots{0};

    void take(int c) {
        ++bytes;
        dots += c == '.' ? 1 : 0;
    }
    bool climbs() const { return dots == bytes && (bytes == 1 || bytes == 2); }
};

std::optional<Fault> check_path(std::string_view path) {
    Segment segment;
    for (std::size_t i = 1; i < path.size(); ++i) {
        int c = static_cast<unsigned char>(path[i]);
        if (c == '/') {
            if (segment.bytes == 0)
                return Fault::path_empty_segment;
            if (segment.climbs())
                return Fault::path_leaves_root;
            segment = {};
            continue;
        }
        if (c == '%') {
            c = decoded(path, i);
            if (c < 0x20 || c == 0x7f || c == '/' || c == '\\')
                return Fault::target_encoding;
            i += 2;
        } else if (c == '\\') {
            return Fault::path_leaves_root;
        }
        segment.take(c);
    }
    return segment.climbs() ? std::optional(Fault::path_leaves_root) : std::nullopt;
}

std::optional<Fault> check_query(std::string_view query) {
    for (std::size_t i = 0; i < query.size(); ++i)
        if (query[i] == '%' && decoded(query, i) < 0)
            return Fault::target_encoding;
    return std::nullopt;
}

} // namespace

std::optional<Fault> check_target(std::string_view target, std::size_t path_bytes) {
    if (target.empty() || target.front() != '/')
        return Fault::target_not_a_path;
    if (auto const fault = check_path(target.substr(0, path_bytes)))
        return fault;
    return check_query(target.substr(path_bytes));
}

} // namespace kontor::http
