#include "tests/simulation/world/mortal_keys.hpp"

namespace kontor::simulation {
Result<ports::KeyCheckpoint> MortalKeys::checkpoint() {
    return life_.pass([&] { return keys_.checkpoint(); });
}

Result<ports::KeyNumber> MortalKeys::add(std::span<ports::WrappedKey const> keys) {
    return life_.pass([&] { return keys_.add(keys); });
}

Result<std::vector<ports::StoredKey>> MortalKeys::free_keys(ports::Limit limit) {
    return life_.pass([&] { return keys_.free_keys(limit); });
}

Result<std::optional<ports::StoredKey>> MortalKeys::find(Id128 person) {
    return life_.pass([&] { return keys_.find(person); });
}

Result<std::optional<ports::WrappedKey>> MortalKeys::read(ports::KeyNumber number) {
    return life_.pass([&] { return keys_.read(number); });
}

Result<std::vector<Id128>> MortalKeys::owners_of(ports::AddressMark const& mark,
                                                 ports::Limit limit) {
    return life_.pass([&] { return keys_.owners_of(mark, limit); });
}

Result<void> MortalKeys::record(ports::KeyChanges const& changes) {
    return life_.pass([&] { return keys_.record(changes); });
}

Result<void> MortalKeys::rewrap(WrapAnew const& wrap_anew) {
    return life_.pass([&] { return keys_.rewrap(wrap_anew); });
}

} // namespace kontor::simulation
