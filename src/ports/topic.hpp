#pragma once

/// Topic: takes messages, and hands each to all subscriptions whose filter it meets. Topics and
/// subscriptions have interfaces of their own below; one adapter may be all of them.
///
/// Invariants: 1. A message that was accepted reaches each confirmed subscription whose filter it
///                meets at least once, or that subscription's dead letters; one whose filter it
///                does not meet, or that is not confirmed, it never reaches.
///             2. Each subscription has a lane of its own: a slow or failing one delays no other.
///             3. Of a batch each message is judged alone.
///             4. Of a FIFO topic, messages of one group reach a subscription in the sequence of
///                their acceptance, and a deduplication id is accepted once in 300 s.
///
/// Attributes of topics and subscriptions are texts under the names that SNS has for them, for
/// that is all that anybody does with them from outside; what they mean is checked when they are
/// set.
///
/// Source: MESSAGING sections 1, 5 and 7; Amazon SNS API Reference (2010-03-31).

#include "base/describe.hpp"
#include "ports/message_attribute.hpp"
#include "ports/messaging_words.hpp"

#include <optional>
#include <span>

namespace kontor::ports {

struct TopicMessage {
    std::string id{}; ///< in its batch
    std::string body{};
    std::string subject{}; ///< empty: none
    MessageAttributes attributes{};
    /// `MessageStructure` json: `body` is an object with a text for `default` and for protocols.
    bool is_by_protocol{false};
    std::string group_id{};         ///< of a FIFO topic
    std::string deduplication_id{}; ///< of a FIFO topic
};

/// Why one message of a batch was refused, by AWS's code: "InvalidParameter".
struct PublishRefusal {
    std::string code{};
    std::string what{};
    bool is_senders_fault{true};
    friend bool operator==(PublishRefusal const&, PublishRefusal const&) = default;
};

struct Published {
    std::string message_id{};      ///< a UUID
    std::string sequence_number{}; ///< of a FIFO topic; a repetition has the first one's
    friend bool operator==(Published const&, Published const&) = default;
};

using PublishOutcome = Result<Published, PublishRefusal>;

class Topic {
public:
    virtual ~Topic() = default;

    /// Accepts messages; each outcome stands at its message's place.
    /// Shape:    1 to 10 messages with different ids of 1 to 80 letters, digits, `-`, `_`; together
    ///           at most the topic's message size.
    /// Errors:   not_found (topic), invalid (shape), unavailable; then nothing is accepted.
    /// Retry:    a repetition is another message, but on a FIFO topic with the same deduplication
    ///           id.
    /// Delivery: what is accepted is durable, and handed on at least once.
    virtual Result<std::vector<PublishOutcome>, MessagingRefusal>
    publish(std::string_view topic_arn, std::span<TopicMessage const> messages) = 0;
};

inline constexpr std::size_t publish_messages_max = 10;

/// By name, as SNS has them: "DisplayName", "SignatureVersion", "FilterPolicy", …
using NamedTexts = std::map<std::string, std::string>;

/// A topic as whoever runs the house sees it.
struct TopicDescription {
    std::string arn{};
    NamedTexts attributes{};    ///< as get_topic_attributes has them
    std::uint64_t published{0}; ///< since the process began
    bool is_of_topology{false}; ///< it can be neither changed nor deleted
};

class Topics {
public:
    virtual ~Topics() = default;

    /// Makes a topic, or finds the one of that name with the same attributes. Answers its ARN.
    /// Errors:   invalid (name, attribute, or there is one with others), limit_exceeded,
    ///           unavailable.
    virtual Result<std::string, MessagingRefusal> create_topic(std::string_view name,
                                                               NamedTexts const& attributes,
                                                               std::vector<Tag> const& tags) = 0;

    /// With all its subscriptions. One that does not exist is deleted already.
    /// Errors:   access_denied (the topology owns it), unavailable.
    virtual Result<void, MessagingRefusal> delete_topic(std::string_view topic_arn) = 0;

    /// ARNs, sorted.
    /// Errors:   invalid (page), unavailable.
    virtual Result<Page<std::string>, MessagingRefusal> list_topics(PageWish const& page) = 0;

