#include "domain/stock/stock.hpp"

#include "tests/support/outcome.hpp"

namespace kontor::stock {
namespace {

using testing::given;
using testing::Repeat;

Sku const cup = Sku::parse("CUP").value();
Location const main_house = Location::parse("main").value();

ReservationId reservation(std::uint64_t n) {
    return ReservationId(Id128(7, n));
}
FulfilmentId parcel(std::uint64_t n) {
    return FulfilmentId(Id128(8, n));
}
TransferId const move{Id128(9, 1)};

Received received(std::int64_t units, Fills fills = {}) {
    return {cup, main_house, Quantity::of(units), "note 7", std::move(fills)};
}
Receive receive(std::int64_t units) {
    return {cup, main_house, Quantity::of(units), "note 7"};
}
Reserved promised(std::uint64_t n, std::int64_t reserved, std::int64_t backordered = 0) {
    return {reservation(n), Count(reserved), Count(backordered)};
}
Reserve reserve(std::uint64_t n, std::int64_t reserved, std::int64_t backordered = 0) {
    return {cup, main_house, reservation(n), Count(reserved), Count(backordered)};
}
Issue issue(std::uint64_t n, std::int64_t units, std::uint64_t in_parcel = 1) {
    return {reservation(n), parcel(in_parcel), Quantity::of(units)};
}
Adjust adjust(std::int64_t delta) {
    return {cup, main_house, Delta::create(delta).value(), AdjustReason::found};
}
Adjusted adjusted(std::int64_t delta, Fills fills = {}) {
    return {cup, main_house, Delta::create(delta).value(), AdjustReason::found, std::move(fills)};
}
PolicySet policy(std::int64_t safety, std::int64_t backorder_max, std::int64_t low_at) {
    return {Count(safety), Count(backorder_max), Count(low_at)};
}
SetPolicy set_policy(std::int64_t safety, std::int64_t backorder_max, std::int64_t low_at) {
    return {cup, main_house, Count(safety), Count(backorder_max), Count(low_at)};
}
Fill fill(std::uint64_t n, std::int64_t units) {
    return {reservation(n), Quantity::of(units)};
}

using Given = testing::Given<Decider>;

TEST(Stock, every_command_in_every_situation) {
    auto const nothing = Decider::initial();
    auto const shelf = given<Decider>(received(10)).state();
    auto const held = given<Decider>(received(10), promised(1, 4)).state();
    auto const sold_out = given<Decider>(received(4), promised(1, 4)).state();
    auto const waiting = given<Decider>(received(4), policy(0, 5, 0), promised(1, 4, 2)).state();
    auto const closed =
        given<Decider>(received(10), promised(1, 4), Released{reservation(1), Count(4), {}, {}})
            .state();

    testing::Table<Decider> const table{{"nothing", nothing},     {"on the shelf", shelf},
                                        {"held", held},           {"sold out", sold_out},
                                        {"backordered", waiting}, {"given back", closed}};
    table.row("receive", receive(3),
              {"Received", "Received", "Received", "Received", "Received", "Received"},
              Repeat::counts_again);
    table.row("find", adjust(3),
              {"Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted"},
              Repeat::counts_again);
    table.row("lose", adjust(-3),
              {"unknown_location", "Adjusted", "Adjusted", "would_break_promise",
               "would_break_promise", "Adjusted"},
              Repeat::counts_again);
    table.row("count six", CountShelf{cup, main_house, Count(6)},
              {"Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted"});
    table.row("count none", CountShelf{cup, main_house, Count(0)},
              {"=", "Adjusted", "would_break_promise", "would_break_promise", "would_break_promise",
               "Adjusted"});
    table.row("move away", TransferOut{cup, main_house, Quantity::of(3), move},
              {"unknown_location", "Adjusted", "Adjusted", "would_break_promise",
               "would_break_promise", "Adjusted"});
    table.row("move here", TransferIn{cup, main_house, Quantity::of(3), move},
              {"Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted", "Adjusted"});
    table.row(
        "allow one backorder", set_policy(0, 1, 0),
        {"PolicySet", "PolicySet", "PolicySet", "PolicySet", "would_break_promise", "PolicySet"});
    table.row("warn at six", set_policy(0, 5, 6),
              {"PolicySet, RanLow", "PolicySet", "PolicySet, RanLow", "PolicySet, RanLow",
               "PolicySet, RanLow", "PolicySet"});
    table.row("reserve three more", reserve(2, 3),
              {"insufficient_stock", "Reserved", "Reserved", "insufficient_stock", "plan_outdated",
               "Reserved"});
    table.row("reserve the same", reserve(1, 4),
              {"insufficient_stock", "Reserved", "=", "=", "already_reserved", "Reserved"});
    table.row("reserve nothing", reserve(2, 0),
              {"bad_quantity", "bad_quantity", "bad_quantity", "bad_quantity", "bad_quantity",
               "bad_quantity"});
    table.row("release", Release{reservation(1)},
              {"=", "=", "Released", "Released", "Released", "="});
    table.row("keep two", Release{reservation(1), Count(2)},
              {"=", "=", "Released", "Released", "Released", "="});
    table.row("expire", Expire{reservation(1)},
              {"=", "=", "Released", "Released", "Released", "="});
    table.row("issue all", issue(1, 4),
              {"unknown_location", "reservation_closed", "Issued", "Issued", "Issued",
               "reservation_closed"});
    table.row("issue too many", issue(1, 5),
              {"unknown_location", "reservation_closed", "exceeds_reserved", "exceeds_reserved",
               "exceeds_reserved", "reservation_closed"});
    table.row("issue a part", issue(1, 1),
              {"unknown_location", "reservation_closed", "Issued", "Issued", "Issued",
               "reservation_closed"});
    table.row("restock", Restock{OrderId(), ReturnId(), Quantity::of(2)},
              {"Restocked", "Restocked", "Restocked", "Restocked", "Restocked", "Restocked"},
              Repeat::counts_again);
    table.row("fill backorders", FillBackorders{}, {"=", "=", "=", "=", "=", "="});
}

TEST(Stock, units_are_reserved_from_the_shelf_first_and_then_beyond_it) {
    auto const shelf = given<Decider>(received(3), policy(0, 5, 0));
    EXPECT_EQ(offer(shelf.state()), (Offer{Count(3), Count(5)}));
    shelf.when(reserve(1, 3, 2)).then(promised(1, 3, 2));
    shelf.when(reserve(1, 2, 3)).then_rejected(Rejection::plan_outdated);
    shelf.when(reserve(1, 3, 6)).then_rejected(Rejection::insufficient_stock);
}

TEST(Stock, safety_stock_is_not_sold) {
    auto const shelf = given<Decider>(received(3), policy(2, 0, 0));
    EXPECT_EQ(offer(shelf.state()), (Offer{Count(1), Count(0)}));
    shelf.when(reserve(1, 2)).then_rejected(Rejection::insufficient_stock);
    shelf.when(reserve(1, 1)).then(promised(1, 1));
}

TEST(Stock, of_two_buyers_of_the_last_unit_one_wins) {
    auto const last = given<Decider>(received(1));
    auto const after = last.when(reserve(1, 1)).then(promised(1, 1)).state();
    Given(after).when(reserve(2, 1)).then_rejected(Rejection::insufficient_stock);
}

TEST(Stock, the_shop_warns_once_when_little_is_left) {
    auto const shelf = given<Decider>(received(10), policy(0, 0, 4));
    shelf.when(reserve(1, 5)).then(promised(1, 5));
    auto const low =
        shelf.when(reserve(1, 6)).then(promised(1, 6), RanLow{cup, main_house, 4}).state();
    Given(low).when(reserve(2, 1)).then(promised(2, 1));
    shelf.when(adjust(-7)).then(adjusted(-7), RanLow{cup, main_house, 3});
    given<Decider>(received(10)).when(reserve(1, 10)).then(promised(1, 10));
}

TEST(Stock, what_comes_in_goes_to_whoever_waits_longest) {
    auto const waiting =
        given<Decider>(received(1), policy(0, 9, 0), promised(5, 1, 2), promised(3, 0, 3));
    waiting.when(receive(1)).then(received(1, {fill(5, 1)}));
    waiting.when(receive(4)).then(received(4, {fill(5, 2), fill(3, 2)}));
    waiting.when(adjust(2)).then(adjusted(2, {fill(5, 2)}));
    waiting.when(Restock{OrderId(), ReturnId(), Quantity::of(1)})
        .then(Restocked{
            OrderId(), ReturnId(), Quantity::of(1), ItemCondition::restock, {fill(5, 1)}});
    waiting.when(Release{reservation(5)})
        .then(Released{reservation(5), Count(1), Count(2), {fill(3, 1)}});
    waiting.when(set_policy(0, 9, 1)).then(policy(0, 9, 1), RanLow{cup, main_house, 0});
}

TEST(Stock, less_safety_stock_fills_backorders_too) {
    auto const waiting = given<Decider>(received(3), policy(3, 9, 0), promised(1, 0, 2));
    waiting.when(set_policy(0, 9, 0)).then(policy(0, 9, 0), BackordersFilled{{fill(1, 2)}});
}

TEST(Stock, one_append_fills_thirty_backorders_and_the_next_command_the_rest) {
    std::vector<Event> history{policy(0, 100, 0)};
    for (std::uint64_t n = 1; n <= 50; ++n)
        history.emplace_back(promised(n, 0, 1));
    auto const came = given<Decider>(history).when(receive(35));
    EXPECT_EQ(came.fact<Received>().fills.size(), fills_max);
    auto const state = came.state();
    EXPECT_TRUE(has_fillable_backorders(state));
    EXPECT_EQ(offer(state).on_shelf, Count(0)) << "older backorders come before new buyers";
    auto const rest = Given(state).when(FillBackorders{});
    rest.then(BackordersFilled{{fill(31, 1), fill(32, 1), fill(33, 1), fill(34, 1), fill(35, 1)}});
    EXPECT_FALSE(has_fillable_backorders(rest.state()));
}

TEST(Stock, damaged_goods_come_back_and_do_not_go_on_the_shelf) {
    auto const shelf = given<Decider>(received(1));
    auto const after =
        shelf.when(Restock{OrderId(), ReturnId(), Quantity::of(2), ItemCondition::damaged})
            .then(Restocked{OrderId(), ReturnId(), Quantity::of(2), ItemCondition::damaged})
            .state();
    EXPECT_EQ(offer(after).on_shelf, Count(1));
}

TEST(Stock, a_release_to_a_level_gives_up_backordered_units_first) {
    auto const waiting = given<Decider>(received(4), policy(0, 5, 0), promised(1, 4, 2));
    waiting.when(Release{reservation(1), Count(5)})
        .then(Released{reservation(1), Count(0), Count(1), {}});
    waiting.when(Release{reservation(1), Count(3)})
        .then(Released{reservation(1), Count(1), Count(2), {}});
    waiting.when(Release{reservation(1), Count(6)}).then_nothing();
}

TEST(Stock, one_parcel_takes_its_units_once) {
    auto const half = given<Decider>(received(4), promised(1, 4),
                                     Issued{reservation(1), parcel(1), Quantity::of(2)});
    half.when(issue(1, 2, 1)).then_nothing();
    half.when(issue(1, 2, 2)).then(Issued{reservation(1), parcel(2), Quantity::of(2)});
    half.when(issue(1, 3, 2)).then_rejected(Rejection::exceeds_reserved);
}

TEST(Stock, a_count_names_itself_and_the_difference) {
    given<Decider>(received(4))
        .when(CountShelf{cup, main_house, Count(3), "spring"})
        .then(Adjusted{cup,
                       main_house,
                       Delta::create(-1).value(),
                       AdjustReason::counted,
                       {},
                       "spring",
                       Count(3)});
}

TEST(Stock, a_shelf_has_an_end) {
    State full = given<Decider>(received(1)).state();
    std::get<Item>(full).on_hand = Count(units_max);
    Given(full).when(receive(1)).then_rejected(Rejection::out_of_range);
    Given(full).when(adjust(1)).then_rejected(Rejection::out_of_range);
    Given(full)
        .when(Restock{OrderId(), ReturnId(), Quantity::of(1)})
        .then_rejected(Rejection::out_of_range);
    Given(full).when(CountShelf{cup, main_house, Count(1)}).then_rejected(Rejection::out_of_range);
    given<Decider>().when(set_policy(units_max + 1, 0, 0)).then_rejected(Rejection::out_of_range);
}

} // namespace
} // namespace kontor::stock
