/// Each checker must complain about a bad history; one that never does proves nothing.

#include "tests/simulation/checkers/documents.hpp"
#include "tests/simulation/checkers/endings.hpp"
#include "tests/simulation/checkers/money.hpp"
#include "tests/simulation/checkers/oversell.hpp"
#include "tests/simulation/checkers/sequence.hpp"
#include "tests/simulation/checkers/settlement.hpp"

#include <gtest/gtest.h>

namespace kontor::simulation {
namespace {

auto const gbp = Currency::gbp();
Sku const mug = Sku::parse("MUG").value();
Location const warehouse = Location::parse("main").value();
StreamId const shelf = StreamId::stock(warehouse, mug);
ReservationId const promise{Id128(1, 1)};
FulfilmentId const parcel{Id128(1, 2)};
OrderId const purchase{Id128(1, 3)};
PaymentId const payment_id{Id128(1, 4)};

/// Facts in a row, each of a command of its own.
class BadHistory : public ::testing::Test {
protected:
    Fact fact(StreamId const& stream, Content content) {
        ++position;
        return {position, stream, ++versions[stream], 0, header(position), std::move(content)};
    }
    ports::CommitHeader header(std::uint64_t command) const {
        return {CommandId(Id128(9, command)), {}, {}, now, {}};
    }
    std::string complaint() const {
        return verdict.violation() ? verdict.violation()->invariant : "none";
    }
    Fact received(std::int64_t units) {
        return fact(shelf,
                    stock::Event(stock::Received{mug, warehouse, Quantity::of(units), {}, {}}));
    }
    Fact reserved(std::int64_t units) {
        return fact(shelf, stock::Event(stock::Reserved{promise, Count(units), Count()}));
    }
    Fact issued(std::int64_t units) {
        return fact(shelf, stock::Event(stock::Issued{promise, parcel, Quantity::of(units)}));
    }
    Fact paid(payment::Event event) {
        return fact(StreamId::payment(payment_id), std::move(event));
    }
    static payment::Authorised authorised(std::int64_t minor) {
        payment::Authorised authorised{};
        authorised.order_id = purchase;
        authorised.amount = Money::of(minor, gbp);
        return authorised;
    }

