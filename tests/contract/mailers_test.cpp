#include "tests/contract/mailer_contract.hpp"

#include "adapters/faulty/mailer.hpp"
#include "adapters/mail/outbox.hpp"
#include "adapters/mail/smtp_mailer.hpp"
#include "codec/json_text.hpp"
#include "tests/support/smtp_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace kontor::contract {
namespace {

using ports::MailVerdict;
using testing::SmtpServer;

/// Keeps every letter that it was handed, for the outbox shows each once.
class OutboxMailer : public MailerUnderTest {
public:
    ports::Mailer& mailer() override { return outbox_; }
    std::vector<Arrived> arrived() override {
        std::vector<Arrived> all;
        for (auto const& [id, mail, times] : outbox_.letters(1000))
            all.push_back({id.value().to_string(), mail.to, {}, mail.subject, mail.text});
        std::ranges::reverse(all);
        return all;
    }

protected:
    mail::Outbox outbox_;
};

/// With no plan it must be as what stands behind it.
class FaultyMailer final : public OutboxMailer {
public:
    ports::Mailer& mailer() override { return faulty_; }

private:
    faulty::Mailer faulty_{outbox_, {}, 1};
};

std::string unfolded(std::string text) {
    for (auto at = text.find("\r\n "); at != std::string::npos; at = text.find("\r\n "))
        text.erase(at, 2);
    return text;
}

/// The first header of this name, as it stands there; a second one is a failure.
std::string header_of(std::string const& head, std::string const& name) {
    auto const mark = "\r\n" + name + ": ";
    auto const whole = "\r\n" + unfolded(head);
    auto const at = whole.find(mark);
    if (at == std::string::npos)
        return {};
    EXPECT_EQ(whole.find(mark, at + 1), std::string::npos) << "two of " << name;
    auto const begin = at + mark.size();
    return whole.substr(begin, whole.find("\r\n", begin) - begin);
}

/// Of encoded words the text, of others the text as it is.
std::string decoded_words(std::string text) {
    std::string const opens = "=?UTF-8?B?";
    if (!text.starts_with(opens))
        return text;
    std::string decoded;
    for (auto at = text.find(opens); at != std::string::npos; at = text.find(opens, at + 1)) {
        auto const begin = at + opens.size();
        auto const bytes = codec::parse_base64(text.substr(begin, text.find("?=", begin) - begin));
        EXPECT_TRUE(bytes);
        decoded.append(bytes->begin(), bytes->end());
    }
    return decoded;
}

std::string decoded_quoted_printable(std::string const& text) {
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r')
            continue;
        if (text[i] != '=') {
            decoded += text[i];
            continue;
        }
        if (auto const pair = text.substr(i + 1, 2); pair != "\r\n") {
            int byte = 0;
            std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
            decoded += static_cast<char>(byte);
        }
        i += 2;
    }
    return decoded;
}

Arrived read_letter(testing::TakenLetter const& taken) {
    auto const& content = taken.content;
    auto const head = content.substr(0, content.find("\r\n\r\n") + 2);
    auto const type = header_of(head, "Content-Type");
    auto const boundary = "--" + type.substr(type.find("boundary=") + 9);
    auto const part = content.find(boundary, head.size());
    auto const text = content.find("\r\n\r\n", part) + 4;
    auto const end = content.find("\r\n" + boundary, text);
    EXPECT_NE(end, std::string::npos) << content;
    EXPECT_NE(content.find("Content-Transfer-Encoding: quoted-printable"), std::string::npos);
    EXPECT_EQ(header_of(head, "Bcc"), "") << content;
    Arrived letter{header_of(head, "Message-ID"),
                   taken.to.front(),
                   {taken.to.begin() + 1, taken.to.end()},
                   decoded_words(header_of(head, "Subject")),
                   decoded_quoted_printable(content.substr(text, end - text))};
    EXPECT_EQ(taken.from, "shop@kontor.example");
    return letter;
}

mail::SmtpOptions options_for(SmtpServer const& server) {
    mail::SmtpOptions options;
    options.server = server.address();
    options.from = {"shop@kontor.example", "The Shop"};
    options.security = mail::SmtpSecurity::none;
    return options;
}

