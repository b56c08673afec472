#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/wire.hpp"
#include "adapters/curl/safe_sender.hpp"
#include "adapters/http/edge.hpp"
#include "adapters/memory/event_store.hpp"
#include "platform/messaging/hosting/declared_queues.hpp"
#include "platform/messaging/router/courier.hpp"
#include "platform/messaging/router/wiring.hpp"
#include "platform/messaging/topics/signing_key.hpp"
#include "runtime/runner.hpp"
#include "runtime/system_clock.hpp"
#include "tests/support/secret_dice.hpp"
#include "topology/shop.hpp"

#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

/// topics_alone PORT: the AWS endpoint with queues, bus and topics over a log in RAM, and a courier
/// that calls this machine too, for clients that nobody here wrote. Any key is taken. It drains on
/// SIGTERM and SIGINT.

namespace {

namespace aws_wire = kontor::aws_wire;
namespace curl = kontor::curl;
namespace hosting = kontor::hosting;
namespace http = kontor::http;
namespace memory = kontor::memory;
namespace reach = kontor::reach;
namespace router = kontor::router;
namespace services = kontor::services;
namespace testing = kontor::testing;
namespace topics = kontor::topics;
namespace topology = kontor::topology;
using kontor::Agent;
using kontor::Failure;
using kontor::FailureKind;
using kontor::IdleStrategy;
using kontor::Random;
using kontor::Result;
using kontor::Runner;
using kontor::SystemClock;
using kontor::unexpected;
using kontor::WorkBudget;
using kontor::WorkDone;

http::Edge* running = nullptr;

void drain(int) {
    running->drain();
}

void wake() {
    if (running != nullptr)
        running->wake();
}

/// One thread for all that reads and writes the log.
class Work final : public Agent {
public:
    Work(hosting::JournaledQueues& queues, router::Router& router, router::Courier& courier)
        : agents_{&queues, &router, &courier} {}
    std::string_view name() const override { return "work"; }
    Result<WorkDone> do_work(WorkBudget budget) override {
        WorkDone all{0};
        for (auto* const agent : agents_) {
            KONTOR_TRY(auto const done, agent->do_work(budget));
            all.items += done.items;
        }
        return all;
    }

private:
    std::array<Agent*, 3> agents_;
};

bool wait_a_little(std::size_t turns) {
    constexpr std::size_t turns_max = 10'000;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return turns < turns_max;
}

void say(Failure const& failure) {
    std::cerr << to_string(failure) << "\n";
}

Result<void> serve(std::uint16_t port) {
    SystemClock clock;
    testing::SecretDice secrets;
    memory::EventStore store(clock);
    hosting::JournaledQueues queues(store, clock, secrets);
    KONTOR_TRY(queues.recover());
    if (!hosting::declare_queues(queues.admin(), topology::shop))
        return unexpected(Failure{FailureKind::invalid, "the topology's queues cannot be made"});
    KONTOR_TRY(auto const key, topics::SigningKey::make(clock.now()));
    router::RouterOptions options;
    options.reach = reach::Reach::loopback_too;
    options.signing.sign = [&](std::string_view text, std::uint32_t version) {
        return key.sign(text, version);
    };
    router::Router bus(store, queues, clock, topology::shop, options);
    KONTOR_TRY(bus.recover());
    router::Wiring wiring(bus, queues, clock, Random(1), wait_a_little);
    KONTOR_TRY(auto const sender,
               curl::SafeSender::open(clock, {.reach = options.reach,
                                              .at_once_max = router::web_calls_max,
                                              .within = router::web_answer_within}));
    router::Courier courier({bus, queues, *sender, clock});
    aws_wire::Wire wire({{queues.queue(), queues.admin(), queues.moves()},
                         queues.progress(),
                         aws_wire::KeyBook(aws_wire::UnknownKeys::taken),
                         clock,
                         Random(1),
                         {},
                         {},
                         wake,
                         aws_wire::BusDoors{wiring, wiring, wiring, wiring, wiring, wiring, wiring},
                         aws_wire::TopicDoors{wiring, wiring, wiring, wiring},
                         {key.path(), key.certificate()}});
    http::EdgeOptions edge;
    edge.listeners = {{services::Listener::aws}};
    edge.listeners[0].body_bytes_max = aws_wire::request_bytes_max;
    edge.listeners[0].port = port;
    KONTOR_TRY(auto const opened, http::Edge::open(edge, wire, clock));
    running = opened.get();
    auto const listens = running->port(services::Listener::aws);
    auto const url = "http://127.0.0.1:" + std::to_string(listens);
    bus.office().link_to({url + key.path(), url});
    std::signal(SIGTERM, drain);
    std::signal(SIGINT, drain);
    std::cout << listens << std::endl;
    Work work(queues, bus, courier);
    Runner const worker(work, {}, say);
    std::vector<std::unique_ptr<Runner>> workers_of_lane;
    for (auto& each : wire.workers())
        workers_of_lane.push_back(std::make_unique<Runner>(each, IdleStrategy{1}, say));
    auto ran = running->run();
    running = nullptr;
    return ran;
}

} // namespace

int main(int argc, char** argv) {
    std::string_view const text = argc > 1 ? argv[1] : "0";
    std::uint16_t port = 0;
    std::from_chars(text.data(), text.data() + text.size(), port);
    auto const served = serve(port);
    if (!served)
        say(served.error());
    return served ? 0 : 1;
}
