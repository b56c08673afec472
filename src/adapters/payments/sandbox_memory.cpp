#include "adapters/payments/sandbox.hpp"

#include "base/overloaded.hpp"

namespace kontor::payments {

void Sandbox::remember(PaymentId id, ports::ProviderOutcome const& outcome) {
    auto& account = accounts_[id];
    account.key = ports::provider_key(id, ports::PaymentOperation::authorise);
    auto const remember_held = [&](ports::MoneyAuthorised const& held) {
        account.standing = Standing::held;
        account.currency = held.amount.currency();
        account.authorised = held.amount.minor();
        account.capture_before = held.capture_before;
        plan(Happening::authorisation_ends, id, held.capture_before);
    };
    auto const remember_captured = [&](ports::MoneyCaptured const& taken) {
        auto const capture = taken.capture_id.value();
        enter_capture(account, {ports::provider_key(id, ports::PaymentOperation::capture, capture),
                                capture, taken.amount.minor(), taken.last});
    };
    auto const remember_refunded = [&](ports::MoneyRefunded const& given) {
        auto const refund = given.refund_id.value();
        enter_refund(account, {ports::provider_key(id, ports::PaymentOperation::refund, refund),
                               refund, given.amount.minor()});
    };
    // The bank decides on its own day, whoever starts again meanwhile.
    auto const remember_disputed = [&](ports::DisputeOpened const& opened) {
        account.is_disputed = true;
        plan(Happening::dispute_ends, id, opened.answer_by, opened.dispute_id.value());
    };
    std::visit(overloaded{
                   [&](ports::MoneyAuthorised const& held) { remember_held(held); },
                   [&](ports::CardDeclined const&) { account.standing = Standing::declined; },
                   [&](ports::BuyerMustAct const& act) {
                       account.standing = Standing::acting;
                       account.capture_before = act.until;
                   },
                   [&](ports::MoneyCaptured const& taken) { remember_captured(taken); },
                   [&](ports::AuthorisationVoided const&) { account.standing = Standing::voided; },
                   [&](ports::AuthorisationLapsed const&) { account.standing = Standing::lapsed; },
                   [&](ports::MoneyRefunded const& given) { remember_refunded(given); },
                   [&](ports::DisputeOpened const& opened) { remember_disputed(opened); },
                   [&](ports::DisputeEnded const&) { account.is_disputed = false; },
                   [](auto const&) {}, // the book never changed for it
               },
               outcome);
}

Result<void> Sandbox::recall(ports::ProviderCall const& call) {
    bool const begins = std::holds_alternative<ports::AuthoriseCall>(call.call);
    if (!memory_ || begins || accounts_.contains(call.payment_id))
        return {};
    KONTOR_TRY(auto const outcomes, memory_(call.payment_id));
    for (auto const& outcome : outcomes)
        remember(call.payment_id, outcome);
    return {};
}

} // namespace kontor::payments
