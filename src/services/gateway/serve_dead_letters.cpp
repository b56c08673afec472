#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/queue_answers.hpp"
#include "services/gateway/queue_calls.hpp"

#include "base/characters.hpp"
#include "platform/messaging/queues/causes.hpp"
#include "ports/house_queues.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// So many dead letters a second go back, unless somebody says another number.
/// Source: RELIABILITY section 9.
constexpr std::uint32_t redrive_rate = 10;
constexpr std::int64_t redrive_rate_max = 500;
/// So long a redrive may be taken back before anything has happened.
constexpr Duration redrive_undo = Duration::seconds(10);
/// A queue remembers no more of them.
constexpr ports::Limit redrives_shown_max(10);

/// Letters that one request looks through. At the limit it says that there are more.
constexpr std::size_t letters_looked_at_max = ports::move_selected_max;
/// Of those, the ones whose content has to be read to know why they are here. Likewise.
constexpr std::size_t contents_looked_at_max = 2'000;
/// Letters of a page of a look through.
constexpr std::size_t letters_at_a_time = 500;
/// Of a body in a list. The rest is shown with the letter itself.
constexpr std::size_t body_shown_max = 200;

RedriveAnswer answer_of(ports::MoveTask const& task) {
    RedriveAnswer answer{.id = ports::uuid_text(task.id.value()),
                         .queue = std::string(task.source.view()),
                         .target = {},
                         .state = task.status,
                         .rate = task.messages_per_second,
                         .moved = task.moved,
                         .to_move = task.to_move,
                         .started_at = task.started_at,
                         .begins_at = task.begins_at,
                         .failure = {}};
    if (!task.destination.empty())
        answer.target = std::string(task.destination.view());
    if (!task.failure.empty())
        answer.failure = task.failure;
    return answer;
}

/// Accepted, as it stands now.
Result<Reply, Trouble> latest_redrive(QueueDesk& desk, ports::QueueName const& source) {
    KONTOR_TRY(auto const tasks, or_refused(desk.moves.list_moves(source, ports::Limit(1))));
    return json_reply(202, answer_of(tasks.at(0)));
}

LetterAttributeAnswer answer_of(ports::MessageAttribute const& attribute) {
    LetterAttributeAnswer answer{attribute.name, attribute.type, attribute.value};
    if (attribute.type.starts_with("Binary")) {
        answer.value.clear();
        std::vector<std::uint8_t> const bytes(attribute.value.begin(), attribute.value.end());
        codec::append_base64(answer.value, bytes);
    }
    return answer;
}

LetterAnswer answer_of(ports::PeekedMessage const& letter) {
    auto const& message = letter.message;
    LetterAnswer answer{.number = message.sequence.value(),
                        .message_id = ports::uuid_text(message.id.value()),
                        .state = letter.standing,
                        .until = letter.until,
                        .sent_at = message.sent_at,
                        .receives = message.receive_count,
                        .group = if_said(message.group_id),
                        .dedup_id = if_said(message.deduplication_id),
                        .sender = if_said(message.sender.view()),
                        .trace = if_said(message.trace_header),
                        .source = if_said(message.dead_letter_source.view()),
                        .death = letter.death,
                        .died_at = letter.died_at,
                        .attempts = {},
                        .first_received_at = {},
                        .cause = {},
                        .cause_id = {},
                        .bytes = message.body.size(),
                        .body = message.body,
                        .attributes = {}};
    if (letter.death) {
        answer.attempts = message.dead_letter_attempts;
        answer.cause = if_said(message.cause);
    }
    if (message.first_received_at != Instant())
        answer.first_received_at = message.first_received_at;
    answer.cause_id = queues::cause_of(letter).id;
    for (auto const& attribute : message.attributes)
        answer.attributes.push_back(answer_of(attribute));
    return answer;
}

/// Shows `see` each letter of a queue with all that its cause needs, in sequence, until it says no
/// or the limit is reached; whether it got to the end, or as far as `see` wanted.
/// Errors: those of a look.
template <class See>
Result<bool, Trouble> look_at_each(QueueDesk& desk, ports::QueueName const& queue,
                                   std::uint64_t after, See&& see) {
    std::size_t looked_at = 0;
    std::size_t contents = 0;
    ports::PeekRequest request{ports::SequenceNumber(after), letters_at_a_time,
                               ports::PeekAt::envelopes};
    for (bool goes_on = true; goes_on;) {
        KONTOR_TRY(auto const page, or_refused(desk.letters.peek(queue, request)));
        goes_on = page.has_more;
        for (auto const& seen : page.messages) {
            request.after = seen.message.sequence;
            bool const needs_content = !seen.death;
            contents += needs_content ? 1 : 0;
            if (++looked_at > letters_looked_at_max || contents > contents_looked_at_max)
                return false;
            if (!needs_content) {
                if (!see(seen))
                    return true;
                continue;
            }
            auto const whole = letter_at(desk, queue, seen.message.sequence.value());
            if (whole && !see(*whole)) // gone meanwhile: it is not there
                return true;
        }
    }
    return true;
}

