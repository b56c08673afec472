#include "programs/node/node.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "programs/node/provider_memory.hpp"
#include "runtime/system_clock.hpp"
#include "services/views/orders.hpp"
#include "services/views/queries.hpp"
#include "tests/support/secret_dice.hpp"
#include "tests/support/storefront.hpp"
#include "topology/shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace kontor::programs {
namespace {

using services::views::OrderState;

class NodeSpec : public ::testing::Test {
protected:
    static Location warehouse() { return Location::parse("main").value(); }
    static Sku sku() { return Sku::parse("MUG").value(); }

    std::unique_ptr<Node> make_node(hosting::JournaledQueues* queues = nullptr) {
        NodeOptions options;
        options.queues = queues;
        if (queues != nullptr)
            options.bus.emplace();
        options.shop.locations = {warehouse()};
        options.provider = {Duration(), Duration()};
        options.carrier = services::CarrierOptions{std::int64_t{1} << 50, services::Luck::always};
        return std::make_unique<Node>(store, models, clock, metrics, options);
    }

    static services::ShopRequest request_of(CommandId id, Id128 order, services::Work work) {
        return {id, order, {}, SystemClock().now(), {ActorKind::customer, {}}, std::move(work)};
    }

    void buy_a_mug(services::ShopClient& client, OrderId order) {
        services::StockKey const key{warehouse(), sku()};
        stock::Receive const receive{key.sku, key.location, Quantity::of(5), "opening"};
        EXPECT_TRUE(client.try_submit(
            request_of(CommandId(Id128(1, order.value().low())), {},
                       services::Compound{{services::On<services::StockItems>{key, receive}}})));
        auto place = testing::storefront_order(
            order, {testing::goods_line(1, sku(), 1, Money::of(700, Currency::gbp()))});
        auto request =
            request_of(CommandId(Id128(2, order.value().low())), order.value(),
                       services::Compound{{services::On<services::Orders>{order, place}}});
        request.ticket = 1;
        EXPECT_TRUE(client.try_submit(std::move(request)));
    }

    template <class Condition>
    static bool comes_true(Condition const& condition) {
        auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition() && std::chrono::steady_clock::now() < last)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return condition();
    }

    std::optional<OrderState> state_shown(OrderId order) {
        auto const reader = models.read(services::views::Orders(64).shape());
        if (!reader)
            return {};
        auto const view = services::views::show_order(**reader, order);
        return view ? std::optional(view->progress.state) : std::nullopt;
    }

    SystemClock clock;
    memory::EventStore store{clock};
    memory::ReadModels models;
    telemetry::Metrics metrics;
};

TEST_F(NodeSpec, an_order_goes_from_the_desk_to_the_doorstep_and_into_the_rows_by_itself) {
    auto const node = make_node();
    auto& client = node->add_client();
    ASSERT_TRUE(node->recover());
    node->start();
    OrderId const order(Id128(9, 1));
    buy_a_mug(client, order);
    EXPECT_TRUE(comes_true([&] { return state_shown(order) == OrderState::completed; }));
    EXPECT_FALSE(node->failure());
    EXPECT_TRUE(comes_true([&] {
        auto const lags = node->lags();
        return lags.size() == 9 &&
               std::ranges::all_of(lags, [](auto const& lag) { return lag.events == 0; });
    }));
    node->stop();
}

TEST_F(NodeSpec, what_happens_in_the_shop_is_news_in_its_queues) {
    testing::SecretDice secrets;
    hosting::JournaledQueues queues(store, clock, secrets);
    ASSERT_TRUE(queues.recover());
    ASSERT_TRUE(hosting::declare_queues(queues.admin(), topology::shop));
    auto const node = make_node(&queues);
    auto& client = node->add_client();
    ASSERT_TRUE(node->recover());
    node->start();
    OrderId const order(Id128(9, 6));
    buy_a_mug(client, order);
    std::map<std::string, int> times;
    EXPECT_TRUE(comes_true([&] {
        auto const got = queues.queue().receive(ports::QueueName("notifications"), {10, {}, {}});
        for (auto const& message : got->messages)
            ++times[message.body.substr(0, message.body.find(','))];
        return times.contains(R"({"kind":"order.completed")");
    }));
    EXPECT_EQ(times, (std::map<std::string, int>{{R"({"kind":"order.confirmed")", 1},
                                                 {R"({"kind":"fulfilment.dispatched")", 1},
                                                 {R"({"kind":"fulfilment.delivered")", 1},
                                                 {R"({"kind":"order.completed")", 1}}));
    EXPECT_TRUE(comes_true([&] {
        auto const lags = node->lags();
        return lags.size() == 10 &&
               std::ranges::all_of(lags, [](auto const& lag) { return lag.events == 0; });
    }));
    node->stop();
    EXPECT_FALSE(node->failure());
    EXPECT_TRUE(queues.is_idle());
}

TEST_F(NodeSpec, whatever_was_accepted_is_answered_before_it_stops) {
    auto const node = make_node();
    auto& client = node->add_client();
    ASSERT_TRUE(node->recover());
    node->start();
    buy_a_mug(client, OrderId(Id128(9, 2)));
    EXPECT_TRUE(comes_true([&] { return store.durable().position.value() > 0; }));
    node->stop();
    EXPECT_TRUE(client.try_answer());
}

TEST_F(NodeSpec, a_new_node_goes_on_where_the_last_one_stopped) {
    OrderId const order(Id128(9, 3));
    {
        auto const node = make_node();
        auto& client = node->add_client();
        ASSERT_TRUE(node->recover());
        node->start();
        buy_a_mug(client, order);
        EXPECT_TRUE(comes_true([&] { return state_shown(order).has_value(); }));
        node->stop();
    }
    auto const node = make_node();
    ASSERT_TRUE(node->recover());
    node->start();
    EXPECT_TRUE(comes_true([&] { return state_shown(order) == OrderState::completed; }));
    node->stop();
}

TEST_F(NodeSpec, a_payment_at_rest_is_remembered_when_somebody_wants_its_money_back) {
    OrderId const order(Id128(9, 4));
    {
        auto const node = make_node();
        auto& client = node->add_client();
        ASSERT_TRUE(node->recover());
        node->start();
        buy_a_mug(client, order);
        EXPECT_TRUE(comes_true([&] { return state_shown(order) == OrderState::completed; }));
        node->stop();
    }
    payments::Sandbox provider(clock, Random(1));
    ASSERT_TRUE(remember_payments(store, provider));
    EXPECT_TRUE(provider.book().empty());
    auto const page = store.read_log({}, ports::Limit(1'000));
    auto const fact = std::ranges::find_if(page->events, [](auto const& event) {
        return event.stream.category() == StreamCategory::payment;
    });
    ASSERT_NE(fact, page->events.end());
    PaymentId const payment(fact->stream.id());
    RefundId const refund(Id128(9, 5));
    auto const amount = Money::of(100, Currency::gbp());
    ports::ProviderCall const call{
        ports::provider_key(payment, ports::PaymentOperation::refund, refund.value()), payment,
        ports::RefundCall{refund, amount}};
    ASSERT_TRUE(provider.start(std::span(&call, 1)));
    ASSERT_EQ(provider.book().size(), 1u);
    EXPECT_EQ(provider.book().front().refunded, amount);
}

} // namespace
} // namespace kontor::programs
