#include "platform/routing/wildcard.hpp"

namespace kontor::routing {

std::string_view wildcard_fault(std::string_view text) {
    bool was_star = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool const is_star = text[i] == '*';
        if (is_star && was_star)
            return "two stars stand beside each other; one means the same";
        was_star = is_star;
        if (text[i] != '\\')
            continue;
        ++i;
        if (i == text.size() || (text[i] != '*' && text[i] != '\\'))
            return "a backslash stands before a star or a backslash, and before nothing else";
    }
    return {};
}

std::vector<std::string> split_wildcard(std::string_view text) {
    std::vector<std::string> pieces(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '*')
            pieces.emplace_back();
        else
            pieces.back() += text[i] == '\\' ? text[++i] : text[i];
    }
    return pieces;
}

} // namespace kontor::routing
