#include "platform/messaging/bus/rule_book.hpp"

#include "platform/messaging/bus/limits.hpp"
#include "platform/messaging/bus/refusals.hpp"
#include "ports/house_queues.hpp"

#include <fmt/format.h>

#include <set>

namespace kontor::bus {
namespace {

constexpr std::size_t target_id_size_max = 64;

/// What a bus can hand events to, by service and the beginning of the resource.
struct KnownTarget {
    std::string_view service;
    std::string_view resource;
};
constexpr KnownTarget known_targets[] = {{"sqs", ""},
                                         {"sns", ""},
                                         {"events", "event-bus/"},
                                         {"events", "api-destination/"},
                                         {"logs", "log-group:"}};

bool is_house_queue(ports::Arn const& arn) {
    return arn.service == "sqs" && ports::is_house_queue(arn.resource);
}

bool is_target(ports::Arn const& arn) {
    return !is_house_queue(arn) &&
           std::any_of(std::begin(known_targets), std::end(known_targets), [&](auto const& each) {
               return arn.service == each.service && arn.resource.starts_with(each.resource);
           });
}

bool is_standard_queue(std::string_view text) {
    auto const arn = ports::Arn::parse(text);
    return arn && arn->service == "sqs" && !is_house_queue(*arn) &&
           !arn->resource.ends_with(".fifo");
}

/// Why a target cannot be one, whatever else stands in the call.
std::optional<ports::FailedTarget> failed_target(ports::TargetDescription const& target) {
    auto const arn = ports::Arn::parse(target.arn);
    if (arn && is_target(*arn))
        return std::nullopt;
    return ports::FailedTarget{
        target.id, "ValidationException",
        fmt::format("Provided Arn is not in correct format, or nothing that events are handed to: "
                    "{}",
                    target.arn)};
}

routing::TargetInput input_of(ports::InputForm const& form) {
    routing::TargetInput input{form.constant, form.path, std::nullopt};
    if (form.filled)
        input.filled = {form.filled->paths, form.filled->text};
    return input;
}

Answer<void> check_retry(ports::TargetDescription const& target) {
    if (!target.retry)
        return {};
    if (target.retry->tries_max > tries_max)
        return refuse(MessagingFault::invalid, "MaximumRetryAttempts is 0 to 185.");
    if (target.retry->age_seconds < age_seconds_min || target.retry->age_seconds > age_seconds_max)
        return refuse(MessagingFault::invalid, "MaximumEventAgeInSeconds is 60 to 86400.");
    return {};
}

Answer<void> check_ids(std::span<ports::TargetDescription const> targets) {
    std::set<std::string_view> ids;
    for (auto const& target : targets) {
        if (!is_name(target.id, target_id_size_max))
            return refuse(MessagingFault::invalid, fmt::format("`{}` is no target id.", target.id));
        if (!ids.insert(target.id).second)
            return refuse(MessagingFault::invalid,
                          fmt::format("Target id {} is given twice.", target.id));
    }
    return {};
}

Answer<void> check_count(std::size_t count) {
    if (count == 0 || count > ports::targets_of_call_max)
        return refuse(MessagingFault::invalid, "1 to 100 targets are named at once.");
    return {};
}

} // namespace

Answer<RuleBook::Target> RuleBook::read_target(ports::TargetDescription const& target) const {
    KONTOR_TRY(check_retry(target));
    auto const arn = ports::Arn::parse(target.arn);
    bool const is_fifo = arn && arn->service == "sqs" && arn->resource.ends_with(".fifo");
    if (is_fifo && target.message_group_id.empty())
        return refuse(
            MessagingFault::invalid,
            fmt::format("Parameter(s) SqsParameters must be specified for target: {}.", target.id));
    if (!target.dead_letter_arn.empty() && !is_standard_queue(target.dead_letter_arn))
        return refuse(MessagingFault::invalid,
                      fmt::format("The dead letters of target {} go to a standard queue, not to "
                                  "{}.",
                                  target.id, target.dead_letter_arn));
    auto transformer = routing::Transformer::create(input_of(target.input), target.id);
    if (!transformer)
        return refuse(MessagingFault::invalid, transformer.error().what);
    return Target{target, *std::move(transformer)};
}

Answer<std::vector<ports::FailedTarget>>
RuleBook::put_targets(std::string_view bus, std::string_view rule_name,
                      std::span<ports::TargetDescription const> targets) {
    KONTOR_TRY(auto* const rule, find_rule(bus, rule_name));
    KONTOR_TRY(check_count(targets.size()));
    KONTOR_TRY(check_ids(targets));
    if (rule->description.is_of_topology)
        return refuse(MessagingFault::access_denied,
                      fmt::format("Rule {} belongs to the topology: change it there.", rule_name));
    std::vector<ports::FailedTarget> failed;
    auto changed = rule->targets;
    for (auto const& target : targets) {
        if (auto failure = failed_target(target)) {
            failed.push_back(*std::move(failure));
            continue;
        }
        KONTOR_TRY(auto added, read_target(target));
        changed.insert_or_assign(target.id, std::move(added));
    }
    if (changed.size() > ports::targets_of_rule_max)
        return refuse(MessagingFault::limit_exceeded,
                      "The requested resource exceeds the maximum number allowed.");
    rule->targets = std::move(changed);
    return failed;
}

Answer<std::vector<ports::FailedTarget>>
RuleBook::remove_targets(std::string_view bus, std::string_view rule_name,
                         std::span<std::string const> ids) {
    KONTOR_TRY(auto* const rule, find_rule(bus, rule_name));
    KONTOR_TRY(check_count(ids.size()));
    if (rule->description.is_of_topology)
        return refuse(MessagingFault::access_denied,
                      fmt::format("Rule {} belongs to the topology: change it there.", rule_name));
    std::vector<ports::FailedTarget> failed;
    for (auto const& id : ids)
        if (rule->targets.erase(id) == 0)
            failed.push_back({id, "ResourceNotFoundException",
                              fmt::format("Rule {} has no target {}.", rule_name, id)});
    return failed;
}

Answer<Page<ports::TargetDescription>>
RuleBook::list_targets(std::string_view bus, std::string_view rule, PageWish const& page) const {
    KONTOR_TRY(auto const* const found, find_rule(bus, rule));
    return page_of<ports::TargetDescription>(
        found->targets, page, [](Target const& each) { return std::optional(each.description); });
}

Delivery RuleBook::delivery_to(Rule const& rule, Target const& target,
                               BusEvent const& event) const {
    Delivery delivery;
    delivery.event_id = event.id;
    delivery.rule_arn = rule.description.arn;
    delivery.target_id = target.description.id;
    delivery.target_arn = target.description.arn;
    delivery.message_group_id = target.description.message_group_id;
    delivery.retry = target.description.retry.value_or(ports::RetryPolicy{});
    delivery.dead_letter_arn = target.description.dead_letter_arn;
    delivery.hops = event.hops;
    return delivery;
}

void RuleBook::route_to(Rule const& rule, BusEvent const& event, routing::JsonTree const& shown,
                        Routed& routed) const {
    for (auto const& [id, target] : rule.targets) {
        auto delivery = delivery_to(rule, target, event);
        auto body = target.transformer.render(
            {shown, rule.description.name, rule.description.arn, to_string(event.ingested)});
        if (body) {
            delivery.body = *std::move(body);
            routed.deliveries.push_back(std::move(delivery));
            continue;
        }
        delivery.body = shown_envelope(event);
        routed.dead.emplace_back(std::move(delivery),
                                 Death{DeliveryFault::too_large, body.error().what});
    }
}

Routed RuleBook::route(BusEvent const& event) {
    Routed routed;
    auto const found = buses_.find(event.bus);
    if (found == buses_.end())
        return routed; // it was deleted since
    auto& bus = found->second;
    auto const envelope = shown_envelope(event);
    auto const asked = bus.matching->ask(bus.live.snapshot(), envelope);
    auto const shown = routing::read_json(envelope, routing::event_depth_max);
    KONTOR_ASSERT(asked == routing::Asked::answered && shown.has_value(), "event {} was accepted",
                  event.id);
    auto const is_for = [&](Rule const& rule) {
        return event.rule_arns.empty() || std::find(event.rule_arns.begin(), event.rule_arns.end(),
                                                    rule.description.arn) != event.rule_arns.end();
    };
    for (auto const number : bus.matching->rules())
        if (auto const& rule = bus.rules.at(bus.names.at(number)); is_for(rule))
            route_to(rule, event, *shown, routed);
    for (auto const number : bus.matching->over_budget()) {
        auto const& rule = bus.rules.at(bus.names.at(number));
        if (!is_for(rule))
            continue;
        for (auto const& [id, target] : rule.targets) {
            routed.dead.emplace_back(
                delivery_to(rule, target, event),
                Death{DeliveryFault::pattern_budget,
                      "whether the event meets the rule takes more work than is allowed"});
            routed.dead.back().first.body = envelope;
        }
    }
    return routed;
}

std::variant<BusEvent, Death> RuleBook::forwarded(BusEvent const& event,
                                                  std::string_view bus_arn) const {
    auto bus = bus_name_of(bus_arn, place_);
    if (!has_bus(bus))
        return Death{DeliveryFault::no_resource, "there is no such bus"};
    if (event.hops >= hops_max)
        return Death{DeliveryFault::too_many_hops,
                     fmt::format("the event went from bus to bus {} times", hops_max)};
    auto forwarded = event;
    forwarded.bus = std::move(bus);
    forwarded.hops = event.hops + 1;
    forwarded.rule_arns.clear();
    return forwarded;
}

Answer<bool> test_event_pattern(std::string_view pattern, std::string_view event) {
    routing::Rule const alone[] = {{1, pattern}};
    auto const matcher = routing::Matcher::build(alone);
    if (!matcher)
        return refuse_pattern(matcher.error().error);
    auto const read = routing::FlatEvent::read(event);
    if (!read)
        return refuse(MessagingFault::invalid,
                      fmt::format("Parameter Event is not valid. Reason: {}.", read.error().what));
    for (auto const* const field : {"id", "account", "source", "time", "region", "detail-type"})
        if (read->at(field).empty())
            return refuse(
                MessagingFault::invalid,
                fmt::format("Parameter Event is not valid. Reason: it has no {}.", field));
    routing::Matching matching(*matcher);
    if (matching.ask(event) != routing::Asked::answered || !matching.over_budget().empty())
        return refuse(MessagingFault::invalid,
                      "Whether the event meets the pattern takes more work than is allowed.");
    return !matching.rules().empty();
}

} // namespace kontor::bus
