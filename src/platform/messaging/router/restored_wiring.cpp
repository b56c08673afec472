#include "platform/messaging/router/wiring_facts.hpp"

#include "codec/events.hpp"
#include "platform/messaging/bus/refusals.hpp"
#include "platform/messaging/router/replays.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::router {
namespace {

using ports::MessagingFault;
using ports::MessagingRefusal;

ports::NamedTexts texts(std::vector<process::Named> const& named) {
    ports::NamedTexts made;
    for (auto const& [name, value] : named)
        made.emplace(name, value);
    return made;
}

ports::TargetDescription target_of(process::Target const& fact) {
    ports::TargetDescription target{.id = fact.id, .arn = fact.arn, .role_arn = fact.role_arn};
    target.dead_letter_arn = fact.dead_letter_arn;
    target.message_group_id = fact.message_group_id;
    target.input.constant = fact.constant;
    target.input.path = fact.path;
    if (fact.filled)
        target.input.filled = {texts(fact.paths), *fact.filled};
    if (fact.tries_max && fact.age_seconds)
        target.retry = {*fact.tries_max, *fact.age_seconds};
    return target;
}

std::string topic_arn(SortingOffice& office, std::string const& name) {
    return ports::Arn{"sns", office.rules().place(), name}.to_string();
}

using Made = Result<void, MessagingRefusal>;

/// Of several steps that are all taken the first refusal counts.
void note(Made& made, auto const& step) {
    if (made && !step)
        made = unexpected(step.error());
}

Made make(SortingOffice& office, process::BusPut const& fact) {
    ports::BusDescription wanted{.name = fact.name, .description = fact.description};
    wanted.dead_letter_arn = fact.dead_letter_arn;
    if (office.rules().has_bus(fact.name)) {
        KONTOR_TRY(office.rules().update_bus(wanted, fact.at));
        return {};
    }
    KONTOR_TRY(office.rules().create_bus(wanted, {}, fact.at));
    return {};
}

void take_down(bus::RuleBook& rules, process::RulePut const& fact) {
    auto const targets = rules.list_targets(fact.bus, fact.name, {});
    if (!targets)
        return; // it never stood
    std::vector<std::string> ids;
    for (auto const& target : targets->items)
        ids.push_back(target.id);
    if (!ids.empty())
        static_cast<void>(rules.remove_targets(fact.bus, fact.name, ids));
    static_cast<void>(rules.delete_rule(fact.bus, fact.name));
}

/// A rule's targets are those of the fact and no others.
Made make(SortingOffice& office, process::RulePut const& fact) {
    ports::RuleDescription wanted{.name = fact.name, .bus = fact.bus, .pattern = fact.pattern};
    wanted.state = fact.is_enabled ? ports::RuleState::enabled : ports::RuleState::disabled;
    wanted.description = fact.description;
    wanted.role_arn = fact.role_arn;
    auto& rules = office.rules();
    if (auto const put = rules.put_rule(wanted, {}); !put) {
        take_down(rules, fact);
        return unexpected(put.error());
    }
    KONTOR_TRY(auto const before, rules.list_targets(fact.bus, fact.name, {}));
    std::vector<std::string> gone;
    for (auto const& target : before.items)
        if (std::ranges::find(fact.targets, target.id, &process::Target::id) == fact.targets.end())
            gone.push_back(target.id);
    if (!gone.empty())
        KONTOR_TRY(rules.remove_targets(fact.bus, fact.name, gone));
    Made made;
    for (auto const& each : fact.targets) {
        auto const target = target_of(each);
        auto const added = rules.put_targets(fact.bus, fact.name, std::span(&target, 1));
        note(made, added);
        if (added && !added->empty())
            note(made, Made(bus::refuse(MessagingFault::invalid, added->front().what)));
    }
    return made;
}

/// An endpoint says by itself how it is reached.
std::string protocol_of(std::string_view endpoint) {
    auto const scheme = endpoint.substr(0, endpoint.find("://"));
    return topics::is_web(scheme) ? std::string(scheme) : "sqs";
}

Made make(SortingOffice& office, process::TopicPut const& fact) {
    auto const arn = topic_arn(office, fact.name);
    if (!office.topics().topic_attributes(arn)) {
        KONTOR_TRY(office.topics().create_topic(fact.name, texts(fact.attributes), {}));
        return {};
    }
    Made made;
    for (auto const& [name, value] : fact.attributes)
        if (name != "FifoTopic")
            note(made, office.topics().set_topic_attribute(arn, name, value));
    return made;
}

Made make(SortingOffice& office, process::SubscriptionPut const& fact) {
    auto& topics = office.topics();
    topics::Consent const consent{fact.asked, fact.confirmed};
    if (!topics.subscription_attributes(fact.arn)) {
        KONTOR_TRY(topics.subscribe_as(
            fact.arn,
            {fact.topic_arn, protocol_of(fact.endpoint), fact.endpoint, texts(fact.attributes)},
            consent));
        return {};
    }
    topics.set_consent(fact.arn, consent);
    auto const made = topics.change_subscription(fact.arn, {texts(fact.attributes), {}});
    if (!made) // a queue gets nothing rather than what it did not ask for
        static_cast<void>(topics.unsubscribe(fact.arn));
    return made;
}

std::string events_arn(bus::Archives const& archives, std::string const& resource) {
    return ports::Arn{"events", archives.place(), resource}.to_string();
}

Made make(bus::Archives& archives, process::ArchivePut const& fact) {
    if (archives.has_archive(fact.name)) {
        KONTOR_TRY(
            archives.update({fact.name, fact.description, fact.pattern, fact.retention_days}));
        return {};
    }
    ports::ArchiveDescription wanted{.name = fact.name};
    wanted.bus_arn = events_arn(archives, "event-bus/" + fact.bus);
    wanted.description = fact.description;
    wanted.pattern = fact.pattern;
    wanted.retention_days = fact.retention_days;
    KONTOR_TRY(archives.create(wanted, fact.at));
    archives.set_since(fact.name, fact.since);
    return {};
}

Made make(bus::Archives& archives, process::ReplayStarted const& fact) {
    ports::ReplayDescription wanted{.name = fact.name, .description = fact.description};
    wanted.archive_arn = events_arn(archives, "archive/" + fact.archive);
    KONTOR_TRY(wanted.bus_arn, archives.bus_arn_of(fact.archive));
    wanted.rule_arns = fact.rule_arns;
    wanted.start = fact.start;
    wanted.end = fact.end;
    wanted.pattern = fact.pattern.value_or("");
    KONTOR_TRY(archives.start(wanted, fact.at));
    archives.set_walk({fact.name, fact.from, fact.until, fact.number, {}});
    return {};
}

/// How far a replay has come.   Errors: unavailable, corrupt.
Result<void> restore_replay(ports::EventStore& store, bus::Archives& archives,
                            process::ReplayStarted const& fact) {
    auto const stream = replay_stream(fact.number);
    KONTOR_TRY(auto const head, store.head(stream));
    if (head.value() == 0)
        return {};
    KONTOR_TRY(auto const page, store.read_stream(stream, head, ports::Limit(1)));
    auto const& last = page.events.front();
    KONTOR_TRY(auto const decoded, codec::decode<process::Event>(last.type, last.payload));
    auto const& moved = std::get<process::ReplayMoved>(decoded);
    if (moved.reached)
        archives.set_reached(fact.name, *moved.reached);
    archives.moved(fact.name, moved.through, moved.after.value_or(""), moved.at);
    return {};
}

template <class Tags>
Made set_tags(Tags& of, process::Tagged const& fact) {
    auto const before = of.tags_of(fact.arn);
    if (!before)
        return {}; // what they were on does not stand, which is said of itself
    std::vector<std::string> keys;
    for (auto const& tag : *before)
        keys.push_back(tag.key);
    KONTOR_TRY(of.untag(fact.arn, keys));
    std::vector<ports::Tag> tags;
    for (auto const& [name, value] : fact.tags)
        tags.push_back({name, value});
    return of.tag(fact.arn, tags);
}

struct Making {
    SortingOffice& office;
    bus::Archives& archives;

