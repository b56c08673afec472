#include "adapters/aws_wire/sqs_messages.hpp"

#include "adapters/aws_wire/digests.hpp"
#include "adapters/aws_wire/message_attributes.hpp"
#include "adapters/aws_wire/message_md5.hpp"
#include "codec/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kontor::aws_wire {
namespace {

using ports::MessageAttribute;
using ports::MessageAttributes;

constexpr std::string_view trace_name = "AWSTraceHeader";
/// So many milliseconds of delay or visibility are looked at by the queue; more no queue has.
constexpr std::int64_t seconds_most = 1'000'000'000;

constexpr std::array<std::string_view, 9> system_names{
    "ApproximateReceiveCount",  "ApproximateFirstReceiveTimestamp", "SentTimestamp",  "SenderId",
    "MessageGroupId",           "MessageDeduplicationId",           "SequenceNumber", trace_name,
    "DeadLetterQueueSourceArn",
};

MessageAttributes system_attributes_of(ports::OutgoingMessage const& message) {
    if (message.trace_header.empty())
        return {};
    return {{std::string(trace_name), "String", message.trace_header}};
}

Value attribute_value(MessageAttribute const& attribute) {
    auto object = Value::object();
    if (is_binary(attribute)) {
        std::string text;
        codec::append_base64(text, {reinterpret_cast<std::uint8_t const*>(attribute.value.data()),
                                    attribute.value.size()});
        object.set("BinaryValue", Value::text(std::move(text)));
    } else {
        object.set("StringValue", attribute.value);
    }
    object.set("DataType", attribute.type);
    return object;
}

bool meets_wish(std::string_view wish, std::string_view name) {
    if (wish == "All" || wish == ".*")
        return true;
    if (wish.ends_with(".*"))
        return name.starts_with(wish.substr(0, wish.size() - 2));
    if (wish.ends_with('*'))
        return name.starts_with(wish.substr(0, wish.size() - 1));
    return wish == name;
}

std::string milliseconds_text(Instant at) {
    return std::to_string(at.unix_milliseconds());
}

/// Empty: the message has no such attribute.
std::string system_value(ports::ReceivedMessage const& message, std::string_view name,
                         ports::CloudPlace const& place) {
    if (name == "ApproximateReceiveCount")
        return std::to_string(message.receive_count);
    if (name == "ApproximateFirstReceiveTimestamp")
        return milliseconds_text(message.first_received_at);
    if (name == "SentTimestamp")
        return milliseconds_text(message.sent_at);
    if (name == "SenderId")
        return std::string(message.sender.view());
    if (name == "MessageGroupId")
        return message.group_id;
    if (name == "MessageDeduplicationId")
        return message.deduplication_id;
    if (name == trace_name)
        return message.trace_header;
    if (name == "DeadLetterQueueSourceArn")
        return message.dead_letter_source.empty()
                   ? std::string()
                   : arn_of(place, message.dead_letter_source.view());
    bool const is_in_group = !message.group_id.empty() && !message.deduplication_id.empty();
    return is_in_group ? fmt::format("{:020}", message.sequence.value()) : std::string();
}

} // namespace

Wired<ports::OutgoingMessage> read_message(Params const& params) {
    ports::OutgoingMessage message;
    KONTOR_TRY(auto body, params.text("MessageBody"));
    if (!body)
        return unexpected(missing_parameter("MessageBody"));
    message.body = *std::move(body);
    KONTOR_TRY(message.attributes, read_message_attributes(params, "MessageAttributes"));
    KONTOR_TRY(auto const delay, params.number("DelaySeconds", {-seconds_most, seconds_most}));
    if (delay)
        message.delay = Duration::seconds(*delay);
    KONTOR_TRY(auto group, params.text("MessageGroupId"));
    KONTOR_TRY(auto deduplication, params.text("MessageDeduplicationId"));
    message.group_id = group.value_or("");
    message.deduplication_id = deduplication.value_or("");
    KONTOR_TRY(auto const system, read_message_attributes(params, "MessageSystemAttributes"));
    for (auto const& attribute : system) {
        if (attribute.name != trace_name || attribute.type != "String")
            return unexpected(wire_error(
                "InvalidParameterValue",
                fmt::format("Message system attribute name '{}' is invalid.", attribute.name)));
        message.trace_header = attribute.value;
    }
    return message;
}

std::size_t size_of(ports::OutgoingMessage const& message) {
    auto size = message.body.size();
    for (auto const& attribute : message.attributes)
        size += attribute.name.size() + attribute.type.size() + attribute.value.size();
    return size;
}

Value sent_value(ports::OutgoingMessage const& message, ports::SentMessage const& sent,
                 bool is_fifo) {
    auto object = Value::object();
    object.set("MessageId", ports::uuid_text(sent.id.value()));
    object.set("MD5OfMessageBody", md5_hex(message.body));
    if (!message.attributes.empty())
        object.set("MD5OfMessageAttributes", md5_of_attributes(message.attributes));
    if (auto const system = system_attributes_of(message); !system.empty())
        object.set("MD5OfMessageSystemAttributes", md5_of_attributes(system));
    if (is_fifo)
        object.set("SequenceNumber", fmt::format("{:020}", sent.sequence.value()));
    return object;
}

Wired<WantedAttributes> read_wanted(Params const& params) {
    WantedAttributes wanted;
    KONTOR_TRY(wanted.system, params.texts("AttributeNames"));
    KONTOR_TRY(auto const more, params.texts("MessageSystemAttributeNames"));
    wanted.system.insert(wanted.system.end(), more.begin(), more.end());
    for (auto const& name : wanted.system)
        if (name != "All" && std::ranges::find(system_names, name) == system_names.end())
            return unexpected(
                wire_error("InvalidAttributeName", fmt::format("Unknown Attribute {}.", name)));
    KONTOR_TRY(wanted.message, params.texts("MessageAttributeNames"));
    return wanted;
}

MessageAttributes wanted_of(MessageAttributes const& attributes,
                            std::vector<std::string> const& names) {
    MessageAttributes found;
    for (auto const& attribute : attributes)
        if (std::ranges::any_of(names,
                                [&](auto const& wish) { return meets_wish(wish, attribute.name); }))
            found.push_back(attribute);
    return found;
}

Value received_value(ports::ReceivedMessage const& message, WantedAttributes const& wanted,
                     ports::CloudPlace const& place) {
    auto object = Value::object();
    object.set("MessageId", ports::uuid_text(message.id.value()));
    object.set("ReceiptHandle", message.receipt.view());
    object.set("MD5OfBody", md5_hex(message.body));
    object.set("Body", message.body);
    auto system = Value::map();
    bool const wants_all = std::ranges::find(wanted.system, "All") != wanted.system.end();
    for (auto const name : system_names) {
        if (!wants_all && std::ranges::find(wanted.system, name) == wanted.system.end())
            continue;
        if (auto value = system_value(message, name, place); !value.empty())
            system.set(name, Value::text(std::move(value)));
    }
    if (!system.members().empty())
        object.set("Attributes", std::move(system));
    auto const shown = wanted_of(message.attributes, wanted.message);
    if (shown.empty())
        return object;
    object.set("MD5OfMessageAttributes", md5_of_attributes(shown));
    auto attributes = Value::map();
    for (auto const& attribute : shown)
        attributes.set(attribute.name, attribute_value(attribute));
    object.set("MessageAttributes", std::move(attributes));
    return object;
}

} // namespace kontor::aws_wire
