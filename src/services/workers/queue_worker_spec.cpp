#include "services/workers/queue_worker.hpp"

#include "services/workers/warehouse_news.hpp"

#include "adapters/memory/event_store.hpp"
#include "codec/event_types.hpp"
#include "platform/messaging/hosting/queue_journal.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <memory>
#include <optional>

namespace kontor::services {
namespace {

Location const warehouse = Location::parse("main").value();
Sku const mug = Sku::parse("MUG").value();
ports::QueueName const updates("inventory-updates");
ports::QueueName const dead_letters("dead-letter");

std::string event(std::string_view id, std::string_view type, std::string_view detail) {
    return fmt::format(
        R"({{"version":"0","id":"{}","detail-type":"{}","source":"partner.warehouse",)"
        R"("detail":{}}})",
        id, type, detail);
}
std::string delivery(std::string_view id, int mugs) {
    return event(
        id, "stock.delivered",
        fmt::format(R"({{"reference":"po-7","items":[{{"sku":"MUG","quantity":{}}}]}})", mugs));
}

/// A desk, durable queues and inventory's worker over one log, each called by hand.
class Working : public ::testing::Test {
protected:
    void SetUp() override {
        queues.emplace(store, clock, secrets);
        ports::QueueChange redrive;
        redrive.redrive = ports::RedrivePolicy{dead_letters, 5, ports::DeadLetterPolicy::park};
        create(dead_letters, {});
        create(updates, redrive);
        start();
        add_product(mug);
    }
    void create(ports::QueueName const& name, ports::QueueChange const& change) {
        ASSERT_TRUE(queues->admin().create(name, ports::QueueKind::standard, change,
                                           ports::QueueOwner::topology));
        ASSERT_TRUE(queues->do_work({10}));
    }

    /// Begins anew on the same log, as after a crash.
    void start() {
        worker.reset();
        desk.reset();
        queues.emplace(store, clock, secrets);
        ASSERT_TRUE(queues->recover());
        desk = std::make_unique<ShopDeskAgent>(store, Shop{{warehouse}});
        desk->desk().settle_by(*queues);
        customer = &desk->add_client();
        employ(warehouse_job(store, {warehouse}));
    }
    void employ(QueueJob job) {
        worker.reset();
        worker = std::make_unique<QueueWorker>(
            QueueWorker::Parts{queues->queue(), queues->progress(), clock, desk->add_client()},
            std::move(job));
    }

    void add_product(Sku const& sku) {
        product::Add add{sku, {}};
        add.description.title = "A thing";
        add.description.tax_class = TaxClass("zero");
        ShopRequest request{
            CommandId(Id128(1, ++asked)),      {}, {}, clock.now(), Actor{ActorKind::operator_, {}},
            Compound{{On<Products>{sku, add}}}};
        ASSERT_TRUE(customer->try_submit(std::move(request)));
        settle();
    }
    void send(std::string body) {
        std::vector const messages{ports::OutgoingMessage{.body = std::move(body)}};
        ASSERT_TRUE(queues->queue().send(updates, {}, messages));
        ASSERT_TRUE(queues->do_work({10}));
    }
    void settle() {
        for (int idle = 0; idle < 3;) {
            auto const items = desk->do_work({100}).value().items +
                               queues->do_work({100}).value().items +
                               worker->do_work({100}).value().items;
            idle = items == 0 ? idle + 1 : 0;
        }
    }
    void pass(Duration time) {
        clock.pass(time);
        settle();
    }

    std::int64_t on_hand(Sku const& sku = mug) {
        auto const& state = desk->desk().state<StockItems>({warehouse, sku});
        auto const* const item = std::get_if<stock::Item>(&state);
        return item == nullptr ? 0 : item->on_hand.value();
    }
    ports::QueueDepth depth(ports::QueueName const& name) {
        return queues->queue().depth(name).value();
    }
    std::string cause() {
        auto const found = queues->letters().peek(dead_letters, {}).value();
        return found.messages.empty() ? "" : found.messages.front().message.cause;
    }
    void retry(std::optional<std::string> body = {}) {
        auto const found = queues->letters().peek(dead_letters, {}).value();
        ASSERT_FALSE(found.messages.empty());
        ports::RetryRequest request{found.messages.front().message.sequence, {}, std::move(body)};
        ASSERT_TRUE(queues->letters().retry(dead_letters, request));
        settle();
    }

