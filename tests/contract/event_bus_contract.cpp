#include "tests/contract/event_bus_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::contract {
namespace {

using ports::EntryFault;
using ports::EventOrigin;
using ports::MessagingFault;

ports::EventEntry entry(std::string detail, std::string source = "partner.shop") {
    return {std::move(source), "thing.happened", std::move(detail)};
}

ports::EntryOutcome put(EventBusUnderTest& it, ports::EventEntry const& one,
                        EventOrigin origin = EventOrigin::outside) {
    auto outcomes = it.bus().put_events(std::span(&one, 1), origin);
    EXPECT_TRUE(outcomes.has_value()) << outcomes.error().what;
    return outcomes->front();
}

/// A rule whose only target is the queue of its name.
void add_rule(EventBusUnderTest& it, std::string const& name, std::string const& pattern,
              ports::InputForm input = {}) {
    auto const made = it.rules().put_rule({name, "", pattern}, {});
    ASSERT_TRUE(made.has_value()) << made.error().what;
    ports::TargetDescription target;
    target.id = name;
    target.arn = it.queue_arn(name);
    target.input = std::move(input);
    target.retry = ports::RetryPolicy{3, 3'600};
    target.dead_letter_arn = it.queue_arn("dead-letter");
    auto const failed = it.targets().put_targets("", name, std::span(&target, 1));
    ASSERT_TRUE(failed.has_value()) << failed.error().what;
    EXPECT_TRUE(failed->empty());
}

std::vector<std::string> bodies(EventBusUnderTest& it, std::string_view queue) {
    std::vector<std::string> all;
    for (auto const& each : it.take(queue))
        all.push_back(each.body);
    if (!it.promises().no_duplicates) {
        std::sort(all.begin(), all.end());
        all.erase(std::unique(all.begin(), all.end()), all.end());
    }
    return all;
}

void an_event_reaches_the_rules_that_it_meets_and_no_others(EventBusUnderTest& it) {
    add_rule(it, "ones", R"({"detail":{"n":[1]}})");
    add_rule(it, "twos", R"({"detail":{"n":[2]}})");
    add_rule(it, "all", R"({"source":[{"prefix":"partner."}]})");
    auto const first = put(it, entry(R"({"n":1})"));
    ASSERT_TRUE(first.has_value());
    ASSERT_TRUE(put(it, entry(R"({"n":3})")).has_value());
    it.pass(moment);
    auto const ones = bodies(it, "ones");
    ASSERT_EQ(ones.size(), 1U);
    EXPECT_NE(ones.front().find(R"("id":")" + *first + "\""), std::string::npos);
    EXPECT_NE(ones.front().find(R"("detail":{"n":1})"), std::string::npos);
    EXPECT_TRUE(bodies(it, "twos").empty());
    EXPECT_EQ(bodies(it, "all").size(), 2U);
}

void one_element_must_have_all_that_is_asked_of_elements(EventBusUnderTest& it) {
    add_rule(it, "people", R"({"detail":{"p":{"f":["Anna"],"l":["Doe"]}}})");
    ASSERT_TRUE(
        put(it, entry(R"({"p":[{"f":"Anna","l":"Smith"},{"f":"John","l":"Doe"}]})")).has_value());
    it.pass(moment);
    EXPECT_TRUE(bodies(it, "people").empty());
    ASSERT_TRUE(put(it, entry(R"({"p":[{"f":"Anna","l":"Doe"}]})")).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "people").size(), 1U);
}

void entries_are_judged_one_by_one(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})");
    std::vector<ports::EventEntry> entries(4, entry("{}"));
    entries[1].detail = "[]";
    entries[2].detail_type = "";
    entries[3].source = "aws.ec2";
    auto const outcomes = it.bus().put_events(entries, EventOrigin::outside);
    ASSERT_TRUE(outcomes.has_value());
    ASSERT_EQ(outcomes->size(), 4U);
    EXPECT_TRUE((*outcomes)[0].has_value());
    EXPECT_EQ((*outcomes)[1].error().fault, EntryFault::malformed_detail);
    EXPECT_EQ((*outcomes)[2].error().fault, EntryFault::invalid_argument);
    EXPECT_EQ((*outcomes)[3].error().fault, EntryFault::not_authorized_for_source);
    it.pass(moment);
    EXPECT_EQ(bodies(it, "all").size(), 1U);
}

