/// The operations of EventBridge on buses, rules and targets.

#include "adapters/aws_wire/events.hpp"

namespace kontor::aws_wire {
namespace {

/// DeadLetterConfig: {"Arn": …}, as the ARN alone.
Wired<std::string> read_dead_letters(Params const& params) {
    KONTOR_TRY(auto const config, params.object("DeadLetterConfig"));
    if (!config)
        return std::string();
    KONTOR_TRY(auto arn, config->text("Arn"));
    return arn.value_or("");
}

void set_dead_letters(Value& object, std::string_view arn) {
    if (!arn.empty())
        object.set("DeadLetterConfig", Value::object().set("Arn", arn));
}

Wired<ports::BusDescription> read_bus(Params const& params) {
    ports::BusDescription bus;
    KONTOR_TRY(bus.name, params.needed_text("Name"));
    KONTOR_TRY(auto description, params.text("Description"));
    KONTOR_TRY(bus.dead_letter_arn, read_dead_letters(params));
    bus.description = description.value_or("");
    return bus;
}

Value bus_value(ports::BusDescription const& bus) {
    auto object = Value::object();
    object.set("Name", bus.name).set("Arn", bus.arn);
    set_unless_empty(object, "Description", bus.description);
    set_unless_empty(object, "Policy", bus.policy);
    object.set("CreationTime", seconds_value(bus.created));
    object.set("LastModifiedTime", seconds_value(bus.changed));
    return object;
}

Value rule_value(ports::RuleDescription const& rule) {
    auto object = Value::object();
    object.set("Name", rule.name).set("Arn", rule.arn);
    set_unless_empty(object, "EventPattern", rule.pattern);
    set_unless_empty(object, "ScheduleExpression", rule.schedule);
    object.set("State", rule.state == ports::RuleState::enabled ? "ENABLED" : "DISABLED");
    set_unless_empty(object, "Description", rule.description);
    set_unless_empty(object, "RoleArn", rule.role_arn);
    object.set("EventBusName", rule.bus);
    return object;
}

Wired<ports::InputForm> read_input(Params const& params) {
    ports::InputForm input;
    KONTOR_TRY(input.constant, params.text("Input"));
    KONTOR_TRY(input.path, params.text("InputPath"));
    KONTOR_TRY(auto const transformer, params.object("InputTransformer"));
    if (!transformer)
        return input;
    auto& filled = input.filled.emplace();
    KONTOR_TRY(filled.paths, transformer->named_texts("InputPathsMap"));
    KONTOR_TRY(filled.text, transformer->needed_text("InputTemplate"));
    return input;
}

Wired<std::optional<ports::RetryPolicy>> read_retry(Params const& params) {
    KONTOR_TRY(auto const policy, params.object("RetryPolicy"));
    if (!policy)
        return std::optional<ports::RetryPolicy>();
    ports::RetryPolicy retry;
    constexpr std::int64_t any = 1'000'000'000; // the bus has its own, narrower range
    KONTOR_TRY(auto const tries, policy->number("MaximumRetryAttempts", {0, any}));
    KONTOR_TRY(auto const age, policy->number("MaximumEventAgeInSeconds", {0, any}));
    retry.tries_max = static_cast<std::uint32_t>(tries.value_or(retry.tries_max));
    retry.age_seconds = static_cast<std::uint32_t>(age.value_or(retry.age_seconds));
    return std::optional(retry);
}

Wired<ports::TargetDescription> read_target(Params const& params) {
    ports::TargetDescription target;
    KONTOR_TRY(target.id, params.needed_text("Id"));
    KONTOR_TRY(target.arn, params.needed_text("Arn"));
    KONTOR_TRY(auto role, params.text("RoleArn"));
    KONTOR_TRY(target.input, read_input(params));
    KONTOR_TRY(target.retry, read_retry(params));
    KONTOR_TRY(target.dead_letter_arn, read_dead_letters(params));
    target.role_arn = role.value_or("");
    KONTOR_TRY(auto const queue, params.object("SqsParameters"));
    if (queue) {
        KONTOR_TRY(auto group, queue->text("MessageGroupId"));
        target.message_group_id = group.value_or("");
    }
    return target;
}

Value input_transformer(ports::InputForm::Template const& filled) {
    auto paths = Value::map();
    for (auto const& [name, path] : filled.paths)
        paths.set(name, path);
    auto object = Value::object();
    if (!filled.paths.empty())
        object.set("InputPathsMap", std::move(paths));
    return object.set("InputTemplate", filled.text);
}

Value target_value(ports::TargetDescription const& target) {
    auto object = Value::object();
    object.set("Id", target.id).set("Arn", target.arn);
    set_unless_empty(object, "RoleArn", target.role_arn);
    if (target.input.constant)
        object.set("Input", *target.input.constant);
    if (target.input.path)
        object.set("InputPath", *target.input.path);
    if (target.input.filled)
        object.set("InputTransformer", input_transformer(*target.input.filled));
    if (target.retry)
        object.set("RetryPolicy",
                   Value::object()
                       .set("MaximumRetryAttempts", Value::integer(target.retry->tries_max))
                       .set("MaximumEventAgeInSeconds", Value::integer(target.retry->age_seconds)));
    set_dead_letters(object, target.dead_letter_arn);
    if (!target.message_group_id.empty())
        object.set("SqsParameters", Value::object().set("MessageGroupId", target.message_group_id));
    return object;
}

Value failed_targets(std::vector<ports::FailedTarget> const& failed) {
    auto list = Value::list();
    for (auto const& each : failed)
        list.add(Value::object()
                     .set("TargetId", each.id)
                     .set("ErrorCode", each.code)
                     .set("ErrorMessage", each.what));
    auto const count = static_cast<std::int64_t>(failed.size());
    return Value::object()
        .set("FailedEntryCount", Value::integer(count))
        .set("FailedEntries", std::move(list));
}

} // namespace

Wired<Value> Events::create_bus(Call const& call) {
    KONTOR_TRY(auto const wanted, read_bus(call.params));
    KONTOR_TRY(permit(call, "event-bus", wanted.name));
    KONTOR_TRY(permit_sending(call, wanted.dead_letter_arn));
    KONTOR_TRY(auto const tags, read_tag_list(call.params));
    auto const made = doors_.buses.create_event_bus(wanted, tags);
    if (!made)
        return unexpected(events_error(made.error()));
    auto object = Value::object();
    object.set("EventBusArn", made->arn);
    set_unless_empty(object, "Description", made->description);
    set_dead_letters(object, made->dead_letter_arn);
    return object;
}

Wired<Value> Events::describe_bus(Call const& call) {
    KONTOR_TRY(auto const name, call.params.text("Name"));
    auto const bus = ports::bus_name_of(name.value_or(""), place_);
    KONTOR_TRY(permit(call, "event-bus", bus));
    auto const found = doors_.buses.describe_event_bus(bus);
    if (!found)
        return unexpected(events_error(found.error()));
    auto object = bus_value(*found);
    set_dead_letters(object, found->dead_letter_arn);
    return object;
}

Wired<Value> Events::update_bus(Call const& call) {
    KONTOR_TRY(auto const wanted, read_bus(call.params));
    KONTOR_TRY(permit(call, "event-bus", wanted.name));
    KONTOR_TRY(permit_sending(call, wanted.dead_letter_arn));
    auto const made = doors_.buses.update_event_bus(wanted);
    if (!made)
        return unexpected(events_error(made.error()));
    auto object = Value::object();
    object.set("Arn", made->arn).set("Name", made->name);
    set_unless_empty(object, "Description", made->description);
    set_dead_letters(object, made->dead_letter_arn);
    return object;
}

Wired<Value> Events::delete_bus(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("Name"));
    KONTOR_TRY(permit(call, "event-bus", name));
    if (auto const done = doors_.buses.delete_event_bus(name); !done)
        return unexpected(events_error(done.error()));
    return Value();
}

