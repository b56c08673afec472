/// From the message in the queue to the letter in the outbox: each fact once, whatever the mail
/// server does meanwhile; and who gets none.

#include "adapters/faulty/mailer.hpp"
#include "adapters/mail/outbox.hpp"
#include "adapters/memory/event_store.hpp"
#include "adapters/memory/key_store.hpp"
#include "adapters/memory/queues.hpp"
#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "domain/order/labels.hpp"
#include "services/notification/notification_runner.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::services {
namespace {

OrderId const order_id(Id128(std::uint64_t{1'700'000'000'000} << 16, 7));
CustomerId const ada(Id128(5, 5));
PaymentId const payment_of_ada(Id128(6, 6));
FulfilmentId const parcel(Id128(8, 8));
ports::QueueName const notices_queue("notifications");
ports::QueueName const dead_queue("dead-letter");

Money pounds(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}
order::Line line_of(std::uint16_t number, std::int64_t units, std::string title,
                    std::int64_t gross) {
    return {LineNumber(number),  Sku::parse("MUG").value(), std::move(title), SkuKind::goods,
            Quantity::of(units), pounds(gross / units),     TaxClass("zero"), BasisPoints(),
            pounds(0),           {pounds(gross), pounds(0)}};
}

order::Placed placed() {
    order::Placed fact{};
    fact.order_id = order_id;
    fact.customer_id = ada;
    fact.channel = order::Channel::storefront;
    fact.currency = Currency::gbp();
    fact.lines = {line_of(1, 2, "Oak Mug", 1798), line_of(2, 1, "Größe L", 500)};
    fact.shipping = {pounds(395), pounds(0)};
    fact.discount = pounds(0);
    fact.total = pounds(2693);
    fact.country = Country::parse("GB").value();
    fact.ship_to = Personal<Address>(Address{"Ada Ashdown", {"1 Quay Street"}, "Bristol", "BS1"});
    fact.contact = Personal<Contact>(Contact{"ada@example.org", "Ada Ashdown", {}});
    return fact;
}

class Notifications : public ::testing::Test {
protected:
    Notifications() {
        EXPECT_TRUE(queues.admin().create(dead_queue, ports::QueueKind::standard, {},
                                          ports::QueueOwner::topology));
        ports::QueueChange change{};
        change.visibility = Duration::seconds(60);
        change.redrive = ports::RedrivePolicy{dead_queue, 5};
        EXPECT_TRUE(queues.admin().create(notices_queue, ports::QueueKind::standard, change,
                                          ports::QueueOwner::topology));
        start();
        tell(StreamId::order(order_id), order::Event(placed()));
    }

    /// A process of its own, as after a crash: what is in the queue and the outbox stays.
    void start(std::string operators = {}) {
        runner.emplace(NotificationRunner::Parts{
            queues.queue(), store, mailer, clock, &opener, Random(1), std::move(operators),
            [this](NotificationNote const& note) { notes.push_back(note); }});
    }

    /// Records a fact as the desk would, sealed. Its id.
    template <class Event>
    EventId tell(StreamId const& stream, Event fact, Id128 correlation = order_id.value()) {
        CommandId const command(Id128(9, ++commands));
        auto const id = event_id(command, 0);
        if constexpr (codec::has_personal_facts<Event>) {
            sealer.begin();
            EXPECT_TRUE(sealer.plan(0, ada.value()));
            sealer.seal(fact, 0, id);
        }
        ports::Batch batch;
        batch.begin_commit({command, correlation, {}, clock.now(), {ActorKind::customer, {}}});
        auto const into = batch.add_stream(stream, ports::ExpectedVersion::any());
        auto const type = codec::encode(fact, batch.buffer());
        batch.add_event(into, type);
        EXPECT_TRUE(store.append(batch));
        return id;
    }

