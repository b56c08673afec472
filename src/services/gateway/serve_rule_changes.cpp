#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/rule_calls.hpp"
#include "services/gateway/topic_calls.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using Doors = ArchiveDesk::Doors;
using Targets = std::vector<ports::TargetDescription>;

/// A rule of a bus as an operator wants it. Its targets are the queues that are named and no
/// others.
struct RuleWish {
    std::string bus;
    std::string name;
    PutRule body;
};

using RuleStanding = std::optional<StandingRule>; ///< nothing: the bus has none of this name

/// Errors: not_found (the bus), unavailable.
FromTheBus<RuleStanding> standing_of(Doors const& to, std::string const& bus,
                                     std::string const& name) {
    auto found = standing_rule(to, bus, name);
    if (found)
        return RuleStanding(*std::move(found));
    if (found.error().fault != ports::MessagingFault::not_found)
        return unexpected(std::move(found).error());
    KONTOR_TRY(to.rules.list_rules(bus, {.limit = 1}));
    return RuleStanding();
}

bool is_fifo(std::string_view queue) {
    return queue.ends_with(".fifo");
}

/// Errors: body_invalid, rule_refused (a queue).
Result<void, Trouble> check(Parts const& parts, PutRule const& body) {
    KONTOR_TRY(pattern_of(body.pattern.value));
    auto const& queues = body.queues;
    if (queues.empty() || queues.size() > ports::targets_of_rule_max)
        return unexpected(bad_field(
            "/queues", fmt::format("a rule has 1 to {} queues", ports::targets_of_rule_max)));
    for (std::size_t i = 0; i < queues.size(); ++i) {
        auto const place = fmt::format("/queues/{}", i);
        if (std::ranges::count(queues, queues[i].value, &Text<1, 80>::value) > 1)
            return unexpected(bad_field(place, "this queue is named twice"));
        KONTOR_TRY(check_queue(parts, queues[i].value, place, "rule_refused"));
        if (is_fifo(queues[i].value) && !body.group)
            return unexpected(
                bad_field("/group", "a FIFO queue wants a group, in which it keeps what it gets"));
    }
    if (!body.dead_letters)
        return {};
    if (is_fifo(body.dead_letters->value))
        return unexpected(
            bad_field("/dead_letters", "dead letters of rules go to a standard queue"));
    return check_queue(parts, body.dead_letters->value, "/dead_letters", "rule_refused");
}

/// The id of a queue that the rule already has stays; a new one is called after its place.
std::string id_for(std::string const& arn, Targets const& standing) {
    auto const has = [&](auto member, std::string const& value) {
        return std::ranges::find(standing, value, member);
    };
    if (auto const same = has(&ports::TargetDescription::arn, arn); same != standing.end())
        return same->id;
    auto id = arn.substr(arn.find_last_of(':') + 1);
    constexpr std::size_t id_length_max = 60; // AWS takes 64; four are for a number
    id.resize(std::min(id.size(), id_length_max));
    auto free = id;
    for (int n = 2; has(&ports::TargetDescription::id, free) != standing.end(); ++n)
        free = fmt::format("{}-{}", id, n);
    return free;
}

Targets wanted_by(Doors const& to, RuleWish const& wish, Targets const& standing) {
    Targets wanted;
    auto taken = standing;
    for (auto const& queue : wish.body.queues) {
        ports::TargetDescription target;
        target.arn = queue_arn(to.place, queue.value);
        target.id = id_for(target.arn, taken);
        if (wish.body.dead_letters)
            target.dead_letter_arn = queue_arn(to.place, wish.body.dead_letters->value);
        if (is_fifo(queue.value))
            target.message_group_id = wish.body.group->value;
        taken.push_back(target);
        wanted.push_back(std::move(target));
    }
    return wanted;
}

/// Those of `some` that have no other's id.
std::vector<std::string> ids_without(Targets const& some, Targets const& others) {
    std::vector<std::string> ids;
    for (auto const& target : some)
        if (std::ranges::find(others, target.id, &ports::TargetDescription::id) == others.end())
            ids.push_back(target.id);
    return ids;
}

FromTheBus<void> remove_all(Doors const& to, RuleWish const& of,
                            std::vector<std::string> const& ids) {
    if (!ids.empty())
        KONTOR_TRY(to.targets.remove_targets(of.bus, of.name, ids));
    return {};
}

/// Errors: as ports::EventTargets; invalid, too, where one alone is refused.
FromTheBus<void> put_all(Doors const& to, RuleWish const& of, Targets const& targets) {
    if (targets.empty())
        return {};
    KONTOR_TRY(auto const failed, to.targets.put_targets(of.bus, of.name, targets));
    if (failed.empty())
        return {};
    return unexpected(ports::MessagingRefusal{ports::MessagingFault::invalid, failed.front().what});
}

