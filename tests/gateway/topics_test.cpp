#include "tests/gateway/shop_door.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

constexpr auto all_topics = "/v1/ops/topics";

std::string quoted(std::string const& json) {
    std::string text;
    codec::append_json(text, json);
    return text;
}

/// Topics and who is subscribed to them, as operators look at them and change them.
class TopicsSpec : public ::testing::Test {
protected:
    TopicsSpec() {
        EXPECT_TRUE(shop.archives.board.create_topic("news", {}, {}));
        for (auto const* const name : {"mine", "dead-letter"})
            EXPECT_TRUE(shop.queue_admin().create(
                ports::QueueName(name), ports::QueueKind::standard, {}, ports::QueueOwner::caller));
        shop.settle();
    }
    static std::string path(std::string const& below, std::string const& topic = "news") {
        return std::string(all_topics) + "/" + topic + below;
    }
    Got subscribe(std::string const& more = "", std::string const& topic = "news",
                  std::string const& endpoint = "mine") {
        return shop.post(path("/subscriptions", topic),
                         R"({"endpoint":")" + endpoint + "\"" + more + "}");
    }
    static std::string with_filter(std::string const& filter) {
        return R"(,"filter":)" + quoted(filter);
    }
    Got change(std::string const& id, std::string const& body, std::string const& if_match,
               std::string const& topic = "news") {
        Knock knock{Method::patch, path("/subscriptions/" + id, topic), body, shop.all};
        if (!if_match.empty())
            knock.headers = {{"if-match", if_match}};
        return shop.ask(std::move(knock));
    }
    Got end(std::string const& id, std::string const& topic = "news") {
        return shop.ask({Method::remove,
                         path("/subscriptions/" + id, topic),
                         {},
                         shop.all,
                         {{"kontor-reason", "its reader is gone"}}});
    }
    Got publish(std::string const& body, std::string const& more = "") {
        return shop.post(path("/messages"), R"({"body":)" + quoted(body) + more + "}");
    }
    Got test_filter(std::string const& filter, std::string const& message,
                    std::string const& more = "") {
        return shop.post(path("/filter-test"), R"({"filter":)" + quoted(filter) + R"(,"message":)" +
                                                   quoted(message) + more + "}");
    }
    std::size_t entries(std::string const& verb) {
        return shop.get("/v1/ops/audit?verb=" + verb).count("data");
    }

    ShopDoor shop;
};

TEST_F(TopicsSpec, topics_are_listed_and_shown_with_who_is_subscribed) {
    auto const list = shop.get(all_topics);
    ASSERT_EQ(list.count("data"), 3U) << list.body;
    EXPECT_EQ(list.at("data.0.name"), "news");
    EXPECT_EQ(list.at("data.1.is_of_topology"), "true");
    EXPECT_EQ(shop.get(std::string(all_topics) + "?prefix=order").at("data.0.name"),
              "order-notifications");
    auto const shown = shop.get(path("", "order-notifications"));
    ASSERT_EQ(shown.count("subscriptions"), 1U) << shown.body;
    EXPECT_EQ(shown.at("subscriptions.0.endpoint"), "notifications");
    EXPECT_EQ(shown.at("subscriptions.0.scope"), "body");
    EXPECT_EQ(shown.at("subscriptions.0.dead_letters"), "dead-letter");
    EXPECT_EQ(shown.at("subscriptions.0.is_of_topology"), "true");
    EXPECT_NE(shown.at("subscriptions.0.filter").find("anything-but"), std::string::npos);
    EXPECT_EQ(shown.at("is_cut"), "false");
    EXPECT_EQ(shop.get(path("", "other")).at("name"), "unknown_topic");
    EXPECT_EQ(shop.get(path("/subscriptions", "other")).at("name"), "unknown_topic");
    EXPECT_EQ(shop.get(path("/subscriptions/none")).at("name"), "unknown_subscription");
}

TEST_F(TopicsSpec, a_page_of_topics_goes_on_where_the_one_before_ended) {
    auto const first = shop.get(std::string(all_topics) + "?limit=2");
    ASSERT_EQ(first.count("data"), 2U) << first.body;
    auto const second = shop.get(first.at("next"));
    ASSERT_EQ(second.count("data"), 1U) << second.body;
    EXPECT_EQ(second.at("data.0.name"), "order-notifications");
    EXPECT_EQ(second.at("has_more"), "false");
}

