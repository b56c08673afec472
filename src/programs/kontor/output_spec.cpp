#include "programs/kontor/output.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

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

} // namespace
} // namespace kontor::programs
