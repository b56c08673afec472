#include "tests/contract/queue_contract.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/secret_dice.hpp"

#include "adapters/memory/queues.hpp"

namespace kontor::contract {
namespace {

class MemoryQueues final : public QueuesUnderTest {
public:
    ports::Queue& queue() override { return queues_.queue(); }
    ports::QueueAdmin& admin() override { return queues_.admin(); }
    ports::MoveTasks& moves() override { return queues_.moves(); }
    ports::DeadLetters& letters() override { return queues_.letters(); }
    ports::QueueProgress& progress() override { return queues_.progress(); }
    void pass(Duration time) override { clock_.pass(time); }
    Instant now() override { return clock_.now(); }
    void work() override {
        while (queues_.agent().do_work({100})->items > 0) {
        }
    }
    bool is_whole() override { return queues_.is_whole(); }

private:
    testing::HandClock clock_;
    testing::SecretDice secrets_;
    memory::Queues queues_{clock_, secrets_};
};

[[maybe_unused]] bool const registered =
    queue_contract("memory", [] { return std::make_unique<MemoryQueues>(); });

} // namespace
} // namespace kontor::contract
