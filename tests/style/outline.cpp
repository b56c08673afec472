#include "tests/style/outline.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kontor::style {
namespace {

using Tokens = std::vector<Token>;

template <std::size_t N>
bool is_any(std::string_view word, std::array<std::string_view, N> const& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr auto control_words =
    std::to_array<std::string_view>({"if", "for", "while", "switch", "catch", "else", "do", "try"});
constexpr auto not_names = std::to_array<std::string_view>(
    {"requires", "noexcept", "decltype", "alignas", "explicit", "static_assert", "if", "for",
     "while", "switch", "catch", "return", "sizeof", "alignof", "__attribute__"});
constexpr auto decorations = std::to_array<std::string_view>(
    {"static", "virtual", "inline", "constexpr", "consteval", "friend", "extern", "kontor", "::"});

/// The index after the group that opens at `at` with ( [ { or <.
std::size_t skip_group(Tokens const& tokens, std::size_t at, std::size_t end) {
    std::string const open = tokens[at].text;
    std::string const close = open == "(" ? ")" : open == "[" ? "]" : open == "{" ? "}" : ">";
    std::size_t depth = 0;
    for (; at < end; ++at) {
        if (tokens[at].text == open)
            ++depth;
        else if (tokens[at].text == close && --depth == 0)
            return at + 1;
        else if (open == "<" && tokens[at].text == ";")
            return at;
        else if (open == "<" && tokens[at].text == "(")
            at = skip_group(tokens, at, end) - 1;
    }
    return end;
}

/// What stands before a `{` or a `;` in a namespace or a class.
struct Head {
    std::size_t begin = 0, end = 0;
    std::size_t name = 0;       ///< the token that names the function; `end`: not a function
    std::size_t parameters = 0; ///< the `(` of its parameters
    bool constructs = false;    ///< a `:` follows the parameters: a constructor's initializers
};

std::size_t skip_prefix(Tokens const& tokens, std::size_t at, std::size_t end) {
    while (at < end) {
        if (tokens[at].text == "template" && at + 1 < end && tokens[at + 1].text == "<") {
            at = skip_group(tokens, at + 1, end);
            if (at < end && tokens[at].text == "requires")
                at = at + 1 < end && tokens[at + 1].text == "(" ? skip_group(tokens, at + 1, end)
                                                                : at;
        } else if (tokens[at].text == "[") {
            at = skip_group(tokens, at, end);
        } else if (is_shouted(tokens[at].text) && at + 1 < end && tokens[at + 1].text == "(") {
            auto const after = skip_group(tokens, at + 1, end);
            if (after >= end)
                return at; // a macro and nothing else: TEST(Suite, name) {
            at = after;
        } else {
            return at;
        }
    }
    return at;
}

void find_name(Tokens const& tokens, Head& head) {
    head.name = head.end;
    for (auto at = head.begin; at < head.end;) {
        auto const& text = tokens[at].text;
        auto const previous = at > head.begin ? std::string_view(tokens[at - 1].text) : "";
        if (text == "=")
            return;
        if (text == "operator") {
            head.name = at++;
            at += at < head.end && tokens[at].text == "(" ? 2 : 0; // operator() has two groups
            while (at < head.end && tokens[at].text != "(")
                ++at;
            head.parameters = at;
            return;
        }
        if (text == "{" || text == "[" || (text == "<" && is_identifier(previous))) {
            at = skip_group(tokens, at, head.end);
        } else if (text != "(") {
            ++at;
        } else if (!is_identifier(previous) || is_any(previous, not_names)) {
            at = skip_group(tokens, at, head.end);
        } else {
            head.name = at - 1;
            head.parameters = at;
            return;
        }
    }
}

Head read_head(Tokens const& tokens, std::size_t begin, std::size_t end) {
    Head head{skip_prefix(tokens, begin, end), end, end, end, false};
    find_name(tokens, head);
    if (head.name == end)
        return head;
    for (auto at = skip_group(tokens, head.parameters, end); at < end; ++at) {
        if (tokens[at].text == "(" || tokens[at].text == "{")
            at = skip_group(tokens, at, end) - 1;
        else if (tokens[at].text == ":")
            head.constructs = true;
    }
    return head;
}

std::size_t count_parameters(Tokens const& tokens, std::size_t open, std::size_t end) {
    auto const close = skip_group(tokens, open, end) - 1;
    if (close <= open + 1 || (close == open + 2 && tokens[open + 1].text == "void"))
        return 0;
    std::size_t count = 1;
    for (auto at = open + 1; at < close; ++at) {
        auto const& text = tokens[at].text;
        if (text == "(" || text == "[" || text == "{" ||
            (text == "<" && is_identifier(tokens[at - 1].text)))
            at = skip_group(tokens, at, close) - 1;
        else if (text == ",")
            ++count;
    }
    return count;
}

enum class Scope { space, type, function, control, block };

struct Frame {
    Scope scope = Scope::space;
    std::size_t head = 0;     ///< where the head that led here began
    std::size_t function = 0; ///< index into the outline, where the scope is a function
    std::size_t parens = 0;   ///< parentheses open outside
    bool is_public = true;
};

class Reader {
public:
    explicit Reader(Source const& source) {
        for (auto const& token : source.tokens)
            if (!token.directive)
                tokens_.push_back(token);
    }

    Outline read() {
        frames_.push_back({});
        for (at_ = 0; at_ < tokens_.size(); ++at_)
            step(tokens_[at_].text);
        return std::move(outline_);
    }

private:
    bool declares() const {
        return (frames_.back().scope == Scope::space || frames_.back().scope == Scope::type) &&
               parens_ == 0;
    }

    void step(std::string const& text) {
        if (text == "(" || text == ")") {
            parens_ = text == "(" ? parens_ + 1 : parens_ - std::min<std::size_t>(parens_, 1);
        } else if (text == "{") {
            declares() ? open_declared() : open_inside();
        } else if (text == "}") {
            close();
        } else if (text == ";" && parens_ == 0) {
            if (declares())
                declare(false);
            head_ = at_ + 1;
        } else if (text == ":" && declares() && at_ > 0) {
            auto const& label = tokens_[at_ - 1].text;
            if (label == "public" || label == "private" || label == "protected") {
                frames_.back().is_public = label == "public";
                head_ = at_ + 1;
            }
        }
    }

    void open(Scope scope, std::size_t function = 0, bool is_public = true) {
        frames_.push_back({scope, head_, function, parens_, is_public});
        parens_ = 0;
        head_ = at_ + 1;
    }

    void open_declared() {
        auto const begin = skip_prefix(tokens_, head_, at_);
        std::string_view const first = begin < at_ ? tokens_[begin].text : none_;
        bool const has_macro_only = begin < at_ && is_shouted(first);
        auto const head = read_head(tokens_, head_, at_);
        auto const& before = at_ > 0 ? tokens_[at_ - 1].text : std::string();
        if (first == "namespace" || first == "inline" || (first == "extern" && before == "\"")) {
            if (first != "inline" || tokens_[begin + 1].text == "namespace")
                return open(Scope::space);
        }
        if (first == "class" || first == "struct" || first == "union" || first == "enum") {
            name_type(begin, at_);
            return open(first == "enum" ? Scope::block : Scope::type, 0, first != "class");
        }
        bool const initializes =
            head.constructs && (is_identifier(before) || before == ">") && before != "try";
        if (head.name == at_ || initializes || first == "concept")
            return open(Scope::block);
        auto const before_it = outline_.functions.size();
        declare(true, has_macro_only);
        if (outline_.functions.size() == before_it)
            return open(Scope::block);
        open(Scope::function, before_it);
    }

    void open_inside() {
        std::string_view before = at_ > 0 ? tokens_[at_ - 1].text : none_;
        if (before == ")") {
            std::size_t depth = 0;
            for (auto back = at_; back-- > 0;) {
                depth += tokens_[back].text == ")" ? 1 : 0;
                if (tokens_[back].text == "(" && --depth == 0) {
                    before = back > 0 ? tokens_[back - 1].text : none_;
                    before = before == "constexpr" && back > 1 ? tokens_[back - 2].text : before;
                    break;
                }
            }
        }
        open(is_any(before, control_words) ? Scope::control : Scope::block);
        std::size_t depth = 0;
        for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
            depth += frame->scope == Scope::control ? 1 : 0;
            if (frame->scope == Scope::function) {
                auto& deepest = outline_.functions[frame->function].nesting;
                deepest = std::max(deepest, depth);
                return;
            }
        }
    }

    void close() {
        if (frames_.size() == 1)
            return;
        auto const frame = frames_.back();
        frames_.pop_back();
        parens_ = frame.parens;
        if (frame.scope == Scope::function)
            outline_.functions[frame.function].last_line = tokens_[at_].line;
        bool const head_goes_on = frame.scope == Scope::block && declares();
        head_ = head_goes_on ? frame.head : at_ + 1;
    }

    /// Notes the function that the head before `at_` declares, if it does.
    void declare(bool defined, bool macro = false) {
        auto const head = read_head(tokens_, head_, at_);
        if (head.begin >= at_)
            return;
        auto const& first = tokens_[head.begin].text;
        if (first == "using")
            return name_type(head.begin, at_);
        bool const elsewhere = first == "friend" || first == "extern";
        if (first == "typedef" || first == "static_assert" || (elsewhere && !defined) ||
            head.name == at_)
            return;
        auto const& name = tokens_[head.name].text;
        if (!defined && (is_shouted(name) || first == "return"))
            return;
        Function function;
        function.name = macro ? tokens_[at_ - 2].text : name;
        function.first_line = tokens_[head.begin].line;
        function.last_line = tokens_[at_].line;
        function.parameters = macro ? 0 : count_parameters(tokens_, head.parameters, at_);
        function.defined = defined;
        function.is_public = frames_.back().is_public;
        auto at = head.begin;
        while (at < head.name && is_any(tokens_[at].text, decorations))
            ++at;
        function.returns_result = at < head.name && tokens_[at].text == "Result";
        for (; at < at_; ++at)
            function.overrides = function.overrides || tokens_[at].text == "override";
        outline_.functions.push_back(function);
    }

    void name_type(std::size_t begin, std::size_t end) {
        for (auto at = begin + 1; at < end; ++at) {
            if (tokens_[at].text == "class" || tokens_[at].text == "struct" ||
                tokens_[at].text == "[")
                continue;
            if (is_identifier(tokens_[at].text) && tokens_[at].text != "namespace")
                outline_.types.push_back({tokens_[at].text, tokens_[at].line});
            return;
        }
    }

    std::string const none_;
    Tokens tokens_;
    Outline outline_;
    std::vector<Frame> frames_;
    std::size_t at_ = 0;
    std::size_t head_ = 0;
    std::size_t parens_ = 0;
};

} // namespace

Outline outline_of(Source const& source) {
    return Reader(source).read();
}

} // namespace kontor::style
