#include "tests/contract/event_store_contract.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/memory/event_store.hpp"

namespace kontor::contract {
namespace {

class MemoryStore final : public StoreUnderTest {
public:
    ports::EventStore& store() override { return store_; }
    void pass(Duration time) override { clock_.pass(time); }

private:
    testing::HandClock clock_;
    memory::EventStore store_{clock_};
};

[[maybe_unused]] bool const registered =
    event_store_contract("memory", [] { return std::make_unique<MemoryStore>(); });

} // namespace
} // namespace kontor::contract
