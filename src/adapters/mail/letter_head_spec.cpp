#include "adapters/mail/letter_head.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::mail {
namespace {

ports::MailCall a_letter() {
    return {ports::MailId(Id128(std::uint64_t{1'767'225'600'000} << 16, 7)),
            {"ada@example.org", "Ada", "Order K7QM-2F9T", "Hello.\n",
             to_instant({2026, 11, 27, 9, 41, 7}).value()}};
}
Sender const shop{"shop@kontor.example", "The Shop"};

std::string head_of(ports::MailCall const& call) {
    std::string head;
    for (auto const& line : head_lines(call, shop))
        head += line + "\r\n";
    return head;
}

TEST(LetterHead, a_letter_says_from_whom_to_whom_when_and_why) {
    EXPECT_EQ(head_of(a_letter()), "From: The Shop <shop@kontor.example>\r\n"
                                   "To: Ada <ada@example.org>\r\n"
                                   "Subject: Order K7QM-2F9T\r\n"
                                   "Date: Fri, 27 Nov 2026 09:41:07 +0000\r\n"
                                   "Message-ID: <" +
                                       a_letter().id.value().to_string() +
                                       "@kontor.example>\r\n"
                                       "Auto-Submitted: auto-generated\r\n");
}

TEST(LetterHead, a_name_or_subject_becomes_no_other_header) {
    auto call = a_letter();
    call.mail.to_name = "Ada\r\nBcc: all@example.org";
    call.mail.subject = "Hello\r\n\r\nBcc: all@example.org\n";
    for (auto const& line : head_lines(call, shop)) {
        auto rest = line;
        for (auto at = rest.find("\r\n "); at != std::string::npos; at = rest.find("\r\n "))
            rest.erase(at, 3);
        EXPECT_EQ(rest.find('\r'), std::string::npos) << line;
        EXPECT_EQ(rest.find('\n'), std::string::npos) << line;
    }
    EXPECT_NE(head_of(call).find("Subject: Hello Bcc: all@example.org\r\n"), std::string::npos);
    EXPECT_EQ(head_of(call).find("\r\nBcc:"), std::string::npos);
}

TEST(LetterHead, what_is_no_plain_ascii_is_encoded_in_short_lines) {
    EXPECT_EQ(head_text("Größe"), "=?UTF-8?B?R3LDtsOfZQ==?=");
    EXPECT_EQ(head_text("=?UTF-8?Q?no?="), "=?UTF-8?B?PT9VVEYtOD9RP25vPz0=?=");
    std::string much;
    for (int i = 0; i < 60; ++i)
        much += "ß";
    auto rest = "Subject: " + head_text(much);
    while (!rest.empty()) {
        auto const end = std::min(rest.find("\r\n"), rest.size());
        EXPECT_LE(end, 76U);
        rest.erase(0, std::min(end + 2, rest.size()));
    }
    auto call = a_letter();
    call.mail.to_name = "Ada, \"the\" Countess";
    EXPECT_NE(head_of(call).find("To: =?UTF-8?B?QWRhLCAidGhlIiBDb3VudGVzcw==?=\r\n "
                                 "<ada@example.org>\r\n"),
              std::string::npos);
}

TEST(LetterHead, an_address_is_plain_or_it_is_none) {
    for (auto const* const good :
         {"a@b", "ada.ashdown+shop@mail.example.org", "o'neil@example.org"})
        EXPECT_TRUE(is_address(good)) << good;
    for (auto const* const bad :
         {"", "@", "a@", "@b", "a b@c", "a@b@c", "a@b\r\nRCPT TO:<c@d>", "<a@b>", "a@b>", "a,b@c",
          "\"a\"@b", ".a@b", "a.@b", "a..b@c", "a@b..c", "a@[127.0.0.1]", "a@b.", "ä@b", "a@ä"})
        EXPECT_FALSE(is_address(bad)) << bad;
    EXPECT_FALSE(is_address(std::string(65, 'a') + "@b"));
    EXPECT_FALSE(is_address("a@" + std::string(253, 'b')));
}

TEST(LetterHead, a_sender_has_an_address_and_perhaps_a_name) {
    EXPECT_EQ(parse_sender("The Shop <shop@kontor.example>").value(), shop);
    EXPECT_EQ(parse_sender("shop@kontor.example").value(), (Sender{"shop@kontor.example", ""}));
    EXPECT_FALSE(parse_sender("The Shop"));
    EXPECT_FALSE(parse_sender("The Shop <shop>"));
    EXPECT_FALSE(parse_sender("Shop\r\nBcc: <a@b\r\n>"));
}

TEST(LetterHead, a_text_goes_in_lines_of_the_wire) {
    EXPECT_EQ(wire_text("one\ntwo\r\n.\nthree"), "one\r\ntwo\r\n.\r\nthree\r\n");
    EXPECT_EQ(wire_text(std::string("a\0b\x1b", 4)), "ab\r\n");
}

} // namespace
} // namespace kontor::mail
