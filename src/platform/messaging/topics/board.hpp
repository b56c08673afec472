#pragma once

/// Board: topics and their subscriptions as one pure state machine. What is published is matched
/// with all filters at once and put into the lane of each subscription that wants it. Whoever holds
/// it brings time and dice, sends what it starts, and says how each sending ended.
///
/// Invariants: 1. A message comes into the lane of each confirmed subscription whose filter it
///                meets, and into no other.
///             2. Each delivery ends: delivered, as a dead letter, or lost for want of a queue for
///                such, which `counts` says. With its subscription it ends unseen.
///             3. A lane for each subscription; of a FIFO topic one for each of its groups.
///             4. What the topology owns is neither changed nor deleted.
///
/// Thread: one.   Source: MESSAGING section 5, RELIABILITY section 3 (I12).

#include "platform/messaging/lanes/lanes.hpp"
#include "platform/messaging/topics/filter_policy.hpp"
#include "platform/messaging/topics/notification.hpp"
#include "platform/messaging/topics/retry_schedule.hpp"
#include "platform/routing/rule_set.hpp"
#include "ports/arn.hpp"
#include "ports/topic.hpp"
#include "topology/topology.hpp"

#include "base/random.hpp"

#include <array>
#include <deque>
#include <memory>

namespace kontor::topics {

template <class T>
using Answer = Result<T, ports::MessagingRefusal>;

/// A message that was accepted.
struct Accepted {
    std::string topic_arn{};
    std::string message_id{};
    std::string sequence_number{};
    ports::TopicMessage message{};
    Instant at{};
};

/// What is in a lane.
struct Parcel {
    std::shared_ptr<Accepted const> accepted{};
    std::shared_ptr<std::string const> subscription_arn{}; ///< its parcels share it; never null
    NotificationKind kind{NotificationKind::notification};
};

/// How a sending ended that was not well received.
enum class SendFault : std::uint8_t {
    passing, ///< 5xx, 429, no answer, no connection: it may be received later
    final_   ///< another 4xx, no such queue, not permitted
};

/// A message that was accepted, and to whom it goes.
struct Handed {
    ports::Published published{};
    std::vector<Parcel> parcels{}; ///< by subscription, in the sequence in which they were made
};
using HandedOver = Result<Handed, ports::PublishRefusal>;

/// What a FIFO topic took, as it is known again within the window.
struct TakenMessage {
    std::string deduplication_id{};
    std::string message_id{};
    std::uint64_t sequence{0};
    Instant at{};
};

struct DeadLetter {
    std::string queue_arn{};
    std::string body{};
    ports::MessageAttributes attributes{};
    std::string subscription_arn{}; ///< that would have got it
};

struct Counts {
    std::uint64_t published{0};
    std::uint64_t delivered{0};
    std::uint64_t filtered_out{0};
    std::uint64_t unreadable{0}; ///< filtered out, for a body that was asked for is no JSON object
    std::uint64_t failed{0};     ///< for good
    std::uint64_t lost{0};       ///< of these, without a dead-letter queue
};

/// When an endpoint was asked whether it wants what is published, and when it said yes. Our own
/// queues are not asked.
struct Consent {
    std::optional<Instant> asked{};
    std::optional<Instant> given{};

    bool is_pending() const { return asked && !given; }
    friend bool operator==(Consent const&, Consent const&) = default;
};

/// What a call to subscribe came to; `question` goes to the endpoint that must confirm.
struct Subscribed {
    ports::SubscriptionDescription description{};
    std::optional<Parcel> question{};
};

/// A subscription whose endpoint is a URL, as whoever delivers to it must know it.
struct WebSubscription {
    std::string arn{};
    std::string topic_arn{};
    std::string endpoint{};
    RetrySchedule schedule{};
    Consent consent{};
};

class Board {
public:
    using Attempt = lanes::Lanes<Parcel>::Attempt;

    /// `token_key`: nobody can guess it, and it is the same in every life, for tokens are derived
    /// from it; empty: the dice give one.
    Board(ports::CloudPlace place, Random random, std::string token_key = {});

    /// Makes a topology's topics and subscriptions, and owns them.   Requires: a sound one, once.
    void adopt(topology::Topology const& topology);

    /// As ports::Topic.
    /// Errors: as there.
    Answer<std::vector<ports::PublishOutcome>>
    publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages, Instant now);

