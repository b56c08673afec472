#include "services/gateway/codes.hpp"

#include "services/gateway/admission.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/open_api.hpp"
#include "services/gateway/operations_answers.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/seams/node_desk.hpp"
#include "services/gateway/sign_in.hpp"

#include <fmt/format.h>

namespace kontor::services::gateway {
namespace {

SessionAnswer answer_of(Caller const& caller) {
    SessionAnswer answer{};
    answer.roles = list_of(caller.roles);
    answer.customer_id = caller.customer;
    answer.name = caller.name.view();
    answer.csrf = caller.csrf;
    answer.expires_at = caller.expires_at;
    return answer;
}

/// NOTE: Secure is not set: on loopback there is no TLS. Whoever terminates TLS adds it, and the
/// prefix `__Host-`, which is read as well.
std::string cookie_line(Asked const& asked, std::string_view value, std::int64_t seconds) {
    return std::string(cookie_name(asked.request->listener)) + "=" + std::string(value) +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(seconds);
}

Served session_reply(Asked const& asked, OpenedSession const& opened) {
    auto reply = json_reply(201, answer_of(opened.caller));
    auto const lives = opened.caller.expires_at
                           ? (*opened.caller.expires_at - asked.now).in_milliseconds() / 1000
                           : 0;
    reply.headers.add("Set-Cookie", cookie_line(asked, opened.cookie, lives));
    return Answer(std::move(reply));
}

} // namespace

namespace code {

Served index(Parts& parts, Asked&) {
    IndexAnswer const answer{"Kontor",
                             parts.version,
                             parts.lineage,
                             parts.log.durable().position.value(),
                             {{"products", "/v1/products"},
                              {"orders", "/v1/orders"},
                              {"quotes", "/v1/quotes"},
                              {"events", "/v1/events"},
                              {"docs", "/docs"},
                              {"reference", "/docs/openapi.json"},
                              {"session", "/v1/session"}}};
    return Answer(json_reply(200, answer));
}

Served health(Parts&, Asked&) {
    return Answer(json_reply(200, HealthAnswer{"alive", std::nullopt, std::nullopt}));
}

Served ready(Parts& parts, Asked&) {
    std::vector<ReadyCheckAnswer> passed;
    std::string why_not;
    for (auto const& check :
         parts.ready_checks ? parts.ready_checks() : std::vector<ReadyCheck>()) {
        if (check.is_good)
            passed.push_back({check.name, true});
        else
            why_not += fmt::format("{}{}: {}", why_not.empty() ? "" : "; ", check.name, check.what);
    }
    HealthAnswer answer{"ready", std::move(passed), std::nullopt};
    // Orders are taken and wait for it, so nobody is sent away.
    for (auto const& outside :
         parts.node == nullptr ? std::vector<DownstreamStanding>() : parts.node->downstreams())
        if (!outside.is_up) {
            answer.degraded = answer.degraded.value_or(std::vector<std::string>());
            answer.degraded->push_back(outside.name + ": " + outside.why);
        }
    if (why_not.empty())
        return Answer(json_reply(200, answer));
    return unexpected(retry(trouble("unavailable", why_not)));
}

Served problem(Parts&, Asked& asked) {
    auto const* const row = problems::find_problem_spelled(asked.path[0]);
    if (row == nullptr)
        return unexpected(trouble("unknown_problem"));
    auto const text = problems::code_text(*row);
    return Answer(
        json_reply(200, ProblemRowAnswer{"/problems/" + text, text, std::string(row->name),
                                         std::string(row->title), row->status, row->retryable,
                                         std::string(row->cause), std::string(row->remedy)}));
}

Served open_api(Parts&, Asked&) {
    auto reply = json_reply(200, std::string());
    reply.lasting_body = open_api_text();
    return Answer(std::move(reply));
}

Served open_session(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<OpenSession>(asked));
    if (body.key.has_value() + body.code.has_value() + body.user.has_value() != 1 ||
        body.user.has_value() != body.password.has_value())
        return unexpected(bad_field("", "a key, a code, or a user with a password is wanted"));
    if (body.user) {
        KONTOR_TRY(auto const signed_in,
                   sign_in(parts, asked, body.user->value, body.password->value));
        return signed_in ? session_reply(asked, *signed_in) : Answer(NotYet{});
    }
    if (body.code)
        KONTOR_TRY(count_try(parts, asked));
    auto const opened = body.key ? parts.callers.open_by_token(body.key->value, asked.now)
                                 : parts.callers.open_by_code(body.code->value, asked.now);
    if (!opened)
        return unexpected(trouble("unauthenticated"));
    return session_reply(asked, *opened);
}

Served show_session(Parts&, Asked& asked) {
    return Answer(json_reply(200, answer_of(asked.caller)));
}

Served close_session(Parts& parts, Asked& asked) {
    auto const cookie = session_cookie(*asked.request);
    if (!cookie.empty())
        parts.callers.close(cookie, asked.now);
    Reply reply;
    reply.status = 204;
    reply.headers.add("Set-Cookie", cookie_line(asked, "", 0));
    return Answer(std::move(reply));
}

Served open_guest_session(Parts& parts, Asked& asked) {
    auto const guest = CustomerId::mint(asked.now, parts.random);
    return session_reply(asked, parts.callers.open_guest(guest, asked.now));
}

} // namespace code
} // namespace kontor::services::gateway
