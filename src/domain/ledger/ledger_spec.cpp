#include "domain/ledger/ledger.hpp"
#include "tests/support/orders.hpp"

#include <gtest/gtest.h>

namespace kontor::ledger {
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

auto const parcel = nth<FulfilmentId>(1);

order::State confirmed() {
    return given<order::Decider>(
               placed(place({line(1, 3, worth(300, 60)), line(2, 1, worth(40), SkuKind::voucher),
                             line(3, 1, worth(70, 7), SkuKind::charge),
                             line(4, 2, worth(20), SkuKind::shipping)},
                            worth(500, 100))),
               order::Confirmed{nth<PaymentId>(1), {}, usual_now})
        .state();
}

order::Shipped ship(order::State const& state, FulfilmentId id, std::int64_t quantity) {
    auto const decision = order::decide(state, order::Ship{id, {units(1, quantity)}},
                                        Context{.now = usual_now, .command_id = {}});
    return std::get<order::Shipped>(decision->front());
}

payment::State authorised(std::int64_t amount) {
    return payment::evolve(
        payment::initial(),
        payment::Authorised{nth<OrderId>(1), 1, pence(amount), payment::Provider("sandbox"),
                            payment::ProviderReference("r"), usual_now + Duration::days(7)});
}

TEST(Ledger, a_parcel_is_owed_by_kind_and_the_first_with_shipping) {
    auto const state = confirmed();
    auto const first = ship(state, parcel, 1);
    EXPECT_EQ(postings(state, first),
              (Postings{{Account::receivable, Account::revenue_goods, pence(100)},
                        {Account::receivable, Account::revenue_shipping, pence(520)},
                        {Account::receivable, Account::revenue_voucher, pence(40)},
                        {Account::receivable, Account::revenue_charge, pence(70)},
                        {Account::receivable, Account::tax, pence(127)}}));
    auto const after = order::evolve(state, first);
    EXPECT_EQ(postings(after, ship(after, nth<FulfilmentId>(2), 2)),
              (Postings{{Account::receivable, Account::revenue_goods, pence(200)},
                        {Account::receivable, Account::tax, pence(40)}}));
}

TEST(Ledger, a_refund_is_due_from_the_account_of_its_kind) {
    auto const grant = [](order::RefundKind kind) {
        return order::RefundGranted{
            nth<RefundId>(1), nth<PaymentId>(1),   kind, pence(120), worth(100, 20), {}, {},
            "late",           ActorKind::operator_};
    };
    auto const state = confirmed();
    Postings const returned{{Account::returns, Account::refunds_due, pence(100)},
                            {Account::tax, Account::refunds_due, pence(20)}};
    Postings const owed{{Account::receivable, Account::refunds_due, pence(120)}};
    EXPECT_EQ(postings(state, grant(order::RefundKind::return_)), returned);
    EXPECT_EQ(postings(state, grant(order::RefundKind::shipping)), returned);
    EXPECT_EQ(postings(state, grant(order::RefundKind::cancel)), owed);
    EXPECT_EQ(postings(state, grant(order::RefundKind::compensation)), owed);
    EXPECT_EQ(postings(state, grant(order::RefundKind::goodwill)),
              (Postings{{Account::goodwill, Account::refunds_due, pence(120)}}));
}

TEST(Ledger, what_could_not_be_had_is_lost) {
    EXPECT_EQ(postings(confirmed(), order::Completed{pence(0), pence(9)}),
              (Postings{{Account::losses, Account::receivable, pence(9)}}));
    EXPECT_TRUE(postings(confirmed(), order::Completed{pence(9), pence(0)}).empty());
    EXPECT_TRUE(postings(confirmed(), order::Expired{usual_now}).empty());
}

TEST(Ledger, an_authorisation_is_a_memo_until_it_is_captured_or_let_go) {
    payment::Authorised const held{nth<OrderId>(1),
                                   1,
                                   pence(100),
                                   payment::Provider("sandbox"),
                                   payment::ProviderReference("r"),
                                   usual_now};
    EXPECT_EQ(postings(payment::initial(), held),
              (Postings{{Account::memo_held, Account::memo_customer, pence(100)}}));
    Postings const released{{Account::memo_customer, Account::memo_held, pence(100)}};
    EXPECT_EQ(postings(authorised(100), payment::Voided{pence(100)}), released);
    EXPECT_EQ(postings(authorised(100), payment::AuthorisationExpired{pence(100)}), released);
    EXPECT_EQ(postings(authorised(100), payment::Captured{nth<CaptureId>(1), pence(30)}),
              (Postings{{Account::memo_customer, Account::memo_held, pence(30)},
                        {Account::provider, Account::receivable, pence(30)}}));
    EXPECT_EQ(postings(authorised(100), payment::Captured{nth<CaptureId>(1), pence(30), true}),
              (Postings{{Account::memo_customer, Account::memo_held, pence(100)},
                        {Account::provider, Account::receivable, pence(30)}}));
    EXPECT_TRUE(postings(payment::initial(),
                         payment::Declined{nth<OrderId>(1), 1, payment::ProviderCode("no")})
                    .empty());
}

TEST(Ledger, refunds_and_disputes_go_through_the_provider) {
    auto state =
        payment::evolve(authorised(100), payment::Captured{nth<CaptureId>(1), pence(100), true});
    EXPECT_EQ(postings(state, payment::Refunded{nth<RefundId>(1), pence(30),
                                                payment::ProviderReference("r")}),
              (Postings{{Account::refunds_due, Account::provider, pence(30)}}));
    payment::Disputed const disputed{nth<DisputeId>(1), pence(40), usual_now};
    EXPECT_EQ(postings(state, disputed),
              (Postings{{Account::disputes, Account::provider, pence(40)}}));
    state = payment::evolve(std::move(state), disputed);
    EXPECT_EQ(
        postings(state, payment::DisputeClosed{disputed.dispute_id, payment::DisputeOutcome::won}),
        (Postings{{Account::provider, Account::disputes, pence(40)}}));
    EXPECT_EQ(
        postings(state, payment::DisputeClosed{disputed.dispute_id, payment::DisputeOutcome::lost}),
        (Postings{{Account::losses, Account::disputes, pence(40)}}));
}

TEST(Ledger, accounts_have_titles_of_their_own) {
    EXPECT_EQ(title_of(Account::memo_held), "memo:held");
    EXPECT_EQ(title_of(Account::revenue_goods), "revenue:goods");
    EXPECT_EQ(title_of(Account::losses), "losses");
}

} // namespace
} // namespace kontor::ledger
