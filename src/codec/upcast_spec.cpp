#include "codec/upcast.hpp"

#include "codec/facts_binary.hpp"
#include "codec/json.hpp"

#include <gtest/gtest.h>

namespace kontor::codec {
namespace {

/// A shop whose fact changed twice: prices got a currency, then a tax was split off.
namespace shop {

struct PricedV1 {
    std::int64_t pence{};
    friend bool operator==(PricedV1 const&, PricedV1 const&) = default;
};
BOOST_DESCRIBE_STRUCT(PricedV1, (), (pence))
static_assert(describes_every_field<PricedV1>());

struct PricedV2 {
    Money price;
    friend bool operator==(PricedV2 const&, PricedV2 const&) = default;
};
BOOST_DESCRIBE_STRUCT(PricedV2, (), (price))
static_assert(describes_every_field<PricedV2>());

struct Priced {
    NetTax value;
    friend bool operator==(Priced const&, Priced const&) = default;
};
BOOST_DESCRIBE_STRUCT(Priced, (), (value))
static_assert(describes_every_field<Priced>());

struct Closed {
    friend bool operator==(Closed const&, Closed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Closed, (), ())

using Event = std::variant<Closed, Priced>;

} // namespace shop
} // namespace

template <>
struct Upcaster<shop::PricedV1> {
    static shop::PricedV2 upcast(shop::PricedV1&& old) {
        return {Money::of(old.pence, Currency::gbp())};
    }
};

template <>
struct Upcaster<shop::PricedV2> {
    static shop::Priced upcast(shop::PricedV2&& old) {
        return {{old.price, Money::zero(old.price.currency())}};
    }
};

template <>
struct FactsOf<shop::Event> {
    using Rows = StoredList<Stored<shop::PricedV1, 1, "shop.priced", 1, Visibility::internal>,
                            Stored<shop::Closed, 2, "shop.closed", 1, Visibility::internal>,
                            Stored<shop::PricedV2, 3, "shop.priced", 2, Visibility::internal>,
                            Stored<shop::Priced, 4, "shop.priced", 3, Visibility::internal>>;
};

namespace {

shop::Event const today =
    shop::Priced{{Money::of(1'999, Currency::gbp()), Money::zero(Currency::gbp())}};

template <class Old>
Result<shop::Event> stored_long_ago(std::uint16_t number, Old const& old) {
    std::vector<std::uint8_t> bytes;
    encode_binary(old, bytes);
    return decode<shop::Event>(EventType(number), bytes);
}

TEST(Upcast, a_fact_of_any_age_comes_back_as_todays) {
    EXPECT_EQ(stored_long_ago(1, shop::PricedV1{1'999}).value(), today);
    EXPECT_EQ(stored_long_ago(3, shop::PricedV2{Money::of(1'999, Currency::gbp())}).value(), today);
    EXPECT_EQ(stored_long_ago(4, std::get<shop::Priced>(today)).value(), today);
}

TEST(Upcast, new_facts_are_stored_under_the_newest_number) {
    std::vector<std::uint8_t> bytes;
    EXPECT_EQ(encode(today, bytes), EventType(4));
    EXPECT_EQ(encode(shop::Event(shop::Closed{}), bytes), EventType(2));
}

TEST(Upcast, damage_in_an_old_fact_is_found_before_it_is_changed) {
    EXPECT_EQ(decode<shop::Event>(EventType(1), std::vector<std::uint8_t>{0x80}).error().kind,
              FailureKind::corrupt);
}

} // namespace
} // namespace kontor::codec
