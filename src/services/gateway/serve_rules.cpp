#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/bus_calls.hpp"
#include "services/gateway/fact_answers.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/pattern_answers.hpp"
#include "services/gateway/rule_calls.hpp"

#include "platform/messaging/router/public_facts.hpp"
#include "platform/routing/matching.hpp"

#include <algorithm>
#include <limits>

namespace kontor::services::gateway {
namespace {

using ports::RuleDescription;

/// Rules that one event is held against. At the limit the answer says that there are more.
constexpr std::size_t rules_looked_at_max = 10'000;
/// Of their patterns, for each is compiled for it; and rules of which it takes too much work to
/// find out. At these limits, too.
constexpr std::size_t pattern_bytes_looked_at_max = std::size_t{512} << 10;
constexpr std::size_t over_budget_max = 16;

/// As it was given, and as its leaves.
struct OneEvent {
    std::string text;
    routing::FlatEvent leaves;
};

/// Errors: body_invalid.
Result<OneEvent, Trouble> event_of(std::string text) {
    auto leaves = routing::FlatEvent::read(text);
    if (!leaves)
        return unexpected(bad_field("/event", "it is no event: " + leaves.error().what));
    return OneEvent{std::move(text), *std::move(leaves)};
}

/// The nearest first; where nothing of the kind is there, nothing is near.
std::size_t distance(NearMissAnswer const& miss) {
    auto const& near = miss.missed.near;
    return near.empty() || !near.front().differs_in
               ? std::numeric_limits<std::size_t>::max()
               : static_cast<std::size_t>(*near.front().differs_in);
}

/// Holds one event against rules, one after the other.
class Sieve {
public:
    explicit Sieve(OneEvent const& event) : event_(event) {}

    bool is_worn_out() const {
        return bytes_ >= pattern_bytes_looked_at_max ||
               found_.over_budget.size() >= over_budget_max;
    }

    /// Requires: it is not worn out.
    void pass(RuleDescription const& rule) {
        if (rule.state == ports::RuleState::disabled)
            return;
        bytes_ += rule.pattern.size();
        routing::Rule const alone[] = {{0, rule.pattern}};
        auto const matcher = routing::Matcher::build(alone);
        KONTOR_ASSERT(matcher, "the pattern of rule {} does not compile", rule.name);
        routing::Matching matching(*matcher);
        bool const is_known =
            matching.ask(event_.text) == routing::Asked::answered && matching.over_budget().empty();
        if (!is_known)
            return found_.over_budget.push_back(rule.name);
        if (!matching.rules().empty())
            return found_.rules.push_back(rule.name);
        look_how_near(rule);
    }

    /// What came of it, if that is all.
    RuleMatchesAnswer found(bool is_all) {
        found_.is_cut = found_.is_cut || !is_all;
        std::ranges::stable_sort(found_.near_misses, {}, distance);
        return std::move(found_);
    }

private:
    void look_how_near(RuleDescription const& rule) {
        if (steps_ == 0 || found_.near_misses.size() == routing::near_misses_max) {
            found_.is_cut = true;
            return;
        }
        auto const pattern = routing::compile(rule.pattern, routing::pattern_characters_ceiling);
        KONTOR_ASSERT(pattern, "the pattern of rule {} does not compile", rule.name);
        auto const explained =
            routing::explain(*pattern, event_.leaves, std::min(steps_, routing::explain_steps_max));
        steps_ -= std::min(steps_, explained.steps);
        if (auto const missed = routing::near_miss(explained))
            found_.near_misses.push_back({rule.name, field_answer(*missed, *pattern)});
    }

