#include "adapters/payments/sandbox.hpp"

#include <algorithm>

namespace kontor::payments {

using ports::ProviderCall;
using ports::ProviderOutcome;

namespace {

template <class Range>
auto* with_key(Range& range, ports::ProviderKey key) {
    auto const found =
        std::ranges::find_if(range, [&](auto const& movement) { return movement.key == key; });
    return found == range.end() ? nullptr : &*found;
}

std::string_view decline_code(Token token) {
    if (token == Token::tok_fraud)
        return "suspected_fraud";
    return token == Token::tok_no_funds ? "insufficient_funds" : "card_declined";
}

bool is_declined(Token token) {
    return token == Token::tok_decline || token == Token::tok_fraud || token == Token::tok_no_funds;
}

} // namespace

void Sandbox::enter_capture(Account& account, Movement const& taken) {
    account.captured += taken.amount;
    account.is_released = taken.last || account.captured == account.authorised;
    account.captures.push_back(taken);
}

void Sandbox::enter_refund(Account& account, Movement const& given) {
    auto& sum = given.pending ? account.refunding : account.refunded;
    sum += given.amount;
    account.refunds.push_back(given);
}

/// How long the money stays held.   Source: Stripe's documentation of Visa's times.
void Sandbox::hold(PaymentId id, Account& account, Money amount,
                   ports::PaymentInitiator initiator) {
    auto life = initiator == ports::PaymentInitiator::merchant
                    ? Duration::days(4) + Duration::hours(18)
                    : Duration::days(7);
    if (account.token == Token::tok_short_auth)
        life = Duration::minutes(1);
    account.standing = Standing::held;
    account.authorised = amount.minor();
    account.capture_before = clock_.now() + life;
    plan(Happening::authorisation_ends, id, account.capture_before);
}

ProviderOutcome Sandbox::standing_outcome(Account const& account, PaymentId id) const {
    auto const rest = money(account, account.authorised - account.captured);
    switch (account.standing) {
    case Standing::acting:
        return ports::BuyerMustAct{"https://sandbox.invalid/act/" + id.value().to_string(),
                                   account.capture_before};
    case Standing::declined:
        return ports::CardDeclined{std::string(decline_code(account.token)),
                                   account.token == Token::tok_no_funds};
    case Standing::held:
        return ports::MoneyAuthorised{money(account, account.authorised),
                                      "sandbox-" + id.value().to_string(), account.capture_before};
    case Standing::voided: return ports::AuthorisationVoided{rest};
    case Standing::lapsed: return ports::AuthorisationLapsed{rest};
    }
    KONTOR_UNREACHABLE();
}

void Sandbox::authorise(ProviderCall const& call, ports::AuthoriseCall const& wanted) {
    if (auto const known = accounts_.find(call.payment_id); known != accounts_.end()) {
        answer_authorisation(call, known->second, false);
        return;
    }
    auto const token = token_named(wanted.token);
    if (!token) {
        answer(call, ports::CardDeclined{"unknown_token", false}, latency());
        return;
    }
    if (*token == Token::tok_timeout_lost && lost_.try_emplace(call.key.value(), true).second) {
        answer(call, ports::Unknown{ports::UnknownCause::timed_out}, ports::provider_timeout);
        return;
    }
    auto& account = accounts_[call.payment_id];
    account.key = call.key;
    account.token = *token;
    account.currency = wanted.amount.currency();
    if (is_declined(*token)) {
        account.standing = Standing::declined;
    } else if (*token == Token::tok_action) {
        account.standing = Standing::acting;
        account.authorised = wanted.amount.minor();
        account.capture_before = clock_.now() + Duration::minutes(10);
        plan(Happening::buyer_acts, call.payment_id,
             clock_.now() + Duration::seconds(dice_.between(10, 120)));
    } else {
        auto const less = *token == Token::tok_wrong_amount && wanted.amount.minor() > 1 ? 1 : 0;
        hold(call.payment_id, account, money(account, wanted.amount.minor() - less),
             wanted.initiator);
    }
    answer_authorisation(call, account, true);
}

/// How the token's answer travels: well, late, twice, or not at all. Only the first call goes
/// astray; a repeated one is answered from the book.
void Sandbox::answer_authorisation(ProviderCall const& call, Account const& account, bool first) {
    auto const outcome = standing_outcome(account, call.payment_id);
    auto const after = latency();
    if (!first) {
        answer(call, outcome, after);
        return;
    }
    switch (account.token) {
    case Token::tok_slow: answer(call, outcome, Duration::seconds(8)); return;
    case Token::tok_timeout:
        answer(call, ports::Unknown{ports::UnknownCause::timed_out}, ports::provider_timeout);
        return;
    case Token::tok_500_charged:
        answer(call, ports::Unknown{ports::UnknownCause::server_error}, after);
        return;
    case Token::tok_webhook_first:
        webhook(call.payment_id, call.key, outcome, after);
        answer(call, outcome, after + latency());
        return;
    case Token::tok_twice:
        answer(call, outcome, after);
        answer(call, outcome, after);
        webhook(call.payment_id, call.key, outcome, after);
        webhook(call.payment_id, call.key, outcome, after + latency());
        return;
    case Token::tok_liar:
        answer(call, outcome, after);
        webhook(call.payment_id, call.key, ports::CardDeclined{"card_declined", false},
                after + latency());
        return;
    case Token::tok_approve:
    case Token::tok_decline:
    case Token::tok_fraud:
    case Token::tok_no_funds:
    case Token::tok_action:
    case Token::tok_timeout_lost:
    case Token::tok_wrong_amount:
    case Token::tok_short_auth:
    case Token::tok_capture_fails:
    case Token::tok_refund_fails:
    case Token::tok_refund_slow:
    case Token::tok_dispute: answer(call, outcome, after); return;
    }
    KONTOR_UNREACHABLE();
}

void Sandbox::capture(ProviderCall const& call, ports::CaptureCall const& wanted) {
    answer(call, captured_outcome(call, wanted), latency());
}

ProviderOutcome Sandbox::captured_outcome(ProviderCall const& call,
                                          ports::CaptureCall const& wanted) {
    auto const refused = [&](char const* code) {
        return ports::CaptureRefused{wanted.capture_id, code};
    };
    auto const known = accounts_.find(call.payment_id);
    if (known == accounts_.end())
        return refused("no_authorisation");
    auto& account = known->second;
    if (auto const* const done = with_key(account.captures, call.key))
        return ports::MoneyCaptured{wanted.capture_id, money(account, done->amount), done->last};
    if (account.standing == Standing::lapsed)
        return standing_outcome(account, call.payment_id);
    if (account.standing != Standing::held || account.is_released)
        return refused("nothing_held");
    if (account.token == Token::tok_capture_fails)
        return refused("capture_failed");
    if (wanted.amount.currency() != account.currency || wanted.amount.minor() <= 0 ||
        wanted.amount.minor() > account.authorised - account.captured)
        return refused("exceeds_authorised");
    if (account.captures.empty() && account.token == Token::tok_dispute)
        plan(Happening::dispute_opens, call.payment_id,
             clock_.now() + Duration::days(dice_.between(1, 3)),
             Id128::derive(call.payment_id.value(), "dispute"));
    enter_capture(account,
                  {call.key, wanted.capture_id.value(), wanted.amount.minor(), wanted.last});
    return ports::MoneyCaptured{wanted.capture_id, wanted.amount, wanted.last};
}

void Sandbox::release(ProviderCall const& call) {
    auto const known = accounts_.find(call.payment_id);
    if (known == accounts_.end()) {
        answer(call, ports::NothingFound{}, latency());
        return;
    }
    auto& account = known->second;
    auto const is_open = account.standing == Standing::acting ||
                         (account.standing == Standing::held && !account.is_released);
    if (account.standing == Standing::acting)
        account.authorised = 0;
    if (is_open)
        account.standing = Standing::voided;
    auto const rest = account.is_released ? 0 : account.authorised - account.captured;
    answer(call,
           account.standing == Standing::lapsed
               ? standing_outcome(account, call.payment_id)
               : ProviderOutcome(ports::AuthorisationVoided{
                     money(account, account.standing == Standing::declined ? 0 : rest)}),
           latency());
}

void Sandbox::refund(ProviderCall const& call, ports::RefundCall const& wanted) {
    answer(call, refunded_outcome(call, wanted), latency());
}

ProviderOutcome Sandbox::refunded_outcome(ProviderCall const& call,
                                          ports::RefundCall const& wanted) {
    auto const refused = [&](char const* code) {
        return ports::RefundRefused{wanted.refund_id, code};
    };
    auto const reference = "sandbox-" + wanted.refund_id.value().to_string();
    auto const known = accounts_.find(call.payment_id);
    if (known == accounts_.end())
        return refused("nothing_captured");
    auto& account = known->second;
    if (auto const* const done = with_key(account.refunds, call.key)) {
        if (done->pending)
            return ports::RefundStarted{wanted.refund_id, money(account, done->amount)};
        return ports::MoneyRefunded{wanted.refund_id, money(account, done->amount), reference};
    }
    if (account.token == Token::tok_refund_fails)
        return refused("refund_failed");
    if (account.is_disputed)
        return refused("disputed");
    if (wanted.amount.currency() != account.currency || wanted.amount.minor() <= 0 ||
        wanted.amount.minor() > account.captured - account.refunded - account.refunding)
        return refused("exceeds_captured");
    auto const is_slow = account.token == Token::tok_refund_slow;
    enter_refund(account,
                 {call.key, wanted.refund_id.value(), wanted.amount.minor(), false, is_slow});
    if (is_slow) {
        plan(Happening::refund_settles, call.payment_id, clock_.now() + Duration::days(8),
             wanted.refund_id.value());
        return ports::RefundStarted{wanted.refund_id, wanted.amount};
    }
    return ports::MoneyRefunded{wanted.refund_id, wanted.amount, reference};
}

void Sandbox::find(ProviderCall const& call, ports::FindCall const& wanted) {
    ProviderOutcome outcome = ports::NothingFound{};
    if (auto const known = accounts_.find(call.payment_id); known != accounts_.end()) {
        auto const& account = known->second;
        if (account.key == wanted.sought) {
            outcome = standing_outcome(account, call.payment_id);
        } else if (auto const* const taken = with_key(account.captures, wanted.sought)) {
            outcome = ports::MoneyCaptured{CaptureId(taken->id), money(account, taken->amount),
                                           taken->last};
        } else if (auto const* const given = with_key(account.refunds, wanted.sought)) {
            auto const amount = money(account, given->amount);
            if (given->pending)
                outcome = ports::RefundStarted{RefundId(given->id), amount};
            else
                outcome = ports::MoneyRefunded{RefundId(given->id), amount,
                                               "sandbox-" + given->id.to_string()};
        }
    }
    answer(call, std::move(outcome), latency());
}

} // namespace kontor::payments
