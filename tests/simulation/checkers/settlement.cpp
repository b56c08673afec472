#include "tests/simulation/checkers/settlement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::simulation {

void SettlementChecker::must_be(std::string_view what, std::int64_t said, std::int64_t is) {
    if (said != is)
        verdict_.fail("I2", fmt::format("{}: {} {}, by its lines {}", where_, what, said, is));
}

/// The first part of `amount`, split between `units` and the others: rounded down, and the cent
/// that may be left goes to the larger remainder, of equal ones to the first.
std::int64_t SettlementChecker::part_of(std::int64_t amount, std::int64_t units, std::int64_t of) {
    auto const rest = amount * units % of;
    auto const rest_of_others = amount * (of - units) % of;
    bool const gets_the_cent = rest + rest_of_others == of && rest >= rest_of_others;
    return amount * units / of + (gets_the_cent ? 1 : 0);
}

std::int64_t SettlementChecker::take(Pool& from, Pool& to, std::int64_t units) {
    auto const net = part_of(from.net, units, from.units);
    auto const tax = part_of(from.tax, units, from.units);
    from = {from.units - units, from.net - net, from.tax - tax};
    to = {to.units + units, to.net + net, to.tax + tax};
    return net + tax;
}

void SettlementChecker::see(Fact const& fact) {
    where_ = fmt::format("{} at position {}", fact.stream.to_string(), fact.position);
    if (auto const* const event = std::get_if<order::Event>(&fact.content)) {
        auto& account = accounts_[OrderId(fact.stream.id())];
        std::visit([&](auto const& what) { see_order(account, what); }, *event);
    }
    if (auto const* const event = std::get_if<payment::Event>(&fact.content))
        see_payment(PaymentId(fact.stream.id()), *event);
}

void SettlementChecker::add_lines(Account& account, std::vector<order::Line> const& lines) {
    for (auto const& line : lines)
        account.lines[line.line.value()].open = {line.quantity.value(), line.value.net.minor(),
                                                 line.value.tax.minor()};
}

void SettlementChecker::see_order(Account& account, order::Placed const& fact) {
    add_lines(account, fact.lines);
    account.shipping = fact.shipping.net.minor() + fact.shipping.tax.minor();
}

std::int64_t SettlementChecker::cancel(Account& account, std::vector<LineQuantity> const& lines) {
    std::int64_t worth = 0;
    for (auto const& [number, quantity] : lines) {
        auto& line = account.lines.at(number.value());
        if (quantity.value() > line.open.units) {
            verdict_.fail("I2", fmt::format("{}: {} units cancelled of {}", where_,
                                            quantity.value(), line.open.units));
            return worth;
        }
        Pool gone;
        worth += take(line.open, gone, quantity.value());
    }
    return worth;
}

void SettlementChecker::see_order(Account& account, order::LinesCancelled const& fact) {
    must_be("cancelled units worth", fact.value.gross().minor(), cancel(account, fact.lines));
}

void SettlementChecker::see_order(Account& account, order::Cancelled const& fact) {
    auto worth = account.has_shipped ? 0 : account.shipping;
    for (auto& [number, line] : account.lines) {
        worth += line.open.net + line.open.tax;
        line.open = {};
    }
    must_be("a cancelled order worth", fact.value.gross().minor(), worth);
}

void SettlementChecker::see_order(Account& account, order::Edited const& fact) {
    auto const less = cancel(account, fact.cancelled);
    std::int64_t more = 0;
    for (auto const& line : fact.added)
        more += line.value.net.minor() + line.value.tax.minor();
    add_lines(account, fact.added);
    must_be("an edit that costs", fact.delta.minor(), more - less);
}

void SettlementChecker::see_order(Account& account, order::Shipped const& fact) {
    auto worth = account.has_shipped ? 0 : account.shipping;
    for (auto const& [number, quantity] : fact.lines) {
        auto& line = account.lines.at(number.value());
        if (quantity.value() > line.open.units) {
            verdict_.fail("I2", fmt::format("{}: {} units left of {}", where_, quantity.value(),
                                            line.open.units));
            return;
        }
        worth += take(line.open, line.out, quantity.value());
    }
    account.has_shipped = true;
    account.left += worth;
    must_be("a parcel worth", fact.value.gross().minor(), worth);
}

void SettlementChecker::see_order(Account& account, order::ReturnReceived const& fact) {
    std::int64_t worth = 0;
    for (auto const& [number, quantity, condition] : fact.lines) {
        auto& line = account.lines.at(number.value());
        if (quantity.value() > line.out.units) {
            verdict_.fail("I2", fmt::format("{}: {} units came back of {}", where_,
                                            quantity.value(), line.out.units));
            return;
        }
        Pool in;
        auto const value = take(line.out, in, quantity.value());
        worth += value;
        if (condition == ItemCondition::restock)
            account.back += value;
    }
    must_be("units that came back worth", fact.value.gross().minor(), worth);
}

void SettlementChecker::see_order(Account& account, order::RefundGranted const& fact) {
    if (fact.kind == order::RefundKind::goodwill || fact.kind == order::RefundKind::shipping)
        account.granted += fact.amount.minor();
}

void SettlementChecker::see_order(Account& account, order::Completed const& fact) {
    account.uncollected = fact.uncollected.minor();
}

void SettlementChecker::see_payment(PaymentId id, payment::Event const& event) {
    if (auto const* const authorised = std::get_if<payment::Authorised>(&event))
        order_of_[id] = authorised->order_id;
    auto const order = order_of_.find(id);
    if (order == order_of_.end())
        return;
    auto& account = accounts_[order->second];
    if (auto const* const captured = std::get_if<payment::Captured>(&event))
        account.captured += captured->amount.minor();
    if (auto const* const refunded = std::get_if<payment::Refunded>(&event))
        account.refunded += refunded->amount.minor();
    if (std::holds_alternative<payment::RefundFailed>(event) ||
        std::holds_alternative<payment::Disputed>(event))
        account.is_odd = true;
}

void SettlementChecker::at_rest() {
    for (auto const& [id, account] : accounts_) {
        if (account.is_odd)
            continue;
        auto const due = account.left - account.back - account.granted;
        auto const owed = std::max<std::int64_t>(0, account.captured - due);
        if (account.refunded != owed)
            verdict_.fail("I2", fmt::format("{} at rest: {} of {} captured was refunded, {} is "
                                            "owed: {} left, {} came back",
                                            id.to_string(), account.refunded, account.captured,
                                            owed, account.left, account.back));
        auto const missing = std::max<std::int64_t>(0, due - account.captured);
        if (missing > account.uncollected)
            verdict_.fail("I2",
                          fmt::format("{} at rest: {} captured for {} that left, {} came back, and "
                                      "{} was listed as uncollected",
                                      id.to_string(), account.captured, account.left, account.back,
                                      account.uncollected));
    }
}

} // namespace kontor::simulation
