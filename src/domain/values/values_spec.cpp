#include "domain/values/currency.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"
#include "domain/values/quantity.hpp"
#include "domain/values/stream_id.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor {
namespace {

TEST(Id128, is_written_in_crockfords_base_32) {
    EXPECT_EQ(Id128(0, 0).to_string(), "00000000000000000000000000");
    EXPECT_EQ(Id128(~0ULL, ~0ULL).to_string(), "7ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    EXPECT_FALSE(Id128::parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"));
    EXPECT_FALSE(Id128::parse("7ZZZZZZZZZZZZZZZZZZZZZZZZI"));
    EXPECT_FALSE(Id128::parse(""));
}

RC_GTEST_PROP(Id128Property, text_and_bytes_give_the_id_back,
              (std::uint64_t high, std::uint64_t low)) {
    Id128 const id(high, low);
    RC_ASSERT(Id128::parse(id.to_string()).value() == id);
    RC_ASSERT(Id128::from_bytes(id.bytes()) == id);
}

RC_GTEST_PROP(Id128Property, texts_sort_as_ids, (std::uint64_t a, std::uint64_t b)) {
    RC_ASSERT((Id128(a, b) < Id128(b, a)) == (Id128(a, b).to_string() < Id128(b, a).to_string()));
}

TEST(Id128, derived_ids_keep_their_causes_time_and_differ_by_noun_and_index) {
    Random random(1);
    auto const now = to_instant({2026, 1, 2, 3, 4, 5}).value();
    auto const cause = CommandId::mint(now, random);
    auto const order = derive_id<OrderId>(cause, "order");
    EXPECT_EQ(order, derive_id<OrderId>(cause, "order"));
    EXPECT_EQ(order.value().time(), now);
    EXPECT_NE(derive_id<PaymentId>(cause, "payment").value(), order.value());
    EXPECT_NE(event_id(cause, 0), event_id(cause, 1));
}

TEST(TypedId, is_written_with_its_prefix) {
    auto const id = OrderId(Id128(1, 2));
    EXPECT_EQ(OrderId::parse(id.to_string()).value(), id);
    EXPECT_FALSE(PaymentId::parse(id.to_string()));
}

TEST(Currency, comes_from_the_iso_table) {
    EXPECT_EQ(Currency::parse("GBP").value(), Currency::gbp());
    EXPECT_EQ(Currency::gbp().exponent(), 2);
    EXPECT_EQ(Currency::parse("JPY").value().exponent(), 0);
    EXPECT_EQ(Currency::from_iso_number(414).value().code(), "KWD");
    EXPECT_FALSE(Currency::parse("gbp"));
    EXPECT_FALSE(Currency::parse(""));
    EXPECT_FALSE(Currency::from_iso_number(7));
}

TEST(Sku, is_upper_cased_and_checked) {
    EXPECT_EQ(Sku::parse("85123a").value().view(), "85123A");
    for (auto const* text : {"", "-A", "A B", "ÄB", "ABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJK"})
        EXPECT_FALSE(Sku::parse(text)) << text;
}

TEST(Location, is_short_and_lower_case) {
    EXPECT_TRUE(Location::parse("main"));
    EXPECT_FALSE(Location::parse("Main"));
    EXPECT_FALSE(Location::parse("a-location-of-16"));
}

TEST(Country, comes_from_the_iso_table) {
    EXPECT_TRUE(Country::parse("GB"));
    EXPECT_TRUE(Country::parse("XC"));
    for (auto const* text : {"", "gb", "XX", "G", "GBR", "B "})
        EXPECT_FALSE(Country::parse(text)) << text;
}

TEST(Quantity, is_between_one_and_a_million) {
    EXPECT_TRUE(Quantity::create(1));
    EXPECT_TRUE(Quantity::create(1'000'000));
    EXPECT_FALSE(Quantity::create(0));
    EXPECT_FALSE(Quantity::create(1'000'001));
    EXPECT_FALSE(Delta::create(0));
}

TEST(StreamId, is_written_as_category_and_key) {
    auto const stock =
        StreamId::stock(Location::parse("main").value(), Sku::parse("85123A").value());
    EXPECT_EQ(stock.to_string(), "stock-main.85123A");
    EXPECT_EQ(StreamId::parse("stock-main.85123A").value(), stock);
    auto const order = StreamId::order(OrderId(Id128(3, 4)));
    EXPECT_EQ(StreamId::parse(order.to_string()).value(), order);
    EXPECT_EQ(order.id(), Id128(3, 4));
    EXPECT_NE(order, StreamId::checkout(OrderId(Id128(3, 4))));
    EXPECT_EQ(StreamId::parse("order-ord_" + order.id().to_string()).value(), order);
    EXPECT_FALSE(StreamId::parse("payment-ord_" + order.id().to_string()));
    EXPECT_FALSE(StreamId::parse("order-short"));
    EXPECT_FALSE(StreamId::parse("nothing"));
    EXPECT_FALSE(StreamId::parse("stock-"));
}

} // namespace
} // namespace kontor
