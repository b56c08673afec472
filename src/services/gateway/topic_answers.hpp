#pragma once

/// What the shop answers operators of topics: as answers.hpp, under the same rule.

#include "codec/json_values.hpp"
#include "platform/messaging/topics/filter_policy.hpp"
#include "ports/topic.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

/// What is counted of it: since the process began, and since it was confirmed.
struct SubscriptionAnswer {
    std::string id;
    std::string topic;
    std::uint64_t version;
    std::string endpoint; ///< the name of a queue, or a URL
    ports::SubscriptionState state;
    bool is_of_topology;               ///< it can be neither changed nor ended
    std::optional<std::string> filter; ///< none: all that is published
    topics::FilterScope scope;         ///< what the filter is asked of
    bool raw;                          ///< the message alone, without its envelope
    std::optional<std::string> dead_letters;
    std::uint64_t matched;  ///< of what was published
    std::uint64_t filtered; ///< likewise: it does not want these
    /// Of the queue that messages wait in: the endpoint, or one of the house before a URL. Others
    /// may send to an endpoint, too.
    std::optional<std::string> queue;
    std::optional<std::uint64_t> waiting; ///< those that somebody is at work on as well
    std::optional<Instant> oldest_sent_at;
    std::optional<std::uint64_t> attempts; ///< calls to a URL
};
BOOST_DESCRIBE_STRUCT(SubscriptionAnswer, (),
                      (id, topic, version, endpoint, state, is_of_topology, filter, scope, raw,
                       dead_letters, matched, filtered, queue, waiting, oldest_sent_at, attempts))
static_assert(describes_every_field<SubscriptionAnswer>());

struct TopicAnswer {
    std::string name;
    bool is_fifo;
    bool is_of_topology;     ///< it can be neither changed nor deleted
    std::uint64_t published; ///< since the process began
    std::uint64_t confirmed; ///< subscriptions that get what they want
    std::uint64_t pending;   ///< whose endpoints have not said yes
    std::uint64_t bytes_max; ///< of a message
    std::optional<std::vector<SubscriptionAnswer>> subscriptions; ///< of one that is shown alone
    std::optional<bool> is_cut; ///< there are more of them than are shown
};
BOOST_DESCRIBE_STRUCT(TopicAnswer, (),
                      (name, is_fifo, is_of_topology, published, confirmed, pending, bytes_max,
                       subscriptions, is_cut))
static_assert(describes_every_field<TopicAnswer>());

struct PublishedAnswer {
    std::string topic;
    std::string message_id;
    std::optional<std::string> sequence; ///< of a FIFO topic; a repetition has the first one's
};
BOOST_DESCRIBE_STRUCT(PublishedAnswer, (), (topic, message_id, sequence))
static_assert(describes_every_field<PublishedAnswer>());

} // namespace kontor::services::gateway