/// The number of the last letter of the page before.   Errors: cursor_invalid.
Result<std::uint64_t, Trouble> letter_after(Parts const& parts, Asked const& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    auto const number = page.after ? number_in(*page.after) : std::optional<std::uint64_t>(0);
    if (!number)
        return unexpected(trouble("cursor_invalid"));
    return *number;
}

/// Which letters somebody means; nothing said: all.
struct Choice {
    std::optional<std::vector<Count>> const& messages;
    std::optional<Text<16, 16>> const& cause;
};

/// Their numbers; absent: all of the queue.   Errors: body_invalid, and those of a look.
Result<std::optional<std::vector<ports::SequenceNumber>>, Trouble>
chosen_by(QueueDesk& desk, ports::QueueName const& queue, Choice const& choice) {
    std::optional<std::vector<ports::SequenceNumber>> chosen;
    if (choice.messages && choice.cause)
        return unexpected(bad_field("/cause", "name a cause or messages, not both"));
    if (choice.messages) {
        if (choice.messages->empty() || choice.messages->size() > ports::move_selected_max)
            return unexpected(bad_field("/messages", "1 to 10000 numbers are possible"));
        chosen.emplace();
        for (auto const& number : *choice.messages)
            chosen->emplace_back(static_cast<std::uint64_t>(number.value()));
    }
    if (choice.cause) {
        chosen.emplace();
        KONTOR_TRY(look_at_each(desk, queue, 0, [&](ports::PeekedMessage const& letter) {
            if (queues::cause_of(letter).id == choice.cause->value)
                chosen->push_back(letter.message.sequence);
            return true;
        }));
    }
    return chosen;
}

/// Where letters are sent to.   Errors: body_invalid, unknown_queue.
Result<ports::QueueName, Trouble> target_named(std::string_view name) {
    if (ports::is_house_queue(name))
        return unexpected(bad_field("/target", "what an endpoint is to get is published to its "
                                               "topic: publish it again"));
    return queue_named(name);
}

/// Discards them in as many facts as it takes.
Result<Reply, Trouble> discard_all(QueueDesk& desk, Asked& asked, ports::QueueName const& queue,
                                   std::vector<ports::SequenceNumber> const& numbers) {
    DiscardAnswer answer{std::string(queue.view()), 0, 0, 0};
    ports::QueueMark mark{};
    std::span<ports::SequenceNumber const> rest(numbers);
    while (!rest.empty()) {
        auto const some = rest.first(std::min(rest.size(), ports::queue_entries_max));
        rest = rest.subspan(some.size());
        KONTOR_TRY(auto const answers, or_refused(desk.letters.discard(queue, some)));
        mark = std::max(mark, answers.mark);
        for (auto const& entry : answers.entries) {
            answer.discarded += entry && *entry == ports::Discarded::now ? 1 : 0;
            answer.gone_before += entry && *entry == ports::Discarded::before ? 1 : 0;
            answer.in_flight += entry && *entry == ports::Discarded::in_flight ? 1 : 0;
        }
    }
    hold_until(asked, desk.progress, mark);
    return json_reply(200, answer);
}

} // namespace

