#include "services/books/journal_entries.hpp"
#include "services/books/reconcile.hpp"
#include "tests/support/orders.hpp"

#include "codec/events.hpp"
#include "domain/reservation/events.hpp"

#include <gtest/gtest.h>

namespace kontor::services::books {
namespace {

using kontor::testing::line;
using kontor::testing::nth;
using kontor::testing::pence;
using kontor::testing::place;
using kontor::testing::placed;
using kontor::testing::units;
using kontor::testing::usual_now;
using kontor::testing::worth;
using ledger::Account;

auto const order_id = nth<OrderId>(1);
auto const payment_id = nth<PaymentId>(1);

/// A page of one fact, as the log would show it.
class Log {
public:
    template <class Event>
    JournalEntry happens(StreamId const& stream, Event const& fact) {
        ports::EventPage page;
        bytes_.clear();
        auto const type = codec::encode(fact, bytes_);
        ++position_;
        page.commits.push_back({{CommandId(), order_id.value(), {}, usual_now, {}}, usual_now});
        ports::RecordedEvent event{};
        event.position = ports::Position(position_);
        event.stream = stream;
        event.version = ports::StreamVersion(position_);
        event.type = type;
        event.payload = bytes_;
        event.commit = 0;
        page.events.push_back(event);
        return entries.see(page, page.events.front()).value();
    }

    JournalEntries entries;

private:
    std::vector<std::uint8_t> bytes_;
    std::uint64_t position_{0};
};

TEST(JournalEntries, a_sale_is_owed_when_it_leaves_and_paid_when_it_is_captured) {
    Log log;
    auto const of_order = StreamId::order(order_id);
    auto const of_payment = StreamId::payment(payment_id);
    EXPECT_TRUE(
        log.happens(of_order, order::Event(placed(place({line(1, 2, worth(200, 40))}, worth(0)))))
            .postings.empty());
    auto const held = log.happens(
        of_payment, payment::Event(payment::Authorised{
                        order_id, 1, pence(240), payment::Provider("sandbox"),
                        payment::ProviderReference("r"), usual_now + Duration::days(7)}));
    EXPECT_EQ(held.fact, "payment.authorised");
    EXPECT_EQ(held.position, 2U);
    EXPECT_EQ(held.stream, of_payment);
    EXPECT_EQ(held.at, usual_now);
    ASSERT_EQ(held.postings.size(), 1U);
    EXPECT_EQ(held.postings[0].debit, Account::memo_held);
    log.happens(of_order, order::Event(order::Confirmed{payment_id, {}, usual_now}));
    log.happens(of_order,
                order::Event(order::Shipped{nth<FulfilmentId>(1), {units(1, 2)}, worth(200, 40)}));
    EXPECT_EQ(log.entries.balances().at("GBP").of(Account::receivable), 240);
    log.happens(of_payment, payment::Event(payment::Captured{nth<CaptureId>(1), pence(240), true}));
    auto const& balances = log.entries.balances().at("GBP");
    EXPECT_EQ(balances.of(Account::receivable), 0);
    EXPECT_EQ(balances.of(Account::provider), 240);
    EXPECT_EQ(balances.of(Account::revenue_goods), -200);
    EXPECT_EQ(balances.of(Account::tax), -40);
    EXPECT_EQ(balances.total(), 0);
}

TEST(JournalEntries, other_streams_post_nothing) {
    Log log;
    auto const entry =
        log.happens(StreamId::reservation(nth<ReservationId>(1)),
                    reservation::Event(reservation::Released{order_id, {}, std::nullopt}));
    EXPECT_TRUE(entry.postings.empty());
    EXPECT_TRUE(log.entries.balances().empty());
}

TEST(Reconciliation, what_both_sides_know_is_compared_to_the_penny) {
    Reconciliation books;
    auto const pay = [](std::uint64_t number) { return nth<PaymentId>(number); };
    auto const captured = [](std::int64_t minor) {
        return payment::Event(payment::Captured{nth<CaptureId>(1), pence(minor), true});
    };
    books.have(pay(1), captured(100));
    books.have(pay(1), captured(50));
    books.have(pay(2), captured(70));
    books.have(pay(3), captured(30));
    books.have(pay(3), payment::Event(payment::Refunded{nth<RefundId>(1), pence(30),
                                                        payment::ProviderReference("r")}));
    books.have(pay(3), payment::Event(payment::Voided{pence(5), payment::VoidReason::rest_unused}));
    auto const gbp = Currency::gbp();
    books.reported({pay(1), MoneyMoved::capture, gbp}, 150);
    books.reported({pay(2), MoneyMoved::capture, gbp}, 71);
    books.reported({pay(3), MoneyMoved::capture, gbp}, 30);
    books.reported({pay(4), MoneyMoved::capture, gbp}, 9);
    std::map<Agreement, int> counted;
    for (auto const& one : books.compare())
        ++counted[one.agreement];
    EXPECT_EQ(counted[Agreement::matched], 2);
    EXPECT_EQ(counted[Agreement::different], 1);
    EXPECT_EQ(counted[Agreement::missing], 1) << "a refund that the provider does not report";
    EXPECT_EQ(counted[Agreement::unknown], 1);
}

} // namespace
} // namespace kontor::services::books