ports::RuleDescription described(RuleWish const& wish, ports::RuleDescription const& before) {
    auto rule = before;
    rule.name = wish.name;
    rule.bus = wish.bus;
    rule.pattern = wish.body.pattern.value;
    rule.description = wish.body.description ? wish.body.description->value : std::string();
    return rule;
}

/// Nothing meets it before it has its targets.
FromTheBus<void> make(Doors const& to, RuleWish const& wish) {
    auto rule = described(wish, {});
    rule.state = ports::RuleState::disabled;
    KONTOR_TRY(to.rules.put_rule(rule, {}));
    auto const targets = wanted_by(to, wish, {});
    if (auto const put = put_all(to, wish, targets); !put) {
        KONTOR_TRY(remove_all(to, wish, ids_without(targets, {})));
        KONTOR_TRY(to.rules.delete_rule(wish.bus, wish.name));
        return unexpected(put.error());
    }
    return to.rules.set_rule_state(wish.bus, wish.name, ports::RuleState::enabled);
}

/// Its new targets first, the old ones last: what meets the rule meanwhile goes to both and to
/// nobody less. Only where they are too many for one rule some old ones go before.
FromTheBus<void> change(Doors const& to, RuleWish const& wish, StandingRule const& before) {
    auto const wanted = wanted_by(to, wish, before.targets);
    auto gone = ids_without(before.targets, wanted);
    auto const together = gone.size() + wanted.size();
    auto const too_many =
        together > ports::targets_of_rule_max ? together - ports::targets_of_rule_max : 0;
    auto const middle = gone.begin() + static_cast<std::ptrdiff_t>(too_many);
    KONTOR_TRY(remove_all(to, wish, std::vector<std::string>(gone.begin(), middle)));
    if (auto const put = put_all(to, wish, wanted); !put) {
        KONTOR_TRY(remove_all(to, wish, ids_without(wanted, before.targets)));
        KONTOR_TRY(put_all(to, wish, before.targets));
        return unexpected(put.error());
    }
    KONTOR_TRY(to.rules.put_rule(described(wish, before.rule), {}));
    return remove_all(to, wish, std::vector<std::string>(middle, gone.end()));
}

/// On the desk's thread, which does one after the other: what others did meanwhile is seen.
FromTheBus<RuleAnswer> put(Doors const& to, RuleWish const& wish) {
    KONTOR_TRY(auto const before, standing_of(to, wish.bus, wish.name));
    KONTOR_TRY(before ? change(to, wish, *before) : make(to, wish));
    return rule_of(to, wish.bus, wish.name);
}

} // namespace

namespace code {

Served put_rule(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<PutRule>(asked));
    KONTOR_TRY(check(parts, body));
    RuleWish const wish{bus_asked(asked), asked.path[0], body};
    using Before = std::optional<RuleAnswer>;
    KONTOR_TRY(
        auto const before,
        found_by<Before>(parts, asked, of_rules, [wish](Doors const& to) -> FromTheBus<Before> {
            KONTOR_TRY(auto const standing, standing_of(to, wish.bus, wish.name));
            if (!standing)
                return Before();
            return Before(shown(*standing));
        }));
    if (!before)
        return Answer(NotYet{});
    if (*before && (*before)->is_of_topology)
        return unexpected(trouble("owned_by_topology"));
    return after_note(
        asked,
        {*before ? std::optional(codec::to_json(**before)) : std::nullopt, codec::to_json(body),
         carried_out<RuleAnswer>(
             parts.archives, asked, of_rules, [wish](Doors const& to) { return put(to, wish); },
             [](RuleAnswer const& rule) { return json_reply(200, rule); })});
}

Served delete_rule(Parts& parts, Asked& asked) {
    auto const bus = bus_asked(asked);
    auto const name = asked.path[0];
    KONTOR_TRY(auto const before,
               found_by<RuleAnswer>(parts, asked, of_rules,
                                    [=](Doors const& to) { return rule_of(to, bus, name); }));
    if (!before)
        return Answer(NotYet{});
    if (before->is_of_topology)
        return unexpected(trouble("owned_by_topology"));
    AskTheBus<bool> const deed = [=](Doors const& to) -> FromTheBus<bool> {
        KONTOR_TRY(auto const standing, standing_of(to, bus, name));
        if (standing) {
            KONTOR_TRY(remove_all(to, {bus, name, {}}, ids_without(standing->targets, {})));
            KONTOR_TRY(to.rules.delete_rule(bus, name));
        }
        return true;
    };
    return after_note(asked, {codec::to_json(*before), std::nullopt,
                              carried_out<bool>(parts.archives, asked, of_rules, deed, [](bool) {
                                  Reply reply;
                                  reply.status = 204;
                                  return reply;
                              })});
}

} // namespace code
} // namespace kontor::services::gateway
