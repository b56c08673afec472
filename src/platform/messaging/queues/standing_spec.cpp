#include "platform/messaging/queues/queue_world.hpp"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <set>

namespace kontor::queues {
namespace {

constexpr std::array<std::string_view, 4> names{"work", "work.fifo", "dead", "dead.fifo"};

/// Queues that somebody uses at random, with everything that leaves a trace in them.
class Bustle {
public:
    Bustle() {
        for (auto const name : {names[2], names[3]})
            world.create(name);
        world.create(names[0], dead_letters_in(names[2], 2));
        world.create(names[1], dead_letters_in(names[3], 2, ports::DeadLetterPolicy::park));
    }

    void step() {
        auto const name = *rc::gen::elementOf(names);
        switch (*rc::gen::weightedElement<int>(
            {{8, 0}, {8, 1}, {5, 2}, {2, 3}, {2, 4}, {1, 5}, {1, 6}, {1, 7}, {3, 8}})) {
        case 0: return send(*rc::gen::elementOf(std::vector{names[0], names[1]}));
        case 1: return receive(name);
        case 2: return settle(name, ports::Ending::done);
        case 3: return settle(name, ports::Ending::dead);
        case 4: return move_back(name);
        case 5: static_cast<void>(world.queues.purge(ports::QueueName(name), world.now)); return;
        case 6: return replace_queue();
        case 7:
            return world.set_flow(name, *rc::gen::elementOf(std::vector{ports::QueueFlow::open,
                                                                        ports::QueueFlow::paused}));
        default: world.pass(Duration::seconds(*rc::gen::elementOf(std::vector{1, 9, 40, 400})));
        }
    }

