#pragma once

/// I2, money: three sums for each payment, every order's total added up again, and the provider's
/// book, which must say the same in the end.
///
/// Shares no code with domain/payment and domain/ledger.

#include "tests/simulation/checkers/history.hpp"

#include "adapters/payments/sandbox.hpp"

#include <map>
#include <set>
#include <vector>

namespace kontor::simulation {

class MoneyChecker {
public:
    explicit MoneyChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    /// The provider's book says what the log says, and holds nothing.
    void at_rest(std::vector<payments::BookEntry> const& book);

private:
    struct Sums {
        std::optional<OrderId> order;
        std::optional<Currency> currency;
        std::int64_t authorised{0};
        std::int64_t captured{0};
        std::int64_t refunded{0};
        std::int64_t refunding{0};
        bool is_odd{
            false}; ///< a refund failed, or the bank argues: the order may not come out even
        std::map<RefundId, std::int64_t> pending{};
        std::set<CaptureId> captures{};
        std::set<RefundId> refunds{};
    };
    struct Bill {
        std::int64_t total{0};
        std::int64_t cancelled{0};
        bool is_dead{false}; ///< rejected, expired or cancelled
        bool is_completed{false};
        std::set<PaymentId> payments{}; ///< that are for it
    };
    void see_order(OrderId id, order::Event const& event);
    void see_placed(OrderId id, order::Placed const& placed);
    void see_payment(PaymentId id, payment::Event const& event);
    void see(Sums& sums, payment::Captured const& fact);
    void see(Sums& sums, payment::Refunded const& fact);
    template <class Other>
    void see(Sums& sums, Other const& fact);
    void count(Sums& sums, Money money);
    void fail(std::string what);

    Verdict& verdict_;
    std::map<PaymentId, Sums> payments_;
    std::map<OrderId, Bill> bills_;
    std::string where_;
};

} // namespace kontor::simulation
