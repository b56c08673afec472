#include "domain/ledger/ledger.hpp"

#include <algorithm>
#include <numeric>

namespace kontor::ledger {
namespace {

void post(Postings& postings, Account debit, Account credit, Money amount) {
    if (!amount.is_zero())
        postings.push_back({debit, credit, amount});
}

Account revenue_of(SkuKind kind) {
    switch (kind) {
    case SkuKind::goods: return Account::revenue_goods;
    case SkuKind::shipping: return Account::revenue_shipping;
    case SkuKind::voucher: return Account::revenue_voucher;
    case SkuKind::charge: return Account::revenue_charge;
    }
    KONTOR_UNREACHABLE();
}

/// Sums by account, so that a parcel of many lines posts once for each kind.
Postings sold(order::Book const& before, order::Shipped const& event) {
    constexpr std::array kinds{SkuKind::goods, SkuKind::shipping, SkuKind::voucher,
                               SkuKind::charge};
    std::array<std::int64_t, kinds.size()> nets{};
    std::int64_t tax = 0;
    auto const count = [&](SkuKind kind, order::Worth worth) {
        nets[static_cast<std::size_t>(kind) - 1] += worth.net;
        tax += worth.tax;
    };
    if (before.is_untouched())
        count(SkuKind::shipping, before.shipping_open);
    for (auto const& line : event.lines) {
        auto const& tally = order::tally_of(before, line.line);
        count(tally.kind, order::part_of(tally.open, line.quantity.value(), tally.open_units()));
    }
    KONTOR_ASSERT(tax == event.value.tax.minor(), "{} tax shipped, {} told", tax,
                  event.value.tax.minor());
    Postings made;
    for (std::size_t i = 0; i < kinds.size(); ++i)
        post(made, Account::receivable, revenue_of(kinds[i]), Money::of(nets[i], before.currency));
    post(made, Account::receivable, Account::tax, event.value.tax);
    return made;
}

Postings granted(order::RefundGranted const& event) {
    Postings made;
    switch (event.kind) {
    case order::RefundKind::return_:
    case order::RefundKind::shipping:
        post(made, Account::returns, Account::refunds_due, event.value.net);
        post(made, Account::tax, Account::refunds_due, event.value.tax);
        return made;
    case order::RefundKind::goodwill:
        post(made, Account::goodwill, Account::refunds_due, event.amount);
        return made;
    case order::RefundKind::cancel:
    case order::RefundKind::compensation:
        post(made, Account::receivable, Account::refunds_due, event.amount);
        return made;
    }
    KONTOR_UNREACHABLE();
}

void release(Postings& made, Money amount) {
    post(made, Account::memo_customer, Account::memo_held, amount);
}

payment::Granted const& granted_in(payment::State const& before) {
    auto const* const granted = std::get_if<payment::Granted>(&before);
    KONTOR_ASSERT(granted != nullptr, "money moved that was never authorised");
    return *granted;
}

/// What was captured is not held any more; with the last capture the provider lets go of the rest.
Postings captured(payment::Granted const& before, payment::Captured const& event) {
    Postings made;
    auto const rest = before.rest();
    release(made, event.last ? rest : std::min(event.amount, rest));
    post(made, Account::provider, Account::receivable, event.amount);
    return made;
}

Postings dispute_closed(payment::Granted const& before, payment::DisputeClosed const& event) {
    auto const* const dispute = payment::find_dispute(before, event.dispute_id);
    KONTOR_ASSERT(dispute != nullptr, "an unknown dispute was closed");
    Postings made;
    switch (event.outcome) {
    case payment::DisputeOutcome::won:
        post(made, Account::provider, Account::disputes, dispute->amount);
        return made;
    case payment::DisputeOutcome::lost:
        post(made, Account::losses, Account::disputes, dispute->amount);
        return made;
    }
    KONTOR_UNREACHABLE();
}

Postings one(Account debit, Account credit, Money amount) {
    Postings made;
    post(made, debit, credit, amount);
    return made;
}

} // namespace

std::string_view title_of(Account account) {
    switch (account) {
    case Account::memo_held: return "memo:held";
    case Account::memo_customer: return "memo:customer";
    case Account::receivable: return "receivable";
    case Account::revenue_goods: return "revenue:goods";
    case Account::revenue_shipping: return "revenue:shipping";
    case Account::revenue_voucher: return "revenue:voucher";
    case Account::revenue_charge: return "revenue:charge";
    case Account::tax: return "tax";
    case Account::provider: return "provider";
    case Account::refunds_due: return "refunds_due";
    case Account::returns: return "returns";
    case Account::goodwill: return "goodwill";
    case Account::disputes: return "disputes";
    case Account::losses: return "losses";
    }
    KONTOR_UNREACHABLE();
}

Postings postings(order::State const& before, order::Event const& event) {
    if (auto const* const shipped = std::get_if<order::Shipped>(&event)) {
        auto const* const book = order::book_of(before);
        KONTOR_ASSERT(book != nullptr, "an order shipped that was never placed");
        return sold(*book, *shipped);
    }
    if (auto const* const refund = std::get_if<order::RefundGranted>(&event))
        return granted(*refund);
    if (auto const* const completed = std::get_if<order::Completed>(&event))
        return one(Account::losses, Account::receivable, completed->uncollected);
    return {};
}

Postings postings(payment::State const& before, payment::Event const& event) {
    return std::visit(
        [&]<class Fact>(Fact const& fact) -> Postings {
            if constexpr (std::is_same_v<Fact, payment::Authorised>)
                return one(Account::memo_held, Account::memo_customer, fact.amount);
            else if constexpr (std::is_same_v<Fact, payment::Voided> ||
                               std::is_same_v<Fact, payment::AuthorisationExpired>)
                return one(Account::memo_customer, Account::memo_held, fact.amount);
            else if constexpr (std::is_same_v<Fact, payment::Captured>)
                return captured(granted_in(before), fact);
            else if constexpr (std::is_same_v<Fact, payment::Refunded>)
                return one(Account::refunds_due, Account::provider, fact.amount);
            else if constexpr (std::is_same_v<Fact, payment::Disputed>)
                return one(Account::disputes, Account::provider, fact.amount);
            else if constexpr (std::is_same_v<Fact, payment::DisputeClosed>)
                return dispute_closed(granted_in(before), fact);
            else
                return {};
        },
        event);
}

void Balances::add(Postings const& postings) {
    for (auto const& posting : postings) {
        sums_[static_cast<std::size_t>(posting.debit)] += posting.amount.minor();
        sums_[static_cast<std::size_t>(posting.credit)] -= posting.amount.minor();
    }
}

std::int64_t Balances::total() const {
    return std::accumulate(sums_.begin(), sums_.end(), std::int64_t{0});
}

bool Balances::are_at_rest() const {
    constexpr std::array passing{Account::memo_held, Account::memo_customer, Account::receivable,
                                 Account::refunds_due, Account::disputes};
    return std::ranges::all_of(passing, [&](Account account) { return of(account) == 0; });
}

} // namespace kontor::ledger
