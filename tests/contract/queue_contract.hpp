#pragma once

/// What all queues must do, as a function of a factory: every adapter runs the same sentences. What
/// a backend cannot promise is a capability, and its cases are skipped by name.
/// Source: MESSAGING section 6.

#include "ports/dead_letters.hpp"
#include "ports/queue_admin.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

/// Queues under test with all they need to live.
class QueuesUnderTest {
public:
    virtual ~QueuesUnderTest() = default;
    virtual ports::Queue& queue() = 0;
    virtual ports::QueueAdmin& admin() = 0;
    virtual ports::MoveTasks& moves() = 0;
    virtual ports::DeadLetters& letters() = 0;
    virtual ports::QueueProgress& progress() = 0;
    /// Lets time pass.
    virtual void pass(Duration time) = 0;
    virtual Instant now() = 0;
    /// Whatever works in the background does so, until nothing is left to do and all is durable.
    virtual void work() = 0;
    /// Counts and messages agree, as far as the adapter can look.
    virtual bool is_whole() = 0;

    virtual bool survives() const { return false; }
    /// The process dies without a word, and another one opens what became durable.
    /// Requires: survives().
    virtual void crash() {}
};

using MakeQueues = std::function<std::unique_ptr<QueuesUnderTest>()>;

/// Registers the suite `QueueContract/<name>`.
bool queue_contract(std::string const& name, MakeQueues make);

} // namespace kontor::contract
