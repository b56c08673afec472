#include "domain/reservation/plan.hpp"

#include "tests/support/draw.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace kontor::reservation {
namespace {

using testing::between;

Sku const cup = Sku::parse("CUP").value();
Sku const plate = Sku::parse("PLATE").value();
Location const north = Location::parse("north").value();
Location const south = Location::parse("south").value();
std::vector<Location> const by_rank{north, south};

Quantity units(std::int64_t n) {
    return Quantity::of(n);
}

using Shelves = std::map<std::pair<Location, Sku>, Offered>;

auto offer_in(Shelves const& shelves) {
    return [&shelves](Location const& location, Sku const& sku) {
        auto const found = shelves.find({location, sku});
        return found == shelves.end() ? Offered{} : found->second;
    };
}

TEST(Plan, lines_of_one_sku_are_summed_before_anything_is_promised) {
    Shelves const last_two{{{north, cup}, {Count(2), Count(0)}}};
    std::vector<Wanted> const lines{{cup, units(2)}, {cup, units(1)}};
    auto const plan = plan_hold(lines, by_rank, offer_in(last_two));
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error(), (Shortages{{cup, Count(3), Count(2)}}));
    std::vector<Wanted> const fewer{{cup, units(1)}, {cup, units(1)}};
    EXPECT_EQ(plan_hold(fewer, by_rank, offer_in(last_two)).value(),
              (Items{{cup, north, Count(2), Count(0)}}));
}

TEST(Plan, one_location_that_serves_all_comes_before_two_that_share) {
    Shelves const shelves{{{north, cup}, {Count(9), Count(0)}},
                          {{south, cup}, {Count(9), Count(0)}},
                          {{south, plate}, {Count(9), Count(0)}}};
    std::vector<Wanted> const lines{{plate, units(1)}, {cup, units(1)}};
    EXPECT_EQ(plan_hold(lines, by_rank, offer_in(shelves)).value(),
              (Items{{cup, south, Count(1), Count(0)}, {plate, south, Count(1), Count(0)}}));
}

TEST(Plan, where_none_serves_all_each_sku_comes_whole_from_the_first_that_has_it) {
    Shelves const shelves{{{north, cup}, {Count(1), Count(0)}},
                          {{south, cup}, {Count(2), Count(0)}},
                          {{north, plate}, {Count(1), Count(0)}}};
    std::vector<Wanted> const lines{{cup, units(2)}, {plate, units(1)}};
    EXPECT_EQ(plan_hold(lines, by_rank, offer_in(shelves)).value(),
              (Items{{cup, south, Count(2), Count(0)}, {plate, north, Count(1), Count(0)}}));
    std::vector<Wanted> const split{{cup, units(3)}};
    EXPECT_EQ(plan_hold(split, by_rank, offer_in(shelves)).error(),
              (Shortages{{cup, Count(3), Count(2)}}));
}

TEST(Plan, all_that_is_missing_is_named_at_once) {
    Shelves const shelves{{{north, cup}, {Count(1), Count(0)}}};
    std::vector<Wanted> const lines{{plate, units(4)}, {cup, units(2)}};
    EXPECT_EQ(plan_hold(lines, by_rank, offer_in(shelves)).error(),
              (Shortages{{cup, Count(2), Count(1)}, {plate, Count(4), Count(0)}}));
}

TEST(Plan, the_shelf_comes_first_and_then_what_may_be_promised_beyond_it) {
    Shelves const shelves{{{north, cup}, {Count(1), Count(5)}}};
    std::vector<Wanted> const lines{{cup, units(3)}};
    EXPECT_EQ(plan_hold(lines, by_rank, offer_in(shelves)).value(),
              (Items{{cup, north, Count(1), Count(2)}}));
}

TEST(Plan, a_release_names_what_has_not_left) {
    Items const promised{{cup, north, Count(3), Count(0)}, {plate, south, Count(1), Count(1)}};
    auto const rest = plan_release(promised, [](Location const&, Sku const& sku) {
        return sku == cup ? Owed{} : Owed{Count(1), Count(1)};
    });
    EXPECT_EQ(rest, (Items{{plate, south, Count(1), Count(1)}}));
}

TEST(Plan, a_fill_says_what_is_promised_from_then_on) {
    Items const promised{{cup, north, Count(3), Count(2)}};
    EXPECT_EQ(items_after_fill(promised, north, cup, units(2)),
              (Items{{cup, north, Count(5), Count(0)}}));
    EXPECT_TRUE(items_after_fill(promised, north, cup, units(3)).empty());
    EXPECT_TRUE(items_after_fill(promised, south, cup, units(1)).empty());
}

// Checked against sums over maps: every SKU promised in full at one location, never more than it
// offers; or every shortage true and none forgotten.
RC_GTEST_PROP(PlanProperty, promises_all_or_names_all_that_is_missing, ()) {
    std::vector<Sku> const skus{cup, plate, Sku::parse("BOWL").value()};
    Shelves shelves;
    for (auto const& location : by_rank)
        for (auto const& sku : skus)
            shelves[{location, sku}] = {Count(*between<std::int64_t>(0, 6)),
                                        Count(*between<std::int64_t>(0, 3))};
    std::vector<Wanted> lines;
    std::map<Sku, std::int64_t> wanted;
    auto const count = *between(1, 6);
    for (int line = 0; line < count; ++line) {
        auto const& sku = skus[*between<std::size_t>(0, skus.size())];
        auto const quantity = *between<std::int64_t>(1, 5);
        lines.push_back({sku, units(quantity)});
        wanted[sku] += quantity;
    }
    auto const most_of = [&](Sku const& sku) {
        return std::max(shelves[{north, sku}].units(), shelves[{south, sku}].units());
    };
    auto const plan = plan_hold(lines, by_rank, offer_in(shelves));
    if (!plan) {
        std::map<Sku, std::int64_t> missing;
        for (auto const& [sku, units_wanted] : wanted)
            if (units_wanted > most_of(sku).value())
                missing[sku] = units_wanted;
        RC_ASSERT(plan.error().size() == missing.size());
        for (auto const& shortage : plan.error()) {
            RC_ASSERT(missing.at(shortage.sku) == shortage.asked.value());
            RC_ASSERT(shortage.sellable == most_of(shortage.sku));
        }
        return;
    }
    RC_ASSERT(plan->size() == wanted.size());
    for (auto const& item : *plan) {
        auto const& offered = shelves[{item.location, item.sku}];
        RC_ASSERT((item.reserved + item.backordered).value() == wanted.at(item.sku));
        RC_ASSERT(item.reserved <= offered.on_shelf);
        RC_ASSERT(item.backordered <= offered.beyond_shelf);
        RC_ASSERT((item.backordered.value() == 0 || item.reserved == offered.on_shelf));
    }
}

} // namespace
} // namespace kontor::reservation
