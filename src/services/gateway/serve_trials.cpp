#include "services/gateway/codes.hpp"

#include "services/gateway/message_bodies.hpp"
#include "services/gateway/queue_answers.hpp"
#include "services/gateway/queue_calls.hpp"

#include "base/overloaded.hpp"
#include "base/transient.hpp"
#include "codec/event_types.hpp"
#include "codec/stored_json.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using TrialAnswer = commands::Answer<Refusal>;

Reply shown(LetterTrialAnswer const& answer, std::string const& facts = {}) {
    auto text = codec::to_json(answer);
    add_member(text, "facts", "[" + facts + "]");
    return json_reply(200, std::move(text));
}

/// The facts of a trial as a list.   Errors: those of a fact that cannot be shown.
Result<std::string, Trouble> listed(std::vector<commands::TriedFact> const& facts,
                                    codec::PersonalFields personal) {
    std::string list;
    for (auto const& fact : facts) {
        auto const* const type = codec::find_event_type(fact.type);
        KONTOR_ASSERT(type != nullptr, "a fact of no type was decided");
        KONTOR_TRY(auto const fields,
                   or_trouble(codec::stored_to_json(fact.type, fact.payload, personal)));
        if (!list.empty())
            list += ',';
        codec::append_json(list, TriedFactAnswer{std::string(type->name), fact.stream.to_string()});
        add_member(list, "data", fields);
    }
    return list;
}

Reply shown(Trouble const& refused) {
    return shown(
        {.outcome = LetterTrial::refused,
         .problem = problems::code_text(*refused.problem),
         .why = refused.detail.empty() ? std::string(refused.problem->title) : refused.detail,
         .follow_ups = 0});
}

Reply came_to(LetterTrial outcome) {
    return shown({.outcome = outcome, .problem = {}, .why = {}, .follow_ups = 0});
}

Result<Reply, Trouble> show_outcome(TrialAnswer const& answer, codec::PersonalFields personal) {
    using Shown = Result<Reply, Trouble>;
    return std::visit(
        overloaded{
            [&](commands::Tried const& tried) -> Shown {
                KONTOR_TRY(auto const facts, listed(*tried.facts, personal));
                return shown({.outcome = LetterTrial::accepted,
                              .problem = {},
                              .why = {},
                              .follow_ups = tried.follow_ups},
                             facts);
            },
            [](commands::Replayed const& replayed) -> Shown {
                if (replayed.record.problem != 0)
                    return shown(trouble_of(replayed.record));
                return came_to(LetterTrial::done_before);
            },
            [](commands::KeyReused const&) -> Shown {
                return came_to(LetterTrial::done_otherwise);
            },
            [](commands::Quarantined const&) -> Shown { return shown(trouble("quarantined")); },
            [](Refusal const& refusal) -> Shown { return shown(trouble_of(refusal)); },
            [](Failure const& failure) -> Shown { return unexpected(trouble_of(failure)); },
            [](auto const&) -> Shown { KONTOR_UNREACHABLE(); }, // a trial accepts nothing
        },
        answer.content);
}

} // namespace

namespace code {

Served try_letter(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    KONTOR_TRY(auto const body, body_of<TryLetter>(asked));
    KONTOR_TRY(auto const letter, letter_at(*desk, queue, number_in(asked.path[1]).value_or(0)));
    auto const& source = letter.message.dead_letter_source;
    auto const job =
        std::ranges::find(desk->jobs, source.empty() ? queue : source, &QueueJob::queue);
    if (job == desk->jobs.end())
        return unexpected(trouble("no_trial"));
    auto request = request_of(*job, body.body.value_or(letter.message.body), asked.now);
    if (!request && !is_transient(request.error().kind) && !is_damage(request.error().kind))
        return Answer(shown({.outcome = LetterTrial::unreadable,
                             .problem = {},
                             .why = words_of(request.error()),
                             .follow_ups = 0}));
    KONTOR_TRY(auto wanted, or_trouble(std::move(request)));
    if (!wanted)
        return Answer(came_to(LetterTrial::nothing));
    Write write;
    write.trial = Trial{std::make_shared<commands::Request<Work>>(*std::move(wanted)),
                        [personal = asked.personal_fields()](TrialAnswer const& answer) {
                            return show_outcome(answer, personal);
                        }};
    return Answer(std::move(write));
}

} // namespace code
} // namespace kontor::services::gateway
