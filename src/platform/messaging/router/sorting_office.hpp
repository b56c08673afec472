#pragma once

/// SortingOffice: where an event goes: the bus's rules, the topics behind them, and their
/// subscriptions, all the way to letters for queues. Pure: time and dice come in.
///
/// Targets lie in this house, so a letter is delivered or refused here and now. Nothing is tried
/// again, and no lanes are needed: what a queue refuses becomes a dead letter at once.
///
/// Invariants: 1. Which letters an event brings follows from the event, the rules and the
///                subscriptions; only what they are called in an envelope of SNS is chance.
///                Their sequence follows from the ways they came, so rules and subscriptions that
///                come and go change nothing in the sequence of the others.
///             2. Each delivery of a rule ends: as letters, as a dead letter, or lost, counted.
///
/// Thread: one.   Source: MESSAGING sections 1, 4 and 5.

#include "platform/messaging/bus/rule_book.hpp"
#include "platform/messaging/router/letter.hpp"
#include "ports/queue_refusal.hpp"

#include <functional>

namespace kontor::router {

struct Counts {
    std::uint64_t events{0};     ///< that were sorted
    std::uint64_t deliveries{0}; ///< to targets of rules
    std::uint64_t dead{0};       ///< dead letters
    std::uint64_t lost{0};       ///< without a queue for dead letters, or refused by it too
};

/// Who signs what is not delivered raw; without one the signature is empty.
struct Signing {
    std::function<std::string(std::string_view text, std::uint32_t version)> sign{};
    topics::Links links{};
    std::string token_key{}; ///< of confirmations; empty: another one in each life
};

class SortingOffice {
public:
    SortingOffice(ports::CloudPlace place, Random random, Signing signing = {});

    /// Makes the bus, rules, topics and subscriptions of a topology.   Requires: a sound one, once.
    void adopt(topology::Topology const& topology, Instant now);

    bus::RuleBook& rules() { return rules_; }
    topics::Board& topics() { return board_; }

    /// What becomes of an event, in the sequence of the ways.
    std::vector<Letter> sort(bus::BusEvent const& event, Instant now);

    /// Publishes for somebody outside; what comes of it is added to the letters.
    /// Errors: as ports::Topic.
    topics::Answer<std::vector<ports::PublishOutcome>>
    publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages, Instant now,
            std::vector<Letter>& letters);

    /// Subscribes for somebody outside; the question for an endpoint that must confirm is added to
    /// the letters.
    /// Errors: as ports::Subscriptions.
    topics::Answer<ports::SubscriptionDescription>
    subscribe(ports::SubscriptionWish const& wish, Instant now, std::vector<Letter>& letters);

    /// What is posted to an endpoint that is asked, the same each time; nothing: its subscription
    /// has ended.
    std::optional<std::string> question(topics::Parcel const& parcel);

    /// Where links lead to; before the first letter.
    void link_to(topics::Links links) { signing_.links = std::move(links); }

    /// The dead letter of one that does not leave the house; its queue is empty where it is lost.
    Letter instead_of(Letter letter, std::string why);
    /// The dead letter of what an endpoint outside did not get; nothing: it is lost, or its
    /// subscription has ended.
    std::optional<Letter> bury(topics::Parcel const& parcel, std::string_view code,
                               std::string what);

    /// What becomes of a letter that a queue refused; nothing: it is lost, which is counted.
    std::optional<Letter> dead_letter_of(Letter refused, ports::QueueRefusal const& why);

    Counts const& counts() const { return counts_; }

private:
    /// What is being sorted.
    struct Work {
        /// To another bus, and the way there.
        struct Forwarded {
            bus::BusEvent event;
            std::string way;
        };
        std::vector<Letter> letters{};
        std::vector<Forwarded> forwarded{};
        std::string way{};         ///< of the delivery that is looked at
        std::string_view replay{}; ///< that brings the event; empty: it is new
        Instant now{};
    };
    void route(bus::BusEvent const& event, std::string const& way, Work& work);
    void deliver(bus::Delivery delivery, bus::BusEvent const& event, Work& work);
    void forward(bus::Delivery const& delivery, bus::BusEvent const& event, Work& work);
    void deliver_to_topic(bus::Delivery delivery, Work& work);
    void hand_to_endpoint(topics::Parcel parcel, Work& work);
    ports::OutgoingMessage message_of(topics::Notification const& notification);
    std::string signature_of(topics::Notification const& notification);
    void take_unknown(Work& work);
    void note_taken(std::string_view topic_arn, std::uint64_t before, Work& work);
    void bury(bus::Delivery const& delivery, bus::Death const& death, Work& work);
    /// Nothing: the queue is none of this house.
    std::optional<ports::QueueName> queue_at(std::string_view arn) const;
    /// Of the bus's dead letters and of the topics'; nothing: it is lost, and counted.
    template <class Dead>
    std::optional<Letter> dead_letter(Dead dead);
    template <class Dead>
    void add_dead(Dead dead, std::string way, Work& work);

    ports::CloudPlace place_;
    bus::RuleBook rules_;
    topics::Board board_;
    Signing signing_;
    /// The last signature: what all subscriptions of a topic get is signed once.
    struct Signed {
        std::string text{};
        std::uint32_t version{0};
        std::string signature{};
    };
    Signed signed_{};
    Counts counts_;
};

} // namespace kontor::router
