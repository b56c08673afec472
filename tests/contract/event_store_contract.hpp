#pragma once

/// What every EventStore must do, as a function of a factory: each adapter runs the same sentences.
///
///   bool const registered = event_store_contract("memory", [] { return std::make_unique<…>(); });

#include "ports/event_store.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

/// A store under test with all it needs to live.
class StoreUnderTest {
public:
    virtual ~StoreUnderTest() = default;
    virtual ports::EventStore& store() = 0;
    /// Makes what was accepted durable; a store with a writer of its own runs it here.
    virtual void settle() {}
    /// Lets time pass.
    virtual void pass(Duration time) = 0;
    /// Closes the store and opens it again on what it kept. False: it keeps nothing.
    virtual bool reopen() { return false; }
};

using MakeStore = std::function<std::unique_ptr<StoreUnderTest>()>;

/// Registers the suite `EventStoreContract/<name>`.
bool event_store_contract(std::string const& name, MakeStore make);

} // namespace kontor::contract