    /// The same past the lanes: for whoever delivers in this very step and never tries again. What
    /// it does not deliver it buries.
    /// Errors: as publish.
    Answer<std::vector<HandedOver>> hand_over(std::string_view topic_arn,
                                              std::span<ports::TopicMessage const> messages,
                                              Instant now);
    /// Of a FIFO topic, of all that was taken in this life; 0 for any other. It follows the clock,
    /// so it goes on rising in the next.
    std::uint64_t last_sequence(std::string_view topic_arn) const;
    bool has_fifo_topics() const;
    /// What a FIFO topic took behind this one, in sequence.
    std::vector<TakenMessage> taken_after(std::string_view topic_arn, std::uint64_t sequence) const;
    /// It took this in another life.   Requires: in sequence, before it takes anything in this one.
    void restore_taken(std::string_view topic_arn, TakenMessage const& taken);
    /// It was another one of this name that took what was restored.
    void forget_taken(std::string_view topic_arn);
    /// What a FIFO topic took behind this one has not been kept: it is no repetition when it comes
    /// again.
    void forget_after(std::string_view topic_arn, std::uint64_t sequence);
    /// The dead letter of what cannot be delivered; nothing: it is lost, which is counted, or its
    /// subscription has ended.
    std::optional<DeadLetter> bury(Parcel const& parcel, std::string_view code, std::string what);
    /// Counts what was handed over and received.
    void note_delivered() { ++counts_.delivered; }

    /// Sendings to be carried out now.
    std::vector<Attempt> start(Instant now, std::size_t up_to) { return lanes_.start(now, up_to); }
    /// What an attempt sends; nothing: its subscription has ended, and the attempt is to be ended
    /// as delivered.
    std::optional<Notification> notification(Parcel const& parcel) const;
    /// Requires: both, that it was started and has not ended.
    void delivered(Attempt const& attempt);
    void failed(Attempt const& attempt, SendFault fault, std::string what, Instant now);

    std::vector<DeadLetter> take_dead_letters() { return std::exchange(dead_, {}); }
    Counts const& counts() const { return counts_; }
    std::optional<Instant> next_due() const { return lanes_.next_due(); }

    /// As ports::Topics.
    /// Errors: as there.
    Answer<std::string> create_topic(std::string_view name, ports::NamedTexts const& attributes,
                                     std::vector<ports::Tag> const& tags);
    /// Errors: as ports::Topics.
    Answer<void> delete_topic(std::string_view topic_arn);
    /// Errors: as ports::Topics.
    Answer<ports::Page<std::string>> list_topics(ports::PageWish const& page) const;
    /// Errors: as ports::Topics.
    Answer<ports::NamedTexts> topic_attributes(std::string_view topic_arn) const;
    /// Errors: as ports::Topics.
    Answer<ports::TopicDescription> describe_topic(std::string_view topic_arn) const;
    /// Errors: as ports::Topics.
    Answer<void> set_topic_attribute(std::string_view topic_arn, std::string_view attribute,
                                     std::string_view value);

    /// As ports::Subscriptions. Who must confirm finds a confirmation in its lane.
    /// Errors: as there.
    Answer<ports::SubscriptionDescription> subscribe(ports::SubscriptionWish const& wish,
                                                     Instant now);
    /// Errors: as ports::Subscriptions.
    Answer<std::optional<ports::SubscriptionDescription>>
    check_subscription(ports::SubscriptionWish const& wish) const;
    /// The same past the lanes. A question whose token has expired is asked anew.
    /// Errors: as subscribe.
    Answer<Subscribed> hand_over_subscription(ports::SubscriptionWish const& wish, Instant now);
    /// Under an ARN, and with what its endpoint said, of before; nobody is asked.
    /// Errors: as subscribe.
    Answer<ports::SubscriptionDescription> subscribe_as(std::string const& arn,
                                                        ports::SubscriptionWish const& wish,
                                                        Consent const& consent);
    /// Errors: as ports::Subscriptions.
    Answer<ports::SubscriptionDescription> confirm(std::string_view topic_arn,
                                                   std::string_view token, Instant now);
    /// Errors: as ports::Subscriptions.
    Answer<void> unsubscribe(std::string_view subscription_arn);
    /// Errors: as ports::Subscriptions.
    Answer<ports::Page<ports::SubscriptionDescription>>
    list_subscriptions(std::string_view topic_arn, ports::PageWish const& page) const;
    /// Errors: as ports::Subscriptions.
    Answer<ports::NamedTexts> subscription_attributes(std::string_view subscription_arn) const;
    /// Errors: as ports::Subscriptions.
    Answer<void> change_subscription(std::string_view subscription_arn,
                                     ports::SubscriptionChange const& change);
    /// Errors: as ports::Subscriptions.
    Answer<void> check_change(std::string_view subscription_arn,
                              ports::SubscriptionChange const& change) const;

    /// What was set, without what follows from it; empty: there is no such topic or subscription.
    ports::NamedTexts settings_of_topic(std::string_view arn) const;
    ports::NamedTexts settings_of_subscription(std::string_view arn) const;
    Consent consent_of_subscription(std::string_view arn) const;
    /// Of one that stands.   Requires: it stands.
    void set_consent(std::string_view arn, Consent const& consent);
    /// By ARN.
    std::vector<WebSubscription> web_subscriptions() const;
    /// Topics and subscriptions that were ever made: whoever asks before a call and after it knows
    /// whether something new stands.
    std::uint64_t made() const { return last_number_ + topics_made_; }

