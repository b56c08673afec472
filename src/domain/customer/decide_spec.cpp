#include "domain/customer/customer.hpp"

#include "tests/support/draw.hpp"
#include "tests/support/outcome.hpp"

#include <rapidcheck/gtest.h>

namespace kontor::customer {
namespace {

using testing::between;
using testing::given;

CustomerId const ada{Id128(1, 1)};
Country const uk = Country::parse("GB").value();
Country const ireland = Country::parse("IE").value();

Profile profile(Country country = uk) {
    return {.guest = false,
            .country = country,
            .email = Personal<std::string>("ada@example.org"),
            .channels = {{Topic("order"), {Channel::email}}}};
}
Registered registered() {
    auto const of = profile();
    return {ada, of.guest, of.country, of.email, of.addresses, of.channels, of.name, of.phone};
}
Changed changed() {
    auto const of = profile(ireland);
    return {ada, of.guest, of.country, of.email, of.addresses, of.channels, of.name, of.phone};
}
customer::Erased const erased{ada, EraseReason::requested};

TEST(Customer, every_command_in_every_situation) {
    testing::Table<Decider> const table{
        {"nothing", Decider::initial()},
        {"registered", given<Decider>(registered()).state()},
        {"changed", given<Decider>(registered(), changed()).state()},
        {"erased", given<Decider>(registered(), erased).state()}};
    table.row("register", Register{ada, profile()},
              {"Registered", "=", "customer_exists", "customer_erased"});
    table.row("move to Ireland", Change{ada, profile(ireland)},
              {"unknown_customer", "Changed", "=", "customer_erased"});
    table.row("erase", Erase{ada}, {"unknown_customer", "Erased", "Erased", "="});
    table.row("erase who has ordered", Erase{ada, EraseReason::requested, 0, 0, true},
              {"Erased", "Erased", "Erased", "="});
    table.row("erase a guest with open orders", Erase{ada, EraseReason::requested, 1, 0, true},
              {"open_orders", "open_orders", "open_orders", "="});
    table.row("erase with open orders", Erase{ada, EraseReason::requested, 1, 0},
              {"unknown_customer", "open_orders", "open_orders", "="});
    table.row("erase with an open dispute", Erase{ada, EraseReason::requested, 0, 1},
              {"unknown_customer", "open_dispute", "open_dispute", "="});
}

TEST(Customer, facts_carry_the_whole_profile) {
    given<Decider>().when(Register{ada, profile()}).then(registered());
    given<Decider>(registered()).when(Change{ada, profile(ireland)}).then(changed());
}

TEST(Customer, nothing_of_an_erased_person_is_left) {
    auto const state = given<Decider>(registered(), erased).state();
    EXPECT_EQ(state, State(Forgotten{}));
    EXPECT_TRUE(Decider::is_terminal(state));
}

RC_GTEST_PROP(CustomerProperty, nobody_comes_back_after_being_erased, ()) {
    State state = Decider::initial();
    bool is_erased = false;
    auto const wishes = *between(0, 40);
    for (int wish = 0; wish < wishes; ++wish) {
        auto const country = *rc::gen::element(uk, ireland);
        auto const open = *between<std::uint32_t>(0, 2);
        auto const command = *rc::gen::element<Command>(
            Register{ada, profile(country)}, Change{ada, profile(country)},
            Change{ada, profile(country)}, Erase{ada, EraseReason::requested, open, open});
        auto const decision = Decider::decide(state, command, Context{});
        if (!decision)
            continue;
        for (auto const& event : *decision) {
            RC_ASSERT(!is_erased);
            is_erased = std::holds_alternative<customer::Erased>(event);
            RC_ASSERT((!is_erased || open == 0));
        }
        state = fold<Decider>(std::move(state), *decision);
        auto const again = Decider::decide(state, command, Context{});
        RC_ASSERT((!again || again->empty()));
    }
}

} // namespace
} // namespace kontor::customer
