#include "platform/routing/numbers.hpp"

#include "base/random.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

/// Digits with a point so far from their end, with zeros before or behind where it lies outside.
std::string plain(std::string digits, int exponent) {
    if (exponent >= 0)
        return digits + std::string(static_cast<std::size_t>(exponent), '0');
    auto const behind = static_cast<std::size_t>(-exponent);
    if (digits.size() <= behind)
        digits.insert(0, behind - digits.size() + 1, '0');
    return digits.insert(digits.size() - behind, ".");
}

TEST(Numbers, every_spelling_of_a_number_is_worth_the_same) {
    Random dice = Random(testing::seed()).fork("numbers");
    for (int i = 0; i < 20'000; ++i) {
        std::string digits;
        std::uint64_t value = 0;
        auto const length = 1 + dice.below(17);
        for (std::uint64_t j = 0; j < length; ++j) {
            bool const is_end = j == 0 || j + 1 == length;
            auto const digit = is_end ? 1 + dice.below(9) : dice.below(10);
            value = value * 10 + digit;
            digits += static_cast<char>('0' + digit);
        }
        auto const exponent = static_cast<int>(dice.between(-24, 6));
        Decimal const worth{value, exponent, dice.chance(1, 2)};
        auto const sign = std::string(worth.is_negative ? "-" : "");
        for (auto const& spelled :
             {plain(digits, exponent), digits + "e" + std::to_string(exponent),
              plain(digits, exponent - 3) + "E+3",
              plain(digits, exponent) + (exponent < 0 ? "00" : ".0")})
            ASSERT_EQ(decimal_of(sign + spelled), worth) << sign << spelled;
    }
}

TEST(Numbers, bytes_that_are_no_number_are_read_as_far_as_they_are_one) {
    // An event is matched before anybody has checked that it is JSON; this once overflowed.
    auto const* const no_digits = "1e////////////////////////////////";
    EXPECT_EQ(decimal_of(no_digits), (Decimal{1, 0, false}));
    EXPECT_EQ(decimal_of("7e+::::::::::::::::::::::::::::::"), (Decimal{7, 0, false}));
    EXPECT_FALSE(comparable(no_digits).has_value() && *comparable(no_digits) != 1.0);
}

TEST(Numbers, a_number_is_comparable_if_a_double_tells_it_from_its_neighbours) {
    for (auto const* const yes : {"0.1", "-0", "5e-324", "2e23", "9007199254740992",
                                  "-122.42200352825247", "12345678901234567000", "1.5e300"})
        EXPECT_TRUE(comparable(yes).has_value()) << yes;
    for (auto const* const no : {"0.1000000000000000055", "9007199254740993", "1e400", "1e-400",
                                 "12345678901234567890", "37.808480096967251"})
        EXPECT_FALSE(comparable(no).has_value()) << no;
}

} // namespace
} // namespace kontor::routing
