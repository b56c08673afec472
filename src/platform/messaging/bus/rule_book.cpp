#include "platform/messaging/bus/rule_book.hpp"

#include "platform/messaging/bus/limits.hpp"
#include "platform/messaging/bus/refusals.hpp"

#include <fmt/format.h>

namespace kontor::bus {
namespace {

/// Answers nothing if all is well.
std::optional<std::string> tag_fault(std::vector<ports::Tag> const& tags) {
    for (auto const& tag : tags)
        if (tag.key.empty() || tag.key.size() > ports::tag_key_size_max ||
            tag.value.size() > ports::tag_value_size_max || tag.key.starts_with("aws:"))
            return fmt::format("Tag key `{}` is not valid.", tag.key);
    return std::nullopt;
}

} // namespace

RuleBook::RuleBook(CloudPlace place) : place_(std::move(place)) {
    add_bus(default_bus, Owner::topology, {});
}

std::string RuleBook::bus_arn(std::string_view bus) const {
    return ports::Arn{"events", place_, "event-bus/" + std::string(bus)}.to_string();
}

RuleBook::Bus& RuleBook::add_bus(std::string_view name, Owner owner, Instant now) {
    auto& bus = buses_[std::string(name)];
    bus.description = {std::string(name), "", "", bus_arn(name), "", now, now};
    bus.owner = owner;
    bus.matching = std::make_unique<routing::RuleMatching>();
    return bus;
}

void RuleBook::adopt(topology::Topology const& topology, Instant now) {
    auto const arn_of = [&](std::string_view service, std::string_view name) {
        return ports::Arn{std::string(service), place_, std::string(name)}.to_string();
    };
    add_bus(topology.bus, Owner::topology, now);
    for (auto const& rule : topology.rules) {
        auto const put = put_rule(
            {std::string(rule.name), std::string(topology.bus), std::string(rule.pattern)}, {});
        KONTOR_ASSERT(put.has_value(), "rule {}: {}", rule.name, put.error().what);
        std::vector<ports::TargetDescription> targets;
        for (auto const& target : rule.targets) {
            auto& added = targets.emplace_back();
            added.id = target.name;
            added.arn =
                arn_of(target.kind == topology::TargetKind::queue ? "sqs" : "sns", target.name);
            added.retry = {target.tries_max, target.age_seconds};
            added.dead_letter_arn = arn_of("sqs", target.dead_letters);
            if (target.input_template.empty())
                continue;
            auto& filled = added.input.filled.emplace();
            filled.text = target.input_template;
            for (auto const& each : target.variables)
                filled.paths.emplace(each.name, each.path);
        }
        auto const added = put_targets(topology.bus, rule.name, targets);
        KONTOR_ASSERT(added.has_value() && added->empty(), "targets of rule {}", rule.name);
    }
    for (auto& [name, rule] : buses_.at(std::string(topology.bus)).rules)
        rule.description.is_of_topology = true;
}

Answer<RuleBook::Bus*> RuleBook::find_bus(std::string_view bus) {
    auto const name = bus_name_of(bus, place_);
    auto const found = buses_.find(name);
    if (found == buses_.end())
        return refuse(MessagingFault::not_found, fmt::format("Event bus {} does not exist.", name));
    return &found->second;
}

Answer<RuleBook::Bus const*> RuleBook::find_bus(std::string_view bus) const {
    KONTOR_TRY(auto* const found, const_cast<RuleBook*>(this)->find_bus(bus));
    return found;
}

Answer<RuleBook::Rule*> RuleBook::find_rule(std::string_view bus, std::string_view rule) {
    KONTOR_TRY(auto* const holder, find_bus(bus));
    auto const found = holder->rules.find(std::string(rule));
    if (found == holder->rules.end())
        return refuse(
            MessagingFault::not_found,
            fmt::format("Rule {} does not exist on EventBus {}.", rule, holder->description.name));
    return &found->second;
}

Answer<RuleBook::Rule const*> RuleBook::find_rule(std::string_view bus,
                                                  std::string_view rule) const {
    KONTOR_TRY(auto* const found, const_cast<RuleBook*>(this)->find_rule(bus, rule));
    return found;
}

RuleBook::Rule const* RuleBook::rule_of_arn(std::string_view arn) const {
    for (auto const& [bus_name, bus] : buses_)
        for (auto const& [rule_name, rule] : bus.rules)
            if (rule.description.arn == arn)
                return &rule;
    return nullptr;
}

namespace {

auto refuse_owned(std::string_view kind, std::string_view name) {
    return refuse(MessagingFault::access_denied,
                  fmt::format("{} {} belongs to the topology: change it there.", kind, name));
}

Answer<void> check_description(std::string_view text) {
    if (text.size() > description_size_max)
        return refuse(MessagingFault::invalid, "Description has at most 512 characters.");
    return {};
}

} // namespace

Answer<ports::BusDescription> RuleBook::create_bus(ports::BusDescription const& wanted,
                                                   std::vector<ports::Tag> const& tags,
                                                   Instant now) {
    if (!is_name(wanted.name, bus_name_size_max))
        return refuse(MessagingFault::invalid, fmt::format("`{}` is no bus name.", wanted.name));
    KONTOR_TRY(check_description(wanted.description));
    if (auto const fault = tag_fault(tags))
        return refuse(MessagingFault::invalid, *fault);
    if (has_bus(wanted.name))
        return refuse(MessagingFault::already_exists,
                      fmt::format("Event bus {} already exists.", wanted.name));
    if (buses_.size() >= buses_max)
        return refuse(MessagingFault::limit_exceeded,
                      fmt::format("There are at most {} buses.", buses_max));
    auto& bus = add_bus(wanted.name, Owner::anybody, now);
    bus.description.description = wanted.description;
    bus.description.dead_letter_arn = wanted.dead_letter_arn;
    for (auto const& tag : tags)
        bus.tags[tag.key] = tag.value;
    return bus.description;
}

Answer<ports::BusDescription> RuleBook::describe_bus(std::string_view bus) const {
    KONTOR_TRY(auto const* const found, find_bus(bus));
    return found->description;
}

Answer<ports::BusDescription> RuleBook::update_bus(ports::BusDescription const& wanted,
                                                   Instant now) {
    KONTOR_TRY(auto* const bus, find_bus(wanted.name));
    KONTOR_TRY(check_description(wanted.description));
    if (bus->owner == Owner::topology)
        return refuse_owned("Event bus", bus->description.name);
    bus->description.description = wanted.description;
    bus->description.dead_letter_arn = wanted.dead_letter_arn;
    bus->description.changed = now;
    return bus->description;
}

Answer<void> RuleBook::delete_bus(std::string_view name) {
    auto const found = buses_.find(bus_name_of(name, place_));
    if (found == buses_.end() && ports::Arn::parse(name)) // elsewhere it may stand
        return refuse(MessagingFault::not_found, fmt::format("Event bus {} does not exist.", name));
    if (found == buses_.end())
        return {};
    if (found->first == default_bus)
        return refuse(MessagingFault::invalid, "Cannot delete event bus default.");
    if (found->second.owner == Owner::topology)
        return refuse_owned("Event bus", found->first);
    if (!found->second.rules.empty())
        return refuse(MessagingFault::invalid,
                      fmt::format("Event bus {} has rules: delete them first.", found->first));
    buses_.erase(found);
    return {};
}

Answer<Page<ports::BusDescription>> RuleBook::list_buses(PageWish const& page) const {
    return page_of<ports::BusDescription>(
        buses_, page, [](Bus const& bus) { return std::optional(bus.description); });
}

Answer<void> RuleBook::make_live(Bus& bus, routing::RuleNumber number, std::string_view pattern) {
    auto const put = bus.live.put(number, pattern);
    if (put)
        return {};
    if (put.error().fault == routing::PutFault::pattern)
        return refuse_pattern(put.error().error);
    return refuse(MessagingFault::limit_exceeded,
                  "The requested resource exceeds the maximum number allowed.");
}

Answer<std::string> RuleBook::put_rule(ports::RuleDescription const& wanted,
                                       std::vector<ports::Tag> const& tags) {
    KONTOR_TRY(auto* const bus, find_bus(wanted.bus));
    if (!is_name(wanted.name, rule_name_size_max))
        return refuse(MessagingFault::invalid, fmt::format("`{}` is no rule name.", wanted.name));
    KONTOR_TRY(check_description(wanted.description));
    if (!wanted.schedule.empty())
        return refuse(MessagingFault::invalid,
                      "Parameter ScheduleExpression is not supported: rules have event patterns.");
    if (wanted.pattern.empty())
        return refuse(MessagingFault::invalid, "Parameter EventPattern must be specified.");
    if (auto const pattern = routing::compile(wanted.pattern); !pattern)
        return refuse_pattern(pattern.error());
    if (auto const fault = tag_fault(tags))
        return refuse(MessagingFault::invalid, *fault);
    auto const known = bus->rules.find(wanted.name);
    if (known != bus->rules.end() && known->second.description.is_of_topology)
        return refuse_owned("Rule", wanted.name);
    auto const number = known == bus->rules.end() ? last_rule_ + 1 : known->second.number;
    if (wanted.state == ports::RuleState::enabled)
        KONTOR_TRY(make_live(*bus, number, wanted.pattern));
    else if (known != bus->rules.end())
        bus->live.remove(number);
    last_rule_ = std::max(last_rule_, number);
    auto& rule = bus->rules[wanted.name];
    rule.number = number;
    rule.description = wanted;
    rule.description.bus = bus->description.name;
    rule.description.arn = ports::rule_arn(place_, bus->description.name, wanted.name);
    rule.description.created_by = place_.account;
    rule.description.is_of_topology = false;
    for (auto const& tag : tags)
        rule.tags[tag.key] = tag.value;
    bus->names[number] = wanted.name;
    return rule.description.arn;
}

Answer<ports::RuleDescription> RuleBook::describe_rule(std::string_view bus,
                                                       std::string_view rule) const {
    KONTOR_TRY(auto const* const found, find_rule(bus, rule));
    return found->description;
}

Answer<void> RuleBook::delete_rule(std::string_view bus_name, std::string_view name) {
    KONTOR_TRY(auto* const bus, find_bus(bus_name));
    auto const found = bus->rules.find(std::string(name));
    if (found == bus->rules.end())
        return {};
    if (found->second.description.is_of_topology)
        return refuse_owned("Rule", name);
    if (!found->second.targets.empty())
        return refuse(MessagingFault::invalid, "Rule can't be deleted since it has targets.");
    bus->live.remove(found->second.number);
    bus->names.erase(found->second.number);
    bus->rules.erase(found);
    return {};
}

Answer<void> RuleBook::set_rule_state(std::string_view bus_name, std::string_view name,
                                      ports::RuleState state) {
    KONTOR_TRY(auto* const rule, find_rule(bus_name, name));
    KONTOR_TRY(auto* const bus, find_bus(bus_name));
    if (rule->description.is_of_topology)
        return refuse_owned("Rule", name);
    if (state == ports::RuleState::enabled)
        KONTOR_TRY(make_live(*bus, rule->number, rule->description.pattern));
    else
        bus->live.remove(rule->number);
    rule->description.state = state;
    return {};
}

Answer<Page<ports::RuleDescription>> RuleBook::list_rules(std::string_view bus,
                                                          PageWish const& page) const {
    KONTOR_TRY(auto const* const found, find_bus(bus));
    return page_of<ports::RuleDescription>(
        found->rules, page, [](Rule const& rule) { return std::optional(rule.description); });
}

Answer<Page<std::string>> RuleBook::list_rule_names_by_target(std::string_view bus,
                                                              std::string_view target_arn,
                                                              PageWish const& page) const {
    KONTOR_TRY(auto const* const found, find_bus(bus));
    return page_of<std::string>(found->rules, page,
                                [&](Rule const& rule) -> std::optional<std::string> {
                                    for (auto const& [id, target] : rule.targets)
                                        if (target.description.arn == target_arn)
                                            return rule.description.name;
                                    return std::nullopt;
                                });
}

RuleBook::Tags* RuleBook::tags_at(std::string_view arn) {
    for (auto& [bus_name, bus] : buses_) {
        if (bus.description.arn == arn)
            return &bus.tags;
        for (auto& [rule_name, rule] : bus.rules)
            if (rule.description.arn == arn)
                return &rule.tags;
    }
    return nullptr;
}

Answer<void> RuleBook::tag(std::string_view arn, std::vector<ports::Tag> const& tags) {
    auto* const known = tags_at(arn);
    if (known == nullptr)
        return refuse(MessagingFault::not_found, fmt::format("{} does not exist.", arn));
    if (auto const fault = tag_fault(tags))
        return refuse(MessagingFault::invalid, *fault);
    auto changed = *known;
    for (auto const& each : tags)
        changed[each.key] = each.value;
    if (changed.size() > ports::tags_max)
        return refuse(MessagingFault::limit_exceeded, "A resource has at most 50 tags.");
    *known = std::move(changed);
    return {};
}

Answer<void> RuleBook::untag(std::string_view arn, std::vector<std::string> const& keys) {
    auto* const known = tags_at(arn);
    if (known == nullptr)
        return refuse(MessagingFault::not_found, fmt::format("{} does not exist.", arn));
    for (auto const& key : keys)
        known->erase(key);
    return {};
}

Answer<std::vector<ports::Tag>> RuleBook::tags_of(std::string_view arn) const {
    auto const* const known = const_cast<RuleBook*>(this)->tags_at(arn);
    if (known == nullptr)
        return refuse(MessagingFault::not_found, fmt::format("{} does not exist.", arn));
    std::vector<ports::Tag> tags;
    for (auto const& [key, value] : *known)
        tags.push_back({key, value});
    return tags;
}

} // namespace kontor::bus
