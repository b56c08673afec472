#include "domain/customer/state.hpp"

#include "base/assert.hpp"

namespace kontor::customer {

namespace {

template <class Fact>
Active active(Fact const& fact) {
    return {{fact.guest, fact.country, fact.email, fact.addresses, fact.channels, fact.name,
             fact.phone}};
}

} // namespace

State initial() {
    return Nothing{};
}

bool is_terminal(State const& state) {
    return std::holds_alternative<Forgotten>(state);
}

State evolve([[maybe_unused]] State state, Registered const& event) {
    KONTOR_ASSERT(std::holds_alternative<Nothing>(state), "registered twice");
    return active(event);
}

State evolve([[maybe_unused]] State state, Changed const& event) {
    KONTOR_ASSERT(std::holds_alternative<Active>(state), "nobody is there to change");
    return active(event);
}

State evolve([[maybe_unused]] State state, customer::Erased const&) {
    KONTOR_ASSERT(!std::holds_alternative<Forgotten>(state), "forgotten twice");
    return Forgotten{};
}

} // namespace kontor::customer
