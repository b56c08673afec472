#include "platform/messaging/router/wiring_world.hpp"

#include <array>
#include <set>

/// A fact of which some queues have had their message while others have not, and then rules change,
/// in this life or in the next.

namespace kontor::router {
namespace {

constexpr std::array<char const*, 8> queue_names{"q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7"};

/// An event that goes to the first five of the queues: to two by rules of their own, to two by a
/// topic, to one by a rule behind them, each message in a commit of its own.
struct Fan : Outside {
    explicit Fan(std::string const& topic_name) : Outside({.letters_of_commit = 1, .backlog = 1}) {
        for (auto const* const name : queue_names)
            make_queue(name);
        bool const is_fifo = topic_name.ends_with(".fifo");
        ports::NamedTexts const attributes{{"FifoTopic", is_fifo ? "true" : "false"}};
        topic = wiring->create_topic(topic_name, attributes, {}).value();
        for (auto const* const name : {"q2", "q3"})
            subscriptions.push_back(
                wiring->subscribe({topic, "sqs", arn("sqs", name), {}}).value().arn);
        make_rule("b", from_app, arn("sqs", "q0"));
        make_rule("c", from_app, arn("sqs", "q1"));
        make_rule("d", from_app, topic);
        ports::TargetDescription grouped{.id = "t", .arn = topic};
        grouped.message_group_id = is_fifo ? "g" : "";
        EXPECT_TRUE(wiring->put_targets("default", "d", std::span(&grouped, 1))->empty());
        make_rule("e", from_app, arn("sqs", "q4"));
    }
    void remove_rule(std::string const& name) {
        std::string const id = "t";
        ASSERT_TRUE(wiring->remove_targets("default", name, std::span(&id, 1)));
        ASSERT_TRUE(wiring->delete_rule("default", name));
    }
    /// Nothing more comes into it until it is taken out.
    void block(char const* queue) {
        std::vector const in_the_way{ports::OutgoingMessage{.body = "in the way"}};
        ASSERT_TRUE(queues->queue().send(ports::QueueName(queue), {}, in_the_way));
        ASSERT_TRUE(queues->do_work({1}));
    }
    void unblock(char const* queue) {
        for (auto const& message : receive(queue)) {
            std::vector const done{ports::Settlement{message.receipt, ports::Ending::done, {}}};
            ASSERT_TRUE(queues->queue().settle(ports::QueueName(queue), done));
        }
        ASSERT_TRUE(queues->do_work({1}));
    }

