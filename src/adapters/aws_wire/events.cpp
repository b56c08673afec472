#include "adapters/aws_wire/events.hpp"

#include "adapters/aws_wire/dispatch.hpp"
#include "adapters/aws_wire/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kontor::aws_wire {

struct Events::Operation {
    std::string_view name;
    Wired<Value> (Events::*run)(Call const&);
};

std::span<Events::Operation const> Events::operations() {
    static constexpr std::array<Operation, 28> all{{
        {"PutEvents", &Events::put_events},
        {"TestEventPattern", &Events::test_pattern},
        {"CreateEventBus", &Events::create_bus},
        {"DescribeEventBus", &Events::describe_bus},
        {"UpdateEventBus", &Events::update_bus},
        {"DeleteEventBus", &Events::delete_bus},
        {"ListEventBuses", &Events::list_buses},
        {"PutRule", &Events::put_rule},
        {"DescribeRule", &Events::describe_rule},
        {"DeleteRule", &Events::delete_rule},
        {"EnableRule", &Events::enable_rule},
        {"DisableRule", &Events::disable_rule},
        {"ListRules", &Events::list_rules},
        {"ListRuleNamesByTarget", &Events::list_rule_names},
        {"PutTargets", &Events::put_targets},
        {"RemoveTargets", &Events::remove_targets},
        {"ListTargetsByRule", &Events::list_targets},
        {"CreateArchive", &Events::create_archive},
        {"DescribeArchive", &Events::describe_archive},
        {"UpdateArchive", &Events::update_archive},
        {"DeleteArchive", &Events::delete_archive},
        {"ListArchives", &Events::list_archives},
        {"StartReplay", &Events::start_replay},
        {"DescribeReplay", &Events::describe_replay},
        {"CancelReplay", &Events::cancel_replay},
        {"ListReplays", &Events::list_replays},
        {"TagResource", &Events::tag},
        {"UntagResource", &Events::untag},
    }};
    return all;
}

bool Events::is_operation(std::string_view name) {
    return name == "ListTagsForResource" ||
           std::ranges::find(operations(), name, &Operation::name) != operations().end();
}

Wired<Value> Events::answer(Call const& call) {
    if (call.operation == "ListTagsForResource")
        return list_tags(call).transform_error(in_words_of_events);
    auto const found = std::ranges::find(operations(), call.operation, &Operation::name);
    if (found == operations().end())
        return unexpected(unknown_operation(call.operation, call.params.protocol()));
    return (this->*found->run)(call).transform_error(in_words_of_events);
}

std::string Events::arn_of(std::string_view kind, std::string_view name) const {
    if (auto const arn = ports::Arn::parse(name))
        return arn->to_string();
    return ports::Arn{"events", place_, fmt::format("{}/{}", kind, name)}.to_string();
}

Wired<void> Events::permit(Call const& call, std::string_view kind, std::string_view name) const {
    return aws_wire::permit(call, "events", name == "*" ? "*" : arn_of(kind, name));
}

namespace {

Wired<ports::EventEntry> read_entry(Params const& params) {
    ports::EventEntry entry;
    KONTOR_TRY(auto source, params.text("Source"));
    KONTOR_TRY(auto type, params.text("DetailType"));
    KONTOR_TRY(auto detail, params.text("Detail"));
    KONTOR_TRY(auto bus, params.text("EventBusName"));
    KONTOR_TRY(auto trace, params.text("TraceHeader"));
    KONTOR_TRY(entry.time, params.instant("Time"));
    KONTOR_TRY(entry.resources, params.texts("Resources"));
    entry.source = source.value_or("");
    entry.detail_type = type.value_or("");
    entry.detail = detail.value_or("");
    entry.bus = bus.value_or("");
    entry.trace_header = trace.value_or("");
    return entry;
}

Value refused_entry(ports::EntryRefusal const& refusal) {
    return Value::object()
        .set("ErrorCode", ports::error_code(refusal.fault))
        .set("ErrorMessage", refusal.what);
}

} // namespace

/// An entry whose source the key may not speak as is refused alone, and never reaches the bus.
Wired<Value> Events::put_events(Call const& call) {
    KONTOR_TRY(auto const each, call.params.objects("Entries"));
    std::vector<ports::EventEntry> permitted;
    std::vector<bool> may;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto entry, read_entry(content));
        KONTOR_TRY(permit(call, "event-bus", ports::bus_name_of(entry.bus, place_)));
        may.push_back(call.caller.may_speak_as(entry.source));
        if (may.back())
            permitted.push_back(std::move(entry));
    }
    std::vector<ports::EntryOutcome> outcomes;
    if (!permitted.empty() || each.empty()) {
        auto put = doors_.bus.put_events(permitted, ports::EventOrigin::outside);
        if (!put)
            return unexpected(events_error(put.error()));
        outcomes = *std::move(put);
    }
    auto list = Value::list();
    std::int64_t failed = 0;
    std::size_t n = 0;
    for (bool const is_permitted : may) {
        auto const outcome = is_permitted ? outcomes[n++]
                                          : ports::EntryOutcome(unexpected(ports::EntryRefusal{
                                                ports::EntryFault::not_authorized_for_source,
                                                "Not authorized for the source."}));
        failed += outcome ? 0 : 1;
        list.add(outcome ? Value::object().set("EventId", *outcome)
                         : refused_entry(outcome.error()));
    }
    return Value::object().set("FailedEntryCount", Value::integer(failed)).set("Entries", list);
}

Wired<Value> Events::test_pattern(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const pattern, call.params.needed_text("EventPattern"));
    KONTOR_TRY(auto const event, call.params.needed_text("Event"));
    auto const meets = doors_.bus.test_event_pattern(pattern, event);
    if (!meets)
        return unexpected(events_error(meets.error()));
    return Value::object().set("Result", Value::boolean(*meets));
}

Wired<Value> Events::tag(Call const& call) {
    KONTOR_TRY(auto const arn, call.params.needed_text("ResourceARN"));
    KONTOR_TRY(permit(call, {}, arn));
    KONTOR_TRY(auto const tags, read_tag_list(call.params));
    if (auto const done = doors_.tags.tag_resource(arn, tags); !done)
        return unexpected(events_error(done.error()));
    return Value::object();
}

Wired<Value> Events::untag(Call const& call) {
    KONTOR_TRY(auto const arn, call.params.needed_text("ResourceARN"));
    KONTOR_TRY(permit(call, {}, arn));
    KONTOR_TRY(auto const keys, call.params.texts("TagKeys"));
    if (auto const done = doors_.tags.untag_resource(arn, keys); !done)
        return unexpected(events_error(done.error()));
    return Value::object();
}

Wired<Value> Events::list_tags(Call const& call) {
    KONTOR_TRY(auto const arn, call.params.needed_text("ResourceARN"));
    KONTOR_TRY(permit(call, {}, arn));
    auto const tags = doors_.tags.list_tags_for_resource(arn);
    if (!tags)
        return unexpected(events_error(tags.error()));
    return Value::object().set("Tags", tag_list(*tags));
}

} // namespace kontor::aws_wire
