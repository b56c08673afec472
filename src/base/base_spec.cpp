#include "base/characters.hpp"
#include "base/failure.hpp"
#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "base/strong.hpp"

#include <gtest/gtest.h>

namespace kontor {
namespace {

Result<int> half(int n) {
    if (n % 2 != 0)
        return unexpected(Failure{FailureKind::invalid, "odd"});
    return n / 2;
}

Result<void> check_even(int n) {
    KONTOR_TRY(half(n));
    return {};
}

Result<int> quarter(int n) {
    KONTOR_TRY(auto const first, half(n));
    KONTOR_TRY(auto const second, half(first));
    return second;
}

TEST(Result, try_binds_the_value_or_returns_the_error) {
    EXPECT_EQ(quarter(8).value(), 2);
    EXPECT_EQ(quarter(6).error().kind, FailureKind::invalid);
    EXPECT_TRUE(check_even(2));
    EXPECT_FALSE(check_even(3));
}

TEST(Result, chains_and_changes_the_error_type) {
    EXPECT_EQ(half(8).and_then(half).value(), 2);
    auto const named = half(3).transform_error([](Failure const& failure) { return failure.what; });
    EXPECT_EQ(named.error(), "odd");
    EXPECT_EQ(half(4).transform([](int n) { return n + 0.5; }).value(), 2.5);
    EXPECT_EQ(half(3).value_or(7), 7);
}

TEST(ResultDeath, reading_the_value_of_an_error_is_a_defect) {
    EXPECT_DEATH(
        {
            auto const n = *half(3);
            (void)n;
        },
        "holds an error");
}

TEST(Failure, prints_kind_sentence_and_place) {
    EXPECT_EQ(to_string(Failure{FailureKind::corrupt, "bad checksum", "offset 3"}),
              "corrupt: bad checksum (offset 3)");
    EXPECT_EQ(to_string(Failure{FailureKind::full, "no room"}), "full: no room");
}

TEST(Instant, prints_and_parses_rfc_3339) {
    auto const at = to_instant({2010, 12, 1, 8, 26, 0}).value();
    EXPECT_EQ(to_string(at), "2010-12-01T08:26:00Z");
    EXPECT_EQ(parse_instant("2010-12-01T08:26:00Z").value(), at);
    auto const fine = at + Duration::microseconds(6);
    EXPECT_EQ(to_string(fine), "2010-12-01T08:26:00.000006Z");
    EXPECT_EQ(parse_instant(to_string(fine)).value(), fine);
    EXPECT_EQ(parse_instant("2024-02-29T00:00:00.5Z").value() - to_instant({2024, 2, 29}).value(),
              Duration::milliseconds(500));
}

TEST(Instant, refuses_days_that_do_not_exist) {
    for (auto const* text :
         {"2023-02-29T00:00:00Z", "2023-13-01T00:00:00Z", "2023-01-01T24:00:00Z",
          "2023-01-01T00:00:00", "2023-1-01T00:00:00Z", "", "2023-01-01T00:00:00.Z",
          "2023-01-01T00:00:00Zx", "1969-12-31T00:00:00Z"})
        EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(Random, equal_seeds_give_equal_streams_and_forks_do_not_disturb_them) {
    Random one(42);
    Random two(42);
    auto forked = two.fork("customers");
    EXPECT_NE(forked.next(), Random(42).next());
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(one.next(), two.next());
}

TEST(Random, below_stays_below_and_reaches_every_value) {
    Random random(7);
    std::array<int, 5> seen{};
    for (int i = 0; i < 1'000; ++i)
        ++seen[random.below(5)];
    for (int const count : seen)
        EXPECT_GT(count, 100);
    EXPECT_EQ(random.between(-3, -3), -3);
}

// Whoever names a product or writes a note has no say over the terminal of who reads it.
TEST(Characters, texts_of_others_give_a_terminal_no_orders) {
    EXPECT_EQ(without_controls("RED \x1b[31mMUG\x07"), "RED ?[31mMUG?");
    EXPECT_EQ(without_controls("two\nlines\tand\x7f"), "two lines and?");
    EXPECT_EQ(without_controls("caf\xc3\xa9 \xc2\x9b"
                               "31m \xe2\x82\xac"),
              "caf\xc3\xa9 ?31m \xe2\x82\xac");
    EXPECT_EQ(without_controls(""), "");
}

TEST(InlineText, compares_as_text) {
    EXPECT_LT(InlineText<8>("abc"), InlineText<8>("abd"));
    EXPECT_EQ(InlineText<8>("abc").view(), "abc");
    EXPECT_NE(InlineText<8>("ab"), InlineText<8>("abc"));
}

TEST(InlineTextDeath, a_text_that_does_not_fit_is_a_defect) {
    EXPECT_DEATH(InlineText<2>("abc"), "where 2 fit");
}

} // namespace
} // namespace kontor
