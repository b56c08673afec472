#include "adapters/http/faults.hpp"
#include "base/names.hpp"
#include "tests/http/client_of_session.hpp"
#include "tests/http/heads.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kontor::testing {
namespace {

std::string message_of(std::string_view fault_name) {
    auto const fault = enumerator_named<http::Fault>(fault_name);
    return fault ? std::string(http::text_of(*fault).message) : "there is no such fault";
}

TEST(MalformedHeads, are_refused_each_for_its_reason) {
    auto const cases = read_heads("malformed_heads.txt", ' ');
    EXPECT_GE(cases.size(), 300U);
    for (auto const& each : cases) {
        auto const wanted = message_of(each.expected);
        auto const seen = give_to_session(each.bytes, each.bytes.size());
        EXPECT_TRUE(seen.requests.empty()) << "line " << each.line << ": " << escaped(each.bytes);
        EXPECT_EQ(seen.refusal, wanted) << "line " << each.line << ": " << escaped(each.bytes);
    }
}

/// A head that comes in pieces may be refused for what is seen first.
TEST(MalformedHeads, are_refused_however_they_are_cut) {
    for (auto const& each : read_heads("malformed_heads.txt", ' ')) {
        auto const seen = give_to_session(each.bytes, 1);
        EXPECT_TRUE(seen.requests.empty()) << "line " << each.line;
        EXPECT_FALSE(seen.refusal.empty()) << "line " << each.line << ": " << escaped(each.bytes);
    }
}

TEST(MalformedHeads, name_every_fault_of_a_request) {
    std::set<std::string> named;
    for (auto const& each : read_heads("malformed_heads.txt", ' '))
        named.insert(each.expected);
    for (int i = 0; i <= static_cast<int>(http::Fault::chunk_trailer); ++i) {
        auto const name = std::string(enumerator_name(static_cast<http::Fault>(i)));
        EXPECT_TRUE(named.contains(name)) << name;
    }
}

TEST(SoundHeads, are_accepted_and_read_as_they_are_meant) {
    for (auto const& each : read_heads("sound_heads.txt", '|'))
        for (auto const step : {each.bytes.size(), std::size_t{1}, std::size_t{7}}) {
            auto const seen = give_to_session(each.bytes, step);
            ASSERT_EQ(seen.refusal, "") << "line " << each.line;
            auto const method = each.expected.substr(0, each.expected.find(' '));
            bool const is_known =
                std::set<std::string>{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
                    .contains(method);
            auto const wanted =
                is_known ? each.expected : "other" + each.expected.substr(method.size());
            EXPECT_EQ(seen.requests, std::vector<std::string>{wanted}) << "line " << each.line;
        }
}

} // namespace
} // namespace kontor::testing
