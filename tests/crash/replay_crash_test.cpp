#include "tests/crash/one_segment.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/seed.hpp"

#include "adapters/memory/disk.hpp"
#include "platform/messaging/router/wiring.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <map>

/// A replay on a disk that loses its power at any of its changes.

namespace kontor::crash {
namespace {

constexpr int events_count = 20;
ports::QueueName const mine("mine");

std::string arn(std::string const& service, std::string const& name) {
    return ports::Arn{service, {}, name}.to_string();
}

/// A shop on whose default bus somebody puts events, which go to a queue by three rules.
class PastWorld {
public:
    explicit PastWorld(std::uint64_t seed) : disk_(seed), random_(seed) {}

    memory::Disk& disk() { return disk_; }

    bool open() {
        drop();
        auto opened = open_one_segment(disk_, clock_, faults_);
        if (!opened)
            return false;
        store_ = *std::move(opened);
        queues_ = std::make_unique<hosting::JournaledQueues>(*store_, clock_, secrets_);
        if (!queues_->recover())
            return false;
        router_ = std::make_unique<router::Router>(
            *store_, *queues_, clock_, topology::shop,
            router::RouterOptions{.letters_of_commit = 2, .quiet_events = 20});
        if (!router_->recover())
            return false;
        wiring_ = std::make_unique<router::Wiring>(*router_, *queues_, clock_, Random(7),
                                                   [this](std::size_t) { return write(); });
        return true;
    }
    void drop() {
        wiring_.reset();
        router_.reset();
        queues_.reset();
        store_.reset();
    }

    /// Everything was put, delivered, received, and a replay of it has begun.
    void prepare() {
        ASSERT_TRUE(queues_->admin().create(mine, ports::QueueKind::standard, {},
                                            ports::QueueOwner::caller));
        ports::ArchiveDescription archive{.name = "kept"};
        archive.bus_arn = arn("events", "event-bus/default");
        ASSERT_TRUE(wiring_->create_archive(archive));
        for (auto const* const name : {"a", "b", "c"}) {
            ASSERT_TRUE(wiring_->put_rule(
                {.name = name, .bus = "default", .pattern = R"({"source":["app"]})"}, {}));
            ports::TargetDescription target{.id = "t", .arn = arn("sqs", "mine")};
            target.input.filled = ports::InputForm::Template{{{"n", "$.detail.n"}},
                                                             "\"" + std::string(name) + " <n>\""};
            ASSERT_TRUE(wiring_->put_targets("default", name, std::span(&target, 1)));
        }
        ports::ReplayDescription wanted{.name = "again"};
        wanted.archive_arn = arn("events", "archive/kept");
        wanted.bus_arn = archive.bus_arn;
        wanted.start = clock_.now();
        for (int i = 0; i < events_count; ++i) {
            ports::EventEntry const entry{.source = "app",
                                          .detail_type = "t",
                                          .detail = R"({"n":)" + std::to_string(i) + "}"};
            ASSERT_TRUE(wiring_->put_events(std::span(&entry, 1), ports::EventOrigin::outside));
        }
        finish();
        ASSERT_EQ(take().size(), 3U * events_count);
        clock_.pass(Duration::seconds(1));
        wanted.end = clock_.now();
        ASSERT_TRUE(wiring_->start_replay(wanted));
        clock_.pass(Duration::seconds(1));
    }
    /// Router, queues and disk work as chance has it. False: the disk said no.
    bool use(int turns) {
        for (int turn = 0; turn < turns; ++turn) {
            if (random_.chance(1, 2) && !router_->do_work({1 + random_.below(4)}))
                return false;
            if (random_.chance(1, 2) && !queues_->do_work({100}))
                return false;
            if (random_.chance(1, 2) && !store_->writer().do_work({1}))
                return false;
        }
        return true;
    }
    void finish() {
        for (int quiet = 0; quiet < 4;) {
            auto const before = store_->durable().position;
            clock_.pass(Duration::milliseconds(100));
            ASSERT_TRUE(router_->do_work({100}) && write());
            quiet = store_->durable().position == before ? quiet + 1 : 0;
        }
    }
    /// What is in the queue, as often as it is there; it is empty then.
    std::map<std::string, int> take() {
        std::map<std::string, int> seen;
        auto const received = queues_->queue().receive(mine, {1000, Duration::hours(1), {}});
        if (!received)
            return seen;
        for (auto const& message : received->messages) {
            ++seen[message.body];
            ports::Settlement const done{message.receipt, ports::Ending::done, {}};
            EXPECT_TRUE(queues_->queue().settle(mine, std::span(&done, 1)));
        }
        EXPECT_TRUE(write());
        return seen;
    }
    ports::ReplayState state() { return wiring_->describe_replay("again")->state; }

private:
    bool write() {
        return queues_->do_work({100}).has_value() && store_->writer().do_work({1}).has_value();
    }

    memory::Disk disk_;
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    NoFaults faults_;
    Random random_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<hosting::JournaledQueues> queues_;
    std::unique_ptr<router::Router> router_;
    std::unique_ptr<router::Wiring> wiring_;
};

std::map<std::string, int> each_once() {
    std::map<std::string, int> wanted;
    for (auto const* const rule : {"a", "b", "c"})
        for (int i = 0; i < events_count; ++i)
            wanted["\"" + std::string(rule) + " " + std::to_string(i) + "\""] = 1;
    return wanted;
}

/// Whether the work ended before the cut.
bool cut_and_look(std::uint64_t after, bool cuts_power) {
    constexpr int turns = 150;
    PastWorld world(testing::seed() + after);
    if (!world.open()) {
        ADD_FAILURE() << "a whole disk refused to begin";
        return true;
    }
    world.prepare();
    if (::testing::Test::HasFatalFailure())
        return true;
    if (cuts_power)
        world.disk().cut_power_after(after);
    bool const has_finished = world.use(cuts_power ? turns : static_cast<int>(after));
    world.drop();
    if (cuts_power)
        world.disk().cut_power();
    world.disk().restore_power();
    EXPECT_TRUE(world.open()) << "after " << after;
    if (::testing::Test::HasFailure())
        return true;
    world.finish();
    EXPECT_EQ(world.take(), each_once()) << "after " << after;
    EXPECT_EQ(world.state(), ports::ReplayState::completed);
    return has_finished;
}

TEST(ReplayPowerCut, each_event_comes_once_a_replay) {
    std::uint64_t changes = 0;
    while (!cut_and_look(changes, true) && !HasFailure())
        ++changes;
    EXPECT_GT(changes, 8U) << "the replay was too short to be a test";
}

TEST(ReplayKill, each_event_comes_once_a_replay) {
    for (std::uint64_t turns = 0; turns < 40 && !HasFailure(); ++turns)
        static_cast<void>(cut_and_look(turns, false));
}

} // namespace
} // namespace kontor::crash
