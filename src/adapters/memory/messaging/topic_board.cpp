#include "adapters/memory/messaging/topic_board.hpp"

namespace kontor::memory {

using ports::MessagingRefusal;

TopicBoard::TopicBoard(Clock& clock, Random random, ports::CloudPlace place)
    : clock_(clock), board_(std::move(place), random) {}

void TopicBoard::adopt(topology::Topology const& topology) {
    std::lock_guard const lock(mutex_);
    board_.adopt(topology);
}

std::size_t TopicBoard::deliver(Door const& door, std::size_t up_to) {
    std::unique_lock lock(mutex_);
    auto const attempts = board_.start(clock_.now(), up_to);
    for (auto const& attempt : attempts) {
        auto const sent = board_.notification(attempt.parcel);
        lock.unlock();
        auto const fault = sent ? door(*sent) : std::nullopt;
        lock.lock();
        if (fault)
            board_.failed(attempt, *fault, "the endpoint did not take it", clock_.now());
        else
            board_.delivered(attempt);
    }
    return attempts.size();
}

std::vector<topics::DeadLetter> TopicBoard::take_dead_letters() {
    std::lock_guard const lock(mutex_);
    return board_.take_dead_letters();
}

topics::Counts TopicBoard::counts() {
    std::lock_guard const lock(mutex_);
    return board_.counts();
}

Result<std::vector<ports::PublishOutcome>, MessagingRefusal>
TopicBoard::publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages) {
    std::lock_guard const lock(mutex_);
    return board_.publish(topic_arn, messages, clock_.now());
}

Result<std::string, MessagingRefusal>
TopicBoard::create_topic(std::string_view name, ports::NamedTexts const& attributes,
                         std::vector<ports::Tag> const& tags) {
    std::lock_guard const lock(mutex_);
    return board_.create_topic(name, attributes, tags);
}

Result<void, MessagingRefusal> TopicBoard::delete_topic(std::string_view topic_arn) {
    std::lock_guard const lock(mutex_);
    return board_.delete_topic(topic_arn);
}

Result<ports::Page<std::string>, MessagingRefusal>
TopicBoard::list_topics(ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return board_.list_topics(page);
}

Result<ports::NamedTexts, MessagingRefusal>
TopicBoard::get_topic_attributes(std::string_view topic_arn) {
    std::lock_guard const lock(mutex_);
    return board_.topic_attributes(topic_arn);
}

Result<ports::TopicDescription, MessagingRefusal>
TopicBoard::describe_topic(std::string_view topic_arn) {
    std::lock_guard const lock(mutex_);
    return board_.describe_topic(topic_arn);
}

Result<void, MessagingRefusal> TopicBoard::set_topic_attribute(std::string_view topic_arn,
                                                               std::string_view attribute,
                                                               std::string_view value) {
    std::lock_guard const lock(mutex_);
    return board_.set_topic_attribute(topic_arn, attribute, value);
}

Result<ports::SubscriptionDescription, MessagingRefusal>
TopicBoard::subscribe(ports::SubscriptionWish const& wish) {
    std::lock_guard const lock(mutex_);
    return board_.subscribe(wish, clock_.now());
}

Result<std::optional<ports::SubscriptionDescription>, MessagingRefusal>
TopicBoard::check_subscription(ports::SubscriptionWish const& wish) {
    std::lock_guard const lock(mutex_);
    return board_.check_subscription(wish);
}

Result<ports::SubscriptionDescription, MessagingRefusal>
TopicBoard::confirm_subscription(std::string_view topic_arn, std::string_view token) {
    std::lock_guard const lock(mutex_);
    return board_.confirm(topic_arn, token, clock_.now());
}

Result<void, MessagingRefusal> TopicBoard::unsubscribe(std::string_view subscription_arn) {
    std::lock_guard const lock(mutex_);
    return board_.unsubscribe(subscription_arn);
}

Result<ports::Page<ports::SubscriptionDescription>, MessagingRefusal>
TopicBoard::list_subscriptions(std::string_view topic_arn, ports::PageWish const& page) {
    std::lock_guard const lock(mutex_);
    return board_.list_subscriptions(topic_arn, page);
}

Result<ports::NamedTexts, MessagingRefusal>
TopicBoard::get_subscription_attributes(std::string_view subscription_arn) {
    std::lock_guard const lock(mutex_);
    return board_.subscription_attributes(subscription_arn);
}

Result<void, MessagingRefusal>
TopicBoard::change_subscription(std::string_view subscription_arn,
                                ports::SubscriptionChange const& change) {
    std::lock_guard const lock(mutex_);
    return board_.change_subscription(subscription_arn, change);
}

Result<void, MessagingRefusal> TopicBoard::check_change(std::string_view subscription_arn,
                                                        ports::SubscriptionChange const& change) {
    std::lock_guard const lock(mutex_);
    return board_.check_change(subscription_arn, change);
}

Result<void, MessagingRefusal> TopicBoard::tag_resource(std::string_view arn,
                                                        std::vector<ports::Tag> const& tags) {
    std::lock_guard const lock(mutex_);
    return board_.tag(arn, tags);
}

Result<void, MessagingRefusal> TopicBoard::untag_resource(std::string_view arn,
                                                          std::vector<std::string> const& keys) {
    std::lock_guard const lock(mutex_);
    return board_.untag(arn, keys);
}

Result<std::vector<ports::Tag>, MessagingRefusal>
TopicBoard::list_tags_for_resource(std::string_view arn) {
    std::lock_guard const lock(mutex_);
    return board_.tags_of(arn);
}

} // namespace kontor::memory
