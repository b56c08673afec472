#include "platform/messaging/bus/exchange.hpp"
#include "platform/messaging/bus/limits.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

namespace kontor::bus {
namespace {

constexpr Instant start_time = Instant::from_unix_microseconds(1'764'180'000'500'000);
constexpr auto outside = ports::EventOrigin::outside;

std::string queue_arn(std::string_view name) {
    return "arn:aws:sqs:us-east-1:000000000000:" + std::string(name);
}

ports::EventEntry entry(std::string detail = R"({"n":1})", std::string source = "partner.shop") {
    return {std::move(source), "thing.happened", std::move(detail)};
}

struct World {
    Exchange exchange{CloudPlace{}, Random(7)};
    Instant now{start_time};

    ports::EntryOutcome put(ports::EventEntry const& one,
                            ports::EventOrigin origin = ports::EventOrigin::outside) {
        auto outcomes = exchange.put(std::span(&one, 1), origin, now);
        EXPECT_TRUE(outcomes.has_value()) << outcomes.error().what;
        return outcomes->front();
    }
    void rule(std::string const& name, std::string const& pattern,
              std::vector<ports::TargetDescription> const& targets) {
        auto const put = exchange.rules().put_rule({name, "", pattern}, {});
        ASSERT_TRUE(put.has_value()) << put.error().what;
        auto const failed = exchange.rules().put_targets("", name, targets);
        ASSERT_TRUE(failed.has_value()) << failed.error().what;
        EXPECT_TRUE(failed->empty());
    }
    void work() { exchange.work(now, 1'000); }
    std::vector<Exchange::Attempt> started() {
        work();
        return exchange.start(now, 1'000);
    }
    /// The bodies of all that is delivered, by target.
    std::map<std::string, std::vector<std::string>> delivered() {
        std::map<std::string, std::vector<std::string>> bodies;
        for (auto const& attempt : started()) {
            bodies[attempt.parcel.target_id].push_back(attempt.parcel.body);
            exchange.delivered(attempt);
        }
        return bodies;
    }
};

ports::TargetDescription target(std::string id, std::string queue = "analytics") {
    ports::TargetDescription made;
    made.id = std::move(id);
    made.arn = queue_arn(queue);
    made.dead_letter_arn = queue_arn("dead-letter");
    return made;
}

std::string attribute(DeadLetter const& letter, std::string_view name) {
    for (auto const& each : letter.attributes)
        if (each.name == name)
            return each.value;
    return "";
}

TEST(Accept, an_event_has_an_envelope) {
    World world;
    world.rule("all", R"({"source":["partner.shop"]})", {target("t")});
    auto const id =
        world.put({"partner.shop", "thing.happened", R"({"n": 1.50})", std::nullopt, {"a\"b"}});
    ASSERT_TRUE(id.has_value());
    EXPECT_EQ(id->size(), 36U);
    EXPECT_EQ(world.delivered()["t"].front(),
              R"({"version":"0","id":")" + *id +
                  R"(","detail-type":"thing.happened","source":"partner.shop",)"
                  R"("account":"000000000000","time":"2025-11-26T18:00:00Z",)"
                  R"("region":"us-east-1","resources":["a\"b"],"detail":{"n":1.50}})");
}

TEST(Accept, each_entry_is_judged_alone) {
    World world;
    std::vector<ports::EventEntry> entries(6, entry());
    entries[1].detail = R"(["no object"])";
    entries[2].source = "";
    entries[3].source = "aws.s3";
    entries[4].source = "kontor.order";
    entries[5].bus = "nowhere";
    auto const outcomes = world.exchange.put(entries, outside, world.now);
    ASSERT_TRUE(outcomes.has_value());
    EXPECT_TRUE((*outcomes)[0].has_value());
    EXPECT_EQ((*outcomes)[1].error().fault, ports::EntryFault::malformed_detail);
    EXPECT_EQ((*outcomes)[2].error().fault, ports::EntryFault::invalid_argument);
    EXPECT_EQ((*outcomes)[2].error().what,
              "Parameter Source is not valid. Reason: Source is a required argument.");
    EXPECT_EQ((*outcomes)[3].error().fault, ports::EntryFault::not_authorized_for_source);
    EXPECT_EQ((*outcomes)[4].error().fault, ports::EntryFault::not_authorized_for_source);
    EXPECT_EQ((*outcomes)[5].error().fault, ports::EntryFault::invalid_argument);
    EXPECT_EQ(world.exchange.behind(), 1U);
}

TEST(Accept, the_bus_of_another_account_or_region_is_not_ours) {
    World world;
    std::vector<ports::EventEntry> entries(3, entry());
    entries[0].bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    entries[1].bus = "arn:aws:events:us-east-1:111111111111:event-bus/default";
    entries[2].bus = "arn:aws:events:eu-west-1:000000000000:event-bus/default";
    auto const outcomes = world.exchange.put(entries, outside, world.now);
    ASSERT_TRUE(outcomes.has_value());
    EXPECT_TRUE((*outcomes)[0].has_value());
    for (std::size_t i = 1; i < entries.size(); ++i) {
        ASSERT_FALSE((*outcomes)[i].has_value());
        EXPECT_EQ((*outcomes)[i].error().fault, ports::EntryFault::invalid_argument);
        EXPECT_NE((*outcomes)[i].error().what.find(entries[i].bus), std::string::npos);
    }
    EXPECT_EQ(world.exchange.behind(), 1U);
}

TEST(Accept, the_platform_speaks_as_itself_and_nobody_as_aws) {
    World world;
    EXPECT_TRUE(world.put(entry("{}", "kontor.order"), ports::EventOrigin::platform).has_value());
    EXPECT_FALSE(world.put(entry("{}", "aws.s3"), ports::EventOrigin::platform).has_value());
    EXPECT_TRUE(world.put(entry("{}", "kontors.order")).has_value());
}

TEST(Accept, a_call_is_bounded) {
    World world;
    auto const put = [&](std::vector<ports::EventEntry> const& entries) {
        return world.exchange.put(entries, outside, world.now);
    };
    EXPECT_FALSE(put({}).has_value());
    EXPECT_FALSE(put(std::vector(11, entry())).has_value());
    EXPECT_FALSE(put({entry(""), entry("", "x")}).has_value());
    auto const sized = [](std::size_t bytes) {
        auto made = entry(R"({"a":""})");
        made.detail.insert(6, std::string(bytes - entry_size(made), 'x'));
        return made;
    };
    EXPECT_TRUE(put({sized(ports::put_bytes_max)}).has_value());
    EXPECT_FALSE(put({sized(ports::put_bytes_max), entry()}).has_value());
    EXPECT_FALSE(put({sized(ports::put_bytes_max + 1)}).has_value());
}

TEST(Accept, a_detail_cannot_break_out_of_its_envelope) {
    World world;
    for (auto const* const detail : {R"({"a":1},"source":"kontor.order")", R"({"a":1,"a":2})",
                                     "{}}", "{", "1", R"({"a":"\ud800"})"})
        EXPECT_EQ(world.put(entry(detail)).error().fault, ports::EntryFault::malformed_detail)
            << detail;
    auto deep = std::string(300, '[') + std::string(300, ']');
    EXPECT_EQ(world.put(entry(R"({"a":)" + deep + "}")).error().fault,
              ports::EntryFault::malformed_detail);
    EXPECT_EQ(world.put({"partner\xff", "t", "{}"}).error().fault,
              ports::EntryFault::invalid_argument);
}

TEST(Route, an_event_reaches_the_targets_of_the_rules_that_it_meets_and_no_others) {
    World world;
    world.rule("ones", R"({"detail":{"n":[1]}})", {target("a"), target("b")});
    world.rule("twos", R"({"detail":{"n":[2]}})", {target("c")});
    ASSERT_TRUE(world.put(entry()).has_value());
    auto const bodies = world.delivered();
    EXPECT_EQ(bodies.size(), 2U);
    EXPECT_TRUE(bodies.contains("a") && bodies.contains("b"));
    EXPECT_TRUE(world.exchange.take_dead_letters().empty());
}

TEST(Route, a_target_gets_what_it_asked_for) {
    World world;
    auto constant = target("constant");
    constant.input.constant = R"({"x":1})";
    auto part = target("part");
    part.input.path = "$.detail.n";
    auto filled = target("filled");
    filled.input.filled = {{{"n", "$.detail.n"}}, R"({"n":<n>,"by":"<aws.events.rule-name>"})"};
    world.rule("ones", R"({"detail":{"n":[1]}})", {constant, part, filled});
    ASSERT_TRUE(world.put(entry()).has_value());
    auto bodies = world.delivered();
    EXPECT_EQ(bodies["constant"].front(), R"({"x":1})");
    EXPECT_EQ(bodies["part"].front(), "1");
    EXPECT_EQ(bodies["filled"].front(), R"({"n":1,"by":"ones"})");
}

TEST(Route, a_disabled_rule_meets_nothing_and_an_enabled_one_the_next_event) {
    World world;
    world.rule("ones", R"({"detail":{"n":[1]}})", {target("a")});
    auto& rules = world.exchange.rules();
    ASSERT_TRUE(rules.set_rule_state("", "ones", ports::RuleState::disabled).has_value());
    ASSERT_TRUE(world.put(entry()).has_value());
    EXPECT_TRUE(world.delivered().empty());
    ASSERT_TRUE(rules.set_rule_state("", "ones", ports::RuleState::enabled).has_value());
    ASSERT_TRUE(world.put(entry()).has_value());
    EXPECT_EQ(world.delivered()["a"].size(), 1U);
    ASSERT_TRUE(rules.put_rule({"ones", "", R"({"detail":{"n":[2]}})"}, {}).has_value());
    ASSERT_TRUE(world.put(entry()).has_value());
    EXPECT_TRUE(world.delivered().empty());
}

TEST(Route, what_is_not_known_to_meet_a_rule_is_a_dead_letter_of_its_targets) {
    World world;
    world.rule("slow",
               R"({"detail":{"p":{"a":[1],"b":[1],"c":[1],"d":[1]},"p.a.x":[{"exists":false}]}})",
               {target("a"), target("b")});
    std::string detail = R"({"p":[)";
    for (int i = 0; i < 200; ++i)
        detail += R"([{"a":1},{"b":1}],)";
    for (int i = 0; i < 400; ++i)
        detail += R"({"a":1,"b":1,"c":1},)";
    ASSERT_TRUE(world.put(entry(detail + R"({"d":1}]})")).has_value());
    EXPECT_TRUE(world.delivered().empty());
    auto const letters = world.exchange.take_dead_letters();
    ASSERT_EQ(letters.size(), 2U);
    EXPECT_EQ(attribute(letters.front(), "ERROR_CODE"), "PATTERN_BUDGET");
    EXPECT_EQ(letters.front().queue_arn, queue_arn("dead-letter"));
}

TEST(Route, a_bus_hands_events_to_a_bus_but_not_in_circles_for_ever) {
    World world;
    auto& rules = world.exchange.rules();
    auto const other = rules.create_bus({"other"}, {}, world.now);
    ASSERT_TRUE(other.has_value());
    auto forward = target("forward");
    forward.arn = other->arn;
    world.rule("all", R"({"source":[{"exists":true}]})", {forward});
    auto back = target("back");
    back.arn = rules.describe_bus("")->arn;
    ASSERT_TRUE(
        rules.put_rule({"back", "other", R"({"source":[{"exists":true}]})"}, {}).has_value());
    ASSERT_TRUE(rules.put_targets("other", "back", std::span(&back, 1)).has_value());
    ASSERT_TRUE(world.put(entry()).has_value());
    EXPECT_TRUE(world.delivered().empty());
    EXPECT_EQ(world.exchange.behind(), 0U);
    auto const letters = world.exchange.take_dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(attribute(letters.front(), "ERROR_CODE"), "TOO_MANY_HOPS");
}

TEST(Delivery, a_target_that_never_answers_delays_no_other) {
    World world;
    world.rule("ones", R"({"detail":{"n":[1]}})", {target("slow"), target("quick")});
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(world.put(entry()).has_value());
    std::size_t quick = 0;
    world.work();
    for (int turn = 0; turn < 100; ++turn)
        for (auto const& attempt : world.exchange.start(world.now, 1'000))
            if (attempt.parcel.target_id == "quick") {
                world.exchange.delivered(attempt);
                ++quick;
            }
    EXPECT_EQ(quick, 100U);
}

TEST(Delivery, a_passing_fault_is_tried_again_and_a_final_one_is_not) {
    World world;
    world.rule("ones", R"({"detail":{"n":[1]}})", {target("a")});
    ASSERT_TRUE(world.put(entry()).has_value());
    auto attempts = world.started();
    ASSERT_EQ(attempts.size(), 1U);
    world.exchange.failed(attempts.front(), DeliveryFault::timed_out, "no answer", world.now);
    EXPECT_TRUE(world.exchange.take_dead_letters().empty());
    world.now = world.now + first_wait;
    attempts = world.started();
    ASSERT_EQ(attempts.size(), 1U);
    EXPECT_EQ(attempts.front().tries, 1U);
    world.exchange.failed(attempts.front(), DeliveryFault::no_resource, "gone", world.now);
    auto const letters = world.exchange.take_dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(attribute(letters.front(), "ERROR_CODE"), "NO_RESOURCE");
    EXPECT_EQ(attribute(letters.front(), "ERROR_MESSAGE"), "gone");
    EXPECT_EQ(attribute(letters.front(), "EXHAUSTED_RETRY_CONDITION"), "");
    EXPECT_EQ(letters.front().body, attempts.front().parcel.body);
}

TEST(Delivery, tries_end_by_count_or_by_age_whichever_comes_first) {
    Random random(3);
    ports::RetryPolicy const policy{3, 600};
    auto const after = [&](std::uint32_t tries, Duration age) {
        return after_failure(policy, {DeliveryFault::throttled, tries, age}, random);
    };
    EXPECT_TRUE(std::holds_alternative<TryAgain>(after(3, Duration{})));
    EXPECT_EQ(std::get<GiveUp>(after(4, Duration{})).exhausted, Exhausted::tries);
    EXPECT_EQ(std::get<GiveUp>(after(1, Duration::seconds(601))).exhausted, Exhausted::age);
}

TEST(Delivery, waits_double_up_to_a_bound_and_are_all_jitter) {
    Random random(3);
    ports::RetryPolicy const policy{185, 86'400};
    for (std::uint32_t tries = 1; tries <= 20; ++tries) {
        auto const bound = std::min(longest_wait, first_wait * (std::int64_t{1} << (tries - 1)));
        Duration longest{};
        for (int i = 0; i < 200; ++i) {
            auto const next = after_failure(policy, {DeliveryFault::timed_out, tries, {}}, random);
            longest = std::max(longest, std::get<TryAgain>(next).after);
            ASSERT_LE(std::get<TryAgain>(next).after, bound);
        }
        EXPECT_GT(longest, Duration::microseconds(bound.in_microseconds() / 2));
    }
}

TEST(Delivery, an_exhausted_one_says_how) {
    World world;
    auto impatient = target("a");
    impatient.retry = ports::RetryPolicy{0, 60};
    world.rule("ones", R"({"detail":{"n":[1]}})", {impatient});
    ASSERT_TRUE(world.put(entry()).has_value());
    auto const attempts = world.started();
    world.exchange.failed(attempts.front(), DeliveryFault::service_failure, "503", world.now);
    auto const letters = world.exchange.take_dead_letters();
    ASSERT_EQ(letters.size(), 1U);
    EXPECT_EQ(attribute(letters.front(), "EXHAUSTED_RETRY_CONDITION"), "MaximumRetryAttempts");
    EXPECT_EQ(attribute(letters.front(), "RETRY_ATTEMPTS"), "0");
    EXPECT_EQ(attribute(letters.front(), "TARGET_ARN"), queue_arn("analytics"));
}

TEST(Delivery, without_dead_letters_the_loss_is_counted) {
    World world;
    auto careless = target("a");
    careless.dead_letter_arn = "";
    world.rule("ones", R"({"detail":{"n":[1]}})", {careless});
    ASSERT_TRUE(world.put(entry()).has_value());
    auto const attempts = world.started();
    world.exchange.failed(attempts.front(), DeliveryFault::no_resource, "gone", world.now);
    EXPECT_TRUE(world.exchange.take_dead_letters().empty());
    EXPECT_EQ(world.exchange.lost(), 1U);
}

MessagingFault fault_of(auto const& answer) {
    EXPECT_FALSE(answer.has_value());
    return answer ? MessagingFault::unavailable : answer.error().fault;
}

TEST(RuleBook, what_cannot_be_is_refused_by_name_and_changes_nothing) {
    World world;
    auto& rules = world.exchange.rules();
    EXPECT_EQ(fault_of(rules.put_rule({"r", "nowhere", "{}"}, {})), MessagingFault::not_found);
    EXPECT_EQ(fault_of(rules.put_rule({"r r", "", R"({"a":[1]})"}, {})), MessagingFault::invalid);
    EXPECT_EQ(fault_of(rules.put_rule({"r", "", ""}, {})), MessagingFault::invalid);
    EXPECT_EQ(fault_of(rules.put_rule({"r", "", R"({"a":1})"}, {})),
              MessagingFault::invalid_pattern);
    EXPECT_EQ(fault_of(rules.put_rule({"r", "", "", "rate(1 minute)"}, {})),
              MessagingFault::invalid);
    EXPECT_EQ(fault_of(rules.describe_rule("", "r")), MessagingFault::not_found);
    EXPECT_EQ(fault_of(rules.create_bus({"a/b"}, {}, world.now)), MessagingFault::invalid);
    EXPECT_EQ(fault_of(rules.delete_bus("default")), MessagingFault::invalid);
    EXPECT_TRUE(rules.delete_bus("nowhere").has_value());
    EXPECT_TRUE(rules.delete_rule("", "nowhere").has_value());
}

TEST(RuleBook, a_bus_of_another_account_or_region_does_not_exist) {
    World world;
    auto& rules = world.exchange.rules();
    ASSERT_TRUE(rules.put_rule({"r", "", R"({"a":[1]})"}, {}));
    for (std::string const bus : {"arn:aws:events:us-east-1:111111111111:event-bus/default",
                                  "arn:aws:events:eu-west-1:000000000000:event-bus/default"}) {
        EXPECT_EQ(fault_of(rules.put_rule({"x", bus, R"({"a":[1]})"}, {})),
                  MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.describe_rule(bus, "r")), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.delete_rule(bus, "r")), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.list_rules(bus, {})), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.list_targets(bus, "r", {})), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.describe_bus(bus)), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.update_bus({bus, "mine"}, world.now)), MessagingFault::not_found);
        EXPECT_EQ(fault_of(rules.delete_bus(bus)), MessagingFault::not_found);
    }
    EXPECT_TRUE(
        rules.describe_rule("arn:aws:events:us-east-1:000000000000:event-bus/default", "r"));
}

