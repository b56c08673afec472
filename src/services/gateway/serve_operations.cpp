#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/operations_answers.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/token_book.hpp"

#include "base/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

ProjectionAnswer answer_of(projections::ProjectorStatus const& status) {
    ProjectionAnswer answer{};
    answer.name = status.name;
    answer.version = status.version;
    answer.state = enumerator_name(status.state);
    answer.position = status.checkpoint.position.value();
    answer.lag = status.lag();
    answer.digest =
        fmt::format("{:016x}{:016x}", status.checkpoint.digest.high, status.checkpoint.digest.low);
    answer.pause_reason = if_said(status.pause_reason);
    answer.discard_reason = if_said(status.discard_reason);
    if (status.job)
        answer.job = std::string(enumerator_name(status.job->job));
    if (status.last_comparison)
        answer.last_comparison_agrees = status.last_comparison->agrees();
    return answer;
}

Result<projections::Projector*, Trouble> projector_in_path(Parts& parts, Asked const& asked) {
    auto* const found =
        parts.projections == nullptr ? nullptr : parts.projections->find(asked.path[0]);
    if (found == nullptr)
        return unexpected(trouble("unknown_projection"));
    return found;
}

Served start_job(Parts& parts, Asked& asked, projections::Job job) {
    KONTOR_TRY(auto* const projector, projector_in_path(parts, asked));
    if (projector->status().job)
        return unexpected(retry(trouble("projection_busy")));
    auto before = codec::to_json(answer_of(projector->status()));
    auto const start = [projector, job,
                        by = std::string(asked.actor().id.view())]() -> Result<Reply, Trouble> {
        if (projector->status().job) // another's began meanwhile
            return unexpected(retry(trouble("projection_busy")));
        projector->start(job, by);
        return json_reply(202, answer_of(projector->status()));
    };
    return after_note(asked, {std::move(before), std::nullopt, start});
}

/// What an operator does to a projector, and how it stands after it was asked to.
template <class Act>
Served change(Asked& asked, projections::Projector& projector, Act act) {
    auto before = codec::to_json(answer_of(projector.status()));
    auto const effect = [&projector, act]() -> Result<Reply, Trouble> {
        KONTOR_TRY(or_trouble(act()));
        return json_reply(200, answer_of(projector.status()));
    };
    return after_note(asked, {std::move(before), std::nullopt, effect});
}

TokenAnswer answer_of(KeptToken const& token) {
    return {token.id,         token.name,       token.roles, token.scopes,
            token.created_at, token.expires_at, {}};
}

/// A repeated key makes nothing again, and what it made is shown without the secret: who reads the
/// answers of others must not read the keys of others.
Trouble shown_before(TokenBook const& book, TokenBook::NewToken const& wanted) {
    auto const* const token = book.find_token(wanted.id);
    bool const is_same = token == nullptr ||
                         (token->name == wanted.name && token->roles == wanted.roles &&
                          token->scopes == wanted.scopes && token->expires_at == wanted.expires_at);
    if (!is_same)
        return trouble("key_reused");
    auto found = trouble("secret_shown", token == nullptr ? "the key that it made was withdrawn"
                                                          : "it made the key " + wanted.id);
    found.members = R"(,"token_id":")" + wanted.id + '"';
    return found;
}

Result<TokenBook*, Trouble> book_of(Parts& parts) {
    if (parts.tokens == nullptr)
        return unexpected(trouble("unsupported"));
    return parts.tokens;
}

} // namespace

namespace code {

Served list_projections(Parts& parts, Asked&) {
    std::vector<ProjectionAnswer> answers;
    if (parts.projections != nullptr)
        for (auto const& status : parts.projections->all())
            answers.push_back(answer_of(status));
    return Answer(list_reply(answers));
}

Served show_projection(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const* const projector, projector_in_path(parts, asked));
    return Answer(json_reply(200, answer_of(projector->status())));
}

Served rebuild_projection(Parts& parts, Asked& asked) {
    return start_job(parts, asked, projections::Job::rebuild);
}

Served verify_projection(Parts& parts, Asked& asked) {
    return start_job(parts, asked, projections::Job::verify);
}

Served pause_projection(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto* const projector, projector_in_path(parts, asked));
    return change(asked, *projector,
                  [&parts, name = asked.path[0]] { return parts.projections->pause(name); });
}

Served resume_projection(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const projector, projector_in_path(parts, asked));
    return change(asked, *projector,
                  [&parts, name = asked.path[0]] { return parts.projections->resume(name); });
}

Served list_tokens(Parts& parts, Asked&) {
    KONTOR_TRY(auto const* const book, book_of(parts));
    std::vector<TokenAnswer> answers;
    for (auto const& token : book->tokens())
        answers.push_back(answer_of(token));
    return Answer(list_reply(answers));
}

Served create_token(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const book, book_of(parts));
    KONTOR_TRY(auto const body, body_of<CreateToken>(asked));
    if (body.roles.empty())
        return unexpected(bad_field("/roles", "at least one role is wanted"));
    if (std::ranges::find(body.roles, Role::customer) != body.roles.end())
        return unexpected(bad_field("/roles", "support, operations or service is wanted: a key is "
                                              "nobody's customer, whose orders it would read"));
    TokenBook::NewToken wanted{body.name.value, body.roles, {}, body.expires_at, {}};
    if (body.scopes)
        for (auto const& scope : *body.scopes) {
            if (scope.value != "pii")
                return unexpected(bad_field("/scopes", "the only scope is pii"));
            wanted.scopes.push_back(scope.value);
        }
    if (!asked.request->header("idempotency-key").empty())
        wanted.id = TokenBook::id_of(asked.command);
    if (book->was_made(wanted.id))
        return unexpected(shown_before(*book, wanted));
    if (wanted.expires_at && *wanted.expires_at <= asked.now)
        return unexpected(bad_field("/expires_at", "it has passed: a time to come is wanted"));
    KONTOR_TRY(auto const made, or_trouble(book->make(wanted, asked.now)));
    auto const keep = [book, made, wanted]() -> Result<Reply, Trouble> {
        if (book->was_made(made.token.id)) // by the same request, sent twice at once
            return unexpected(shown_before(*book, wanted));
        KONTOR_TRY(or_trouble(book->keep(made.token)));
        auto answer = answer_of(made.token);
        answer.secret = made.secret;
        auto reply = json_reply(201, answer);
        reply.headers.add("Location", "/v1/ops/tokens/" + answer.id);
        return reply;
    };
    return after_note(asked, {std::nullopt, codec::to_json(answer_of(made.token)), keep});
}

Served revoke_token(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const book, book_of(parts));
    auto const* const token = book->find_token(asked.path[0]);
    if (token == nullptr)
        return unexpected(trouble("not_found", "there is no such key"));
    auto const revoke = [book, id = asked.path[0]]() -> Result<Reply, Trouble> {
        KONTOR_TRY(or_trouble(book->revoke(id)));
        Reply reply;
        reply.status = 204;
        return reply;
    };
    return after_note(asked, {codec::to_json(answer_of(*token)), std::nullopt, revoke});
}

} // namespace code
} // namespace kontor::services::gateway
