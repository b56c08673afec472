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

PaymentLabel payment_label(Money total, Money due, PaymentSums const& sums) {
    auto const net = sums.captured - sums.refunded;
    if (!sums.captured.is_zero() && net.is_zero())
        return PaymentLabel::refunded;
    if (net > due)
        return PaymentLabel::overpaid;
    if (!net.is_zero())
        return net == due ? PaymentLabel::paid : PaymentLabel::part_paid;
    if (!sums.authorised.is_zero())
        return PaymentLabel::authorised;
    return total.is_zero() ? PaymentLabel::paid : PaymentLabel::unpaid;
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

namespace {

constexpr std::string_view number_digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t number_length = 8;
constexpr int bits_a_digit = 5;
constexpr std::uint64_t number_mask =
    (std::uint64_t{1} << (bits_a_digit * static_cast<int>(number_length))) - 1;

/// Empty: it is no digit.
std::optional<std::uint64_t> digit_of(char letter) {
    if (letter >= 'a' && letter <= 'z')
        letter = static_cast<char>(letter - 'a' + 'A');
    if (letter == 'O')
        letter = '0';
    if (letter == 'I' || letter == 'L')
        letter = '1';
    auto const at = number_digits.find(letter);
    return at == number_digits.npos ? std::nullopt : std::optional<std::uint64_t>(at);
}

} // namespace

std::uint64_t order_number_bits(OrderId id) {
    return id.value().low() & number_mask;
}

std::optional<std::uint64_t> parse_order_number(std::string_view text) {
    constexpr auto hyphen_at = number_length / 2;
    if (text.size() != number_length + 1 || text[hyphen_at] != '-')
        return std::nullopt;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (i == hyphen_at)
            continue;
        auto const digit = digit_of(text[i]);
        if (!digit)
            return std::nullopt;
        bits = bits << bits_a_digit | *digit;
    }
    return bits;
}

std::string order_number(OrderId id) {
    std::string number = "0000-0000";
    auto bits = order_number_bits(id);
    for (std::size_t i = number.size(); i-- > 0;) {
        if (number[i] == '-')
            continue;
        number[i] = number_digits[bits % number_digits.size()];
        bits /= number_digits.size();
    }
    return number;
}

} // namespace kontor::order
