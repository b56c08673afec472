#pragma once

/// ServedMail: who reads the queue `notifications` of a served shop and writes letters, on a thread
/// of its own: a mail server that is slow or away holds up nobody else. Without a server the
/// letters stay in an outbox, where operators see them.
///
/// Thread: the owner's; `figures`, and the desk, from any.

#include "adapters/mail/outbox.hpp"
#include "adapters/mail/smtp_mailer.hpp"
#include "programs/kontor/serve_log.hpp"
#include "programs/kontor/settings.hpp"
#include "programs/kontor/trouble.hpp"
#include "runtime/runner.hpp"
#include "services/gateway/mail_desk.hpp"
#include "services/notification/notification_runner.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace kontor::programs {

struct MailOptions {
    std::optional<mail::SmtpOptions> smtp{}; ///< none: the outbox
    std::string operators{};                 ///< where alerts go; empty: into the log
};

/// What the settings say of letters.
/// Errors: invalid, not_found (the password), under `settings`.
Result<MailOptions, Trouble> mail_options(Settings const& settings);

class ServedMail final : private services::gateway::MailDesk {
public:
    struct Parts {
        ports::Queue& queue;
        ports::EventStore& log;
        Clock& clock;
        sealing::PersonKeys& keys;
        ServerLog& record;
    };
    /// All outlive it.   Errors: unavailable (the mail library cannot be used).
    static Result<std::unique_ptr<ServedMail>> open(MailOptions const& options, Parts parts);

    /// From now on letters go out. `on_failure` is called on their thread with what ended it.
    void start(std::function<void(Failure const&)> on_failure);
    /// What is under way is left; it comes again with the next start.
    void stop() { thread_.reset(); }

    services::NotificationFigures figures() const { return runner_->figures(); }
    /// Null: letters go to a server.
    services::gateway::MailDesk* desk() { return smtp_ ? nullptr : this; }

private:
    explicit ServedMail(Parts parts) : opener_(parts.keys) {}
    std::vector<services::gateway::ShownMail> letters(std::size_t up_to) const override;
    std::optional<services::gateway::ShownMail> find(Id128 id) const override;

    sealing::Opener opener_; ///< on the letters' thread
    mail::Outbox outbox_;
    std::unique_ptr<mail::SmtpMailer> smtp_;
    std::optional<services::NotificationRunner> runner_;
    std::unique_ptr<Runner> thread_;
};

} // namespace kontor::programs
