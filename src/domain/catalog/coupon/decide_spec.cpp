#include "domain/catalog/coupon/coupon.hpp"

#include "tests/support/draw.hpp"
#include "tests/support/outcome.hpp"

#include <rapidcheck/gtest.h>

#include <set>

namespace kontor::coupon {
namespace {

using testing::between;
using testing::given;
using testing::usual_now;

CouponCode const code = CouponCode::parse("SPRING").value();
OrderId order(std::uint64_t n) {
    return OrderId(Id128(1, n));
}
Money pounds(std::int64_t n) {
    return Money::of(n * 100, Currency::gbp());
}
Instant const until = usual_now + Duration::days(7);

Issued issued() {
    return {code, usual_now, until, Count(2), BasisPoints::create(1'000).value(), {}, pounds(10)};
}
Issue issue() {
    return {code, usual_now, until, Count(2), BasisPoints::create(1'000).value(), {}, pounds(10)};
}

TEST(Coupon, every_command_in_every_situation) {
    testing::Table<Decider> const table{
        {"nothing", Decider::initial()},
        {"issued", given<Decider>(issued()).state()},
        {"used by the order", given<Decider>(issued(), Used{code, order(1)}).state()},
        {"used by two others",
         given<Decider>(issued(), Used{code, order(3)}, Used{code, order(2)}).state()},
        {"given back",
         given<Decider>(issued(), Used{code, order(1)}, GivenBack{code, order(1)}).state()}};
    table.row("issue", issue(), {"Issued", "=", "=", "=", "="});
    auto other = issue();
    other.uses = Count(3);
    table.row("issue with other terms", other,
              {"Issued", "code_exists", "code_exists", "code_exists", "code_exists"});
    table.row("use", Use{code, order(1), pounds(10)},
              {"unknown_code", "Used", "=", "used_up", "Used"});
    table.row("use below the minimum", Use{code, order(1), pounds(9)},
              {"unknown_code", "below_minimum", "=", "used_up", "below_minimum"});
    table.row("use in another currency", Use{code, order(1), Money::of(9, Currency::eur())},
              {"unknown_code", "currency_mixed", "=", "used_up", "currency_mixed"});
    table.row("give back", GiveBack{code, order(1)}, {"=", "=", "GivenBack", "=", "="});
}

TEST(Coupon, is_valid_from_its_first_moment_until_just_before_its_last) {
    auto coupon = given<Decider>(issued());
    Use const use{code, order(1), pounds(10)};
    auto const moment = Duration::microseconds(1);
    coupon.at(usual_now - moment).when(use).then_rejected(Rejection::not_yet_valid);
    coupon.at(usual_now).when(use).then(Used{code, order(1)});
    coupon.at(until - moment).when(use).then(Used{code, order(1)});
    coupon.at(until).when(use).then_rejected(Rejection::no_longer_valid);
}

TEST(Coupon, takes_off_a_share_or_an_amount) {
    auto const refused = [](auto change, Rejection rejection) {
        auto wish = issue();
        change(wish);
        given<Decider>().when(wish).then_rejected(rejection);
    };
    refused([](Issue& wish) { wish.bp.reset(); }, Rejection::bad_terms);
    refused([](Issue& wish) { wish.amount = pounds(1); }, Rejection::bad_terms);
    refused([](Issue& wish) { wish.bp = BasisPoints(); }, Rejection::bad_terms);
    refused([](Issue& wish) { wish.uses = Count(0); }, Rejection::bad_terms);
    refused([](Issue& wish) { wish.until = wish.from; }, Rejection::bad_terms);
    refused([](Issue& wish) { wish.minimum = pounds(-1); }, Rejection::bad_terms);
    refused(
        [](Issue& wish) {
            wish.bp.reset();
            wish.amount = Money::of(5, Currency::eur());
        },
        Rejection::currency_mixed);
    refused(
        [](Issue& wish) {
            wish.bp.reset();
            wish.amount = pounds(0);
        },
        Rejection::bad_terms);
}

TEST(Coupon, an_amount_is_taken_off_in_its_own_currency) {
    auto terms = issued();
    terms.bp.reset();
    terms.minimum.reset();
    terms.amount = pounds(1);
    given<Decider>(terms)
        .when(Use{code, order(1), Money::of(900, Currency::eur())})
        .then_rejected(Rejection::currency_mixed);
    given<Decider>(terms).when(Use{code, order(1), pounds(1)}).then(Used{code, order(1)});
}

RC_GTEST_PROP(CouponProperty, is_used_once_an_order_and_never_more_often_than_it_says, ()) {
    auto const uses = *between<std::int64_t>(1, 4);
    auto terms = issued();
    terms.uses = Count(uses);
    State state = fold<Decider>(Decider::initial(), std::vector<Event>{terms});
    Context const context{.now = usual_now, .command_id = {}};
    std::set<OrderId> users;
    auto const wishes = *between(0, 60);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const who = *testing::one_of<OrderId>(6);
        auto const command =
            *between(0, 3) > 0 ? Command(Use{code, who, pounds(10)}) : Command(GiveBack{code, who});
        auto const decision = Decider::decide(state, command, context);
        if (!decision)
            continue;
        for (auto const& event : *decision) {
            if (auto const* const used = std::get_if<Used>(&event))
                RC_ASSERT(users.insert(used->order_id).second);
            if (auto const* const back = std::get_if<GivenBack>(&event))
                RC_ASSERT(users.erase(back->order_id) == 1u);
        }
        RC_ASSERT(static_cast<std::int64_t>(users.size()) <= uses);
        state = fold<Decider>(std::move(state), *decision);
        auto const again = Decider::decide(state, command, context);
        RC_ASSERT((!again || again->empty()));
    }
}

} // namespace
} // namespace kontor::coupon
