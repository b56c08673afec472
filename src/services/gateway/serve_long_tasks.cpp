#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/bus_calls.hpp"
#include "services/gateway/operations.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/gateway/queue_calls.hpp"
#include "services/gateway/store_desk.hpp"

#include "base/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using ReplayList = std::vector<ports::ReplayDescription>;

/// A backup ends between two pieces. Who asked for its end waits so long for that, and is then told
/// that it still runs.
constexpr Duration backup_ends_within = Duration::seconds(3);

BusProblems const of_operations{"unknown_operation", "operation_ended", "operation_ended",
                                "unavailable",       "unavailable",     "unavailable"};

/// Errors: those of the bus.
FromTheBus<ReplayList> latest_replays(ArchiveDesk::Doors const& to) {
    ReplayList found;
    for (ports::PageWish wish;;) {
        KONTOR_TRY(auto page, to.replays.list_replays({}, wish));
        std::ranges::move(page.items, std::back_inserter(found));
        if (page.next.empty() || found.size() >= operations_of_kind_max)
            return found;
        wish.after = page.next;
    }
}

/// All there are; empty: not yet.   Errors: full, and those of queues and bus.
Result<std::optional<std::vector<Operation>>, Trouble> all_of(Parts& parts, Asked& asked) {
    ReplayList replays;
    if (parts.archives != nullptr) {
        KONTOR_TRY(auto told, found_by<ReplayList>(parts, asked, of_operations, latest_replays));
        if (!told)
            return std::optional<std::vector<Operation>>();
        replays = *std::move(told);
    }
    KONTOR_TRY(auto found, operations_of(parts, replays));
    return std::optional(std::move(found));
}

/// The one in the path; empty: not yet.   Errors: unknown_operation, and as all_of.
Result<std::optional<Operation>, Trouble> operation_in_path(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<OperationId>(asked, 0, "unknown_operation"));
    KONTOR_TRY(auto const all, all_of(parts, asked));
    if (!all)
        return std::optional<Operation>();
    auto const found = std::ranges::find_if(
        *all, [&](Operation const& operation) { return operation.answer.id == id; });
    if (found == all->end())
        return unexpected(trouble("unknown_operation"));
    return std::optional(*found);
}

Trouble ended(Operation const& operation) {
    return trouble("operation_ended",
                   fmt::format("it is {}; its owner shows it at {}",
                               enumerator_name(operation.answer.state), operation.answer.address));
}

/// Errors: operation_ended, operation_cannot.
Result<void, Trouble> check_may(Operation const& operation, OperationAction action) {
    if (operation.has_ended())
        return unexpected(ended(operation));
    if (operation.knows(action))
        return {};
    std::string known;
    for (auto const each : operation.answer.actions)
        known += fmt::format("{}{}", known.empty() ? "" : ", ", enumerator_name(each));
    return unexpected(trouble("operation_cannot",
                              "what is possible now: " + (known.empty() ? "nothing" : known)));
}

/// What is answered of one that was told something: as its owner shows it then.
Result<Reply, Trouble> as_it_stands(std::optional<Operation> const& operation) {
    if (!operation)
        return unexpected(trouble("unknown_operation"));
    return json_reply(200, operation->answer);
}

using Effect = std::function<Result<Reply, Trouble>()>;

/// The one that was asked for: another may have begun before the entry was durable.
Effect end_backup(Parts& parts, Asked& asked, OperationId id) {
    return [&parts, &asked, id]() -> Result<Reply, Trouble> {
        auto const now = backup_of(parts);
        if (!now || now->answer.id != id)
            return unexpected(trouble("operation_ended"));
        if (now->has_ended())
            return unexpected(ended(*now));
        parts.store->stop_backup();
        auto const until = parts.clock.monotonic() + backup_ends_within;
        asked.later = Later{[&parts, until]() -> std::optional<Result<Reply, Trouble>> {
            auto const then = backup_of(parts);
            if (then && !then->has_ended() && parts.clock.monotonic() < until)
                return std::nullopt;
            return as_it_stands(then);
        }};
        return Reply{};
    };
}

