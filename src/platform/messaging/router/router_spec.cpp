#include "platform/messaging/router/router_world.hpp"

#include "codec/event_types.hpp"
#include "domain/process/events.hpp"

#include <array>

namespace kontor::router {
namespace {

using Bodies = std::vector<std::string>;

TEST(Router, brings_each_fact_to_the_queues_that_it_goes_to) {
    RouterWorld world;
    world.open();
    std::map<std::string, Bodies> wanted;
    for (std::uint64_t kind = 0; kind < testing::kinds_of_news; ++kind) {
        auto const news = testing::a_kind_of_news(kind);
        world.tell(news);
        for (auto const& queue : news.queues)
            wanted[queue].push_back(testing::stream_of(news, world.told).to_string());
    }
    world.route();
    for (auto const& queue : topology::shop.queues) {
        Bodies got;
        for (auto const& body : world.bodies(queue.name))
            got.push_back(testing::stream_in(body));
        EXPECT_EQ(got, wanted[std::string(queue.name)]) << queue.name;
    }
    EXPECT_EQ(world.router->counts().lost, 0U);
    EXPECT_EQ(world.router->position(), world.store.durable().position);
}

TEST(Router, what_was_imported_is_nobodys_news) {
    RouterWorld world;
    world.open();
    for (std::uint64_t kind = 0; kind < testing::kinds_of_news; ++kind)
        world.tell_kind(kind, ActorKind::import);
    world.route();
    for (auto const& queue : topology::shop.queues)
        EXPECT_EQ(world.bodies(queue.name), Bodies{}) << queue.name;
}

TEST(Router, on_an_old_log_begins_at_its_end) {
    RouterWorld world;
    world.tell_kind(0);
    world.open();
    world.route();
    EXPECT_EQ(world.bodies("notifications"), Bodies{});
    world.tell_kind(0);
    world.route();
    EXPECT_EQ(world.bodies("notifications").size(), 1U);
}

TEST(Router, knows_after_a_crash_where_it_began) {
    RouterWorld world;
    world.tell_kind(0);
    world.open();
    world.tell_kind(1); // and nothing of it was routed
    world.open();
    world.route();
    ASSERT_EQ(world.bodies("notifications").size(), 1U);
}

TEST(Router, goes_on_where_it_stopped_however_long_that_is_ago) {
    RouterWorld world;
    world.open();
    world.tell_kind(0);
    world.route();
    world.router.reset();
    world.tell_kind(1);
    world.open();
    world.route();
    EXPECT_EQ(world.bodies("notifications").size(), 2U);
}

TEST(Router, a_message_and_its_position_stand_in_one_commit) {
    RouterWorld world;
    world.open();
    world.tell_kind(0);
    world.tell_kind(6);
    auto const before = world.store.durable().position;
    world.route();
    auto const page = world.store.read_log(before, ports::Limit(100)).value();
    ASSERT_EQ(page.events.size(), 3U);
    EXPECT_EQ(page.commits.size(), 1U);
    EXPECT_EQ(page.events[0].type, codec::event_type<process::Followed>);
    EXPECT_EQ(page.events[0].stream.to_string(), "process-bus");
}

TEST(Router, writes_nothing_while_there_is_no_news_and_seldom_where_it_has_come_to) {
    RouterWorld world({.quiet_events = 60});
    world.open();
    auto const before = world.log_size();
    ASSERT_LT(before, 20U); // queues, and where the router began: at nothing
    auto const quiet = 59 - before;
    for (std::uint64_t i = 0; i < quiet; ++i)
        world.tell_kind(4);
    world.route();
    EXPECT_EQ(world.log_size(), before + quiet) << "somebody wrote without a need";
    for (int i = 0; i < 3; ++i)
        world.tell_kind(4);
    world.route();
    world.route();
    EXPECT_EQ(world.log_size(), before + quiet + 4) << "one position, and none about that one";
    world.open();
    EXPECT_GE(world.router->position().value(), before + quiet);
}

TEST(Router, what_a_queue_does_not_take_is_a_dead_letter_in_the_same_commit) {
    RouterWorld world;
    world.open();
    ASSERT_TRUE(world.queues->admin().remove(ports::QueueName("notifications"),
                                             ports::QueueOwner::topology));
    ports::QueueChange small;
    small.message_bytes_max = 1024;
    ASSERT_TRUE(world.queues->admin().change(ports::QueueName("inventory-updates"), small,
                                             ports::QueueOwner::topology));
    world.tell_kind(0);
    auto large = testing::a_kind_of_news(5);
    auto& came_back = std::get<order::ReturnReceived>(std::get<order::Event>(large.fact));
    came_back.lines.assign(50, {LineNumber(1), Quantity::of(1), ItemCondition::restock});
    world.tell(large);
    world.tell_kind(6);
    world.route();
    auto const dead = world.receive("dead-letter");
    std::map<std::string, int> codes;
    for (auto const& letter : dead)
        for (auto const& each : letter.attributes)
            if (each.name == "ERROR_CODE")
                ++codes[each.value];
    EXPECT_EQ(codes, (std::map<std::string, int>{{"NO_RESOURCE", 1}, {"SDK_CLIENT_ERROR", 1}}));
    EXPECT_EQ(world.bodies("inventory-updates"), Bodies{});
    EXPECT_EQ(world.bodies("analytics").size(), 1U);
    EXPECT_EQ(dead.size(), 2U);
    EXPECT_EQ(world.router->counts().dead, dead.size());
    EXPECT_EQ(world.router->counts().lost, 0U);
}

TEST(Router, waits_while_a_queue_is_full_and_loses_nothing) {
    RouterWorld world({.letters_of_commit = 1, .backlog = 3});
    world.open();
    for (int i = 0; i < 5; ++i)
        world.tell_kind(0);
    auto const end = world.store.durable().position;
    world.route();
    EXPECT_TRUE(world.router->is_held_up());
    EXPECT_LT(world.router->position(), end);
    auto const first = world.receive("notifications");
    ASSERT_EQ(first.size(), 3U);
    std::vector<ports::Settlement> done;
    for (auto const& message : first)
        done.push_back({message.receipt, ports::Ending::done, {}});
    ASSERT_TRUE(world.queues->queue().settle(ports::QueueName("notifications"), done));
    world.route();
    EXPECT_FALSE(world.router->is_held_up());
    EXPECT_GE(world.router->position(), end);
    EXPECT_EQ(world.bodies("notifications").size(), 2U);
}

constexpr auto fan_subscriptions = std::to_array<topology::Subscription>({
    {"fan", "q1", "", topology::FilterScope::body, true, "q5"},
    {"fan", "q2", "", topology::FilterScope::body, true, "q5"},
    {"fan", "q3", "", topology::FilterScope::body, true, "q5"},
    {"fan", "q4", "", topology::FilterScope::body, true, "q5"},
});
constexpr auto fan_targets = std::to_array<topology::Target>(
    {{topology::TargetKind::topic, "fan", "", {}, 185, 86'400, "q5"}});
constexpr auto fan_rules =
    std::to_array<topology::Rule>({{"fan", R"({"source":[{"prefix":"kontor."}]})", fan_targets}});
constexpr auto fan_topics = std::to_array<topology::Topic>({{"fan"}});
/// Each fact goes to four queues.
constexpr topology::Topology fan{
    "bus", "archive", 90, {}, {}, fan_rules, fan_topics, fan_subscriptions, {}, {}, {}, {}, "fan"};

TEST(Router, what_one_fact_brings_may_be_more_than_a_commit_takes) {
    RouterWorld world({.letters_of_commit = 2, .backlog = 1});
    world.topology = &fan;
    world.open();
    for (auto const* const name : {"q1", "q2", "q3", "q4", "q5"})
        ASSERT_TRUE(world.queues->admin().create(ports::QueueName(name), ports::QueueKind::standard,
                                                 {}, ports::QueueOwner::caller));
    std::vector const in_the_way{ports::OutgoingMessage{.body = "in the way"}};
    ASSERT_TRUE(world.queues->queue().send(ports::QueueName("q3"), {}, in_the_way));
    world.tell_kind(0);
    world.route();
    EXPECT_TRUE(world.router->is_held_up());
    world.open(); // two of four were sent
    auto const first = world.receive("q3");
    ASSERT_EQ(first.size(), 1U);
    std::vector const done{ports::Settlement{first[0].receipt, ports::Ending::done, {}}};
    ASSERT_TRUE(world.queues->queue().settle(ports::QueueName("q3"), done));
    world.route();
    EXPECT_FALSE(world.router->is_held_up());
    for (auto const* const name : {"q1", "q2", "q3", "q4"})
        EXPECT_EQ(world.bodies(name).size(), 1U) << name;
    EXPECT_EQ(world.bodies("q5"), Bodies{});
}

TEST(Router, a_page_that_brings_much_is_sent_in_several_commits) {
    RouterWorld world({.letters_of_commit = 2});
    world.open();
    for (int i = 0; i < 5; ++i)
        world.tell_kind(0);
    auto const before = world.store.durable().position;
    world.route();
    auto const page = world.store.read_log(before, ports::Limit(100)).value();
    EXPECT_EQ(page.commits.size(), 3U);
    EXPECT_EQ(world.bodies("notifications").size(), 5U);
}

} // namespace
} // namespace kontor::router