    static std::string body_of(std::string_view kind, StreamId const& stream, EventId id,
                               std::string const& more = {}) {
        return fmt::format(R"({{"kind":"{}","order":"{}","stream":"{}","at":"{}","id":"{}"{}}})",
                           kind, order_id.to_string(), stream.to_string(), "2026-11-27T10:00:00Z",
                           id.to_string(), more);
    }
    void send(std::string body) {
        ports::OutgoingMessage const message{std::move(body)};
        EXPECT_TRUE(
            queues.queue().send(notices_queue, ports::SenderId("spec"), std::span(&message, 1)));
    }
    /// A fact, and the message that the topology makes of it.
    template <class Event>
    void happens(std::string_view kind, StreamId const& stream, Event const& fact) {
        send(body_of(kind, stream, tell(stream, fact)));
    }
    void confirm() {
        happens("order.confirmed", StreamId::order(order_id),
                order::Event(order::Confirmed{{}, {}, clock.now() + Duration::days(7)}));
    }

    /// The same for another order of hers.
    void confirm_another(int number) {
        OrderId const other(Id128(20, static_cast<std::uint64_t>(number)));
        auto fact = placed();
        fact.order_id = other;
        auto const stream = StreamId::order(other);
        tell(stream, order::Event(fact), other.value());
        auto const id =
            tell(stream, order::Event(order::Confirmed{{}, {}, clock.now()}), other.value());
        send(fmt::format(
            R"({{"kind":"order.confirmed","order":"{}","stream":"{}","at":"","id":"{}"}})",
            other.to_string(), stream.to_string(), id.to_string()));
    }

    /// Does all that can be done at this moment.
    void work() {
        for (std::size_t turn = 0; turn < 50; ++turn)
            ASSERT_TRUE(runner->do_work({100}));
    }
    void wait(Duration time) {
        for (Duration step = Duration::seconds(1); time > Duration(); time = time - step) {
            clock.pass(step);
            ASSERT_TRUE(runner->do_work({100}));
        }
        work();
    }
    std::vector<mail::OutboxLetter> letters() {
        auto all = outbox.letters(1000);
        std::ranges::reverse(all);
        return all;
    }
    ports::QueueDepth depth(ports::QueueName const& queue) {
        return queues.queue().depth(queue).value();
    }
    std::uint64_t count(NoticeOutcome outcome) const {
        return runner->figures().outcomes[static_cast<std::size_t>(outcome)];
    }
    std::string first_cause() {
        auto const peeked = queues.letters().peek(
            dead_queue, {ports::SequenceNumber(0), 1, ports::PeekAt::contents});
        return peeked && !peeked->messages.empty() ? peeked->messages[0].message.cause : "";
    }

