#include "bench/bench.hpp"

#include "bench/event_ruler.hpp"
#include "bench/floors.hpp"
#include "platform/messaging/topics/board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

namespace kontor::bench {
namespace {

constexpr std::size_t rounds = 5;
constexpr std::size_t subscription_count = 1'000;
constexpr std::size_t shops = 100; ///< ten subscriptions want the messages of each
constexpr std::size_t wanted_by = subscription_count / shops;
constexpr std::size_t message_count = 10'000;

std::string filter_of(std::size_t subscription) {
    return fmt::format(R"({{"shop":["shop-{}"]}})", subscription % shops);
}

std::vector<std::string> messages_of(std::uint64_t seed) {
    Random dice(seed);
    std::vector<std::string> bodies;
    for (std::size_t i = 0; i < message_count; ++i)
        bodies.push_back(fmt::format(
            R"({{"order":"ord_{:016x}","shop":"shop-{}","state":"confirmed","total":{},"note":"{}"}})",
            dice.next(), dice.below(shops), dice.below(100'000), std::string(200, 'x')));
    return bodies;
}

/// A topic that a thousand queues listen to, each with a filter of its own.
class Crowd {
public:
    Crowd() : board_({}, Random(1), "key") {
        auto const topic = board_.create_topic("news", {}, {});
        KONTOR_ASSERT(topic.has_value(), "{}", topic.error().what);
        topic_ = *topic;
        for (std::size_t i = 0; i < subscription_count; ++i) {
            auto const made = board_.subscribe(
                {topic_,
                 "sqs",
                 fmt::format("arn:aws:sqs:us-east-1:000000000000:queue-{}", i),
                 {{"FilterPolicyScope", "MessageBody"}, {"FilterPolicy", filter_of(i)}}},
                Instant());
            KONTOR_ASSERT(made.has_value(), "{}", made.error().what);
            numbers_[made->arn] = i;
        }
    }

    std::vector<topics::Parcel> publish(std::string const& body) {
        ports::TopicMessage message{.body = body};
        auto handed = board_.hand_over(topic_, std::span(&message, 1), Instant());
        KONTOR_ASSERT(handed && handed->front(), "a message is refused");
        return std::move(handed->front()->parcels);
    }
    std::size_t number(topics::Parcel const& parcel) const {
        return numbers_.at(*parcel.subscription_arn);
    }

private:
    topics::Board board_;
    std::string topic_;
    std::map<std::string, std::size_t> numbers_;
};

/// Who gets which message, in one number; a peer makes the same of its rules.
std::uint64_t digest_of(Crowd& crowd, std::vector<std::string> const& bodies) {
    std::uint64_t digest = 0;
    for (auto const& body : bodies) {
        std::uint64_t who = 0;
        auto const parcels = crowd.publish(body);
        KONTOR_ASSERT(parcels.size() == wanted_by, "{} of {} get it", parcels.size(), wanted_by);
        for (auto const& parcel : parcels) {
            KONTOR_ASSERT(parcel.accepted == parcels.front().accepted, "a body is copied");
            who |= std::uint64_t{1} << (crowd.number(parcel) % 64);
        }
        digest = digest * 31 + who;
    }
    return digest;
}

/// Nanoseconds a message.
double measure(Crowd& crowd, std::vector<std::string> const& bodies, double seconds) {
    using Clock = std::chrono::steady_clock;
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    double elapsed = 0;
    auto const start = Clock::now();
    do {
        for (auto const& body : bodies)
            delivered += crowd.publish(body).size();
        published += bodies.size();
        elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    } while (elapsed < seconds);
    KONTOR_ASSERT(delivered == published * wanted_by, "{} deliveries of {} messages", delivered,
                  published);
    return elapsed * 1e9 / static_cast<double>(published);
}

void compare_with_event_ruler(Report& report, Crowd& crowd, std::vector<std::string> const& bodies,
                              BenchOptions const& options) {
    std::string events;
    for (auto const& body : bodies)
        events += body + '\n';
    RulerFamily filters{"filters", {}};
    for (std::size_t i = 0; i < subscription_count; ++i)
        filters.patterns.push_back(filter_of(i));
    for (auto const& theirs : ask_event_ruler(report, options, events, {filters})) {
        if (fmt::format("{:016x}", digest_of(crowd, bodies)) != theirs.digest) {
            report.notes.push_back("event-ruler finds others, so there is no ratio");
            continue;
        }
        auto const ours = measure(crowd, bodies, options.seconds / rounds);
        report.figures.push_back(
            {"event-ruler with as many rules, a message", "ns", {theirs.ns_an_event}});
        report.figures.push_back(
            {"times event-ruler", "x", {theirs.ns_an_event / ours}, Goal::at_least, 10});
    }
}

} // namespace

Report bench_fanout(BenchOptions const& options) {
    Report report{
        "fanout",
        fmt::format("messages of 300 bytes published to a topic with {} subscriptions, each "
                    "with a filter of its own, of which {} match; one body for all",
                    subscription_count, wanted_by),
        options.seed};
    auto const bodies = messages_of(options.seed);
    Crowd crowd;
    digest_of(crowd, bodies);
    auto const hash_before = measure_hash_floor(0.5);
    Figure message{"a message, filters and all", "ns", {}};
    Figure rate{"deliveries", "/s", {}, Goal::at_least, 10e6};
    for (std::size_t round = 0; round < rounds; ++round) {
        auto const ns = measure(crowd, bodies, options.seconds / rounds);
        message.rows.push_back(ns);
        rate.rows.push_back(wanted_by * 1e9 / ns);
    }
    report.figures.push_back(std::move(message));
    report.figures.push_back(std::move(rate));
    if (options.with_peers)
        compare_with_event_ruler(report, crowd, bodies, options);
    report.floors.push_back(
        {"F5 find in a hash table of a million", "ns", hash_before, measure_hash_floor(0.5)});
    return report;
}

} // namespace kontor::bench
