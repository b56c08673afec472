#include "codec/json_fault.hpp"

#include "codec/json_document.hpp"

#include <algorithm>

namespace kontor::codec {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Each member reads on as far as the grammar goes, and says whether it came to
/// the end of its piece.
class Reading {
public:
    explicit Reading(std::string_view text) : text_(text) {}

    bool document() {
        if (!value(0))
            return false;
        blanks();
        return at_ == text_.size();
    }
    std::size_t at() const { return at_; }

private:
    char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool take(char wanted) {
        bool const is_there = at_ < text_.size() && text_[at_] == wanted;
        at_ += is_there ? 1 : 0;
        return is_there;
    }
    bool word(std::string_view wanted) {
        return std::ranges::all_of(wanted, [&](char c) { return take(c); });
    }
    void blanks() {
        while (next() == ' ' || next() == '\n' || next() == '\r' || next() == '\t')
            ++at_;
    }
    bool digits() {
        bool const has_one = is_digit(next());
        while (is_digit(next()))
            ++at_;
        return has_one;
    }

    bool value(std::size_t depth) {
        blanks();
        switch (next()) {
        case '{': return depth < JsonDocument::depth_max && members(depth + 1);
        case '[': return depth < JsonDocument::depth_max && items(depth + 1);
        case '"': return string();
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: return number();
        }
    }
    bool members(std::size_t depth) {
        take('{');
        blanks();
        if (take('}'))
            return true;
        for (;;) {
            blanks();
            if (!string())
                return false;
            blanks();
            if (!take(':') || !value(depth))
                return false;
            blanks();
            if (take('}'))
                return true;
            if (!take(','))
                return false;
        }
    }
    bool items(std::size_t depth) {
        take('[');
        blanks();
        if (take(']'))
            return true;
        for (;;) {
            if (!value(depth))
                return false;
            blanks();
            if (take(']'))
                return true;
            if (!take(','))
                return false;
        }
    }
    bool string() {
        if (!take('"'))
            return false;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (static_cast<unsigned char>(text_[at_]) < 0x20)
                return false;
            if (take('\\') ? !escaped() : (++at_, false))
                return false;
        }
        return take('"');
    }
    bool escaped() {
        constexpr std::string_view letters = "\"\\/bfnrt";
        if (take('u')) {
            for (int n = 0; n < 4; ++n) {
                auto const letter = next();
                bool const is_hex = is_digit(letter) || (letter >= 'a' && letter <= 'f') ||
                                    (letter >= 'A' && letter <= 'F');
                if (!is_hex)
                    return false;
                ++at_;
            }
            return true;
        }
        bool const is_known = at_ < text_.size() && letters.find(next()) != letters.npos;
        at_ += is_known ? 1 : 0;
        return is_known;
    }
    bool number() {
        take('-');
        if (!take('0') && !digits())
            return false;
        if (take('.') && !digits())
            return false;
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            return digits();
        }
        return true;
    }

    std::string_view text_;
    std::size_t at_{0};
};

} // namespace

std::optional<std::size_t> json_fault_at(std::string_view text) {
    Reading reading(text);
    return reading.document() ? std::nullopt : std::optional(reading.at());
}

} // namespace kontor::codec