TEST(RuleBook, targets_are_checked_one_by_one) {
    World world;
    world.rule("r", R"({"a":[1]})", {target("a")});
    auto& rules = world.exchange.rules();
    auto const put = [&](ports::TargetDescription const& one) {
        return rules.put_targets("", "r", std::span(&one, 1));
    };
    auto odd = target("b");
    odd.arn = "arn:aws:kinesis:us-east-1:000000000000:stream/x";
    auto const failed = put(odd);
    ASSERT_TRUE(failed.has_value());
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->front().id, "b");
    auto unknown = target("c");
    unknown.input.filled = {{}, R"({"a":<b>})"};
    EXPECT_EQ(put(unknown).error().what,
              "InputTemplate for target c contains invalid placeholder b.");
    auto fifo = target("d", "orders.fifo");
    EXPECT_EQ(fault_of(put(fifo)), MessagingFault::invalid);
    fifo.message_group_id = "g";
    EXPECT_TRUE(put(fifo).has_value());
    auto eager = target("e");
    eager.retry = ports::RetryPolicy{186, 86'400};
    EXPECT_EQ(fault_of(put(eager)), MessagingFault::invalid);
    auto buried = target("f");
    buried.dead_letter_arn = queue_arn("dead-letter.fifo");
    EXPECT_EQ(fault_of(put(buried)), MessagingFault::invalid);
    EXPECT_EQ(rules.list_targets("", "r", {})->items.size(), 2U);
    EXPECT_EQ(fault_of(rules.delete_rule("", "r")), MessagingFault::invalid);
    std::string const ids[] = {"a", "d", "zz"};
    auto const removed = rules.remove_targets("", "r", ids);
    ASSERT_EQ(removed->size(), 1U);
    EXPECT_EQ(removed->front().id, "zz");
    EXPECT_TRUE(rules.delete_rule("", "r").has_value());
}

