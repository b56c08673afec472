/// People whom the shop knows: they register or order as guests, move house, order again, and some
/// ask to be forgotten, often too early, now and then while an order of theirs is on its way to the
/// desk. Whatever is personal of somebody has that one's canary in it.

#include "tests/simulation/checkers/privacy.hpp"
#include "tests/simulation/world/crowd.hpp"

namespace kontor::simulation {
namespace {

using OnCustomer = services::On<services::Customers>;
using OnOrder = services::On<services::Orders>;

constexpr std::uint64_t refusals_max = 12;

Personal<Address> address_of(Id128 person, std::uint64_t number) {
    return Personal<Address>(Address{
        canary_of(person), {std::to_string(number) + " Quay Street"}, "Bristol", "BS1 4DJ"});
}

Personal<Contact> contact_of(Id128 person) {
    return Personal<Contact>(Contact{canary_of(person) + "@example.org"});
}

} // namespace

void Crowd::plan_people() {
    for (auto more = people_dice_.below(5); more > 0; --more) {
        auto const person = CustomerId::mint(clock_.now(), people_dice_);
        people_[person] = {};
        auto const moment = [&](Duration within) {
            return clock_.now() +
                   Duration::microseconds(people_dice_.between(0, within.in_microseconds()));
        };
        if (people_dice_.chance(3, 4))
            at(moment(plan_.load), [this, person] {
                ask(OrderId(), ActorKind::customer,
                    services::Compound{
                        {OnCustomer{person, customer::Register{person, draw_profile(person)}}}});
            });
        for (auto changes = people_dice_.below(3); changes > 0; --changes)
            at(moment(plan_.load + plan_.load), [this, person] {
                ask(OrderId(), ActorKind::customer,
                    services::Compound{
                        {OnCustomer{person, customer::Change{person, draw_profile(person)}}}});
            });
        if (people_dice_.chance(1, 2))
            at(moment(plan_.load + plan_.load), [this, person] { wish_to_be_forgotten(person); });
    }
}

customer::Profile Crowd::draw_profile(CustomerId person) {
    customer::Profile profile{};
    auto const id = person.value();
    profile.country = Country::parse("GB").value();
    auto const number = ++people_[person].changes;
    profile.email =
        Personal<std::string>(canary_of(id) + "@" + std::to_string(number) + ".example.org");
    profile.addresses = {address_of(id, number)};
    if (people_dice_.chance(1, 2))
        profile.name = Personal<std::string>(canary_of(id));
    return profile;
}

/// Some buyers are known, the others are known by their order alone.
void Crowd::describe_buyer(order::Place& wish) {
    if (!people_.empty() && people_dice_.chance(1, 2)) {
        auto const person = std::next(
            people_.begin(), static_cast<std::ptrdiff_t>(people_dice_.below(people_.size())));
        wish.customer_id = person->first;
    }
    auto const id = wish.customer_id ? wish.customer_id->value() : wish.order_id.value();
    orders_[wish.order_id].buyer = wish.customer_id;
    wish.ship_to = address_of(id, 0);
    wish.contact = contact_of(id);
}

void Crowd::move_house(OrderId order) {
    if (!people_dice_.chance(1, 6))
        return;
    auto const after = Duration::seconds(people_dice_.between(0, 7'200));
    at(clock_.now() + after, [this, order] {
        auto const& buyer = orders_[order].buyer;
        auto const id = buyer ? buyer->value() : order.value();
        ask(order, ActorKind::customer,
            services::Compound{
                {OnOrder{order, order::ChangeAddress{address_of(id, 1), std::nullopt}}}});
    });
}

/// The operator finds out what keeps somebody from being forgotten, and does it. What he finds may
/// be old when the desk decides.
void Crowd::wish_to_be_forgotten(CustomerId person) {
    customer::Erase wish{.customer_id = person};
    for (auto const& [id, order] : orders_) {
        if (order.buyer != person || !order.is_placed)
            continue;
        wish.has_ordered = true;
        wish.open_orders += order.has_ended ? 0 : 1;
        wish.open_disputes += order.disputes > 0 ? 1 : 0;
    }
    bool const is_refused = wish.open_orders > 0 || wish.open_disputes > 0;
    ask(OrderId(), ActorKind::operator_, services::Compound{{OnCustomer{person, wish}}});
    if (!is_refused || ++people_[person].refusals > refusals_max)
        return;
    chaos_.reached("person.not_forgotten_yet");
    at(clock_.now() + Duration::hours(people_dice_.between(1, 240)),
       [this, person] { wish_to_be_forgotten(person); });
}

} // namespace kontor::simulation
