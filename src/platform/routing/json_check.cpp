#include "platform/routing/json_check.hpp"

#include "platform/routing/event.hpp"
#include "platform/routing/limits.hpp"
#include "platform/routing/scan.hpp"
#include "platform/routing/utf8.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kontor::routing {
namespace {

/// Keys of an object that are compared with each other as they are met.
constexpr std::size_t compared_keys_max = 16;

/// Steps over one value. A step answers where what it read ends, or nullptr: it is none.
class JsonCheck {
public:
    JsonCheck(std::string_view text, std::size_t depth)
        : begin_(text.data()), end_(text.data() + text.size()), depth_(depth) {}

    bool reads_all() {
        auto const* const begin = skip_blanks(begin_);
        auto const* const end = value(begin, {0, 0});
        return end != nullptr && skip_blanks(end) == end_;
    }

    bool is_object() const {
        auto const* const at = skip_blanks(begin_);
        return at < end_ && *at == '{';
    }

    /// Whether no object has a key twice and no path too many keys; `unsure`: who wants to know
    /// reads the text.
    enum class Keys : std::uint8_t { fine, unsure, wrong };
    Keys keys() const { return keys_; }

private:
    /// Where a value lies: below so many objects and lists, and so many keys.
    struct Place {
        std::size_t level;
        std::size_t keys;
    };
    struct Text {
        char const* end;
        bool is_escaped;
    };

    char const* skip_blanks(char const* at) const {
        while (at < end_ && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
            ++at;
        return at;
    }

    char const* value(char const* at, Place place) {
        if (at == end_)
            return nullptr;
        switch (*at) {
        case '{': return object(at, place);
        case '[': return list(at, place);
        case '"': return text(at + 1).end;
        case 't': return word(at, "true");
        case 'f': return word(at, "false");
        case 'n': return word(at, "null");
        default: return number(at);
        }
    }

    char const* word(char const* at, std::string_view wanted) const {
        return std::string_view(at, end_).starts_with(wanted) ? at + wanted.size() : nullptr;
    }

    bool is_next(char const* at, char c) const { return at < end_ && *at == c; }

    /// nullptr: there is none.
    char const* digits(char const* at) const {
        auto const* const end = std::find_if(at, end_, [](char c) { return c < '0' || c > '9'; });
        return end == at ? nullptr : end;
    }

    char const* number(char const* at) const {
        if (is_next(at, '-'))
            ++at;
        at = is_next(at, '0') ? at + 1 : digits(at);
        if (at != nullptr && is_next(at, '.'))
            at = digits(at + 1);
        if (at != nullptr && (is_next(at, 'e') || is_next(at, 'E'))) {
            ++at;
            at = digits(is_next(at, '+') || is_next(at, '-') ? at + 1 : at);
        }
        return at;
    }

    /// Where something stands that is not a plain character of a string.
    char const* skip_plain(char const* at) const {
        for (; end_ - at >= 16; at += 16) {
            auto const bytes = load_16(at);
            auto const below_space =
                _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)); // signed: and beyond ASCII
            auto const stops = mask_of(bytes, '"') | mask_of(bytes, '\\') |
                               static_cast<unsigned>(_mm_movemask_epi8(below_space));
            if (stops != 0)
                return at + __builtin_ctz(stops);
        }
        return std::find_if(at, end_, [](char c) {
            return static_cast<signed char>(c) < 0x20 || c == '"' || c == '\\';
        });
    }

    /// `at` is behind the opening quotation mark, and the end behind the closing one.
    Text text(char const* at) const {
        bool is_escaped = false;
        for (;;) {
            at = skip_plain(at);
            if (at == end_)
                return {nullptr, is_escaped};
            if (*at == '"')
                return {at + 1, is_escaped};
            if (*at == '\\') {
                is_escaped = true;
                at = escape(at + 1);
                if (at == nullptr)
                    return {nullptr, true};
                continue;
            }
            auto const length = static_cast<unsigned char>(*at) < 0x20
                                    ? std::size_t{0}
                                    : utf8_length(std::string_view(at, end_));
            if (length == 0)
                return {nullptr, is_escaped};
            at += length;
        }
    }

