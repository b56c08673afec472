/// Who may do what to whose things: the resources that a key must be permitted on.

#include "adapters/aws_wire/form.hpp"
#include "adapters/aws_wire/hand_bus.hpp"
#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/sqs.hpp"
#include "adapters/memory/queues.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

namespace kontor::aws_wire {
namespace {

constexpr std::string_view any_rule = R"("EventPattern":"{}")";

/// A key that may do everything to what the globs of resources name.
AccessKey key_to(std::vector<std::string> resources) {
    return {"s", {"*"}, std::move(resources), {"*"}};
}

/// Asks as somebody who has a key; the code of a refusal, else nothing.
class Permissions : public ::testing::Test {
protected:
    std::string ask_events(AccessKey const& key, std::string_view operation,
                           std::string_view json) {
        auto const params = read_json(json).value();
        Caller const caller{"AKIDSPEC", &key};
        auto const answer = events_.answer({operation, Params(params, Protocol::json), caller});
        return answer ? "" : answer.error().code;
    }
    std::string put_rule(AccessKey const& key, std::string_view bus, std::string_view name) {
        return ask_events(
            key, "PutRule",
            fmt::format(R"({{"Name":"{}","EventBusName":"{}",{}}})", name, bus, any_rule));
    }

    std::string ask_topics(AccessKey const& key, std::string_view operation,
                           std::string_view form) {
        auto const params = fold_form(read_form(form).value(), Service::sns).value();
        Caller const caller{"AKIDSPEC", &key};
        auto const answer = sns_.answer({operation, Params(params, Protocol::query), caller});
        return answer ? "" : answer.error().query_code;
    }
    std::string ask_queues(AccessKey const& key, std::string_view operation,
                           std::string_view json) {
        auto const params = read_json(json).value();
        Caller const caller{"AKIDSPEC", &key};
        auto const answer = sqs_.answer({operation, Params(params, Protocol::json), caller});
        return answer ? "" : answer.error().code;
    }

