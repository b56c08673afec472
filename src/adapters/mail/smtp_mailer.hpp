#pragma once

/// SmtpMailer: hands letters to a mail server over SMTP, several at once and without waiting for
/// any: each goes a step on whenever somebody collects.
///
/// Replies of the server: 2xx takes the letter; 4xx says later; 5xx to the sender, the recipient or
/// the text refuses this letter. Whatever concerns every letter alike is `unavailable`: nobody
/// there, no encryption, a wrong password, "service not available" (421).
///
/// Delivery: a letter whose reply was lost may have been taken; it goes out again under its
///           Message-ID.
/// Thread: one.
/// Source: RFC 5321 section 4.2; RFC 3207 (STARTTLS); RFC 4954 (AUTH).

#include "adapters/mail/letter_head.hpp"

#include <memory>

namespace kontor::mail {

/// How what is said to the server is kept from others.
enum class SmtpSecurity : std::uint8_t {
    none,
    starttls, ///< it begins in the clear, and nothing is said before it is encrypted
    tls       ///< from the first byte
};

struct SmtpOptions {
    std::string server{}; ///< "mail.example.org:587"
    Sender from{};
    SmtpSecurity security{SmtpSecurity::starttls};
    std::string user{}; ///< empty: it asks nobody who he is
    std::string password{};
    std::string ca_file{}; ///< certificates that vouch for the server; empty: the machine's
    Duration within{ports::mail_timeout};
};

class SmtpMailer final : public ports::Mailer {
public:
    /// Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<SmtpMailer>> open(SmtpOptions options);
    ~SmtpMailer() override;
    SmtpMailer(SmtpMailer const&) = delete;
    SmtpMailer& operator=(SmtpMailer const&) = delete;

    Result<void> start(std::span<ports::MailCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::MailAnswer>& answers) override;

private:
    struct Wire;
    explicit SmtpMailer(std::unique_ptr<Wire> wire);
    std::unique_ptr<Wire> wire_;
};

/// Whether a server takes us: connects, encrypts, signs in, and says goodbye.
/// Errors: unavailable, with why.   Thread: any, waits.
Result<void> greet(SmtpOptions const& options);

} // namespace kontor::mail
