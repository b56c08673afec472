#include "adapters/memory/messaging/event_bus.hpp"
#include "adapters/memory/messaging/topic_board.hpp"
#include "tests/contract/event_bus_contract.hpp"
#include "tests/contract/topic_contract.hpp"
#include "tests/support/hand_clock.hpp"
#include "tests/support/seed.hpp"

#include <algorithm>
#include <map>

namespace kontor::contract {
namespace {

/// Queues that keep what came, each behind a door.
class Queues {
public:
    std::string arn(std::string_view name) const {
        return ports::Arn{"sqs", {}, std::string(name)}.to_string();
    }
    void set_door(std::string_view queue, DoorState state) { doors_[std::string(queue)] = state; }
    DoorState door(std::string const& queue) { return doors_[queue]; }
    void put(std::string const& arn, Arrived arrived) {
        arrived_[name_in(arn)].push_back(std::move(arrived));
    }
    std::vector<Arrived> take(std::string_view queue) {
        return std::exchange(arrived_[std::string(queue)], {});
    }
    static std::string name_in(std::string const& arn) { return arn.substr(arn.rfind(':') + 1); }

private:
    std::map<std::string, DoorState> doors_;
    std::map<std::string, std::vector<Arrived>> arrived_;
};

constexpr std::size_t at_once = 1'000;

/// Time passes in steps that are short against every wait; in each, all that is due is delivered.
void pass_time(testing::HandClock& clock, Duration time, auto& sender, Queues& queues,
               auto const& door) {
    constexpr Duration step = Duration::milliseconds(250);
    auto const turn = [&] {
        while (sender.deliver(door, at_once) > 0)
            continue;
        for (auto const& letter : sender.take_dead_letters())
            queues.put(letter.queue_arn, {letter.body, letter.attributes});
    };
    turn();
    for (auto left = time; left > Duration{}; left = left - step) {
        clock.pass(std::min(left, step));
        turn();
    }
}

class MemoryBus final : public EventBusUnderTest {
public:
    ports::EventBus& bus() override { return bus_; }
    ports::EventBuses& buses() override { return bus_; }
    ports::EventRules& rules() override { return bus_; }
    ports::EventTargets& targets() override { return bus_; }
    ports::EventArchives& archives() override { return bus_; }
    ports::EventReplays& replays() override { return bus_; }
    ports::ResourceTags& tags() override { return bus_; }
    Instant now() override { return clock_.now(); }

    std::string queue_arn(std::string_view name) override { return queues_.arn(name); }
    void set_door(std::string_view queue, DoorState state) override {
        queues_.set_door(queue, state);
    }
    std::vector<Arrived> take(std::string_view queue) override { return queues_.take(queue); }

    void pass(Duration time) override {
        pass_time(clock_, time, bus_, queues_, [this](auto const& each) { return open(each); });
    }

private:
    std::optional<bus::DeliveryFault> open(bus::Delivery const& delivery) {
        switch (queues_.door(Queues::name_in(delivery.target_arn))) {
        case DoorState::open: queues_.put(delivery.target_arn, {delivery.body}); return {};
        case DoorState::busy: return bus::DeliveryFault::throttled;
        case DoorState::gone: return bus::DeliveryFault::no_resource;
        }
        KONTOR_UNREACHABLE();
    }

    testing::HandClock clock_;
    Queues queues_;
    memory::EventBus bus_{clock_, Random(testing::seed()).fork("bus")};
};

class MemoryTopic final : public TopicUnderTest {
public:
    ports::Topic& topic() override { return board_; }
    ports::Topics& topics() override { return board_; }
    ports::Subscriptions& subscriptions() override { return board_; }

    std::string queue_arn(std::string_view name) override { return queues_.arn(name); }
    void set_door(std::string_view queue, DoorState state) override {
        queues_.set_door(queue, state);
    }
    std::vector<Arrived> take(std::string_view queue) override { return queues_.take(queue); }

    void pass(Duration time) override {
        pass_time(clock_, time, board_, queues_, [this](auto const& each) { return open(each); });
    }

private:
    std::optional<topics::SendFault> open(topics::Notification const& each) {
        topics::Links const links{"https://sns.local/sns/a.pem", "https://sns.local"};
        switch (queues_.door(Queues::name_in(each.endpoint))) {
        case DoorState::open:
            queues_.put(each.endpoint, {body_of(each, links, "c2lnbmF0dXJl"), each.attributes});
            return {};
        case DoorState::busy: return topics::SendFault::passing;
        case DoorState::gone: return topics::SendFault::final_;
        }
        KONTOR_UNREACHABLE();
    }

    testing::HandClock clock_;
    Queues queues_;
    memory::TopicBoard board_{clock_, Random(testing::seed()).fork("topics")};
};

[[maybe_unused]] bool const bus_registered =
    event_bus_contract("memory", [] { return std::make_unique<MemoryBus>(); });
[[maybe_unused]] bool const topic_registered =
    topic_contract("memory", [] { return std::make_unique<MemoryTopic>(); });

} // namespace
} // namespace kontor::contract
