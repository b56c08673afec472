#include "domain/ledger/ledger.hpp"
#include "tests/support/random_order.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

/// Random purchases with the payment beside them, as checkout would move it, until all is at rest.

namespace kontor::ledger {
namespace {

using kontor::testing::drawn;
using kontor::testing::nth;
using kontor::testing::usual_now;

enum class CaptureMode { per_parcel, once };

class Purchase {
public:
    explicit Purchase(CaptureMode mode) : mode_(mode) {}

    /// Lets something happen to the order, and to the money what follows from it.
    void ask(order::Command command) {
        if (auto* const complete = std::get_if<order::Complete>(&command))
            complete->uncollected = kontor::testing::pence(uncollected_);
        Context const context{.now = now_, .command_id = nth<CommandId>(++commands_)};
        now_ = now_ + Duration::minutes(1);
        auto const decision = order::Decider::decide(order_, command, context);
        if (!decision)
            return;
        if (auto const* const grant = std::get_if<order::GrantRefund>(&command))
            if (!decision->empty() && !refund(*grant))
                return;
        for (auto const& event : *decision) {
            balances_.add(postings(order_, event));
            order_ = order::Decider::evolve(std::move(order_), event);
            follow(event);
        }
    }

    void dispute() {
        auto const id = nth<DisputeId>(++disputes_);
        pay(payment::RecordDisputed{id, kontor::testing::pence(drawn(1, 30)), now_});
        auto const outcome =
            drawn(0, 1) == 0 ? payment::DisputeOutcome::won : payment::DisputeOutcome::lost;
        pay(payment::RecordDisputeClosed{id, outcome});
    }

    /// Ends everything that is still open.
    void settle() {
        ask(order::AbandonEdit{"end"});
        ask(order::Expire{});
        now_ = now_ + Duration::days(1);
        ask(order::Expire{});
        if (auto const* const book = order::book_of(order_)) {
            ask(order::CancelLines{kontor::testing::all_open(*book), "end", ActorKind::process});
            for (std::uint64_t id = 1; id <= 5; ++id)
                ask(order::CancelReturn{nth<ReturnId>(id), "end"});
            for (std::uint64_t id = 1; id <= 5; ++id)
                ask(order::Deliver{nth<FulfilmentId>(id)});
            ask(order::Deliver{{}});
        }
        ask(order::Complete{kontor::testing::pence(0), kontor::testing::pence(0)});
        pay(payment::RecordVoided{payment::VoidReason::rest_unused});
    }

    Balances const& balances() const { return balances_; }
    order::State const& order() const { return order_; }
    payment::State const& payment() const { return payment_; }

private:
    bool pay(payment::Command const& command) {
        Context const context{.now = now_, .command_id = nth<CommandId>(++commands_)};
        auto const decision = payment::Decider::decide(payment_, command, context);
        if (!decision)
            return false;
        for (auto const& event : *decision) {
            balances_.add(postings(payment_, event));
            payment_ = payment::Decider::evolve(std::move(payment_), event);
        }
        return true;
    }

    bool capture(std::int64_t amount) {
        if (amount == 0)
            return true;
        return pay(payment::RecordCaptured{
            nth<CaptureId>(++captures_), kontor::testing::pence(amount), false, {}});
    }

    /// The compound {GrantRefund, Refund}, and the provider's answer.
    bool refund(order::GrantRefund const& grant) {
        if (grant.kind == order::RefundKind::compensation && !capture(grant.amount.minor()))
            return false;
        if (!pay(payment::Refund{grant.refund_id, grant.amount}))
            return grant.kind == order::RefundKind::compensation && give_up();
        return pay(payment::RecordRefunded{grant.refund_id, grant.amount,
                                           payment::ProviderReference("r")});
    }
    /// Money came that nobody is owed and that cannot be returned: no such history is drawn.
    static bool give_up() {
        RC_DISCARD("a compensation that the payment refuses");
        return false;
    }

    void follow(order::Event const& event) {
        if (auto const* const placed = std::get_if<order::Placed>(&event))
            pay(payment::RecordAuthorised{placed->order_id, 1, kontor::testing::pence(1'000'000),
                                          payment::Provider("sandbox"),
                                          payment::ProviderReference("r"),
                                          now_ + Duration::days(365)});
        else if (auto const* const shipped = std::get_if<order::Shipped>(&event))
            collect(shipped->value.gross().minor());
        else if (auto const* const cancelled = std::get_if<order::LinesCancelled>(&event))
            give_back(cancelled->value.gross().minor());
        else if (auto const* const edited = std::get_if<order::Edited>(&event))
            settle_edit(*edited);
    }

