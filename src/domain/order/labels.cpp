#include "domain/order/labels.hpp"

namespace kontor::order {
namespace {

Book const& book_in(State const& state) {
    auto const* const book = book_of(state);
    KONTOR_ASSERT(book != nullptr, "there is no order to label");
    return *book;
}

} // namespace

Money due(State const& state) {
    auto const& book = book_in(state);
    auto const phase = phase_of(state);
    if (phase == Phase::rejected || phase == Phase::expired)
        return Money::zero(book.currency);
    return Money::of(book.sold.gross() - book.cancelled.gross() - book.granted_return.gross() -
                         book.granted_shipping.gross() - book.granted_goodwill,
                     book.currency);
}

PaymentLabel payment_label(Money due, PaymentSums const& sums) {
    auto const net = sums.captured - sums.refunded;
    if (!sums.captured.is_zero() && net.is_zero())
        return PaymentLabel::refunded;
    if (net > due)
        return PaymentLabel::overpaid;
    if (net == due)
        return PaymentLabel::paid;
    if (!net.is_zero())
        return PaymentLabel::part_paid;
    return sums.authorised.is_zero() ? PaymentLabel::unpaid : PaymentLabel::authorised;
}

FulfilmentLabel fulfilment_label(UnitSums const& units) {
    auto const wanted = units.wanted;
    if (units.returned > 0)
        return units.returned == wanted ? FulfilmentLabel::returned
                                        : FulfilmentLabel::part_returned;
    if (units.delivered > 0)
        return units.delivered == wanted ? FulfilmentLabel::delivered
                                         : FulfilmentLabel::part_delivered;
    if (units.shipped > 0)
        return units.shipped == wanted ? FulfilmentLabel::shipped : FulfilmentLabel::part_shipped;
    return FulfilmentLabel::none;
}

FulfilmentLabel fulfilment_label(State const& state) {
    return fulfilment_label(sum_units(book_in(state).lines));
}

std::string order_number(OrderId id) {
    constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string number = "0000-0000";
    auto bits = id.value().low();
    for (std::size_t i = number.size(); i-- > 0;) {
        if (number[i] == '-')
            continue;
        number[i] = digits[bits % 32];
        bits /= 32;
    }
    return number;
}

} // namespace kontor::order