TEST(RuleBook, a_rule_has_at_most_five_targets) {
    World world;
    world.rule("r", R"({"a":[1]})", {target("a"), target("b"), target("c"), target("d")});
    std::vector<ports::TargetDescription> const two = {target("e"), target("f")};
    auto& rules = world.exchange.rules();
    EXPECT_EQ(fault_of(rules.put_targets("", "r", two)), MessagingFault::limit_exceeded);
    EXPECT_EQ(rules.list_targets("", "r", {})->items.size(), 4U);
    EXPECT_TRUE(rules.put_targets("", "r", std::span(two).first(1)).has_value());
}

TEST(RuleBook, lists_come_in_pages) {
    World world;
    for (int i = 0; i < 7; ++i)
        world.rule("r" + std::to_string(i), R"({"a":[1]})", {target("a")});
    auto& rules = world.exchange.rules();
    std::string names;
    ports::PageWish wish{"r", "", 3};
    do {
        auto const page = rules.list_rules("", wish);
        ASSERT_TRUE(page.has_value());
        EXPECT_LE(page->items.size(), 3U);
        for (auto const& each : page->items)
            names += each.name + " ";
        wish.after = page->next;
    } while (!wish.after.empty());
    EXPECT_EQ(names, "r0 r1 r2 r3 r4 r5 r6 ");
    EXPECT_EQ(rules.list_rule_names_by_target("", queue_arn("analytics"), {"r3"})->items,
              std::vector<std::string>{"r3"});
    EXPECT_EQ(fault_of(rules.list_rules("", {"", "", 0})), MessagingFault::invalid);
}

