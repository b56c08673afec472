#pragma once

/// The test tokens of the sandbox provider. Each stands for a card with a fate.
/// Source: DOMAIN section 6.

#include "base/describe.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kontor::payments {

enum class Token : std::uint8_t {
    tok_approve,       ///< all goes well
    tok_decline,       ///< the bank says no, for good
    tok_fraud,         ///< the bank suspects fraud
    tok_no_funds,      ///< the bank says no, for now
    tok_action,        ///< the buyer must act first
    tok_slow,          ///< the answer takes 8 seconds
    tok_timeout,       ///< no answer, and the money is held
    tok_timeout_lost,  ///< no answer, and nothing was done; the next try goes well
    tok_500_charged,   ///< a server error, and the money is held
    tok_webhook_first, ///< the webhook overtakes the answer
    tok_twice,         ///< answer and webhook come twice
    tok_liar,          ///< a webhook contradicts the answer; the book is right
    tok_wrong_amount,  ///< another amount is held than was asked for
    tok_short_auth,    ///< the authorisation lives one minute
    tok_capture_fails, ///< no capture ever succeeds
    tok_refund_fails,  ///< no refund ever succeeds
    tok_refund_slow,   ///< a refund is pending for eight days
    tok_dispute        ///< the buyer disputes the payment some days after the capture
};
BOOST_DESCRIBE_ENUM(Token, tok_approve, tok_decline, tok_fraud, tok_no_funds, tok_action, tok_slow,
                    tok_timeout, tok_timeout_lost, tok_500_charged, tok_webhook_first, tok_twice,
                    tok_liar, tok_wrong_amount, tok_short_auth, tok_capture_fails, tok_refund_fails,
                    tok_refund_slow, tok_dispute)

/// Empty: no such token.
std::optional<Token> token_named(std::string_view text);

} // namespace kontor::payments
