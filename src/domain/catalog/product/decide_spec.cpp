#include "domain/catalog/product/product.hpp"

#include "tests/support/draw.hpp"
#include "tests/support/outcome.hpp"

#include <rapidcheck/gtest.h>

#include <iterator>
#include <map>

namespace kontor::product {
namespace {

using testing::between;
using testing::given;
using testing::usual_now;

Sku const cup = Sku::parse("CUP").value();
Instant const yesterday = usual_now - Duration::days(1);
Instant const tomorrow = usual_now + Duration::days(1);

Money pence(std::int64_t n) {
    return Money::of(n, Currency::gbp());
}

Description description(std::string title = "Cup") {
    return {.title = std::move(title), .tax_class = TaxClass("standard")};
}
Added added() {
    return {cup, SkuKind::goods, "Cup", TaxClass("standard"), {}, {}};
}
Changed renamed() {
    return {cup, SkuKind::goods, "Mug", TaxClass("standard"), {}, {}};
}

TEST(Product, every_command_in_every_situation) {
    testing::Table<Decider> const table{
        {"nothing", Decider::initial()},
        {"listed", given<Decider>(added()).state()},
        {"priced", given<Decider>(added(), PriceSet{cup, pence(199), yesterday}).state()},
        {"renamed", given<Decider>(added(), renamed()).state()},
        {"withdrawn", given<Decider>(added(), Withdrawn{cup, "old"}).state()}};
    table.row("add", Add{cup, description()}, {"Added", "=", "=", "sku_exists", "="});
    table.row("rename", Change{cup, description("Mug")},
              {"unknown_sku", "Changed", "Changed", "=", "Changed"});
    table.row("price", SetPrice{cup, pence(199)},
              {"unknown_sku", "PriceSet", "=", "PriceSet", "PriceSet"});
    table.row("price from tomorrow", SetPrice{cup, pence(99), tomorrow},
              {"unknown_sku", "PriceSet", "PriceSet", "PriceSet", "PriceSet"});
    table.row("price below zero", SetPrice{cup, pence(-1)},
              {"unknown_sku", "bad_amount", "bad_amount", "bad_amount", "bad_amount"});
    table.row("price without end", SetPrice{cup, pence(price_max + 1)},
              {"unknown_sku", "price_exceeds", "price_exceeds", "price_exceeds", "price_exceeds"});
    table.row("withdraw", Withdraw{cup, "old"},
              {"unknown_sku", "Withdrawn", "Withdrawn", "Withdrawn", "="});
    table.row("restore", Restore{cup, "back"}, {"unknown_sku", "=", "=", "=", "Restored"});
}

TEST(Product, a_description_has_a_title_and_no_parent_of_itself) {
    auto own_parent = description();
    own_parent.parent = cup;
    given<Decider>().when(Add{cup, own_parent}).then_rejected(Rejection::bad_parent);
    given<Decider>().when(Add{cup, description("")}).then_rejected(Rejection::title_missing);
    given<Decider>(added())
        .when(Change{cup, description("")})
        .then_rejected(Rejection::title_missing);
}

TEST(Product, goods_stay_goods) {
    auto service = description();
    service.kind = SkuKind::charge;
    given<Decider>(added()).when(Change{cup, service}).then_rejected(Rejection::kind_fixed);
}

TEST(Product, a_price_to_come_leaves_todays_price_until_then) {
    auto const state = given<Decider>(added(), PriceSet{cup, pence(199), yesterday},
                                      PriceSet{cup, pence(99), tomorrow})
                           .state();
    EXPECT_EQ(price_at(state, Currency::gbp(), usual_now), pence(199));
    EXPECT_EQ(price_at(state, Currency::gbp(), tomorrow), pence(99));
    EXPECT_EQ(price_at(state, Currency::gbp(), yesterday - Duration::days(1)), std::nullopt);
    EXPECT_EQ(price_at(state, Currency::eur(), usual_now), std::nullopt);
    given<Decider>(added()).when(SetPrice{cup, pence(5)}).then(PriceSet{cup, pence(5), usual_now});
}

TEST(Product, is_sold_while_it_is_listed_and_priced) {
    auto const priced = given<Decider>(added(), PriceSet{cup, pence(0), yesterday});
    EXPECT_TRUE(is_sellable(priced.state(), Currency::gbp(), usual_now));
    EXPECT_FALSE(is_sellable(priced.state(), Currency::eur(), usual_now));
    auto const withdrawn = priced.when(Withdraw{cup, "old"}).state();
    EXPECT_FALSE(is_sellable(withdrawn, Currency::gbp(), usual_now));
    EXPECT_FALSE(is_sellable(Decider::initial(), Currency::gbp(), usual_now));
}

// Prices by a map from currency and moment; the clock goes forward.
RC_GTEST_PROP(ProductProperty, the_price_is_the_latest_that_holds, ()) {
    std::map<std::pair<Currency, Instant>, Money> model;
    State state = fold<Decider>(Decider::initial(), std::vector<Event>{added()});
    auto now = usual_now;
    auto const sets = *between(0, 30);
    for (int set = 0; set < sets; ++set) {
        now = now + Duration::microseconds(*between<std::int64_t>(0, 3));
        auto const currency = *rc::gen::element(Currency::gbp(), Currency::eur());
        auto const price = Money::of(*between<std::int64_t>(0, 4), currency);
        std::optional<Instant> from;
        if (*between(0, 2) == 0)
            from = now + Duration::microseconds(*between<std::int64_t>(-2, 4));
        Command const command = SetPrice{cup, price, from};
        Context const context{.now = now, .command_id = {}};
        auto const decision = Decider::decide(state, command, context);
        RC_ASSERT(decision.has_value());
        state = fold<Decider>(std::move(state), *decision);
        RC_ASSERT(Decider::decide(state, command, context)->empty());
        if (!decision->empty())
            model[{currency, from.value_or(now)}] = price;
        for (std::int64_t after = 0; after < 5; ++after) {
            auto const at = now + Duration::microseconds(after);
            auto const later = model.upper_bound({currency, at});
            std::optional<Money> wanted;
            if (later != model.begin() && std::prev(later)->first.first == currency)
                wanted = std::prev(later)->second;
            RC_ASSERT(price_at(state, currency, at) == wanted);
        }
    }
}

} // namespace
} // namespace kontor::product
