#include "domain/customer/decide.hpp"

namespace kontor::customer {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

template <class Fact>
Fact describe(CustomerId id, Profile const& profile) {
    return {id,
            profile.guest,
            profile.country,
            profile.email,
            profile.addresses,
            profile.channels,
            profile.name,
            profile.phone};
}

} // namespace

Decision decide(State const& state, Register const& command, Context const&) {
    if (std::holds_alternative<Forgotten>(state))
        return unexpected(Rejection::customer_erased);
    if (auto const* const known = std::get_if<Active>(&state)) {
        if (known->profile != command.profile)
            return unexpected(Rejection::customer_exists);
        return nothing_happens();
    }
    return facts<Event>(describe<Registered>(command.customer_id, command.profile));
}

Decision decide(State const& state, Change const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_customer);
    auto const* const known = std::get_if<Active>(&state);
    if (known == nullptr)
        return unexpected(Rejection::customer_erased);
    if (known->profile == command.profile)
        return nothing_happens();
    return facts<Event>(describe<Changed>(command.customer_id, command.profile));
}

Decision decide(State const& state, Erase const& command, Context const&) {
    if (std::holds_alternative<Nothing>(state) && !command.has_ordered)
        return unexpected(Rejection::unknown_customer);
    if (std::holds_alternative<Forgotten>(state))
        return nothing_happens();
    if (command.open_orders > 0)
        return unexpected(Rejection::open_orders);
    if (command.open_disputes > 0)
        return unexpected(Rejection::open_dispute);
    return facts<Event>(customer::Erased{command.customer_id, command.reason});
}

} // namespace kontor::customer
