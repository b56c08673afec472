#include "services/gateway/gateway.hpp"

#include "services/gateway/admission.hpp"
#include "services/gateway/audit_note.hpp"
#include "services/gateway/batch_reply.hpp"
#include "services/gateway/open_request.hpp"
#include "services/gateway/replies.hpp"
#include "services/gateway/seams/node_desk.hpp"

#include "base/overloaded.hpp"
#include "codec/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// How long an answer may hang on somebody else.
constexpr Duration later_max = Duration::seconds(10);
/// How often what waits is looked at.
constexpr Duration look_every = Duration::milliseconds(2);

std::string hex_of(CommandId command) {
    return fmt::format("{:016x}{:016x}", command.value().high(), command.value().low());
}

/// What the path names and is not there is 404, whatever it is in a body.
Trouble for_route(Trouble found, Route const* route) {
    if (route != nullptr && found.problem->name == "unknown_sku" &&
        route->path.find("{sku}") != std::string_view::npos)
        found.status = 404;
    return found;
}

/// Whether the desk will say the same again when it is asked with the same key.
bool is_remembered(ShopAnswer const& answer) {
    if (auto const* const replayed = std::get_if<commands::Replayed>(&answer.content))
        return replayed->record.problem != 0;
    return std::holds_alternative<Refusal>(answer.content);
}

std::int64_t whole_seconds(Duration time) {
    return (time.in_milliseconds() + 999) / 1'000;
}

void add_rate_headers(Reply& reply, RatePolicy const& policy,
                      resilience::RateVerdict const& verdict) {
    reply.headers.add("RateLimit-Policy",
                      fmt::format("\"{}\";q={};w={}", policy.name, policy.quota.count_max,
                                  whole_seconds(policy.quota.window)));
    reply.headers.add("RateLimit", fmt::format("\"{}\";r={};t={}", policy.name, verdict.remaining,
                                               whole_seconds(verdict.reset)));
}

} // namespace

Gateway::Gateway(Parts parts, ShopClient& client) : parts_(std::move(parts)), client_(client) {}
Gateway::~Gateway() = default;

void Gateway::start(Ticket ticket, Request const& request) {
    auto const open = std::make_shared<Open>(Open{ticket, request, parts_.clock.monotonic()});
    open->asked.request = &open->request;
    open->asked.now = parts_.clock.now();
    open->asked.trace_id = request.trace_id;
    open_.emplace(ticket.value(), open);
    if (auto refused = turned_away(request))
        answer(*open, unexpected(*std::move(refused)));
    else
        begin(open);
}

/// What a request gets that nobody has time for; empty: it is let in.
std::optional<Trouble> Gateway::turned_away(Request const& request) {
    auto const now = parts_.clock.monotonic();
    if (request.deadline && *request.deadline <= now) {
        ++parts_.turned_away.late;
        return trouble("deadline_passed");
    }
    auto const backlog = parts_.node == nullptr ? 0 : parts_.node->backlog();
    auto const urgency = shedder_.shed(request, now, backlog);
    if (open_.size() <= open_max && !urgency)
        return std::nullopt;
    if (urgency)
        ++parts_.turned_away.shed[static_cast<std::size_t>(*urgency)];
    auto refused = trouble("overloaded");
    refused.headers.emplace_back("Retry-After",
                                 std::to_string(resilience::retry_after_seconds(parts_.random)));
    return refused;
}

void Gateway::begin(std::shared_ptr<Open> const& open) {
    auto& asked = open->asked;
    if (auto admitted = admit(parts_, asked); !admitted) {
        answer(*open, unexpected(std::move(admitted).error()));
        return;
    }
    if (auto refused = too_fast(*open)) {
        answer(*open, unexpected(*std::move(refused)));
        return;
    }
    if (!try_serve(open))
        waiting_.push_back(open);
}

