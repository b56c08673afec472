#include "services/gateway/codes.hpp"

#include "platform/blackbox/blackbox.hpp"
#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/node_answers.hpp"
#include "services/gateway/replies.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

SuspectAnswer answer_of(blackbox::Suspect const& suspect) {
    return {suspect.what, suspect.agent, suspect.ends, suspect.is_quarantined(), suspect.last_end};
}

std::vector<SuspectAnswer> all_suspects(Parts const& parts) {
    std::vector<SuspectAnswer> answers;
    if (parts.blackbox != nullptr)
        for (auto const& suspect : parts.blackbox->suspects())
            answers.push_back(answer_of(suspect));
    return answers;
}

Result<SuspectAnswer, Trouble> suspect_in_path(Parts const& parts, Asked const& asked) {
    auto const what = Id128::parse(asked.path[0]);
    auto const all = all_suspects(parts);
    auto const found = std::ranges::find(all, what ? *what : Id128(), &SuspectAnswer::id);
    if (found == all.end())
        return unexpected(
            trouble("not_found", "nothing of this id was in hand when a process ended"));
    return *found;
}

} // namespace

namespace code {

Served list_quarantine(Parts& parts, Asked&) {
    return Answer(list_reply(all_suspects(parts)));
}

Served release_quarantined(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const before, suspect_in_path(parts, asked));
    auto const effect = [&parts, before]() -> Result<Reply, Trouble> {
        parts.blackbox->release(before.id);
        return json_reply(200, before);
    };
    return after_note(asked, {codec::to_json(before), std::nullopt, effect});
}

} // namespace code
} // namespace kontor::services::gateway
