#include "platform/messaging/router/wiring.hpp"

#include "codec/events.hpp"
#include "platform/messaging/bus/refusals.hpp"
#include "platform/messaging/router/wiring_facts.hpp"

#include <algorithm>

namespace kontor::router {

using bus::refuse;
using ports::MessagingFault;

namespace {

/// What of this house a rule may hand events to.
bool is_served(std::string_view text) {
    auto const arn = ports::Arn::parse(text);
    return arn && (arn->service == "sqs" || arn->service == "sns" ||
                   arn->resource.starts_with("event-bus/"));
}

} // namespace

void Wiring::note(StreamId const& stream, process::Event const& fact) {
    auto& made = noted_.emplace_back(hosting::Companion{stream, {}, {}});
    made.type = codec::encode(fact, made.payload);
    router_.skipped().erase(subject_of(fact));
}

void Wiring::note_rule(std::string_view bus, std::string_view rule) {
    auto const shown = rules().describe_rule(bus, rule);
    auto const targets = rules().list_targets(bus, rule, {});
    KONTOR_ASSERT(shown && targets, "rule {} was just changed", rule);
    note(wiring_stream(), fact_of(*shown, targets->items));
}

void Wiring::note_topic(std::string_view arn) {
    auto const name = ports::Arn::parse(arn)->resource;
    note(wiring_stream(), process::TopicPut{name, named(topics().settings_of_topic(arn))});
}

void Wiring::note_subscription(std::string_view arn) {
    auto const shown = topics().subscription_attributes(arn);
    KONTOR_ASSERT(shown.has_value(), "subscription {} was just changed", arn);
    auto const consent = topics().consent_of_subscription(arn);
    note(wiring_stream(),
         process::SubscriptionPut{std::string(arn), shown->at("TopicArn"), shown->at("Endpoint"),
                                  named(topics().settings_of_subscription(arn)), consent.asked,
                                  consent.given});
}

void Wiring::note_tags(std::string_view arn) {
    auto const tags = tags_of(arn);
    KONTOR_ASSERT(tags.has_value(), "{} was just tagged", arn);
    note(wiring_stream(), process::Tagged{std::string(arn), named(*tags)});
}

Heard<void> Wiring::keep(Lock& lock, std::vector<Letter> letters) {
    if (!noted_.empty() || !letters.empty()) {
        auto const mark = router_.hand_in(noted_, letters);
        if (!mark)
            return refuse(MessagingFault::unavailable, ports::what_of(mark.error()));
        noted_.clear();
        kept_ = *mark;
    }
    auto const mark = kept_;
    lock.unlock();
    return wait_for(mark);
}

Heard<void> Wiring::keep_end(Lock& lock, bool stood, Heard<void> deleted,
                             process::Event const& fact, std::vector<Letter> letters) {
    bool const was_skipped = router_.skipped().contains(subject_of(fact));
    if (!deleted && !was_skipped)
        return deleted;
    if (stood || was_skipped)
        note(wiring_stream(), fact);
    return keep(lock, std::move(letters));
}

Heard<void> Wiring::wait_for(ports::QueueMark mark) {
    for (std::size_t turns = 0; queues_.progress().durable() < mark; ++turns)
        if (!wait_(turns))
            return refuse(MessagingFault::unavailable, "The disk gives no answer: it may be done.");
    return {};
}

Heard<std::vector<ports::EntryOutcome>>
Wiring::put_events(std::span<ports::EventEntry const> entries, ports::EventOrigin origin) {
    Lock lock(router_.lock());
    auto const now = clock_.now();
    KONTOR_TRY(
        auto accepted,
        bus::accept_entries(entries, {now, rules().place(), origin,
                                      [this](std::string_view bus) { return rules().has_bus(bus); },
                                      [&] { return Id128::mint(now, random_); }}));
    auto const changes = noted_.size();
    std::vector<ports::EntryOutcome> outcomes;
    for (auto& each : accepted) {
        if (!each) {
            outcomes.emplace_back(unexpected(std::move(each).error()));
            continue;
        }
        note(events_stream(), fact_of(*each));
        outcomes.emplace_back(each->id);
    }
    auto kept = keep(lock);
    if (!kept && lock.owns_lock()) // whoever hears it puts them again
        noted_.erase(noted_.begin() + static_cast<std::ptrdiff_t>(changes), noted_.end());
    KONTOR_TRY(std::move(kept));
    return outcomes;
}

Heard<bool> Wiring::test_event_pattern(std::string_view pattern, std::string_view event) {
    return bus::test_event_pattern(pattern, event);
}

Heard<ports::BusDescription> Wiring::create_event_bus(ports::BusDescription const& wanted,
                                                      std::vector<ports::Tag> const& tags) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto made, rules().create_bus(wanted, tags, clock_.now()));
    note(wiring_stream(), fact_of(made));
    if (!tags.empty())
        note_tags(made.arn);
    KONTOR_TRY(keep(lock));
    return made;
}

