/// The operations of SNS on messages and subscriptions.

#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/message_attributes.hpp"
#include "adapters/aws_wire/messaging_texts.hpp"
#include "adapters/aws_wire/sns.hpp"
#include "adapters/aws_wire/sqs_entries.hpp"

#include <fmt/format.h>

namespace kontor::aws_wire {
namespace {

using ports::TopicMessage;

constexpr std::string_view pending_arn = "pending confirmation";

/// In SNS's words, whoever read it.
WireError in_sns_words(WireError error) {
    if (error.code == "InvalidParameterValue")
        error.code = "ParameterValueInvalid";
    return error;
}

Wired<TopicMessage> read_message(Params const& params) {
    TopicMessage message;
    KONTOR_TRY(auto body, params.text("Message"));
    KONTOR_TRY(auto subject, params.text("Subject"));
    KONTOR_TRY(auto const structure, params.text("MessageStructure"));
    KONTOR_TRY(auto group, params.text("MessageGroupId"));
    KONTOR_TRY(auto deduplication, params.text("MessageDeduplicationId"));
    auto attributes = read_message_attributes(params, "MessageAttributes");
    if (!attributes)
        return unexpected(in_sns_words(std::move(attributes).error()));
    if (structure && !structure->empty() && *structure != "json")
        return unexpected(wire_error("InvalidParameter", "Invalid parameter: MessageStructure "
                                                         "Reason: it is json, if provided"));
    message.body = body.value_or("");
    message.subject = subject.value_or("");
    message.attributes = *std::move(attributes);
    message.is_by_protocol = structure == "json";
    message.group_id = group.value_or("");
    message.deduplication_id = deduplication.value_or("");
    return message;
}

/// Whether the caller may send to where a redrive policy has dead letters go. What is no policy
/// subscriptions refuse; what they might read otherwise than is read here, this does.
/// Errors: InvalidParameter, AccessDenied.
Wired<void> permit_dead_letters(Call const& call, std::string const& policy) {
    auto const read = read_json(policy);
    if (!read)
        return unexpected(wire_error("InvalidParameter", "Invalid parameter: RedrivePolicy: failed "
                                                         "to parse JSON"));
    for (auto const& [name, value] : read->members())
        if (value.kind() == ValueKind::text)
            KONTOR_TRY(permit_sending(call, value.text()));
    return {};
}

Value published_value(ports::Published const& published) {
    auto object = Value::object();
    object.set("MessageId", published.message_id);
    set_unless_empty(object, "SequenceNumber", published.sequence_number);
    return object;
}

Value subscription_value(ports::SubscriptionDescription const& subscription) {
    bool const is_pending = subscription.state == ports::SubscriptionState::pending;
    auto object = Value::object();
    object.set("SubscriptionArn", is_pending ? "PendingConfirmation" : subscription.arn);
    object.set("Owner", subscription.owner).set("Protocol", subscription.protocol);
    object.set("Endpoint", subscription.endpoint).set("TopicArn", subscription.topic_arn);
    return object;
}

} // namespace

Wired<Value> Sns::publish(Call const& call) {
    auto const* const name = call.params.has("TargetArn") ? "TargetArn" : "TopicArn";
    KONTOR_TRY(auto const arn, arn_in(call, name));
    KONTOR_TRY(auto message, read_message(call.params));
    message.id = "1";
    auto const outcomes = doors_.topic.publish(arn, std::span(&message, 1));
    if (!outcomes)
        return unexpected(sns_error(outcomes.error()));
    auto const& only = outcomes->front();
    if (!only)
        return unexpected(WireError{
            only.error().code, {}, only.error().what, 400, only.error().is_senders_fault});
    return published_value(*only);
}

Wired<Value> Sns::publish_batch(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "TopicArn"));
    KONTOR_TRY(auto const each, call.params.objects("PublishBatchRequestEntries"));
    if (each.empty())
        return unexpected(
            wire_error("EmptyBatchRequest", "The batch request doesn't contain any entries."));
    if (each.size() > ports::publish_messages_max)
        return unexpected(wire_error("TooManyEntriesInBatchRequest",
                                     "The batch request contains more entries than permissible."));
    std::vector<TopicMessage> messages;
    for (auto const& [name, content] : each) {
        KONTOR_TRY(auto message, read_message(content));
        KONTOR_TRY(message.id, read_batch_id(content));
        for (auto const& other : messages)
            if (other.id == message.id)
                return unexpected(wire_error("BatchEntryIdsNotDistinct",
                                             fmt::format("Id {} repeated.", message.id)));
        messages.push_back(std::move(message));
    }
    auto const outcomes = doors_.topic.publish(arn, messages);
    if (!outcomes)
        return unexpected(sns_error(outcomes.error()));
    auto successful = Value::list();
    auto failed = Value::list();
    for (std::size_t i = 0; i < messages.size(); ++i) {
        auto const& outcome = (*outcomes)[i];
        auto entry = Value::object();
        entry.set("Id", messages[i].id);
        if (outcome) {
            auto const published = published_value(*outcome);
            for (auto const& [name, value] : published.members())
                entry.set(name, value);
            successful.add(std::move(entry));
            continue;
        }
        entry.set("Code", outcome.error().code).set("Message", outcome.error().what);
        entry.set("SenderFault", Value::boolean(outcome.error().is_senders_fault));
        failed.add(std::move(entry));
    }
    return Value::object()
        .set("Successful", std::move(successful))
        .set("Failed", std::move(failed));
}

