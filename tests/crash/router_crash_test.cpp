#include "tests/crash/one_segment.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/news.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/seed.hpp"

#include "adapters/memory/disk.hpp"
#include "domain/process/events.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "platform/messaging/router/router.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace kontor::crash {
namespace {

/// "queue stream", as often as it is there.
using Post = std::map<std::string, int>;

/// Who brings facts to queues, as this test sees it: the router, or somebody careless.
class Carrier {
public:
    virtual ~Carrier() = default;
    virtual bool begin() = 0;
    virtual bool work(std::size_t events) = 0;
};

class Careful final : public Carrier {
public:
    Careful(ports::EventStore& store, hosting::JournaledQueues& queues, Clock& clock)
        : router_(store, queues, clock, topology::shop,
                  {.letters_of_commit = 3, .quiet_events = 10}) {}
    bool begin() override { return router_.recover().has_value(); }
    bool work(std::size_t events) override { return router_.do_work({events}).has_value(); }

private:
    router::Router router_;
};

/// Keeps its position in a commit of its own, before what it sends or behind it.
class Careless final : public Carrier {
public:
    enum class Keeps : std::uint8_t { before, behind };

    Careless(ports::EventStore& store, hosting::JournaledQueues& queues, Clock& clock, Keeps keeps)
        : store_(store), queues_(queues), clock_(clock), keeps_(keeps),
          first_(store, queues, clock, topology::shop, {}) {
        office_.adopt(topology::shop, clock.now());
    }
    bool begin() override {
        if (!first_.recover()) // finds where to go on
            return false;
        position_ = first_.position();
        return true;
    }
    /// One of the two in each turn, so that a disk may lose its power between them.
    bool work(std::size_t events) override {
        if (has_begun_) {
            has_begun_ = false;
            keeps_ == Keeps::before ? send() : keep();
            return true;
        }
        auto const page = store_.read_log(position_, ports::Limit(events));
        if (!page)
            return false;
        for (auto const& event : page->events)
            sort(*page, event);
        if (!page->events.empty())
            position_ = page->events.back().position;
        if (letters_.empty())
            return true;
        keeps_ == Keeps::before ? keep() : send();
        has_begun_ = true;
        return true;
    }

private:
    void sort(ports::EventPage const& page, ports::RecordedEvent const& event) {
        auto const shown =
            router::show({{}, "ecommerce-platform"}, event, page.commit_of(event)).value();
        if (!shown.event)
            return;
        for (auto& letter : office_.sort(*shown.event, clock_.now()))
            letters_.push_back(std::move(letter));
    }
    void send() {
        for (auto const& letter : letters_)
            static_cast<void>(
                queues_.queue().send(letter.queue, letter.sender, std::span(&letter.message, 1)));
        letters_.clear();
        static_cast<void>(queues_.do_work({1}));
    }
    void keep() {
        hosting::Companion made{StreamId::of(StreamCategory::process, "bus"), {}, {}};
        made.type =
            codec::encode(process::Event(process::Followed{position_.value(), {}}), made.payload);
        static_cast<void>(
            queues_.send_with(std::span(&made, 1), 0, [](hosting::SendOne const&) {}));
        static_cast<void>(queues_.do_work({1}));
    }

    ports::EventStore& store_;
    hosting::JournaledQueues& queues_;
    Clock& clock_;
    Keeps const keeps_;
    router::Router first_;
    router::SortingOffice office_{ports::CloudPlace{}, Random(1)};
    ports::Position position_{};
    std::vector<router::Letter> letters_;
    bool has_begun_{false};
};

using Make =
    std::function<std::unique_ptr<Carrier>(ports::EventStore&, hosting::JournaledQueues&, Clock&)>;

/// A shop that has news, on a disk that may lose its power.
class NewsWorld {
public:
    NewsWorld(std::uint64_t seed, Make make) : disk_(seed), random_(seed), make_(std::move(make)) {}

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
        if (!hosting::declare_queues(queues_->admin(), topology::shop))
            return false;
        carrier_ = make_(*store_, *queues_, clock_);
        return carrier_->begin();
    }
    void drop() {
        carrier_.reset();
        queues_.reset();
        store_.reset();
    }

    /// News come, some of them imported; the carrier, the log's writer and its disk work as chance
    /// has it. False: the disk said no.
    bool use(int turns) {
        for (int turn = 0; turn < turns; ++turn) {
            clock_.pass(Duration::seconds(1));
            if (random_.chance(2, 3) && !tell())
                return false;
            if (random_.chance(1, 2) && !carrier_->work(1 + random_.below(6)))
                return false;
            if (random_.chance(1, 2) && !queues_->do_work({100}))
                return false;
            if (random_.chance(1, 2) && !store_->writer().do_work({1}))
                return false;
        }
        return true;
    }
    /// Until there is nothing left to do.
    void settle() {
        for (int quiet = 0; quiet < 4;) {
            auto const before = store_->durable().position;
            ASSERT_TRUE(carrier_->work(100) && carrier_->work(100) && queues_->do_work({100}) &&
                        store_->writer().do_work({1}));
            quiet = store_->durable().position == before ? quiet + 1 : 0;
        }
    }