namespace code {

Served list_letters(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(auto const after, letter_after(parts, asked));
    auto const cause = asked.parameter("cause");
    std::vector<std::uint64_t> numbers;
    std::uint64_t last = after;
    KONTOR_TRY(auto const is_whole,
               look_at_each(*desk, queue, after, [&](ports::PeekedMessage const& letter) {
                   bool const is_wanted = !cause || queues::cause_of(letter).id == *cause;
                   if (is_wanted && numbers.size() == page.limit) {
                       numbers.push_back(0); // there is one more
                       return false;
                   }
                   last = letter.message.sequence.value();
                   if (is_wanted)
                       numbers.push_back(last);
                   return true;
               }));
    PageText text;
    text.has_more = cut_to(numbers, page.limit) || !is_whole;
    for (auto const number : numbers) {
        auto const letter = letter_at(*desk, queue, number);
        if (!letter)
            continue; // gone meanwhile
        auto answer = answer_of(*letter);
        answer.body.resize(whole_characters(answer.body, body_shown_max).size());
        answer.attributes.clear();
        add_item(text.items, answer);
    }
    text.last = std::to_string(last);
    return Answer(page_reply(parts, asked, text));
}

Served show_letter(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    auto const number = number_in(asked.path[1]);
    KONTOR_TRY(auto const letter, letter_at(*desk, queue, number.value_or(0)));
    return Answer(json_reply(200, answer_of(letter)));
}

Served list_letter_causes(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    KONTOR_TRY(auto last, letter_after(parts, asked));
    queues::Causes causes;
    KONTOR_TRY(auto const is_whole,
               look_at_each(*desk, queue, last, [&](ports::PeekedMessage const& letter) {
                   causes.add(letter);
                   last = letter.message.sequence.value();
                   return true;
               }));
    PageText text;
    for (auto const& group : causes.groups())
        add_item(text.items, LetterCauseAnswer{group.cause.id, if_said(group.cause.source),
                                               group.cause.words, group.count, group.first,
                                               group.last, group.sample.value(), group.said});
    if (causes.others() > 0)
        add_item(text.items, LetterCauseAnswer{{}, {}, "others", causes.others(), {}, {}, 0, {}});
    text.has_more = !is_whole;
    text.last = std::to_string(last);
    return Answer(page_reply(parts, asked, text));
}

Served discard_letters(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    KONTOR_TRY(auto const body, body_of<DiscardLetters>(asked));
    KONTOR_TRY(auto const chosen, chosen_by(*desk, queue, {body.messages, body.cause}));
    if (!chosen)
        return unexpected(bad_field("/messages", "say which: messages by number, or a cause"));
    if (chosen->empty())
        return unexpected(trouble("no_such_letter"));
    return after_note(asked, {{}, {}, [desk, &asked, queue, numbers = *chosen] {
                                  return discard_all(*desk, asked, queue, numbers);
                              }});
}

Served retry_letter(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const queue, queue_named(asked.path[0]));
    auto const number = number_in(asked.path[1]).value_or(0);
    KONTOR_TRY(auto const body, body_of<RetryLetter>(asked));
    KONTOR_TRY(auto const letter, letter_at(*desk, queue, number));
    ports::RetryRequest request{ports::SequenceNumber(number), {}, body.body};
    if (body.target) {
        KONTOR_TRY(request.destination, target_named(body.target->value));
    }
    auto const send_copy = [desk, &asked, queue, request]() -> Result<Reply, Trouble> {
        auto const done = desk->letters.retry(queue, request);
        auto const* const refusal =
            done ? nullptr : std::get_if<ports::QueueRefusal>(&done.error());
        if (refusal != nullptr && refusal->error == ports::QueueError::resource_not_found)
            return unexpected(trouble("no_such_letter", refusal->what));
        KONTOR_TRY(auto const retried, or_refused(done));
        hold_until(asked, desk->progress, retried.mark);
        return json_reply(202, RetryAnswer{std::string(retried.destination.view()),
                                           ports::uuid_text(retried.sent.id.value()),
                                           retried.deduplication_id});
    };
    auto before = answer_of(letter);
    before.body.clear(); // what a message says is no business of the record
    before.attributes.clear();
    return after_note(asked, {codec::to_json(before), {}, send_copy});
}

Served redrive(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    ports::MoveRequest request;
    KONTOR_TRY(request.source, queue_named(asked.path[0]));
    KONTOR_TRY(auto const body, body_of<Redrive>(asked));
    KONTOR_TRY(auto const chosen, chosen_by(*desk, request.source, {body.messages, body.cause}));
    if (chosen) {
        if (chosen->empty())
            return unexpected(trouble("no_such_letter"));
        request.only = *chosen;
    }
    if (body.target) {
        KONTOR_TRY(request.destination, target_named(body.target->value));
    }
    auto const rate = body.rate ? body.rate->value() : redrive_rate;
    if (rate < 1 || rate > redrive_rate_max)
        return unexpected(bad_field("/rate", "1 to 500 a second are possible"));
    request.messages_per_second = static_cast<std::uint32_t>(rate);
    request.wait = redrive_undo;
    return after_note(asked, {{}, {}, [desk, &asked, request]() -> Result<Reply, Trouble> {
                                  KONTOR_TRY(auto const started,
                                             or_refused(desk->moves.start_move(request)));
                                  hold_until(asked, desk->progress, started.mark);
                                  return latest_redrive(*desk, request.source);
                              }});
}

Served list_redrives(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(auto const tasks, or_refused(desk->moves.list_moves(name, redrives_shown_max)));
    std::vector<RedriveAnswer> answers;
    for (auto const& task : tasks)
        answers.push_back(answer_of(task));
    return Answer(list_reply(answers));
}

Served cancel_redrive(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto* const desk, queue_desk_of(parts));
    KONTOR_TRY(auto const name, queue_named(asked.path[0]));
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const tasks, or_refused(desk->moves.list_moves(name, redrives_shown_max)));
    auto const running =
        std::ranges::find(tasks, ports::MoveTaskStatus::running, &ports::MoveTask::status);
    if (running == tasks.end())
        return unexpected(trouble("no_redrive_runs"));
    auto const cancel = [desk, &asked, task = *running]() -> Result<Reply, Trouble> {
        auto const cancelled = desk->moves.cancel_move(task.id);
        if (!cancelled && std::holds_alternative<ports::QueueRefusal>(cancelled.error()))
            return unexpected(trouble("no_redrive_runs")); // it ended meanwhile
        KONTOR_TRY(auto const ended, or_refused(cancelled));
        hold_until(asked, desk->progress, ended.mark);
        return latest_redrive(*desk, task.source);
    };
    return after_note(asked, {codec::to_json(answer_of(*running)), {}, cancel});
}

} // namespace code
} // namespace kontor::services::gateway