    Verdict verdict;
    std::uint64_t position{0};
    std::map<StreamId, std::uint64_t> versions;
    Instant now{Instant::from_unix_microseconds(1'700'000'000'000'000)};
};

TEST_F(BadHistory, more_is_promised_than_there_is) {
    OversellChecker checker(verdict);
    checker.see(received(2));
    checker.see(reserved(2));
    EXPECT_EQ(complaint(), "none");
    checker.see(
        fact(shelf, stock::Event(stock::Reserved{ReservationId(Id128(2, 2)), Count(1), Count()})));
    EXPECT_EQ(complaint(), "I1");
}

TEST_F(BadHistory, units_leave_for_a_promise_that_was_given_back) {
    OversellChecker checker(verdict);
    checker.see(received(2));
    checker.see(reserved(2));
    checker.see(fact(shelf, stock::Event(stock::Released{promise, Count(2), Count(), {}})));
    checker.see(issued(1));
    EXPECT_EQ(complaint(), "I1");
}

TEST_F(BadHistory, a_promise_is_still_open_at_rest) {
    OversellChecker checker(verdict);
    checker.see(received(2));
    checker.see(reserved(1));
    checker.at_rest();
    EXPECT_EQ(complaint(), "I3");
}

TEST_F(BadHistory, units_vanish_between_two_shelves_or_come_from_nowhere) {
    auto const north = Location::parse("north").value();
    auto const half = [&](Location const& at, std::int64_t delta, std::uint64_t command) {
        stock::Adjusted adjusted{mug, at, Delta::create(delta).value()};
        adjusted.reason = stock::AdjustReason::transferred;
        adjusted.transfer_id = TransferId(Id128(5, 5));
        auto told = fact(StreamId::stock(at, mug), stock::Event(adjusted));
        told.header = header(command);
        return told;
    };
    for (std::int64_t const arrived : {0, 1, 2, 3}) {
        SCOPED_TRACE(arrived);
        verdict = {};
        position = 0;
        OversellChecker checker(verdict);
        checker.see(received(3));
        checker.see(half(warehouse, -2, 50));
        if (arrived > 0)
            checker.see(half(north, arrived, 50));
        checker.at_rest();
        EXPECT_EQ(complaint(), arrived == 2 ? "none" : "I1");
    }
    verdict = {};
    OversellChecker checker(verdict);
    checker.see(received(3));
    checker.see(half(warehouse, -2, 50));
    checker.see(half(north, 2, 51));
    EXPECT_EQ(complaint(), "I1") << "two commands are not one";
}

TEST_F(BadHistory, a_parcel_carries_what_never_left_the_shelf) {
    OversellChecker checker(verdict);
    fulfilment::Dispatched sent{};
    sent.lines = {{LineNumber(1), mug, Quantity::of(1)}};
    checker.see(fact(StreamId::fulfilment(parcel), fulfilment::Event(sent)));
    checker.at_rest();
    EXPECT_EQ(complaint(), "I1");
}

TEST_F(BadHistory, more_is_captured_than_was_authorised) {
    MoneyChecker checker(verdict);
    checker.see(paid(authorised(500)));
    checker.see(paid(payment::Captured{CaptureId(Id128(3, 1)), Money::of(501, gbp), true, {}}));
    EXPECT_EQ(complaint(), "I2");
}

TEST_F(BadHistory, a_refund_is_paid_twice) {
    MoneyChecker checker(verdict);
    checker.see(paid(authorised(500)));
    checker.see(paid(payment::Captured{CaptureId(Id128(3, 1)), Money::of(500, gbp), true, {}}));
    RefundId const refund(Id128(3, 2));
    checker.see(paid(payment::Refunded{refund, Money::of(100, gbp), {}}));
    EXPECT_EQ(complaint(), "none");
    checker.see(paid(payment::Refunded{refund, Money::of(100, gbp), {}}));
    EXPECT_EQ(complaint(), "I2");
}

TEST_F(BadHistory, the_providers_book_says_otherwise) {
    MoneyChecker checker(verdict);
    checker.see(paid(authorised(500)));
    auto const zero = Money::zero(gbp);
    auto const full = Money::of(500, gbp);
    checker.at_rest({{payment_id, full, full, zero, zero, 1, 0}});
    EXPECT_EQ(complaint(), "I2");
}

/// Captured ahead of the goods, and then a line was taken off.
TEST_F(BadHistory, more_is_kept_than_the_order_costs_unless_the_bank_would_not_give_it_back) {
    for (bool const has_failed : {false, true}) {
        Verdict own;
        MoneyChecker checker(own);
        order::Placed placed{};
        placed.shipping = {Money::of(500, gbp), Money::zero(gbp)};
        placed.total = Money::of(500, gbp);
        checker.see(fact(StreamId::order(purchase), order::Event(placed)));
        checker.see(paid(authorised(500)));
        checker.see(paid(payment::Captured{CaptureId(Id128(3, 1)), Money::of(500, gbp), true, {}}));
        checker.see(fact(StreamId::order(purchase),
                         order::Event(order::Edited{{}, {}, Money::of(-100, gbp)})));
        if (has_failed) {
            RefundId const refund(Id128(3, 2));
            checker.see(paid(payment::RefundPending{refund, Money::of(100, gbp)}));
            checker.see(paid(payment::RefundFailed{refund, {}}));
        }
        auto const zero = Money::zero(gbp);
        auto const full = Money::of(500, gbp);
        checker.at_rest({{payment_id, full, full, zero, zero, 1, 0}});
        EXPECT_EQ(own.violation().has_value(), !has_failed);
    }
}

TEST_F(BadHistory, an_order_ends_twice) {
    EndingsChecker checker(verdict);
    auto const stream = StreamId::order(purchase);
    checker.see(fact(stream, order::Event(order::Rejected{order::RejectReason::no_stock, {}})));
    EXPECT_EQ(complaint(), "none");
    checker.see(fact(stream, order::Event(order::Completed{})));
    EXPECT_EQ(complaint(), "I3");
}

TEST_F(BadHistory, an_order_never_ends) {
    EndingsChecker checker(verdict);
    checker.see(fact(StreamId::order(purchase), order::Event(order::Placed{})));
    checker.at_rest();
    EXPECT_EQ(complaint(), "I3");
}

TEST_F(BadHistory, an_order_expires_before_its_time) {
    EndingsChecker checker(verdict);
    order::Placed placed{};
    placed.pay_by = now + Duration::minutes(15);
    checker.see(fact(StreamId::order(purchase), order::Event(placed)));
    checker.see(fact(StreamId::order(purchase), order::Event(order::Expired{placed.pay_by})));
    EXPECT_EQ(complaint(), "I15");
}

TEST_F(BadHistory, a_version_is_missing) {
    SequenceChecker checker(verdict);
    auto late = received(1);
    late.version = 2;
    checker.see(late);
    EXPECT_EQ(complaint(), "I5");
}

TEST_F(BadHistory, a_position_is_missing) {
    SequenceChecker checker(verdict);
    ++position;
    checker.see(received(1));
    EXPECT_EQ(complaint(), "I5");
}

TEST_F(BadHistory, an_acknowledged_command_left_no_fact) {
    SequenceChecker checker(verdict);
    checker.acknowledged(CommandId(Id128(9, 7)), true);
    checker.at_rest();
    EXPECT_EQ(complaint(), "I10");
}

TEST_F(BadHistory, a_version_that_was_promised_is_another_writers) {
    SequenceChecker checker(verdict);
    checker.see(received(1));
    checker.won(shelf, 1, CommandId(Id128(9, 99)));
    checker.at_rest();
    EXPECT_EQ(complaint(), "I11");
}

TEST_F(BadHistory, a_command_acts_a_second_time) {
    SequenceChecker checker(verdict);
    checker.see(received(1));
    auto again = fact(StreamId::order(purchase), order::Event(order::Placed{}));
    again.position = 1;
    again.header = header(1);
    checker.see(again);
    EXPECT_EQ(complaint(), "I4");
}

/// A parcel worth 40 that leaves, and a refund of 15 that is granted.
class Papers : public BadHistory {
protected:
    static NetTax worth(std::int64_t net) { return {Money::of(net, gbp), Money::zero(gbp)}; }
    void leave() {
        checker.see(fact(
            StreamId::order(purchase),
            order::Event(order::Shipped{parcel, {{LineNumber(1), Quantity::of(1)}}, worth(40)})));
        left_at = position;
    }
    void grant() {
        order::RefundGranted granted{};
        granted.value = worth(15);
        checker.see(fact(StreamId::order(purchase), order::Event(granted)));
        granted_at = position;
    }
    void invoice(std::uint64_t number, std::int64_t net, std::uint64_t of) {
        checker.see(fact(year, documents::Event(documents::InvoiceIssued{number, purchase, parcel,
                                                                         worth(net), of})));
    }
    void credit(std::uint64_t number, std::int64_t net, std::uint64_t of) {
        checker.see(fact(year, documents::Event(documents::CreditNoteIssued{
                                   number, purchase, RefundId(Id128(3, 9)), worth(net), of})));
    }

    StreamId const year = StreamId::of(StreamCategory::documents, "2026");
    DocumentsChecker checker{verdict};
    std::uint64_t left_at{0};
    std::uint64_t granted_at{0};
};

TEST_F(Papers, are_good_with_one_for_each_cause_and_its_worth) {
    leave();
    grant();
    invoice(1, 40, left_at);
    credit(1, 15, granted_at);
    checker.at_rest();
    EXPECT_EQ(complaint(), "none");
}

TEST_F(Papers, of_a_parcel_are_missing_at_rest) {
    leave();
    checker.at_rest();
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, of_a_refund_are_missing_at_rest) {
    grant();
    checker.at_rest();
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, are_made_a_second_time) {
    leave();
    invoice(1, 40, left_at);
    EXPECT_EQ(complaint(), "none");
    invoice(2, 40, left_at);
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, leave_a_number_out) {
    leave();
    invoice(2, 40, left_at);
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, say_another_worth) {
    leave();
    invoice(1, 39, left_at);
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, are_of_the_other_kind) {
    grant();
    invoice(1, 15, granted_at);
    EXPECT_EQ(complaint(), "I4");
}

TEST_F(Papers, are_of_nothing_that_happened) {
    leave();
    invoice(1, 40, left_at + 7);
    EXPECT_EQ(complaint(), "I4");
}

/// An order of three units for 100, which split into 34, 33 and 33, and shipping for 10.
class Settlement : public BadHistory {
protected:
    void happens(order::Event event) {
        checker.see(fact(StreamId::order(purchase), std::move(event)));
    }
    void pays(payment::Event event) { checker.see(paid(std::move(event))); }
    static NetTax worth(std::int64_t net) { return {Money::of(net, gbp), Money::zero(gbp)}; }

    void place() {
        order::Placed placed{};
        placed.currency = gbp;
        placed.shipping = worth(10);
        placed.total = Money::of(110, gbp);
        order::Line line{};
        line.line = LineNumber(1);
        line.sku = mug;
        line.quantity = Quantity::of(3);
        line.value = worth(100);
        placed.lines = {line};
        happens(placed);
        pays(authorised(110));
    }
    void ship(std::int64_t units, std::int64_t value) {
        happens(order::Shipped{parcel, {{LineNumber(1), Quantity::of(units)}}, worth(value)});
    }
    void capture(std::int64_t minor) {
        pays(payment::Captured{CaptureId(Id128(5, 5)), Money::of(minor, gbp), true, parcel});
    }
    void come_back(std::int64_t units, std::int64_t value, ItemCondition condition) {
        happens(order::ReturnReceived{ReturnId(Id128(6, 6)),
                                      {{LineNumber(1), Quantity::of(units), condition}},
                                      worth(value),
                                      true,
                                      {}});
    }
    void refund(std::int64_t minor) {
        pays(payment::Refunded{RefundId(Id128(7, 7)), Money::of(minor, gbp), {}});
    }
    std::string end() {
        checker.at_rest();
        return complaint();
    }

    SettlementChecker checker{verdict};
};

TEST_F(Settlement, knows_what_units_that_came_back_are_worth) {
    place();
    ship(3, 110);
    capture(110);
    come_back(2, 66, ItemCondition::write_off);
    EXPECT_EQ(complaint(), "I2");
}

TEST_F(Settlement, is_even_to_the_last_cent) {
    place();
    ship(3, 110);
    capture(110);
    come_back(2, 67, ItemCondition::restock);
    refund(67);
    EXPECT_EQ(end(), "none");
}

TEST_F(Settlement, wants_back_what_came_back_and_was_paid) {
    place();
    ship(3, 110);
    capture(110);
    come_back(1, 33, ItemCondition::restock);
    EXPECT_EQ(end(), "I2");
}

TEST_F(Settlement, wants_nothing_back_that_was_never_paid) {
    place();
    ship(3, 110);
    capture(60);
    happens(order::Completed{Money::of(60, gbp), Money::of(50, gbp)});
    come_back(1, 33, ItemCondition::restock);
    EXPECT_EQ(end(), "none");
    refund(33);
    EXPECT_EQ(end(), "I2");
}

TEST_F(Settlement, wants_what_left_and_was_neither_paid_nor_listed) {
    place();
    ship(3, 110);
    capture(109);
    happens(order::Completed{Money::of(109, gbp), Money::zero(gbp)});
    EXPECT_EQ(end(), "I2");
}

TEST_F(Settlement, knows_what_cancelled_units_and_parcels_are_worth) {
    place();
    happens(order::LinesCancelled{
        {{LineNumber(1), Quantity::of(1)}}, worth(33), {}, ActorKind::customer, {}});
    ship(2, 77);
    capture(77);
    EXPECT_EQ(end(), "none");
    ship(1, 33);
    EXPECT_EQ(complaint(), "I2") << "a unit left that was cancelled";
}

} // namespace
} // namespace kontor::simulation