    Made operator()(process::Followed const&) const { return {}; }
    Made operator()(process::EventPut const&) const { return {}; }
    Made operator()(process::BusPut const& fact) const { return make(office, fact); }
    // What is deleted and does not stand, or is the topology's by now, needs nothing more.
    Made operator()(process::BusDeleted const& fact) const {
        static_cast<void>(office.rules().delete_bus(fact.name));
        return {};
    }
    Made operator()(process::RulePut const& fact) const { return make(office, fact); }
    Made operator()(process::RuleDeleted const& fact) const {
        static_cast<void>(office.rules().delete_rule(fact.bus, fact.name));
        return {};
    }
    Made operator()(process::TopicPut const& fact) const { return make(office, fact); }
    Made operator()(process::TopicDeleted const& fact) const {
        static_cast<void>(office.topics().delete_topic(topic_arn(office, fact.name)));
        return {};
    }
    Made operator()(process::SubscriptionPut const& fact) const { return make(office, fact); }
    Made operator()(process::SubscriptionDeleted const& fact) const {
        static_cast<void>(office.topics().unsubscribe(fact.arn));
        return {};
    }
    Made operator()(process::Tagged const& fact) const {
        return fact.arn.starts_with("arn:aws:sns:") ? set_tags(office.topics(), fact)
                                                    : set_tags(office.rules(), fact);
    }
    Made operator()(process::ArchivePut const& fact) const { return make(archives, fact); }
    Made operator()(process::ArchiveDeleted const& fact) const {
        static_cast<void>(archives.remove(fact.name, fact.at));
        return {};
    }
    Made operator()(process::ReplayStarted const& fact) const { return make(archives, fact); }
    Made operator()(process::ReplayCancelled const& fact) const {
        static_cast<void>(archives.cancel(fact.name, fact.at));
        static_cast<void>(archives.due(fact.at)); // it has ended
        return {};
    }
    Made operator()(process::ReplayMoved const&) const { return {}; }
};

} // namespace

Result<SkippedWiring> restore_wiring(ports::EventStore& store, SortingOffice& office,
                                     bus::Archives& archives) {
    constexpr ports::Limit page_size(256);
    SkippedWiring skipped;
    ports::StreamVersion from(1);
    for (;;) {
        KONTOR_TRY(auto const page, store.read_stream(wiring_stream(), from, page_size));
        if (page.events.empty())
            return skipped;
        for (auto const& event : page.events) {
            KONTOR_TRY(auto const fact, codec::decode<process::Event>(event.type, event.payload));
            auto subject = subject_of(fact);
            if (auto const* const gone = std::get_if<process::TopicDeleted>(&fact))
                std::erase_if(skipped, [&](auto const& each) {
                    return each.first.starts_with("subscription " + topic_arn(office, gone->name) +
                                                  ":");
                });
            auto const made = std::visit(Making{office, archives}, fact);
            auto const* const replay = std::get_if<process::ReplayStarted>(&fact);
            if (made && replay != nullptr)
                KONTOR_TRY(restore_replay(store, archives, *replay));
            if (made)
                skipped.erase(subject);
            else
                skipped.insert_or_assign(std::move(subject),
                                         Skipped{event.position, made.error().what});
            from = ports::StreamVersion(event.version.value() + 1);
        }
    }
}

} // namespace kontor::router