    /// What is in the queues.
    Post delivered() {
        Post post;
        for (auto const& queue : topology::shop.queues) {
            auto const received = queues_->queue().receive(ports::QueueName(queue.name),
                                                           {1000, Duration::hours(1), {}});
            if (!received)
                continue;
            for (auto const& message : received->messages)
                ++post[std::string(queue.name) + " " + testing::stream_in(message.body)];
        }
        return post;
    }
    /// What should be there: of each fact that the log has.
    Post wanted() {
        Post post;
        for (auto const& [stream, queues] : told_) {
            auto const head = store_->head(stream);
            for (auto const& queue : queues)
                post[queue + " " + stream.to_string()] += head && head->value() > 0 ? 1 : 0;
        }
        std::erase_if(post, [](auto const& each) { return each.second == 0; });
        return post;
    }

private:
    bool tell() {
        auto const news = testing::a_kind_of_news(random_.below(testing::kinds_of_news));
        bool const is_imported = random_.chance(1, 8);
        ports::Batch batch;
        testing::add_news(batch, news, ++numbers_, clock_.now(),
                          is_imported ? ActorKind::import : ActorKind::customer);
        if (!store_->append(batch))
            return false;
        told_.emplace_back(testing::stream_of(news, numbers_),
                           is_imported ? std::vector<std::string>() : news.queues);
        return true;
    }

    memory::Disk disk_;
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    NoFaults faults_;
    Random random_;
    Make make_;
    std::unique_ptr<embedded::EventStore> store_;
    std::unique_ptr<hosting::JournaledQueues> queues_;
    std::unique_ptr<Carrier> carrier_;
    std::vector<std::pair<StreamId, std::vector<std::string>>> told_;
    std::uint64_t numbers_{0};
};

struct Seen {
    Post delivered{};
    Post wanted{};
    bool has_finished{false}; ///< the work ended before the cut
};

constexpr int turns_of_a_life = 100;

/// Two lives: the first ends by a power cut after so many changes of the disk, or by a kill after
/// so many turns; the second goes on, and finishes.
Seen cut_and_look(std::uint64_t after, std::uint64_t seed, bool cuts_power, Make const& make) {
    NewsWorld world(seed, make);
    if (!world.open()) {
        ADD_FAILURE() << "a whole disk refused to begin";
        return {};
    }
    if (cuts_power)
        world.disk().cut_power_after(after);
    Seen seen;
    seen.has_finished = world.use(cuts_power ? turns_of_a_life : static_cast<int>(after));
    world.drop();
    if (cuts_power)
        world.disk().cut_power();
    world.disk().restore_power();
    EXPECT_TRUE(world.open()) << "seed " << seed << ", after " << after;
    if (::testing::Test::HasFailure())
        return {};
    EXPECT_TRUE(world.use(turns_of_a_life));
    world.settle();
    seen.delivered = world.delivered();
    seen.wanted = world.wanted();
    return seen;
}

Make const careful = [](auto& store, auto& queues, auto& clock) {
    return std::make_unique<Careful>(store, queues, clock);
};
Make careless(Careless::Keeps keeps) {
    return [keeps](auto& store, auto& queues, auto& clock) {
        return std::make_unique<Careless>(store, queues, clock, keeps);
    };
}

TEST(RouterPowerCut, each_fact_is_in_each_of_its_queues_once) {
    std::uint64_t changes = 0;
    for (bool has_finished = false; !has_finished && !HasFailure(); ++changes) {
        auto const seen = cut_and_look(changes, testing::seed() + changes, true, careful);
        EXPECT_EQ(seen.delivered, seen.wanted) << "after " << changes << " changes";
        has_finished = seen.has_finished;
    }
    EXPECT_GT(changes, 15U) << "the work was too short to be a test";
}

TEST(RouterKill, each_fact_is_in_each_of_its_queues_once) {
    for (std::uint64_t turns = 0; turns < 60 && !HasFailure(); ++turns) {
        auto const seen = cut_and_look(turns, testing::seed() + turns, false, careful);
        EXPECT_EQ(seen.delivered, seen.wanted) << "after " << turns << " turns";
        EXPECT_FALSE(seen.wanted.empty());
    }
}

/// Over many cuts: how many messages came twice, and how many never.
struct Harm {
    int twice{0};
    int never{0};
};
Harm harm_of(Make const& make) {
    Harm harm;
    for (std::uint64_t after = 0; after < 60 && !::testing::Test::HasFailure(); ++after) {
        auto seen = cut_and_look(after, testing::seed() + after, true, make);
        for (auto const& [post, times] : seen.delivered)
            harm.twice += times > seen.wanted[post] ? 1 : 0;
        for (auto const& [post, times] : seen.wanted)
            harm.never += seen.delivered[post] < times ? 1 : 0;
    }
    return harm;
}

TEST(RouterControl, a_position_in_a_commit_behind_brings_facts_twice) {
    EXPECT_GT(harm_of(careless(Careless::Keeps::behind)).twice, 0);
}

TEST(RouterControl, a_position_in_a_commit_before_loses_facts) {
    EXPECT_GT(harm_of(careless(Careless::Keeps::before)).never, 0);
}

} // namespace
} // namespace kontor::crash
