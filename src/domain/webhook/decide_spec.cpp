#include "domain/webhook/webhook.hpp"
#include "tests/support/given.hpp"

#include <gtest/gtest.h>

namespace kontor::webhook {
namespace {

using kontor::testing::given;

Settings settings(bool enabled = true) {
    return {"https://hooks.example.org/in", R"({"detail-type":["order.confirmed"]})", "the books",
            enabled};
}
Added added() {
    return {settings()};
}
Changed switched_off() {
    return {settings(false)};
}

TEST(Webhook, it_is_added_once) {
    given<Decider>().when(Add{settings()}).then(added());
    given<Decider>(added()).when(Add{settings()}).then_nothing();
    given<Decider>(added()).when(Add{settings(false)}).then_rejected(Rejection::webhook_exists);
    given<Decider>(added(), Removed{})
        .when(Add{settings()})
        .then_rejected(Rejection::webhook_exists);
}

TEST(Webhook, what_a_change_does_not_name_stays) {
    auto elsewhere = settings();
    elsewhere.url = "https://hooks.example.com/";
    given<Decider>(added()).when(Change{.url = elsewhere.url}).then(Changed{elsewhere});
    given<Decider>(added()).when(Change{.enabled = false}).then(switched_off());
    given<Decider>(added()).when(Change{.enabled = true}).then_nothing();
    given<Decider>().when(Change{}).then_rejected(Rejection::unknown_webhook);
}

TEST(Webhook, each_rotation_has_the_next_number) {
    auto const first = Decider::decide(Standing{settings()}, RotateSecret{}, Context{});
    ASSERT_TRUE(first);
    EXPECT_EQ(first->front(), Event(SecretRotated{2, Instant()}));
    auto const at = Instant() + Duration::days(1);
    auto const state = evolve(State(Standing{settings()}), SecretRotated{2, at});
    EXPECT_EQ(std::get<Standing>(state).secret, 2U);
    EXPECT_EQ(std::get<Standing>(state).rotated_at, at);
    given<Decider>().when(RotateSecret{}).then_rejected(Rejection::unknown_webhook);
}

TEST(Webhook, one_that_is_disabled_gets_neither_tests_nor_repetitions) {
    given<Decider>(added()).when(SendTest{}).then(Tested{});
    given<Decider>(added()).when(AskResend{7}).then(ResendAsked{7});
    given<Decider>(added(), switched_off())
        .when(SendTest{})
        .then_rejected(Rejection::webhook_disabled);
    given<Decider>(added(), Disabled{Why::gone, 7})
        .when(AskResend{7})
        .then_rejected(Rejection::webhook_disabled);
    given<Decider>().when(SendTest{}).then_rejected(Rejection::unknown_webhook);
    given<Decider>().when(AskResend{7}).then_rejected(Rejection::unknown_webhook);
}

TEST(Webhook, what_ended_it_is_known_until_somebody_enables_it) {
    given<Decider>(added()).when(Disable{Why::exhausted, 7}).then(Disabled{Why::exhausted, 7});
    given<Decider>(added(), Disabled{Why::gone, 7}).when(Disable{Why::gone, 8}).then_nothing();
    given<Decider>().when(Disable{Why::gone, 7}).then_nothing();
    auto state = evolve(State(Standing{settings()}), Disabled{Why::gone, 7});
    EXPECT_FALSE(std::get<Standing>(state).settings.enabled);
    EXPECT_EQ(std::get<Standing>(state).disabled_by, (Disabled{Why::gone, 7}));
    state = evolve(std::move(state), Changed{settings()});
    EXPECT_EQ(state, State(Standing{settings()}));
}

TEST(Webhook, once_removed_it_is_unknown) {
    given<Decider>(added()).when(Remove{}).then(Removed{});
    given<Decider>(added(), Removed{}).when(Remove{}).then_rejected(Rejection::unknown_webhook);
    given<Decider>(added(), Removed{}).when(Change{}).then_rejected(Rejection::unknown_webhook);
    EXPECT_TRUE(is_terminal(Removed{}));
    EXPECT_FALSE(is_terminal(Standing{settings(false)}));
}

} // namespace
} // namespace kontor::webhook
