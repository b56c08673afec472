#include "services/gateway/open_request.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/settled.hpp"

#include "base/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>

/// How an answer waits for what comes of its write, and shows the same when the key comes again.
///
/// A repetition waits for nothing: it shows what the first answer showed. That is the state as the
/// write left it, unless the first answer waited and saw more. Then the desk is asked to remember
/// how far it saw, under an id that follows from the command's, before the answer leaves: in a
/// commit without facts, whose outcome names the stream and version that settled the write.

namespace kontor::services::gateway {
namespace {

constexpr std::uint64_t prefer_seconds_max = 10;

/// How long the caller prefers to wait; none: not at all.   Source: RFC 7240.
std::optional<std::uint64_t> preferred_wait(Request const& request) {
    auto const prefer = request.header("prefer");
    constexpr std::string_view word = "wait=";
    auto const at = prefer.find(word);
    if (at == std::string_view::npos)
        return std::nullopt;
    auto const digits = prefer.substr(at + word.size());
    auto const seconds = number_in(digits.substr(0, digits.find_first_of(",; ")));
    return seconds ? std::optional(std::min(*seconds, prefer_seconds_max)) : std::nullopt;
}

/// Under which the desk remembers what the answer to a command showed.
CommandId shown_id(CommandId command) {
    return derive_id<CommandId>(command, "shown");
}

Result<Reply, Trouble> with_preference(Result<Reply, Trouble> reply, Request const& request) {
    if (auto const seconds = preferred_wait(request); reply && seconds)
        reply->headers.add("Preference-Applied", fmt::format("wait={}", *seconds));
    return reply;
}

Result<Reply, Trouble> marked_as_replayed(Result<Reply, Trouble> reply) {
    if (reply)
        reply->headers.add("Idempotency-Replayed", "true");
    return reply;
}

} // namespace

/// The answer to a write as the write left things. Who prefers to wait may see more of it later.
Result<Reply, Trouble> Gateway::first_shown(Open& open, std::size_t number, Seen const& seen) {
    auto reply = open.writes[number].render(parts_, open.asked, seen);
    auto const seconds = preferred_wait(open.request);
    if (!reply || !seconds || open.is_batch)
        return reply;
    KONTOR_TRY(bool const waits, or_trouble(is_settling(parts_, seen)));
    if (!waits)
        return reply;
    open.unsettled = seen;
    open.wait_until =
        parts_.clock.monotonic() + Duration::seconds(static_cast<std::int64_t>(*seconds));
    return with_preference(std::move(reply), open.request);
}

Result<Reply, Trouble> Gateway::shown_again(Open& open, std::size_t number, Seen const& seen) {
    open.position = std::max(open.position, parts_.log.durable().position);
    return marked_as_replayed(open.writes[number].render(parts_, open.asked, seen));
}

/// Asks the desk whether the first answer to this key waited and saw more than its write.
/// False: it cannot have, so there is nothing to ask.
bool Gateway::ask_what_was_shown(std::shared_ptr<Open> const& open, std::size_t number,
                                 ShopAnswer const& answer) {
    auto const* const replayed = std::get_if<commands::Replayed>(&answer.content);
    if (replayed == nullptr || replayed->record.problem != 0 || open->is_batch)
        return false;
    auto const& record = replayed->record;
    Seen const seen{open->writes[number].command, record.stream, record.version, record.status};
    auto const could_wait = is_settling(parts_, seen);
    if (could_wait && !*could_wait)
        return false;
    open->is_remembered = true;
    open->replayed = seen;
    if (!could_wait)
        finish_part(open, number, unexpected(trouble_of(could_wait.error())));
    else if (!ask_for_shown(open, number, seen.stream, true))
        finish_part(open, number, unexpected(retry(trouble("full"))));
    return true;
}

/// Has the desk remember that the answer shows what `by` has settled, or say what it remembers.
/// False: it takes no more now.
bool Gateway::ask_for_shown(std::shared_ptr<Open> const& open, std::size_t number,
                            StreamId const& by, bool is_repetition) {
    auto const& write = open->writes[number];
    ShopRequest request{shown_id(write.command),
                        write.correlation.is_nil() ? write.command.value() : write.correlation,
                        write.command.value(),
                        parts_.clock.now(),
                        open->asked.actor(),
                        Compound{},
                        write.fingerprint,
                        ++desk_tickets_};
    request.shown = commands::Shown{write.status, by};
    request.is_repetition = is_repetition;
    open->settled_by = by;
    if (!client_.try_submit(std::move(request)))
        return false;
    at_desk_.emplace(desk_tickets_, AtDesk{open, number, AtDesk::Asks::shown});
    shedder_.hand_in(desk_tickets_, parts_.clock.monotonic());
    return true;
}

void Gateway::take_shown(std::shared_ptr<Open> const& open, std::size_t number,
                         ShopAnswer const& answer) {
    if (open->is_done)
        return;
    if (open->replayed)
        finish_part(open, number, as_shown(*open, number, answer));
    else
        this->answer(*open, as_shown(*open, number, answer));
}

/// The answer to a write as far as the desk remembers that it was shown, or will be.
Result<Reply, Trouble> Gateway::as_shown(Open& open, std::size_t number, ShopAnswer const& answer) {
    using Outcome = Result<Reply, Trouble>;
    auto seen = open.replayed ? *open.replayed : *open.unsettled;
    auto const show_until = [&](StreamId const& stream, ports::StreamVersion version) -> Outcome {
        KONTOR_TRY(auto const position, or_trouble(position_of(parts_.log, stream, version)));
        seen.until = position;
        if (open.replayed)
            return shown_again(open, number, seen);
        open.position = std::max(open.position, position);
        return with_preference(open.writes[number].render(parts_, open.asked, seen), open.request);
    };
    return std::visit(overloaded{
                          [&](commands::Accepted const& accepted) {
                              return show_until(open.settled_by, accepted.version);
                          },
                          [&](commands::Replayed const& replayed) {
                              return show_until(replayed.record.stream, replayed.record.version);
                          },
                          [&](Failure const& failure) -> Outcome {
                              bool const is_as_written =
                                  open.replayed && failure.kind == FailureKind::not_found;
                              return is_as_written ? shown_again(open, number, seen)
                                                   : Outcome(unexpected(trouble_of(failure)));
                          },
                          [](commands::Quarantined const&) -> Outcome {
                              return unexpected(trouble("quarantined"));
                          },
                          [](auto const&) -> Outcome { KONTOR_UNREACHABLE(); },
                      },
                      answer.content);
}

/// Its key stays in flight, so that nobody is told less meanwhile than the answer will show.
void Gateway::wait_until_settled(std::shared_ptr<Open> const& open) {
    if (open->writes[0].fingerprint)
        keys_in_flight_.insert(open->writes[0].command);
    waiting_.push_back(open);
}

/// True: it was answered, or will be when the desk has remembered what it shows.
bool Gateway::look_for_settled(std::shared_ptr<Open> const& waiting) {
    auto& open = *waiting;
    auto const settled = settled_by(parts_, *open.unsettled);
    bool const is_over = parts_.clock.monotonic() >= open.wait_until;
    if (settled && *settled) {
        if (!open.writes[0].fingerprint) {
            auto seen = *open.unsettled;
            seen.until = (*settled)->position;
            answer(open,
                   with_preference(open.writes[0].render(parts_, open.asked, seen), open.request));
            return true;
        }
        if (ask_for_shown(waiting, 0, (*settled)->stream, false))
            return true;
    }
    if (settled && !is_over)
        return false;
    answer(open, std::move(open.replies[0]));
    return true;
}

void Gateway::let_go_of_key(Open const& open) {
    if (open.unsettled)
        keys_in_flight_.erase(open.writes[0].command);
}

} // namespace kontor::services::gateway