    void collect(std::int64_t gross) {
        auto const& book = *order::book_of(order_);
        if (mode_ == CaptureMode::once) {
            if (std::exchange(is_captured_, true))
                return;
            gross = book.sold.gross() - book.cancelled.gross();
        }
        if (drawn(0, 9) == 0 || !capture(gross))
            uncollected_ += gross;
    }

    void settle_edit(order::Edited const& event) {
        if (!is_captured_)
            return;
        std::int64_t added = 0;
        for (auto const& line : event.added)
            added += line.value.gross().minor();
        if (!capture(added))
            uncollected_ += added;
        give_back(added - event.delta.minor());
    }

    /// Cancelled value that was captured before goes back, or lessens what could not be had.
    void give_back(std::int64_t gross) {
        if (!is_captured_ || gross == 0)
            return;
        auto const lessened = std::min(gross, uncollected_);
        uncollected_ -= lessened;
        if (gross == lessened)
            return;
        ask(order::GrantRefund{nth<RefundId>(++refunds_),
                               nth<PaymentId>(1),
                               order::RefundKind::cancel,
                               kontor::testing::pence(gross - lessened),
                               {},
                               {},
                               "cancelled",
                               ActorKind::process});
    }

    CaptureMode mode_;
    order::State order_ = order::initial();
    payment::State payment_ = payment::initial();
    Balances balances_;
    Instant now_ = usual_now;
    std::int64_t uncollected_{0};
    bool is_captured_{false};
    std::uint64_t commands_{0};
    std::uint64_t captures_{0};
    std::uint64_t refunds_{100};
    std::uint64_t disputes_{0};
};

/// Grants for cancelled value follow from cancelling, so none is drawn beside it.
bool is_drawn(order::Command const& command) {
    auto const* const grant = std::get_if<order::GrantRefund>(&command);
    return grant == nullptr || grant->kind != order::RefundKind::cancel;
}

void live(Purchase& purchase) {
    for (int i = 0; i < 50; ++i) {
        auto command = kontor::testing::any_command(purchase.order());
        if (is_drawn(command))
            purchase.ask(std::move(command));
        if (drawn(0, 30) == 0)
            purchase.dispute();
        RC_ASSERT(purchase.balances().total() == 0);
    }
}

RC_GTEST_PROP(LedgerProperty, every_event_balances_and_at_rest_nothing_is_owed, ()) {
    Purchase purchase(*rc::gen::element(CaptureMode::per_parcel, CaptureMode::once));
    live(purchase);
    purchase.settle();
    auto const& balances = purchase.balances();
    RC_ASSERT(order::is_terminal(purchase.order()));
    RC_ASSERT(balances.of(Account::memo_held) == 0);
    RC_ASSERT(balances.of(Account::memo_customer) == 0);
    RC_ASSERT(balances.of(Account::refunds_due) == 0);
    RC_ASSERT(balances.of(Account::disputes) == 0);
    RC_ASSERT(balances.of(Account::receivable) == 0);
    RC_ASSERT(balances.are_at_rest());
}

RC_GTEST_PROP(LedgerProperty, the_provider_owes_what_was_captured_less_what_went_back, ()) {
    Purchase purchase(CaptureMode::per_parcel);
    live(purchase);
    purchase.settle();
    auto const* const granted = std::get_if<payment::Granted>(&purchase.payment());
    auto const net = granted == nullptr ? 0
                                        : granted->captured.minor() - granted->refunded.minor() -
                                              granted->lost.minor();
    RC_ASSERT(purchase.balances().of(Account::provider) == net);
}

RC_GTEST_PROP(LedgerProperty, revenue_and_tax_are_what_was_shipped_less_what_came_back, ()) {
    Purchase purchase(CaptureMode::per_parcel);
    live(purchase);
    auto const* const book = order::book_of(purchase.order());
    RC_PRE(book != nullptr);
    auto shipped = book->sold.gross() - book->cancelled.gross() - book->shipping_open.gross();
    for (auto const& tally : book->lines)
        shipped -= tally.open.gross();
    auto const& balances = purchase.balances();
    auto const revenue =
        balances.of(Account::revenue_goods) + balances.of(Account::revenue_shipping) +
        balances.of(Account::revenue_voucher) + balances.of(Account::revenue_charge);
    auto const sent_back = book->granted_return.gross() + book->granted_shipping.gross();
    RC_ASSERT(-revenue - balances.of(Account::tax) - balances.of(Account::returns) ==
              shipped - sent_back);
}

} // namespace
} // namespace kontor::ledger