Wired<Value> Events::list_buses(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto const found = doors_.buses.list_event_buses(page);
    if (!found)
        return unexpected(events_error(found.error()));
    return page_value(*found, "EventBuses", bus_value);
}

Wired<std::string> Events::bus_of(Params const& params) const {
    KONTOR_TRY(auto const bus, params.text("EventBusName"));
    return ports::bus_name_of(bus.value_or(""), place_);
}

Wired<Events::NamedRule> Events::rule_of(Call const& call, std::string_view member) const {
    NamedRule rule;
    KONTOR_TRY(rule.name, call.params.needed_text(member));
    KONTOR_TRY(rule.bus, bus_of(call.params));
    KONTOR_TRY(aws_wire::permit(call, "events", ports::rule_arn(place_, rule.bus, rule.name)));
    return rule;
}

Wired<Value> Events::put_rule(Call const& call) {
    ports::RuleDescription rule;
    KONTOR_TRY(auto const named, rule_of(call, "Name"));
    KONTOR_TRY(auto pattern, call.params.text("EventPattern"));
    KONTOR_TRY(auto schedule, call.params.text("ScheduleExpression"));
    KONTOR_TRY(auto description, call.params.text("Description"));
    KONTOR_TRY(auto role, call.params.text("RoleArn"));
    KONTOR_TRY(auto const state, call.params.text("State"));
    KONTOR_TRY(auto const tags, read_tag_list(call.params));
    rule.name = named.name;
    rule.bus = named.bus;
    rule.pattern = pattern.value_or("");
    rule.schedule = schedule.value_or("");
    rule.description = description.value_or("");
    rule.role_arn = role.value_or("");
    rule.created_by = place_.account;
    if (state && *state != "ENABLED" && *state != "DISABLED")
        return unexpected(wire_error("ValidationException", "State must be ENABLED or DISABLED."));
    if (state && *state == "DISABLED")
        rule.state = ports::RuleState::disabled;
    auto const made = doors_.rules.put_rule(rule, tags);
    if (!made)
        return unexpected(events_error(made.error()));
    return Value::object().set("RuleArn", *made);
}

