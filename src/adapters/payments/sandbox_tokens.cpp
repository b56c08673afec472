#include "adapters/payments/sandbox_tokens.hpp"

#include "base/names.hpp"

namespace kontor::payments {

std::optional<Token> token_named(std::string_view text) {
    // By far the most frequent one first: the search is linear.
    if (text == "tok_approve")
        return Token::tok_approve;
    return enumerator_named<Token>(text);
}

} // namespace kontor::payments
