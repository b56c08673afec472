#pragma once

/// Orders for specs: short ways to write the facts and commands of a purchase.

#include "domain/order/order.hpp"
#include "tests/support/given.hpp"

namespace kontor::testing {

inline constexpr Currency gbp = Currency::gbp();

inline Money pence(std::int64_t minor) {
    return Money::of(minor, gbp);
}
inline NetTax worth(std::int64_t net, std::int64_t tax = 0) {
    return {pence(net), pence(tax)};
}

/// The n-th id of its kind.
template <class Id>
Id nth(std::uint64_t n) {
    return Id(Id128(0x0199'0000'0000'0000ULL, n));
}

inline LineNumber line_number(int n) {
    return LineNumber(static_cast<std::uint16_t>(n));
}

inline LineQuantity units(int line, std::int64_t quantity) {
    return {line_number(line), Quantity::of(quantity)};
}

/// `value` is what the whole line costs.
inline order::Line line(int n, std::int64_t quantity, NetTax value, SkuKind kind = SkuKind::goods) {
    order::Line made;
    made.line = line_number(n);
    made.sku = Sku::parse("SKU-" + std::to_string(n)).value();
    made.title = "THING " + std::to_string(n);
    made.kind = kind;
    made.quantity = Quantity::of(quantity);
    made.unit_price = value.gross();
    made.tax_class = TaxClass("standard");
    made.discount = Money::zero(value.net.currency());
    made.value = value;
    return made;
}

inline Personal<Address> somewhere() {
    return Personal<Address>(Address{"A. Buyer", {"1 High Street"}, "London", "N1 9GU"});
}
inline Personal<Contact> someone() {
    return Personal<Contact>(Contact{"buyer@example.com"});
}
inline order::PaymentOffer card() {
    return {PaymentMethod("card"), Personal<std::string>("tok_approve")};
}

inline order::Quote quote(std::vector<order::Line> lines, NetTax shipping) {
    auto total = shipping.gross();
    auto discount = Money::zero(total.currency());
    for (auto const& each : lines) {
        total += each.value.gross();
        discount += each.discount;
    }
    return {.currency = total.currency(),
            .rounding = {},
            .lines = std::move(lines),
            .shipping = shipping,
            .discount = discount,
            .coupon = {},
            .total = total,
            .shipping_method = ShippingMethodCode("standard")};
}

inline order::Place place(std::vector<order::Line> lines, NetTax shipping = worth(500)) {
    auto quoted = quote(std::move(lines), shipping);
    auto const total = quoted.total;
    return {.order_id = nth<OrderId>(1),
            .customer_id = nth<CustomerId>(1),
            .channel = order::Channel::storefront,
            .quote = std::move(quoted),
            .expected_total = total,
            .country = Country::parse("GB").value(),
            .ship_to = somewhere(),
            .contact = someone(),
            .payment = card()};
}

/// What Place leads to at the usual time.
inline order::Placed placed(order::Place const& command) {
    auto const decision =
        order::decide(order::initial(), command, Context{.now = usual_now, .command_id = {}});
    KONTOR_ASSERT(decision.has_value(), "the order of a spec was not placed");
    return std::get<order::Placed>(decision->front());
}

} // namespace kontor::testing
