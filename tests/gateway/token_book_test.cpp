#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// A book that is opened again and again from what was kept of it.
class TokenBookSpec : public ::testing::Test {
protected:
    TokenBook open() {
        return TokenBook::open("pepper", text, secrets,
                               [this](std::string_view kept) {
                                   text = kept;
                                   return Result<void>();
                               })
            .value();
    }

    std::string text;
    CountingSecrets secrets;
    kontor::testing::HandClock clock;
    Instant now() { return clock.now(); }
};

TEST_F(TokenBookSpec, whoever_signed_out_stays_signed_out_after_a_restart) {
    auto book = open();
    auto const guest = CustomerId(Id128(1, 2));
    auto const one = book.open_guest(guest, now());
    auto const other = book.open_guest(guest, now());
    book.close(one.cookie, now());
    auto again = open();
    EXPECT_FALSE(again.by_cookie(one.cookie, now()));
    EXPECT_TRUE(again.by_cookie(other.cookie, now()));
    EXPECT_EQ(text.find(one.cookie), std::string::npos) << "the cookie itself is kept nowhere";
}

TEST_F(TokenBookSpec, a_session_that_has_run_out_need_not_be_remembered) {
    auto book = open();
    auto const guest = CustomerId(Id128(1, 2));
    auto const one = book.open_guest(guest, now());
    book.close(one.cookie, now());
    auto const length = text.size();
    clock.pass(TokenBook::guest_session);
    auto const other = book.open_guest(guest, now());
    book.close(other.cookie, now());
    EXPECT_EQ(text.size(), length) << "one instead of the other";
}

TEST_F(TokenBookSpec, nobody_closes_what_is_no_session) {
    auto book = open();
    book.close("made.up", now());
    book.close("", now());
    EXPECT_EQ(text, "");
}

TEST_F(TokenBookSpec, a_book_of_before_sessions_were_kept_is_read) {
    text = R"({"tokens":[]})";
    EXPECT_TRUE(open().tokens().empty());
}

} // namespace
} // namespace kontor::services::gateway
