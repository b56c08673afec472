/// From a fact in the log, over the bus and its queue, to the letter on a mail server: what the
/// topology's rules write is what the service reads.

#include "adapters/mail/smtp_mailer.hpp"
#include "codec/events.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/labels.hpp"
#include "platform/messaging/router/router_world.hpp"
#include "services/notification/notification_runner.hpp"
#include "tests/support/smtp_server.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

namespace kontor::services {
namespace {

OrderId const order_id(Id128(std::uint64_t{1'700'000'000'000} << 16, 7));
PaymentId const payment_id(Id128(6, 6));
FulfilmentId const parcel_id(Id128(8, 8));

struct ToldWorld {
    ToldWorld() {
        bus.open();
        mail::SmtpOptions options;
        options.server = server.address();
        options.from = {"shop@kontor.example", "The Shop"};
        options.security = mail::SmtpSecurity::none;
        mailer = mail::SmtpMailer::open(options).value();
        runner.emplace(NotificationRunner::Parts{bus.queues->queue(),
                                                 bus.store,
                                                 *mailer,
                                                 bus.clock,
                                                 nullptr,
                                                 Random(1),
                                                 "ops@example.org",
                                                 {}});
    }

    template <class Event>
    void tell(StreamId const& stream, Event const& fact) {
        CommandId const command(Id128(9, ++commands));
        ports::Batch batch;
        batch.begin_commit(
            {command, order_id.value(), {}, bus.clock.now(), {ActorKind::customer, {}}});
        auto const into = batch.add_stream(stream, ports::ExpectedVersion::any());
        auto const type = codec::encode(fact, batch.buffer());
        batch.add_event(into, type);
        ASSERT_TRUE(bus.store.append(batch));
    }

    void place() {
        order::Placed fact{};
        fact.order_id = order_id;
        fact.channel = order::Channel::storefront;
        fact.currency = Currency::gbp();
        fact.shipping = NetTax::zero(fact.currency);
        fact.discount = Money::zero(fact.currency);
        fact.total = testing::pounds_of(1798);
        fact.country = Country::parse("GB").value();
        fact.lines = {{LineNumber(1),
                       Sku::parse("MUG").value(),
                       "Oak Mug",
                       SkuKind::goods,
                       Quantity::of(2),
                       testing::pounds_of(899),
                       TaxClass("zero"),
                       BasisPoints(),
                       testing::pounds_of(0),
                       {testing::pounds_of(1798), testing::pounds_of(0)}}};
        fact.contact = Personal<Contact>(Contact{"ada@example.org", "Ada", {}});
        tell(StreamId::order(order_id), order::Event(fact));
    }

    /// Until nobody has anything to do, or ten seconds have gone by. Letters, by subject.
    std::map<std::string, int> subjects(std::size_t wanted) {
        bus.route();
        auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (server.taken().size() < wanted && std::chrono::steady_clock::now() < last) {
            EXPECT_TRUE(runner->do_work({100}));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        for (int turn = 0; turn < 200; ++turn) {
            EXPECT_TRUE(runner->do_work({100}));
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        std::map<std::string, int> counted;
        for (auto const& letter : server.taken()) {
            auto const at = letter.content.find("Subject: ") + 9;
            ++counted[letter.content.substr(at, letter.content.find("\r\n", at) - at)];
        }
        return counted;
    }

    router::RouterWorld bus;
    testing::SmtpServer server;
    std::unique_ptr<mail::SmtpMailer> mailer;
    std::optional<NotificationRunner> runner;
    std::uint64_t commands{0};
};

TEST(ToldByTheBus, each_fact_that_the_rules_choose_is_one_letter) {
    ToldWorld world;
    auto const order = StreamId::order(order_id);
    auto const pay = StreamId::payment(payment_id);
    auto const mug = Sku::parse("MUG").value();
    world.place();
    world.tell(order,
               order::Event(order::Confirmed{{}, {}, world.bus.clock.now() + Duration::days(7)}));
    world.tell(StreamId::fulfilment(parcel_id),
               fulfilment::Event(fulfilment::Dispatched{order_id,
                                                        fulfilment::Carrier("dhl"),
                                                        Personal<std::string>("TRACK-77"),
                                                        {{LineNumber(1), mug, Quantity::of(2)}}}));
    // Two refunds of one second are two letters, and their notices differ in the fact alone.
    for (std::uint64_t number = 1; number <= 2; ++number)
        world.tell(pay, payment::Event(payment::Refunded{
                            RefundId(Id128(3, number)), testing::pounds_of(899), {}}));
    auto const place = Location::parse("main").value();
    world.tell(StreamId::stock(place, mug), stock::Event(stock::RanLow{mug, place, 1}));
    auto const number = order::order_number(order_id);
    EXPECT_EQ(world.subjects(5),
              (std::map<std::string, int>{
                  {"Your order " + number + " is confirmed", 1},
                  {"A parcel of your order " + number + " is on its way", 1},
                  {"8.99 GBP for your order " + number + " is on its way back", 2},
                  {"[ticket] stock.ran_low", 1}}));
    auto const figures = world.runner->figures();
    EXPECT_EQ(figures.outcomes[static_cast<std::size_t>(NoticeOutcome::sent)], 4U);
    EXPECT_EQ(figures.outcomes[static_cast<std::size_t>(NoticeOutcome::alerted)], 1U);
    EXPECT_EQ(figures.outcomes[static_cast<std::size_t>(NoticeOutcome::unreadable)], 0U);
    EXPECT_EQ(figures.in_hand, 0U);
    for (auto const& letter : world.server.taken())
        EXPECT_EQ(letter.to.front(), letter.content.find("[ticket]") != std::string::npos
                                         ? "ops@example.org"
                                         : "ada@example.org");
}

} // namespace
} // namespace kontor::services