TEST_F(TopicsSpec, who_subscribes_is_made_once_and_gets_what_meets_the_filter) {
    auto const made = subscribe(with_filter(R"({"kind":["a"]})"));
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.header("ETag"), "\"v1\"");
    EXPECT_EQ(made.header("Location"), path("/subscriptions/" + made.at("id")));
    EXPECT_EQ(made.at("state"), "confirmed");
    EXPECT_EQ(made.at("scope"), "body");
    EXPECT_EQ(made.at("dead_letters"), "dead-letter");
    EXPECT_EQ(made.at("queue"), "mine");
    EXPECT_EQ(publish(R"({"kind":"a"})").status, 202);
    EXPECT_EQ(publish(R"({"kind":"b"})").status, 202);
    EXPECT_EQ(publish("no object").status, 202);
    auto const shown = shop.get(made.header("Location"));
    EXPECT_EQ(shown.at("matched"), "1") << shown.body;
    EXPECT_EQ(shown.at("filtered"), "2");
    EXPECT_EQ(shop.get(path("")).at("published"), "3");
    EXPECT_EQ(shop.get(path("/subscriptions")).at("data.0.id"), made.at("id"));
    EXPECT_EQ(entries("subscribe_to_topic"), 1U);
    auto const again = subscribe(with_filter(R"({"kind":["a"]})"));
    EXPECT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(again.at("id"), made.at("id"));
    EXPECT_EQ(entries("subscribe_to_topic"), 1U) << "nothing was done";
}

TEST_F(TopicsSpec, a_subscription_that_is_refused_leaves_no_entry) {
    auto const wrong = subscribe(with_filter(R"({"kind":"a"})"));
    EXPECT_EQ(wrong.at("name"), "pattern_invalid") << wrong.body;
    EXPECT_EQ(wrong.at("errors.0.pointer"), "/filter");
    auto const nested = subscribe(with_filter(R"({"a":{"b":["x"]}})") + R"(,"scope":"attributes")");
    EXPECT_EQ(nested.at("name"), "pattern_invalid") << nested.body;
    auto const nowhere = subscribe("", "news", "nowhere");
    EXPECT_EQ(nowhere.at("name"), "subscription_refused") << nowhere.body;
    EXPECT_EQ(nowhere.at("errors.0.pointer"), "/endpoint");
    EXPECT_EQ(subscribe(R"(,"dead_letters":"none")").at("errors.0.pointer"), "/dead_letters");
    EXPECT_EQ(subscribe("", "other").at("name"), "unknown_topic");
    EXPECT_EQ(subscribe("", "news", "ftp://shop.example/").at("name"), "address_refused");
    EXPECT_EQ(entries("subscribe_to_topic"), 0U) << "what was not done is in no record";
    ASSERT_EQ(subscribe().status, 201);
    EXPECT_EQ(subscribe(R"(,"raw":true)").at("name"), "subscription_exists");
    EXPECT_EQ(entries("subscribe_to_topic"), 1U);
}

TEST_F(TopicsSpec, a_url_waits_until_it_was_confirmed) {
    auto const made = subscribe("", "news", "https://shop.example/in");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.at("state"), "pending");
    EXPECT_EQ(publish("x").status, 202);
    auto const shown = shop.get(made.header("Location"));
    EXPECT_EQ(shown.at("matched"), "0") << shown.body;
    EXPECT_EQ(shown.at("filtered"), "0");
    EXPECT_EQ(shop.get(path("")).at("pending"), "1");
}

TEST_F(TopicsSpec, filter_and_scope_change_together_for_who_has_read_them) {
    auto const made = subscribe(with_filter(R"({"a":{"b":["x"]}})"));
    auto const id = made.at("id");
    EXPECT_EQ(change(id, R"({"raw":true})", "").at("name"), "version_required");
    auto const late = change(id, R"({"raw":true})", "\"v7\"");
    EXPECT_EQ(late.at("name"), "version_differs") << late.body;
    EXPECT_EQ(late.at("current_version"), "1");
    EXPECT_EQ(change(id, R"({"scope":"attributes"})", "*").at("name"), "pattern_invalid");
    EXPECT_EQ(entries("change_subscription"), 0U);
    auto const changed =
        change(id, R"({"scope":"attributes","filter":"{\"kind\":[\"a\"]}"})", "\"v1\"");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(changed.header("ETag"), "\"v2\"");
    EXPECT_EQ(changed.at("scope"), "attributes");
    auto const audit = shop.get("/v1/ops/audit?verb=change_subscription");
    EXPECT_EQ(audit.at("data.0.before.version"), "1") << audit.body;
    EXPECT_EQ(audit.at("data.0.after.version"), "2");
    EXPECT_EQ(audit.at("data.0.after.scope"), "attributes");
    EXPECT_EQ(change(id, R"({"scope":"attributes"})", "\"v2\"").at("version"), "2");
    EXPECT_EQ(entries("change_subscription"), 1U) << "it stood so already";
    EXPECT_EQ(change("none", R"({"raw":true})", "*").at("name"), "unknown_subscription");
}

