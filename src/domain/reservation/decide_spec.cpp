#include "domain/reservation/reservation.hpp"

#include "tests/support/outcome.hpp"

namespace kontor::reservation {
namespace {

using testing::given;
using testing::usual_now;

OrderId const order{Id128(1, 1)};
OrderId const another_order{Id128(1, 2)};
Location const main_house = Location::parse("main").value();
Instant const due = usual_now;

Item item(std::string_view sku, std::int64_t reserved, std::int64_t backordered = 0) {
    return {Sku::parse(sku).value(), main_house, Count(reserved), Count(backordered)};
}
Items const two_cups{item("CUP", 2)};
Items const a_plate{item("PLATE", 1)};

Held held(std::uint16_t part = 1, std::uint16_t parts = 1) {
    return {order, 1, two_cups, due, part, parts};
}
Hold hold(std::uint16_t part = 1, std::uint16_t parts = 1) {
    return {order, 1, two_cups, due, part, parts};
}
Rejected const rejected{order, 1, {{Sku::parse("CUP").value(), Count(2), Count(1)}}};

testing::Table<Decider> table_at(Instant now) {
    return {{{"nothing", Decider::initial()},
             {"held", given<Decider>(held()).state()},
             {"held in part", given<Decider>(held(1, 2)).state()},
             {"confirmed", given<Decider>(held(), Confirmed{order}).state()},
             {"rejected", given<Decider>(rejected).state()},
             {"released", given<Decider>(held(), Released{order, two_cups}).state()},
             {"expired", given<Decider>(held(), Expired{order, two_cups}).state()}},
            now};
}

TEST(Reservation, every_command_in_every_situation) {
    auto const table = table_at(due);
    table.row(
        "hold", hold(),
        {"Held", "=", "=", "=", "reservation_closed", "reservation_closed", "reservation_closed"});
    table.row("hold the second part", hold(2, 2),
              {"part_missing", "part_missing", "item_named_twice", "=", "reservation_closed",
               "reservation_closed", "reservation_closed"});
    table.row("hold the second part of other units", Hold{order, 1, a_plate, due, 2, 2},
              {"part_missing", "part_missing", "Held", "=", "reservation_closed",
               "reservation_closed", "reservation_closed"});
    table.row("hold nothing", Hold{order, 1, {}, due},
              {"nothing_to_hold", "nothing_to_hold", "nothing_to_hold", "nothing_to_hold",
               "nothing_to_hold", "nothing_to_hold", "nothing_to_hold"});
    table.row("hold for another order", Hold{another_order, 1, two_cups, due},
              {"Held", "other_order", "other_order", "=", "reservation_closed",
               "reservation_closed", "reservation_closed"});
    table.row("reject", RejectHold{order, 1, rejected.shortages},
              {"Rejected", "already_held", "already_held", "already_held", "=",
               "reservation_closed", "reservation_closed"});
    table.row("extend", Extend{due + Duration::minutes(30)},
              {"unknown_reservation", "Extended", "Extended", "=", "reservation_closed",
               "reservation_closed", "reservation_closed"});
    table.row("confirm", Confirm{order},
              {"unknown_reservation", "Confirmed", "part_missing", "=", "reservation_closed",
               "reservation_closed", "reservation_closed"});
    table.row("confirm another order", Confirm{another_order},
              {"unknown_reservation", "other_order", "other_order", "other_order",
               "reservation_closed", "reservation_closed", "reservation_closed"});
    table.row("release", Release{order, two_cups},
              {"Released", "Released", "Released", "Released", "=", "=", "="});
    table.row("expire", Expire{order, two_cups},
              {"Released", "Expired", "Expired", "=", "=", "=", "="});
    table.row("fill what is not backordered", Fill{two_cups},
              {"unknown_reservation", "=", "=", "=", "reservation_closed", "reservation_closed",
               "reservation_closed"});
    table.row("fill what was never promised", Fill{a_plate},
              {"unknown_reservation", "not_backordered", "not_backordered", "not_backordered",
               "reservation_closed", "reservation_closed", "reservation_closed"});
}

TEST(Reservation, a_hold_does_not_expire_before_its_time) {
    auto const table = table_at(due - Duration::microseconds(1));
    table.row("expire", Expire{order, two_cups},
              {"Released", "too_early", "too_early", "=", "=", "=", "="});
}

TEST(Reservation, a_release_that_comes_before_the_hold_is_remembered) {
    given<Decider>(Released{order, {}}).when(hold()).then_rejected(Rejection::reservation_closed);
    given<Decider>()
        .when(Expire{order, {}})
        .then(Released{order, {}, ReleaseReason::order_expired});
}

TEST(Reservation, a_hold_is_extended_once) {
    auto const longer = due + Duration::minutes(30);
    auto const extended = given<Decider>(held(), Extended{longer});
    extended.when(Extend{longer}).then_nothing();
    extended.when(Extend{longer + Duration::minutes(1)}).then_rejected(Rejection::already_extended);
    given<Decider>(held()).when(Extend{due}).then_nothing();
}

TEST(Reservation, an_extended_hold_expires_at_its_new_time) {
    auto const longer = due + Duration::minutes(30);
    auto extended = given<Decider>(held(), Extended{longer});
    extended.at(due).when(Expire{order, two_cups}).then_rejected(Rejection::too_early);
    extended.at(longer).when(Expire{order, two_cups}).then(Expired{order, two_cups});
}

TEST(Reservation, parts_add_up_and_are_confirmed_when_all_are_held) {
    Held const second{order, 1, a_plate, due, 2, 2};
    auto const whole = given<Decider>(held(1, 2), second);
    EXPECT_EQ(promised_items(whole.state()), (Items{two_cups[0], a_plate[0]}));
    whole.when(Confirm{order}).then(Confirmed{order});
    given<Decider>(held(1, 3)).when(hold(3, 3)).then_rejected(Rejection::part_missing);
    given<Decider>(held(1, 2)).when(hold(2, 3)).then_rejected(Rejection::part_missing);
}

TEST(Reservation, a_promise_is_made_once_for_each_item) {
    given<Decider>()
        .when(Hold{order, 1, {item("CUP", 1), item("CUP", 2)}, due})
        .then_rejected(Rejection::item_named_twice);
    given<Decider>(held(1, 2)).when(hold(2, 2)).then_rejected(Rejection::item_named_twice);
    given<Decider>(Held{order, 1, {item("CUP", 1, 3)}, due})
        .when(Fill{{item("CUP", 2, 2), item("CUP", 3, 1)}})
        .then_rejected(Rejection::item_named_twice);
}

TEST(Reservation, backordered_units_come_in_and_stay_promised) {
    Held const waiting{order, 1, {item("CUP", 1, 3), item("PLATE", 0, 1)}, due};
    auto const confirmed = given<Decider>(waiting, Confirmed{order});
    auto const after =
        confirmed.when(Fill{{item("CUP", 3, 1)}}).then(Filled{order, {item("CUP", 3, 1)}}).state();
    EXPECT_EQ(promised_items(after), (Items{item("CUP", 3, 1), item("PLATE", 0, 1)}));
    confirmed.when(Fill{{item("CUP", 4, 1)}}).then_rejected(Rejection::not_backordered);
    confirmed.when(Fill{{item("CUP", 0, 4)}}).then_rejected(Rejection::not_backordered);
    given<Decider>(waiting)
        .when(Fill{{item("PLATE", 1, 0)}})
        .then(Filled{order, {item("PLATE", 1, 0)}});
}

TEST(Reservation, ends_when_it_is_refused_or_given_back) {
    EXPECT_FALSE(Decider::is_terminal(given<Decider>(held(), Confirmed{order}).state()));
    EXPECT_TRUE(Decider::is_terminal(given<Decider>(rejected).state()));
    EXPECT_TRUE(Decider::is_terminal(given<Decider>(Released{order, {}}).state()));
    EXPECT_TRUE(promised_items(given<Decider>(rejected).state()).empty());
}

} // namespace
} // namespace kontor::reservation
