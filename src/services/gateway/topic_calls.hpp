#pragma once

/// What the routes of topics and of their subscriptions share: how they are named, found and shown.
/// Thread: the desk's, where doors are asked; else the edge's.

#include "services/gateway/bus_calls.hpp"
#include "services/gateway/topic_answers.hpp"

#include <optional>
#include <vector>

namespace kontor::services::gateway {

/// Subscriptions that are shown with their topic; the list of them has all.
inline constexpr std::size_t shown_with_topic_max = ports::page_items_max;

extern BusProblems const of_topics;

std::string queue_arn(ports::CloudPlace const& place, std::string const& name);
std::string topic_arn(ArchiveDesk::Doors const& to, std::string_view name);

/// As it stands in its topic.
struct StandingSubscription {
    ports::SubscriptionDescription description{};
    ports::NamedTexts attributes{};
};
using StandingSubscriptions = ports::Page<StandingSubscription>;

/// Errors: not_found (the topic), and as ports::Subscriptions.
FromTheBus<StandingSubscriptions> subscriptions_of(ArchiveDesk::Doors const& to,
                                                   std::string const& topic, ports::PageWish wish);
/// One by its id; nothing: there is none in that topic.   Errors: likewise.
FromTheBus<std::optional<StandingSubscription>>
subscription_of(ArchiveDesk::Doors const& to, std::string const& topic, std::string const& id);

/// With how much waits, as far as the shop has queues.
SubscriptionAnswer answer_of(Parts const& parts, StandingSubscription const& standing);

/// The attributes under which a topic knows what operators say; what they do not say is left out.
struct SubscriptionWords {
    std::optional<std::string> filter{};
    std::optional<topics::FilterScope> scope{};
    std::optional<bool> raw{};
    std::optional<std::string> dead_letters{}; ///< the name of a queue; empty: none
};
ports::NamedTexts attributes_of(SubscriptionWords const& words, ports::CloudPlace const& place);

/// Errors: pattern_invalid, with AWS's words.
Result<void, Trouble> check_filter(std::string const& filter, topics::FilterScope scope);

/// Errors: `refused` (there is no such queue, or it is one of the house).
Result<void, Trouble> check_queue(Parts const& parts, std::string const& name,
                                  std::string_view pointer,
                                  ProblemName refused = "subscription_refused");

inline bool is_url(std::string_view endpoint) {
    return endpoint.find("://") != std::string_view::npos;
}

} // namespace kontor::services::gateway
