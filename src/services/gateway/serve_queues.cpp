#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/queue_answers.hpp"
#include "services/gateway/queue_calls.hpp"

namespace kontor::services::gateway {
namespace {

Result<QueueAnswer, Trouble> answer_of(QueueDesk& desk, ports::QueueName const& name) {
    KONTOR_TRY(auto const found, or_refused(desk.admin.find(name)));
    KONTOR_TRY(auto const depth, or_refused(desk.queue.depth(name)));
    auto const& settings = found.settings;
    auto const seconds = [](Duration time) { return time.in_milliseconds() / 1000; };
    QueueAnswer answer{.name = std::string(name.view()),
                       .kind = settings.kind,
                       .owner = found.owner,
                       .waiting = depth.waiting,
                       .delayed = depth.delayed,
                       .in_flight = depth.in_flight,
                       .oldest_sent_at = depth.oldest_sent_at,
                       .sent = depth.sent,
                       .settled = depth.settled,
                       .dead = depth.dead,
                       .expired = depth.expired,
                       .purged = depth.purged,
                       .receives = depth.receives,
                       .visibility_s = seconds(settings.visibility),
                       .retention_s = seconds(settings.retention),
                       .dead_letters = {},
                       .receives_max = {},
                       .policy = {},
                       .created_at = found.created_at,
                       .paused_at = found.paused_at};
    if (auto const& redrive = settings.redrive) {
        answer.dead_letters = std::string(redrive->dead_letters.view());
        answer.receives_max = redrive->receives_max;
        answer.policy = redrive->policy;
    }
    return answer;
}

Result<Reply, Trouble> send(QueueDesk& desk, Asked& asked, ports::QueueName const& name,
                            ports::OutgoingMessage const& message) {
    std::vector const one{message};
    KONTOR_TRY(auto const answers,
               or_refused(desk.queue.send(name, ports::SenderId("operator"), one)));
    auto const& sent = answers.entries.front();
    if (!sent)
        return unexpected(queue_trouble(ports::QueueFault(sent.error())));
    hold_until(asked, desk.progress, answers.mark);
    return json_reply(202, SentAnswer{std::string(name.view()), ports::uuid_text(sent->id.value()),
                                      sent->sequence.value(), sent->is_duplicate});
}

/// Lets a queue rest, or go on.
Served flows(Parts& parts, Asked& asked, ports::QueueFlow flow) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(auto const before, answer_of(*desk, name));
    KONTOR_TRY(body_of<WithReason>(asked));
    bool const pauses = flow == ports::QueueFlow::paused;
    if (before.paused_at.has_value() == pauses)
        return Answer(json_reply(200, before)); // it stands so already
    auto after = before;
    after.paused_at = pauses ? std::optional(asked.now) : std::nullopt;
    auto const set = [desk, &asked, name, flow]() -> Result<Reply, Trouble> {
        KONTOR_TRY(auto const mark, or_refused(desk->admin.set_flow(name, flow)));
        hold_until(asked, desk->progress, mark);
        KONTOR_TRY(auto const standing, answer_of(*desk, name));
        return json_reply(200, standing);
    };
    return after_note(asked, {codec::to_json(before), codec::to_json(after), set});
}

} // namespace

namespace code {

Served list_queues(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    ports::QueueSelection selection;
    selection.prefix = asked.parameter("prefix").value_or("");
    if (page.after) {
        KONTOR_TRY(selection.after, queue_named(*page.after));
    }
    selection.limit = ports::Limit(page.limit + 1);
    KONTOR_TRY(auto names, or_refused(desk->admin.list(selection)));
    PageText text;
    text.has_more = cut_to(names, page.limit);
    for (auto const& name : names)
        if (auto const answer = answer_of(*desk, name)) // gone meanwhile: it is no queue any more
            add_item(text.items, *answer);
    text.last = names.empty() ? "" : std::string(names.back().view());
    return Answer(page_reply(parts, asked, text));
}

Served show_queue(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(auto const answer, answer_of(*desk, name));
    return Answer(json_reply(200, answer));
}

Served send_to_queue(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(auto const queue, answer_of(*desk, name));
    KONTOR_TRY(auto const body, body_of<SendToQueue>(asked));
    ports::OutgoingMessage message{.body = body.body};
    message.group_id = body.group ? body.group->value : "";
    message.deduplication_id = body.dedup ? body.dedup->value : "";
    if (body.delay_s)
        message.delay = Duration::seconds(body.delay_s->value());
    if (queue.kind == ports::QueueKind::fifo && message.group_id.empty())
        return unexpected(trouble("group_required"));
    return after_note(asked, {{}, {}, [desk, &asked, name, message = std::move(message)] {
                                  return send(*desk, asked, name, message);
                              }});
}

Served purge_queue(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(auto const before, answer_of(*desk, name));
    KONTOR_TRY(auto const body, body_of<PurgeQueue>(asked));
    if (body.confirm.value != name.view())
        return unexpected(bad_field("/confirm", "the name of the queue is wanted"));
    auto const purge = [desk, &asked, name]() -> Result<Reply, Trouble> {
        KONTOR_TRY(auto const mark, or_refused(desk->admin.purge(name)));
        hold_until(asked, desk->progress, mark);
        KONTOR_TRY(auto const after, answer_of(*desk, name));
        return json_reply(202, after);
    };
    return after_note(asked, {codec::to_json(before), {}, purge});
}

Served pause_queue(Parts& parts, Asked& asked) {
    return flows(parts, asked, ports::QueueFlow::paused);
}

Served resume_queue(Parts& parts, Asked& asked) {
    return flows(parts, asked, ports::QueueFlow::open);
}

} // namespace code
} // namespace kontor::services::gateway
