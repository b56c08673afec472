#include "domain/values/currency.hpp"

#include <algorithm>
#include <array>

namespace kontor {
namespace {

struct Row {
    std::string_view code;
    std::uint16_t number;
    std::uint8_t exponent;
};

// Source: ISO 4217, active codes of countries, sorted by code. XXX stands for "no currency".
constexpr std::array table{
    Row{"AED", 784, 2}, Row{"AFN", 971, 2}, Row{"ALL", 8, 2},   Row{"AMD", 51, 2},
    Row{"ANG", 532, 2}, Row{"AOA", 973, 2}, Row{"ARS", 32, 2},  Row{"AUD", 36, 2},
    Row{"AWG", 533, 2}, Row{"AZN", 944, 2}, Row{"BAM", 977, 2}, Row{"BBD", 52, 2},
    Row{"BDT", 50, 2},  Row{"BGN", 975, 2}, Row{"BHD", 48, 3},  Row{"BIF", 108, 0},
    Row{"BMD", 60, 2},  Row{"BND", 96, 2},  Row{"BOB", 68, 2},  Row{"BRL", 986, 2},
    Row{"BSD", 44, 2},  Row{"BTN", 64, 2},  Row{"BWP", 72, 2},  Row{"BYN", 933, 2},
    Row{"BZD", 84, 2},  Row{"CAD", 124, 2}, Row{"CDF", 976, 2}, Row{"CHF", 756, 2},
    Row{"CLP", 152, 0}, Row{"CNY", 156, 2}, Row{"COP", 170, 2}, Row{"CRC", 188, 2},
    Row{"CUP", 192, 2}, Row{"CVE", 132, 2}, Row{"CZK", 203, 2}, Row{"DJF", 262, 0},
    Row{"DKK", 208, 2}, Row{"DOP", 214, 2}, Row{"DZD", 12, 2},  Row{"EGP", 818, 2},
    Row{"ERN", 232, 2}, Row{"ETB", 230, 2}, Row{"EUR", 978, 2}, Row{"FJD", 242, 2},
    Row{"FKP", 238, 2}, Row{"GBP", 826, 2}, Row{"GEL", 981, 2}, Row{"GHS", 936, 2},
    Row{"GIP", 292, 2}, Row{"GMD", 270, 2}, Row{"GNF", 324, 0}, Row{"GTQ", 320, 2},
    Row{"GYD", 328, 2}, Row{"HKD", 344, 2}, Row{"HNL", 340, 2}, Row{"HTG", 332, 2},
    Row{"HUF", 348, 2}, Row{"IDR", 360, 2}, Row{"ILS", 376, 2}, Row{"INR", 356, 2},
    Row{"IQD", 368, 3}, Row{"IRR", 364, 2}, Row{"ISK", 352, 0}, Row{"JMD", 388, 2},
    Row{"JOD", 400, 3}, Row{"JPY", 392, 0}, Row{"KES", 404, 2}, Row{"KGS", 417, 2},
    Row{"KHR", 116, 2}, Row{"KMF", 174, 0}, Row{"KPW", 408, 2}, Row{"KRW", 410, 0},
    Row{"KWD", 414, 3}, Row{"KYD", 136, 2}, Row{"KZT", 398, 2}, Row{"LAK", 418, 2},
    Row{"LBP", 422, 2}, Row{"LKR", 144, 2}, Row{"LRD", 430, 2}, Row{"LSL", 426, 2},
    Row{"LYD", 434, 3}, Row{"MAD", 504, 2}, Row{"MDL", 498, 2}, Row{"MGA", 969, 2},
    Row{"MKD", 807, 2}, Row{"MMK", 104, 2}, Row{"MNT", 496, 2}, Row{"MOP", 446, 2},
    Row{"MRU", 929, 2}, Row{"MUR", 480, 2}, Row{"MVR", 462, 2}, Row{"MWK", 454, 2},
    Row{"MXN", 484, 2}, Row{"MYR", 458, 2}, Row{"MZN", 943, 2}, Row{"NAD", 516, 2},
    Row{"NGN", 566, 2}, Row{"NIO", 558, 2}, Row{"NOK", 578, 2}, Row{"NPR", 524, 2},
    Row{"NZD", 554, 2}, Row{"OMR", 512, 3}, Row{"PAB", 590, 2}, Row{"PEN", 604, 2},
    Row{"PGK", 598, 2}, Row{"PHP", 608, 2}, Row{"PKR", 586, 2}, Row{"PLN", 985, 2},
    Row{"PYG", 600, 0}, Row{"QAR", 634, 2}, Row{"RON", 946, 2}, Row{"RSD", 941, 2},
    Row{"RUB", 643, 2}, Row{"RWF", 646, 0}, Row{"SAR", 682, 2}, Row{"SBD", 90, 2},
    Row{"SCR", 690, 2}, Row{"SDG", 938, 2}, Row{"SEK", 752, 2}, Row{"SGD", 702, 2},
    Row{"SHP", 654, 2}, Row{"SLE", 925, 2}, Row{"SOS", 706, 2}, Row{"SRD", 968, 2},
    Row{"SSP", 728, 2}, Row{"STN", 930, 2}, Row{"SVC", 222, 2}, Row{"SYP", 760, 2},
    Row{"SZL", 748, 2}, Row{"THB", 764, 2}, Row{"TJS", 972, 2}, Row{"TMT", 934, 2},
    Row{"TND", 788, 3}, Row{"TOP", 776, 2}, Row{"TRY", 949, 2}, Row{"TTD", 780, 2},
    Row{"TWD", 901, 2}, Row{"TZS", 834, 2}, Row{"UAH", 980, 2}, Row{"UGX", 800, 0},
    Row{"USD", 840, 2}, Row{"UYU", 858, 2}, Row{"UZS", 860, 2}, Row{"VES", 928, 2},
    Row{"VND", 704, 0}, Row{"VUV", 548, 0}, Row{"WST", 882, 2}, Row{"XAF", 950, 0},
    Row{"XCD", 951, 2}, Row{"XOF", 952, 0}, Row{"XPF", 953, 0}, Row{"XXX", 999, 0},
    Row{"YER", 886, 2}, Row{"ZAR", 710, 2}, Row{"ZMW", 967, 2}};

constexpr std::size_t number_max = 999;

/// ISO number → index into `table` + 1; 0: no such number.
constexpr auto by_number = [] {
    std::array<std::uint8_t, number_max + 1> index{};
    for (std::size_t i = 0; i < table.size(); ++i)
        index[table[i].number] = static_cast<std::uint8_t>(i + 1);
    return index;
}();
static_assert(table.size() < 255, "an index is one byte");

Row const& row_of(std::uint16_t number) {
    return table[by_number[number] - 1u];
}

} // namespace

Result<Currency> Currency::parse(std::string_view code) {
    auto const found = std::ranges::lower_bound(table, code, {}, &Row::code);
    if (found == table.end() || found->code != code)
        return unexpected(Failure{FailureKind::invalid,
                                  "a currency is a code of ISO 4217 in capitals, like GBP"});
    return Currency(found->number);
}

Result<Currency> Currency::from_iso_number(std::uint16_t number) {
    if (number > number_max || by_number[number] == 0)
        return unexpected(Failure{FailureKind::invalid, "no currency of ISO 4217 has this number"});
    return Currency(number);
}

std::string_view Currency::code() const {
    return row_of(number_).code;
}

int Currency::exponent() const {
    return row_of(number_).exponent;
}

} // namespace kontor
