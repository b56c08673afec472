#include "platform/routing/json_tree.hpp"

#include "platform/routing/utf8.hpp"

#include <algorithm>

namespace kontor::routing {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

int hex_digit(char c) {
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

class Reader {
public:
    Reader(std::string_view text, std::size_t depth) : text_(text), depth_(depth) {}

    bool read_all(JsonTree& tree) {
        skip_space();
        if (!read_value(tree))
            return false;
        skip_space();
        return at_ == text_.size() || refuse("there is text after the end");
    }

    JsonFault fault() && { return std::move(fault_); }

private:
    bool refuse(char const* what) {
        fault_.what = what;
        fault_.offset = at_;
        return false;
    }

    bool is_next(char c) const { return at_ < text_.size() && text_[at_] == c; }

    bool take(char c) {
        if (!is_next(c))
            return false;
        ++at_;
        return true;
    }

    void skip_space() {
        while (is_next(' ') || is_next('\t') || is_next('\n') || is_next('\r'))
            ++at_;
    }

    bool read_value(JsonTree& tree) {
        if (at_ == text_.size())
            return refuse("a value is missing");
        tree.offset = at_;
        switch (text_[at_]) {
        case '{': return read_object(tree);
        case '[': return read_list(tree);
        case '"': tree.type = JsonType::text; return read_text(tree.text);
        case 't': return read_word(tree, "true", JsonType::true_);
        case 'f': return read_word(tree, "false", JsonType::false_);
        case 'n': return read_word(tree, "null", JsonType::null_);
        default: return read_number(tree);
        }
    }

    bool read_word(JsonTree& tree, std::string_view word, JsonType type) {
        if (text_.substr(at_, word.size()) != word)
            return refuse("this is no value");
        at_ += word.size();
        tree.type = type;
        return true;
    }

    bool skip_digits() {
        auto const begin = at_;
        while (at_ < text_.size() && is_digit(text_[at_]))
            ++at_;
        return at_ > begin;
    }

    bool read_number(JsonTree& tree) {
        auto const begin = at_;
        take('-');
        if (!take('0') && !skip_digits())
            return refuse("this is no value");
        if (take('.') && !skip_digits())
            return refuse("a digit is missing");
        if (take('e') || take('E')) {
            if (!take('+'))
                take('-');
            if (!skip_digits())
                return refuse("a digit is missing");
        }
        tree.type = JsonType::number;
        tree.text = text_.substr(begin, at_ - begin);
        return true;
    }

    bool read_four(std::uint32_t& unit) {
        unit = 0;
        for (int i = 0; i < 4; ++i) {
            int const digit = at_ < text_.size() ? hex_digit(text_[at_]) : -1;
            if (digit < 0)
                return refuse("four hexadecimal digits are wanted");
            unit = unit * 16 + static_cast<std::uint32_t>(digit);
            ++at_;
        }
        return true;
    }

    bool read_unit(std::string& out) {
        std::uint32_t unit = 0;
        if (!read_four(unit))
            return false;
        if (unit >= 0xDC00 && unit < 0xE000)
            return refuse("half of a surrogate pair");
        if (unit >= 0xD800 && unit < 0xDC00) {
            std::uint32_t low = 0;
            if (!take('\\') || !take('u') || !read_four(low) || low < 0xDC00 || low >= 0xE000)
                return refuse("half of a surrogate pair");
            unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        }
        append_utf8(out, unit);
        return true;
    }

    bool read_escape(std::string& out) {
        if (at_ == text_.size())
            return refuse("the string does not end");
        constexpr std::string_view letters = "\"\\/bfnrt";
        constexpr std::string_view meant = "\"\\/\b\f\n\r\t";
        char const letter = text_[at_++];
        if (letter == 'u')
            return read_unit(out);
        auto const found = letters.find(letter);
        if (found == std::string_view::npos)
            return refuse("there is no such escape");
        out += meant[found];
        return true;
    }

    bool read_text(std::string& out) {
        ++at_;
        for (;;) {
            if (at_ == text_.size())
                return refuse("the string does not end");
            char const c = text_[at_];
            if (c == '"') {
                ++at_;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return refuse("a control character stands in a string");
            if (c == '\\') {
                ++at_;
                if (!read_escape(out))
                    return false;
                continue;
            }
            auto const length = utf8_length(text_.substr(at_));
            if (length == 0)
                return refuse("this is no UTF-8");
            out += text_.substr(at_, length);
            at_ += length;
        }
    }

    bool enter() {
        if (level_ == depth_) {
            fault_.is_too_deep = true;
            return refuse("it is nested too deeply");
        }
        ++level_;
        ++at_;
        skip_space();
        return true;
    }

    bool read_list(JsonTree& tree) {
        tree.type = JsonType::list;
        if (!enter())
            return false;
        while (!take(']')) {
            if (!tree.items.empty() && !take_comma())
                return refuse("a comma or ] is wanted");
            if (!read_value(tree.items.emplace_back()))
                return false;
            skip_space();
        }
        --level_;
        return true;
    }

    bool read_object(JsonTree& tree) {
        tree.type = JsonType::object;
        if (!enter())
            return false;
        while (!take('}')) {
            if (!tree.items.empty() && !take_comma())
                return refuse("a comma or } is wanted");
            if (!is_next('"'))
                return refuse("a key in quotation marks is wanted");
            if (!read_text(tree.keys.emplace_back()))
                return false;
            skip_space();
            if (!take(':'))
                return refuse("a colon is wanted");
            skip_space();
            if (!read_value(tree.items.emplace_back()))
                return false;
            skip_space();
        }
        --level_;
        return true;
    }

    bool take_comma() {
        if (!take(','))
            return false;
        skip_space();
        return true;
    }

    std::string_view text_;
    std::size_t depth_;
    std::size_t at_{0};
    std::size_t level_{0};
    JsonFault fault_;
};

} // namespace

Result<JsonTree, JsonFault> read_json(std::string_view text, std::size_t depth) {
    Reader reader(text, depth);
    JsonTree tree;
    if (!reader.read_all(tree))
        return unexpected(std::move(reader).fault());
    return tree;
}

void append_json_characters(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    constexpr std::string_view short_ones = "\b\f\n\r\t";
    constexpr std::string_view letters = "bfnrt";
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            out += '\\';
        if (byte >= 0x20) {
            out += c;
            continue;
        }
        if (auto const letter = short_ones.find(c); letter != std::string_view::npos) {
            out += '\\';
            out += letters[letter];
            continue;
        }
        out += "\\u00";
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
}

void append_json(std::string& out, JsonTree const& tree) {
    switch (tree.type) {
    case JsonType::null_: out += "null"; return;
    case JsonType::true_: out += "true"; return;
    case JsonType::false_: out += "false"; return;
    case JsonType::number: out += tree.text; return;
    case JsonType::text:
        out += '"';
        append_json_characters(out, tree.text);
        out += '"';
        return;
    case JsonType::list:
    case JsonType::object: break;
    }
    bool const is_object = tree.type == JsonType::object;
    out += is_object ? '{' : '[';
    for (std::size_t i = 0; i < tree.items.size(); ++i) {
        if (i > 0)
            out += ',';
        if (is_object) {
            out += '"';
            append_json_characters(out, tree.keys[i]);
            out += "\":";
        }
        append_json(out, tree.items[i]);
    }
    out += is_object ? '}' : ']';
}

std::string pointer_token(std::string_view key) {
    std::string token = "/";
    for (char const c : key)
        token += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return token;
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

} // namespace kontor::routing