Heard<ports::BusDescription> Wiring::describe_event_bus(std::string_view bus) {
    Lock const lock(router_.lock());
    return rules().describe_bus(bus);
}

Heard<ports::BusDescription> Wiring::update_event_bus(ports::BusDescription const& wanted) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto changed, rules().update_bus(wanted, clock_.now()));
    note(wiring_stream(), fact_of(changed));
    KONTOR_TRY(keep(lock));
    return changed;
}

Heard<void> Wiring::delete_event_bus(std::string_view bus) {
    Lock lock(router_.lock());
    auto name = ports::bus_name_of(bus, rules().place());
    bool const stood = rules().has_bus(name);
    return keep_end(lock, stood, rules().delete_bus(bus), process::BusDeleted{std::move(name)});
}

Heard<ports::Page<ports::BusDescription>> Wiring::list_event_buses(ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return rules().list_buses(page);
}

Heard<std::string> Wiring::put_rule(ports::RuleDescription const& wanted,
                                    std::vector<ports::Tag> const& tags) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto arn, rules().put_rule(wanted, tags));
    note_rule(wanted.bus, wanted.name);
    if (!tags.empty())
        note_tags(arn);
    KONTOR_TRY(keep(lock));
    return arn;
}

Heard<ports::RuleDescription> Wiring::describe_rule(std::string_view bus, std::string_view rule) {
    Lock const lock(router_.lock());
    return rules().describe_rule(bus, rule);
}

Heard<void> Wiring::delete_rule(std::string_view bus, std::string_view rule) {
    Lock lock(router_.lock());
    bool const stood = rules().describe_rule(bus, rule).has_value();
    return keep_end(
        lock, stood, rules().delete_rule(bus, rule),
        process::RuleDeleted{ports::bus_name_of(bus, rules().place()), std::string(rule)});
}

Heard<void> Wiring::set_rule_state(std::string_view bus, std::string_view rule,
                                   ports::RuleState state) {
    Lock lock(router_.lock());
    KONTOR_TRY(rules().set_rule_state(bus, rule, state));
    note_rule(bus, rule);
    return keep(lock);
}

Heard<ports::Page<ports::RuleDescription>> Wiring::list_rules(std::string_view bus,
                                                              ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return rules().list_rules(bus, page);
}

Heard<ports::Page<std::string>> Wiring::list_rule_names_by_target(std::string_view bus,
                                                                  std::string_view target_arn,
                                                                  ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return rules().list_rule_names_by_target(bus, target_arn, page);
}

/// Those that nobody here delivers to fail alone, as those do that are none at all.
Heard<std::vector<ports::FailedTarget>>
Wiring::put_targets(std::string_view bus, std::string_view rule,
                    std::span<ports::TargetDescription const> targets) {
    std::vector<ports::TargetDescription> served;
    std::vector<ports::FailedTarget> failed;
    for (auto const& target : targets)
        if (is_served(target.arn))
            served.push_back(target);
        else
            failed.push_back(
                {target.id, "ValidationException",
                 "Events are handed to queues, topics and buses of this house so far: " +
                     target.arn});
    if (served.empty() && !failed.empty())
        return failed;
    Lock lock(router_.lock());
    KONTOR_TRY(auto more, rules().put_targets(bus, rule, served));
    failed.insert(failed.end(), more.begin(), more.end());
    note_rule(bus, rule);
    KONTOR_TRY(keep(lock));
    return failed;
}

Heard<std::vector<ports::FailedTarget>> Wiring::remove_targets(std::string_view bus,
                                                               std::string_view rule,
                                                               std::span<std::string const> ids) {
    Lock lock(router_.lock());
    KONTOR_TRY(auto failed, rules().remove_targets(bus, rule, ids));
    note_rule(bus, rule);
    KONTOR_TRY(keep(lock));
    return failed;
}

Heard<ports::Page<ports::TargetDescription>>
Wiring::list_targets_by_rule(std::string_view bus, std::string_view rule,
                             ports::PageWish const& page) {
    Lock const lock(router_.lock());
    return rules().list_targets(bus, rule, page);
}

} // namespace kontor::router
