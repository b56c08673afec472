#include "tests/simulation/checkers/money.hpp"

#include <fmt/format.h>

namespace kontor::simulation {

void MoneyChecker::fail(std::string what) {
    verdict_.fail("I2", where_ + ": " + std::move(what));
}

void MoneyChecker::see(Fact const& fact) {
    where_ = fmt::format("{} at position {}", fact.stream.to_string(), fact.position);
    if (auto const* const event = std::get_if<order::Event>(&fact.content))
        see_order(OrderId(fact.stream.id()), *event);
    if (auto const* const event = std::get_if<payment::Event>(&fact.content))
        see_payment(PaymentId(fact.stream.id()), *event);
}

void MoneyChecker::see_order(OrderId id, order::Event const& event) {
    if (auto const* const placed = std::get_if<order::Placed>(&event))
        see_placed(id, *placed);
    auto& bill = bills_[id];
    if (auto const* const edited = std::get_if<order::Edited>(&event))
        bill.total += edited->delta.minor();
    if (std::holds_alternative<order::Rejected>(event) ||
        std::holds_alternative<order::Expired>(event) ||
        std::holds_alternative<order::Cancelled>(event))
        bill.is_dead = true;
    if (auto const* const completed = std::get_if<order::Completed>(&event)) {
        bill.is_completed = true;
        std::int64_t net = 0;
        bool is_odd = false;
        for (auto const& payment : bill.payments) {
            auto const& sums = payments_[payment];
            net += sums.captured - sums.refunded - sums.refunding;
            is_odd = is_odd || sums.is_odd;
        }
        if (!is_odd && net != completed->net.minor())
            fail(
                fmt::format("completed with {}, the payments say {}", completed->net.minor(), net));
    }
}

void MoneyChecker::see_placed(OrderId id, order::Placed const& placed) {
    std::int64_t lines = 0;
    for (auto const& line : placed.lines)
        lines += line.value.net.minor() + line.value.tax.minor();
    auto const total = lines + placed.shipping.net.minor() + placed.shipping.tax.minor();
    if (total != placed.total.minor())
        fail(fmt::format("a total of {}, the lines say {}", placed.total.minor(), total));
    if (bills_[id].total != 0)
        fail("placed twice");
    bills_[id].total = total;
}

void MoneyChecker::count(Sums& sums, Money money) {
    if (sums.currency && *sums.currency != money.currency())
        fail("two currencies in one payment");
    sums.currency = money.currency();
    if (money.minor() < 0)
        fail("a negative amount");
}

void MoneyChecker::see(Sums& sums, payment::Captured const& fact) {
    count(sums, fact.amount);
    if (!sums.captures.insert(fact.capture_id).second)
        fail("captured twice: " + fact.capture_id.to_string());
    sums.captured += fact.amount.minor();
}

void MoneyChecker::see(Sums& sums, payment::Refunded const& fact) {
    count(sums, fact.amount);
    if (!sums.refunds.insert(fact.refund_id).second)
        fail("refunded twice: " + fact.refund_id.to_string());
    if (auto const found = sums.pending.find(fact.refund_id); found != sums.pending.end()) {
        sums.refunding -= found->second;
        sums.pending.erase(found);
    }
    sums.refunded += fact.amount.minor();
}

template <class Other>
void MoneyChecker::see(Sums& sums, Other const& fact) {
    if constexpr (std::is_same_v<Other, payment::Authorised>) {
        count(sums, fact.amount);
        sums.order = fact.order_id;
        sums.authorised += fact.amount.minor();
    }
    if constexpr (std::is_same_v<Other, payment::RefundPending>) {
        count(sums, fact.amount);
        if (sums.pending.try_emplace(fact.refund_id, fact.amount.minor()).second)
            sums.refunding += fact.amount.minor();
    }
    if constexpr (std::is_same_v<Other, payment::RefundFailed>) {
        sums.is_odd = true;
        if (auto const found = sums.pending.find(fact.refund_id); found != sums.pending.end()) {
            sums.refunding -= found->second;
            sums.pending.erase(found);
        }
    }
    if constexpr (std::is_same_v<Other, payment::Disputed>)
        sums.is_odd = true;
}

void MoneyChecker::see_payment(PaymentId id, payment::Event const& event) {
    auto& sums = payments_[id];
    std::visit([&](auto const& fact) { see(sums, fact); }, event);
    if (sums.order)
        bills_[*sums.order].payments.insert(id);
    if (sums.captured > sums.authorised)
        fail(fmt::format("{} captured of {} authorised", sums.captured, sums.authorised));
    if (sums.refunded + sums.refunding > sums.captured)
        fail(fmt::format("{} refunded and {} pending of {} captured", sums.refunded, sums.refunding,
                         sums.captured));
}

void MoneyChecker::at_rest(std::vector<payments::BookEntry> const& book) {
    std::set<PaymentId> in_book;
    for (auto const& entry : book) {
        in_book.insert(entry.payment_id);
        where_ = entry.payment_id.to_string() + " at rest";
        auto const& sums = payments_[entry.payment_id];
        if (entry.captured.minor() != sums.captured)
            fail(fmt::format("the provider captured {}, we know of {}", entry.captured.minor(),
                             sums.captured));
        if (entry.refunded.minor() != sums.refunded)
            fail(fmt::format("the provider refunded {}, we know of {}", entry.refunded.minor(),
                             sums.refunded));
        if (entry.held.minor() != 0)
            verdict_.fail(
                "I3", fmt::format("{}: the provider still holds {}", where_, entry.held.minor()));
    }
    std::map<OrderId, std::int64_t> kept;
    std::set<OrderId> odd;
    for (auto const& [id, sums] : payments_) {
        where_ = id.to_string() + " at rest";
        if (sums.captured > 0 && !in_book.contains(id))
            fail("captured, and not in the provider's book");
        if (!sums.pending.empty())
            verdict_.fail("I3", where_ + ": a refund is still pending");
        if (!sums.order)
            continue;
        kept[*sums.order] += sums.captured - sums.refunded;
        if (sums.is_odd)
            odd.insert(*sums.order);
    }
    for (auto const& [order, amount] : kept) {
        auto const& bill = bills_[order];
        where_ = order.to_string() + " at rest";
        if (bill.is_dead && amount != 0 && !odd.contains(order))
            fail(fmt::format("dead, and {} of the buyer's money is kept", amount));
        if (amount > bill.total && !odd.contains(order))
            fail(fmt::format("{} kept of a total of {}", amount, bill.total));
    }
}

} // namespace kontor::simulation