    std::string topic;
    std::vector<std::string> subscriptions;
};

struct Change {
    char const* name;
    void (*make)(Fan&);
    std::set<std::string> queues; ///< that are asked to stand all the while no more, or not yet
};

std::vector<Change> changes() {
    return {
        {"nothing", [](Fan&) {}, {}},
        {"the first rule goes", [](Fan& fan) { fan.remove_rule("b"); }, {"q0"}},
        {"the last rule goes", [](Fan& fan) { fan.remove_rule("e"); }, {"q4"}},
        {"the topic's rule goes", [](Fan& fan) { fan.remove_rule("d"); }, {"q2", "q3"}},
        {"a subscription goes",
         [](Fan& fan) { ASSERT_TRUE(fan.wiring->unsubscribe(fan.subscriptions[0])); },
         {"q2"}},
        {"a rule comes before all",
         [](Fan& fan) { fan.make_rule("a", from_app, arn("sqs", "q5")); },
         {"q5"}},
        {"a rule comes behind all",
         [](Fan& fan) { fan.make_rule("z", from_app, arn("sqs", "q5")); },
         {"q5"}},
        {"a subscription comes",
         [](Fan& fan) {
             ASSERT_TRUE(fan.wiring->subscribe({fan.topic, "sqs", arn("sqs", "q6"), {}}));
         },
         {"q6"}},
        {"one goes and others come",
         [](Fan& fan) {
             fan.remove_rule("c");
             fan.make_rule("a", from_app, arn("sqs", "q5"));
             fan.make_rule("bb", from_app, arn("sqs", "q6"));
         },
         {"q1", "q5", "q6"}},
    };
}

enum class Crash : std::uint8_t {
    none,
    before_the_change,
    after_the_change,
    twice,
    before_the_disk
};

void expect_each_once(std::string const& topic, char const* blocked, Change const& change,
                      Crash crash) {
    SCOPED_TRACE(topic + ", " + blocked + " is full, " + change.name + ", crash " +
                 std::to_string(static_cast<int>(crash)));
    Fan fan(topic);
    fan.block(blocked);
    ASSERT_TRUE(fan.put("{}"));
    fan.route();
    ASSERT_TRUE(fan.router->is_held_up());
    if (crash == Crash::before_the_change || crash == Crash::twice)
        fan.start();
    change.make(fan);
    if (crash == Crash::after_the_change || crash == Crash::twice)
        fan.start();
    fan.unblock(blocked);
    if (crash == Crash::before_the_disk) {
        ASSERT_TRUE(fan.router->do_work({100})); // decided, and gone
        fan.start();
    }
    fan.route();
    ASSERT_FALSE(fan.router->is_held_up());
    for (std::size_t i = 0; i < queue_names.size(); ++i) {
        auto const got = fan.bodies(queue_names[i]).size();
        if (change.queues.contains(queue_names[i])) {
            EXPECT_LE(got, 1U) << queue_names[i];
        } else {
            EXPECT_EQ(got, i < 5 ? 1U : 0U) << queue_names[i];
        }
    }
}

void expect_each_once(std::string const& topic) {
    for (std::size_t blocked = 0; blocked < 5; ++blocked)
        for (auto const& change : changes())
            for (auto const crash : {Crash::none, Crash::before_the_change, Crash::after_the_change,
                                     Crash::twice, Crash::before_the_disk})
                expect_each_once(topic, queue_names[blocked], change, crash);
}

TEST(HalfSent, who_stands_all_the_while_gets_it_once_whatever_else_comes_and_goes) {
    expect_each_once("t");
}

TEST(HalfSent, nor_does_a_fifo_topic_take_the_rest_of_it_for_a_repetition) {
    expect_each_once("t.fifo");
}

constexpr auto old_subscriptions = std::to_array<topology::Subscription>({
    {"fan", "q1", "", topology::FilterScope::body, true, "q7"},
    {"fan", "q2", "", topology::FilterScope::body, true, "q7"},
    {"fan", "q3", "", topology::FilterScope::body, true, "q7"},
});
constexpr auto new_subscriptions = std::to_array<topology::Subscription>({
    {"fan", "q4", "", topology::FilterScope::body, true, "q7"},
    {"fan", "q3", "", topology::FilterScope::body, true, "q7"},
    {"fan", "q2", "", topology::FilterScope::body, true, "q7"},
    {"fan", "q1", "", topology::FilterScope::body, true, "q7"},
});
constexpr auto to_the_fan = std::to_array<topology::Target>(
    {{topology::TargetKind::topic, "fan", "", {}, 185, 86'400, "q7"}});
constexpr auto fan_rule =
    std::to_array<topology::Rule>({{"fan", R"({"source":[{"prefix":"kontor."}]})", to_the_fan}});
constexpr auto fan_topic = std::to_array<topology::Topic>({{"fan"}});
constexpr topology::Topology old_release{
    "bus", "archive", 90, {}, {}, fan_rule, fan_topic, old_subscriptions, {}, {}, {}, {}, "fan"};
constexpr topology::Topology new_release{
    "bus", "archive", 90, {}, {}, fan_rule, fan_topic, new_subscriptions, {}, {}, {}, {}, "fan"};

TEST(HalfSent, a_release_with_another_topology_goes_on_where_the_one_before_stopped) {
    for (auto const* const blocked : {"q1", "q2", "q3"}) {
        SCOPED_TRACE(blocked);
        RouterWorld world({.letters_of_commit = 1, .backlog = 1});
        world.topology = &old_release;
        world.open();
        for (auto const* const name : queue_names)
            ASSERT_TRUE(world.queues->admin().create(
                ports::QueueName(name), ports::QueueKind::standard, {}, ports::QueueOwner::caller));
        std::vector const in_the_way{ports::OutgoingMessage{.body = "in the way"}};
        ASSERT_TRUE(world.queues->queue().send(ports::QueueName(blocked), {}, in_the_way));
        world.tell_kind(0);
        world.route();
        ASSERT_TRUE(world.router->is_held_up());
        world.topology = &new_release;
        world.open();
        auto const first = world.receive(blocked);
        ASSERT_EQ(first.size(), 1U);
        std::vector const done{ports::Settlement{first[0].receipt, ports::Ending::done, {}}};
        ASSERT_TRUE(world.queues->queue().settle(ports::QueueName(blocked), done));
        world.route();
        for (auto const* const name : {"q1", "q2", "q3"})
            EXPECT_EQ(world.bodies(name).size(), 1U) << name;
        EXPECT_LE(world.bodies("q4").size(), 1U);
    }
}

} // namespace
} // namespace kontor::router