    testing::HandClock clock;
    memory::EventStore store{clock};
    memory::KeyStore key_store;
    testing::SecretDice dice;
    std::unique_ptr<sealing::PersonKeys> keys{
        sealing::PersonKeys::open(key_store, sealing::Key{}, dice).value()};
    sealing::Sealer sealer{*keys, dice};
    sealing::Opener opener{*keys};
    memory::Queues queues{clock, dice};
    mail::Outbox outbox;
    faulty::Mailer mailer{outbox, {}, 1};
    std::vector<NotificationNote> notes;
    std::optional<NotificationRunner> runner;
    std::uint64_t commands{0};
};

TEST_F(Notifications, a_buyer_is_told_what_was_confirmed_and_what_it_costs) {
    confirm();
    work();
    auto const all = letters();
    ASSERT_EQ(all.size(), 1U);
    auto const& mail = all[0].mail;
    EXPECT_EQ(mail.to, "ada@example.org");
    EXPECT_EQ(mail.to_name, "Ada Ashdown");
    auto const number = order::order_number(order_id);
    EXPECT_EQ(mail.subject, "Your order " + number + " is confirmed");
    for (auto const* const words :
         {"Hello Ada Ashdown,", "2 x Oak Mug", "17.98 GBP", "1 x Größe L", "5.00 GBP", "Shipping",
          "3.95 GBP", "Total", "26.93 GBP", "21 November 2023"})
        EXPECT_NE(mail.text.find(words), std::string::npos) << words << " in\n" << mail.text;
    EXPECT_EQ(depth(notices_queue).settled, 1U);
    EXPECT_EQ(count(NoticeOutcome::sent), 1U);
}

TEST_F(Notifications, each_kind_of_news_has_its_letter) {
    confirm();
    auto const pay = StreamId::payment(payment_of_ada);
    auto const ship = StreamId::fulfilment(parcel);
    happens("payment.action_required", pay,
            payment::Event(payment::ActionRequired{
                order_id, Personal<std::string>("https://bank.example/confirm"),
                clock.now() + Duration::minutes(10)}));
    happens("fulfilment.dispatched", ship,
            fulfilment::Event(fulfilment::Dispatched{
                order_id,
                fulfilment::Carrier("dhl"),
                Personal<std::string>("TRACK-77"),
                {{LineNumber(1), Sku::parse("MUG").value(), Quantity::of(2)}}}));
    happens("fulfilment.delivered", ship,
            fulfilment::Event(fulfilment::Delivered{order_id, clock.now()}));
    happens("payment.refunded", pay,
            payment::Event(payment::Refunded{RefundId(Id128(3, 3)), pounds(899), {}}));
    happens("order.cancelled", StreamId::order(order_id),
            order::Event(order::Cancelled{"", ActorKind::customer, {pounds(2693), pounds(0)}}));
    work();
    std::vector<std::string> texts;
    for (auto const& letter : letters())
        texts.push_back(letter.mail.text);
    ASSERT_EQ(texts.size(), 6U);
    std::pair<std::size_t, char const*> const said[] = {{1, "https://bank.example/confirm"},
                                                        {2, "Tracking: TRACK-77"},
                                                        {2, "Carrier: dhl"},
                                                        {2, "2 x Oak Mug"},
                                                        {3, "was delivered on 14 November 2023"},
                                                        {4, "8.99 GBP"},
                                                        {5, "26.93 GBP"}};
    for (auto const& [at, words] : said)
        EXPECT_NE(texts[at].find(words), std::string::npos) << words << " in\n" << texts[at];
}

TEST_F(Notifications, a_message_is_settled_once_its_letter_was_taken_and_not_before) {
    mailer.follow({.nobody_there = 1000, .put_off = 0, .answer_lost = 0});
    confirm();
    wait(Duration::minutes(30));
    EXPECT_TRUE(letters().empty());
    EXPECT_EQ(depth(notices_queue).settled, 0U);
    EXPECT_EQ(depth(notices_queue).receives, 1U) << "held, not received again";
    EXPECT_FALSE(runner->figures().is_up);
    EXPECT_EQ(notes.size(), 1U);
    mailer.follow({});
    wait(mail_rest_max);
    EXPECT_EQ(letters().size(), 1U);
    EXPECT_EQ(depth(notices_queue).settled, 1U);
    EXPECT_TRUE(runner->figures().is_up);
    EXPECT_EQ(notes.size(), 2U);
}

TEST_F(Notifications, while_nobody_takes_letters_few_are_tried_and_all_go_out_afterwards) {
    for (int i = 0; i < 40; ++i)
        confirm_another(i);
    mailer.follow({.nobody_there = 1000, .put_off = 0, .answer_lost = 0});
    wait(Duration::hours(1));
    EXPECT_LE(runner->figures().failures, notices_in_hand_max + 130U);
    EXPECT_EQ(depth(dead_queue).sent, 0U);
    mailer.follow({});
    wait(mail_rest_max);
    EXPECT_EQ(letters().size(), 40U);
    EXPECT_EQ(depth(notices_queue).settled, 40U);
}

TEST_F(Notifications, a_lost_answer_sends_the_same_letter_again) {
    mailer.follow({.nobody_there = 0, .put_off = 0, .answer_lost = 1000});
    confirm();
    work();
    EXPECT_EQ(depth(notices_queue).settled, 0U);
    mailer.follow({});
    wait(mail_rest_max);
    ASSERT_EQ(letters().size(), 1U) << "one letter by its id";
    EXPECT_EQ(letters()[0].times, 2U);
    EXPECT_EQ(depth(notices_queue).settled, 1U);
}

TEST_F(Notifications, a_fact_that_is_told_twice_is_one_letter) {
    auto const stream = StreamId::order(order_id);
    auto const id =
        tell(stream, order::Event(order::Confirmed{{}, {}, clock.now() + Duration::days(7)}));
    send(body_of("order.confirmed", stream, id));
    send(body_of("order.confirmed", stream, id));
    work();
    send(body_of("order.confirmed", stream, id));
    work();
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].times, 1U);
    EXPECT_EQ(count(NoticeOutcome::known), 2U);
    EXPECT_EQ(depth(notices_queue).settled, 3U);
}