void a_call_that_cannot_be_is_refused_whole(EventBusUnderTest& it) {
    EXPECT_EQ(fault_of(it.bus().put_events({}, EventOrigin::outside)), MessagingFault::invalid);
    std::vector const many(ports::put_entries_max + 1, entry("{}"));
    EXPECT_EQ(fault_of(it.bus().put_events(many, EventOrigin::outside)), MessagingFault::invalid);
    std::vector const none(2, entry(""));
    EXPECT_EQ(fault_of(it.bus().put_events(none, EventOrigin::outside)), MessagingFault::invalid);
}

void only_the_platform_speaks_as_the_platform(EventBusUnderTest& it) {
    EXPECT_EQ(put(it, entry("{}", "kontor.order")).error().fault,
              EntryFault::not_authorized_for_source);
    EXPECT_TRUE(put(it, entry("{}", "kontor.order"), EventOrigin::platform).has_value());
}

void a_target_gets_what_it_asked_for(EventBusUnderTest& it) {
    add_rule(it, "constant", R"({"detail":{"n":[1]}})", {R"({"x":1})", {}, {}});
    add_rule(it, "part", R"({"detail":{"n":[1]}})", {{}, "$.detail.n", {}});
    ports::InputForm filled;
    filled.filled = ports::InputForm::Template{{{"n", "$.detail.n"}}, R"({"n":<n>,"s":"<n>!"})"};
    add_rule(it, "filled", R"({"detail":{"n":[1]}})", filled);
    ASSERT_TRUE(put(it, entry(R"({"n":1})")).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "constant"), std::vector<std::string>{R"({"x":1})"});
    EXPECT_EQ(bodies(it, "part"), std::vector<std::string>{"1"});
    EXPECT_EQ(bodies(it, "filled"), std::vector<std::string>{R"({"n":1,"s":"1!"})"});
}

void a_changed_rule_holds_for_the_next_event(EventBusUnderTest& it) {
    add_rule(it, "r", R"({"detail":{"n":[1]}})");
    ASSERT_TRUE(it.rules().put_rule({"r", "", R"({"detail":{"n":[2]}})"}, {}).has_value());
    ASSERT_TRUE(put(it, entry(R"({"n":1})")).has_value());
    ASSERT_TRUE(put(it, entry(R"({"n":2})")).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "r").size(), 1U);
    ASSERT_TRUE(it.rules().set_rule_state("", "r", ports::RuleState::disabled).has_value());
    ASSERT_TRUE(put(it, entry(R"({"n":2})")).has_value());
    it.pass(moment);
    EXPECT_TRUE(bodies(it, "r").empty());
    ASSERT_TRUE(it.rules().set_rule_state("", "r", ports::RuleState::enabled).has_value());
    ASSERT_TRUE(put(it, entry(R"({"n":2})")).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "r").size(), 1U);
}

void deliveries_keep_the_sequence_of_the_log(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})", {{}, "$.detail.n", {}});
    std::vector<std::string> expected;
    for (int i = 0; i < 50; ++i) {
        expected.push_back(std::to_string(i));
        ASSERT_TRUE(put(it, entry(R"({"n":)" + expected.back() + "}")).has_value());
    }
    it.pass(moment);
    EXPECT_EQ(bodies(it, "all"), expected);
}

void a_slow_target_delays_no_other(EventBusUnderTest& it) {
    add_rule(it, "slow", R"({"source":[{"exists":true}]})");
    add_rule(it, "quick", R"({"source":[{"exists":true}]})");
    it.set_door("slow", DoorState::busy);
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(put(it, entry("{}")).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "quick").size(), 100U);
    EXPECT_TRUE(bodies(it, "slow").empty());
}

void what_is_busy_for_a_while_gets_it_later(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})");
    it.set_door("all", DoorState::busy);
    ASSERT_TRUE(put(it, entry("{}")).has_value());
    it.pass(Duration::milliseconds(500));
    EXPECT_TRUE(bodies(it, "all").empty());
    it.set_door("all", DoorState::open);
    it.pass(Duration::minutes(1));
    EXPECT_EQ(bodies(it, "all").size(), 1U);
    EXPECT_TRUE(it.take("dead-letter").empty());
}

void what_never_can_be_delivered_is_a_dead_letter(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})");
    it.set_door("all", DoorState::gone);
    ASSERT_TRUE(put(it, entry(R"({"n":1})")).has_value());
    it.pass(moment);
    auto const dead = it.take("dead-letter");
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_NE(dead.front().body.find(R"("detail":{"n":1})"), std::string::npos);
    EXPECT_EQ(dead.front().attribute("RULE_ARN"), it.rules().describe_rule("", "all")->arn);
    EXPECT_EQ(dead.front().attribute("TARGET_ARN"), it.queue_arn("all"));
    EXPECT_FALSE(dead.front().attribute("ERROR_CODE").empty());
    EXPECT_EQ(dead.front().attribute("EXHAUSTED_RETRY_CONDITION"), "");
}

