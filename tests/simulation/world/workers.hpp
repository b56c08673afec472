#pragma once

/// Workers: whoever sends to queues and receives from them, outside the process. They send again
/// what was not answered, handle what they receive, and at times forget it, come too late, ask for
/// more time, or refuse it for good; an operator brings dead letters back or takes them out, and a
/// partner puts deliveries on the bus, which the shop's own inventory books. They believe an answer
/// once it is durable, as behind a wire.
/// Thread: one.

#include "tests/simulation/checkers/deliveries.hpp"
#include "tests/simulation/checkers/receivers.hpp"
#include "tests/simulation/checkers/relay.hpp"
#include "tests/simulation/world/chaos.hpp"

#include "base/clock.hpp"
#include "platform/messaging/router/wiring.hpp"

#include <deque>
#include <functional>
#include <map>

namespace kontor::simulation {

/// Who is told what workers were answered.
struct WorkersJudges {
    ReceiversChecker& receivers;
    RelayChecker& relay;
    DeliveriesChecker& deliveries;
};

class Workers {
public:
    /// Within `load` all is sent that they send of their own.
    Workers(Random const& seed, Clock& clock, Chaos& chaos, WorkersJudges judges, Duration load);

    /// A new process: what was not answered is sent again.
    void come_in(hosting::JournaledQueues& queues, router::Wiring& wiring);
    /// Says how much it did.   Errors: unavailable, corrupt, broken (the process).
    Result<WorkDone> do_work();
    std::optional<Instant> next_due() const;

private:
    struct Parcel {
        ports::QueueName queue;
        ports::OutgoingMessage message;
    };
    /// Answers that are not durable yet.
    struct Promise {
        ports::QueueMark mark;
        std::uint64_t parcel; ///< its number
        ports::MessageId id;
    };

    /// What was handed out, and is not durable yet: nobody may see it.
    struct Delivery {
        ports::QueueMark mark;
        ports::QueueName queue;
        std::vector<ports::ReceivedMessage> messages;
        Instant at;
        Instant until;
    };

    void plan_sends(Duration load);
    void at(Instant when, std::function<void()> act);
    void later(Duration least, Duration most, std::function<void()> act);
    void send(std::uint64_t number);
    void deliver(std::int64_t units);
    void send_copy(std::string const& event, std::string const& detail);
    std::size_t hear();
    /// How many it received.
    Result<std::size_t> receive(ports::QueueName const& queue);
    /// The operator's turn at dead letters.
    Result<std::size_t> clear(ports::QueueName const& queue);
    void open(Delivery const& delivery);
    void deal_with(ports::QueueName const& queue, ports::ReceivedMessage const& message,
                   Instant until);
    void extend(ports::QueueName const& queue, ports::ReceivedMessage const& message);
    void end(ports::QueueName const& queue, ports::MessageId id, ports::Settlement wish);
    bool brings_back(ports::QueueName const& queue);
    bool is_moving() const;

    Random dice_;
    Clock& clock_;
    Chaos& chaos_;
    WorkersJudges judges_;
    hosting::JournaledQueues* queues_{nullptr};
    router::Wiring* wiring_{nullptr};
    std::multimap<Instant, std::function<void()>> agenda_;
    std::vector<Parcel> parcels_;
    std::vector<std::uint64_t> unsent_; ///< whose answers were not durable when a process died
    std::vector<Promise> promises_;
    std::deque<Delivery> deliveries_;
    std::optional<Instant> ask_again_at_;
    std::uint64_t refusals_{0};
    std::uint64_t deliveries_put_{0};
    std::map<ports::QueueName, Instant> brought_back_at_; ///< of dead letters, the last time
};

} // namespace kontor::simulation
