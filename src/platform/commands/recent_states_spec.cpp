#include "platform/commands/recent_states.hpp"

#include "adapters/memory/event_store.hpp"
#include "domain/values/ids.hpp"

#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"

#include <gtest/gtest.h>

namespace kontor::commands {
namespace {

/// A sum of small numbers.
struct Sum {
    struct Fold {
        using State = std::int64_t;
        using Event = std::uint8_t;
        static State initial() { return 0; }
        static State evolve(State state, Event const& event) { return state + event; }
        static bool is_terminal(State const&) { return false; }
    };
    using Key = Sku;
    static StreamId stream(Key const& key) { return StreamId::product(key); }
    static ports::EventType encode(std::uint8_t const& event, std::vector<std::uint8_t>& buffer) {
        buffer.push_back(event);
        return ports::EventType(1);
    }
    static Result<std::uint8_t> decode(ports::EventType, std::span<std::uint8_t const> bytes) {
        if (bytes[0] == 0)
            return unexpected(Failure{FailureKind::corrupt, "nought is none of them"});
        return bytes[0];
    }
};

/// Counts the facts that are read.
class CountingStore : public kontor::testing::PassingStore {
public:
    using PassingStore::PassingStore;
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override {
        auto page = store_.read_stream(stream, from, limit);
        read += page ? page->events.size() : 0;
        return page;
    }
    std::size_t read{0};
};

class RecentStatesSpec : public ::testing::Test {
protected:
    static Sku sku(char const* text) { return Sku::parse(text).value(); }

    void add(char const* to, std::vector<std::uint8_t> const& numbers) {
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands_)), {}, {}, {}, {}});
        auto const stream = batch.add_stream(Sum::stream(sku(to)), ports::ExpectedVersion::any());
        for (auto const number : numbers)
            batch.add_event(stream, Sum::encode(number, batch.buffer()));
        ASSERT_TRUE(store.append(batch));
    }
    std::int64_t sum(char const* of, ports::StreamVersion last = newest_version) {
        return states.at(store, sku(of), last).value()->state;
    }

    kontor::testing::HandClock clock;
    memory::EventStore memory{clock};
    CountingStore store{memory};
    RecentStates<Sum> states{4};

private:
    std::uint64_t commands_{0};
};

TEST_F(RecentStatesSpec, only_what_came_since_is_read_again) {
    add("A", std::vector<std::uint8_t>(5'000, 1));
    EXPECT_EQ(sum("A"), 5'000);
    EXPECT_EQ(store.read, 5'000U);
    add("A", {7});
    EXPECT_EQ(sum("A"), 5'007);
    EXPECT_EQ(sum("A"), 5'007);
    EXPECT_EQ(store.read, 5'001U);
}

TEST_F(RecentStatesSpec, the_past_is_shown_as_it_was_and_the_present_kept) {
    add("A", {1, 2, 3});
    EXPECT_EQ(sum("A", ports::StreamVersion(2)), 3);
    EXPECT_EQ(sum("A"), 6);
    EXPECT_EQ(sum("A", ports::StreamVersion(1)), 1);
    EXPECT_EQ(sum("A", ports::StreamVersion(9)), 6);
    store.read = 0;
    EXPECT_EQ(sum("A"), 6);
    EXPECT_EQ(store.read, 0U);
}

TEST_F(RecentStatesSpec, streams_that_do_not_exist_take_no_place) {
    add("A", {1, 2});
    EXPECT_EQ(sum("A"), 3);
    for (auto const* const other : {"B", "C", "D", "E", "F", "G", "H", "I"})
        EXPECT_EQ(states.at(store, sku(other)).value()->version, ports::StreamVersion(0));
    store.read = 0;
    EXPECT_EQ(sum("A"), 3);
    EXPECT_EQ(store.read, 0U);
    add("B", {4});
    EXPECT_EQ(sum("B"), 4);
}

TEST_F(RecentStatesSpec, no_more_are_kept_than_there_is_room_for) {
    for (auto const* const each : {"A", "B", "C", "D", "E"}) {
        add(each, {9});
        EXPECT_EQ(sum(each), 9);
    }
    store.read = 0;
    for (auto const* const each : {"A", "B", "C", "D", "E"})
        EXPECT_EQ(sum(each), 9);
    EXPECT_GT(store.read, 0U);
}

TEST_F(RecentStatesSpec, a_stream_that_cannot_be_read_leaves_no_part_of_it) {
    add("A", {1, 0, 5});
    EXPECT_EQ(states.at(store, sku("A")).error().kind, FailureKind::corrupt);
    EXPECT_EQ(states.at(store, sku("A")).error().kind, FailureKind::corrupt);
    EXPECT_EQ(sum("A", ports::StreamVersion(1)), 1);
}

} // namespace
} // namespace kontor::commands
