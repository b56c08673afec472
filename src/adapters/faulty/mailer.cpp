#include "adapters/faulty/mailer.hpp"

#include <algorithm>

namespace kontor::faulty {

using ports::MailVerdict;

Result<void> Mailer::start(std::span<ports::MailCall const> calls) {
    if (own_.size() + calls.size() > ports::mails_max)
        return unexpected(Failure{FailureKind::full, "too many letters are under way"});
    std::vector<ports::MailCall> passed;
    std::vector<ports::MailAnswer> made;
    for (auto const& call : calls) {
        if (draw(plan_.nobody_there))
            made.push_back({call.id, MailVerdict::unavailable, "nobody is there"});
        else if (draw(plan_.put_off))
            made.push_back({call.id, MailVerdict::later, "it asks to be tried later"});
        else
            passed.push_back(call);
    }
    KONTOR_TRY(mailer_.start(passed));
    own_.insert(own_.end(), made.begin(), made.end());
    return {};
}

Result<std::size_t> Mailer::collect(std::size_t up_to, std::vector<ports::MailAnswer>& answers) {
    auto const count = std::min(up_to, own_.size());
    answers.insert(answers.end(), own_.begin(), own_.begin() + static_cast<std::ptrdiff_t>(count));
    own_.erase(own_.begin(), own_.begin() + static_cast<std::ptrdiff_t>(count));
    auto const first = answers.size();
    KONTOR_TRY(auto const passed, mailer_.collect(up_to - count, answers));
    for (auto i = first; i < answers.size(); ++i)
        if (answers[i].verdict == MailVerdict::accepted && draw(plan_.answer_lost))
            answers[i] = {answers[i].id, MailVerdict::unavailable, "the answer was lost"};
    return count + passed;
}

} // namespace kontor::faulty
