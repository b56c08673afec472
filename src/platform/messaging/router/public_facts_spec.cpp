#include "platform/messaging/router/public_facts.hpp"

#include "adapters/memory/event_store.hpp"
#include "platform/messaging/router/limits.hpp"
#include "platform/routing/json_tree.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/news.hpp"

#include <gtest/gtest.h>

namespace kontor::router {
namespace {

Stage const stage{{}, "ecommerce-platform"};

/// How the first event of a log is shown.
class PublicFacts : public ::testing::Test {
protected:
    Result<Shown> shown(testing::News const& news, ActorKind by = ActorKind::customer) {
        ports::Batch batch;
        testing::add_news(batch, news, 7, clock.now() + Duration::microseconds(250'000), by);
        EXPECT_TRUE(store.append(batch));
        auto const page = store.read_log({}, ports::Limit(1)).value();
        return show(stage, page.events[0], page.commit_of(page.events[0]));
    }
    std::string envelope(testing::News const& news, ActorKind by = ActorKind::customer) {
        auto const made = shown(news, by);
        EXPECT_TRUE(made && made->event);
        return made && made->event ? made->event->envelope : std::string();
    }
    testing::HandClock clock;
    memory::EventStore store{clock};
};

TEST_F(PublicFacts, a_fact_is_an_event_with_its_envelope_in_it) {
    auto const id = Id128(std::uint64_t{1'700'000'000'000} << 16, 7);
    auto const event = event_id(CommandId(id), 0);
    auto const text = id.to_string();
    EXPECT_EQ(
        envelope(testing::a_kind_of_news(3)),
        R"({"version":"0","id":")" + bus::uuid_of(event.value()) +
            R"(","detail-type":"order.completed","source":"kontor.order","account":"000000000000",)"
            R"("time":"2023-11-14T22:13:20Z","region":"us-east-1","resources":["order-)" +
            text + R"("],"detail":{"metadata":{"id":")" + event.to_string() +
            R"(","type":"order.completed","type_version":1,"stream":"order-)" + text +
            R"(","version":1,"position":1,"occurred_at":"2023-11-14T22:13:20.250000Z",)"
            R"("recorded_at":"2023-11-14T22:13:20Z","correlation_id":"ord_)" +
            text + R"(","causation_id":")" + text +
            R"(","actor_kind":"customer"},"data":{"net":{"amount":5,"currency":"GBP"},)"
            R"("uncollected":{"amount":0,"currency":"GBP"}}}})");
}

TEST_F(PublicFacts, what_is_internal_does_not_leave) {
    auto const made = shown(testing::a_kind_of_news(4));
    ASSERT_TRUE(made);
    EXPECT_FALSE(made->event.has_value());
    EXPECT_EQ(made->refused, "");
}

TEST_F(PublicFacts, who_imported_says_so) {
    EXPECT_NE(
        envelope(testing::a_kind_of_news(3), ActorKind::import).find(R"("actor_kind":"import")"),
        std::string::npos);
}

TEST_F(PublicFacts, an_operator_is_called_as_everywhere_else) {
    EXPECT_NE(envelope(testing::a_kind_of_news(3), ActorKind::operator_)
                  .find(R"("actor_kind":"operator")"),
              std::string::npos);
}

TEST_F(PublicFacts, a_stream_of_no_order_has_its_first_command_as_correlation) {
    auto const text = envelope(testing::a_kind_of_news(10));
    EXPECT_EQ(text.find("ord_"), std::string::npos) << text;
    EXPECT_NE(text.find(R"("source":"kontor.stock")"), std::string::npos) << text;
}

/// An order of so many lines, whose buyer has a name.
testing::News order_of(std::size_t lines) {
    order::Placed placed{};
    placed.channel = order::Channel::storefront;
    placed.currency = Currency::gbp();
    placed.total = testing::pounds_of(1);
    placed.discount = testing::pounds_of(0);
    placed.shipping = {testing::pounds_of(0), testing::pounds_of(0)};
    Contact contact{};
    contact.name = "Ada Lovelace";
    placed.contact = Personal<Contact>(contact);
    for (std::size_t i = 1; i <= lines; ++i)
        placed.lines.push_back({LineNumber(static_cast<std::uint16_t>(i)),
                                Sku::parse("A").value(),
                                R"("lines":[])",
                                SkuKind::goods,
                                Quantity::of(1),
                                testing::pounds_of(1),
                                TaxClass{},
                                BasisPoints{},
                                testing::pounds_of(0),
                                {testing::pounds_of(1), testing::pounds_of(0)}});
    return {placed, {}};
}

TEST_F(PublicFacts, nothing_personal_leaves) {
    EXPECT_EQ(envelope(order_of(1)).find("Lovelace"), std::string::npos);
}

TEST_F(PublicFacts, of_a_very_large_order_it_is_said_how_many_lines_it_has) {
    auto const text = envelope(order_of(lines_shown_max + 1));
    EXPECT_NE(text.find(R"("line_count":201)"), std::string::npos);
    EXPECT_EQ(text.find(R"("sku":)"), std::string::npos);
    EXPECT_TRUE(routing::read_json(text, 16).has_value());
}

TEST_F(PublicFacts, a_large_order_is_shown_with_its_lines) {
    auto const text = envelope(order_of(lines_shown_max));
    EXPECT_EQ(text.find("line_count"), std::string::npos);
    EXPECT_TRUE(routing::read_json(text, 16).has_value());
}

} // namespace
} // namespace kontor::router
