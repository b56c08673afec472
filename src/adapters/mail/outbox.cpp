#include "adapters/mail/outbox.hpp"

#include "adapters/mail/letter_head.hpp"
#include "adapters/mail/limits.hpp"

#include <algorithm>

namespace kontor::mail {

using ports::MailVerdict;

Result<void> Outbox::start(std::span<ports::MailCall const> calls) {
    if (answers_.size() + calls.size() > ports::mails_max)
        return unexpected(Failure{FailureKind::full, "too many letters wait for their answer"});
    for (auto const& call : calls) {
        auto const& to = call.mail.to;
        if (!is_address(to) || to.ends_with("@refused.invalid")) {
            answers_.push_back({call.id, MailVerdict::refused, "this is no address"});
        } else if (to.ends_with("@later.invalid")) {
            answers_.push_back({call.id, MailVerdict::later, "it asks to be tried later"});
        } else {
            keep(call);
            answers_.push_back({call.id, MailVerdict::accepted, {}});
        }
    }
    return {};
}

void Outbox::keep(ports::MailCall const& call) {
    std::lock_guard const guard(mutex_);
    if (auto const known = std::ranges::find(letters_, call.id, &OutboxLetter::id);
        known != letters_.end()) {
        known->mail = call.mail;
        ++known->times;
        return;
    }
    if (letters_.size() >= outbox_letters_max)
        letters_.pop_front();
    letters_.push_back({call.id, call.mail});
}

Result<std::size_t> Outbox::collect(std::size_t up_to, std::vector<ports::MailAnswer>& answers) {
    auto const count = std::min(up_to, answers_.size());
    for (std::size_t i = 0; i < count; ++i) {
        answers.push_back(std::move(answers_.front()));
        answers_.pop_front();
    }
    return count;
}

std::vector<OutboxLetter> Outbox::letters(std::size_t up_to) const {
    std::lock_guard const guard(mutex_);
    auto const count = std::min(up_to, letters_.size());
    return {letters_.rbegin(), letters_.rbegin() + static_cast<std::ptrdiff_t>(count)};
}

std::optional<OutboxLetter> Outbox::find(ports::MailId id) const {
    std::lock_guard const guard(mutex_);
    auto const found = std::ranges::find(letters_, id, &OutboxLetter::id);
    return found == letters_.end() ? std::nullopt : std::optional(*found);
}

} // namespace kontor::mail
