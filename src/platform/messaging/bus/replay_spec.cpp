#include "platform/messaging/bus/exchange.hpp"
#include "platform/messaging/bus/limits.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kontor::bus {
namespace {

constexpr Instant start_time = Instant::from_unix_microseconds(1'764'180'000'000'000);
constexpr auto bus_arn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
constexpr auto archive_arn = "arn:aws:events:us-east-1:000000000000:archive/kept";

struct World {
    Exchange exchange{CloudPlace{}, Random(7)};
    Instant now{start_time};

    World() {
        rule("all", R"({"source":["partner.shop"]})");
        ports::ArchiveDescription archive;
        archive.name = "kept";
        archive.bus_arn = bus_arn;
        EXPECT_TRUE(exchange.archives().create(archive, now).has_value());
    }
    void rule(std::string const& name, std::string const& pattern) {
        ports::TargetDescription target;
        target.id = name;
        target.arn = "arn:aws:sqs:us-east-1:000000000000:analytics";
        EXPECT_TRUE(exchange.rules().put_rule({name, "", pattern}, {}).has_value());
        EXPECT_TRUE(exchange.rules().put_targets("", name, std::span(&target, 1)).has_value());
    }
    /// Puts events a second apart, and answers their ids.
    std::vector<std::string> put(int count, std::string const& detail = "{}") {
        std::vector<std::string> ids;
        for (int i = 0; i < count; ++i) {
            ports::EventEntry const entry{"partner.shop", "t", detail, now};
            ids.push_back(
                *exchange.put(std::span(&entry, 1), ports::EventOrigin::outside, now)->front());
            now = now + Duration::seconds(1);
        }
        return ids;
    }
    std::vector<Delivery> delivered() {
        exchange.work(now, 100'000);
        std::vector<Delivery> all;
        for (auto attempts = exchange.start(now, 100); !attempts.empty();
             attempts = exchange.start(now, 100))
            for (auto const& attempt : attempts) {
                all.push_back(attempt.parcel);
                exchange.delivered(attempt);
            }
        return all;
    }
    Answer<ports::ReplayDescription> replay(Instant from, Instant to,
                                            std::vector<std::string> rules = {},
                                            std::string pattern = {}) {
        ports::ReplayDescription wanted;
        wanted.name = "again" + std::to_string(replays++);
        wanted.archive_arn = archive_arn;
        wanted.bus_arn = bus_arn;
        wanted.start = from;
        wanted.end = to;
        wanted.rule_arns = std::move(rules);
        wanted.pattern = std::move(pattern);
        return exchange.archives().start(wanted, now);
    }
    /// Steps until all replays have ended; answers what was delivered.
    std::vector<Delivery> run() {
        std::vector<Delivery> all;
        for (int i = 0; i < 1'000 && exchange.archives().is_busy(); ++i) {
            now = now + Duration::milliseconds(100);
            auto const some = delivered();
            all.insert(all.end(), some.begin(), some.end());
        }
        EXPECT_FALSE(exchange.archives().is_busy());
        return all;
    }
    int replays{0};
};

std::vector<std::string> ids_of(std::vector<Delivery> const& deliveries) {
    std::vector<std::string> ids;
    for (auto const& each : deliveries)
        ids.push_back(each.event_id);
    return ids;
}

TEST(Replay, what_was_put_comes_again_under_its_id_and_says_so) {
    World world;
    auto const ids = world.put(5);
    EXPECT_EQ(world.delivered().size(), 5U);
    auto const begun = world.replay(start_time, world.now);
    ASSERT_TRUE(begun.has_value()) << begun.error().what;
    EXPECT_EQ(begun->state, ports::ReplayState::starting);
    auto const again = world.run();
    EXPECT_EQ(ids_of(again), ids);
    EXPECT_TRUE(again.front().body.ends_with(R"(,"replay-name":"again0"})"));
    auto const ended = world.exchange.archives().describe_replay("again0");
    EXPECT_EQ(ended->state, ports::ReplayState::completed);
    EXPECT_EQ(ended->reached, start_time + Duration::seconds(4));
    EXPECT_TRUE(ended->ended.has_value());
}

TEST(Replay, what_was_replayed_is_not_archived_again) {
    World world;
    world.put(5);
    EXPECT_EQ(world.delivered().size(), 5U);
    auto const before = world.exchange.archives().describe("kept", world.now)->events;
    EXPECT_EQ(before, 5U);
    ASSERT_TRUE(world.replay(start_time, world.now).has_value());
    EXPECT_EQ(world.run().size(), 5U);
    EXPECT_EQ(world.exchange.archives().describe("kept", world.now)->events, before);
    ASSERT_TRUE(world.replay(start_time, world.now).has_value());
    EXPECT_EQ(world.run().size(), 5U);
}

TEST(Replay, a_window_holds_its_beginning_and_not_its_end) {
    World world;
    auto const ids = world.put(10);
    world.delivered();
    ASSERT_TRUE(world.replay(start_time + Duration::seconds(2), start_time + Duration::seconds(5))
                    .has_value());
    EXPECT_EQ(ids_of(world.run()), (std::vector<std::string>{ids[2], ids[3], ids[4]}));
}

TEST(Replay, it_may_be_for_some_rules) {
    World world;
    world.rule("other", R"({"source":["partner.shop"]})");
    world.put(2);
    EXPECT_EQ(world.delivered().size(), 4U);
    auto const arn = world.exchange.rules().describe_rule("", "other")->arn;
    ASSERT_TRUE(world.replay(start_time, world.now, {arn}).has_value());
    auto const again = world.run();
    ASSERT_EQ(again.size(), 2U);
    EXPECT_EQ(again.front().target_id, "other");
    EXPECT_EQ(world.replay(start_time, world.now, {arn + "x"}).error().fault,
              ports::MessagingFault::not_found);
}

TEST(Replay, it_may_have_a_pattern_of_its_own) {
    World world;
    world.put(2, R"({"n":1})");
    auto const ids = world.put(2, R"({"n":2})");
    world.delivered();
    ASSERT_TRUE(world.replay(start_time, world.now, {}, R"({"detail":{"n":[2]}})").has_value());
    EXPECT_EQ(ids_of(world.run()), ids);
    EXPECT_EQ(world.replay(start_time, world.now, {}, R"({"detail":2})").error().fault,
              ports::MessagingFault::invalid_pattern);
}

TEST(Replay, it_keeps_to_its_rate) {
    World world;
    world.put(1'200);
    world.delivered();
    ASSERT_TRUE(world.replay(start_time, world.now).has_value());
    world.delivered();
    world.now = world.now + Duration::seconds(1);
    EXPECT_EQ(world.delivered().size(), replay_events_a_second);
    world.now = world.now + Duration::milliseconds(500);
    EXPECT_EQ(world.delivered().size(), replay_events_a_second / 2);
    world.now = world.now + Duration::hours(1);
    EXPECT_LE(world.delivered().size(), replay_events_of_step_max);
    world.run();
}

TEST(Replay, what_is_put_after_it_began_is_not_its_own) {
    World world;
    world.put(3);
    world.delivered();
    ASSERT_TRUE(world.replay(start_time, world.now + Duration::days(1)).has_value());
    world.put(4);
    EXPECT_EQ(world.run().size(), 3U + 4U);
}

TEST(Replay, a_cancelled_one_ends_and_an_ended_one_cannot_be_cancelled) {
    World world;
    world.put(3);
    world.delivered();
    ASSERT_TRUE(world.replay(start_time, world.now).has_value());
    auto& archives = world.exchange.archives();
    EXPECT_EQ(archives.cancel("again0", world.now)->state, ports::ReplayState::cancelling);
    EXPECT_TRUE(world.run().empty());
    EXPECT_EQ(archives.describe_replay("again0")->state, ports::ReplayState::cancelled);
    EXPECT_EQ(archives.cancel("again0", world.now).error().fault,
              ports::MessagingFault::illegal_status);
}

TEST(Replay, without_its_archive_it_fails_and_says_why) {
    World world;
    world.put(3);
    ASSERT_TRUE(world.replay(start_time, world.now).has_value());
    ASSERT_TRUE(world.exchange.archives().remove("kept", world.now).has_value());
    world.run();
    auto const ended = world.exchange.archives().describe_replay("again0");
    EXPECT_EQ(ended->state, ports::ReplayState::failed);
    EXPECT_FALSE(ended->reason.empty());
}

TEST(Replay, what_cannot_be_is_refused) {
    World world;
    EXPECT_EQ(world.replay(start_time, start_time).error().fault, ports::MessagingFault::invalid);
    ASSERT_TRUE(world.replay(start_time, start_time + Duration::seconds(1)).has_value());
    world.replays = 1;
    EXPECT_EQ(world.replay(start_time, start_time + Duration::seconds(1)).error().fault,
              ports::MessagingFault::already_exists);
    for (std::size_t i = 1; i < replays_running_max; ++i)
        ASSERT_TRUE(world.replay(start_time, start_time + Duration::seconds(1)).has_value());
    EXPECT_EQ(world.replay(start_time, start_time + Duration::seconds(1)).error().fault,
              ports::MessagingFault::limit_exceeded);
}

TEST(Replay, a_bus_that_was_deleted_gets_none) {
    World world;
    auto& rules = world.exchange.rules();
    ASSERT_TRUE(rules.create_bus({"mine"}, {}, world.now));
    ports::ArchiveDescription archive;
    archive.name = "of-mine";
    archive.bus_arn = "arn:aws:events:us-east-1:000000000000:event-bus/mine";
    auto const made = world.exchange.archives().create(archive, world.now);
    ASSERT_TRUE(made);
    ports::ReplayDescription wanted;
    wanted.name = "again";
    wanted.archive_arn = made->arn;
    wanted.bus_arn = archive.bus_arn;
    wanted.start = start_time;
    wanted.end = start_time + Duration::seconds(1);
    ASSERT_TRUE(rules.delete_bus("mine"));
    EXPECT_EQ(world.exchange.archives().start(wanted, world.now).error().fault,
              ports::MessagingFault::not_found);
    ASSERT_TRUE(rules.create_bus({"mine"}, {}, world.now));
    EXPECT_TRUE(world.exchange.archives().start(wanted, world.now));
}

TEST(Archive, it_holds_what_it_wants_and_as_long_as_it_says) {
    World world;
    ports::ArchiveDescription wanted;
    wanted.name = "ones";
    wanted.bus_arn = bus_arn;
    wanted.pattern = R"({"detail":{"n":[1]}})";
    wanted.retention_days = 2;
    auto& archives = world.exchange.archives();
    ASSERT_TRUE(archives.create(wanted, world.now).has_value());
    world.put(3, R"({"n":1})");
    world.put(2, R"({"n":2})");
    EXPECT_EQ(archives.describe("ones", world.now)->events, 3U);
    EXPECT_EQ(archives.describe("kept", world.now)->events, 5U);
    auto const later = world.now + Duration::days(2);
    EXPECT_EQ(archives.describe("ones", later)->events, 0U);
    EXPECT_EQ(archives.describe("kept", later)->events, 5U);
    EXPECT_EQ(archives.create(wanted, world.now).error().fault,
              ports::MessagingFault::already_exists);
    ports::ArchiveChange change;
    change.name = "ones";
    change.pattern = R"({"detail":{"n":1}})";
    EXPECT_EQ(archives.update(change).error().fault, ports::MessagingFault::invalid_pattern);
    EXPECT_EQ(archives.describe("ones", world.now)->pattern, wanted.pattern);
}

TEST(Archive, one_of_another_account_or_region_is_not_ours) {
    World world;
    auto& archives = world.exchange.archives();
    ports::ArchiveDescription wanted;
    wanted.name = "elsewhere";
    wanted.bus_arn = "arn:aws:events:eu-west-1:000000000000:event-bus/default";
    EXPECT_EQ(archives.create(wanted, world.now).error().fault, ports::MessagingFault::not_found);
    EXPECT_TRUE(archives.describe(archive_arn, world.now));
    EXPECT_EQ(archives.describe("arn:aws:events:us-east-1:111111111111:archive/kept", world.now)
                  .error()
                  .fault,
              ports::MessagingFault::not_found);
}

TEST(Archive, what_the_topology_owns_is_not_changed_from_outside) {
    World world;
    world.exchange.adopt(topology::shop, world.now);
    auto& archives = world.exchange.archives();
    ports::ArchiveChange change;
    change.name = "ecommerce-archive";
    EXPECT_EQ(archives.update(change).error().fault, ports::MessagingFault::access_denied);
    EXPECT_EQ(archives.remove("ecommerce-archive", world.now).error().fault,
              ports::MessagingFault::access_denied);
    EXPECT_EQ(archives.describe("ecommerce-archive", world.now)->retention_days, 0U);
}

} // namespace
} // namespace kontor::bus
