#pragma once

/// HandBus and HandTopics: buses and topics that a spec answers by hand. They write down what they
/// were asked, and answer what they were told to: the first refusal that is set, else something
/// plain.   Thread: one.

#include "adapters/aws_wire/events.hpp"
#include "adapters/aws_wire/sns.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>

namespace kontor::aws_wire {

inline constexpr Instant hand_moment = Instant::from_unix_microseconds(1'700'000'000'000'000);

class HandTags : public ports::ResourceTags {
public:
    template <class T>
    using Heard = Result<T, ports::MessagingRefusal>;

    std::optional<ports::MessagingRefusal> refusal{};
    std::string said{}; ///< what was asked last

    Heard<void> tag_resource(std::string_view arn, std::vector<ports::Tag> const& tags) override {
        said = fmt::format("tag {} {}={}", arn, tags.front().key, tags.front().value);
        return done();
    }
    Heard<void> untag_resource(std::string_view arn,
                               std::vector<std::string> const& keys) override {
        said = fmt::format("untag {} {}", arn, keys.front());
        return done();
    }
    Heard<std::vector<ports::Tag>> list_tags_for_resource(std::string_view) override {
        return answer(std::vector<ports::Tag>{{"team", "shop"}});
    }

protected:
    template <class T>
    Heard<T> answer(T value) {
        if (refusal)
            return unexpected(*refusal);
        return value;
    }
    Heard<void> done() {
        if (refusal)
            return unexpected(*refusal);
        return {};
    }
};

class HandBus final : public HandTags,
                      public ports::EventBus,
                      public ports::EventBuses,
                      public ports::EventRules,
                      public ports::EventTargets,
                      public ports::EventArchives,
                      public ports::EventReplays {
public:
    BusDoors doors() { return {*this, *this, *this, *this, *this, *this, *this}; }

    std::vector<ports::EventEntry> entries{};
    std::vector<ports::EntryOutcome> outcomes{};
    ports::RuleDescription rule{"r", "shop", "{}", {}, ports::RuleState::enabled, {}, {}, "arn:r"};
    std::vector<ports::TargetDescription> targets{};

    Heard<std::vector<ports::EntryOutcome>> put_events(std::span<ports::EventEntry const> put,
                                                       ports::EventOrigin) override {
        entries.assign(put.begin(), put.end());
        return answer(outcomes);
    }
    Heard<bool> test_event_pattern(std::string_view pattern, std::string_view) override {
        return answer(pattern == "{}");
    }
    Heard<ports::BusDescription> create_event_bus(ports::BusDescription const& wanted,
                                                  std::vector<ports::Tag> const&) override {
        return answer(bus_of(wanted.name, wanted.dead_letter_arn));
    }
    Heard<ports::BusDescription> describe_event_bus(std::string_view bus) override {
        return answer(bus_of(std::string(bus), {}));
    }
    Heard<ports::BusDescription> update_event_bus(ports::BusDescription const& wanted) override {
        return answer(bus_of(wanted.name, wanted.dead_letter_arn));
    }
    Heard<void> delete_event_bus(std::string_view bus) override {
        said = fmt::format("delete {}", bus);
        return done();
    }
    Heard<ports::Page<ports::BusDescription>>
    list_event_buses(ports::PageWish const& page) override {
        said = fmt::format("{} {} {}", page.prefix, page.after, page.limit);
        return answer(ports::Page<ports::BusDescription>{{bus_of("shop", {})}, "shop"});
    }
    Heard<std::string> put_rule(ports::RuleDescription const& wanted,
                                std::vector<ports::Tag> const&) override {
        rule = wanted;
        return answer(std::string("arn:r"));
    }
    Heard<ports::RuleDescription> describe_rule(std::string_view, std::string_view) override {
        return answer(rule);
    }
    Heard<void> delete_rule(std::string_view bus, std::string_view name) override {
        said = fmt::format("delete {}/{}", bus, name);
        return done();
    }
    Heard<void> set_rule_state(std::string_view bus, std::string_view name,
                               ports::RuleState state) override {
        said = fmt::format("{}/{} {}", bus, name, state == ports::RuleState::enabled);
        return done();
    }
    Heard<ports::Page<ports::RuleDescription>> list_rules(std::string_view,
                                                          ports::PageWish const&) override {
        return answer(ports::Page<ports::RuleDescription>{{rule}, {}});
    }
    Heard<ports::Page<std::string>> list_rule_names_by_target(std::string_view, std::string_view,
                                                              ports::PageWish const&) override {
        return answer(ports::Page<std::string>{{"r"}, {}});
    }
    Heard<std::vector<ports::FailedTarget>>
    put_targets(std::string_view, std::string_view,
                std::span<ports::TargetDescription const> put) override {
        targets.assign(put.begin(), put.end());
        return answer(std::vector<ports::FailedTarget>{{"b", "InvalidArgument", "no such queue"}});
    }
    Heard<std::vector<ports::FailedTarget>>
    remove_targets(std::string_view, std::string_view, std::span<std::string const> ids) override {
        said = fmt::format("remove {}", ids.front());
        return answer(std::vector<ports::FailedTarget>());
    }
    Heard<ports::Page<ports::TargetDescription>>
    list_targets_by_rule(std::string_view, std::string_view, ports::PageWish const&) override {
        return answer(ports::Page<ports::TargetDescription>{targets, {}});
    }
    Heard<ports::ArchiveDescription>
    create_archive(ports::ArchiveDescription const& wanted) override {
        return answer(wanted);
    }
    Heard<ports::ArchiveDescription> describe_archive(std::string_view name) override {
        ports::ArchiveDescription archive;
        archive.name = name;
        archive.events = 7;
        archive.created = hand_moment;
        return answer(archive);
    }
    Heard<ports::ArchiveDescription> update_archive(ports::ArchiveChange const& change) override {
        said = fmt::format("{} {}", change.name, change.retention_days.value_or(0));
        return answer(ports::ArchiveDescription());
    }
    Heard<void> delete_archive(std::string_view) override { return done(); }
    Heard<ports::Page<ports::ArchiveDescription>> list_archives(std::string_view,
                                                                ports::PageWish const&) override {
        ports::ArchiveDescription archive;
        archive.name = "kept";
        archive.state = ports::ArchiveState::enabled;
        return answer(ports::Page<ports::ArchiveDescription>{{archive}, {}});
    }
    Heard<ports::ReplayDescription> start_replay(ports::ReplayDescription const& wanted) override {
        said = fmt::format("{} {}..{} {}", wanted.archive_arn, wanted.start.unix_microseconds(),
                           wanted.end.unix_microseconds(), wanted.rule_arns.size());
        return answer(wanted);
    }
    Heard<ports::ReplayDescription> describe_replay(std::string_view) override {
        return answer(ports::ReplayDescription());
    }
    Heard<ports::ReplayDescription> cancel_replay(std::string_view) override {
        return answer(ports::ReplayDescription());
    }
    Heard<ports::Page<ports::ReplayDescription>> list_replays(std::string_view,
                                                              ports::PageWish const&) override {
        ports::ReplayDescription replay;
        replay.name = "again";
        replay.state = ports::ReplayState::completed;
        return answer(ports::Page<ports::ReplayDescription>{{replay}, {}});
    }

private:
    static ports::BusDescription bus_of(std::string name, std::string dead_letters) {
        auto const arn = "arn:bus:" + name;
        return {std::move(name), {}, std::move(dead_letters), arn, {}, hand_moment, hand_moment};
    }
};

class HandTopics final : public HandTags,
                         public ports::Topic,
                         public ports::Topics,
                         public ports::Subscriptions {
public:
    TopicDoors doors() { return {*this, *this, *this, *this}; }

    std::vector<ports::TopicMessage> messages{};
    std::vector<ports::PublishOutcome> outcomes{};
    ports::SubscriptionWish wish{};
    ports::SubscriptionState state{ports::SubscriptionState::confirmed};

    Heard<std::vector<ports::PublishOutcome>>
    publish(std::string_view, std::span<ports::TopicMessage const> given) override {
        messages.assign(given.begin(), given.end());
        return answer(outcomes);
    }
    Heard<std::string> create_topic(std::string_view name, ports::NamedTexts const& attributes,
                                    std::vector<ports::Tag> const& tags) override {
        said = fmt::format("{} {} {}", name, attributes.size(), tags.size());
        return answer(fmt::format("arn:aws:sns:us-east-1:000000000000:{}", name));
    }
    Heard<void> delete_topic(std::string_view) override { return done(); }
    Heard<ports::Page<std::string>> list_topics(ports::PageWish const&) override {
        return answer(ports::Page<std::string>{{"arn:a", "arn:b"}, "next"});
    }
    Heard<ports::NamedTexts> get_topic_attributes(std::string_view) override {
        return answer(ports::NamedTexts{{"DisplayName", "T"}});
    }
    Heard<ports::TopicDescription> describe_topic(std::string_view arn) override {
        return answer(ports::TopicDescription{std::string(arn)});
    }
    Heard<void> set_topic_attribute(std::string_view, std::string_view attribute,
                                    std::string_view value) override {
        said = fmt::format("{}={}", attribute, value);
        return done();
    }
    Heard<ports::SubscriptionDescription> subscribe(ports::SubscriptionWish const& given) override {
        wish = given;
        return answer(one());
    }
    Heard<std::optional<ports::SubscriptionDescription>>
    check_subscription(ports::SubscriptionWish const&) override {
        return answer(std::optional(one()));
    }
    Heard<ports::SubscriptionDescription> confirm_subscription(std::string_view,
                                                               std::string_view token) override {
        said = fmt::format("confirm {}", token);
        return answer(one());
    }
    Heard<void> unsubscribe(std::string_view arn) override {
        said = fmt::format("unsubscribe {}", arn);
        return done();
    }
    Heard<ports::Page<ports::SubscriptionDescription>>
    list_subscriptions(std::string_view topic, ports::PageWish const&) override {
        said = fmt::format("of {}", topic);
        return answer(ports::Page<ports::SubscriptionDescription>{{one()}, {}});
    }
    Heard<ports::NamedTexts> get_subscription_attributes(std::string_view) override {
        return answer(ports::NamedTexts{{"RawMessageDelivery", "true"}});
    }
    Heard<void> change_subscription(std::string_view,
                                    ports::SubscriptionChange const& change) override {
        auto const& [attribute, value] = *change.attributes.begin();
        said = fmt::format("{}={}", attribute, value);
        return done();
    }
    Heard<void> check_change(std::string_view, ports::SubscriptionChange const&) override {
        return done();
    }

private:
    ports::SubscriptionDescription one() const {
        return {"arn:sub", "arn:topic", "sqs", "arn:queue", "000000000000", state};
    }
};

} // namespace kontor::aws_wire