/// Answers the request or hands it to the desk.   False: it must be looked at
/// again.
bool Gateway::try_serve(std::shared_ptr<Open> const& open) {
    auto there = rows_are_there(*open);
    if (there && !*there)
        return false;
    auto served = there ? serve(*open) : Served(unexpected(std::move(there).error()));
    if (!served) {
        answer(*open, unexpected(std::move(served).error()));
        return true;
    }
    if (std::holds_alternative<NotYet>(*served))
        return false;
    std::visit(overloaded{
                   [&](Reply& reply) { answer(*open, std::move(reply)); },
                   [&](Write& write) { hand_in(open, std::move(write)); },
                   [&](Writes& writes) { hand_in_all(open, std::move(writes)); },
                   [&](Later& later) {
                       open->later = std::move(later);
                       open->wait_until = parts_.clock.monotonic() + later_max;
                   },
                   [](NotYet) {},
               },
               *served);
    return !open->later.ready;
}

/// What the caller gets who asks faster than the limit; empty: there is time.
std::optional<Trouble> Gateway::too_fast(Open& open) {
    auto const& caller = open.asked.caller;
    auto const* const policy = open.asked.route->needs.signature ? &parts_.limits.of_webhooks()
                                                                 : parts_.limits.policy_of(caller);
    if (policy == nullptr || open.asked.route->needs.probe)
        return std::nullopt;
    auto const& bytes = open.request.peer.bytes;
    auto const name = caller.is_known()
                          ? caller.scope
                          : std::string(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    auto const verdict = limits_.take(std::string(policy->name) + " " + name, policy->quota,
                                      parts_.clock.monotonic());
    open.rate_policy = policy;
    open.rate = verdict;
    if (verdict.is_allowed)
        return std::nullopt;
    auto refused = trouble("throttled");
    refused.headers.emplace_back("Retry-After", std::to_string(std::max<std::int64_t>(
                                                    1, whole_seconds(verdict.retry_after))));
    return refused;
}

Served Gateway::serve(Open& open) {
    auto& asked = open.asked;
    if (!is_safe(open.request.method)) {
        KONTOR_TRY(auto const key, idempotency_key(asked));
        open.is_keyed = !key.empty();
        asked.command =
            open.is_keyed ? keyed_command(asked, key) : CommandId::mint(asked.now, parts_.random);
        if (open.is_keyed && keys_in_flight_.contains(asked.command))
            return unexpected(retry(trouble("key_in_flight")));
    }
    if (asked.route->body != Shape::nothing && asked.route->body != Shape::table) {
        auto parsed = document_.parse(open.request.body);
        if (!parsed)
            return unexpected(trouble("malformed", parsed.error().what));
        asked.body = *parsed;
    }
    auto const code = find_code(asked.route->id);
    KONTOR_ASSERT(code != nullptr, "the route {} has no code", asked.route->id);
    return with_note(parts_, asked, code(parts_, asked));
}

void Gateway::hand_in(std::shared_ptr<Open> const& open, Write write) {
    write.command = open->asked.command;
    expect_what_stands_there(write, open->asked, parts_.log);
    if (open->is_keyed && !open->asked.effect)
        write.fingerprint = fingerprint_of(open->request);
    open->writes.push_back(std::move(write));
    open->replies.emplace_back(Reply{});
    open->unanswered = 1;
    if (auto refused = submit(open, 0))
        finish_part(open, 0, unexpected(*std::move(refused)));
}

Reply Gateway::reply_of_all(Open const& open) {
    if (open.finish)
        return open.finish(open.replies);
    return batch_reply(open.replies, {open.request.path, shown_trace(open)});
}

void Gateway::hand_in_all(std::shared_ptr<Open> const& open, Writes writes) {
    open->is_batch = true;
    open->finish = std::move(writes.finish);
    open->unanswered = writes.each.size();
    open->writes.resize(writes.each.size());
    for (std::size_t i = 0; i < writes.each.size(); ++i)
        open->replies.emplace_back(Reply{});
    for (std::size_t i = 0; i < writes.each.size(); ++i) {
        auto& each = writes.each[i];
        std::optional<Trouble> refused;
        if (!each) {
            refused = std::move(each).error();
        } else {
            open->writes[i] = *std::move(each);
            refused = keys_in_flight_.contains(open->writes[i].command)
                          ? std::optional(retry(trouble("key_in_flight")))
                          : submit(open, i);
        }
        if (refused)
            finish_part(open, i, unexpected(*std::move(refused)));
    }
    if (writes.each.empty())
        answer(*open, reply_of_all(*open));
}

/// What keeps the write from going to the desk; empty: it went.
std::optional<Trouble> Gateway::submit(std::shared_ptr<Open> const& open, std::size_t number) {
    auto& write = open->writes[number];
    if (write.prevented && !write.fingerprint)
        return write.prevented;
    auto const correlation = write.correlation.is_nil() ? write.command.value() : write.correlation;
    ShopRequest request{write.command,     correlation,         {},
                        open->asked.now,   open->asked.actor(), std::move(write.work),
                        write.fingerprint, ++desk_tickets_};
    request.shown = commands::Shown{write.status, write.shows};
    request.expected = write.expected;
    request.is_repetition = write.prevented.has_value();
    if (write.trial) {
        request = std::move(*write.trial->request);
        request.ticket = desk_tickets_;
        request.is_trial = true;
    }
    if (!client_.try_submit(std::move(request)))
        return retry(trouble("full"));
    at_desk_.emplace(desk_tickets_, AtDesk{open, number, AtDesk::Asks::write});
    shedder_.hand_in(desk_tickets_, parts_.clock.monotonic());
    if (write.fingerprint)
        keys_in_flight_.insert(write.command);
    return std::nullopt;
}

void Gateway::collect(std::vector<Answered>& answers) {
    while (auto answer = client_.try_answer())
        take(*std::move(answer));
    if (!waiting_.empty()) {
        auto const now = parts_.clock.monotonic();
        if (now - looked_at_ >= look_every) {
            looked_at_ = now;
            std::erase_if(waiting_, [&](auto const& open) { return look_again(open); });
        }
    }
    std::ranges::move(answered_, std::back_inserter(answers));
    answered_.clear();
}

void Gateway::take(ShopAnswer answer) {
    auto const found = at_desk_.find(answer.ticket);
    KONTOR_ASSERT(found != at_desk_.end(), "the desk answers ticket {} twice", answer.ticket);
    auto const [open, number, asks] = std::move(found->second);
    at_desk_.erase(found);
    shedder_.take_back(answer.ticket);
    if (asks == AtDesk::Asks::shown) {
        take_shown(open, number, answer);
        return;
    }
    keys_in_flight_.erase(open->writes[number].command);
    if (!open->is_done && ask_what_was_shown(open, number, answer))
        return;
    if (!open->is_done)
        finish_part(open, number, reply_of(*open, number, answer));
    else if (open->asked.effect && std::holds_alternative<commands::Accepted>(answer.content))
        do_unseen(*open);
}

/// The entry of the audit record says that it was done, so it is, though nobody waits any more.
/// What the request itself points to is gone by now.
void Gateway::do_unseen(Open& open) {
    auto const done = open.asked.effect();
    if (done || !told_)
        return;
    auto const& route = *open.asked.route;
    Request const gone{route.method,
                       route.path,
                       {},
                       {},
                       {},
                       open.request.listener,
                       open.request.peer,
                       open.asked.trace_id,
                       open.request.arrived,
                       open.request.deadline};
    told_({gone, &route, open.asked.caller.roles, status_of(done.error()),
           parts_.clock.monotonic() - open.started, open.asked.trace_id, open.asked.command});
}

Result<Reply, Trouble> Gateway::reply_of(Open& open, std::size_t number, ShopAnswer const& answer) {
    auto const& write = open.writes[number];
    if (write.trial)
        return write.trial->show(answer);
    open.is_remembered = open.is_remembered || is_remembered(answer);
    using Outcome = Result<Reply, Trouble>;
    return std::visit(
        overloaded{
            [&](commands::Accepted const& accepted) -> Outcome {
                open.position = std::max(open.position, accepted.position);
                return first_shown(open, number,
                                   {write.command, write.shows, accepted.version, write.status});
            },
            [&](commands::Replayed const& replayed) -> Outcome {
                auto const& record = replayed.record;
                if (record.problem != 0) {
                    auto again = trouble_of(record);
                    again.headers.emplace_back("Idempotency-Replayed", "true");
                    return unexpected(std::move(again));
                }
                return shown_again(open, number,
                                   {write.command, record.stream, record.version, record.status});
            },
            [&](commands::KeyReused const&) -> Outcome {
                return unexpected(trouble("key_reused"));
            },
            [&](commands::VersionDiffers const& differs) -> Outcome {
                return unexpected(version_trouble(differs.current.value()));
            },
            [&](commands::Quarantined const&) -> Outcome {
                return unexpected(trouble("quarantined"));
            },
            [](commands::Tried const&) -> Outcome { KONTOR_UNREACHABLE(); },
            [&](Refusal const& refusal) -> Outcome { return unexpected(trouble_of(refusal)); },
            [&](Failure const& failure) -> Outcome {
                bool const was_never_done =
                    write.prevented && failure.kind == FailureKind::not_found;
                return unexpected(was_never_done ? *write.prevented : trouble_of(failure));
            },
        },
        answer.content);
}

void Gateway::finish_part(std::shared_ptr<Open> const& open, std::size_t number,
                          Result<Reply, Trouble> reply) {
    if (open->unsettled && reply) {
        open->replies[number] = std::move(reply);
        wait_until_settled(open);
        return;
    }
    if (reply && open->asked.is_durable && !open->asked.is_durable()) {
        open->replies[number] = std::move(reply);
        open->later.ready = [held = open.get(), number]() -> std::optional<Result<Reply, Trouble>> {
            if (!held->asked.is_durable())
                return std::nullopt;
            return std::move(held->replies[number]);
        };
        open->wait_until = parts_.clock.monotonic() + later_max;
        waiting_.push_back(open);
        return;
    }
    if (reply && open->asked.later) {
        open->later = *std::exchange(open->asked.later, std::nullopt);
        open->wait_until = parts_.clock.monotonic() + later_max;
        waiting_.push_back(open);
        return;
    }
    if (!open->is_batch) {
        answer(*open, std::move(reply));
        return;
    }
    open->replies[number] = std::move(reply);
    if (--open->unanswered == 0)
        answer(*open, reply_of_all(*open));
}

/// Looks whether what a request waits for has come.   True: it was answered.
bool Gateway::look_again(std::shared_ptr<Open> const& waiting) {
    auto& open = *waiting;
    if (open.is_done)
        return true;
    if (open.later.ready)
        return look_for_later(open);
    return open.unsettled ? look_for_settled(waiting) : try_serve(waiting);
}

/// True: it was answered.
bool Gateway::look_for_later(Open& open) {
    if (auto reply = open.later.ready()) {
        answer(open, *std::move(reply));
        return true;
    }
    if (parts_.clock.monotonic() < open.wait_until)
        return false;
    answer(open, unexpected(retry(trouble("unavailable", "it is not durable yet"))));
    return true;
}

/// What a problem names: the trace of the caller. Of what is remembered it is one that follows from
/// the key: whoever repeats it comes in another trace and gets the same bytes. The log has both.
std::string Gateway::shown_trace(Open const& open) {
    return open.is_keyed && open.is_remembered ? hex_of(open.asked.command) : open.asked.trace_id;
}

void Gateway::answer(Open& open, Result<Reply, Trouble> reply) {
    if (std::exchange(open.is_done, true))
        return;
    let_go_of_key(open);
    if (!reply)
        reply = unexpected(for_route(std::move(reply).error(), open.asked.route));
    auto const shown = reply ? open.asked.trace_id : shown_trace(open);
    auto finished =
        reply ? *std::move(reply) : problem_reply(reply.error(), {open.request.path, shown});
    if (reply && open.position.value() > 0)
        finished.headers.add("Kontor-Position", std::to_string(open.position.value()));
    if (reply && open.is_stale)
        finished.headers.add("Kontor-Stale", "true");
    if (open.rate_policy != nullptr)
        add_rate_headers(finished, *open.rate_policy, open.rate);
    if (told_)
        told_({open.request, open.asked.route, open.asked.caller.roles, finished.status,
               parts_.clock.monotonic() - open.started, shown, open.asked.command});
    answered_.push_back({open.ticket, std::move(finished)});
    // What waits for the desk keeps it alive until then, for its key is in flight.
    open_.erase(open.ticket.value());
}

void Gateway::abandon(Ticket ticket) {
    auto const found = open_.find(ticket.value());
    if (found == open_.end()) {
        std::erase_if(answered_, [&](Answered const& each) { return each.ticket == ticket; });
        return;
    }
    found->second->is_done = true;
    let_go_of_key(*found->second);
    open_.erase(found);
}

} // namespace kontor::services::gateway
