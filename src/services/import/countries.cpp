#include "services/import/countries.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace kontor::online_retail {
namespace {

using Named = std::pair<std::string_view, std::string_view>;
constexpr std::array<Named, 38> countries{{
    {"Australia", "AU"},       {"Austria", "AT"},     {"Bahrain", "BH"},
    {"Belgium", "BE"},         {"Brazil", "BR"},      {"Canada", "CA"},
    {"Channel Islands", "XC"}, {"Cyprus", "CY"},      {"Czech Republic", "CZ"},
    {"Denmark", "DK"},         {"EIRE", "IE"},        {"European Community", "EU"},
    {"Finland", "FI"},         {"France", "FR"},      {"Germany", "DE"},
    {"Greece", "GR"},          {"Hong Kong", "HK"},   {"Iceland", "IS"},
    {"Israel", "IL"},          {"Italy", "IT"},       {"Japan", "JP"},
    {"Lebanon", "LB"},         {"Lithuania", "LT"},   {"Malta", "MT"},
    {"Netherlands", "NL"},     {"Norway", "NO"},      {"Poland", "PL"},
    {"Portugal", "PT"},        {"RSA", "ZA"},         {"Saudi Arabia", "SA"},
    {"Singapore", "SG"},       {"Spain", "ES"},       {"Sweden", "SE"},
    {"Switzerland", "CH"},     {"USA", "US"},         {"United Arab Emirates", "AE"},
    {"United Kingdom", "GB"},  {"Unspecified", "ZZ"},
}};
static_assert(std::ranges::is_sorted(countries), "found by bisection");

} // namespace

std::optional<Country> try_country(std::string_view text) {
    auto const* const found = std::ranges::lower_bound(countries, text, {}, &Named::first);
    if (found == countries.end() || found->first != text)
        return std::nullopt;
    return Country::parse(found->second).value();
}

Country country_named(std::string_view text) {
    return try_country(text).value_or(Country::parse("ZZ").value());
}

} // namespace kontor::online_retail
