#include "tests/style/source.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace kontor::style {
namespace {

bool starts_identifier(char c) {
    return std::isalpha(static_cast<unsigned char>(c)) || c == '_';
}
bool continues_identifier(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Walks the text once, character by character.
class Lexer {
public:
    Lexer(Source& source, std::string_view text) : source_(source), text_(text) {}

    void run() {
        while (at_ < text_.size())
            step();
    }

private:
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void advance() {
        if (text_[at_] == '\n')
            ++line_;
        ++at_;
    }

    void step() {
        char const c = peek();
        if (c == '\n') {
            directive_ = directive_ && at_ > 0 && text_[at_ - 1] == '\\';
            fresh_ = true;
            advance();
        } else if (std::isspace(static_cast<unsigned char>(c))) {
            advance();
        } else if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
            comment(peek(1) == '*');
        } else if (c == '#' && fresh_) {
            directive();
        } else {
            fresh_ = false;
            token(c);
        }
    }

    void comment(bool block) {
        at_ += 2;
        while (at_ < text_.size()) {
            if (block && peek() == '*' && peek(1) == '/') {
                at_ += 2;
                return;
            }
            if (peek() == '\n') {
                if (!block)
                    return;
            } else {
                source_.comments[line_ - 1] += peek();
            }
            advance();
        }
    }

    void directive() {
        fresh_ = false;
        directive_ = true;
        auto const end = std::min(text_.find('\n', at_), text_.size());
        auto const rest = text_.substr(at_, end - at_);
        auto const open = rest.find_first_of("<\"");
        if (rest.find("include") == std::string_view::npos || open == std::string_view::npos) {
            push("#");
            advance();
            return;
        }
        auto const close = rest.find_first_of(">\"", open + 1);
        if (close != std::string_view::npos)
            source_.includes.push_back(
                {std::string(rest.substr(open + 1, close - open - 1)), rest[open] == '"', line_});
        at_ = end;
    }

    void token(char c) {
        if (starts_identifier(c)) {
            auto const start = at_;
            while (continues_identifier(peek()))
                advance();
            if (peek() == '"' && text_[at_ - 1] == 'R')
                raw_string();
            else
                push(text_.substr(start, at_ - start));
        } else if (std::isdigit(static_cast<unsigned char>(c))) {
            auto const start = at_;
            while (continues_identifier(peek()) || peek() == '.' ||
                   (peek() == '\'' && continues_identifier(peek(1))))
                advance();
            push(text_.substr(start, at_ - start));
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if ((c == ':' && peek(1) == ':') || (c == '-' && peek(1) == '>')) {
            push(text_.substr(at_, 2));
            at_ += 2;
        } else {
            push(text_.substr(at_, 1));
            advance();
        }
    }

    void quoted(char quote) {
        push(quote == '"' ? "\"" : "'");
        advance();
        while (at_ < text_.size() && peek() != quote && peek() != '\n') {
            if (peek() == '\\')
                advance();
            if (at_ < text_.size())
                advance();
        }
        if (peek() == quote)
            advance();
    }

    void raw_string() {
        push("\"");
        auto const open = text_.find('(', at_);
        if (open == std::string_view::npos)
            return;
        auto const close = ")" + std::string(text_.substr(at_ + 1, open - at_ - 1)) + "\"";
        auto const end = std::min(text_.find(close, open), text_.size());
        while (at_ < end)
            advance();
        at_ = std::min(at_ + close.size(), text_.size());
    }

    void push(std::string_view text) {
        source_.tokens.push_back({std::string(text), line_, directive_});
    }

    Source& source_;
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t line_ = 1;
    bool fresh_ = true; ///< nothing but blanks on this line so far
    bool directive_ = false;
};

} // namespace

std::vector<std::string> split_lines(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        auto const end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

Source read_source(std::string path, std::string_view text) {
    Source source{std::move(path), split_lines(text), {}, {}, {}};
    source.comments.resize(source.lines.size() + 1);
    Lexer(source, text).run();
    return source;
}

bool is_identifier(std::string_view token) {
    return !token.empty() && starts_identifier(token.front());
}

bool is_shouted(std::string_view token) {
    return token.size() > 1 && is_identifier(token) &&
           std::none_of(token.begin(), token.end(),
                        [](char c) { return std::islower(static_cast<unsigned char>(c)); });
}

std::vector<std::string> words_of(std::string_view identifier) {
    std::vector<std::string> words(1);
    bool was_lower = false;
    for (char const c : identifier) {
        bool const is_upper = std::isupper(static_cast<unsigned char>(c));
        if ((c == '_' || (is_upper && was_lower)) && !words.back().empty())
            words.emplace_back();
        if (c != '_')
            words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        was_lower = !is_upper && c != '_';
    }
    if (words.back().empty())
        words.pop_back();
    return words;
}

} // namespace kontor::style