    /// All that it has, and what is counted of it (`SubscriptionsConfirmed`, …).
    /// Errors:   not_found, unavailable.
    virtual Result<NamedTexts, MessagingRefusal>
    get_topic_attributes(std::string_view topic_arn) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<TopicDescription, MessagingRefusal>
    describe_topic(std::string_view topic_arn) = 0;

    /// Errors:   not_found, invalid (no such attribute, or a value that it cannot have),
    ///           access_denied (the topology owns it), unavailable.
    virtual Result<void, MessagingRefusal> set_topic_attribute(std::string_view topic_arn,
                                                               std::string_view attribute,
                                                               std::string_view value) = 0;
};

enum class SubscriptionState : std::uint8_t { pending, confirmed };
BOOST_DESCRIBE_ENUM(SubscriptionState, pending, confirmed)

struct SubscriptionDescription {
    std::string arn{};
    std::string topic_arn{};
    std::string protocol{}; ///< sqs, https, http, email, email-json
    std::string endpoint{};
    std::string owner{}; ///< an account
    SubscriptionState state{SubscriptionState::pending};
    std::uint64_t version{0}; ///< how often it was made or changed; what is kept outlives restarts
    bool is_of_topology{false}; ///< it can be neither changed nor ended
    // Of what was published since the process began and it was confirmed; of lists alone.
    std::uint64_t matched{0};
    std::uint64_t filtered{0};
};

struct SubscriptionWish {
    std::string topic_arn{};
    std::string protocol{};
    std::string endpoint{}; ///< of sqs an ARN
    NamedTexts attributes{};
};

/// What is set of a subscription; what is not named stays as it is.
struct SubscriptionChange {
    NamedTexts attributes{};
    std::optional<std::uint64_t> version{}; ///< that it must stand at; none: whatever it is
};

/// Subscriptions of topics.   Retry: safe.
class Subscriptions {
public:
    virtual ~Subscriptions() = default;

    /// Makes a subscription, or finds the one of that topic, protocol and endpoint. Our own queues
    /// need no confirmation; all others are asked to confirm, and get nothing before.
    /// Errors:   not_found (topic), invalid (protocol, endpoint, attribute, a filter policy with
    ///           AWS's sentence), already_exists (there is one with other attributes),
    ///           limit_exceeded (subscriptions, filter policies), unavailable.
    virtual Result<SubscriptionDescription, MessagingRefusal>
    subscribe(SubscriptionWish const& wish) = 0;

    /// What `subscribe` would say now; nothing is done. Answers the one that stands already;
    /// nothing: it would be made.
    /// Errors:   as subscribe.
    virtual Result<std::optional<SubscriptionDescription>, MessagingRefusal>
    check_subscription(SubscriptionWish const& wish) = 0;

    /// Confirms by the token that was sent to the endpoint. Again with the same token is no error.
    /// Errors:   not_found (topic), invalid (token unknown, or older than two days), unavailable.
    virtual Result<SubscriptionDescription, MessagingRefusal>
    confirm_subscription(std::string_view topic_arn, std::string_view token) = 0;

    /// One that does not exist has ended already.
    /// Errors:   access_denied (the topology owns it), unavailable.
    virtual Result<void, MessagingRefusal> unsubscribe(std::string_view subscription_arn) = 0;

    /// Sorted by ARN; of one topic, or with an empty name of all.
    /// Errors:   not_found (topic), invalid (page), unavailable.
    virtual Result<Page<SubscriptionDescription>, MessagingRefusal>
    list_subscriptions(std::string_view topic_arn, PageWish const& page) = 0;

    /// Errors:   not_found, unavailable.
    virtual Result<NamedTexts, MessagingRefusal>
    get_subscription_attributes(std::string_view subscription_arn) = 0;

    /// Changes all that is named, or nothing. What stands so already is no change.
    /// Errors:   not_found, invalid (no such attribute, or a value that it cannot have),
    ///           limit_exceeded (filter policies), access_denied (the topology owns it),
    ///           concurrent_modification (it stands at another version), unavailable.
    virtual Result<void, MessagingRefusal>
    change_subscription(std::string_view subscription_arn, SubscriptionChange const& change) = 0;

    /// What `change_subscription` would say now; nothing is done.
    /// Errors:   as change_subscription.
    virtual Result<void, MessagingRefusal> check_change(std::string_view subscription_arn,
                                                        SubscriptionChange const& change) = 0;
};

} // namespace kontor::ports
