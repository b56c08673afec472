#include "services/gateway/codes.hpp"

#include "platform/commands/turn.hpp"
#include "platform/reach/web_url.hpp"
#include "platform/routing/pattern.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/hook_answers.hpp"
#include "services/gateway/hook_desk.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/replies.hpp"
#include "services/webhooks/cloud_event.hpp"
#include "services/webhooks/limits.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using StandingHook = std::pair<webhook::Standing, ports::StreamVersion>;

Result<HookDesk*, Trouble> desk_of(Parts& parts) {
    if (parts.hooks == nullptr)
        return unexpected(trouble("webhooks_off"));
    return parts.hooks;
}

/// Errors: unknown_webhook.
Result<StandingHook, Trouble> standing_at(Parts& parts, WebhookId id, ports::StreamVersion last) {
    KONTOR_TRY(auto const folded, or_trouble(commands::fold_stream<Webhooks>(parts.log, id, last)));
    auto const* const standing = std::get_if<webhook::Standing>(&folded.first);
    if (standing == nullptr)
        return unexpected(trouble("unknown_webhook"));
    return StandingHook(*standing, folded.second);
}

WebhookAnswer answer_of(WebhookId id, StandingHook const& found) {
    auto const& [standing, version] = found;
    auto const& settings = standing.settings;
    WebhookAnswer answer{id,
                         version.value(),
                         settings.url,
                         settings.pattern,
                         settings.description,
                         settings.enabled,
                         {},
                         standing.rotated_at,
                         {},
                         {},
                         {}};
    if (standing.disabled_by)
        answer.disabled_by = WebhookEnd{standing.disabled_by->why,
                                        hooks::message_id(id, standing.disabled_by->position)};
    return answer;
}

/// As it stands now, with how far its deliveries have come.
WebhookAnswer standing_answer(HookDesk const& desk, WebhookId id, StandingHook const& found) {
    auto answer = answer_of(id, found);
    if (auto const lane = desk.figures.lane_of(id)) {
        answer.lag_events = lane->lag_events;
        answer.waiting = lane->waiting;
    }
    return answer;
}

Result<Reply, Trouble> render_hook(Parts& parts, Asked const& asked, Seen const& seen) {
    WebhookId const id(seen.stream.id());
    KONTOR_TRY(auto const found, standing_at(parts, id, seen.version));
    return versioned_reply(asked, seen.status, answer_of(id, found));
}

/// With the secret that this command made.
Result<Reply, Trouble> render_with_secret(Parts& parts, Asked const& asked, Seen const& seen) {
    WebhookId const id(seen.stream.id());
    KONTOR_TRY(auto* const desk, desk_of(parts));
    KONTOR_TRY(auto const found, standing_at(parts, id, seen.version));
    auto answer = answer_of(id, found);
    answer.secret = desk->secrets.secret_of(id, found.first.secret).text();
    auto reply = versioned_reply(asked, seen.status, answer);
    reply.headers.add("Cache-Control", "no-store");
    if (seen.status == 201)
        reply.headers.add("Location", "/v1/webhooks/" + id.to_string());
    return reply;
}

Result<Reply, Trouble> render_nothing(Parts&, Asked const&, Seen const& seen) {
    Reply reply;
    reply.status = seen.status;
    return reply;
}

/// Errors: address_refused.
Result<void, Trouble> check_url(HookDesk const& desk, std::string_view url) {
    auto const read = reach::parse_url(url, desk.reach);
    if (read)
        return {};
    auto refused = trouble("address_refused", read.error().what);
    refused.errors.push_back({"/url", read.error().what});
    return unexpected(std::move(refused));
}

/// Errors: pattern_invalid, with the place in the pattern.
Result<void, Trouble> check_pattern(std::string_view pattern) {
    auto const compiled = routing::compile(pattern);
    if (compiled)
        return {};
    auto refused = trouble("pattern_invalid", routing::to_string(compiled.error()));
    refused.errors.push_back({"/pattern", routing::to_string(compiled.error())});
    return unexpected(std::move(refused));
}

Result<WebhookId, Trouble> hook_named(Asked const& asked) {
    return path_value<WebhookId>(asked, 0, "unknown_webhook");
}

/// A command to the webhook that the path names.
Served hook_write(Parts& parts, Asked const& asked, webhook::Command command, std::uint16_t status,
                  Render render) {
    KONTOR_TRY(desk_of(parts));
    KONTOR_TRY(auto const id, hook_named(asked));
    auto write = write_to<Webhooks>(id, std::move(command), status, render);
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

/// The tries of one book, the newest first, as long as there is room.
Result<void, Trouble> add_tries(Parts& parts, WebhookBookKey key, std::size_t count_max,
                                std::vector<WebhookTryAnswer>& answers) {
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_stream(WebhookBooks::stream(key), ports::StreamVersion(1),
                                                ports::Limit(webhook_book::pages_max))));
    auto const durable = parts.log.durable().position;
    for (auto event = page.events.rbegin(); event != page.events.rend(); ++event) {
        if (event->position > durable)
            continue;
        KONTOR_TRY(auto const fact,
                   or_trouble(codec::decode<webhook_book::Event>(event->type, event->payload)));
        auto const& tries = std::get<webhook_book::PageKept>(fact).tries;
        for (auto each = tries.rbegin(); each != tries.rend(); ++each) {
            if (answers.size() >= count_max)
                return {};
            answers.push_back({hooks::message_id(key.webhook, each->position), each->position,
                               each->number, each->at, each->outcome, each->status,
                               each->took.in_milliseconds(), each->answer});
        }
    }
    return {};
}