    HandBus bus_;
    HandTopics topics_;
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    memory::Queues queues_{clock_, secrets_};
    Events events_{bus_.doors(), {}};
    Sns sns_{topics_.doors(), {}};
    Sqs sqs_{{queues_.queue(), queues_.admin(), queues_.moves()}, {}};
};

TEST_F(Permissions, a_rule_of_another_bus_has_its_bus_in_its_name) {
    auto const of_default = key_to({"arn:aws:events:*:*:rule/orders-*"});
    EXPECT_EQ(put_rule(of_default, "default", "orders-spy"), "");
    EXPECT_EQ(put_rule(of_default, "", "orders-spy"), "");
    EXPECT_EQ(put_rule(of_default, "arn:aws:events:us-east-1:000000000000:event-bus/default",
                       "orders-spy"),
              "");
    auto const of_bus = key_to({"arn:aws:events:*:*:rule/orders-bus/*"});
    EXPECT_EQ(put_rule(of_bus, "orders-bus", "r"), "");
    EXPECT_EQ(bus_.rule.bus, "orders-bus");
    EXPECT_EQ(put_rule(of_bus, "arn:aws:events:us-east-1:000000000000:event-bus/orders-bus", "r"),
              "");
    EXPECT_EQ(bus_.rule.bus, "orders-bus");
    EXPECT_EQ(put_rule(of_bus, "default", "r"), "AccessDeniedException");
    EXPECT_EQ(put_rule(of_bus, "shop", "r"), "AccessDeniedException");
}

TEST_F(Permissions, whoever_may_touch_rules_of_the_default_bus_touches_none_of_another) {
    auto const key = key_to({"arn:aws:events:*:*:rule/orders-*"});
    struct Case {
        std::string_view operation;
        std::string_view member;
        std::string_view more{};
    };
    constexpr Case cases[] = {{"PutRule", "Name", R"(,"EventPattern":"{}")"},
                              {"DescribeRule", "Name"},
                              {"EnableRule", "Name"},
                              {"DisableRule", "Name"},
                              {"DeleteRule", "Name"},
                              {"PutTargets", "Rule"},
                              {"RemoveTargets", "Rule", R"(,"Ids":["a"])"},
                              {"ListTargetsByRule", "Rule"}};
    for (auto const& [operation, member, more] : cases) {
        auto const with = [&](std::string_view bus) {
            return fmt::format(R"({{"{}":"orders-spy","EventBusName":"{}"{}}})", member, bus, more);
        };
        EXPECT_EQ(ask_events(key, operation, with("shop")), "AccessDeniedException") << operation;
        EXPECT_EQ(ask_events(key, operation, with("default")), "") << operation;
    }
}

constexpr std::string_view here = "arn:aws:sqs:us-east-1:000000000000:";

/// May all with its own things, and send nowhere else.
AccessKey const& of_orders() {
    static AccessKey const key =
        key_to({"arn:aws:*:*:*:orders*", "arn:aws:events:*:*:event-bus/orders",
                "arn:aws:events:*:*:rule/*"});
    return key;
}

TEST_F(Permissions, no_rule_hands_events_to_what_its_owner_may_not_send_to) {
    auto const put = [&](std::string_view arn, std::string_view dead = {}) {
        auto const more = dead.empty() ? std::string()
                                       : fmt::format(R"(,"DeadLetterConfig":{{"Arn":"{}"}})", dead);
        bus_.targets.clear();
        return ask_events(of_orders(), "PutTargets",
                          fmt::format(R"({{"Rule":"r","Targets":[{{"Id":"own","Arn":"{}orders"}},)"
                                      R"({{"Id":"a","Arn":"{}"{}}}]}})",
                                      here, arn, more));
    };
    auto const queue = [](std::string_view name) { return fmt::format("{}{}", here, name); };
    EXPECT_EQ(put(queue("orders-2"), queue("orders-dead")), "");
    EXPECT_EQ(bus_.targets.size(), 2u);
    for (auto const* const arn :
         {"arn:aws:sqs:us-east-1:000000000000:other", "arn:x:sqs:us-east-1:000000000000:other",
          "arn:aws:sns:us-east-1:000000000000:other",
          "arn:aws:events:us-east-1:000000000000:event-bus/other"}) {
        EXPECT_EQ(put(arn), "AccessDeniedException") << arn;
        EXPECT_TRUE(bus_.targets.empty()) << "nothing was changed";
    }
    EXPECT_EQ(put(queue("orders-2"), queue("other")), "AccessDeniedException");
    EXPECT_TRUE(bus_.targets.empty());
    for (auto const* const operation : {"CreateEventBus", "UpdateEventBus"})
        for (auto const* const name : {"orders-dead", "other"})
            EXPECT_EQ(
                ask_events(of_orders(), operation,
                           fmt::format(R"({{"Name":"orders","DeadLetterConfig":{{"Arn":"{}"}}}})",
                                       queue(name))),
                name == std::string_view("other") ? "AccessDeniedException" : "");
    auto const looker = AccessKey{"s", {"events:*"}, {"*"}, {}};
    EXPECT_EQ(
        ask_events(looker, "PutTargets",
                   fmt::format(R"({{"Rule":"r","Targets":[{{"Id":"a","Arn":"{}q"}}]}})", here)),
        "AccessDeniedException")
        << "the action counts, not the resource alone";
}

TEST_F(Permissions, no_topic_writes_where_who_subscribes_may_not) {
    auto const subscribe = [&](std::string_view queue, std::string_view dead = {}) {
        topics_.wish = {};
        auto const more =
            dead.empty() ? std::string()
                         : fmt::format("&Attributes.entry.1.key=RedrivePolicy&Attributes.entry.1."
                                       "value={{\"deadLetterTargetArn\":\"{}{}\"}}",
                                       here, dead);
        return ask_topics(of_orders(), "Subscribe",
                          fmt::format("TopicArn=arn:aws:sns:us-east-1:000000000000:orders&"
                                      "Protocol=sqs&Endpoint={}{}{}",
                                      here, queue, more));
    };
    EXPECT_EQ(subscribe("orders-q", "orders-dead"), "");
    EXPECT_EQ(subscribe("other"), "AuthorizationError");
    EXPECT_EQ(subscribe("orders-q", "other"), "AuthorizationError");
    EXPECT_TRUE(topics_.wish.endpoint.empty()) << "nothing was changed";
    auto const redrive = [&](std::string_view dead) {
        return ask_topics(of_orders(), "SetSubscriptionAttributes",
                          fmt::format("SubscriptionArn=arn:aws:sns:us-east-1:000000000000:orders:1&"
                                      "AttributeName=RedrivePolicy&AttributeValue="
                                      "{{\"deadLetterTargetArn\":\"{}{}\"}}",
                                      here, dead));
    };
    EXPECT_EQ(redrive("orders-dead"), "");
    topics_.said.clear();
    EXPECT_EQ(redrive("other"), "AuthorizationError");
    EXPECT_EQ(topics_.said, "");
}

TEST_F(Permissions, no_queue_has_its_dead_letters_go_where_its_owner_may_not_send) {
    auto const everything = key_to({"*"});
    for (auto const* const name : {"orders", "orders-dead", "other"})
        ASSERT_EQ(
            ask_queues(everything, "CreateQueue", fmt::format(R"({{"QueueName":"{}"}})", name)),
            "");
    auto const redrive = [](std::string_view dead) {
        return fmt::format(R"("Attributes":{{"RedrivePolicy":"{{\"deadLetterTargetArn\":\"{}{}\",)"
                           R"(\"maxReceiveCount\":1}}"}})",
                           here, dead);
    };
    auto const set = [&](std::string_view dead) {
        return ask_queues(
            of_orders(), "SetQueueAttributes",
            fmt::format(R"({{"QueueUrl":"http://x/000000000000/orders",{}}})", redrive(dead)));
    };
    EXPECT_EQ(set("other"), "AccessDeniedException");
    EXPECT_FALSE(queues_.admin().find(ports::QueueName("orders"))->settings.redrive);
    EXPECT_EQ(set("orders-dead"), "");
    EXPECT_EQ(ask_queues(of_orders(), "CreateQueue",
                         fmt::format(R"({{"QueueName":"orders-2",{}}})", redrive("other"))),
              "AccessDeniedException");
    EXPECT_FALSE(queues_.admin().find(ports::QueueName("orders-2")));
    EXPECT_EQ(
        ask_queues(
            of_orders(), "StartMessageMoveTask",
            fmt::format(R"({{"SourceArn":"{0}orders-dead","DestinationArn":"{0}other"}})", here)),
        "AccessDeniedException");
}

TEST_F(Permissions, a_topic_is_made_by_whoever_may_make_that_one) {
    EXPECT_EQ(ask_topics(of_orders(), "CreateTopic", "Name=orders-t"), "");
    EXPECT_EQ(ask_topics(of_orders(), "CreateTopic", "Name=other"), "AuthorizationError");
}

} // namespace
} // namespace kontor::aws_wire
