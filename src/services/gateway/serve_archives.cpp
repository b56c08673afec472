#include "services/gateway/codes.hpp"

#include "services/gateway/archive_answers.hpp"
#include "services/gateway/archive_desk.hpp"
#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/paging.hpp"

#include "ports/arn.hpp"

#include <mutex>

namespace kontor::services::gateway {
namespace {

using ports::ArchiveDescription;
using ports::MessagingFault;
using ports::ReplayDescription;

template <class T>
using FromTheBus = Result<T, ports::MessagingRefusal>;

/// "bus/orders" of the ARN of a rule of that bus: "orders".
std::string last_name_of(std::string const& arn) {
    return arn.substr(arn.find_last_of(":/") + 1);
}

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

Trouble trouble_of_bus(ports::MessagingRefusal const& refusal, ProblemName unknown) {
    switch (refusal.fault) {
    case MessagingFault::not_found: return trouble(unknown, refusal.what);
    case MessagingFault::already_exists: return trouble("replay_exists", refusal.what);
    case MessagingFault::illegal_status: return trouble("replay_ended", refusal.what);
    case MessagingFault::invalid:
    case MessagingFault::invalid_pattern:
    case MessagingFault::limit_exceeded:
    case MessagingFault::access_denied:
    case MessagingFault::unsupported: return trouble("replay_refused", refusal.what);
    case MessagingFault::concurrent_modification:
    case MessagingFault::throttled:
    case MessagingFault::unavailable: return retry(trouble("unavailable", refusal.what));
    }
    KONTOR_UNREACHABLE();
}

/// What the desk's thread finds out, for whoever waits on the edge's.
template <class T>
class Errand {
public:
    void bring(FromTheBus<T> found) {
        std::lock_guard const guard(mutex_);
        found_ = std::move(found);
    }
    std::optional<FromTheBus<T>> look() const {
        std::lock_guard const guard(mutex_);
        return found_;
    }

private:
    mutable std::mutex mutex_;
    std::optional<FromTheBus<T>> found_; ///< guarded by `mutex_`
};

template <class T>
using AskTheBus = std::function<FromTheBus<T>(ArchiveDesk::Doors const&)>;

/// Errors: queues_off, full.
template <class T>
Result<std::shared_ptr<Errand<T>>, Trouble> send_off(ArchiveDesk* desk, AskTheBus<T> ask) {
    if (desk == nullptr)
        return unexpected(trouble("queues_off"));
    auto const errand = std::make_shared<Errand<T>>();
    bool const is_taken = desk->take(
        [errand, ask = std::move(ask)](ArchiveDesk::Doors const& to) { errand->bring(ask(to)); });
    if (!is_taken)
        return unexpected(retry(trouble("full")));
    return errand;
}

/// Asks once, and answers what was found once it is there; empty: not yet.
/// Errors: as send_off, and what the bus says.
template <class T>
Result<std::optional<T>, Trouble> found_by(Parts const& parts, Asked& asked, ProblemName unknown,
                                           AskTheBus<T> ask) {
    if (!asked.progress) {
        KONTOR_TRY(asked.progress, send_off<T>(parts.archives, std::move(ask)));
    }
    auto found = static_cast<Errand<T> const*>(asked.progress.get())->look();
    if (found && !*found)
        return unexpected(trouble_of_bus(found->error(), unknown));
    return found ? std::optional<T>(**std::move(found)) : std::nullopt;
}

/// Shows a replay that was found; not yet: asks again.
Served shown_once_found(Result<std::optional<ReplayDescription>, Trouble> const& found) {
    if (!found)
        return unexpected(found.error());
    if (!*found)
        return Answer(NotYet{});
    return Answer(json_reply(200, answer_of(**found)));
}

/// An effect that the desk carries out; it answers the replay as it is then.
std::function<Result<Reply, Trouble>()> carried_out(ArchiveDesk* desk, Asked& asked,
                                                    AskTheBus<ReplayDescription> deed) {
    return [desk, &asked, deed = std::move(deed)]() -> Result<Reply, Trouble> {
        KONTOR_TRY(auto const errand, send_off<ReplayDescription>(desk, deed));
        asked.later = Later{[errand]() -> std::optional<Result<Reply, Trouble>> {
            auto const found = errand->look();
            if (!found)
                return std::nullopt;
            if (!*found)
                return unexpected(trouble_of_bus(found->error(), "unknown_replay"));
            auto reply = json_reply(202, answer_of(**found));
            reply.headers.add("Location", "/v1/ops/replays/" + (*found)->name);
            return Result<Reply, Trouble>(std::move(reply));
        }};
        return Reply{};
    };
}

template <class T>
Answer page_of_names(Parts const& parts, Asked const& asked, ports::Page<T> const& found) {
    PageText text;
    for (auto const& each : found.items)
        add_item(text.items, answer_of(each));
    text.has_more = !found.next.empty();
    text.last = found.next;
    return page_reply(parts, asked, text);
}

Result<ports::PageWish, Trouble> names_asked(Parts const& parts, Asked const& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    ports::PageWish wish;
    wish.prefix = asked.parameter("prefix").value_or("");
    wish.after = page.after.value_or("");
    wish.limit = std::min(page.limit, ports::page_items_max);
    return wish;
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
    KONTOR_TRY(auto const found, found_by<Archives>(parts, asked, "unknown_archive",
                                                    [wish](ArchiveDesk::Doors const& to) {
                                                        return to.archives.list_archives({}, wish);
                                                    }));
    return found ? page_of_names(parts, asked, *found) : Answer(NotYet{});
}

Served show_archive(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const found,
               found_by<ArchiveDescription>(parts, asked, "unknown_archive",
                                            [name = asked.path[0]](ArchiveDesk::Doors const& to) {
                                                return to.archives.describe_archive(name);
                                            }));
    return found ? Answer(json_reply(200, answer_of(*found))) : Answer(NotYet{});
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
    KONTOR_TRY(auto const found, found_by<Replays>(parts, asked, "unknown_archive", list));
    return found ? page_of_names(parts, asked, *found) : Answer(NotYet{});
}

Served show_replay(Parts& parts, Asked& asked) {
    return shown_once_found(found_by<ReplayDescription>(
        parts, asked, "unknown_replay", [name = asked.path[0]](ArchiveDesk::Doors const& to) {
            return to.replays.describe_replay(name);
        }));
}

Served start_replay(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<StartReplay>(asked));
    if (body.to <= body.from)
        return unexpected(bad_field("/to", "a time behind `from` is wanted"));
    KONTOR_TRY(auto const wish, found_by<ReplayDescription>(parts, asked, "unknown_archive",
                                                            [body](ArchiveDesk::Doors const& to) {
                                                                return wish_of(body, to);
                                                            }));
    if (!wish)
        return Answer(NotYet{});
    return after_note(
        asked, {std::nullopt, codec::to_json(body),
                carried_out(parts.archives, asked, [wish = *wish](ArchiveDesk::Doors const& to) {
                    return to.replays.start_replay(wish);
                })});
}

Served cancel_replay(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const before,
               found_by<ReplayDescription>(parts, asked, "unknown_replay",
                                           [name = asked.path[0]](ArchiveDesk::Doors const& to) {
                                               return to.replays.describe_replay(name);
                                           }));
    if (!before)
        return Answer(NotYet{});
    if (before->ended)
        return unexpected(trouble("replay_ended"));
    return after_note(asked, {codec::to_json(answer_of(*before)), std::nullopt,
                              carried_out(parts.archives, asked,
                                          [name = before->name](ArchiveDesk::Doors const& to) {
                                              return to.replays.cancel_replay(name);
                                          })});
}

} // namespace code
} // namespace kontor::services::gateway
