#include "base/describe.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor {
namespace {

struct Units {
    explicit Units(int count) : value(count) {}
    int value;
};

struct Empty {};
BOOST_DESCRIBE_STRUCT(Empty, (), ())

struct Line {
    std::string sku;
    int units;
};
BOOST_DESCRIBE_STRUCT(Line, (), (sku, units))

struct OnlyALine {
    Line line;
};
BOOST_DESCRIBE_STRUCT(OnlyALine, (), (line))

struct OnlyPerhaps {
    std::optional<int> perhaps;
};
BOOST_DESCRIBE_STRUCT(OnlyPerhaps, (), (perhaps))

struct Everything {
    int number;
    std::optional<std::string> text;
    std::vector<Line> lines;
    Line line;
    std::optional<Line> other;
    std::variant<int, std::string> either;
    std::array<int, 3> three{};
    std::map<std::string, int> named;
    Units units;
    std::optional<std::vector<Line>> perhaps{};
};
BOOST_DESCRIBE_STRUCT(Everything, (),
                      (number, text, lines, line, other, either, three, named, units, perhaps))

struct WithoutItsLast {
    int number;
    std::optional<int> last{};
};
BOOST_DESCRIBE_STRUCT(WithoutItsLast, (), (number))

struct WithoutItsFirst {
    std::string first;
    int number;
};
BOOST_DESCRIBE_STRUCT(WithoutItsFirst, (), (number))

struct WithoutTwoThatHaveNoDefault {
    int number;
    Units units;
    Units others;
};
BOOST_DESCRIBE_STRUCT(WithoutTwoThatHaveNoDefault, (), (number))

static_assert(describes_every_field<Empty>());
static_assert(describes_every_field<Line>());
static_assert(describes_every_field<OnlyALine>());
static_assert(describes_every_field<OnlyPerhaps>());
static_assert(describes_every_field<Everything>());
static_assert(!describes_every_field<WithoutItsLast>());
static_assert(!describes_every_field<WithoutItsFirst>());
static_assert(!describes_every_field<WithoutTwoThatHaveNoDefault>());

TEST(Description, counts_the_fields_of_any_struct_that_a_fact_may_be) {
    EXPECT_TRUE(describes_every_field<Everything>());
    EXPECT_FALSE(describes_every_field<WithoutItsLast>());
}

} // namespace
} // namespace kontor
