/// Who may do what to whose things: the resources that a key must be permitted on.

#include "adapters/aws_wire/form.hpp"
#include "adapters/aws_wire/hand_bus.hpp"
#include "adapters/aws_wire/json_form.hpp"

#include <gtest/gtest.h>

namespace kontor::aws_wire {
namespace {

constexpr std::string_view any_rule = R"("EventPattern":"{}")";

/// A key that may do everything to what the globs of resources name.
AccessKey key_to(std::vector<std::string> resources) {
    return {"s", {"*"}, std::move(resources), {"*"}};
}

/// Asks as somebody who has a key; the code of a refusal, else nothing.
class Permissions : public testing::Test {
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

    HandBus bus_;
    Events events_{bus_.doors(), {}};
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

} // namespace
} // namespace kontor::aws_wire