TEST(RuleBook, what_the_topology_owns_is_not_changed_from_outside) {
    World world;
    world.exchange.adopt(topology::shop, world.now);
    auto& rules = world.exchange.rules();
    auto const* const bus = "ecommerce-platform";
    EXPECT_EQ(rules.list_rules(bus, {})->items.size(), topology::shop.rules.size());
    EXPECT_EQ(fault_of(rules.put_rule({"stock-facts", bus, R"({"a":[1]})"}, {})),
              MessagingFault::access_denied);
    EXPECT_EQ(fault_of(rules.set_rule_state(bus, "stock-facts", ports::RuleState::disabled)),
              MessagingFault::access_denied);
    EXPECT_EQ(fault_of(rules.delete_rule(bus, "stock-facts")), MessagingFault::access_denied);
    EXPECT_EQ(fault_of(rules.delete_bus(bus)), MessagingFault::access_denied);
    std::string const id = "inventory-updates";
    EXPECT_EQ(fault_of(rules.remove_targets(bus, "stock-facts", std::span(&id, 1))),
              MessagingFault::access_denied);
    EXPECT_TRUE(rules.put_rule({"mine", bus, R"({"a":[1]})"}, {}).has_value());
}

TEST(RuleBook, tags_stay_with_what_they_name) {
    World world;
    world.rule("r", R"({"a":[1]})", {target("a")});
    auto& rules = world.exchange.rules();
    auto const arn = rules.describe_rule("", "r")->arn;
    EXPECT_EQ(arn, "arn:aws:events:us-east-1:000000000000:rule/r");
    ASSERT_TRUE(rules.tag(arn, {{"team", "a"}, {"cost", "b"}}).has_value());
    ASSERT_TRUE(rules.untag(arn, {"cost"}).has_value());
    EXPECT_EQ(*rules.tags_of(arn), (std::vector<ports::Tag>{{"team", "a"}}));
    EXPECT_EQ(fault_of(rules.tags_of(arn + "x")), MessagingFault::not_found);
    EXPECT_EQ(fault_of(rules.tag(arn, {{"", "a"}})), MessagingFault::invalid);
}

TEST(TestEventPattern, an_event_is_asked_and_nothing_else_happens) {
    auto const* const event =
        R"({"id":"1","account":"0","source":"s","time":"t","region":"r","detail-type":"d"})";
    EXPECT_TRUE(*test_event_pattern(R"({"source":["s"]})", event));
    EXPECT_FALSE(*test_event_pattern(R"({"source":["z"]})", event));
    EXPECT_EQ(fault_of(test_event_pattern(R"({"source":"s"})", event)),
              MessagingFault::invalid_pattern);
    EXPECT_EQ(fault_of(test_event_pattern(R"({"source":["s"]})", R"({"id":"1"})")),
              MessagingFault::invalid);
}

} // namespace
} // namespace kontor::bus
