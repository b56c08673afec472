#pragma once

/// MortalKeys: the keys of persons as one process sees them. What a call returned from stands
/// durably in the store beneath, as the real one syncs before it returns; a call that the process
/// dies in was whole or never began.   Thread: one.

#include "tests/simulation/world/lifeline.hpp"

#include "ports/key_store.hpp"

namespace kontor::simulation {

class MortalKeys final : public ports::KeyStore {
public:
    MortalKeys(ports::KeyStore& keys, Lifeline& life) : keys_(keys), life_(life) {}

    Result<ports::KeyCheckpoint> checkpoint() override;
    Result<ports::KeyNumber> add(std::span<ports::WrappedKey const> keys) override;
    Result<std::vector<ports::StoredKey>> free_keys(ports::Limit limit) override;
    Result<std::optional<ports::StoredKey>> find(Id128 person) override;
    Result<std::optional<ports::WrappedKey>> read(ports::KeyNumber number) override;
    Result<std::vector<Id128>> owners_of(ports::AddressMark const& mark,
                                         ports::Limit limit) override;
    Result<void> record(ports::KeyChanges const& changes) override;
    Result<void> rewrap(WrapAnew const& wrap_anew) override;

private:
    ports::KeyStore& keys_;
    Lifeline& life_;
};

} // namespace kontor::simulation