void tries_come_to_an_end(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})");
    it.set_door("all", DoorState::busy);
    ASSERT_TRUE(put(it, entry("{}")).has_value());
    it.pass(Duration::hours(2));
    auto const dead = it.take("dead-letter");
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead.front().attribute("EXHAUSTED_RETRY_CONDITION"), "MaximumRetryAttempts");
    EXPECT_EQ(dead.front().attribute("RETRY_ATTEMPTS"), "3");
}

void names_are_known_or_refused(EventBusUnderTest& it) {
    add_rule(it, "r", R"({"a":[1]})");
    EXPECT_EQ(fault_of(it.rules().describe_rule("", "x")), MessagingFault::not_found);
    EXPECT_EQ(fault_of(it.rules().put_rule({"r", "x", R"({"a":[1]})"}, {})),
              MessagingFault::not_found);
    EXPECT_EQ(fault_of(it.rules().put_rule({"r", "", R"({"a":1})"}, {})),
              MessagingFault::invalid_pattern);
    EXPECT_EQ(fault_of(it.rules().delete_rule("", "r")), MessagingFault::invalid);
    ASSERT_TRUE(it.buses().create_event_bus({"other"}, {}).has_value());
    EXPECT_EQ(fault_of(it.buses().create_event_bus({"other"}, {})), MessagingFault::already_exists);
    auto const arn = it.buses().describe_event_bus("other")->arn;
    EXPECT_EQ(it.buses().describe_event_bus(arn)->name, "other") << "a name may be an ARN";
    EXPECT_TRUE(it.buses().delete_event_bus("other").has_value());
    EXPECT_EQ(fault_of(it.buses().describe_event_bus("other")), MessagingFault::not_found);
    EXPECT_EQ(fault_of(it.buses().delete_event_bus("default")), MessagingFault::invalid);
}

void lists_come_in_pages_and_miss_nothing(EventBusUnderTest& it) {
    for (int i = 0; i < 5; ++i)
        add_rule(it, "r" + std::to_string(i), R"({"a":[1]})");
    std::string names;
    ports::PageWish wish{"r", "", 2};
    do {
        auto const page = it.rules().list_rules("", wish);
        ASSERT_TRUE(page.has_value());
        for (auto const& each : page->items)
            names += each.name + " ";
        wish.after = page->next;
    } while (!wish.after.empty());
    EXPECT_EQ(names, "r0 r1 r2 r3 r4 ");
    auto const by_target = it.rules().list_rule_names_by_target("", it.queue_arn("r3"), {});
    EXPECT_EQ(by_target->items, std::vector<std::string>{"r3"});
    EXPECT_EQ(it.targets().list_targets_by_rule("", "r2", {})->items.front().id, "r2");
}

void tags_stay_with_what_they_name(EventBusUnderTest& it) {
    add_rule(it, "r", R"({"a":[1]})");
    auto const arn = it.rules().describe_rule("", "r")->arn;
    ASSERT_TRUE(it.tags().tag_resource(arn, {{"a", "1"}, {"b", "2"}}).has_value());
    ASSERT_TRUE(it.tags().untag_resource(arn, {"a"}).has_value());
    EXPECT_EQ(*it.tags().list_tags_for_resource(arn), (std::vector<ports::Tag>{{"b", "2"}}));
}

void a_pattern_can_be_tried_without_a_rule(EventBusUnderTest& it) {
    auto const* const event =
        R"({"id":"1","account":"0","source":"s","time":"2026-01-01T00:00:00Z","region":"r",)"
        R"("detail-type":"d","detail":{"n":1}})";
    EXPECT_TRUE(*it.bus().test_event_pattern(R"({"detail":{"n":[1]}})", event));
    EXPECT_FALSE(*it.bus().test_event_pattern(R"({"detail":{"n":[2]}})", event));
    EXPECT_EQ(fault_of(it.bus().test_event_pattern(R"({"detail":{"n":1}})", event)),
              MessagingFault::invalid_pattern);
}

ports::ReplayDescription replay_of(EventBusUnderTest& it, std::string name, Instant from) {
    ports::ReplayDescription wanted;
    wanted.name = std::move(name);
    wanted.archive_arn = it.archives().describe_archive("kept")->arn;
    wanted.bus_arn = it.buses().describe_event_bus("")->arn;
    wanted.start = from;
    wanted.end = it.now();
    return wanted;
}

