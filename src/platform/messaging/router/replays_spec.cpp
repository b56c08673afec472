#include "platform/messaging/bus/limits.hpp"
#include "platform/messaging/router/wiring_world.hpp"

#include <map>

namespace kontor::router {
namespace {

using ports::MessagingFault;
using ports::ReplayState;

/// "queue event", as often as it came.
using Post = std::map<std::string, int>;

/// A shop with an archive of what somebody puts, and queues that it goes to.
struct Past : Outside {
    explicit Past(RouterOptions wanted = {}) : Outside(std::move(wanted)) {
        for (auto const* const name : {"q1", "q2", "q3"})
            make_queue(name);
        topic = wiring->create_topic("t", {}, {}).value();
        for (auto const* const name : {"q1", "q2"})
            EXPECT_TRUE(wiring->subscribe(
                {topic, "sqs", arn("sqs", name), {{"RawMessageDelivery", "true"}}}));
        make_rule("to-topic", from_app, topic);
        make_rule("to-queue", from_app, arn("sqs", "q3"));
        ports::ArchiveDescription archive{.name = "kept"};
        archive.bus_arn = arn("events", "event-bus/default");
        EXPECT_TRUE(wiring->create_archive(archive));
        begin = clock.now();
    }
    void put_some(int count) {
        for (int i = 0; i < count; ++i) {
            ASSERT_TRUE(put(R"({"n":)" + std::to_string(++numbers) + "}"));
            clock.pass(Duration::seconds(1));
        }
    }
    ports::ReplayDescription wish(std::string const& name) {
        ports::ReplayDescription wanted{.name = name};
        wanted.archive_arn = arn("events", "archive/kept");
        wanted.bus_arn = arn("events", "event-bus/default");
        wanted.start = begin;
        wanted.end = clock.now();
        return wanted;
    }
    void start_replay(std::string const& name) {
        auto const started = wiring->start_replay(wish(name));
        ASSERT_TRUE(started) << started.error().what;
    }
    ReplayState state(std::string const& name) { return wiring->describe_replay(name)->state; }
    /// What is in the queues, which are empty then: by the event's number and its replay.
    Post take() {
        Post post;
        for (auto const* const queue : {"q1", "q2", "q3"})
            for (auto const& message : receive(queue)) {
                auto const& body = message.body;
                auto const number = body.substr(body.find(R"({"n":)") + 5);
                auto const replay = body.find("\"replay-name\"");
                ++post[std::string(queue) + " " + number.substr(0, number.find('}')) + " " +
                       (replay == std::string::npos ? "new" : body.substr(replay + 14))];
                ports::Settlement const done{message.receipt, ports::Ending::done, {}};
                EXPECT_TRUE(queues->queue().settle(ports::QueueName(queue), std::span(&done, 1)));
            }
        return post;
    }
    Post each_once(std::string const& how) const {
        Post post;
        for (int i = 1; i <= numbers; ++i)
            for (auto const* const queue : {"q1", "q2", "q3"})
                post[std::string(queue) + " " + std::to_string(i) + " " + how] = 1;
        return post;
    }
    /// Until nothing is left to do; time passes.
    void run() {
        for (int i = 0; i < 20; ++i) {
            clock.pass(Duration::seconds(1));
            route();
        }
    }

