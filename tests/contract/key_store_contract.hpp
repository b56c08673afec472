#pragma once

/// What every store of keys must do, as a function of a factory: each adapter runs the same
/// sentences.

#include "ports/key_store.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

/// A store under test with all it needs to live.
class KeyStoreUnderTest {
public:
    virtual ~KeyStoreUnderTest() = default;
    virtual ports::KeyStore& keys() = 0;
    /// Opens the store again on what it kept, as after the death of the process.
    virtual void reopen() = 0;
    /// Everything its files hold. Empty: it has none.
    virtual std::string all_bytes() = 0;
};

using MakeKeyStore = std::function<std::unique_ptr<KeyStoreUnderTest>()>;

/// Registers the suite `KeyStoreContract/<name>`.
bool key_store_contract(std::string const& name, MakeKeyStore make);

} // namespace kontor::contract