void a_replay_brings_events_again_under_their_ids_and_is_not_archived(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})", {{}, "$.id", {}});
    add_rule(it, "again", R"({"replay-name":[{"exists":true}]})", {{}, "$.replay-name", {}});
    ports::ArchiveDescription archive;
    archive.name = "kept";
    archive.bus_arn = it.buses().describe_event_bus("")->arn;
    ASSERT_TRUE(it.archives().create_archive(archive).has_value());
    auto const begin = it.now() - Duration::seconds(1);
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(put(it, entry("{}")).has_value());
    it.pass(moment);
    auto const ids = bodies(it, "all");
    ASSERT_EQ(ids.size(), 3U);
    EXPECT_TRUE(bodies(it, "again").empty());
    for (auto const* const name : {"one", "two"}) {
        ASSERT_TRUE(it.replays().start_replay(replay_of(it, name, begin)).has_value());
        it.pass(moment);
        EXPECT_EQ(bodies(it, "all"), ids) << name;
        auto const quoted = "\"" + std::string(name) + "\"";
        EXPECT_EQ(bodies(it, "again"), std::vector<std::string>(3, quoted));
        EXPECT_EQ(it.replays().describe_replay(name)->state, ports::ReplayState::completed);
        EXPECT_EQ(it.archives().describe_archive("kept")->events, 3U);
    }
    EXPECT_EQ(fault_of(it.replays().start_replay(replay_of(it, "one", begin))),
              MessagingFault::already_exists);
    EXPECT_EQ(fault_of(it.replays().cancel_replay("one")), MessagingFault::illegal_status);
}

/// Three events a second apart, and rules that keep their numbers.
Instant put_three(EventBusUnderTest& it) {
    ports::ArchiveDescription archive;
    archive.name = "kept";
    archive.bus_arn = it.buses().describe_event_bus("")->arn;
    archive.pattern = R"({"detail":{"n":[{"exists":true}]}})";
    EXPECT_TRUE(it.archives().create_archive(archive).has_value());
    auto const begin = it.now();
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(put(it, entry(R"({"n":)" + std::to_string(i) + "}")).has_value());
        it.pass(Duration::seconds(1));
    }
    EXPECT_TRUE(put(it, entry("{}")).has_value());
    it.pass(moment);
    return begin;
}

void a_replay_brings_what_the_archive_wants_of_a_window_to_the_rules_it_is_for(
    EventBusUnderTest& it) {
    add_rule(it, "one", R"({"source":[{"exists":true}]})", {{}, "$.detail.n", {}});
    add_rule(it, "other", R"({"source":[{"exists":true}]})", {{}, "$.detail.n", {}});
    auto const begin = put_three(it);
    EXPECT_EQ(bodies(it, "one").size(), 4U);
    EXPECT_EQ(bodies(it, "other").size(), 4U);
    auto const archive = it.archives().describe_archive("kept");
    ASSERT_TRUE(archive.has_value());
    EXPECT_EQ(archive->events, 3U);
    EXPECT_GT(archive->bytes, 0U);
    auto wanted = replay_of(it, "again", begin + Duration::milliseconds(500));
    wanted.rule_arns = {it.rules().describe_rule("", "one")->arn};
    ASSERT_TRUE(it.replays().start_replay(wanted).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "one"), (std::vector<std::string>{"1", "2"}));
    EXPECT_TRUE(bodies(it, "other").empty());
    wanted = replay_of(it, "before", begin);
    wanted.end = begin + Duration::milliseconds(1'500);
    ASSERT_TRUE(it.replays().start_replay(wanted).has_value());
    it.pass(moment);
    EXPECT_EQ(bodies(it, "other"), (std::vector<std::string>{"0", "1"}));
    auto const ended = it.replays().describe_replay("before");
    EXPECT_EQ(ended->state, ports::ReplayState::completed);
    EXPECT_TRUE(ended->reached && *ended->reached < wanted.end);
    EXPECT_EQ(it.replays().list_replays(archive->arn, {})->items.size(), 2U);
}