TEST_F(TopicsSpec, what_the_shop_lives_on_is_neither_changed_nor_ended) {
    auto const its = shop.get(path("/subscriptions", "order-notifications")).at("data.0.id");
    EXPECT_EQ(change(its, R"({"raw":false})", "*", "order-notifications").at("name"),
              "owned_by_topology");
    EXPECT_EQ(end(its, "order-notifications").at("name"), "owned_by_topology");
    EXPECT_EQ(entries("change_subscription") + entries("end_subscription"), 0U);
}

TEST_F(TopicsSpec, a_subscription_ends_and_the_record_says_why) {
    auto const id = subscribe().at("id");
    auto const ended = end(id);
    EXPECT_EQ(ended.status, 204) << ended.body;
    EXPECT_EQ(shop.get(path("/subscriptions")).count("data"), 0U);
    auto const audit = shop.get("/v1/ops/audit?verb=end_subscription");
    EXPECT_EQ(audit.at("data.0.before.endpoint"), "mine") << audit.body;
    EXPECT_EQ(audit.at("data.0.reason"), "its reader is gone");
    EXPECT_EQ(end(id).at("name"), "unknown_subscription");
    EXPECT_EQ(entries("end_subscription"), 1U);
}

TEST_F(TopicsSpec, what_is_published_is_checked_before_it_is_a_deed) {
    auto const sent = publish("hello", R"(,"attributes":[{"name":"kind","value":"a"}])");
    EXPECT_EQ(sent.status, 202) << sent.body;
    EXPECT_EQ(sent.at("message_id").size(), 36U);
    EXPECT_EQ(entries("publish_to_topic"), 1U);
    EXPECT_EQ(publish("").at("name"), "message_refused");
    EXPECT_EQ(publish("x", R"(,"dedup":"1")").at("name"), "message_refused");
    EXPECT_EQ(
        publish("x", R"(,"attributes":[{"name":"n","value":"a","type":"Number"}])").at("name"),
        "message_refused");
    EXPECT_EQ(shop.post(path("/messages", "other"), R"({"body":"x"})").at("name"), "unknown_topic");
    EXPECT_EQ(entries("publish_to_topic"), 1U);
    EXPECT_EQ(shop.get("/v1/ops/audit").body.find("hello"), std::string::npos)
        << "what a message says is no business of the record";
}

TEST_F(TopicsSpec, a_test_says_field_by_field_why_a_message_is_filtered) {
    auto const missed = test_filter(R"({"kind":["order.placed"]})", R"({"kind":"order.Placed"})");
    ASSERT_EQ(missed.status, 200) << missed.body;
    EXPECT_EQ(missed.at("verdict"), "no_match");
    EXPECT_EQ(missed.at("ways.0.fields.0.near.0.differs_in"), "letter_case");
    EXPECT_EQ(test_filter("{}", "anything").status, 422) << "no filter of bodies reads it";
    EXPECT_EQ(test_filter("{}", R"({"a":1})").at("verdict"), "match");
    auto const of_attributes = test_filter(R"({"kind":["a"]})", "text",
                                           R"(,"scope":"attributes","attributes":)"
                                           R"([{"name":"kind","value":"a"}])");
    EXPECT_EQ(of_attributes.at("verdict"), "match") << of_attributes.body;
    EXPECT_EQ(test_filter(R"({"kind":[{"exactly":"a"}]})", "{}").at("name"), "pattern_invalid");
    EXPECT_EQ(
        shop.post(path("/filter-test", "other"), R"({"filter":"{}","message":"{}"})").at("name"),
        "unknown_topic");
    EXPECT_EQ(entries("test_filter"), 0U) << "whoever only asks does nothing";
}

TEST_F(TopicsSpec, where_too_many_wait_or_no_queues_are_kept_it_is_said) {
    shop.archives.room = 0;
    EXPECT_EQ(shop.get(all_topics).at("name"), "full");
    EXPECT_EQ(publish("x").at("name"), "full");
    shop.open_without_queues();
    EXPECT_EQ(shop.get(all_topics).at("name"), "queues_off");
    EXPECT_EQ(subscribe().at("name"), "queues_off");
}

} // namespace
} // namespace kontor::services::gateway
