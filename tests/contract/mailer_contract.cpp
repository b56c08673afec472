#include "tests/contract/mailer_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <thread>

namespace kontor::contract {
namespace {

using ports::MailAnswer;
using ports::MailCall;
using ports::MailVerdict;

MailCall letter(std::uint64_t number, std::string to = "ada@example.org") {
    return {ports::MailId(Id128(std::uint64_t{1'767'225'600'000} << 16, number)),
            {std::move(to), "Ada Größe", "Your order № " + std::to_string(number),
             "Dear Ada,\n\n.\n..two dots, and a price: 17.98 £\n" + std::string(200, 'x') + "\n",
             Instant::from_unix_microseconds(1'700'000'000'000'000)}};
}

/// Everything that comes until every call has its answer, or ten seconds have gone by.
std::vector<MailAnswer> answers_to(MailerUnderTest& under_test, std::vector<MailCall> calls) {
    EXPECT_TRUE(under_test.mailer().start(calls));
    std::vector<MailAnswer> answers;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (answers.size() < calls.size() && std::chrono::steady_clock::now() < last) {
        EXPECT_TRUE(under_test.mailer().collect(100, answers));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    EXPECT_EQ(answers.size(), calls.size());
    std::ranges::sort(answers, {}, &MailAnswer::id);
    return answers;
}

std::vector<MailVerdict> verdicts(std::vector<MailAnswer> const& answers) {
    std::vector<MailVerdict> all;
    for (auto const& answer : answers)
        all.push_back(answer.verdict);
    return all;
}

void a_letter_arrives_as_it_was_written(MailerUnderTest& under_test) {
    EXPECT_EQ(verdicts(answers_to(under_test, {letter(1)})), std::vector{MailVerdict::accepted});
    auto const arrived = under_test.arrived();
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_EQ(arrived[0].recipient, "ada@example.org");
    EXPECT_TRUE(arrived[0].other_recipients.empty());
    EXPECT_EQ(arrived[0].subject, letter(1).mail.subject);
    EXPECT_EQ(arrived[0].text, letter(1).mail.text);
}
void a_letter_that_comes_again_can_be_told(MailerUnderTest& under_test) {
    answers_to(under_test, {letter(1)});
    answers_to(under_test, {letter(2)});
    answers_to(under_test, {letter(1)});
    auto const arrived = under_test.arrived(); // who shows a letter once shows two
    ASSERT_GE(arrived.size(), 2U);
    EXPECT_EQ(arrived.front().id, arrived.size() == 3 ? arrived.back().id : arrived.front().id);
    EXPECT_NE(arrived[0].id, arrived[1].id);
}
void one_letter_is_refused_another_put_off_and_the_third_goes(MailerUnderTest& under_test) {
    auto const answers = answers_to(
        under_test, {letter(1, "eve@refused.invalid"), letter(2, "bob@later.invalid"), letter(3)});
    EXPECT_EQ(verdicts(answers),
              (std::vector{MailVerdict::refused, MailVerdict::later, MailVerdict::accepted}));
    EXPECT_FALSE(answers[0].why.empty());
    EXPECT_EQ(answers[0].why.find("eve"), std::string::npos) << "logs name no person";
    EXPECT_EQ(under_test.arrived().size(), 1U);
}
void nothing_in_a_letter_becomes_a_header_or_a_recipient(MailerUnderTest& under_test) {
    auto call = letter(1);
    call.mail.to_name = "Ada\r\nBcc: eve@example.org";
    call.mail.subject = "News\r\nBcc: eve@example.org\r\n\r\nBuy!";
    call.mail.text = ".\nRCPT TO:<eve@example.org>\n.\n";
    EXPECT_EQ(verdicts(answers_to(under_test, {call})), std::vector{MailVerdict::accepted});
    auto const arrived = under_test.arrived();
    ASSERT_EQ(arrived.size(), 1U);
    EXPECT_TRUE(arrived[0].other_recipients.empty());
    EXPECT_EQ(arrived[0].text, call.mail.text);
    EXPECT_EQ(arrived[0].subject.substr(0, 4), "News");
}
void what_is_no_address_is_refused(MailerUnderTest& under_test) {
    auto const answers = answers_to(under_test, {letter(1, "ada"), letter(2, ""),
                                                 letter(3, "a@b>\r\nRCPT TO:<eve@example.org")});
    EXPECT_EQ(verdicts(answers), std::vector(3, MailVerdict::refused));
    EXPECT_TRUE(under_test.arrived().empty());
}
void collects_no_more_than_was_asked_for(MailerUnderTest& under_test) {
    std::vector<MailCall> const calls{letter(1, "x"), letter(2, "y"), letter(3, "z")};
    ASSERT_TRUE(under_test.mailer().start(calls));
    std::vector<MailAnswer> answers;
    auto const collected = under_test.mailer().collect(2, answers);
    ASSERT_TRUE(collected);
    EXPECT_EQ(*collected, 2U);
    EXPECT_EQ(answers.size(), 2U);
}
void refuses_letters_past_its_limit_and_takes_none(MailerUnderTest& under_test) {
    std::vector<MailCall> calls;
    for (std::uint64_t number = 0; number < ports::mails_max; ++number)
        calls.push_back(letter(number));
    ASSERT_TRUE(under_test.mailer().start(calls));
    auto const extra = letter(99);
    auto const one_more = under_test.mailer().start(std::span(&extra, 1));
    ASSERT_FALSE(one_more);
    EXPECT_EQ(one_more.error().kind, FailureKind::full);
    auto const answers = answers_to(under_test, {});
    std::vector<MailAnswer> came = answers;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (came.size() < calls.size() && std::chrono::steady_clock::now() < last)
        ASSERT_TRUE(under_test.mailer().collect(100, came));
    EXPECT_EQ(verdicts(came), std::vector(ports::mails_max, MailVerdict::accepted));
    EXPECT_EQ(under_test.arrived().size(), calls.size());
    EXPECT_TRUE(under_test.mailer().start(std::span(&extra, 1)));
}

constexpr Sentence<MailerUnderTest> sentences[] = {
    {"a_letter_arrives_as_it_was_written", a_letter_arrives_as_it_was_written},
    {"a_letter_that_comes_again_can_be_told", a_letter_that_comes_again_can_be_told},
    {"one_letter_is_refused_another_put_off_and_the_third_goes",
     one_letter_is_refused_another_put_off_and_the_third_goes},
    {"nothing_in_a_letter_becomes_a_header_or_a_recipient",
     nothing_in_a_letter_becomes_a_header_or_a_recipient},
    {"what_is_no_address_is_refused", what_is_no_address_is_refused},
    {"collects_no_more_than_was_asked_for", collects_no_more_than_was_asked_for},
    {"refuses_letters_past_its_limit_and_takes_none",
     refuses_letters_past_its_limit_and_takes_none},
};

} // namespace

bool mailer_contract(std::string const& name, MakeMailer make) {
    return hold_to("MailerContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
