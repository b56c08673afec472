#include "services/gateway/codes.hpp"

#include "services/gateway/mail_answers.hpp"
#include "services/gateway/mail_desk.hpp"
#include "services/gateway/replies.hpp"

namespace kontor::services::gateway {
namespace {

/// Letters that a list shows.
constexpr std::size_t mails_shown_max = 500;

/// Errors: unsupported (there is no outbox).
Result<MailDesk*, Trouble> mail_desk_of(Parts const& parts) {
    if (parts.mail == nullptr)
        return unexpected(trouble("unsupported", "letters are not kept here: they go to a mail "
                                                 "server, or none are written"));
    return parts.mail;
}

/// Whoever is forgotten has no key any more, and no letters: they stay in the outbox, out of sight,
/// until newer ones push them out.   Errors: unavailable, corrupt.
Result<bool> is_forgotten(Parts const& parts, ShownMail const& mail) {
    if (parts.persons == nullptr || mail.person.is_nil())
        return false;
    KONTOR_TRY(auto const key, parts.persons->of(mail.person));
    return !key.has_value();
}

MailAnswer mail_answer(ShownMail const& mail) {
    MailAnswer answer{
        mail.id, mail.written_at, mail.subject, Personal<std::string>(mail.to), {}, mail.times, {}};
    if (!mail.to_name.empty())
        answer.to_name = Personal<std::string>(mail.to_name);
    return answer;
}

} // namespace

namespace code {

Served list_mail(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const* const desk, mail_desk_of(parts));
    std::string rows;
    for (auto const& mail : desk->letters(mails_shown_max)) {
        KONTOR_TRY(bool const is_gone, or_trouble(is_forgotten(parts, mail)));
        if (is_gone)
            continue;
        rows += rows.empty() ? "" : ",";
        rows += codec::to_json(mail_answer(mail), asked.personal_fields());
    }
    return Answer(json_reply(200, R"({"data":[)" + rows + "]}"));
}

Served show_mail(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const* const desk, mail_desk_of(parts));
    KONTOR_TRY(auto const id, path_value<Id128>(asked, 0, "not_found"));
    auto const mail = desk->find(id);
    bool is_gone = !mail;
    if (mail) {
        KONTOR_TRY(is_gone, or_trouble(is_forgotten(parts, *mail)));
    }
    if (is_gone)
        return unexpected(trouble("not_found", "no letter of this id is kept"));
    auto answer = mail_answer(*mail);
    answer.text = Personal<std::string>(mail->text);
    return Answer(json_reply(200, answer, asked.personal_fields()));
}

} // namespace code
} // namespace kontor::services::gateway
