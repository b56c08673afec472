#include "programs/kontor/output.hpp"

#include "programs/kontor/remote.hpp"
#include "programs/kontor/typed_numbers.hpp"
#include "programs/kontor/remote_write.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace kontor::programs {
#include <limits>

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
}

} // namespace
} // namespace kontor::programs
