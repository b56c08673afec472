#include "platform/problems/problems.hpp"

#include <gtest/gtest.h>

namespace kontor::problems {
namespace {

TEST(Problems, are_found_by_code_and_by_name_however_they_are_spelled) {
    ASSERT_NE(find_problem_spelled("E3005"), nullptr);
    EXPECT_EQ(find_problem_spelled("E3005")->name, "price_changed");
    EXPECT_EQ(find_problem_spelled("e3005"), find_problem_spelled("price_changed"));
    EXPECT_EQ(find_problem_spelled("3005"), find_problem_spelled("price_changed"));
    EXPECT_EQ(find_problem_spelled("E0000"), nullptr);
    EXPECT_EQ(find_problem_spelled("no_such_problem"), nullptr);
    EXPECT_EQ(code_text(*find_problem("price_changed")), "E3005");
}

TEST(Problems, every_row_says_why_and_what_to_do) {
    for (auto const& problem : all_problems()) {
        EXPECT_FALSE(problem.title.empty()) << problem.name;
        EXPECT_TRUE(problem.cause.ends_with(".")) << problem.name;
        EXPECT_TRUE(problem.remedy.ends_with(".")) << problem.name;
        EXPECT_GE(problem.status, 400) << problem.name;
    }
}

TEST(Problems, every_kind_of_failure_has_one) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<FailureKind>>(
        [](auto enumerator) { EXPECT_FALSE(problem_of(enumerator.value).name.empty()); });
}

enum class Planted : unsigned char { price_changed, nobody_wrote_a_row };
BOOST_DESCRIBE_ENUM(Planted, price_changed, nobody_wrote_a_row)
static_assert(!every_enumerator_is_a_problem<Planted>(),
              "a rejection without a row must be noticed");

} // namespace
} // namespace kontor::problems
