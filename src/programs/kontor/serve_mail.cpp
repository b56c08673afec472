#include "programs/kontor/serve_mail.hpp"

#include "programs/kontor/serve_files.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

namespace kontor::programs {
namespace {

/// Nobody waits for a letter; one that is under way is looked at often enough.
constexpr IdleStrategy letters_at_leisure{
    1, Duration::milliseconds(1), Duration::milliseconds(40), Duration::milliseconds(200), 64, 10};

Trouble bad_mail_setting(Settings const& settings, std::string const& name,
                         std::string const& wanted) {
    auto const& setting = settings.values().find(name)->second;
    return {"settings", Failure{FailureKind::invalid,
                                fmt::format("`{}`: {} is wanted", name, wanted), setting.origin}};
}

/// A file's first line, or an environment variable; empty where neither is named.
/// Errors: not_found.
Result<std::string, Trouble> password_of(Settings const& settings) {
    auto const& file = settings.text("mail.password.file");
    auto const& variable = settings.text("mail.password.env");
    if (!file.empty()) {
        auto line = first_line_of(file);
        if (line.empty())
            return unexpected(
                Trouble("settings", {FailureKind::not_found,
                                     "the file has no password for the mail server", file}));
        return line;
    }
    if (variable.empty())
        return std::string();
    auto const* const value = std::getenv(variable.c_str());
    if (value == nullptr || *value == '\0')
        return unexpected(
            Trouble("settings", {FailureKind::not_found, "there is no password for the mail server",
                                 "environment variable " + variable}));
    return std::string(value);
}

/// "mail.example.org", "mail.example.org:587", "[::1]:25": nothing that is more than a place.
bool is_server(std::string_view text) {
    return std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
    });
}

bool is_on_this_machine(std::string_view server) {
    auto const host = server.starts_with('[') ? server.substr(0, server.find(']') + 1)
                                              : server.substr(0, server.find(':'));
    return host == "127.0.0.1" || host == "localhost" || host == "[::1]";
}

/// Errors: invalid.
Result<mail::SmtpSecurity, Trouble> security_of(Settings const& settings) {
    auto const& word = settings.text("mail.security");
    if (word == "starttls")
        return mail::SmtpSecurity::starttls;
    if (word == "tls")
        return mail::SmtpSecurity::tls;
    if (word != "none")
        return unexpected(bad_mail_setting(settings, "mail.security", "starttls, tls or none"));
    return mail::SmtpSecurity::none;
}

/// Errors: invalid, not_found.
Result<mail::SmtpOptions, Trouble> smtp_options(Settings const& settings) {
    mail::SmtpOptions smtp;
    smtp.server = settings.text("mail.server");
    if (!is_server(smtp.server))
        return unexpected(
            bad_mail_setting(settings, "mail.server", "a server like mail.example.org:587"));
    auto from = mail::parse_sender(settings.text("mail.from"));
    if (!from)
        return unexpected(bad_mail_setting(settings, "mail.from",
                                           "an address, like The Shop <shop@example.org>,"));
    smtp.from = *std::move(from);
    KONTOR_TRY(smtp.security, security_of(settings));
    smtp.user = settings.text("mail.user");
    KONTOR_TRY(smtp.password, password_of(settings));
    smtp.ca_file = settings.text("mail.ca_file");
    bool const is_open = smtp.security == mail::SmtpSecurity::none;
    if (is_open && !smtp.user.empty() && !is_on_this_machine(smtp.server))
        return unexpected(bad_mail_setting(settings, "mail.security",
                                           "encryption, for a password goes to another machine,"));
    return smtp;
}

services::gateway::ShownMail shown_mail(mail::OutboxLetter const& letter) {
    auto const& mail = letter.mail;
    return {letter.id.value(), mail.to,         mail.to_name, mail.subject,
            mail.text,         mail.written_at, letter.times, mail.person};
}

} // namespace

Result<MailOptions, Trouble> mail_options(Settings const& settings) {
    MailOptions options{{}, settings.text("mail.operators")};
    if (!options.operators.empty() && !mail::is_address(options.operators))
        return unexpected(
            bad_mail_setting(settings, "mail.operators", "an address, like ops@example.org,"));
    if (!settings.text("mail.server").empty()) {
        KONTOR_TRY(options.smtp, smtp_options(settings));
    }
    return options;
}

Result<std::unique_ptr<ServedMail>> ServedMail::open(MailOptions const& options, Parts parts) {
    std::unique_ptr<ServedMail> served(new ServedMail(parts));
    if (options.smtp) {
        KONTOR_TRY(served->smtp_, mail::SmtpMailer::open(*options.smtp));
    }
    ports::Mailer& mailer =
        options.smtp ? static_cast<ports::Mailer&>(*served->smtp_) : served->outbox_;
    auto const say = [&record = parts.record](services::NotificationNote const& note) {
        using Level = services::NotificationNote::Level;
        record.say(note.level == Level::warning ? telemetry::Level::warning
                                                : telemetry::Level::notice,
                   "mail", note.what, {{"about", note.about}, {"why", note.why}});
    };
    served->runner_.emplace(services::NotificationRunner::Parts{
        parts.queue, parts.log, mailer, parts.clock, &served->opener_,
        Random(static_cast<std::uint64_t>(parts.clock.now().unix_microseconds())),
        options.operators, say});
    return served;
}

void ServedMail::start(std::function<void(Failure const&)> on_failure) {
    thread_ = std::make_unique<Runner>(*runner_, letters_at_leisure, std::move(on_failure));
}

std::vector<services::gateway::ShownMail> ServedMail::letters(std::size_t up_to) const {
    std::vector<services::gateway::ShownMail> all;
    for (auto const& letter : outbox_.letters(up_to))
        all.push_back(shown_mail(letter));
    return all;
}

std::optional<services::gateway::ShownMail> ServedMail::find(Id128 id) const {
    auto const letter = outbox_.find(ports::MailId(id));
    return letter ? std::optional(shown_mail(*letter)) : std::nullopt;
}

} // namespace kontor::programs
