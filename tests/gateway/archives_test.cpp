#include "tests/gateway/shop_door.hpp"

#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Archives and replays, as operators use them.
class ArchivesSpec : public ::testing::Test {
protected:
    ArchivesSpec() {
        for (auto const* const name : {"first", "second"})
            make_rule(name);
        for (int n = 1; n <= 3; ++n)
            put(n);
        brought(); // they have come for the first time
    }
    void make_rule(std::string const& name) {
        ASSERT_TRUE(shop.archives.bus.put_rule(
            {.name = name, .bus = bus, .pattern = R"({"source":["app"]})"}, {}));
        ports::TargetDescription target{.id = name};
        target.arn = "arn:aws:sqs:us-east-1:000000000000:" + name;
        ASSERT_TRUE(shop.archives.bus.put_targets(bus, name, std::span(&target, 1)));
    }
    void put(int n) {
        ports::EventEntry const entry{.source = "app",
                                      .detail_type = "counted",
                                      .detail = R"({"n":)" + std::to_string(n) + "}",
                                      .bus = bus};
        ASSERT_TRUE(
            shop.archives.bus.put_events(std::span(&entry, 1), ports::EventOrigin::outside));
        shop.clock.pass(Duration::seconds(1));
    }
    /// Whatever comes now, as "first 2 again": rule, number, and that it was there before.
    std::multiset<std::string> brought() {
        std::multiset<std::string> came;
        for (int turn = 0; turn < 20; ++turn) {
            shop.clock.pass(Duration::seconds(1));
            shop.archives.bus.deliver(
                [&](bus::Delivery const& delivery) -> std::optional<bus::DeliveryFault> {
                    auto const number = delivery.body.find(R"("n":)");
                    bool const is_again = delivery.body.find("replay-name") != std::string::npos;
                    came.insert(delivery.target_id + " " + delivery.body.substr(number + 4, 1) +
                                (is_again ? " again" : ""));
                    return std::nullopt;
                },
                100);
        }
        return came;
    }
    std::string wish(std::string const& name, std::string const& more = "") const {
        return R"({"name":")" + name + R"(","archive":"ecommerce-archive","from":)" +
               codec::to_json(begin) + R"(,"to":)" + codec::to_json(begin + Duration::days(1)) +
               R"(,"reason":"a report was wrong")" + more + "}";
    }
    Got start(std::string const& name, std::string const& more = "") {
        return shop.post("/v1/ops/replays", wish(name, more));
    }
    Got show(std::string const& name) { return shop.get("/v1/ops/replays/" + name); }

    static constexpr auto bus = "ecommerce-platform";
    ShopDoor shop;
    Instant begin{shop.clock.now()};
};

TEST_F(ArchivesSpec, an_archive_says_what_it_holds) {
    auto const list = shop.get("/v1/ops/archives");
    EXPECT_EQ(list.status, 200) << list.body;
    EXPECT_EQ(list.count("data"), 1U);
    EXPECT_EQ(list.at("data.0.name"), "ecommerce-archive");
    auto const one = shop.get("/v1/ops/archives/ecommerce-archive");
    EXPECT_EQ(one.at("bus"), bus);
    EXPECT_EQ(one.at("state"), "enabled");
    EXPECT_EQ(one.at("events"), "3");
    EXPECT_EQ(shop.get("/v1/ops/archives/other").at("name"), "unknown_archive");
    EXPECT_EQ(shop.get("/v1/ops/archives?prefix=other").count("data"), 0U);
}

TEST_F(ArchivesSpec, what_happened_is_brought_once_more) {
    auto const started = start("again");
    EXPECT_EQ(started.status, 202) << started.body;
    EXPECT_EQ(started.header("Location"), "/v1/ops/replays/again");
    EXPECT_EQ(started.at("state"), "starting");
    EXPECT_EQ(brought(),
              (std::multiset<std::string>{"first 1 again", "first 2 again", "first 3 again",
                                          "second 1 again", "second 2 again", "second 3 again"}));
    auto const ended = show("again");
    EXPECT_EQ(ended.at("state"), "completed") << ended.body;
    EXPECT_NE(ended.at("reached_at"), "");
    EXPECT_NE(ended.at("ended_at"), "");
    EXPECT_EQ(shop.get("/v1/ops/replays?archive=ecommerce-archive").at("data.0.name"), "again");
    EXPECT_EQ(shop.get("/v1/ops/replays?archive=other").at("name"), "unknown_archive");
}

