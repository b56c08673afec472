#include "domain/pricing/quote.hpp"

#include "domain/order/limits.hpp"
#include "tests/support/orders.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::pricing {
namespace {

using kontor::testing::gbp;
using kontor::testing::line_number;
using kontor::testing::pence;
using kontor::testing::usual_now;
using kontor::testing::worth;
using order::RejectionCode;
using order::TaxLevel;
using order::TaxMode;

BasisPoints bp(std::int64_t points) {
    return BasisPoints::create(points).value();
}
Country country(char const* code) {
    return Country::parse(code).value();
}
TaxClass const standard("standard");
TaxClass const reduced("reduced");

Article article(std::int64_t price, SkuKind kind = SkuKind::goods,
                TaxClass const& tax_class = standard) {
    return {"THING", kind, tax_class, {pence(price)}, 100};
}

ShippingMethod shipping_method() {
    ShippingMethod method{ShippingMethodCode("standard"), "Standard", {}, {}, {}, standard, 3};
    method.countries = {country("GB"), country("DE")};
    method.bands = {{ShippingBand::By::weight, 500, {pence(300)}},
                    {ShippingBand::By::weight, 2'000, {pence(500)}}};
    method.free_from = {pence(5'000)};
    return method;
}

Tariff tariff(TaxMode tax = TaxMode::excluded, TaxLevel level = TaxLevel::line) {
    return {{Rounding::half_up, level, tax},
            {{standard, country("GB"), bp(2'000)},
             {reduced, country("GB"), bp(500)},
             {standard, country("DE"), bp(1'900)},
             {reduced, {}, bp(0)}},
            {shipping_method()}};
}

Coupon coupon() {
    return {CouponCode::parse("TEN").value(), bp(1'000), {}, usual_now - Duration::days(1),
            usual_now + Duration::days(1),    {},        1};
}

struct Shop {
    std::vector<Article> articles;
    Coupon ten = coupon();

    Basket basket(std::vector<std::int64_t> quantities) const {
        Basket made{gbp, country("GB"), {}, ShippingMethodCode("standard"), {}, nullptr, usual_now};
        for (std::size_t i = 0; i < quantities.size(); ++i)
            made.lines.push_back({Sku::parse("SKU-" + std::to_string(i + 1)).value(), quantities[i],
                                  &articles[i], BasisPoints()});
        return made;
    }
    Basket with_coupon(std::vector<std::int64_t> quantities) const {
        auto made = basket(std::move(quantities));
        made.coupon_code = ten.code;
        made.coupon = &ten;
        return made;
    }
};

void expect_no(Basket const& basket, order::Rejection why, Tariff const& by = tariff()) {
    auto const answer = quote(basket, by);
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(enumerator_name(answer.error().code), enumerator_name(why.code));
    EXPECT_EQ(answer.error(), why);
}

TEST(Quote, adds_tax_to_prices_without_it) {
    Shop const shop{{article(100), article(33, SkuKind::goods, reduced)}};
    auto const made = quote(shop.basket({2, 1}), tariff()).value();
    EXPECT_EQ(made.lines[0].value, worth(200, 40));
    EXPECT_EQ(made.lines[1].value, worth(33, 2)); // 5 % of 33 is 1.65
    EXPECT_EQ(made.shipping, worth(300, 60));
    EXPECT_EQ(made.total, pence(635));
    EXPECT_EQ(made.lines[1].line, line_number(2));
    EXPECT_EQ(made.lines[1].tax_bp, bp(500));
    EXPECT_EQ(made.shipping_method, ShippingMethodCode("standard"));
}

TEST(Quote, takes_tax_out_of_prices_that_include_it) {
    Shop const shop{{article(119)}};
    auto const made = quote(shop.basket({1}), tariff(TaxMode::included)).value();
    EXPECT_EQ(made.lines[0].value, worth(99, 20)); // 119 / 1.2 is 99.17
    EXPECT_EQ(made.shipping, worth(250, 50));
    EXPECT_EQ(made.total, pence(419));
}

TEST(Quote, rounds_once_for_each_rate_on_the_level_of_the_order) {
    Shop const shop{{article(3), article(3), article(3)}};
    auto basket = shop.basket({1, 1, 1});
    auto const lines = quote_addition(basket, tariff()).value();
    EXPECT_EQ(lines.total, pence(12)); // each 0.6, rounded to 1
    auto const whole = quote_addition(basket, tariff(TaxMode::excluded, TaxLevel::order)).value();
    EXPECT_EQ(whole.total, pence(11)); // 1.8, rounded to 2
    EXPECT_EQ(whole.lines[0].value, worth(3, 1));
    EXPECT_EQ(whole.lines[2].value, worth(3, 0));
}

TEST(Quote, allocates_the_coupon_over_the_goods_by_what_they_cost) {
    Shop const shop{{article(100), article(201), article(50, SkuKind::voucher)}};
    auto const made = quote(shop.with_coupon({1, 1, 1}), tariff()).value();
    EXPECT_EQ(made.discount, pence(30)); // 10 % of 301
    EXPECT_EQ(made.lines[0].discount, pence(10));
    EXPECT_EQ(made.lines[1].discount, pence(20));
    EXPECT_EQ(made.lines[2].discount, pence(0));
    EXPECT_EQ(made.lines[1].value, worth(181, 36));
    EXPECT_EQ(made.coupon, shop.ten.code);
}

TEST(Quote, takes_the_line_discount_before_the_coupon) {
    Shop const shop{{article(1'000)}};
    auto basket = shop.with_coupon({1});
    basket.lines[0].discount = bp(5'000);
    auto const made = quote(basket, tariff()).value();
    EXPECT_EQ(made.lines[0].discount, pence(550));
    EXPECT_EQ(made.lines[0].value, worth(450, 90));
}

TEST(Quote, a_coupon_never_takes_more_than_the_goods_cost) {
    Shop shop{{article(100)}};
    shop.ten.share.reset();
    shop.ten.amount = pence(999);
    auto const made = quote(shop.with_coupon({1}), tariff()).value();
    EXPECT_EQ(made.discount, pence(100));
    EXPECT_EQ(made.total, pence(360));
}

TEST(Quote, refuses_a_coupon_that_does_not_hold) {
    auto const refuse = [](auto change) {
        Shop shop{{article(100)}};
        change(shop.ten);
        expect_no(shop.with_coupon({1}), {RejectionCode::coupon_refused});
    };
    refuse([](Coupon& c) { c.until = usual_now; });
    refuse([](Coupon& c) { c.from = usual_now + Duration::microseconds(1); });
    refuse([](Coupon& c) { c.uses_left = 0; });
    refuse([](Coupon& c) { c.minimum = pence(101); });
    refuse([](Coupon& c) { c.amount = Money::of(1, Currency::eur()); });
    Shop const services{{article(100, SkuKind::voucher)}};
    expect_no(services.with_coupon({1}), {RejectionCode::coupon_refused});
    auto unknown = services.with_coupon({1});
    unknown.coupon = nullptr;
    expect_no(unknown, {RejectionCode::coupon_refused});
}

TEST(Quote, ships_by_the_first_band_that_fits_and_free_from_an_amount) {
    Shop const shop{{article(100), article(5'000), article(70, SkuKind::charge)}};
    EXPECT_EQ(quote(shop.basket({5}), tariff())->shipping, worth(300, 60));
    EXPECT_EQ(quote(shop.basket({6}), tariff())->shipping, worth(500, 100));
    EXPECT_EQ(quote(shop.basket({1, 1}), tariff())->shipping, worth(0));
    expect_no(shop.basket({21}), {RejectionCode::not_shippable});
    auto services = shop.basket({1, 1, 1});
    services.lines.erase(services.lines.begin(), services.lines.begin() + 2);
    services.shipping_method.reset();
    EXPECT_EQ(quote(services, tariff())->shipping, worth(0));
    EXPECT_FALSE(quote(services, tariff())->shipping_method.has_value());
}

TEST(Quote, refuses_what_cannot_be_shipped) {
    Shop const shop{{article(100)}};
    auto basket = shop.basket({1});
    basket.shipping_method.reset();
    expect_no(basket, {RejectionCode::not_shippable});
    basket.shipping_method = ShippingMethodCode("balloon");
    expect_no(basket, {RejectionCode::not_shippable});
    basket = shop.basket({1});
    basket.country = country("FR");
    auto by = tariff();
    by.rates.push_back({standard, {}, bp(0)});
    expect_no(basket, {RejectionCode::not_shippable}, by);
    by.methods[0].bands = {{ShippingBand::By::value, 99, {pence(300)}}};
    expect_no(shop.basket({1}), {RejectionCode::not_shippable}, by);
    by.methods[0].bands[0].up_to = 100;
    EXPECT_EQ(quote(shop.basket({1}), by)->shipping.net, pence(300));
}

TEST(Quote, names_the_line_that_cannot_be_sold) {
    Shop shop{{article(100), article(100)}};
    auto const number = line_number(2);
    auto basket = shop.basket({1, 1});
    basket.lines[1].article = nullptr;
    expect_no(basket, {RejectionCode::unknown_sku, number});
    expect_no(shop.basket({1, 0}), {RejectionCode::bad_quantity, number, Count(1'000'000)});
    expect_no(shop.basket({1, 1'000'001}), {RejectionCode::bad_quantity, number, Count(1'000'000)});
    shop.articles[1].is_withdrawn = true;
    expect_no(shop.basket({1, 1}), {RejectionCode::not_sellable, number});
    shop.articles[1] = article(100);
    shop.articles[1].prices = {Money::of(100, Currency::eur())};
    expect_no(shop.basket({1, 1}), {RejectionCode::not_sellable, number});
    shop.articles[1] = article(order::total_max);
    expect_no(shop.basket({1, 2}), {RejectionCode::out_of_range, number});
    expect_no(shop.basket({1, 1}), {RejectionCode::out_of_range});
    shop.articles[1] = article(1, SkuKind::goods, TaxClass("unheard"));
    expect_no(shop.basket({1, 1}), {RejectionCode::unknown_country, number});
    expect_no(Shop{{}}.basket({}), {RejectionCode::empty_order});
    auto nowhere = shop.basket({1});
    nowhere.country = Country();
    expect_no(nowhere, {RejectionCode::unknown_country});
    auto many = shop.basket({1});
    many.lines.resize(order::lines_max + 1, many.lines[0]);
    expect_no(many, {RejectionCode::too_many_lines});
}

std::int64_t drawn(std::int64_t from, std::int64_t to) {
    return *rc::gen::inRange<std::int64_t>(from, to + 1);
}

/// A shop and a basket, with a coupon or not.
struct AnyBasket {
    Shop shop;
    std::vector<std::int64_t> quantities;
    std::vector<BasisPoints> discounts;

    AnyBasket() {
        auto const count = drawn(1, 12);
        for (int i = 0; i < count; ++i) {
            auto const kind = *rc::gen::element(SkuKind::goods, SkuKind::goods, SkuKind::charge);
            shop.articles.push_back(
                article(drawn(0, 999), kind, *rc::gen::element(standard, reduced)));
            shop.articles.back().weight_g = 0;
            quantities.push_back(drawn(1, 20));
            discounts.push_back(bp(*rc::gen::element(0, 0, 1, 3'333, 10'000)));
        }
        shop.ten.share = bp(drawn(0, 10'000));
        if (drawn(0, 1) == 0) {
            shop.ten.share.reset();
            shop.ten.amount = pence(drawn(0, 5'000));
        }
    }
    Basket basket() const {
        bool const has_goods = std::ranges::any_of(
            shop.articles, [](Article const& each) { return !is_service(each.kind); });
        auto made =
            has_goods && drawn(0, 1) == 0 ? shop.with_coupon(quantities) : shop.basket(quantities);
        for (std::size_t i = 0; i < discounts.size(); ++i)
            made.lines[i].discount = discounts[i];
        return made;
    }
};

RC_GTEST_PROP(QuoteProperty, the_total_is_what_the_lines_and_shipping_come_to, ()) {
    AnyBasket const any;
    auto by = tariff(*rc::gen::element(TaxMode::included, TaxMode::excluded),
                     *rc::gen::element(TaxLevel::line, TaxLevel::order));
    by.rounding.mode = *rc::gen::element(Rounding::half_up, Rounding::half_even);
    auto const made = quote(any.basket(), by).value();
    auto gross = made.shipping.gross();
    auto sum = Money::zero(gbp);
    auto tax = made.shipping.tax;
    auto discount = Money::zero(gbp);
    for (auto const& line : made.lines) {
        auto const list = line.unit_price.times(line.quantity.value()).value();
        auto const cost =
            by.rounding.tax == TaxMode::included ? line.value.gross() : line.value.net;
        RC_ASSERT(cost == list - line.discount);
        RC_ASSERT(!line.value.net.is_negative());
        RC_ASSERT(!line.value.tax.is_negative());
        gross += line.value.gross();
        sum += list;
        tax += line.value.tax;
        discount += line.discount;
    }
    RC_ASSERT(made.total == gross);
    RC_ASSERT(made.discount == discount);
    // DOMAIN section 2: total = lines + tax + shipping - discounts.
    auto const shipping =
        by.rounding.tax == TaxMode::included ? made.shipping.gross() : made.shipping.net;
    auto const added = by.rounding.tax == TaxMode::included ? Money::zero(gbp) : tax;
    RC_ASSERT(made.total == sum + added + shipping - discount);
}

RC_GTEST_PROP(QuoteProperty, tax_by_the_order_is_rounded_once_for_each_rate, ()) {
    AnyBasket const any;
    auto const by = tariff(TaxMode::excluded, TaxLevel::order);
    auto const made = quote(any.basket(), by).value();
    for (auto const& [tax_class, rate] : {std::pair(standard, 2'000), std::pair(reduced, 500)}) {
        auto net = tax_class == standard ? made.shipping.net : Money::zero(gbp);
        auto tax = tax_class == standard ? made.shipping.tax : Money::zero(gbp);
        for (auto const& line : made.lines) {
            if (line.tax_class != tax_class)
                continue;
            net += line.value.net;
            tax += line.value.tax;
        }
        // With nothing but free services shipping is untaxed: zero has no tax either way.
        RC_ASSERT(tax == net.share(bp(rate), Rounding::half_up));
    }
}

RC_GTEST_PROP(QuoteProperty, every_quote_can_be_placed, ()) {
    AnyBasket const any;
    auto const made = quote(any.basket(), tariff()).value();
    auto command = kontor::testing::place(made.lines);
    command.quote = made;
    command.expected_total = made.total;
    auto const answer = order::decide(order::initial(), command,
                                      Context{.now = usual_now, .command_id = CommandId()});
    RC_ASSERT(answer.has_value());
}

} // namespace
} // namespace kontor::pricing
