#include "tests/crash/one_segment.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/seed.hpp"

#include "adapters/memory/disk.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"

#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace kontor::crash {
namespace {

ports::QueueName const work("work.fifo");
ports::QueueName const dead("dead.fifo");

/// Queues over a log on a disk that may lose its power, and what its users were told.
class QueueWorld {
public:
    explicit QueueWorld(std::uint64_t seed) : disk_(seed), random_(seed) {}

    memory::Disk& disk() { return disk_; }

    bool open() {
        queues_.reset();
        store_.reset();
        auto opened = open_one_segment(disk_, clock_, faults_);
        if (!opened)
            return false;
        store_ = *std::move(opened);
        queues_ = std::make_unique<hosting::JournaledQueues>(*store_, clock_, secrets_);
        checkpoints_ = std::make_unique<hosting::QueueCheckpoints>(
            *store_, Id128(1, 2),
            hosting::QueueCheckpoints::Keep{[this] { return file_; },
                                            [this](std::span<std::uint8_t const> bytes) {
                                                file_.assign(bytes.begin(), bytes.end());
                                                return Result<void>();
                                            }});
        bool const is_open = queues_->recover(checkpoints_.get()).has_value();
        EXPECT_FALSE(checkpoints_->was_refused()) << "it says what the log did not keep";
        return is_open;
    }
    /// Whether a start from the checkpoint is one without.
    bool stands_as_the_log_says() {
        hosting::JournaledQueues without(*store_, clock_, secrets_);
        return without.recover().has_value() && without.standing() == queues_->standing();
    }
    void drop() {
        queues_.reset();
        checkpoints_.reset();
        store_.reset();
        told_.clear();
    }

    bool make() {
        if (!queues_->admin().create(dead, ports::QueueKind::fifo, {}, owner_))
            return false;
        ports::QueueChange change;
        change.redrive = ports::RedrivePolicy{dead, 2, ports::DeadLetterPolicy::park};
        if (!queues_->admin().create(work, ports::QueueKind::fifo, change, owner_))
            return false;
        return write();
    }

    /// Sends, receives, settles and gives up at random. False: the disk said no.
    bool use(int turns) {
        for (int turn = 0; turn < turns; ++turn) {
            clock_.pass(Duration::seconds(7));
            send();
            receive();
            if (random_.chance(1, 2) && !write())
                return false;
        }
        return true;
    }

    bool write() {
        if (!queues_->do_work({100}) || !store_->writer().do_work({1}) || !queues_->do_work({100}))
            return false;
        if (random_.chance(1, 4) && !checkpoints_->complete())
            return false;
        auto const durable = queues_->progress().durable();
        std::erase_if(told_, [&](auto const& told) {
            if (told.mark > durable)
                return false;
            (told.is_end ? ended : accepted).insert(told.body);
            return true;
        });
        return true;
    }

    /// All that is there now, in both queues.
    std::vector<std::string> drain() {
        clock_.pass(Duration::hours(1));
        std::vector<std::string> bodies;
        for (auto const& name : {work, dead})
            for (;;) {
                auto const received = queues_->queue().receive(name, {10, Duration::hours(2), {}});
                if (!received || received->messages.empty())
                    break;
                std::vector<ports::Settlement> settlements;
                for (auto const& message : received->messages) {
                    bodies.push_back(message.body);
                    settlements.push_back({message.receipt, ports::Ending::done, {}});
                }
                EXPECT_TRUE(queues_->queue().settle(name, settlements));
            }
        return bodies;
    }
    bool is_whole() { return queues_->is_whole(); }

    std::set<std::string> sent;     ///< asked for, whatever became of it
    std::set<std::string> accepted; ///< and told to be durable
    std::set<std::string> settled;  ///< asked for
    std::set<std::string> ended;    ///< and told to be durable

private:
    struct Told {
        std::string body;
        ports::QueueMark mark;
        bool is_end;
    };

