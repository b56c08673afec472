#include "services/carrier/demo_carrier.hpp"

#include <gtest/gtest.h>

namespace kontor::services {
namespace {

constexpr Instant noon = Instant::from_unix_microseconds(1'767'225'600'000'000);

FulfilmentId parcel(std::uint64_t number) {
    return FulfilmentId(Id128(std::uint64_t{1'767'225'600'000} << 16, number));
}
std::optional<PlannedAct> after(std::uint64_t number, fulfilment::Event const& fact) {
    return next_act(parcel(number), fact, noon, Random(1));
}
template <class Act>
bool is(std::optional<PlannedAct> const& planned) {
    return planned && std::holds_alternative<Act>(planned->act);
}
bool is_within(std::optional<PlannedAct> const& planned, Duration least, Duration most) {
    return planned && planned->at - noon >= least && planned->at - noon <= most;
}

TEST(TheDemoCarrier, takes_parcels_within_hours_and_brings_them_within_days) {
    for (std::uint64_t i = 0; i < 1'000; ++i) {
        auto const taken = after(i, fulfilment::Created{});
        EXPECT_TRUE(is<HandOver>(taken));
        EXPECT_TRUE(is_within(taken, Duration::hours(1), Duration::hours(8)));
        EXPECT_TRUE(
            is_within(after(i, fulfilment::Dispatched{}), Duration::days(1), Duration::days(3)));
    }
}

TEST(TheDemoCarrier, misses_two_in_a_hundred_and_brings_back_five_in_a_thousand) {
    int missed = 0;
    int back = 0;
    constexpr int parcels = 100'000;
    for (std::uint64_t i = 0; i < parcels; ++i) {
        if (is<BringToBuyer>(after(i, fulfilment::Dispatched{})))
            continue;
        auto const then = after(i, fulfilment::DeliveryFailed{{}, 1});
        missed += is<BringToBuyer>(then) ? 1 : 0;
        back += is<BringBack>(then) ? 1 : 0;
    }
    EXPECT_NEAR(missed, parcels * 20 / 1'000, 200);
    EXPECT_NEAR(back, parcels * 5 / 1'000, 100);
}

TEST(TheDemoCarrier, gives_a_parcel_the_same_fate_however_often_it_is_asked) {
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto const once = after(i, fulfilment::Dispatched{});
        auto const twice = after(i, fulfilment::Dispatched{});
        ASSERT_TRUE(once && twice);
        EXPECT_EQ(once->at, twice->at);
        EXPECT_EQ(once->act.index(), twice->act.index());
    }
}

TEST(TheDemoCarrier, takes_in_within_hours_what_it_brought_back) {
    for (std::uint64_t i = 0; i < 100; ++i) {
        auto const taken = take_in(parcel(i), ReturnId(Id128(1, i)), noon, Random(1));
        EXPECT_TRUE(is_within(taken, Duration::hours(1), Duration::hours(8)));
        EXPECT_EQ(std::get<TakeIn>(taken.act).return_id, ReturnId(Id128(1, i)));
    }
}

TEST(TheDemoCarrier, has_nothing_to_do_with_parcels_that_wait_or_have_ended) {
    EXPECT_FALSE(after(1, fulfilment::Held{}));
    EXPECT_FALSE(after(1, fulfilment::Cancelled{}));
    EXPECT_FALSE(after(1, fulfilment::Delivered{}));
    EXPECT_FALSE(after(1, fulfilment::ReturnedToSender{}));
    EXPECT_TRUE(is<HandOver>(after(1, fulfilment::Resumed{})));
}

} // namespace
} // namespace kontor::services
