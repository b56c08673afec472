#pragma once

/// Topics in RAM: platform/messaging/topics behind a lock, as all its ports at once. Nothing of it
/// outlives the process. It has no thread: whoever wires it calls `deliver`.
/// Thread: any.

#include "platform/messaging/topics/board.hpp"

#include "base/clock.hpp"

#include <functional>
#include <mutex>

namespace kontor::memory {

class TopicBoard final : public ports::Topic,
                         public ports::Topics,
                         public ports::Subscriptions,
                         public ports::ResourceTags {
public:
    /// Sends a notification; nothing: it was received.
    using Door = std::function<std::optional<topics::SendFault>(topics::Notification const&)>;

    /// Requires: the clock stays.
    TopicBoard(Clock& clock, Random random, ports::CloudPlace place = {});

    void adopt(topology::Topology const& topology);

    /// Carries out what is due, at most so much. The door is called without the lock.
    /// Shape:    how many sendings were tried.
    std::size_t deliver(Door const& door, std::size_t up_to);
    std::vector<topics::DeadLetter> take_dead_letters();
    topics::Counts counts();

    Result<std::vector<ports::PublishOutcome>, ports::MessagingRefusal>
    publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages) override;
    Result<std::string, ports::MessagingRefusal>
    create_topic(std::string_view name, ports::NamedTexts const& attributes,
                 std::vector<ports::Tag> const& tags) override;
    Result<void, ports::MessagingRefusal> delete_topic(std::string_view topic_arn) override;
    Result<ports::Page<std::string>, ports::MessagingRefusal>
    list_topics(ports::PageWish const& page) override;
    Result<ports::NamedTexts, ports::MessagingRefusal>
    get_topic_attributes(std::string_view topic_arn) override;
    Result<ports::TopicDescription, ports::MessagingRefusal>
    describe_topic(std::string_view topic_arn) override;
    Result<void, ports::MessagingRefusal> set_topic_attribute(std::string_view topic_arn,
                                                              std::string_view attribute,
                                                              std::string_view value) override;
    Result<ports::SubscriptionDescription, ports::MessagingRefusal>
    subscribe(ports::SubscriptionWish const& wish) override;
    Result<std::optional<ports::SubscriptionDescription>, ports::MessagingRefusal>
    check_subscription(ports::SubscriptionWish const& wish) override;
    Result<ports::SubscriptionDescription, ports::MessagingRefusal>
    confirm_subscription(std::string_view topic_arn, std::string_view token) override;
    Result<void, ports::MessagingRefusal> unsubscribe(std::string_view subscription_arn) override;
    Result<ports::Page<ports::SubscriptionDescription>, ports::MessagingRefusal>
    list_subscriptions(std::string_view topic_arn, ports::PageWish const& page) override;
    Result<ports::NamedTexts, ports::MessagingRefusal>
    get_subscription_attributes(std::string_view subscription_arn) override;
    Result<void, ports::MessagingRefusal>
    change_subscription(std::string_view subscription_arn,
                        ports::SubscriptionChange const& change) override;
    Result<void, ports::MessagingRefusal>
    check_change(std::string_view subscription_arn,
                 ports::SubscriptionChange const& change) override;
    Result<void, ports::MessagingRefusal>
    tag_resource(std::string_view arn, std::vector<ports::Tag> const& tags) override;
    Result<void, ports::MessagingRefusal>
    untag_resource(std::string_view arn, std::vector<std::string> const& keys) override;
    Result<std::vector<ports::Tag>, ports::MessagingRefusal>
    list_tags_for_resource(std::string_view arn) override;

private:
    Clock& clock_;
    std::mutex mutex_;
    topics::Board board_;
};

} // namespace kontor::memory