    void send() {
        std::vector<ports::OutgoingMessage> messages;
        for (auto count = 1 + random_.below(3); count > 0; --count) {
            auto const body = "m" + std::to_string(++numbers_);
            messages.push_back(
                {.body = body,
                 .group_id = std::string(1, static_cast<char>('a' + random_.below(3))),
                 .deduplication_id = body});
            sent.insert(body);
        }
        auto const answers = queues_->queue().send(work, {}, messages);
        if (!answers)
            return;
        for (auto const& message : messages)
            told_.push_back({message.body, answers->mark, false});
    }

    void receive() {
        auto const received =
            queues_->queue().receive(work, {1 + random_.below(4), Duration::seconds(20), {}});
        if (!received)
            return;
        for (auto const& message : received->messages) {
            bool const gives_up = random_.chance(1, 8);
            if (!gives_up && random_.chance(1, 3))
                continue; // it forgets to settle, and the message comes again
            std::vector const one{ports::Settlement{
                message.receipt, gives_up ? ports::Ending::dead : ports::Ending::done, {}}};
            if (!gives_up)
                settled.insert(message.body);
            auto const answers = queues_->queue().settle(work, one);
            if (answers && answers->entries[0] && !gives_up)
                told_.push_back({message.body, answers->mark, true});
        }
    }

    static constexpr auto owner_ = ports::QueueOwner::caller;
    memory::Disk disk_;
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    NoFaults faults_;
    Random random_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<hosting::JournaledQueues> queues_;
    std::unique_ptr<hosting::QueueCheckpoints> checkpoints_;
    std::vector<std::uint8_t> file_; ///< of the checkpoint: another disk, that loses nothing
    std::vector<Told> told_;
    int numbers_{0};
};

/// No accepted message is lost, none that was settled comes back, none stands twice.
void expect_what_was_promised(QueueWorld& world) {
    EXPECT_TRUE(world.is_whole());
    EXPECT_TRUE(world.stands_as_the_log_says());
    auto const bodies = world.drain();
    std::map<std::string, int> times;
    for (auto const& body : bodies)
        ++times[body];
    for (auto const& [body, count] : times) {
        EXPECT_EQ(count, 1) << body << " stands in two places";
        EXPECT_TRUE(world.sent.contains(body)) << body << " was never sent";
        EXPECT_FALSE(world.ended.contains(body)) << body << " was settled and came back";
    }
    for (auto const& body : world.accepted)
        EXPECT_TRUE(times.contains(body) || world.settled.contains(body)) << body << " is lost";
}

/// Cuts the power after so many changes of the disk. False: the work ended before.
bool cut_and_look(std::uint64_t changes, std::uint64_t seed, bool cuts_power) {
    QueueWorld world(seed);
    if (!world.open() || !world.make()) {
        ADD_FAILURE() << "a whole disk refused to begin";
        return false;
    }
    if (cuts_power)
        world.disk().cut_power_after(changes);
    bool const finished = world.use(static_cast<int>(cuts_power ? 60 : changes));
    world.drop();
    if (cuts_power)
        world.disk().cut_power();
    world.disk().restore_power();
    EXPECT_TRUE(world.open()) << "seed " << seed << ", after " << changes;
    if (::testing::Test::HasFailure())
        return false;
    expect_what_was_promised(world);
    return !finished;
}

TEST(QueuePowerCut, loses_no_accepted_message_and_brings_none_back) {
    std::uint64_t changes = 0;
    while (cut_and_look(changes, testing::seed() + changes, true) && !HasFailure())
        ++changes;
    EXPECT_GT(changes, 20U) << "the work was too short to be a test";
}

TEST(QueueKill, a_killed_process_loses_no_accepted_message) {
    for (std::uint64_t turns = 1; turns < 60 && !HasFailure(); ++turns)
        cut_and_look(turns, testing::seed() + turns, false);
}

} // namespace
} // namespace kontor::crash