    /// Tags of topics.   Errors: as ports::ResourceTags.
    Answer<void> tag(std::string_view arn, std::vector<ports::Tag> const& tags);
    /// Errors: as ports::ResourceTags.
    Answer<void> untag(std::string_view arn, std::vector<std::string> const& keys);
    /// Errors: as ports::ResourceTags.
    Answer<std::vector<ports::Tag>> tags_of(std::string_view arn) const;

private:
    struct Subscription {
        ports::SubscriptionDescription description{};
        ports::NamedTexts attributes{};
        routing::RuleNumber number{};
        FilterScope scope{FilterScope::attributes};
        std::string dead_letter_arn{};
        Consent consent{};
        bool is_raw{false};
        std::uint64_t published_before{0}; ///< of its topic, when it was confirmed

        std::string filter() const;
    };
    /// The filters of one scope, asked all at once.
    struct Filters {
        routing::RuleSet live{};
        std::unique_ptr<routing::RuleMatching> matching{std::make_unique<routing::RuleMatching>()};
    };
    /// Who gets what is published, so that nobody is looked at who does not.
    struct Audience {
        struct Member {
            routing::RuleNumber number{};
            std::shared_ptr<std::string const> arn{};
            Subscription* subscription{};
        };
        std::vector<Member> members{}; ///< confirmed, in the sequence of their making
        std::vector<routing::RuleNumber> unfiltered{};
        std::array<std::size_t, 2> filtered{}; ///< how many, by scope
    };
    struct Topic {
        std::string arn{};
        ports::NamedTexts attributes{};
        std::map<std::string, std::string> tags{};
        std::map<routing::RuleNumber, std::string> subscriptions{}; ///< ARNs
        std::array<Filters, 2> filters{};                           ///< by scope
        std::optional<Audience> audience{}; ///< nothing: it has changed since it was last wanted
        std::size_t filter_count{0};
        std::uint64_t deleted_subscriptions{0};
        std::uint64_t published{0};
        std::uint64_t last_sequence{0};
        std::map<std::string, TakenMessage> remembered{}; ///< by deduplication id
        std::deque<std::pair<Instant, std::string>> remembered_until{};
        bool is_of_topology{false};

        bool is_fifo() const { return arn.ends_with(".fifo"); }
        std::string attribute(std::string const& name) const;
    };
    /// The verdict of all filters on one message.
    struct Wanted {
        std::vector<routing::RuleNumber> met{};
        std::vector<routing::RuleNumber> unknown{};
        bool is_body_unreadable{false};
    };

    Answer<Topic*> find_topic(std::string_view arn);
    Answer<Topic const*> find_topic(std::string_view arn) const;
    Answer<Subscription*> find_subscription(std::string_view arn);
    Answer<Subscription const*> find_subscription(std::string_view arn) const;
    Subscription const* same_subscription(Topic const& topic,
                                          ports::SubscriptionWish const& wish) const;
    /// The one of that topic, protocol and endpoint, else what would be made.
    struct Planned {
        Subscription const* standing{};
        Subscription made{};
    };
    Answer<Planned> plan(ports::SubscriptionWish const& wish, Consent const& consent) const;
    Answer<Subscription> plan_change(Subscription const& standing,
                                     ports::SubscriptionChange const& change) const;
    Answer<void> set_attributes(Topic const& topic, Subscription& subscription,
                                ports::NamedTexts const& attributes) const;
    static Answer<void> take_attribute(Subscription& subscription, std::string const& name,
                                       std::string const& value);
    ports::SubscriptionDescription describe(Subscription const& subscription) const;
    Answer<void> make_live(Topic& topic, Subscription const& subscription);
    void make_dead(Topic& topic, Subscription const& subscription);
    Parcel question_for(Subscription const& subscription, Instant now);
    /// Its own delivery policy, or else its topic's as it is now, or else that of its protocol.
    RetrySchedule schedule_of(Subscription const& subscription) const;
    std::string new_secret_id();
    std::string token_of(Subscription const& subscription) const;
    /// What became of a message; `accepted` is null for a repetition.
    struct Taken {
        ports::Published published{};
        std::shared_ptr<Accepted const> accepted{};
    };
    Result<Taken, ports::PublishRefusal> take(Topic& topic, ports::TopicMessage const& message,
                                              Instant now);
    Taken accept(Topic& topic, ports::TopicMessage const& message, Instant now);
    void forget_ids(Topic& topic, Instant now);
    Wanted ask_filters(Topic& topic, ports::TopicMessage const& message);
    Audience const& audience_of(Topic& topic);
    std::vector<Parcel> parcels_of(Topic& topic, std::shared_ptr<Accepted const> const& accepted);
    void put_into_lane(Subscription const& subscription, Parcel parcel, Instant now);
    void keep_dead(Parcel const& parcel, std::string_view code, std::string what);
    std::string new_id();

    ports::CloudPlace place_;
    Random random_;
    std::string token_key_;
    std::map<std::string, Topic> topics_;
    std::map<std::string, Subscription> subscriptions_;
    routing::RuleNumber last_number_{0};
    std::uint64_t topics_made_{0};
    lanes::Lanes<Parcel> lanes_;
    std::vector<DeadLetter> dead_;
    Counts counts_;
};

} // namespace kontor::topics
