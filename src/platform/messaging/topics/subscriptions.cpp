#include "platform/messaging/topics/board.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/refusals.hpp"
#include "platform/routing/json_tree.hpp"
#include "ports/house_queues.hpp"

namespace kontor::topics {
namespace {

using ports::MessagingFault;
using ports::SubscriptionDescription;
using ports::SubscriptionState;
using ports::SubscriptionWish;

bool is_queue(std::string_view text) {
    auto const arn = ports::Arn::parse(text);
    return arn && arn->service == "sqs" && !ports::is_house_queue(arn->resource);
}

Answer<void> check_endpoint(SubscriptionWish const& wish, bool is_fifo) {
    auto const& endpoint = wish.endpoint;
    if (wish.protocol == "sqs") {
        if (!is_queue(endpoint))
            return refuse_parameter("SQS endpoint ARN");
        if (!is_fifo && endpoint.ends_with(".fifo"))
            return refuse_parameter("Endpoint Reason: FIFO SQS Queues can not be subscribed to "
                                    "standard SNS topics");
        return {};
    }
    if (is_fifo)
        return refuse_parameter(fmt::format("Protocol Reason: a FIFO topic delivers to queues, not "
                                            "by {}",
                                            wish.protocol));
    if (is_web(wish.protocol))
        return endpoint.starts_with(wish.protocol + "://")
                   ? Answer<void>()
                   : refuse_parameter("Endpoint must match the specified protocol");
    if (wish.protocol == "email" || wish.protocol == "email-json")
        return endpoint.find('@') != std::string::npos ? Answer<void>()
                                                       : refuse_parameter("Email address");
    return refuse_parameter(
        fmt::format("Amazon SNS does not support this protocol string: {}", wish.protocol));
}

/// The queue that a redrive policy names; empty: none.
Answer<std::string> dead_letters_in(std::string_view policy) {
    constexpr std::size_t depth_max = 2;
    if (policy.empty() || policy == "{}")
        return std::string();
    auto const tree = routing::read_json(policy, depth_max);
    bool const is_one = tree && tree->type == routing::JsonType::object && tree->keys.size() == 1 &&
                        tree->keys.front() == "deadLetterTargetArn";
    if (!is_one || !is_queue(tree->items.front().text))
        return refuse_parameter("RedrivePolicy: failed to parse JSON with a deadLetterTargetArn");
    return tree->items.front().text;
}

} // namespace

std::string Board::Subscription::filter() const {
    auto const found = attributes.find("FilterPolicy");
    return found == attributes.end() || is_for_all(found->second) ? std::string() : found->second;
}

Answer<Board::Subscription*> Board::find_subscription(std::string_view arn) {
    auto const found = subscriptions_.find(std::string(arn));
    if (found == subscriptions_.end())
        return refuse(MessagingFault::not_found, "Subscription does not exist");
    return &found->second;
}

Answer<Board::Subscription const*> Board::find_subscription(std::string_view arn) const {
    KONTOR_TRY(auto* const found, const_cast<Board*>(this)->find_subscription(arn));
    return found;
}

RetrySchedule Board::schedule_of(Subscription const& subscription) const {
    if (subscription.description.protocol == "sqs")
        return RetrySchedule::of_queues();
    auto const own = subscription.attributes.find("DeliveryPolicy");
    bool const has_own = own != subscription.attributes.end() && !own->second.empty();
    auto const policy =
        has_own ? own->second
                : topics_.at(subscription.description.topic_arn).attribute("DeliveryPolicy");
    return policy.empty() ? RetrySchedule::of_endpoints()
                          : RetrySchedule::parse(policy).value_or(RetrySchedule::of_endpoints());
}

/// The filter of a subscription among those of its topic.
Answer<void> Board::make_live(Topic& topic, Subscription const& subscription) {
    topic.audience.reset();
    auto const filter = subscription.filter();
    if (filter.empty())
        return {};
    auto& live = topic.filters[static_cast<std::size_t>(subscription.scope)].live;
    if (!live.put(subscription.number, filter))
        return refuse(MessagingFault::limit_exceeded, "Filter policy limit exceeded");
    return {};
}

void Board::make_dead(Topic& topic, Subscription const& subscription) {
    topic.audience.reset();
    for (auto& filters : topic.filters)
        filters.live.remove(subscription.number);
}

/// Changes an attribute of a subscription that is being made or changed: its filter is not live.
Answer<void> Board::set_attribute(Topic& topic, Subscription& subscription, std::string_view name,
                                  std::string_view value) {
    if (name != "FilterPolicy" && value.size() > attribute_value_size_max)
        return refuse_parameter(fmt::format("Attributes Reason: {} is too long", name));
    if (name == "FilterPolicyScope") {
        if (value != "MessageAttributes" && value != "MessageBody")
            return refuse_parameter(
                fmt::format("FilterPolicyScope: Invalid value [{}]. Please use either "
                            "MessageBody or MessageAttributes",
                            value));
        subscription.scope = value == "MessageBody" ? FilterScope::body : FilterScope::attributes;
    } else if (name == "RawMessageDelivery") {
        if (value != "true" && value != "false")
            return refuse_parameter("RawMessageDelivery: Invalid value, use true or false");
        subscription.is_raw = value == "true";
    } else if (name == "RedrivePolicy") {
        KONTOR_TRY(subscription.dead_letter_arn, dead_letters_in(value));
    } else if (name == "DeliveryPolicy") {
        if (subscription.description.protocol == "sqs")
            return refuse_parameter("DeliveryPolicy: not supported for queues");
        if (!value.empty())
            KONTOR_TRY(RetrySchedule::parse(value));
    } else if (name != "FilterPolicy" && name != "SubscriptionRoleArn") {
        return refuse_parameter("AttributeName");
    }
    auto const had_filter = subscription.filter();
    subscription.attributes.insert_or_assign(std::string(name), std::string(value));
    auto const filter = subscription.filter();
    if (!filter.empty())
        KONTOR_TRY(check_filter_policy(filter, subscription.scope));
    if (had_filter.empty() && !filter.empty() && topic.filter_count >= filters_of_topic_max)
        return refuse(MessagingFault::limit_exceeded, "Filter policy limit exceeded");
    return {};
}

Board::Subscription const* Board::same_subscription(Topic const& topic,
                                                    SubscriptionWish const& wish) const {
    for (auto const& [number, arn] : topic.subscriptions) {
        auto const& each = subscriptions_.at(arn);
        if (each.description.protocol == wish.protocol &&
            each.description.endpoint == wish.endpoint)
            return &each;
    }
    return nullptr;
}

Answer<SubscriptionDescription>
Board::subscribe_as(std::string const& arn, SubscriptionWish const& wish, Consent const& consent) {
    KONTOR_TRY(auto* const topic, find_topic(wish.topic_arn));
    KONTOR_TRY(check_endpoint(wish, topic->is_fifo()));
    if (auto const* const same = same_subscription(*topic, wish)) {
        if (!wish.attributes.empty() && same->attributes != wish.attributes)
            return refuse_parameter(
                "Attributes Reason: Subscription already exists with different attributes");
        return same->description;
    }
    if (topic->subscriptions.size() >= subscriptions_of_topic_max)
        return refuse(MessagingFault::limit_exceeded, "Subscription limit exceeded");
    Subscription made;
    made.number = last_number_ + 1;
    made.consent = consent;
    made.description = {arn,
                        wish.topic_arn,
                        wish.protocol,
                        wish.endpoint,
                        place_.account,
                        consent.is_pending() ? SubscriptionState::pending
                                             : SubscriptionState::confirmed};
    // The scope first: it says what a filter may be.
    if (auto const scope = wish.attributes.find("FilterPolicyScope");
        scope != wish.attributes.end())
        KONTOR_TRY(set_attribute(*topic, made, scope->first, scope->second));
    for (auto const& [name, value] : wish.attributes)
        KONTOR_TRY(set_attribute(*topic, made, name, value));
    KONTOR_TRY(make_live(*topic, made));
    ++last_number_;
    topic->filter_count += made.filter().empty() ? 0 : 1;
    topic->subscriptions.emplace(made.number, made.description.arn);
    auto& added = subscriptions_[made.description.arn] = std::move(made);
    return added.description;
}

Answer<void> Board::unsubscribe(std::string_view arn) {
    auto const found = subscriptions_.find(std::string(arn));
    if (found == subscriptions_.end())
        return {};
    auto const& subscription = found->second;
    if (subscription.is_of_topology)
        return refuse_owned(arn);
    auto& topic = topics_.at(subscription.description.topic_arn);
    make_dead(topic, subscription);
    topic.filter_count -= subscription.filter().empty() ? 0 : 1;
    topic.subscriptions.erase(subscription.number);
    ++topic.deleted_subscriptions;
    subscriptions_.erase(found);
    return {};
}

Answer<ports::Page<SubscriptionDescription>>
Board::list_subscriptions(std::string_view topic_arn, ports::PageWish const& wish) const {
    if (!topic_arn.empty())
        KONTOR_TRY(find_topic(topic_arn));
    if (wish.limit == 0 || wish.limit > ports::page_items_max)
        return refuse_parameter("Limit");
    ports::Page<SubscriptionDescription> page;
    for (auto at = subscriptions_.upper_bound(wish.after); at != subscriptions_.end(); ++at) {
        auto const& each = at->second.description;
        if ((!topic_arn.empty() && each.topic_arn != topic_arn) ||
            !each.arn.starts_with(wish.prefix))
            continue;
        if (page.items.size() == wish.limit) {
            page.next = page.items.back().arn;
            break;
        }
        page.items.push_back(each);
    }
    return page;
}

Answer<ports::NamedTexts> Board::subscription_attributes(std::string_view arn) const {
    KONTOR_TRY(auto const* const found, find_subscription(arn));
    auto shown = found->attributes;
    auto const& description = found->description;
    bool const is_pending = description.state == SubscriptionState::pending;
    shown["SubscriptionArn"] = description.arn;
    shown["TopicArn"] = description.topic_arn;
    shown["Protocol"] = description.protocol;
    shown["Endpoint"] = description.endpoint;
    shown["Owner"] = description.owner;
    shown["PendingConfirmation"] = is_pending ? "true" : "false";
    shown["ConfirmationWasAuthenticated"] = description.protocol == "sqs" ? "true" : "false";
    shown.emplace("RawMessageDelivery", "false");
    if (!found->filter().empty())
        shown.emplace("FilterPolicyScope", "MessageAttributes");
    return shown;
}

ports::NamedTexts Board::settings_of_subscription(std::string_view arn) const {
    auto const found = find_subscription(arn);
    return found ? (*found)->attributes : ports::NamedTexts();
}

Answer<void> Board::set_subscription_attribute(std::string_view arn, std::string_view attribute,
                                               std::string_view value) {
    KONTOR_TRY(auto* const found, find_subscription(arn));
    if (found->is_of_topology)
        return refuse_owned(arn);
    auto& topic = topics_.at(found->description.topic_arn);
    auto changed = *found;
    KONTOR_TRY(set_attribute(topic, changed, attribute, value));
    make_dead(topic, *found);
    if (auto live = make_live(topic, changed); !live) {
        auto const back = make_live(topic, *found);
        KONTOR_ASSERT(back.has_value(), "a filter that was live fits again");
        return live;
    }
    topic.filter_count -= found->filter().empty() ? 0 : 1;
    topic.filter_count += changed.filter().empty() ? 0 : 1;
    *found = std::move(changed);
    return {};
}

} // namespace kontor::topics