void what_archives_and_replays_cannot_be_is_refused(EventBusUnderTest& it) {
    auto const begin = put_three(it);
    auto& archives = it.archives();
    EXPECT_EQ(fault_of(archives.create_archive(*archives.describe_archive("kept"))),
              MessagingFault::already_exists);
    ports::ArchiveChange change{.name = "kept"};
    change.pattern = R"({"detail":{"n":1}})";
    EXPECT_EQ(fault_of(archives.update_archive(change)), MessagingFault::invalid_pattern);
    change.pattern = R"({"detail":{"n":[1]}})";
    ASSERT_TRUE(archives.update_archive(change).has_value());
    EXPECT_EQ(archives.describe_archive("kept")->events, 1U);
    auto wanted = replay_of(it, "r", begin);
    wanted.end = wanted.start;
    EXPECT_EQ(fault_of(it.replays().start_replay(wanted)), MessagingFault::invalid);
    wanted = replay_of(it, "r", begin);
    wanted.rule_arns = {"arn:aws:events:us-east-1:000000000000:rule/none"};
    EXPECT_EQ(fault_of(it.replays().start_replay(wanted)), MessagingFault::not_found);
    wanted = replay_of(it, "r", begin);
    ASSERT_TRUE(archives.delete_archive("kept").has_value());
    EXPECT_EQ(fault_of(archives.describe_archive("kept")), MessagingFault::not_found);
    EXPECT_EQ(fault_of(it.replays().start_replay(wanted)), MessagingFault::not_found);
    EXPECT_EQ(fault_of(it.replays().describe_replay("r")), MessagingFault::not_found);
}

void a_replay_that_was_cancelled_brings_nothing_more(EventBusUnderTest& it) {
    add_rule(it, "all", R"({"source":[{"exists":true}]})");
    auto const begin = put_three(it);
    it.take("all");
    ASSERT_TRUE(it.replays().start_replay(replay_of(it, "r", begin)).has_value());
    EXPECT_EQ(it.replays().cancel_replay("r")->state, ports::ReplayState::cancelling);
    it.pass(moment);
    EXPECT_TRUE(bodies(it, "all").empty());
    EXPECT_EQ(it.replays().describe_replay("r")->state, ports::ReplayState::cancelled);
    EXPECT_EQ(fault_of(it.replays().cancel_replay("r")), MessagingFault::illegal_status);
}

constexpr Sentence<EventBusUnderTest> sentences[] = {
    {"an_event_reaches_the_rules_that_it_meets_and_no_others",
     an_event_reaches_the_rules_that_it_meets_and_no_others},
    {"one_element_must_have_all_that_is_asked_of_elements",
     one_element_must_have_all_that_is_asked_of_elements},
    {"entries_are_judged_one_by_one", entries_are_judged_one_by_one},
    {"a_call_that_cannot_be_is_refused_whole", a_call_that_cannot_be_is_refused_whole},
    {"only_the_platform_speaks_as_the_platform", only_the_platform_speaks_as_the_platform},
    {"a_target_gets_what_it_asked_for", a_target_gets_what_it_asked_for},
    {"a_changed_rule_holds_for_the_next_event", a_changed_rule_holds_for_the_next_event,
     promised<&MessagingPromises::instant_changes>},
    {"deliveries_keep_the_sequence_of_the_log", deliveries_keep_the_sequence_of_the_log,
     promised<&MessagingPromises::exact_order>},
    {"a_slow_target_delays_no_other", a_slow_target_delays_no_other,
     promised<&MessagingPromises::busy_targets>},
    {"what_is_busy_for_a_while_gets_it_later", what_is_busy_for_a_while_gets_it_later,
     promised<&MessagingPromises::busy_targets>},
    {"what_never_can_be_delivered_is_a_dead_letter", what_never_can_be_delivered_is_a_dead_letter},
    {"tries_come_to_an_end", tries_come_to_an_end, promised<&MessagingPromises::busy_targets>},
    {"names_are_known_or_refused", names_are_known_or_refused},
    {"lists_come_in_pages_and_miss_nothing", lists_come_in_pages_and_miss_nothing},
    {"tags_stay_with_what_they_name", tags_stay_with_what_they_name},
    {"a_pattern_can_be_tried_without_a_rule", a_pattern_can_be_tried_without_a_rule},
    {"a_replay_brings_events_again_under_their_ids_and_is_not_archived",
     a_replay_brings_events_again_under_their_ids_and_is_not_archived,
     promised<&MessagingPromises::exact_counts>},
    {"a_replay_brings_what_the_archive_wants_of_a_window_to_the_rules_it_is_for",
     a_replay_brings_what_the_archive_wants_of_a_window_to_the_rules_it_is_for,
     promised<&MessagingPromises::exact_counts>},
    {"what_archives_and_replays_cannot_be_is_refused",
     what_archives_and_replays_cannot_be_is_refused, promised<&MessagingPromises::exact_counts>},
    {"a_replay_that_was_cancelled_brings_nothing_more",
     a_replay_that_was_cancelled_brings_nothing_more,
     promised<&MessagingPromises::instant_changes>},
};

} // namespace

bool event_bus_contract(std::string const& name, MakeEventBus make) {
    return hold_to("EventBusContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