Wired<Value> Sns::subscribe(Call const& call) {
    ports::SubscriptionWish wish;
    KONTOR_TRY(wish.topic_arn, arn_in(call, "TopicArn"));
    KONTOR_TRY(auto protocol, call.params.text("Protocol"));
    KONTOR_TRY(auto endpoint, call.params.text("Endpoint"));
    KONTOR_TRY(wish.attributes, call.params.named_texts("Attributes"));
    KONTOR_TRY(auto const wants_arn, call.params.boolean("ReturnSubscriptionArn"));
    wish.protocol = protocol.value_or("");
    wish.endpoint = endpoint.value_or("");
    KONTOR_TRY(permit_sending(call, wish.endpoint));
    if (auto const policy = wish.attributes.find("RedrivePolicy"); policy != wish.attributes.end())
        KONTOR_TRY(permit_dead_letters(call, policy->second));
    auto const made = doors_.subscriptions.subscribe(wish);
    if (!made) {
        bool const is_filter = made.error().what.find("ilter") != std::string::npos;
        return unexpected(sns_error(made.error(), is_filter ? "FilterPolicyLimitExceeded"
                                                            : "SubscriptionLimitExceeded"));
    }
    bool const shows_arn =
        made->state == ports::SubscriptionState::confirmed || wants_arn.value_or(false);
    return Value::object().set("SubscriptionArn",
                               shows_arn ? std::string_view(made->arn) : pending_arn);
}

Wired<Value> Sns::confirm(Call const& call) {
    KONTOR_TRY(auto const topic, arn_in(call, "TopicArn"));
    KONTOR_TRY(auto const token, call.params.text("Token"));
    KONTOR_TRY(auto const guards, call.params.text("AuthenticateOnUnsubscribe"));
    if (guards == "true") // what nobody keeps nobody may order
        return unexpected(wire_error("InvalidParameter",
                                     "Invalid parameter: AuthenticateOnUnsubscribe Reason: whoever "
                                     "has its ARN may end a subscription here"));
    auto const confirmed = doors_.subscriptions.confirm_subscription(topic, token.value_or(""));
    if (!confirmed)
        return unexpected(sns_error(confirmed.error()));
    return Value::object().set("SubscriptionArn", confirmed->arn);
}

Wired<Value> Sns::unsubscribe(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "SubscriptionArn"));
    if (auto const done = doors_.subscriptions.unsubscribe(arn); !done)
        return unexpected(sns_error(done.error()));
    return Value();
}

Wired<Value> Sns::list_from(Call const& call, std::string const& topic) {
    KONTOR_TRY(auto const page, read_page(call.params, {}));
    auto const found = doors_.subscriptions.list_subscriptions(topic, page);
    if (!found)
        return unexpected(sns_error(found.error()));
    return page_value(*found, "Subscriptions", subscription_value);
}

Wired<Value> Sns::list_subscriptions(Call const& call) {
    KONTOR_TRY(permit(call, "sns", "*"));
    return list_from(call, {});
}

Wired<Value> Sns::list_subscriptions_by_topic(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "TopicArn"));
    return list_from(call, arn);
}

Wired<Value> Sns::get_subscription_attributes(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "SubscriptionArn"));
    auto const found = doors_.subscriptions.get_subscription_attributes(arn);
    if (!found)
        return unexpected(sns_error(found.error()));
    auto map = Value::map();
    for (auto const& [name, value] : *found)
        map.set(name, value);
    return Value::object().set("Attributes", std::move(map));
}

Wired<Value> Sns::set_subscription_attributes(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "SubscriptionArn"));
    KONTOR_TRY(auto const name, call.params.text("AttributeName"));
    KONTOR_TRY(auto const value, call.params.text("AttributeValue"));
    if (name == "RedrivePolicy")
        KONTOR_TRY(permit_dead_letters(call, value.value_or("")));
    auto const done = doors_.subscriptions.change_subscription(
        arn, {{{name.value_or(""), value.value_or("")}}, {}});
    if (!done)
        return unexpected(sns_error(done.error(), "FilterPolicyLimitExceeded"));
    return Value();
}

} // namespace kontor::aws_wire