    std::string topic;
    Instant begin;
    int numbers{0};
};

std::string const again = R"("again"})";

TEST(Replays, what_was_put_comes_again_and_says_so) {
    Past world;
    world.put_some(4);
    world.run();
    EXPECT_EQ(world.take(), world.each_once("new"));
    world.start_replay("again");
    EXPECT_EQ(world.state("again"), ReplayState::starting);
    world.run();
    EXPECT_EQ(world.take(), world.each_once(again));
    EXPECT_EQ(world.state("again"), ReplayState::completed);
    EXPECT_EQ(world.wiring->describe_archive("kept")->events, 4U);
}

TEST(Replays, each_event_comes_once_wherever_the_shop_is_killed) {
    int steps = 0;
    for (bool has_ended = false; !has_ended && steps < 200 && !HasFailure(); ++steps) {
        SCOPED_TRACE(steps);
        Past world({.letters_of_commit = 1});
        world.put_some(3);
        world.run();
        ASSERT_EQ(world.take(), world.each_once("new"));
        world.start_replay("again");
        world.clock.pass(Duration::seconds(1));
        for (int step = 0; step < steps; ++step) {
            if (step % 3 == 2) {
                ASSERT_TRUE(world.queues->do_work({100}));
            } else {
                ASSERT_TRUE(world.router->do_work({1}));
            }
        }
        has_ended = world.state("again") == ReplayState::completed && steps % 3 == 2;
        world.start();
        world.run();
        EXPECT_EQ(world.take(), world.each_once(again));
        EXPECT_EQ(world.state("again"), ReplayState::completed);
    }
    EXPECT_GT(steps, 10) << "the replay was too short to be a test";
}

TEST(Replays, a_pattern_of_a_replay_is_there_in_the_next_life) {
    Past world;
    world.put_some(4);
    world.run();
    ASSERT_EQ(world.take(), world.each_once("new"));
    auto wanted = world.wish("again");
    wanted.pattern = R"({"detail":{"n":[3]}})";
    ASSERT_TRUE(world.wiring->start_replay(wanted));
    world.start();
    EXPECT_EQ(world.wiring->describe_replay("again")->pattern, wanted.pattern);
    world.run();
    EXPECT_EQ(world.take(),
              (Post{{"q1 3 " + again, 1}, {"q2 3 " + again, 1}, {"q3 3 " + again, 1}}));
}

TEST(Replays, an_event_that_was_half_brought_is_finished_in_the_next_life) {
    for (auto const* const blocked : {"q1", "q2", "q3"}) {
        SCOPED_TRACE(blocked);
        Past world({.letters_of_commit = 1, .backlog = 1});
        world.put_some(1);
        world.run();
        ASSERT_EQ(world.take(), world.each_once("new"));
        std::vector const in_the_way{ports::OutgoingMessage{.body = R"({"n":0})"}};
        ASSERT_TRUE(world.queues->queue().send(ports::QueueName(blocked), {}, in_the_way));
        world.start_replay("again");
        world.run();
        EXPECT_EQ(world.state("again"), ReplayState::running);
        world.start();
        auto seen = world.take();
        world.run();
        for (auto const& [post, times] : world.take())
            seen[post] += times;
        seen.erase(std::string(blocked) + " 0 new");
        EXPECT_EQ(seen, world.each_once(again));
        EXPECT_EQ(world.state("again"), ReplayState::completed);
    }
}

TEST(Replays, archives_and_replays_are_after_a_restart_what_they_were) {
    Past world;
    world.put_some(2);
    world.run();
    for (auto const* const name : {"done", "cancelled", "failed"}) {
        world.start_replay(name);
        if (std::string_view(name) == "done")
            world.run();
    }
    ASSERT_TRUE(world.wiring->cancel_replay("cancelled"));
    ports::ArchiveDescription few{.name = "few"};
    few.bus_arn = arn("events", "event-bus/default");
    few.pattern = R"({"detail":{"n":[{"numeric":[">",2]}]}})";
    ASSERT_TRUE(world.wiring->create_archive(few));
    ports::ArchiveChange change{.name = "few"};
    change.retention_days = 7;
    ASSERT_TRUE(world.wiring->update_archive(change));
    world.put_some(2);
    ASSERT_TRUE(world.wiring->delete_archive("kept"));
    world.run();
    auto const before = world.wiring->list_replays("", {}).value().items;
    for (int lives = 0; lives < 2; ++lives) {
        world.start();
        auto const replays = world.wiring->list_replays("", {}).value().items;
        ASSERT_EQ(replays.size(), 3U);
        for (std::size_t i = 0; i < replays.size(); ++i) {
            EXPECT_EQ(replays[i].name, before[i].name);
            EXPECT_EQ(replays[i].state, before[i].state) << replays[i].name;
            EXPECT_EQ(replays[i].reached, before[i].reached) << replays[i].name;
            EXPECT_EQ(replays[i].ended, before[i].ended) << replays[i].name;
            EXPECT_EQ(replays[i].started, before[i].started) << replays[i].name;
        }
        EXPECT_EQ(world.state("done"), ReplayState::completed);
        EXPECT_EQ(world.state("cancelled"), ReplayState::cancelled);
        EXPECT_EQ(world.state("failed"), ReplayState::failed);
        auto const archive = world.wiring->describe_archive("few");
        ASSERT_TRUE(archive);
        EXPECT_EQ(archive->retention_days, 7U);
        EXPECT_EQ(archive->events, 2U);
        EXPECT_EQ(world.fault_of(world.wiring->describe_archive("kept")),
                  MessagingFault::not_found);
        EXPECT_EQ(world.router->skipped_wiring(), 0U);
    }
}

TEST(Replays, what_happens_goes_before_what_happened_and_the_rate_is_kept) {
    Past world;
    auto const count = static_cast<int>(bus::replay_events_a_second) + 100;
    for (int i = 0; i < count; ++i)
        ASSERT_TRUE(world.put("{}", "nobody"));
    ports::ReplayDescription wanted = world.wish("all");
    wanted.end = wanted.end + Duration::days(1);
    world.make_rule("nobodys", R"({"source":["nobody"]})", arn("sqs", "q1"));
    world.run();
    world.take();
    ASSERT_TRUE(world.wiring->start_replay(wanted));
    world.clock.pass(Duration::milliseconds(100));
    world.route();
    EXPECT_EQ(world.receive("q1").size(), bus::replay_events_a_second / 10);
    ASSERT_TRUE(world.put(R"({"n":1})"));
    world.route();
    EXPECT_EQ(world.receive("q3").size(), 1U);
    EXPECT_EQ(world.state("all"), ReplayState::running);
    world.run();
    EXPECT_EQ(world.state("all"), ReplayState::completed);
}

TEST(Replays, the_shops_own_past_is_in_its_archive_from_the_beginning) {
    RouterWorld world;
    world.tell_kind(6); // before any bus was switched on
    world.clock.pass(Duration::seconds(1));
    world.open();
    Wiring wiring(*world.router, *world.queues, world.clock, Random(1),
                  [&](std::size_t) { return world.queues->do_work({100}).has_value(); });
    world.route();
    EXPECT_EQ(world.bodies("analytics").size(), 0U);
    EXPECT_EQ(wiring.describe_archive("ecommerce-archive")->events, 1U);
    ports::ReplayDescription wanted{.name = "first"};
    wanted.archive_arn = arn("events", "archive/ecommerce-archive");
    wanted.bus_arn = arn("events", "event-bus/ecommerce-platform");
    wanted.start = Instant::from_unix_microseconds(0);
    wanted.end = world.clock.now() + Duration::days(1);
    ASSERT_TRUE(wiring.start_replay(wanted));
    world.clock.pass(Duration::seconds(1));
    world.route();
    auto const bodies = world.bodies("analytics");
    ASSERT_EQ(bodies.size(), 1U);
    EXPECT_NE(bodies[0].find(R"("replay-name":"first"})"), std::string::npos);
}

TEST(Replays, a_fifo_queue_takes_an_event_once_a_replay) {
    Past world;
    ASSERT_TRUE(world.queues->admin().create(ports::QueueName("q.fifo"), ports::QueueKind::fifo, {},
                                             ports::QueueOwner::caller));
    ASSERT_TRUE(world.wiring->put_rule({.name = "f", .bus = "default", .pattern = from_app}, {}));
    ports::TargetDescription target{.id = "t", .arn = arn("sqs", "q.fifo")};
    target.message_group_id = "g";
    ASSERT_TRUE(world.wiring->put_targets("default", "f", std::span(&target, 1)));
    world.put_some(1);
    world.run();
    for (auto const* const name : {"one", "two"})
        world.start_replay(name);
    world.run();
    EXPECT_EQ(world.queues->queue().depth(ports::QueueName("q.fifo"))->waiting, 3U);
}

} // namespace
} // namespace kontor::router
