#pragma once

/// memory::KeyStore: keys as long as the process lives: for specs and the simulator.

#include "ports/key_store.hpp"

#include <map>
#include <mutex>

namespace kontor::memory {

class KeyStore final : public ports::KeyStore {
public:
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
    struct Key {
        std::optional<ports::WrappedKey> wrapped;
        bool is_free{true};
    };
    void own(ports::KeyOwner const& owner);
    void forget(Id128 person);

    std::mutex mutex_; ///< guards what follows
    std::map<ports::KeyNumber, Key> keys_;
    std::map<Id128, ports::KeyNumber> owners_;
    std::map<Id128, ports::AddressMark> addresses_;
    ports::KeyCheckpoint checkpoint_;
};

} // namespace kontor::memory