TEST_F(Notifications, after_a_crash_the_same_letter_comes_under_the_same_id) {
    mailer.follow({.nobody_there = 0, .put_off = 0, .answer_lost = 1000});
    confirm();
    work(); // it was taken, and nobody knows
    mailer.follow({});
    start();
    wait(notice_lease + Duration::seconds(1));
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].times, 2U);
    EXPECT_EQ(depth(notices_queue).settled, 1U);
}

TEST_F(Notifications, a_letter_that_is_put_off_comes_again_and_is_given_up_in_the_end) {
    mailer.follow({.nobody_there = 0, .put_off = 1000, .answer_lost = 0});
    confirm();
    work();
    EXPECT_EQ(count(NoticeOutcome::put_off), 1U);
    wait(Duration::seconds(59));
    EXPECT_EQ(count(NoticeOutcome::put_off), 1U);
    wait(Duration::seconds(3));
    EXPECT_EQ(count(NoticeOutcome::put_off), 2U);
    wait(Duration::hours(2));
    EXPECT_EQ(count(NoticeOutcome::put_off), 5U);
    EXPECT_EQ(depth(dead_queue).waiting, 1U);
    EXPECT_TRUE(letters().empty());
}

TEST_F(Notifications, an_erased_person_gets_no_letter) {
    confirm();
    ASSERT_TRUE(keys->forget({ada.value()}, {}));
    work();
    EXPECT_TRUE(letters().empty());
    EXPECT_EQ(count(NoticeOutcome::erased), 1U);
    EXPECT_EQ(depth(notices_queue).settled, 1U);
}

TEST_F(Notifications, a_person_who_is_erased_while_a_letter_waits_does_not_get_it) {
    mailer.follow({.nobody_there = 1000, .put_off = 0, .answer_lost = 0});
    confirm();
    wait(Duration::minutes(2));
    ASSERT_TRUE(keys->forget({ada.value()}, {}));
    mailer.follow({});
    wait(mail_rest_max);
    EXPECT_TRUE(letters().empty());
    EXPECT_EQ(count(NoticeOutcome::erased), 1U);
    confirm_another(1); // nor is it forgotten to look on
    wait(mail_rest_max);
    EXPECT_EQ(count(NoticeOutcome::erased), 2U);
}

TEST_F(Notifications, a_customer_who_wants_no_mail_about_it_gets_none) {
    customer::Registered known{};
    known.customer_id = ada;
    known.country = Country::parse("GB").value();
    known.email = Personal<std::string>("ada@example.org");
    known.channels = {{customer::Topic("order"), {customer::Channel::webhook}}};
    tell(StreamId::customer(ada), customer::Event(known));
    confirm();
    happens("payment.refunded", StreamId::payment(payment_of_ada),
            payment::Event(payment::Refunded{RefundId(Id128(3, 3)), pounds(899), {}}));
    work();
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_NE(letters()[0].mail.subject.find("8.99 GBP"), std::string::npos);
    EXPECT_EQ(count(NoticeOutcome::unwanted), 1U);
    EXPECT_EQ(depth(notices_queue).settled, 2U);
}

