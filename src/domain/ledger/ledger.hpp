#pragma once

/// Double-entry books as a fold: which accounts a fact moves money between. Pure; nothing is stored
/// here, for the log is the journal.
///
/// Invariants: 1. Each posting names what is debited and what is credited, so every event balances
///             by construction.
///             2. At rest (the order ended, no refund or dispute is open) memo_held, memo_customer,
///             receivable, refunds_due and disputes are zero.
/// Source: DOMAIN section 6, Ledger.

#include "domain/order/order.hpp"
#include "domain/payment/payment.hpp"

#include "base/small_vector.hpp"

#include <array>

namespace kontor::ledger {

/// Stored and shown by name only; the numbers are for tables in memory.
enum class Account : std::uint8_t {
    memo_held,     ///< authorised, not captured
    memo_customer, ///< its counterpart
    receivable,    ///< buyers owe it
    revenue_goods,
    revenue_shipping,
    revenue_voucher,
    revenue_charge,
    tax,
    provider,    ///< the payment provider owes it to us
    refunds_due, ///< we owe it to buyers
    returns,
    goodwill,
    disputes, ///< the provider took it back until a dispute is decided
    losses,
};
BOOST_DESCRIBE_ENUM(Account, memo_held, memo_customer, receivable, revenue_goods, revenue_shipping,
                    revenue_voucher, revenue_charge, tax, provider, refunds_due, returns, goodwill,
                    disputes, losses)
inline constexpr std::size_t accounts = static_cast<std::size_t>(Account::losses) + 1;

/// "memo:held", "revenue:goods".
std::string_view title_of(Account account);

/// `amount` is greater than zero.
struct Posting {
    Account debit;
    Account credit;
    Money amount;
    friend bool operator==(Posting const&, Posting const&) = default;
};
using Postings = SmallVector<Posting, 6>;

/// What a fact of an order posts. `before` is the state it happened to.
Postings postings(order::State const& before, order::Event const& event);

/// What a fact of a payment posts. `before` is the state it happened to.
Postings postings(payment::State const& before, payment::Event const& event);

/// The balances of one currency: debits less credits, in minor units.
class Balances {
public:
    void add(Postings const& postings);
    std::int64_t of(Account account) const { return sums_[static_cast<std::size_t>(account)]; }
    /// Zero, always: the books balance.
    std::int64_t total() const;
    /// Nothing is held, owed or disputed any more.
    bool are_at_rest() const;

private:
    std::array<std::int64_t, accounts> sums_{};
};

} // namespace kontor::ledger
