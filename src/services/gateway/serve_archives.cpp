#include "services/gateway/codes.hpp"

#include "services/gateway/archive_answers.hpp"
#include "services/gateway/audit_note.hpp"
#include "services/gateway/bus_calls.hpp"
#include "services/gateway/message_bodies.hpp"

#include "platform/routing/single_pattern.hpp"
#include "ports/arn.hpp"

namespace kontor::services::gateway {
namespace {

using ports::ArchiveDescription;
using ports::MessagingFault;
using ports::ReplayDescription;

ArchiveAnswer answer_of(ArchiveDescription const& archive) {
    ArchiveAnswer answer{};
    answer.name = archive.name;
    answer.bus = last_name_of(archive.bus_arn);
    answer.state = archive.state;
    answer.pattern = if_said(archive.pattern);
    if (archive.retention_days > 0)
        answer.retention_days = archive.retention_days;
    answer.events = archive.events;
    answer.bytes = archive.bytes;
    answer.created_at = archive.created;
    answer.description = if_said(archive.description);
    return answer;
}

ReplayAnswer answer_of(ReplayDescription const& replay) {
    ReplayAnswer answer{};
    answer.name = replay.name;
    answer.archive = last_name_of(replay.archive_arn);
    answer.state = replay.state;
    answer.from = replay.start;
    answer.to = replay.end;
    answer.pattern = if_said(replay.pattern);
    if (!replay.rule_arns.empty())
        answer.rules.emplace();
    for (auto const& arn : replay.rule_arns)
        answer.rules->push_back(last_name_of(arn));
    answer.reached_at = replay.reached;
    answer.started_at = replay.started;
    answer.ended_at = replay.ended;
    answer.why = if_said(replay.reason);
    answer.description = if_said(replay.description);
    return answer;
}

BusProblems const of_archives{"unknown_archive", "replay_exists",  "replay_ended",
                              "replay_refused",  "replay_refused", "replay_refused"};
BusProblems const of_replays{"unknown_replay", "replay_exists",  "replay_ended",
                             "replay_refused", "replay_refused", "replay_refused"};

constexpr auto as_answer = [](auto const& found) { return answer_of(found); };

Reply begun(ReplayDescription const& replay) {
    auto reply = json_reply(202, answer_of(replay));
    reply.headers.add("Location", "/v1/ops/replays/" + replay.name);
    return reply;
}

/// The wish in the words of the bus: names become ARNs.
FromTheBus<ReplayDescription> wish_of(StartReplay const& body, ArchiveDesk::Doors const& to) {
    KONTOR_TRY(auto const archive, to.archives.describe_archive(body.archive.value));
    if (to.replays.describe_replay(body.name.value))
        return unexpected(ports::MessagingRefusal{
            MessagingFault::already_exists, "Replay " + body.name.value + " already exists."});
    ReplayDescription wish{.name = body.name.value};
    wish.archive_arn = archive.arn;
    wish.bus_arn = archive.bus_arn;
    wish.start = body.from;
    wish.end = body.to;
    if (body.pattern)
        wish.pattern = body.pattern->value;
    if (body.description)
        wish.description = body.description->value;
    for (auto const& name : body.rules.value_or(std::vector<Text<1, 64>>())) {
        auto const rule = to.rules.describe_rule(archive.bus_arn, name.value);
        if (!rule)
            return unexpected(ports::MessagingRefusal{MessagingFault::invalid, rule.error().what});
        wish.rule_arns.push_back(rule->arn);
    }
    return wish;
}

} // namespace

namespace code {

Served list_archives(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wish, names_asked(parts, asked));
    using Archives = ports::Page<ArchiveDescription>;
    KONTOR_TRY(auto const found,
               found_by<Archives>(parts, asked, of_archives, [wish](ArchiveDesk::Doors const& to) {
                   return to.archives.list_archives({}, wish);
               }));
    return found ? page_of_names(parts, asked, *found, as_answer) : Answer(NotYet{});
}

Served show_archive(Parts& parts, Asked& asked) {
    return shown_once_found(
        found_by<ArchiveDescription>(parts, asked, of_archives,
                                     [name = asked.path[0]](ArchiveDesk::Doors const& to) {
                                         return to.archives.describe_archive(name);
                                     }),
        as_answer);
}

Served list_replays(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wish, names_asked(parts, asked));
    std::string const archive(asked.parameter("archive").value_or(""));
    using Replays = ports::Page<ReplayDescription>;
    auto const list = [wish, archive](ArchiveDesk::Doors const& to) -> FromTheBus<Replays> {
        if (archive.empty())
            return to.replays.list_replays({}, wish);
        KONTOR_TRY(auto const named, to.archives.describe_archive(archive));
        return to.replays.list_replays(named.arn, wish);
    };
    KONTOR_TRY(auto const found, found_by<Replays>(parts, asked, of_archives, list));
    return found ? page_of_names(parts, asked, *found, as_answer) : Answer(NotYet{});
}

Served show_replay(Parts& parts, Asked& asked) {
    return shown_once_found(
        found_by<ReplayDescription>(parts, asked, of_replays,
                                    [name = asked.path[0]](ArchiveDesk::Doors const& to) {
                                        return to.replays.describe_replay(name);
                                    }),
        as_answer);
}

Served start_replay(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<StartReplay>(asked));
    if (body.to <= body.from)
        return unexpected(bad_field("/to", "a time behind `from` is wanted"));
    if (body.pattern)
        if (auto const pattern = routing::SinglePattern::of(body.pattern->value); !pattern)
            return unexpected(bad_field("/pattern", routing::to_string(pattern.error())));
    KONTOR_TRY(auto const wish, found_by<ReplayDescription>(parts, asked, of_archives,
                                                            [body](ArchiveDesk::Doors const& to) {
                                                                return wish_of(body, to);
                                                            }));
    if (!wish)
        return Answer(NotYet{});
    return after_note(asked, {std::nullopt, codec::to_json(body),
                              carried_out<ReplayDescription>(
                                  parts.archives, asked, of_replays,
                                  [wish = *wish](ArchiveDesk::Doors const& to) {
                                      return to.replays.start_replay(wish);
                                  },
                                  begun)});
}

Served cancel_replay(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const before,
               found_by<ReplayDescription>(parts, asked, of_replays,
                                           [name = asked.path[0]](ArchiveDesk::Doors const& to) {
                                               return to.replays.describe_replay(name);
                                           }));
    if (!before)
        return Answer(NotYet{});
    if (before->ended)
        return unexpected(trouble("replay_ended"));
    return after_note(asked, {codec::to_json(answer_of(*before)), std::nullopt,
                              carried_out<ReplayDescription>(
                                  parts.archives, asked, of_replays,
                                  [name = before->name](ArchiveDesk::Doors const& to) {
                                      return to.replays.cancel_replay(name);
                                  },
                                  begun)});
}

} // namespace code
} // namespace kontor::services::gateway
