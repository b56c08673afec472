#pragma once

/// I2, money at the end: what is kept of each order's money is what the buyer keeps of the goods.
/// Each line is folded from the facts of the order alone: what was cancelled, what left, what came
/// back and goes on the shelf again, each with its part of the line's price, to the last cent.
///
/// What left is to be captured or listed as uncollected; what came back, or was captured and never
/// left, is to be refunded; nothing more. Shares no code with domain/order and domain/checkout.
/// Source: DOMAIN sections 2, 4 and 8.

#include "tests/simulation/checkers/history.hpp"

#include <map>
#include <set>
#include <vector>

namespace kontor::simulation {

class SettlementChecker {
public:
    explicit SettlementChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    void at_rest();

private:
    /// Units of one line, and what they cost: some may still ship, some have left.
    struct Pool {
        std::int64_t units{0};
        std::int64_t net{0};
        std::int64_t tax{0};
    };
    struct Line {
        Pool open{};
        Pool out{};
    };
    struct Account {
        std::map<std::uint16_t, Line> lines{};
        std::int64_t shipping{0};
        std::int64_t left{0};        ///< worth of what has left, with shipping
        std::int64_t back{0};        ///< of that, came back in good order
        std::int64_t granted{0};     ///< presents, and shipping given back
        std::int64_t uncollected{0}; ///< as the order was completed
        bool has_shipped{false};
        std::int64_t captured{0};
        std::int64_t refunded{0};
        bool is_odd{false}; ///< a refund failed or the bank argues: no rule says how it comes out
    };
    static std::int64_t part_of(std::int64_t amount, std::int64_t units, std::int64_t of);
    static std::int64_t take(Pool& from, Pool& to, std::int64_t units);

    void add_lines(Account& account, std::vector<order::Line> const& lines);
    std::int64_t cancel(Account& account, std::vector<LineQuantity> const& lines);
    template <class Event>
    void see_order(Account&, Event const&) {}
    void see_order(Account& account, order::Placed const& fact);
    void see_order(Account& account, order::LinesCancelled const& fact);
    void see_order(Account& account, order::Cancelled const& fact);
    void see_order(Account& account, order::Edited const& fact);
    void see_order(Account& account, order::Shipped const& fact);
    void see_order(Account& account, order::ReturnReceived const& fact);
    void see_order(Account& account, order::RefundGranted const& fact);
    void see_order(Account& account, order::Completed const& fact);
    void see_payment(PaymentId id, payment::Event const& event);
    void must_be(std::string_view what, std::int64_t said, std::int64_t is);

    Verdict& verdict_;
    std::map<OrderId, Account> accounts_;
    std::map<PaymentId, OrderId> order_of_;
    std::string where_;
};

} // namespace kontor::simulation