Wired<Value> Events::describe_rule(Call const& call) {
    KONTOR_TRY(auto const rule, rule_of(call, "Name"));
    auto const found = doors_.rules.describe_rule(rule.bus, rule.name);
    if (!found)
        return unexpected(events_error(found.error()));
    auto object = rule_value(*found);
    set_unless_empty(object, "CreatedBy", found->created_by);
    return object;
}

Wired<Value> Events::delete_rule(Call const& call) {
    KONTOR_TRY(auto const rule, rule_of(call, "Name"));
    if (auto const done = doors_.rules.delete_rule(rule.bus, rule.name); !done)
        return unexpected(events_error(done.error()));
    return Value();
}

Wired<Value> Events::set_rule_state(Call const& call, ports::RuleState state) {
    KONTOR_TRY(auto const rule, rule_of(call, "Name"));
    if (auto const done = doors_.rules.set_rule_state(rule.bus, rule.name, state); !done)
        return unexpected(events_error(done.error()));
    return Value();
}

Wired<Value> Events::enable_rule(Call const& call) {
    return set_rule_state(call, ports::RuleState::enabled);
}

Wired<Value> Events::disable_rule(Call const& call) {
    return set_rule_state(call, ports::RuleState::disabled);
}

Wired<Value> Events::list_rules(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const bus, bus_of(call.params));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto const found = doors_.rules.list_rules(bus, page);
    if (!found)
        return unexpected(events_error(found.error()));
    return page_value(*found, "Rules", rule_value);
}

Wired<Value> Events::list_rule_names(Call const& call) {
    KONTOR_TRY(permit(call, {}, "*"));
    KONTOR_TRY(auto const target, call.params.needed_text("TargetArn"));
    KONTOR_TRY(auto const bus, bus_of(call.params));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto const found = doors_.rules.list_rule_names_by_target(bus, target, page);
    if (!found)
        return unexpected(events_error(found.error()));
    return page_value(*found, "RuleNames",
                      [](std::string const& rule) { return Value::text(rule); });
}

Wired<Value> Events::put_targets(Call const& call) {
    KONTOR_TRY(auto const rule, rule_of(call, "Rule"));
    KONTOR_TRY(auto const each, call.params.objects("Targets"));
    std::vector<ports::TargetDescription> targets;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto target, read_target(content));
        KONTOR_TRY(permit_sending(call, target.arn));
        KONTOR_TRY(permit_sending(call, target.dead_letter_arn));
        targets.push_back(std::move(target));
    }
    auto const failed = doors_.targets.put_targets(rule.bus, rule.name, targets);
    if (!failed)
        return unexpected(events_error(failed.error()));
    return failed_targets(*failed);
}

Wired<Value> Events::remove_targets(Call const& call) {
    KONTOR_TRY(auto const rule, rule_of(call, "Rule"));
    KONTOR_TRY(auto const ids, call.params.texts("Ids"));
    auto const failed = doors_.targets.remove_targets(rule.bus, rule.name, ids);
    if (!failed)
        return unexpected(events_error(failed.error()));
    return failed_targets(*failed);
}

Wired<Value> Events::list_targets(Call const& call) {
    KONTOR_TRY(auto const rule, rule_of(call, "Rule"));
    KONTOR_TRY(auto const page, read_page(call.params, "NamePrefix"));
    auto const found = doors_.targets.list_targets_by_rule(rule.bus, rule.name, page);
    if (!found)
        return unexpected(events_error(found.error()));
    return page_value(*found, "Targets", target_value);
}

} // namespace kontor::aws_wire