    /// `at` is behind the backslash.
    char const* escape(char const* at) const {
        if (at == end_)
            return nullptr;
        // As many bytes as the longest escape has, or as are left.
        std::string_view const rest(
            at - 1, std::min<std::size_t>(12, static_cast<std::size_t>(end_ - at) + 1));
        std::size_t length = 2;
        if (*at == 'u')
            length = rest.size() >= 6 && is_high_half(rest) ? 12 : 6;
        std::array<char, 12> decoded; // escapes mean less than they take
        return rest.size() >= length &&
                       decode_text(rest.substr(0, length), decoded.data()) != nullptr
                   ? at - 1 + length
                   : nullptr;
    }

    /// Whether `\uXXXX` is the first half of a pair: D8 to DB.
    static bool is_high_half(std::string_view text) {
        auto const third = text[3] | 0x20;
        return (text[2] | 0x20) == 'd' &&
               (third == '8' || third == '9' || third == 'a' || third == 'b');
    }

    char const* list(char const* at, Place place) {
        if (place.level == depth_)
            return nullptr;
        at = skip_blanks(at + 1);
        if (is_next(at, ']'))
            return at + 1;
        for (;;) {
            at = value(at, {place.level + 1, place.keys});
            if (at == nullptr)
                return nullptr;
            at = skip_blanks(at);
            if (is_next(at, ']'))
                return at + 1;
            if (!is_next(at, ','))
                return nullptr;
            at = skip_blanks(at + 1);
        }
    }

    char const* object(char const* at, Place place) {
        if (place.level == depth_)
            return nullptr;
        at = skip_blanks(at + 1);
        if (is_next(at, '}'))
            return at + 1;
        std::array<std::string_view, compared_keys_max> met;
        for (std::size_t count = 0;; ++count) {
            if (!is_next(at, '"'))
                return nullptr;
            auto const key_end = text(at + 1);
            if (key_end.end == nullptr)
                return nullptr;
            std::string_view const key(at + 1, key_end.end - 1);
            auto const keys = place.keys + keys_in(key);
            note_key(key, {met.data(), std::min(count, met.size())}, keys);
            if (key_end.is_escaped || count >= met.size())
                note(Keys::unsure);
            else
                met[count] = key;
            at = skip_blanks(key_end.end);
            if (!is_next(at, ':'))
                return nullptr;
            at = value(skip_blanks(at + 1), {place.level + 1, keys});
            if (at == nullptr)
                return nullptr;
            at = skip_blanks(at);
            if (is_next(at, '}'))
                return at + 1;
            if (!is_next(at, ','))
                return nullptr;
            at = skip_blanks(at + 1);
        }
    }

    static std::size_t keys_in(std::string_view key) {
        return 1 + static_cast<std::size_t>(std::ranges::count(key, '.'));
    }

    void note(Keys found) { keys_ = std::max(keys_, found); }

    void note_key(std::string_view key, std::span<std::string_view const> met, std::size_t keys) {
        if (keys > event_depth_max || std::ranges::find(met, key) != met.end())
            note(Keys::wrong);
    }

    char const* const begin_;
    char const* const end_;
    std::size_t const depth_;
    Keys keys_{Keys::fine};
};

} // namespace

bool is_json(std::string_view text, std::size_t depth) {
    return JsonCheck(text, depth).reads_all();
}

bool is_event(std::string_view text) {
    JsonCheck check(text, event_depth_max);
    if (text.size() > event_bytes_max || !check.is_object() || !check.reads_all())
        return false;
    switch (check.keys()) {
    case JsonCheck::Keys::fine: return true;
    case JsonCheck::Keys::unsure: return FlatEvent::read(text).has_value();
    case JsonCheck::Keys::wrong: return false;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::routing
