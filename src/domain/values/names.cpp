#include "domain/values/names.hpp"

#include <algorithm>
#include <array>

namespace kontor {
namespace {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
constexpr bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}

/// What each character of a SKU becomes; 0: not allowed.
constexpr auto sku_characters = [] {
    std::array<char, 256> to{};
    for (int c = 0; c < 256; ++c) {
        auto const character = static_cast<char>(c);
        if (is_lower(character))
            to[static_cast<std::size_t>(c)] = static_cast<char>(character - 'a' + 'A');
        else if (is_upper(character) || is_digit(character) || character == '.' ||
                 character == '_' || character == '-')
            to[static_cast<std::size_t>(c)] = character;
    }
    return to;
}();

/// Upper-cases and checks [A-Z0-9][A-Z0-9._-]*; empty when it is not spelled like that.
InlineText<Sku::length_max> spelled_like_a_sku(std::string_view text) {
    if (text.empty() || text.size() > Sku::length_max)
        return {};
    std::array<char, Sku::length_max> upper{};
    bool is_allowed = true;
    for (std::size_t n = 0; n < text.size(); ++n) {
        upper[n] = sku_characters[static_cast<unsigned char>(text[n])];
        is_allowed = is_allowed && upper[n] != 0;
    }
    bool const ok = is_allowed && (is_upper(upper[0]) || is_digit(upper[0]));
    return ok ? InlineText<Sku::length_max>(std::string_view(upper.data(), text.size()))
              : InlineText<Sku::length_max>();
}

// Source: ISO 3166-1 alpha-2, and the user-assigned codes named in names.hpp.
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR "
    "BS BT BV BW BY BZ CA "
    "CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET "
    "EU FI FJ FK FM FO FR "
    "GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO "
    "IQ IR IS IT JE JM JO "
    "JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR "
    "MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR "
    "PS PT PW PY QA RE RO "
    "RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK "
    "TL TM TN TO TR TT TV "
    "TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XC YE YT ZA ZM ZW ZZ";

} // namespace

Result<Sku> Sku::parse(std::string_view text) {
    auto const spelled = spelled_like_a_sku(text);
    if (spelled.empty())
        return unexpected(Failure{FailureKind::invalid,
                                  "a SKU has 1 to 40 of A-Z, 0-9, '.', '_' and '-', the first a "
                                  "letter or digit"});
    return Sku(spelled.view());
}

Result<CouponCode> CouponCode::parse(std::string_view text) {
    auto const spelled = spelled_like_a_sku(text);
    if (spelled.empty())
        return unexpected(Failure{FailureKind::invalid,
                                  "a coupon code has 1 to 40 of A-Z, 0-9, '.', '_' and '-', the "
                                  "first a letter or digit"});
    return CouponCode(spelled.view());
}

Result<Location> Location::parse(std::string_view text) {
    auto const allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
    if (text.empty() || text.size() > length_max || text[0] == '-' ||
        !std::ranges::all_of(text, allowed))
        return unexpected(Failure{FailureKind::invalid,
                                  "a location has 1 to 15 of a-z, 0-9 and '-', the first no '-'"});
    return Location(text);
}

Result<Country> Country::parse(std::string_view code) {
    bool const two_letters = code.size() == 2 && is_upper(code[0]) && is_upper(code[1]);
    if (!two_letters || countries.find(code) == std::string_view::npos)
        return unexpected(Failure{FailureKind::invalid,
                                  two_letters ? "there is no such country in ISO 3166-1"
                                              : "a country is two capital letters of ISO 3166-1, "
                                                "like GB"});
    return Country(code);
}

} // namespace kontor
