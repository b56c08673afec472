#include "tests/contract/over_a_store.hpp"

#include "adapters/faulty/event_store.hpp"
#include "adapters/memory/event_store.hpp"

namespace kontor::contract {
namespace {

class OverMemory final : public OverAStore {
public:
    OverMemory() { open(); }

private:
    ports::EventStore& store() override { return store_; }
    memory::EventStore store_{clock_};
};

class FromCheckpoints final : public OverAStore {
public:
    FromCheckpoints() { open(); }

private:
    ports::EventStore& store() override { return store_; }
    bool keeps_checkpoints() const override { return true; }
    memory::EventStore store_{clock_};
};

/// A store that is often full, and slow to say what is durable.
class OverFaulty final : public OverAStore {
public:
    OverFaulty() { open(); }

private:
    ports::EventStore& store() override { return faulty_; }
    memory::EventStore store_{clock_};
    faulty::EventStore faulty_{store_, {.append_full = 300, .durable_held = 300}, 42};
};

[[maybe_unused]] bool const over_memory =
    queue_contract("journaled over memory", [] { return std::make_unique<OverMemory>(); });
[[maybe_unused]] bool const from_checkpoints = queue_contract(
    "journaled from checkpoints", [] { return std::make_unique<FromCheckpoints>(); });
[[maybe_unused]] bool const over_faulty =
    queue_contract("journaled over faulty", [] { return std::make_unique<OverFaulty>(); });

} // namespace
} // namespace kontor::contract