/// What may be sent once more: a fact that the world may see, or a test of this webhook.
Result<void, Trouble> check_delivery(Parts& parts, WebhookId id, std::uint64_t position) {
    auto const unknown = trouble("unknown_delivery");
    if (position > parts.log.durable().position.value())
        return unexpected(unknown);
    KONTOR_TRY(auto const page,
               or_trouble(parts.log.read_log(ports::Position(position - 1), ports::Limit(1))));
    auto const event =
        std::ranges::find(page.events, ports::Position(position), &ports::RecordedEvent::position);
    auto const* const type =
        event == page.events.end() ? nullptr : codec::find_event_type(event->type);
    bool const may_be_sent =
        type != nullptr &&
        (type->visibility == codec::Visibility::public_ ||
         (codec::holds<webhook::Tested>(event->type) && event->stream == Webhooks::stream(id)));
    return may_be_sent ? Result<void, Trouble>() : unexpected(unknown);
}

} // namespace

namespace code {

Served list_webhooks(Parts& parts, Asked&) {
    KONTOR_TRY(auto* const desk, desk_of(parts));
    std::vector<WebhookAnswer> answers;
    for (auto const& lane : desk->figures.lanes()) {
        auto const found = standing_at(parts, lane.webhook, newest);
        if (found) // else it was removed a moment ago
            answers.push_back(standing_answer(*desk, lane.webhook, *found));
    }
    return Answer(list_reply(answers));
}

Served show_webhook(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, desk_of(parts));
    KONTOR_TRY(auto const id, hook_named(asked));
    KONTOR_TRY(auto const found, standing_at(parts, id, newest));
    return Answer(versioned_reply(asked, 200, standing_answer(*desk, id, found)));
}

Served add_webhook(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, desk_of(parts));
    KONTOR_TRY(auto const body, body_of<AddWebhook>(asked));
    KONTOR_TRY(check_url(*desk, body.url.value));
    KONTOR_TRY(check_pattern(body.pattern));
    webhook::Settings settings{body.url.value, body.pattern,
                               body.description.value_or(LongText()).value, true};
    auto write = write_to<Webhooks>(derive_id<WebhookId>(asked.command, "webhook"),
                                    webhook::Add{std::move(settings)}, 201, render_with_secret);
    if (desk->figures.lanes().size() >= hooks::webhooks_max)
        write.prevented = trouble("too_many_webhooks");
    return Answer(std::move(write));
}

Served change_webhook(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, desk_of(parts));
    KONTOR_TRY(auto const body, body_of<ChangeWebhook>(asked));
    webhook::Change change{{}, body.pattern, {}, body.enabled};
    if (body.url) {
        KONTOR_TRY(check_url(*desk, body.url->value));
        change.url = body.url->value;
    }
    if (body.pattern)
        KONTOR_TRY(check_pattern(*body.pattern));
    if (body.description)
        change.description = body.description->value;
    return hook_write(parts, asked, std::move(change), 200, render_hook);
}

Served remove_webhook(Parts& parts, Asked& asked) {
    return hook_write(parts, asked, webhook::Remove{}, 204, render_nothing);
}

Served rotate_webhook(Parts& parts, Asked& asked) {
    return hook_write(parts, asked, webhook::RotateSecret{}, 200, render_with_secret);
}

Served test_webhook(Parts& parts, Asked& asked) {
    return hook_write(parts, asked, webhook::SendTest{}, 202, render_hook);
}

Served list_deliveries(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, desk_of(parts));
    KONTOR_TRY(auto const id, hook_named(asked));
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    KONTOR_TRY(standing_at(parts, id, newest));
    auto const count = std::clamp<std::uint64_t>(limit.value_or(page_default), 1, page_max);
    std::vector<WebhookTryAnswer> answers;
    auto const lane = desk->figures.lane_of(id);
    auto const book = lane ? lane->book : 1;
    constexpr std::uint32_t books_shown = 2; // the newest may have begun just now
    for (auto number = book; number > 0 && number + books_shown > book; --number)
        if (answers.size() < count)
            KONTOR_TRY(add_tries(parts, {id, number}, count, answers));
    return Answer(list_reply(answers));
}

Served resend_delivery(Parts& parts, Asked& asked) {
    KONTOR_TRY(desk_of(parts));
    KONTOR_TRY(auto const id, hook_named(asked));
    auto const position = hooks::position_in(id, asked.path[1]);
    if (!position)
        return unexpected(trouble("unknown_delivery"));
    KONTOR_TRY(check_delivery(parts, id, *position));
    return hook_write(parts, asked, webhook::AskResend{*position}, 202, render_hook);
}

} // namespace code
} // namespace kontor::services::gateway