TEST_F(Notifications, the_past_that_was_imported_is_nobodys_news) {
    OrderId const old(Id128(4, 4));
    auto fact = placed();
    fact.order_id = old;
    fact.channel = order::Channel::import;
    tell(StreamId::order(old), order::Event(fact), old.value());
    auto const stream = StreamId::order(old);
    auto const id = tell(stream, order::Event(order::Confirmed{{}, {}, clock.now()}), old.value());
    send(fmt::format(R"({{"kind":"order.confirmed","order":"{}","stream":"{}","at":"","id":"{}"}})",
                     old.to_string(), stream.to_string(), id.to_string()));
    work();
    EXPECT_TRUE(letters().empty());
    EXPECT_EQ(count(NoticeOutcome::imported), 1U);
    EXPECT_EQ(depth(notices_queue).settled, 1U);
}

TEST_F(Notifications, what_is_no_notice_is_a_dead_letter_and_says_why) {
    auto const stream = StreamId::order(order_id);
    auto const id = tell(stream, order::Event(order::Confirmed{{}, {}, clock.now()}));
    std::pair<std::string, char const*> const bad[] = {
        {"hello", "it is no notice"},
        {body_of("order.placed", stream, id), "no letter is written about such a fact"},
        {body_of("order.completed", stream, id), "the log has no such fact of this order"},
        {body_of("order.confirmed", stream, EventId(Id128(1, 1))), "the log has no such fact"},
        {body_of("order.confirmed", StreamId::order(OrderId(Id128(1, 1))), id), "no such fact"},
        {R"({"kind":"order.confirmed","order":"x","stream":"y","at":"","id":"z"})", "starts with"}};
    std::uint64_t dead = 0;
    for (auto const& [body, why] : bad) {
        send(body);
        work();
        EXPECT_EQ(depth(dead_queue).waiting, ++dead) << body;
        EXPECT_NE(notes.back().why.find(why), std::string::npos) << notes.back().why;
    }
    EXPECT_NE(first_cause().find("it is no notice"), std::string::npos) << first_cause();
    EXPECT_TRUE(letters().empty());
}

TEST_F(Notifications, another_order_named_in_a_notice_tells_nobody_anything) {
    OrderId const others(Id128(4, 4));
    auto fact = placed();
    fact.order_id = others;
    tell(StreamId::order(others), order::Event(fact), others.value());
    auto const stream = StreamId::payment(payment_of_ada);
    auto const id =
        tell(stream, payment::Event(payment::Refunded{RefundId(Id128(3, 3)), pounds(899), {}}));
    send(
        fmt::format(R"({{"kind":"payment.refunded","order":"{}","stream":"{}","at":"","id":"{}"}})",
                    others.to_string(), stream.to_string(), id.to_string()));
    work();
    EXPECT_TRUE(letters().empty());
    EXPECT_EQ(depth(dead_queue).waiting, 1U);
}

TEST_F(Notifications, what_the_server_refuses_is_a_dead_letter) {
    order::AddressChanged change{};
    change.contact = Personal<Contact>(Contact{"ada@refused.invalid", "Ada", {}});
    tell(StreamId::order(order_id), order::Event(change));
    confirm();
    work();
    EXPECT_EQ(count(NoticeOutcome::refused), 1U);
    EXPECT_EQ(depth(dead_queue).waiting, 1U);
    EXPECT_EQ(first_cause(), "this is no address");
}

TEST_F(Notifications, alerts_go_to_the_operators_or_into_the_log) {
    auto const alert = body_of("stock.ran_low", StreamId::of(StreamCategory::stock, "main.MUG"),
                               EventId(Id128(1, 1)), R"(,"severity":"ticket")");
    send(alert);
    work();
    EXPECT_TRUE(letters().empty());
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_EQ(notes[0].what, "an alert for operators: stock.ran_low");
    EXPECT_EQ(depth(notices_queue).settled, 1U);
    start("ops@example.org");
    send(alert);
    work();
    ASSERT_EQ(letters().size(), 1U);
    EXPECT_EQ(letters()[0].mail.to, "ops@example.org");
    EXPECT_EQ(letters()[0].mail.subject, "[ticket] stock.ran_low");
    EXPECT_EQ(count(NoticeOutcome::alerted), 1U);
}

} // namespace
} // namespace kontor::services
