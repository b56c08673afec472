#include "services/sheets/payout_sheet.hpp"

#include "base/names.hpp"
#include "services/sheets/csv_text.hpp"

#include <array>

namespace kontor::services::sheets {
namespace {

constexpr std::array<std::string_view, 7> columns{"payment",   "kind", "amount", "currency",
                                                  "reference", "fee",  "date"};
constexpr std::array<std::string_view, 4> needed{"payment", "kind", "amount", "currency"};

std::optional<BadLine> read_line(TableLine const& from, PayoutLine& to) {
    auto const bad = [&](std::string_view column, std::string what) {
        return BadLine{from.number(), std::string(column), std::move(what)};
    };
    to.line = from.number();
    auto const payment = PaymentId::parse(from.field("payment"));
    if (!payment)
        return bad("payment", payment.error().what);
    auto const kind = enumerator_named<books::MoneyMoved>(from.field("kind"));
    if (!kind)
        return bad("kind", "capture or refund is wanted");
    auto const currency = Currency::parse(from.field("currency"));
    if (!currency)
        return bad("currency", currency.error().what);
    auto const amount = parse_decimal(from.field("amount"), *currency);
    if (!amount)
        return bad("amount", amount.error().what);
    to.key = {*payment, *kind, *currency};
    to.minor = amount->minor();
    return std::nullopt;
}

} // namespace

Result<Sheet<PayoutLine>> read_payouts(ports::ByteSource& source) {
    return read_sheet<PayoutLine>(source, columns, needed, read_line);
}

} // namespace kontor::services::sheets
