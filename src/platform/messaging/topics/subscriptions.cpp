#include "platform/messaging/topics/board.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/redrive_policy.hpp"
#include "platform/messaging/topics/refusals.hpp"

namespace kontor::topics {
namespace {

using ports::MessagingFault;
using ports::SubscriptionDescription;
using ports::SubscriptionState;
using ports::SubscriptionWish;

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

Answer<void> Board::set_attributes(Topic const& topic, Subscription& subscription,
                                   ports::NamedTexts const& attributes) const {
    auto const had_filter = subscription.filter();
    for (auto const& [name, value] : attributes) {
        KONTOR_TRY(take_attribute(subscription, name, value));
    }
    // The scope says what a filter may be, so it is looked at when both stand.
    auto const filter = subscription.filter();
    if (!filter.empty())
        KONTOR_TRY(check_filter_policy(filter, subscription.scope));
    if (had_filter.empty() && !filter.empty() && topic.filter_count >= filters_of_topic_max)
        return refuse(MessagingFault::limit_exceeded, "Filter policy limit exceeded");
    return {};
}

/// Takes what an attribute says; its filter is not live and not checked yet.
Answer<void> Board::take_attribute(Subscription& subscription, std::string const& name,
                                   std::string const& value) {
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
    subscription.attributes.insert_or_assign(name, value);
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

Answer<Board::Planned> Board::plan(SubscriptionWish const& wish, Consent const& consent) const {
    KONTOR_TRY(auto const* const topic, find_topic(wish.topic_arn));
    KONTOR_TRY(check_endpoint(wish, topic->is_fifo()));
    if (auto const* const same = same_subscription(*topic, wish)) {
        if (!wish.attributes.empty() && same->attributes != wish.attributes)
            return refuse(MessagingFault::already_exists,
                          "Invalid parameter: Attributes Reason: Subscription already exists with "
                          "different attributes");
        return Planned{same, {}};
    }
    if (topic->subscriptions.size() >= subscriptions_of_topic_max)
        return refuse(MessagingFault::limit_exceeded, "Subscription limit exceeded");
    Planned planned;
    auto& made = planned.made;
    made.number = last_number_ + 1;
    made.consent = consent;
    made.published_before = topic->published;
    made.description = {"",
                        wish.topic_arn,
                        wish.protocol,
                        wish.endpoint,
                        place_.account,
                        consent.is_pending() ? SubscriptionState::pending
                                             : SubscriptionState::confirmed};
    made.description.version = 1;
    KONTOR_TRY(set_attributes(*topic, made, wish.attributes));
    return planned;
}

Answer<std::optional<SubscriptionDescription>>
Board::check_subscription(SubscriptionWish const& wish) const {
    KONTOR_TRY(auto const planned, plan(wish, {}));
    return planned.standing == nullptr ? std::nullopt
                                       : std::optional(planned.standing->description);
}

Answer<SubscriptionDescription>
Board::subscribe_as(std::string const& arn, SubscriptionWish const& wish, Consent const& consent) {
    KONTOR_TRY(auto planned, plan(wish, consent));
    if (planned.standing != nullptr)
        return planned.standing->description;
    auto& topic = topics_.at(wish.topic_arn);
    auto& made = planned.made;
    made.description.arn = arn;
    KONTOR_TRY(make_live(topic, made));
    ++last_number_;
    topic.filter_count += made.filter().empty() ? 0 : 1;
    topic.subscriptions.emplace(made.number, arn);
    auto& added = subscriptions_[arn] = std::move(made);
    return added.description;
}

Answer<void> Board::unsubscribe(std::string_view arn) {
    auto const found = subscriptions_.find(std::string(arn));
    if (found == subscriptions_.end())
        return {};
    auto const& subscription = found->second;
    if (subscription.description.is_of_topology)
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
        page.items.push_back(describe(at->second));
    }
    return page;
}

/// What it was not handed of what was published it did not want.
SubscriptionDescription Board::describe(Subscription const& subscription) const {
    auto described = subscription.description;
    auto const& topic = topics_.at(described.topic_arn);
    if (described.state == SubscriptionState::confirmed)
        described.filtered = topic.published - subscription.published_before - described.matched;
    return described;
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

/// As it would stand.   Errors: as ports::Subscriptions::change_subscription.
Answer<Board::Subscription> Board::plan_change(Subscription const& standing,
                                               ports::SubscriptionChange const& change) const {
    auto const& described = standing.description;
    if (described.is_of_topology)
        return refuse_owned(described.arn);
    if (change.version && *change.version != described.version)
        return refuse(MessagingFault::concurrent_modification,
                      fmt::format("The subscription was changed: it stands at version {}.",
                                  described.version));
    auto changed = standing;
    KONTOR_TRY(set_attributes(topics_.at(described.topic_arn), changed, change.attributes));
    return changed;
}

Answer<void> Board::check_change(std::string_view arn,
                                 ports::SubscriptionChange const& change) const {
    KONTOR_TRY(auto const* const found, find_subscription(arn));
    KONTOR_TRY(plan_change(*found, change));
    return {};
}

Answer<void> Board::change_subscription(std::string_view arn,
                                        ports::SubscriptionChange const& change) {
    KONTOR_TRY(auto* const found, find_subscription(arn));
    KONTOR_TRY(auto changed, plan_change(*found, change));
    if (changed.attributes == found->attributes)
        return {};
    auto& topic = topics_.at(found->description.topic_arn);
    make_dead(topic, *found);
    if (auto live = make_live(topic, changed); !live) {
        auto const back = make_live(topic, *found);
        KONTOR_ASSERT(back.has_value(), "a filter that was live fits again");
        return live;
    }
    topic.filter_count -= found->filter().empty() ? 0 : 1;
    topic.filter_count += changed.filter().empty() ? 0 : 1;
    ++changed.description.version;
    *found = std::move(changed);
    return {};
}

} // namespace kontor::topics