    OneEvent const& event_;
    RuleMatchesAnswer found_{};
    std::size_t bytes_{0}; ///< of patterns
    std::size_t steps_{routing::near_misses_steps_max};
};

FromTheBus<RuleMatchesAnswer> matches_of(ArchiveDesk::Doors const& to, std::string const& bus,
                                         OneEvent const& event) {
    Sieve sieve(event);
    ports::PageWish wish;
    for (std::size_t looked_at = 0; looked_at < rules_looked_at_max;) {
        KONTOR_TRY(auto const page, to.rules.list_rules(bus, wish));
        for (auto const& rule : page.items) {
            if (sieve.is_worn_out())
                return sieve.found(false);
            sieve.pass(rule);
        }
        looked_at += page.items.size();
        wish.after = page.next;
        if (page.next.empty())
            return sieve.found(true);
    }
    return sieve.found(false);
}

/// A fact of the log as the bus shows it.   Errors: body_invalid, and as page_with_fact.
Result<std::string, Trouble> envelope_at(Parts const& parts, std::int64_t position) {
    KONTOR_TRY(auto const page, page_with_fact(parts, static_cast<std::uint64_t>(
                                                          std::max<std::int64_t>(position, 0))));
    auto const& fact = page.events.front();
    KONTOR_TRY(auto seen, or_trouble(router::show({}, fact, page.commit_of(fact))));
    if (!seen.event)
        return unexpected(bad_field("/position", "this fact is internal: the bus does not get it"));
    return std::move(seen.event->envelope);
}

/// Turns a rule on or off.
Served switched(Parts& parts, Asked& asked, ports::RuleState state) {
    KONTOR_TRY(body_of<WithReason>(asked));
    auto const bus = bus_asked(asked);
    auto const name = asked.path[0];
    KONTOR_TRY(auto const before,
               found_by<RuleAnswer>(parts, asked, of_rules, [=](ArchiveDesk::Doors const& to) {
                   return rule_of(to, bus, name);
               }));
    if (!before)
        return Answer(NotYet{});
    if (before->is_of_topology)
        return unexpected(trouble("owned_by_topology"));
    auto after = *before;
    after.state = state;
    AskTheBus<RuleAnswer> const set = [=](ArchiveDesk::Doors const& to) -> FromTheBus<RuleAnswer> {
        KONTOR_TRY(to.rules.set_rule_state(bus, name, state));
        return rule_of(to, bus, name);
    };
    return after_note(asked, {codec::to_json(*before), codec::to_json(after),
                              carried_out<RuleAnswer>(
                                  parts.archives, asked, of_rules, set,
                                  [](RuleAnswer const& rule) { return json_reply(200, rule); })});
}

} // namespace

namespace code {

Served list_rules(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wish, names_asked(parts, asked));
    using Rules = ports::Page<RuleDescription>;
    KONTOR_TRY(auto const found,
               found_by<Rules>(parts, asked, of_rules,
                               [wish, bus = bus_asked(asked)](ArchiveDesk::Doors const& to) {
                                   return to.rules.list_rules(bus, wish);
                               }));
    if (!found)
        return Answer(NotYet{});
    return page_of_names(parts, asked, *found,
                         [](RuleDescription const& rule) { return shown(rule); });
}

Served show_rule(Parts& parts, Asked& asked) {
    return shown_once_found(
        found_by<RuleAnswer>(parts, asked, of_rules,
                             [bus = bus_asked(asked), name = asked.path[0]](
                                 ArchiveDesk::Doors const& to) { return rule_of(to, bus, name); }),
        [](RuleAnswer const& rule) { return rule; });
}

Served enable_rule(Parts& parts, Asked& asked) {
    return switched(parts, asked, ports::RuleState::enabled);
}

Served disable_rule(Parts& parts, Asked& asked) {
    return switched(parts, asked, ports::RuleState::disabled);
}

Served test_rule(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<TestRule>(asked));
    KONTOR_TRY(auto pattern, pattern_of(body.pattern.value));
    KONTOR_TRY(auto event, event_of(body.event));
    auto const both = std::make_shared<std::pair<routing::Pattern, OneEvent>>(std::move(pattern),
                                                                              std::move(event));
    return shown_once_found(found_by<PatternTestAnswer>(
                                parts, asked, of_rules,
                                [both](ArchiveDesk::Doors const&) -> FromTheBus<PatternTestAnswer> {
                                    return tested(both->first, both->second.leaves);
                                }),
                            [](PatternTestAnswer const& answer) { return answer; });
}

Served match_rules(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<MatchRules>(asked));
    if (body.event.has_value() == body.position.has_value())
        return unexpected(bad_field("/event", "say either an event or the position of a fact"));
    std::string text;
    if (body.position) {
        KONTOR_TRY(text, envelope_at(parts, body.position->value()));
    }
    KONTOR_TRY(auto event, event_of(body.event.value_or(text)));
    auto const shared = std::make_shared<OneEvent>(std::move(event));
    std::string const bus = body.bus ? body.bus->value : std::string(bus_of_the_shop);
    return shown_once_found(
        found_by<RuleMatchesAnswer>(
            parts, asked, of_rules,
            [shared, bus](ArchiveDesk::Doors const& to) { return matches_of(to, bus, *shared); }),
        [](RuleMatchesAnswer const& answer) { return answer; });
}

} // namespace code
} // namespace kontor::services::gateway