class ServedMailer final : public MailerUnderTest {
public:
    ports::Mailer& mailer() override { return *mailer_; }
    std::vector<Arrived> arrived() override {
        std::vector<Arrived> all;
        for (auto const& taken : server_.taken())
            all.push_back(read_letter(taken));
        return all;
    }

private:
    SmtpServer server_;
    std::unique_ptr<mail::SmtpMailer> mailer_{mail::SmtpMailer::open(options_for(server_)).value()};
};

[[maybe_unused]] bool const outbox_registered =
    mailer_contract("outbox", [] { return std::make_unique<OutboxMailer>(); });
[[maybe_unused]] bool const faulty_registered =
    mailer_contract("faulty", [] { return std::make_unique<FaultyMailer>(); });
[[maybe_unused]] bool const smtp_registered =
    mailer_contract("smtp", [] { return std::make_unique<ServedMailer>(); });

/// What comes of one letter.
ports::MailAnswer sent_with(mail::SmtpOptions const& options) {
    auto const mailer = mail::SmtpMailer::open(options).value();
    ports::MailCall const call{ports::MailId(Id128(1, 2)),
                               {"ada@example.org", "", "News", "Hello.\n", Instant()}};
    EXPECT_TRUE(mailer->start(std::span(&call, 1)));
    std::vector<ports::MailAnswer> answers;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (answers.empty() && std::chrono::steady_clock::now() < last)
        EXPECT_TRUE(mailer->collect(1, answers));
    return answers.empty() ? ports::MailAnswer{} : answers.front();
}
MailVerdict verdict_of(SmtpServer::Script script) {
    SmtpServer const server(std::move(script));
    return sent_with(options_for(server)).verdict;
}

TEST(SmtpMailer, what_the_server_says_of_the_letter_is_the_letters_fate) {
    EXPECT_EQ(verdict_of({}), MailVerdict::accepted);
    EXPECT_EQ(verdict_of({{"MAIL", "550 not you"}}), MailVerdict::refused);
    EXPECT_EQ(verdict_of({{"RCPT", "452 too many"}}), MailVerdict::later);
    EXPECT_EQ(verdict_of({{"DATA", "554 no"}}), MailVerdict::refused);
    EXPECT_EQ(verdict_of({{".", "554 this looks like spam"}}), MailVerdict::refused);
    EXPECT_EQ(verdict_of({{".", "452 the disk is full"}}), MailVerdict::later);
}

TEST(SmtpMailer, what_concerns_every_letter_is_the_servers_trouble) {
    EXPECT_EQ(verdict_of({{"HELLO", "554 no service"}}), MailVerdict::unavailable);
    EXPECT_EQ(verdict_of({{"MAIL", "421 closing"}}), MailVerdict::unavailable);
    EXPECT_EQ(verdict_of({{"MAIL", "530 sign in first"}}), MailVerdict::unavailable);
    mail::SmtpOptions nobody;
    nobody.server = "127.0.0.1:1";
    nobody.from = {"shop@kontor.example", ""};
    auto const answer = sent_with(nobody);
    EXPECT_EQ(answer.verdict, MailVerdict::unavailable);
    EXPECT_FALSE(answer.why.empty());
}

TEST(SmtpMailer, silence_ends_by_itself) {
    SmtpServer const server(SmtpServer::Script{{".", ""}});
    auto options = options_for(server);
    options.within = Duration::milliseconds(300);
    EXPECT_EQ(sent_with(options).verdict, MailVerdict::unavailable);
}

TEST(SmtpMailer, nothing_is_said_in_the_clear_that_should_be_encrypted) {
    SmtpServer const server;
    auto options = options_for(server);
    options.security = mail::SmtpSecurity::starttls;
    options.user = "shop";
    options.password = "secret";
    EXPECT_EQ(sent_with(options).verdict, MailVerdict::unavailable);
    auto const heard = server.heard();
    EXPECT_EQ(std::ranges::count(heard, "MAIL"), 0);
    EXPECT_EQ(std::ranges::count(heard, "AUTH"), 0);
}

TEST(SmtpMailer, a_server_is_greeted_without_a_letter) {
    SmtpServer const server;
    EXPECT_TRUE(mail::greet(options_for(server)));
    EXPECT_TRUE(server.taken().empty());
    SmtpServer const closed(SmtpServer::Script{{"HELLO", "554 no service"}});
    auto const refused = mail::greet(options_for(closed));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::unavailable);
}

} // namespace
} // namespace kontor::contract
