#include "tests/simulation/checkers/deliveries.hpp"

namespace kontor::simulation {

void DeliveriesChecker::see(Fact const& fact) {
    auto const* const of_stock = std::get_if<stock::Event>(&fact.content);
    auto const* const received =
        of_stock != nullptr ? std::get_if<stock::Received>(of_stock) : nullptr;
    if (received == nullptr)
        return;
    auto const found = units_.find(received->reference);
    if (found == units_.end())
        return; // somebody else's
    if (received->quantity.value() != found->second)
        verdict_.fail("I4", "a delivery is on the shelf with other units: " + found->first);
    if (!booked_.insert(found->first).second)
        verdict_.fail("I4", "a delivery is on the shelf twice: " + found->first);
}

void DeliveriesChecker::at_rest() {
    for (auto const& reference : must_come_)
        if (!booked_.contains(reference))
            verdict_.fail("I4", "a delivery was accepted and is not on the shelf: " + reference);
}

} // namespace kontor::simulation
