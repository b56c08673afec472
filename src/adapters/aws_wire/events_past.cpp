/// The operations of EventBridge on archives and replays.

#include "adapters/aws_wire/events.hpp"

#include <array>

namespace kontor::aws_wire {
namespace {

constexpr std::int64_t days_most = 1'000'000; // how many there may be the bus says

Wired<std::optional<std::uint32_t>> read_days(Params const& params) {
    KONTOR_TRY(auto const days, params.number("RetentionDays", {0, days_most}));
    if (!days)
        return std::optional<std::uint32_t>();
    return std::optional(static_cast<std::uint32_t>(*days));
}

/// As the calls that make and change one answer.
Value archive_state(ports::ArchiveDescription const& archive) {
    auto object = Value::object();
    object.set("ArchiveArn", archive.arn).set("State", ports::name(archive.state));
    object.set("CreationTime", seconds_value(archive.created));
    return object;
}

/// As lists show one.
Value archive_value(ports::ArchiveDescription const& archive) {
    auto const count = [](std::uint64_t n) { return Value::integer(static_cast<std::int64_t>(n)); };
    auto object = Value::object();
    object.set("ArchiveName", archive.name).set("EventSourceArn", archive.bus_arn);
    object.set("State", ports::name(archive.state));
    object.set("RetentionDays", Value::integer(archive.retention_days));
    object.set("SizeBytes", count(archive.bytes)).set("EventCount", count(archive.events));
    object.set("CreationTime", seconds_value(archive.created));
    return object;
}

Value replay_state(ports::ReplayDescription const& replay) {
    auto object = Value::object();
    object.set("ReplayArn", replay.arn).set("State", ports::name(replay.state));
    set_unless_empty(object, "StateReason", replay.reason);
    return object;
}

Value replay_value(ports::ReplayDescription const& replay) {
    auto object = Value::object();
    object.set("ReplayName", replay.name).set("EventSourceArn", replay.archive_arn);
    object.set("State", ports::name(replay.state));
    set_unless_empty(object, "StateReason", replay.reason);
    object.set("EventStartTime", seconds_value(replay.start));
    object.set("EventEndTime", seconds_value(replay.end));
    if (replay.reached)
        object.set("EventLastReplayedTime", seconds_value(*replay.reached));
    object.set("ReplayStartTime", seconds_value(replay.started));
    if (replay.ended)
        object.set("ReplayEndTime", seconds_value(*replay.ended));
    return object;
}

Value destination_of(ports::ReplayDescription const& replay) {
    auto object = Value::object();
    object.set("Arn", replay.bus_arn);
    if (replay.rule_arns.empty())
        return object;
    auto rules = Value::list();
    for (auto const& arn : replay.rule_arns)
        rules.add(Value::text(arn));
    return object.set("FilterArns", std::move(rules));
}

Wired<ports::ReplayDescription> read_replay(Params const& params) {
    ports::ReplayDescription replay;
    KONTOR_TRY(replay.name, params.needed_text("ReplayName"));
    KONTOR_TRY(auto description, params.text("Description"));
    KONTOR_TRY(replay.archive_arn, params.needed_text("EventSourceArn"));
    KONTOR_TRY(auto const start, params.instant("EventStartTime"));
    KONTOR_TRY(auto const end, params.instant("EventEndTime"));
    KONTOR_TRY(auto const destination, params.object("Destination"));
    if (!start || !end || !destination)
        return unexpected(wire_error("ValidationException",
                                     "EventStartTime, EventEndTime and Destination are needed."));
    KONTOR_TRY(replay.bus_arn, destination->needed_text("Arn"));
    KONTOR_TRY(replay.rule_arns, destination->texts("FilterArns"));
    replay.description = description.value_or("");
    replay.start = *start;
    replay.end = *end;
    return replay;
}

using ports::ArchiveState;
using ports::ReplayState;
constexpr std::array archive_states{ArchiveState::enabled,       ArchiveState::disabled,
                                    ArchiveState::creating,      ArchiveState::updating,
                                    ArchiveState::create_failed, ArchiveState::update_failed};
constexpr std::array replay_states{ReplayState::starting,   ReplayState::running,
                                   ReplayState::cancelling, ReplayState::completed,
                                   ReplayState::cancelled,  ReplayState::failed};

/// The one that `State` names; nothing: it is not given.
template <class State, std::size_t count>
Wired<std::optional<State>> read_state(Params const& params,
                                       std::array<State, count> const& states) {
    KONTOR_TRY(auto const wanted, params.text("State"));
    if (!wanted)
        return std::optional<State>();
    for (auto const state : states)
        if (ports::name(state) == *wanted)
            return std::optional(state);
    return unexpected(invalid_value(*wanted, "State", "It is no state of these."));
}

/// A page may then hold less than was asked for, and there be more behind it all the same.
template <class Item, class State>
void keep_state(ports::Page<Item>& page, std::optional<State> state) {
    std::erase_if(page.items, [&](Item const& item) { return state && item.state != *state; });
}

} // namespace

Wired<Value> Events::create_archive(Call const& call) {
    ports::ArchiveDescription archive;
    KONTOR_TRY(archive.name, call.params.needed_text("ArchiveName"));
    KONTOR_TRY(permit(call, "archive", archive.name));
    KONTOR_TRY(archive.bus_arn, call.params.needed_text("EventSourceArn"));
    KONTOR_TRY(auto description, call.params.text("Description"));
    KONTOR_TRY(auto pattern, call.params.text("EventPattern"));
    KONTOR_TRY(auto const days, read_days(call.params));
    archive.description = description.value_or("");
    archive.pattern = pattern.value_or("");
    archive.retention_days = days.value_or(0);
    auto const made = doors_.archives.create_archive(archive);
    if (!made)
        return unexpected(events_error(made.error()));
    return archive_state(*made);
}

Wired<Value> Events::describe_archive(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("ArchiveName"));
    KONTOR_TRY(permit(call, "archive", name));
    auto const found = doors_.archives.describe_archive(name);
    if (!found)
        return unexpected(events_error(found.error()));
    auto object = archive_value(*found);
    object.set("ArchiveArn", found->arn);
    set_unless_empty(object, "Description", found->description);
    set_unless_empty(object, "EventPattern", found->pattern);
    return object;
}