TEST_F(ArchivesSpec, only_to_some_rules_and_only_what_meets_a_pattern) {
    auto const started =
        start("some", R"(,"rules":["second"],"pattern":"{\"detail\":{\"n\":[2]}}")");
    EXPECT_EQ(started.status, 202) << started.body;
    EXPECT_EQ(started.at("rules.0"), "second");
    EXPECT_EQ(brought(), std::multiset<std::string>{"second 2 again"});
    EXPECT_EQ(start("wrong", R"(,"rules":["third"])").at("name"), "replay_refused");
    auto const unclear = start("wrong", R"(,"pattern":"{")");
    EXPECT_EQ(unclear.at("errors.0.pointer"), "/pattern") << unclear.body;
    EXPECT_EQ(shop.get("/v1/ops/audit?verb=start_replay").count("data"), 1U)
        << "what cannot begin is no deed";
    EXPECT_EQ(show("wrong").at("name"), "unknown_replay");
}

TEST_F(ArchivesSpec, a_replay_can_be_cancelled_until_it_has_ended) {
    start("again");
    auto const because = R"({"reason":"the wrong day"})";
    auto const cancelled = shop.post("/v1/ops/replays/again/cancel", because);
    EXPECT_EQ(cancelled.status, 202) << cancelled.body;
    EXPECT_EQ(cancelled.at("state"), "cancelling");
    EXPECT_TRUE(brought().empty());
    EXPECT_EQ(show("again").at("state"), "cancelled");
    EXPECT_EQ(shop.post("/v1/ops/replays/again/cancel", because).at("name"), "replay_ended");
    EXPECT_EQ(shop.post("/v1/ops/replays/other/cancel", because).at("name"), "unknown_replay");
}

TEST_F(ArchivesSpec, who_did_it_and_why_is_in_the_record) {
    start("again");
    auto const record = shop.get("/v1/ops/audit");
    EXPECT_EQ(record.at("data.0.verb"), "start_replay") << record.body;
    EXPECT_EQ(record.at("data.0.reason"), "a report was wrong");
    EXPECT_EQ(start("again").at("name"), "replay_exists");
    EXPECT_EQ(start("backwards", R"(,"rules":["third"])").status, 422);
    EXPECT_EQ(shop.get("/v1/ops/audit").count("data"), 1U) << "what never began is no deed";
}

TEST_F(ArchivesSpec, an_answer_waits_for_whoever_asks_the_archives) {
    shop.ask_archives(false);
    auto const ticket = shop.start({.path = "/v1/ops/archives", .token = shop.all});
    auto const begun = shop.start({Method::post, "/v1/ops/replays", wish("again"), shop.all, {}});
    shop.live(Duration::milliseconds(50));
    EXPECT_FALSE(shop.collected(ticket));
    EXPECT_FALSE(shop.collected(begun));
    shop.ask_archives(true);
    for (int steps = 0; steps < 100 && !shop.collected(begun); ++steps)
        shop.live(Duration::milliseconds(5));
    ASSERT_TRUE(shop.collected(ticket));
    EXPECT_EQ(shop.collected(ticket)->status, 200);
    ASSERT_TRUE(shop.collected(begun));
    EXPECT_EQ(shop.collected(begun)->status, 202) << shop.collected(begun)->body;
}

TEST_F(ArchivesSpec, where_too_many_wait_one_more_is_told_to_come_back) {
    shop.archives.room = 0;
    auto const got = shop.get("/v1/ops/archives");
    EXPECT_EQ(got.status, 503) << got.body;
    EXPECT_EQ(got.at("name"), "full");
    EXPECT_NE(got.header("Retry-After"), "");
}

TEST_F(ArchivesSpec, a_shop_without_queues_has_no_archives) {
    shop.open_without_queues();
    EXPECT_EQ(shop.get("/v1/ops/archives").at("name"), "queues_off");
    EXPECT_EQ(start("again").at("name"), "queues_off");
}

} // namespace
} // namespace kontor::services::gateway