Effect tell_job(Parts& parts, Operation const& operation, projections::JobWish wish) {
    return [&parts, model = operation.answer.about, job = operation.job,
            wish]() -> Result<Reply, Trouble> {
        auto const now = job_of(parts, model, job);
        if (!now)
            return unexpected(trouble("operation_ended"));
        if (now->has_ended())
            return unexpected(ended(*now));
        parts.projections->find(model)->tell_job(job, wish);
        return as_it_stands(job_of(parts, model, job));
    };
}

Effect end_redrive(Parts& parts, Asked& asked, ports::MoveTaskId task) {
    return [&parts, &asked, task]() -> Result<Reply, Trouble> {
        auto& desk = *parts.queues;
        auto const cancelled = desk.moves.cancel_move(task);
        if (!cancelled && std::holds_alternative<ports::QueueRefusal>(cancelled.error()))
            return unexpected(trouble("operation_ended")); // meanwhile
        KONTOR_TRY(auto const done, or_refused(cancelled));
        hold_until(asked, desk.progress, done.mark);
        KONTOR_TRY(auto const tasks,
                   or_refused(desk.moves.latest_moves(ports::Limit(operations_of_kind_max))));
        auto const found = std::ranges::find(tasks, task, &ports::MoveTask::id);
        return as_it_stands(found == tasks.end() ? std::nullopt
                                                 : std::optional(listed_task(*found)));
    };
}

Effect end_replay(Parts& parts, Asked& asked, std::string const& name) {
    return carried_out<ports::ReplayDescription>(
        parts.archives, asked, of_operations,
        [name](ArchiveDesk::Doors const& to) { return to.replays.cancel_replay(name); },
        [](ports::ReplayDescription const& replay) {
            return json_reply(200, listed_task(replay).answer);
        });
}

projections::JobWish wish_of(OperationAction action) {
    switch (action) {
    case OperationAction::pause: return projections::JobWish::pause;
    case OperationAction::resume: return projections::JobWish::resume;
    case OperationAction::cancel: return projections::JobWish::cancel;
    }
    KONTOR_UNREACHABLE();
}

/// Requires: it knows the action.
Effect effect_of(Parts& parts, Asked& asked, Operation const& operation, OperationAction action) {
    switch (operation.answer.kind) {
    case OperationKind::backup: return end_backup(parts, asked, operation.answer.id);
    case OperationKind::projection_rebuild:
    case OperationKind::projection_verify: return tell_job(parts, operation, wish_of(action));
    case OperationKind::redrive: return end_redrive(parts, asked, operation.move);
    case OperationKind::replay: return end_replay(parts, asked, operation.answer.about);
    case OperationKind::audit_check: break; // it knows none
    }
    KONTOR_UNREACHABLE();
}

Served act(Parts& parts, Asked& asked, OperationAction action) {
    KONTOR_TRY(auto const operation, operation_in_path(parts, asked));
    if (!operation)
        return Answer(NotYet{});
    KONTOR_TRY(check_may(*operation, action));
    return after_note(asked, {codec::to_json(operation->answer), std::nullopt,
                              effect_of(parts, asked, *operation, action)});
}

} // namespace

namespace code {

Served list_operations(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(auto const after, key_after<OperationId>(page));
    KONTOR_TRY(auto const kind, enum_parameter<OperationKind>(asked, "kind"));
    KONTOR_TRY(auto const state, enum_parameter<OperationState>(asked, "state"));
    KONTOR_TRY(auto const all, all_of(parts, asked));
    if (!all)
        return Answer(NotYet{});
    PageText text;
    std::size_t shown = 0;
    for (auto const& operation : *all) {
        auto const& answer = operation.answer;
        bool const fits = (!after || answer.id < *after) && (!kind || answer.kind == *kind) &&
                          (!state || answer.state == *state);
        if (!fits)
            continue;
        text.has_more = shown++ == page.limit;
        if (text.has_more)
            break;
        add_item(text.items, answer);
        text.last = answer.id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

Served show_operation(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const operation, operation_in_path(parts, asked));
    if (!operation)
        return Answer(NotYet{});
    return Answer(json_reply(200, operation->answer));
}

Served pause_operation(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    return act(parts, asked, OperationAction::pause);
}

Served resume_operation(Parts& parts, Asked& asked) {
    return act(parts, asked, OperationAction::resume);
}

Served cancel_operation(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    return act(parts, asked, OperationAction::cancel);
}

} // namespace code
} // namespace kontor::services::gateway
