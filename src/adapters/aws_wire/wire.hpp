#pragma once

/// Wire: the AWS-compatible endpoint behind the edge: a request is read, its signature verified,
/// its operation asked, and its answer written in the protocol that it came in.
///
/// Thread: the edge's; `hurry` any.
/// Invariants: 1. Nothing is asked of a queue before the signature was verified.
///             2. An answer that says that something was written is held until it is durable.
///             3. A receive that waits holds no thread: it is asked again when a bell rings or its
///                time has come, first come, first served; whoever has gone is not asked for.
/// Source: MESSAGING section 7.

#include "adapters/aws_wire/lane.hpp"
#include "adapters/aws_wire/sqs.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

#include <atomic>
#include <functional>
#include <list>
#include <mutex>
#include <set>

namespace kontor::aws_wire {

/// What whoever receives from topics checks signatures by. It is there for everybody, unsigned.
struct SigningCertificate {
    std::string path{}; ///< empty: there is none
    std::string text{}; ///< PEM
};

struct WireParts {
    QueueDoors doors;
    ports::QueueProgress& progress;
    KeyBook keys;
    Clock& clock;
    Random random;
    ports::CloudPlace place{};
    std::string public_url{};           ///< empty: http and the Host that the request names
    std::function<void()> wake;         ///< of the edge, which then collects.   Thread: any.
    std::optional<BusDoors> buses{};    ///< absent: EventBridge is not served
    std::optional<TopicDoors> topics{}; ///< absent: SNS is not served
    SigningCertificate certificate{};
};

class Wire final : public services::Exchange, private ports::QueueBell {
public:
    /// What it is given outlives it.
    explicit Wire(WireParts parts);
    ~Wire() override;

    void start(services::Ticket ticket, services::Request const& request) override;
    void collect(std::vector<services::Answered>& answers) override;
    void abandon(services::Ticket ticket) override;

    /// How a request is refused that never comes to be started: of which only the head was read, if
    /// that; for a problem of the registry.
    services::Reply refuse_unread(services::Request const& head, std::string_view problem,
                                  std::string_view says);

    /// From now on no receive waits: all are answered with what there is.   Thread: any.
    void hurry();

    /// Who does what waits for the disk; a runner gives each a thread.
    std::deque<Lane::Worker>& workers() { return lane_.workers(); }

    std::size_t waiting() const { return waiting_.size(); }

private:
    struct Held {
        services::Answered answered;
        ports::QueueMark mark;
    };
    struct Waiting {
        Writing writing;
        ReceiveCall call;
        Duration until;
        std::optional<Instant> ask_again_at{};
    };

    void ring(ports::QueueName const& queue) override;
    void ring_durable() override;

    bool is_for_certificate(services::Request const& request) const;
    void show_certificate(services::Ticket ticket);
    Wired<void> run(Writing const& writing, Asked&& asked, services::Request const& request);
    Wired<void> run_slowly(Writing const& writing, Asked&& asked, Caller caller);
    Wired<void> begin_receive(Writing const& writing, Call const& call);
    bool ask_again(Waiting& waiting);
    void answer(Writing const& writing, Answer const& answer);
    void refuse(Writing const& writing, WireError const& error);
    void hand_out(services::Answered answered, ports::QueueMark mark);
    void collect_waiting();
    void collect_held();
    void collect_lane();
    std::string make_request_id();

    WireParts parts_;
    Sqs sqs_;
    Lane lane_;
    std::size_t in_lane_{0};
    std::set<std::uint64_t> left_lane_; ///< tickets of those who have gone meanwhile
    std::vector<services::Answered> ready_;
    std::vector<Held> held_;
    std::list<Waiting> waiting_; ///< in the sequence of their coming
    std::mutex mutex_;
    std::set<std::string, std::less<>> rung_; ///< guarded by `mutex_`
    std::atomic<bool> has_rung_{false};
    std::atomic<bool> hurries_{false};
};

} // namespace kontor::aws_wire
