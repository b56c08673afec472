#pragma once

/// Outbox: the mailer of a shop that has no mail server. It takes every letter and keeps the last
/// ones in memory, where operators read them; nothing leaves. A letter that comes again under its
/// id stands there once, with how often it came.
///
///   …@later.invalid     is put off: later
///   …@refused.invalid   is refused for good, as is what is no address
///
/// Thread: start and collect on one; `letters` and `find` from any.

#include "ports/mailer.hpp"

#include <deque>
#include <mutex>
#include <optional>

namespace kontor::mail {

/// A letter in the outbox.
struct OutboxLetter {
    ports::MailId id;
    ports::Mail mail;
    std::uint32_t times{1}; ///< so often it was handed in
};

class Outbox final : public ports::Mailer {
public:
    Result<void> start(std::span<ports::MailCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::MailAnswer>& answers) override;

    /// The latest first.
    std::vector<OutboxLetter> letters(std::size_t up_to) const;
    std::optional<OutboxLetter> find(ports::MailId id) const;

private:
    void keep(ports::MailCall const& call);

    std::deque<ports::MailAnswer> answers_;
    mutable std::mutex mutex_;
    std::deque<OutboxLetter> letters_; ///< guarded by `mutex_`; the oldest first
};

} // namespace kontor::mail
