#pragma once

/// Numbers of payment cards in texts of people: they must not be kept.   Thread: any.

#include <string_view>

namespace kontor::telemetry {

/// Whether a row of digits adds up as cards' numbers do.
/// Source: H. P. Luhn, US patent 2,950,048.   Requires: nothing but digits.
bool is_luhn(std::string_view digits);

/// Whether a number of a card stands in the text, also with single spaces or hyphens between its
/// digits: it begins and is as long as those of an issuer, and adds up. Numbers of phones, orders
/// and articles hardly ever do. Visa's numbers of 13 digits, long not issued, are left to the
/// articles, whose German ones begin like them.
/// Source: ISO/IEC 7812-1; the ranges that the schemes have published.
bool holds_card_number(std::string_view text);

} // namespace kontor::telemetry
