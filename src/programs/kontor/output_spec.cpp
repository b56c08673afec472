#include "programs/kontor/output.hpp"

#include "programs/kontor/list_limit.hpp"
#include "programs/kontor/remote.hpp"
#include "programs/kontor/remote_write.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <limits>

namespace kontor::programs {
namespace {

std::string shown(char const* json) {
    return readable(boost::json::parse(json));
}

TEST(Readable, money_is_shown_in_its_currency) {
    EXPECT_EQ(shown(R"({"amount":2493,"currency":"GBP"})"), "24.93 GBP");
}

TEST(Readable, an_object_tells_its_members_and_leaves_out_the_empty_ones) {
    EXPECT_EQ(shown(R"({"payment":"paid","fulfilment":"shipped"})"),
              "payment paid, fulfilment shipped");
    EXPECT_EQ(shown(R"({"name":"Ada","lines":["1 Quay Street","Top floor"],"region":"",)"
                    R"("phone":null})"),
              "name Ada, lines 1 Quay Street, Top floor");
    EXPECT_EQ(shown(R"({"net":{"amount":329,"currency":"GBP"},"units":2})"),
              "net 3.29 GBP, units 2");
    EXPECT_EQ(shown("{}"), "");
}

curl::HttpAnswer problem(std::uint16_t status, std::string body) {
    curl::HttpAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

TEST(Refused, what_is_wrong_is_said_once_and_nothing_is_pointed_at_that_is_not_shown) {
    auto const twice =
        refused_by(problem(422, R"({"name":"body_invalid","detail":"/price: a number is wanted",)"
                                R"("remedy":"See `errors`.","errors":[{"pointer":"/price",)"
                                R"("message":"a number is wanted"}]})"),
                   "PUT /v1");
    EXPECT_EQ(twice.failure.what, "/price: a number is wanted");
    EXPECT_EQ(twice.what_to_do().find("errors"), std::string_view::npos);
    auto const more =
        refused_by(problem(422, R"({"name":"email_taken","detail":"it is taken",)"
                                R"("errors":[{"pointer":"/email","message":"of another"}]})"),
                   "POST /v1");
    EXPECT_EQ(more.failure.what, "it is taken; /email: of another");
    auto const own =
        refused_by(problem(403, R"({"name":"forbidden","detail":"no","remedy":"Send the token."})"),
                   "GET /v1");
    EXPECT_EQ(own.what_to_do(), "Send the token.");
    EXPECT_EQ(refused_by(problem(502, "<html>"), "GET /v1").failure.what,
              "the server answered 502");
}

TEST(TypedNumbers, say_what_is_wanted) {
    EXPECT_EQ(minor_units()("1099"), "");
    EXPECT_NE(minor_units()("10.99").find("smallest unit"), std::string::npos);
    EXPECT_NE(minor_units()("0").find("1 or more"), std::string::npos);
    EXPECT_EQ(minor_units_or_none()("0"), "");
    EXPECT_NE(minor_units_or_none()("-1"), "");
    EXPECT_EQ(whole_units()("3"), "");
    EXPECT_NE(whole_units()("0"), "");
    EXPECT_NE(whole_units()("three"), "");
    EXPECT_EQ(whole_units()("1000001"),
              "a whole number of pieces, 1 or more and at most 1000000, is "
              "wanted, and this is 1000001");
    EXPECT_EQ(whole_number()("-1"), "a whole number, 0 or more, is wanted, and this is -1");
    EXPECT_EQ(whole_number(1, 256)("257"),
              "a whole number from 1 to 256 is wanted, and this is 257");
    EXPECT_EQ(number_between(0.1, 3600)("0"), "a number from 0.1 to 3600 is wanted, and this is 0");
    EXPECT_EQ(number_between(0.1, 3600)("0.5"), "");
    EXPECT_EQ(one_of({"a", "b", "c"})("d"), "a, b or c is wanted, and this is d");
    EXPECT_EQ(one_of({"a", "b", "c"})("c"), "");
}

TEST(TypedNumbers, are_read_in_tens_and_whole) {
    EXPECT_EQ(whole_number_in("10"), 10);
    EXPECT_EQ(whole_number_in("0"), 0);
    EXPECT_EQ(whole_number_in("-3", -5), -3);
    for (auto const* const none :
         {"", "010", "00", "-", "1 ", "1e3", "0x10", "9223372036854775808"})
        EXPECT_EQ(whole_number_in(none, -5), std::nullopt) << none;
}

TEST(Lines, say_which_units_are_wanted) {
    EXPECT_EQ(boost::json::value(*lines_of({"K001=2", "K002"}, "sku")),
              boost::json::parse(R"([{"sku":"K001","quantity":2},{"sku":"K002","quantity":1}])"));
    for (auto const* const units : {"0", "1000001", "9223372036854775808", "-1", "two", ""}) {
        auto const refused = lines_of({std::string("K001=") + units}, "sku");
        EXPECT_NE(refused.error().failure.what.find("from 1 to 1000000"), std::string::npos);
    }
    EXPECT_EQ(boost::json::value(*lines_of({"2=1"}, "line")),
              boost::json::parse(R"([{"line":2,"quantity":1}])"));
    EXPECT_NE(lines_of({"K001=1"}, "line").error().failure.what.find("LINE=UNITS"),
              std::string::npos);
}

TEST(ListLimit, is_for_people_unless_somebody_says_it) {
    CLI::App app;
    ListLimit limit;
    limit.add_to(app);
    Output const table(OutputOptions{Format::table});
    Output const json(OutputOptions{Format::json});
    EXPECT_EQ(limit.rows(table), ListLimit::for_people);
    EXPECT_EQ(limit.rows(json), std::numeric_limits<std::size_t>::max());
    app.parse("--limit 7");
    EXPECT_EQ(limit.rows(table), 7U);
    EXPECT_EQ(limit.rows(json), 7U);
}

} // namespace
} // namespace kontor::programs
