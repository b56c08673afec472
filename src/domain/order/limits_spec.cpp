#include "domain/order/limits.hpp"
#include "tests/support/orders.hpp"

#include <gtest/gtest.h>

namespace kontor::order {
namespace {

using kontor::testing::given;
using kontor::testing::line;
using kontor::testing::nth;
using kontor::testing::pence;
using kontor::testing::place;
using kontor::testing::placed;
using kontor::testing::units;
using kontor::testing::usual_now;
using kontor::testing::worth;

// An order that somebody changes without end is refused at one number, whatever the change, so that
// no state grows without a limit. What it knew already is still answered.

constexpr std::int64_t many = changes_max + 1;

std::vector<Event> confirmed() {
    return {placed(place({line(1, many, worth(100)), line(2, 1, worth(500))})),
            Confirmed{nth<PaymentId>(1), nth<ReservationId>(1), usual_now + Duration::days(7)}};
}

/// Changes of the address, each by a command of its own.
std::vector<Event> changed(std::vector<Event> facts, std::size_t times) {
    for (std::size_t i = 0; i < times; ++i)
        facts.emplace_back(
            AddressChanged{kontor::testing::somewhere(), {}, nth<CommandId>(100 + i)});
    return facts;
}

/// All of line 1 has arrived.
std::vector<Event> delivered() {
    auto facts = confirmed();
    facts.emplace_back(Shipped{nth<FulfilmentId>(1), {units(1, many)}, worth(100 * many)});
    facts.emplace_back(
        Delivered{nth<FulfilmentId>(1), {units(1, many)}, usual_now + Duration::days(30)});
    return facts;
}

TEST(ChangesMax, is_where_cancelling_lines_and_changing_the_address_end) {
    for (auto const& [times, is_over] : {std::pair{changes_max - 1, false}, {changes_max, true}}) {
        auto const order = given<Decider>(changed(confirmed(), times));
        CancelLines const cancel{{units(2, 1)}, "", ActorKind::customer};
        ChangeAddress const change{kontor::testing::somewhere(), {}};
        if (is_over) {
            order.when(cancel).then_rejected(RejectionCode::limit_reached);
            order.when(change).then_rejected(RejectionCode::limit_reached);
        } else {
            EXPECT_TRUE(order.when(change).decision());
            EXPECT_TRUE(order.when(cancel).decision());
        }
    }
    auto again = given<Decider>(changed(confirmed(), changes_max));
    again.under(nth<CommandId>(100))
        .when(ChangeAddress{kontor::testing::somewhere(), {}})
        .then_nothing();
}

TEST(ChangesMax, is_where_returns_end_and_what_they_bring) {
    auto facts = delivered();
    RequestReturn const one_more{nth<ReturnId>(9'999), {units(1, 1)}, "", ActorKind::customer};
    for (std::size_t i = 0; i < changes_max; ++i) {
        if (i == changes_max - 1) {
            EXPECT_TRUE(given<Decider>(facts).when(one_more).decision());
        }
        facts.emplace_back(
            ReturnRequested{nth<ReturnId>(i + 1), {units(1, 1)}, "", ActorKind::customer});
    }
    given<Decider>(facts).when(one_more).then_rejected(RejectionCode::limit_reached);

    auto const receive =
        ReceiveReturn{nth<ReturnId>(1),
                      {{kontor::testing::line_number(1), Quantity::of(1), ItemCondition::restock}}};
    auto open = delivered();
    open.emplace_back(ReturnRequested{nth<ReturnId>(1), {units(1, 1)}, "", ActorKind::customer});
    EXPECT_TRUE(given<Decider>(changed(open, changes_max - 1)).when(receive).decision());
    given<Decider>(changed(open, changes_max))
        .when(receive)
        .then_rejected(RejectionCode::limit_reached);
}

TEST(ChangesMax, is_where_refunds_end) {
    auto facts = delivered();
    GrantRefund const gift{
        nth<RefundId>(9'999), nth<PaymentId>(1), RefundKind::goodwill, pence(1), {}, {}, "rain",
        ActorKind::operator_};
    for (std::size_t i = 0; i < changes_max; ++i) {
        if (i == changes_max - 1) {
            EXPECT_TRUE(given<Decider>(facts).when(gift).decision());
        }
        facts.emplace_back(RefundGranted{nth<RefundId>(i + 1),
                                         nth<PaymentId>(1),
                                         RefundKind::goodwill,
                                         pence(1),
                                         worth(1),
                                         {},
                                         {},
                                         "rain",
                                         ActorKind::operator_});
    }
    given<Decider>(facts).when(gift).then_rejected(RejectionCode::limit_reached);
}

} // namespace
} // namespace kontor::order