Wired<Value> Events::update_archive(Call const& call) {
    ports::ArchiveChange change;
    KONTOR_TRY(change.name, call.params.needed_text("ArchiveName"));
    KONTOR_TRY(permit(call, "archive", change.name));
    KONTOR_TRY(change.description, call.params.text("Description"));
    KONTOR_TRY(change.pattern, call.params.text("EventPattern"));
    KONTOR_TRY(change.retention_days, read_days(call.params));
    auto const made = doors_.archives.update_archive(change);
    if (!made)
        return unexpected(events_error(made.error()));
    return archive_state(*made);
}

Wired<Value> Events::delete_archive(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("ArchiveName"));
    KONTOR_TRY(permit(call, "archive", name));
    if (auto const done = doors_.archives.delete_archive(name); !done)
        return unexpected(events_error(done.error()));
    return Value::object();
}

Wired<Value> Events::list_archives(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const bus, call.params.text("EventSourceArn"));
    KONTOR_TRY(auto const state, read_state(call.params, archive_states));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto found = doors_.archives.list_archives(bus.value_or(""), page);
    if (!found)
        return unexpected(events_error(found.error()));
    keep_state(*found, state);
    return page_value(*found, "Archives", archive_value);
}

Wired<Value> Events::start_replay(Call const& call) {
    KONTOR_TRY(auto const replay, read_replay(call.params));
    KONTOR_TRY(permit(call, "replay", replay.name));
    auto const started = doors_.replays.start_replay(replay);
    if (!started)
        return unexpected(events_error(started.error()));
    auto object = replay_state(*started);
    object.set("ReplayStartTime", seconds_value(started->started));
    return object;
}

Wired<Value> Events::describe_replay(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("ReplayName"));
    KONTOR_TRY(permit(call, "replay", name));
    auto const found = doors_.replays.describe_replay(name);
    if (!found)
        return unexpected(events_error(found.error()));
    auto object = replay_value(*found);
    object.set("ReplayArn", found->arn).set("Destination", destination_of(*found));
    set_unless_empty(object, "Description", found->description);
    return object;
}

Wired<Value> Events::cancel_replay(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("ReplayName"));
    KONTOR_TRY(permit(call, "replay", name));
    auto const cancelled = doors_.replays.cancel_replay(name);
    if (!cancelled)
        return unexpected(events_error(cancelled.error()));
    return replay_state(*cancelled);
}

Wired<Value> Events::list_replays(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const archive, call.params.text("EventSourceArn"));
    KONTOR_TRY(auto const state, read_state(call.params, replay_states));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto found = doors_.replays.list_replays(archive.value_or(""), page);
    if (!found)
        return unexpected(events_error(found.error()));
    keep_state(*found, state);
    return page_value(*found, "Replays", replay_value);
}

} // namespace kontor::aws_wire
