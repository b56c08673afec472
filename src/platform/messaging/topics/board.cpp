#include "platform/messaging/topics/board.hpp"

#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/refusals.hpp"

#include <charconv>

namespace kontor::topics {
namespace {

using ports::MessagingFault;
using ports::NamedTexts;

/// What may be set of a topic; the first of them is understood here, the others are kept and shown.
constexpr std::string_view topic_attribute_names[] = {
    "DeliveryPolicy", "SignatureVersion",    "MaximumMessageSize",
    "FifoTopic",      "DisplayName",         "ContentBasedDeduplication",
    "Policy",         "KmsMasterKeyId",      "TracingConfig",
    "ArchivePolicy",  "DataProtectionPolicy"};

bool is_topic_name(std::string_view name) {
    auto stem = name;
    if (stem.ends_with(".fifo"))
        stem.remove_suffix(5);
    return !stem.empty() && name.size() <= topic_name_size_max &&
           std::all_of(stem.begin(), stem.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

bool is_truth(std::string_view value) {
    return value == "true" || value == "false";
}

Answer<void> check_topic_attribute(std::string_view name, std::string_view value) {
    auto const known =
        std::find(std::begin(topic_attribute_names), std::end(topic_attribute_names), name);
    if (known == std::end(topic_attribute_names))
        return refuse_parameter("AttributeName");
    if (value.size() > attribute_value_size_max)
        return refuse_parameter(fmt::format("Attributes Reason: {} is too long", name));
    if (name == "DeliveryPolicy" && !value.empty())
        if (auto schedule = RetrySchedule::parse(value); !schedule)
            return unexpected(std::move(schedule).error());
    if (name == "SignatureVersion" && value != "1" && value != "2")
        return refuse_parameter("Attributes Reason: SignatureVersion is 1 or 2");
    if ((name == "FifoTopic" || name == "ContentBasedDeduplication") && !is_truth(value))
        return refuse_parameter(fmt::format("Attributes Reason: {} is true or false", name));
    if (name != "MaximumMessageSize")
        return {};
    std::size_t size = 0;
    auto const [end, error] = std::from_chars(value.data(), value.data() + value.size(), size);
    if (error != std::errc{} || end != value.data() + value.size() || size < message_bytes_min ||
        size > message_bytes_max)
        return refuse_parameter("Attributes Reason: MaximumMessageSize is 1024 to 1048576");
    return {};
}

Answer<void> check_tags(std::vector<ports::Tag> const& tags) {
    for (auto const& each : tags)
        if (each.key.empty() || each.key.size() > ports::tag_key_size_max ||
            each.value.size() > ports::tag_value_size_max || each.key.starts_with("aws:"))
            return refuse_parameter(fmt::format("Tags Reason: `{}` is no tag key", each.key));
    return {};
}

} // namespace

Board::Board(ports::CloudPlace place, Random random, std::string token_key)
    : place_(std::move(place)), random_(random), token_key_(std::move(token_key)) {
    auto dice = random_.fork("key of tokens");
    if (token_key_.empty())
        token_key_ = fmt::format("{:016x}{:016x}{:016x}{:016x}", dice.next(), dice.next(),
                                 dice.next(), dice.next());
}

namespace {

/// A UUID of chance.
std::string uuid_of(Random& random) {
    auto const high = random.next();
    auto const low = random.next();
    return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", high >> 32, high >> 16 & 0xFFFF,
                       high & 0xFFF, (low >> 48 & 0x3FFF) | 0x8000, low & 0xFFFF'FFFF'FFFF);
}

/// A subscription of the topology is called the same at each start.
std::string arn_of_owned(std::string const& topic_arn, topology::Subscription const& owned) {
    auto random = Random(0).fork(fmt::format("{} {}", owned.topic, owned.queue));
    return topic_arn + ":" + uuid_of(random);
}

} // namespace

std::string Board::new_id() {
    return uuid_of(random_);
}

std::string Board::Topic::attribute(std::string const& name) const {
    auto const found = attributes.find(name);
    return found == attributes.end() ? std::string() : found->second;
}

void Board::adopt(topology::Topology const& topology) {
    auto const arn_of = [&](std::string_view service, std::string_view name) {
        return ports::Arn{std::string(service), place_, std::string(name)}.to_string();
    };
    for (auto const& topic : topology.topics) {
        auto const made =
            create_topic(topic.name,
                         {{"SignatureVersion", std::to_string(topic.signature_version)},
                          {"MaximumMessageSize", std::to_string(topic.message_bytes_max)}},
                         {});
        KONTOR_ASSERT(made.has_value(), "topic {}: {}", topic.name, made.error().what);
        topics_.at(*made).is_of_topology = true;
    }
    for (auto const& each : topology.subscriptions) {
        auto const body = each.scope == topology::FilterScope::body;
        auto const made =
            subscribe_as(arn_of_owned(arn_of("sns", each.topic), each),
                         {arn_of("sns", each.topic),
                          "sqs",
                          arn_of("sqs", each.queue),
                          {{"FilterPolicyScope", body ? "MessageBody" : "MessageAttributes"},
                           {"FilterPolicy", std::string(each.filter)},
                           {"RawMessageDelivery", each.is_raw ? "true" : "false"},
                           {"RedrivePolicy", R"({"deadLetterTargetArn":")" +
                                                 arn_of("sqs", each.dead_letters) + R"("})"}}},
                         {});
        KONTOR_ASSERT(made.has_value(), "a subscription of {}: {}", each.topic, made.error().what);
        subscriptions_.at(made->arn).description.is_of_topology = true;
    }
}

Answer<Board::Topic*> Board::find_topic(std::string_view arn) {
    auto const found = topics_.find(std::string(arn));
    if (found == topics_.end())
        return refuse(MessagingFault::not_found, "Topic does not exist");
    return &found->second;
}

Answer<Board::Topic const*> Board::find_topic(std::string_view arn) const {
    KONTOR_TRY(auto* const found, const_cast<Board*>(this)->find_topic(arn));
    return found;
}

Answer<std::string> Board::create_topic(std::string_view name, NamedTexts const& attributes,
                                        std::vector<ports::Tag> const& tags) {
    if (!is_topic_name(name))
        return refuse_parameter("Topic Name");
    for (auto const& [attribute, value] : attributes)
        KONTOR_TRY(check_topic_attribute(attribute, value));
    KONTOR_TRY(check_tags(tags));
    auto const fifo = attributes.find("FifoTopic");
    bool const wants_fifo = fifo != attributes.end() && fifo->second == "true";
    if (wants_fifo != name.ends_with(".fifo"))
        return refuse_parameter("Topic Name Reason: FIFO topics end in .fifo, others do not");
    auto const arn = ports::Arn{"sns", place_, std::string(name)}.to_string();
    if (auto const known = topics_.find(arn); known != topics_.end()) {
        for (auto const& [attribute, value] : attributes)
            if (known->second.attribute(attribute) != value)
                return refuse_parameter(
                    "Attributes Reason: Topic already exists with different attributes");
        return arn;
    }
    if (topics_.size() >= topics_max)
        return refuse(MessagingFault::limit_exceeded, "Topic limit exceeded");
    ++topics_made_;
    auto& topic = topics_[arn];
    topic.arn = arn;
    topic.attributes = attributes;
    for (auto const& tag : tags)
        topic.tags[tag.key] = tag.value;
    return arn;
}

Answer<void> Board::delete_topic(std::string_view arn) {
    auto const found = topics_.find(std::string(arn));
    if (found == topics_.end())
        return {};
    if (found->second.is_of_topology)
        return refuse_owned(arn);
    std::vector<std::string> arns;
    for (auto const& [number, subscription] : found->second.subscriptions)
        arns.push_back(subscription);
    for (auto const& subscription : arns)
        KONTOR_TRY(unsubscribe(subscription));
    topics_.erase(found);
    return {};
}

Answer<ports::Page<std::string>> Board::list_topics(ports::PageWish const& wish) const {
    if (wish.limit == 0 || wish.limit > ports::page_items_max)
        return refuse_parameter("Limit");
    ports::Page<std::string> page;
    for (auto at = topics_.upper_bound(wish.after); at != topics_.end(); ++at) {
        if (page.items.size() == wish.limit) {
            page.next = page.items.back();
            break;
        }
        if (at->first.starts_with(wish.prefix))
            page.items.push_back(at->first);
    }
    return page;
}

Answer<NamedTexts> Board::topic_attributes(std::string_view arn) const {
    KONTOR_TRY(auto const* const topic, find_topic(arn));
    auto shown = topic->attributes;
    shown["TopicArn"] = topic->arn;
    shown["Owner"] = place_.account;
    shown.emplace("DisplayName", "");
    shown.emplace("SignatureVersion", "2");
    shown.emplace("MaximumMessageSize", std::to_string(message_bytes_default));
    std::size_t pending = 0;
    for (auto const& [number, subscription] : topic->subscriptions)
        pending +=
            subscriptions_.at(subscription).description.state == ports::SubscriptionState::pending
                ? 1
                : 0;
    shown["SubscriptionsPending"] = std::to_string(pending);
    shown["SubscriptionsConfirmed"] = std::to_string(topic->subscriptions.size() - pending);
    shown["SubscriptionsDeleted"] = std::to_string(topic->deleted_subscriptions);
    return shown;
}

Answer<ports::TopicDescription> Board::describe_topic(std::string_view arn) const {
    KONTOR_TRY(auto const* const topic, find_topic(arn));
    KONTOR_TRY(auto shown, topic_attributes(arn));
    return ports::TopicDescription{topic->arn, std::move(shown), topic->published,
                                   topic->is_of_topology};
}

ports::NamedTexts Board::settings_of_topic(std::string_view arn) const {
    auto const topic = find_topic(arn);
    return topic ? (*topic)->attributes : ports::NamedTexts();
}

Answer<void> Board::set_topic_attribute(std::string_view arn, std::string_view attribute,
                                        std::string_view value) {
    KONTOR_TRY(auto* const topic, find_topic(arn));
    if (topic->is_of_topology)
        return refuse_owned(arn);
    if (attribute == "FifoTopic")
        return refuse_parameter("AttributeName");
    KONTOR_TRY(check_topic_attribute(attribute, value));
    topic->attributes.insert_or_assign(std::string(attribute), std::string(value));
    return {};
}

Answer<void> Board::tag(std::string_view arn, std::vector<ports::Tag> const& tags) {
    KONTOR_TRY(auto* const topic, find_topic(arn));
    KONTOR_TRY(check_tags(tags));
    auto changed = topic->tags;
    for (auto const& each : tags)
        changed[each.key] = each.value;
    if (changed.size() > ports::tags_max)
        return refuse(MessagingFault::limit_exceeded,
                      "Could not complete request: tag quota of 50");
    topic->tags = std::move(changed);
    return {};
}

Answer<void> Board::untag(std::string_view arn, std::vector<std::string> const& keys) {
    KONTOR_TRY(auto* const topic, find_topic(arn));
    for (auto const& key : keys)
        topic->tags.erase(key);
    return {};
}

Answer<std::vector<ports::Tag>> Board::tags_of(std::string_view arn) const {
    KONTOR_TRY(auto const* const topic, find_topic(arn));
    std::vector<ports::Tag> tags;
    for (auto const& [key, value] : topic->tags)
        tags.push_back({key, value});
    return tags;
}

} // namespace kontor::topics
