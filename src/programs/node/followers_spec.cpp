#include "programs/node/followers.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::programs {
namespace {

/// Follows the log when it is told to.
struct Reader final : Agent {
    explicit Reader(std::string_view name) : name_(name) {}
    std::string_view name() const override { return name_; }
    Result<WorkDone> do_work(WorkBudget) override { return WorkDone{0}; }

    Followers::Standing standing{};

private:
    std::string_view name_;
};

class FollowersSpec : public ::testing::Test {
protected:
    FollowersSpec() {
        followers.add(checkout, [this] { return checkout.standing; }, Sells::yes);
        followers.add(router, [this] { return router.standing; });
    }

    void happen(std::uint64_t facts) {
        for (; facts > 0; --facts) {
            ports::Batch batch;
            batch.begin_commit({CommandId(Id128(1, ++facts_)), {}, {}, {}, {}});
            auto const stream =
                batch.add_stream(StreamId::of(StreamCategory::order, Id128(7, facts_)),
                                 ports::ExpectedVersion::exactly(ports::StreamVersion(0)));
            batch.add_event(stream, ports::EventType(1));
            ASSERT_TRUE(store.append(batch));
        }
    }
    /// What is said after so long.
    std::vector<FollowerLag> after(Duration time) {
        clock.pass(time);
        EXPECT_TRUE(followers.do_work({1}));
        return followers.lags();
    }
    static void follow(Reader& reader, std::uint64_t position) {
        reader.standing.position = ports::Position(position);
    }

    testing::HandClock clock;
    memory::EventStore store{clock};
    Reader checkout{"checkout"};
    Reader router{"router"};
    Followers followers{store, clock};

private:
    std::uint64_t facts_{0};
};

constexpr Duration second = Duration::seconds(1);

TEST_F(FollowersSpec, say_how_old_the_first_fact_is_that_nobody_followed) {
    happen(10);
    EXPECT_EQ(after(second)[0].behind, Duration()) << "it was seen just now";
    happen(10);
    EXPECT_EQ(after(second)[0].behind, second);
    follow(checkout, 10);
    EXPECT_EQ(after(second)[0].behind, second) << "the last ten are so old";
    EXPECT_EQ(followers.lags()[0].events, 10U);
    follow(checkout, 20);
    EXPECT_EQ(after(second)[0].behind, Duration());
    EXPECT_EQ(followers.lags()[1].behind, Duration::seconds(3)) << "the router has not moved";
}

/// Whoever is never at the end, for more comes all the time, may still be a moment behind.
TEST_F(FollowersSpec, who_keeps_up_is_not_behind_though_it_is_never_at_the_end) {
    for (std::uint64_t position = 0; position < 100; position += 10) {
        happen(10);
        follow(checkout, position);
        EXPECT_LE(after(second)[0].behind, second);
    }
}

TEST_F(FollowersSpec, the_backlog_is_that_of_the_slowest_who_sells) {
    happen(50);
    after(second);
    EXPECT_EQ(followers.backlog(), 50U);
    follow(checkout, 30);
    after(second);
    EXPECT_EQ(followers.backlog(), 20U) << "the router is behind, and nobody waits for it";
    checkout.standing.pace = Pace::halted;
    after(second);
    EXPECT_EQ(followers.backlog(), 0U);
}

} // namespace
} // namespace kontor::programs
