#include "platform/telemetry/card_number.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace kontor::telemetry {
namespace {

TEST(CardNumber, it_is_found_in_whatever_people_write_around_it) {
    for (auto const* const text :
         {"4111111111111111", "use my card 4111111111111111", "4111 1111 1111 1111, 12/27",
          "4111-1111-1111-1111 1227", "no 12-4111 1111 1111 1111", "mail 4242424242424242@x.org",
          "(5555555555554444)", "378282246310005", "3782 822463 10005", "30569309025904",
          "6011111111111117", "3530111333300000", "2223003122003222", "6200000000000005"})
        EXPECT_TRUE(holds_card_number(text)) << text;
}

TEST(CardNumber, other_numbers_are_let_through) {
    for (auto const* const text :
         {"", "4111111111111112", "424242424242", "tok_4242424242424242", "+44 7700 900461",
          "+4111111111111111", "EAN 4006381333931", "4000000000006", "41111111111111111111111",
          "9111111111111110", "4111  1111  1111  1111", "A4111111111111111",
          "01J8ZQ4YB0A1B2C3D4E5F6G7H8", "2026-11-27 23:30:00", "order K7QM-2F9T"})
        EXPECT_FALSE(holds_card_number(text)) << text;
}

} // namespace
} // namespace kontor::telemetry