    kontor::testing::HandClock clock;
    kontor::testing::SecretDice secrets;
    memory::EventStore store{clock};
    std::optional<hosting::JournaledQueues> queues;
    std::unique_ptr<ShopDeskAgent> desk;
    ShopClient* customer{nullptr};
    std::unique_ptr<QueueWorker> worker;
    std::uint64_t asked{0};
};

TEST_F(Working, a_delivery_reaches_the_shelf_and_its_message_ends_in_the_same_commit) {
    send(delivery("evt-1", 12));
    settle();
    EXPECT_EQ(on_hand(), 12);
    EXPECT_EQ(depth(updates).settled, 1U);
    EXPECT_EQ(worker->counters().done, 1U);
    auto const page = store.read_log({}, ports::Limit(1000)).value();
    std::size_t with_both = 0;
    for (auto const& commit : page.commits) {
        bool has_units = false;
        bool has_end = false;
        for (auto const& fact : page.events)
            if (&page.commit_of(fact) == &commit) {
                has_units = has_units || codec::holds<stock::Received>(fact.type);
                has_end = has_end || codec::holds<queue::MessagesSettled>(fact.type);
            }
        with_both += has_units && has_end ? 1U : 0U;
    }
    EXPECT_EQ(with_both, 1U);
    start();
    pass(Duration::hours(1));
    EXPECT_EQ(on_hand(), 12);
    EXPECT_EQ(depth(updates).waiting + depth(updates).in_flight, 0U);
}

TEST_F(Working, many_messages_take_effect_each_once) {
    for (int i = 0; i < 500; ++i)
        send(delivery(fmt::format("evt-{}", i), 1));
    settle();
    EXPECT_EQ(on_hand(), 500);
    EXPECT_EQ(depth(updates).settled, 500U);
    start();
    EXPECT_EQ(on_hand(), 500);
    EXPECT_TRUE(queues->is_whole());
}

TEST_F(Working, what_others_do_with_the_queue_meanwhile_keeps_its_place) {
    for (int i = 0; i < 20; ++i) {
        send(delivery(fmt::format("evt-{}", i), 1));
        ASSERT_TRUE(worker->do_work({100}));
        ASSERT_TRUE(desk->do_work({100}));
        // Sent while the one before is settled and not written.
        std::vector const messages{
            ports::OutgoingMessage{.body = delivery(fmt::format("other-{}", i), 1)}};
        ASSERT_TRUE(queues->queue().send(updates, {}, messages));
    }
    settle();
    EXPECT_EQ(on_hand(), 40);
    auto const standing = queues->standing();
    start();
    EXPECT_EQ(queues->standing(), standing);
}

TEST_F(Working, the_same_event_takes_effect_once_however_often_it_is_sent) {
    send(delivery("evt-1", 12));
    send(delivery("evt-1", 12));
    settle();
    start();
    send(delivery("evt-1", 12));
    settle();
    EXPECT_EQ(on_hand(), 12);
    EXPECT_EQ(depth(updates).settled, 3U);
    EXPECT_EQ(worker->counters().repeated, 1U);
}

TEST_F(Working, a_message_whose_effect_was_never_written_comes_again) {
    send(delivery("evt-1", 12));
    ASSERT_TRUE(worker->do_work({100})); // received, and asked of a desk that dies
    start();
    settle();
    EXPECT_EQ(on_hand(), 12);
}

TEST_F(Working, what_cannot_succeed_is_a_dead_letter_that_says_why_and_can_be_sent_again) {
    auto const pot = Sku::parse("POT").value();
    send(event("evt-1", "stock.delivered",
               R"({"reference":"po-8","items":[{"sku":"MUG","quantity":1},)"
               R"({"sku":"POT","quantity":3}]})"));
    settle();
    EXPECT_EQ(on_hand(), 0) << "a delivery takes effect as a whole";
    EXPECT_EQ(cause(), "there is no product POT: add it, then send this again");
    add_product(pot);
    retry();
    EXPECT_EQ(on_hand(pot), 3);
    EXPECT_EQ(on_hand(), 1);
    EXPECT_EQ(depth(dead_letters).waiting, 0U);
}

TEST_F(Working, what_the_shop_refused_is_decided_anew_when_it_was_edited) {
    send(delivery("evt-1", 1));
    settle();
    auto const worst = std::to_string(std::numeric_limits<std::int64_t>::max());
    send(event("evt-2", "stock.counted", R"({"items":[{"sku":"MUG","counted":)" + worst + "}]}"));
    settle();
    ASSERT_EQ(depth(dead_letters).waiting, 1U) << "no shelf holds so much";
    retry(event("evt-2", "stock.counted", R"({"items":[{"sku":"MUG","counted":9}]})"));
    EXPECT_EQ(on_hand(), 9);
}

TEST_F(Working, one_that_took_effect_is_not_carried_out_again_because_it_was_edited) {
    send(delivery("evt-1", 12));
    settle();
    send(delivery("evt-1", 99));
    settle();
    EXPECT_EQ(on_hand(), 12);
    EXPECT_EQ(cause(), "it took effect before with another content: nothing was done");
}

TEST_F(Working, a_count_adjusts_and_a_return_that_the_shop_booked_ends) {
    send(delivery("evt-1", 12));
    send(event("evt-2", "stock.counted",
               R"({"note":"yearly","items":[{"sku":"MUG","counted":9}]})"));
    send(event("evt-3", "order.return_received", R"({"data":{}})"));
    settle();
    EXPECT_EQ(on_hand(), 9);
    EXPECT_EQ(worker->counters().idle, 1U);
    EXPECT_EQ(depth(updates).settled, 3U);
}

TEST_F(Working, what_it_cannot_read_is_a_dead_letter) {
    for (std::string const body : {"no JSON", "[]", R"({"id":"x","detail-type":"stock.delivered"})",
                                   R"({"id":"x","detail-type":"stock.melted","detail":{}})"})
        send(body);
    send(event("a", "stock.delivered", R"({"reference":"r","items":[]})"));
    send(event("b", "stock.delivered", R"({"reference":"","items":[{"sku":"MUG","quantity":1}]})"));
    send(event("c", "stock.delivered",
               R"({"location":"moon","reference":"r","items":[{"sku":"MUG","quantity":1}]})"));
    send(
        event("d", "stock.delivered", R"({"reference":"r","items":[{"sku":"MUG","quantity":0}]})"));
    send(event("e", "stock.counted",
               R"({"items":[{"sku":"MUG","counted":1},{"sku":"MUG","counted":2}]})"));
    settle();
    EXPECT_EQ(depth(dead_letters).waiting, 9U);
    EXPECT_EQ(on_hand(), 0);
}

TEST_F(Working, while_the_world_fails_a_message_stays_in_hand) {
    bool fails = true;
    auto job = warehouse_job(store, {warehouse});
    job.read = [&fails,
                read = job.read](std::string const& body) -> Result<std::optional<AskedByMessage>> {
        if (fails)
            return unexpected(Failure{FailureKind::unavailable, "the disk rests"});
        return read(body);
    };
    employ(std::move(job));
    send(delivery("evt-1", 12));
    for (int i = 0; i < 300; ++i) // far longer than its visibility
        pass(Duration::seconds(1));
    EXPECT_EQ(depth(updates).in_flight, 1U);
    EXPECT_EQ(depth(updates).receives, 1U);
    fails = false;
    pass(Duration::seconds(1));
    EXPECT_EQ(on_hand(), 12);
    EXPECT_EQ(depth(updates).settled, 1U);
}

} // namespace
} // namespace kontor::services
