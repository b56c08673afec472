#include "domain/fulfilment/fulfilment.hpp"

#include "base/overloaded.hpp"
#include "tests/support/draw.hpp"
#include "tests/support/outcome.hpp"

#include <rapidcheck/gtest.h>

#include <set>

namespace kontor::fulfilment {
namespace {

using testing::between;
using testing::given;
using testing::usual_now;

OrderId const order{Id128(1, 1)};
Location const main_house = Location::parse("main").value();
Carrier const carrier{"demo"};

Line line(std::uint16_t number, std::int64_t units) {
    return {LineNumber(number), Sku::parse("SKU-" + std::to_string(number)).value(),
            Quantity::of(units)};
}
Lines const contents_of_two{line(1, 2), line(2, 1)};
Created const created{order, main_house, contents_of_two, usual_now};
Create const create{order, main_house, contents_of_two, usual_now};
Held const held{order, HoldReason::in_review};
Dispatched const dispatched{order, carrier, {}, contents_of_two};
DeliveryFailed const failed{order, 1, DeliveryReason::nobody_home};
Delivered const delivered{order, usual_now};
ReturnedToSender const returned{order, 2, DeliveryReason::refused};
Cancelled const cancelled{order, HoldReason::order_cancelled};

TEST(Fulfilment, every_command_in_every_situation) {
    testing::Table<Decider> const table{
        {"nothing", Decider::initial()},
        {"created", given<Decider>(created).state()},
        {"held", given<Decider>(created, held).state()},
        {"dispatched", given<Decider>(created, dispatched).state()},
        {"delivery failed", given<Decider>(created, dispatched, failed).state()},
        {"delivered", given<Decider>(created, dispatched, delivered).state()},
        {"returned", given<Decider>(created, dispatched, failed, returned).state()},
        {"cancelled", given<Decider>(created, cancelled).state()}};
    table.row("create", create, {"Created", "=", "=", "=", "=", "=", "=", "="});
    table.row("create another", Create{OrderId(Id128(1, 2)), main_house, {line(3, 1)}, usual_now},
              {"Created", "fulfilment_exists", "fulfilment_exists", "fulfilment_exists",
               "fulfilment_exists", "fulfilment_exists", "fulfilment_exists", "fulfilment_exists"});
    table.row("hold", Hold{HoldReason::in_review},
              {"unknown_fulfilment", "Held", "=", "already_dispatched", "already_dispatched",
               "fulfilment_closed", "fulfilment_closed", "fulfilment_closed"});
    table.row("resume", Resume{HoldReason::in_review},
              {"unknown_fulfilment", "=", "Resumed", "already_dispatched", "already_dispatched",
               "fulfilment_closed", "fulfilment_closed", "fulfilment_closed"});
    table.row("cancel", Cancel{HoldReason::order_cancelled},
              {"unknown_fulfilment", "Cancelled", "Cancelled", "already_dispatched",
               "already_dispatched", "fulfilment_closed", "fulfilment_closed", "="});
    table.row("dispatch", Dispatch{carrier},
              {"unknown_fulfilment", "Dispatched", "on_hold", "=", "Dispatched",
               "fulfilment_closed", "fulfilment_closed", "fulfilment_closed"});
    table.row("deliver", Deliver{usual_now},
              {"unknown_fulfilment", "not_dispatched", "not_dispatched", "Delivered", "Delivered",
               "=", "fulfilment_closed", "fulfilment_closed"});
    table.row("fail for the first time", FailDelivery{1, DeliveryReason::nobody_home},
              {"unknown_fulfilment", "not_dispatched", "not_dispatched", "DeliveryFailed", "=",
               "fulfilment_closed", "fulfilment_closed", "fulfilment_closed"});
    table.row("fail once more", FailDelivery{2, DeliveryReason::nobody_home},
              {"unknown_fulfilment", "not_dispatched", "not_dispatched", "DeliveryFailed",
               "DeliveryFailed", "fulfilment_closed", "fulfilment_closed", "fulfilment_closed"});
    table.row("bring back", ReturnToSender{2, DeliveryReason::refused},
              {"unknown_fulfilment", "not_dispatched", "not_dispatched", "ReturnedToSender",
               "ReturnedToSender", "fulfilment_closed", "=", "fulfilment_closed"});
}

TEST(Fulfilment, a_parcel_held_for_two_reasons_waits_until_both_are_gone) {
    auto const twice = given<Decider>(created, held, Held{order, HoldReason::order_edit},
                                      Resumed{order, HoldReason::in_review});
    twice.when(Dispatch{carrier}).then_rejected(Rejection::on_hold);
    auto const free = twice.when(Resume{HoldReason::order_edit})
                          .then(Resumed{order, HoldReason::order_edit})
                          .state();
    testing::Given<Decider>(free).when(Dispatch{carrier}).then(dispatched);
}

TEST(Fulfilment, a_parcel_holds_no_more_than_the_order_has_open) {
    auto wish = create;
    wish.open = std::vector<LineQuantity>{{LineNumber(1), Quantity::of(2)},
                                          {LineNumber(2), Quantity::of(1)}};
    given<Decider>().when(wish).then(created);
    wish.open = std::vector<LineQuantity>{{LineNumber(1), Quantity::of(2)}};
    given<Decider>().when(wish).then_rejected(Rejection::exceeds_open);
    wish.open = std::vector<LineQuantity>{{LineNumber(1), Quantity::of(1)},
                                          {LineNumber(2), Quantity::of(1)}};
    given<Decider>().when(wish).then_rejected(Rejection::exceeds_open);
}

TEST(Fulfilment, a_parcel_has_lines_each_once_and_at_most_forty_skus) {
    auto wish = create;
    wish.lines = {};
    given<Decider>().when(wish).then_rejected(Rejection::empty_parcel);
    wish.lines = {line(1, 1), line(1, 2)};
    given<Decider>().when(wish).then_rejected(Rejection::empty_parcel);
    wish.lines.clear();
    for (std::uint16_t number = 1; number <= skus_max; ++number)
        wish.lines.push_back(line(number, 1));
    auto same_sku = line(41, 1);
    same_sku.sku = wish.lines.front().sku;
    wish.lines.push_back(same_sku);
    given<Decider>().when(wish).then(Created{order, main_house, wish.lines, usual_now});
    wish.lines.push_back(line(42, 1));
    given<Decider>().when(wish).then_rejected(Rejection::too_many_skus);
}

TEST(Fulfilment, what_is_in_a_parcel_is_known_until_it_arrives) {
    EXPECT_EQ(contents(given<Decider>(created, dispatched, failed).state()), contents_of_two);
    EXPECT_TRUE(contents(given<Decider>(created, cancelled).state()).empty());
}

Command random_command() {
    auto const reason = *rc::gen::element(HoldReason::in_review, HoldReason::order_edit);
    auto const attempt = *between<std::uint16_t>(0, 4);
    switch (*between(0, 9)) {
    case 0: return create;
    case 1: return Hold{reason};
    case 2:
    case 3: return Resume{reason};
    case 4: return Cancel{reason};
    case 5: return FailDelivery{attempt, DeliveryReason::refused};
    case 6: return ReturnToSender{attempt, DeliveryReason::refused};
    case 7: return Deliver{usual_now};
    default: return Dispatch{carrier};
    }
}

// The parcel as its label would show it: one place at a time, one end.
RC_GTEST_PROP(FulfilmentProperty, a_parcel_leaves_unheld_and_ends_once, ()) {
    enum class Place { nowhere, house, road, depot, end };
    auto place = Place::nowhere;
    std::set<HoldReason> holds;
    State state = Decider::initial();
    Context const context{};
    auto const wishes = *between(0, 60);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const command = random_command();
        auto const decision = Decider::decide(state, command, context);
        if (!decision)
            continue;
        for (auto const& event : *decision) {
            RC_ASSERT(place != Place::end);
            std::visit(overloaded{
                           [&](Created const&) {
                               RC_ASSERT(place == Place::nowhere);
                               place = Place::house;
                           },
                           [&](Held const& e) { RC_ASSERT(holds.insert(e.reason).second); },
                           [&](Resumed const& e) { RC_ASSERT(holds.erase(e.reason) == 1u); },
                           [&](Cancelled const&) {
                               RC_ASSERT(place == Place::house);
                               place = Place::end;
                           },
                           [&](Dispatched const&) {
                               RC_ASSERT(holds.empty());
                               RC_ASSERT((place == Place::house || place == Place::depot));
                               place = Place::road;
                           },
                           [&](DeliveryFailed const&) {
                               RC_ASSERT((place == Place::road || place == Place::depot));
                               place = Place::depot;
                           },
                           [&](auto const&) {
                               RC_ASSERT((place == Place::road || place == Place::depot));
                               place = Place::end;
                           },
                       },
                       event);
        }
        state = fold<Decider>(std::move(state), *decision);
        RC_ASSERT(Decider::is_terminal(state) == (place == Place::end));
        auto const again = Decider::decide(state, command, context);
        RC_ASSERT((!again || again->empty()));
    }
}

} // namespace
} // namespace kontor::fulfilment