    QueueWorld world{};

private:
    void send(std::string_view name) {
        ports::OutgoingMessage message{.body = "m" + std::to_string(*rc::gen::inRange(0, 60)),
                                       .group_id = "g" + std::to_string(*rc::gen::inRange(0, 3))};
        if (name.ends_with(".fifo"))
            message.deduplication_id = message.body;
        else
            message.delay = Duration::seconds(*rc::gen::inRange(0, 20));
        static_cast<void>(world.send(name, std::move(message)));
    }
    void receive(std::string_view name) {
        world.receive(name, *rc::gen::inRange<std::size_t>(1, 5), Duration::seconds(5));
        for (auto const& message : world.received)
            receipts_.emplace_back(name, message.receipt);
    }
    void settle(std::string_view name, ports::Ending ending) {
        for (auto const& [queue, receipt] : receipts_)
            if (queue == name && *rc::gen::arbitrary<bool>())
                static_cast<void>(world.settle(name, receipt, ending, "it cannot be"));
        std::erase_if(receipts_, [&](auto const& one) { return one.first == name; });
    }
    void move_back(std::string_view name) {
        ports::MoveTaskId const task(Id128(9, ++tasks_));
        ports::MoveRequest request{ports::QueueName(name), {}, 0, {}, {}};
        request.wait = Duration::milliseconds(*rc::gen::elementOf(std::vector{0, 300, 3'000}));
        for (int n = *rc::gen::inRange(0, 4); n > 0; --n)
            request.only.emplace_back(*rc::gen::inRange<std::uint64_t>(1, 12));
        static_cast<void>(world.queues.start_move(request, task, world.now));
        world.pass(Duration::seconds(1));
        world.queues.work_on_moves(world.now, *rc::gen::inRange<std::size_t>(1, 5));
    }
    void replace_queue() {
        std::string const name = "passing" + std::to_string(*rc::gen::inRange(0, 2));
        if (!world.queues.remove(ports::QueueName(name), ports::QueueOwner::caller, world.now))
            static_cast<void>(world.try_create(name));
    }

    std::vector<std::pair<std::string_view, ports::ReceiptHandle>> receipts_;
    std::uint64_t tasks_{0};
};

/// Queues that fold facts which lie in a log.
struct Folded {
    void fold(Facts const& log, std::size_t from, std::size_t to) {
        for (auto at = from; at < to; ++at)
            queues.apply(log.all[at].first, log.all[at].second, {{}, at + 1});
    }
    /// Everything that can be had, with numbers and counts; time goes on until nothing comes.
    std::set<std::string> drain(Instant now) {
        std::set<std::string> all;
        for (auto const name : names)
            EXPECT_TRUE(queues.set_flow(ports::QueueName(name), ports::QueueFlow::open, now));
        for (int round = 0; round < 3; ++round, now = now + Duration::minutes(20))
            for (auto const name : names)
                for (;;) {
                    auto const out =
                        queues.receive(ports::QueueName(name), {10, Duration::hours(9), {}}, now);
                    if (!out || out->messages.empty())
                        break;
                    for (std::size_t i = 0; i < out->messages.size(); ++i) {
                        auto const& message = out->messages[i];
                        std::vector const one{ports::Settlement{message.receipt}};
                        EXPECT_TRUE(queues.settle(ports::QueueName(name), one, now));
                        all.insert(std::string(name) + message.id.value().to_string() + " " +
                                   std::to_string(message.receive_count) + " at " +
                                   std::to_string(out->positions[i]) + " " + message.cause);
                    }
                }
        return all;
    }
    Facts facts{};
    Queues queues{facts, 8};
};

RC_GTEST_PROP(StandingProperty, who_folds_on_from_how_queues_stood_stands_as_who_folded_all, ()) {
    constexpr int steps = 80;
    Bustle bustle;
    for (int i = 0; i < steps; ++i)
        bustle.step();
    auto const& facts = bustle.world.facts;
    auto const cut = *rc::gen::inRange<std::size_t>(0, facts.all.size() + 1);
    Folded whole;
    Folded until;
    Folded after;
    whole.fold(facts, 0, facts.all.size());
    until.fold(facts, 0, cut);
    auto const kept = until.queues.standing();
    RC_ASSERT(after.queues.restore(kept).has_value());
    RC_ASSERT(after.queues.standing() == kept);
    RC_ASSERT(after.queues.messages() == until.queues.messages());
    RC_ASSERT(after.queues.is_whole());
    after.fold(facts, cut, facts.all.size());
    RC_ASSERT(after.queues.standing() == whole.queues.standing());
    RC_ASSERT(after.queues.is_whole());
    auto const now = bustle.world.now;
    for (auto const name : names)
        RC_ASSERT(after.queues.depth(ports::QueueName(name), now).value() ==
                  whole.queues.depth(ports::QueueName(name), now).value());
    RC_ASSERT(after.drain(now) == whole.drain(now));
}

TEST(Standing, a_receipt_of_before_settles_after) {
    QueueWorld world;
    world.create("work");
    ASSERT_TRUE(world.send("work", "m"));
    world.receive("work");
    Folded after;
    Folded folded;
    folded.fold(world.facts, 0, world.facts.all.size());
    ASSERT_TRUE(after.queues.restore(folded.queues.standing()));
    std::vector const one{ports::Settlement{world.received.at(0).receipt}};
    auto const settled = after.queues.settle(ports::QueueName("work"), one, world.now);
    ASSERT_TRUE(settled);
    EXPECT_EQ(settled->entries.at(0).value(), ports::Settled::now);
}

TEST(Standing, bytes_that_say_something_else_leave_nothing_behind) {
    QueueWorld world;
    world.create("work");
    for (int i = 0; i < 5; ++i)
        ASSERT_TRUE(world.send("work", "m" + std::to_string(i)));
    Folded folded;
    folded.fold(world.facts, 0, world.facts.all.size());
    auto const good = folded.queues.standing();
    for (std::size_t length = 0; length < good.size(); ++length) {
        Folded after;
        auto const restored = after.queues.restore(std::span(good).first(length));
        ASSERT_FALSE(restored) << length << " bytes of " << good.size();
        EXPECT_EQ(restored.error().kind, FailureKind::corrupt);
        EXPECT_EQ(after.queues.messages(), 0U);
        EXPECT_FALSE(after.queues.id_of(ports::QueueName("work")));
    }
    auto longer = good;
    longer.push_back(0);
    Folded after;
    EXPECT_FALSE(after.queues.restore(longer));
}

} // namespace
} // namespace kontor::queues
