#include "ports/batch.hpp"

#include <gtest/gtest.h>

namespace kontor::ports {
namespace {

StreamId stock(char const* sku) {
    return StreamId::stock(Location::parse("main").value(), Sku::parse(sku).value());
}

void add(Batch& batch, std::uint32_t stream, std::uint8_t byte) {
    batch.buffer().push_back(byte);
    batch.add_event(stream, EventType(7));
}

TEST(Batch, keeps_commits_apart) {
    Batch batch;
    batch.begin_commit({});
    auto const a = batch.add_stream(stock("A"), ExpectedVersion::no_stream());
    auto const b = batch.add_stream(stock("B"), ExpectedVersion::any());
    add(batch, a, 1);
    add(batch, b, 2);
    batch.begin_commit({});
    auto const c = batch.add_stream(stock("C"), ExpectedVersion::any());
    EXPECT_EQ(c, 0u);
    add(batch, c, 3);

    ASSERT_EQ(batch.commits().size(), 2u);
    EXPECT_EQ(batch.streams(0).size(), 2u);
    EXPECT_EQ(batch.events(0).size(), 2u);
    EXPECT_EQ(batch.payload(batch.events(1)[0])[0], 3);
    EXPECT_EQ(batch.streams(1)[0].id, stock("C"));
}

TEST(Batch, an_abandoned_commit_leaves_no_trace) {
    Batch batch;
    batch.begin_commit({});
    add(batch, batch.add_stream(stock("A"), ExpectedVersion::any()), 1);
    batch.begin_commit({});
    add(batch, batch.add_stream(stock("B"), ExpectedVersion::any()), 2);
    batch.abandon_commit();
    EXPECT_EQ(batch.commits().size(), 1u);
    EXPECT_EQ(batch.bytes(), 1u);
    EXPECT_EQ(batch.event_count(), 1u);
}

TEST(ExpectedVersion, holds_for_what_the_writer_believed) {
    StreamVersion const none{};
    StreamVersion const three(3);
    EXPECT_TRUE(ExpectedVersion::any().holds_for(none));
    EXPECT_TRUE(ExpectedVersion::no_stream().holds_for(none));
    EXPECT_FALSE(ExpectedVersion::no_stream().holds_for(three));
    EXPECT_TRUE(ExpectedVersion::stream_exists().holds_for(three));
    EXPECT_FALSE(ExpectedVersion::stream_exists().holds_for(none));
    EXPECT_TRUE(ExpectedVersion::exactly(three).holds_for(three));
    EXPECT_FALSE(ExpectedVersion::exactly(StreamVersion(2)).holds_for(three));
}

} // namespace
} // namespace kontor::ports
