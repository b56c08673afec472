#pragma once

/// Reconciliation: what the provider says it paid out to us and paid back to buyers, against what
/// the log says. Compared payment by payment and kind by kind, as sums: a provider may report a
/// payment's captures together.   Pure.
/// Source: INTERFACES section 2, Books.

#include "domain/payment/events.hpp"
#include "domain/values/ids.hpp"

#include <map>
#include <string>
#include <vector>

namespace kontor::services::books {

enum class MoneyMoved : std::uint8_t { capture = 1, refund = 2 };
BOOST_DESCRIBE_ENUM(MoneyMoved, capture, refund)

/// What sums are kept by.
struct MoveKey {
    PaymentId payment_id;
    MoneyMoved kind;
    Currency currency;
    friend auto operator<=>(MoveKey const&, MoveKey const&) = default;
};

enum class Agreement : std::uint8_t {
    matched,
    different, ///< both know it, with other amounts
    missing,   ///< we have it, the provider does not report it
    unknown,   ///< the provider reports it, we do not have it
};
BOOST_DESCRIBE_ENUM(Agreement, matched, different, missing, unknown)

struct Compared {
    MoveKey key;
    Agreement agreement;
    std::int64_t ours{0}; ///< minor units
    std::int64_t theirs{0};
};

class Reconciliation {
public:
    /// A fact of a payment, from our log.
    void have(PaymentId payment, payment::Event const& fact);
    /// A line of the provider's report.
    void reported(MoveKey const& key, std::int64_t minor) { sums_[key].theirs += minor; }

    /// All of it, in the sequence of the payments' ids.
    std::vector<Compared> compare() const;

private:
    struct Sums {
        std::int64_t ours{0};
        std::int64_t theirs{0};
    };
    std::map<MoveKey, Sums> sums_;
};

} // namespace kontor::services::books
