#include "platform/messaging/topics/messages.hpp"

#include "platform/messaging/topics/filter_policy.hpp"
#include "platform/messaging/topics/limits.hpp"
#include "platform/routing/json_tree.hpp"
#include "platform/routing/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <set>

namespace kontor::topics {
namespace {

constexpr std::size_t depth_of_structure = 2;

ports::PublishRefusal refuse(std::string_view reason) {
    return {"InvalidParameter", fmt::format("Invalid parameter: {}", reason)};
}

/// Most texts are ASCII: eight bytes at a time.
bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        std::uint64_t eight = 0x80;
        if (text.size() >= sizeof eight)
            std::memcpy(&eight, text.data(), sizeof eight);
        if ((eight & 0x8080'8080'8080'8080) == 0) {
            text.remove_prefix(sizeof eight);
            continue;
        }
        auto const length = routing::utf8_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

bool is_subject(std::string_view subject) {
    return routing::count_characters(subject) <= subject_size_max && is_utf8(subject) &&
           std::none_of(subject.begin(), subject.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

bool is_attribute_name(std::string_view name) {
    auto const starts = [&](std::string_view reserved) {
        return name.size() >= reserved.size() &&
               std::equal(reserved.begin(), reserved.end(), name.begin(), [](char a, char b) {
                   return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 'a' - 'A') : b);
               });
    };
    return !name.empty() && name.size() <= attribute_name_size_max && name.front() != '.' &&
           name.back() != '.' && name.find("..") == std::string_view::npos && !starts("aws.") &&
           !starts("amazon.") && std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.' || c == '-';
           });
}

std::optional<std::string> attribute_fault(ports::MessageAttribute const& each) {
    if (!is_attribute_name(each.name))
        return fmt::format("The message attribute name `{}` is invalid", each.name);
    auto const kind = each.type.substr(0, each.type.find('.'));
    if (each.value.empty())
        return fmt::format("The message attribute '{}' must contain a non-empty value", each.name);
    if (each.type == "String.Array")
        return is_array_of_scalars(each.value)
                   ? std::nullopt
                   : std::optional(fmt::format("The value of '{}' is no array of strings, numbers, "
                                               "booleans and nulls",
                                               each.name));
    if (kind == "Number" && !is_number(each.value))
        return fmt::format("Could not cast message attribute '{}' value to number.", each.name);
    if (kind == "String" && !is_utf8(each.value))
        return fmt::format("The value of '{}' is no UTF-8", each.name);
    if (kind != "String" && kind != "Number" && kind != "Binary")
        return fmt::format("The message attribute '{}' has an invalid message attribute type",
                           each.name);
    return std::nullopt;
}

std::optional<std::string> attributes_fault(ports::MessageAttributes const& attributes) {
    std::set<std::string_view> names;
    for (auto const& each : attributes) {
        if (auto fault = attribute_fault(each))
            return fault;
        if (!names.insert(each.name).second)
            return fmt::format("The message attribute '{}' is given twice", each.name);
    }
    return std::nullopt;
}

/// The text that a message by protocol has under a name.
std::optional<std::string> text_under(std::string_view body, std::string_view name) {
    auto const tree = routing::read_json(body, depth_of_structure);
    if (!tree || tree->type != routing::JsonType::object)
        return std::nullopt;
    for (std::size_t i = 0; i < tree->keys.size(); ++i)
        if (tree->keys[i] == name && tree->items[i].type == routing::JsonType::text)
            return tree->items[i].text;
    return std::nullopt;
}

std::optional<std::string> sequence_fault(ports::TopicMessage const& message,
                                          MessageBounds const& bounds) {
    constexpr std::size_t id_size_max = 128;
    if (message.group_id.size() > id_size_max || message.deduplication_id.size() > id_size_max)
        return "MessageGroupId and MessageDeduplicationId have at most 128 characters";
    if (bounds.is_fifo && message.group_id.empty())
        return "The MessageGroupId parameter is required for FIFO topics";
    if (bounds.is_fifo && message.deduplication_id.empty() && !bounds.deduplicates_by_content)
        return "The topic should either have ContentBasedDeduplication enabled or "
               "MessageDeduplicationId provided explicitly";
    if (!bounds.is_fifo && !message.deduplication_id.empty())
        return "MessageDeduplicationId Reason: The request includes MessageDeduplicationId "
               "parameter that is not valid for this topic type";
    return std::nullopt;
}

} // namespace

MessageBounds bounds_of(std::string_view topic_arn, ports::NamedTexts const& attributes) {
    auto const said = [&](char const* name) {
        auto const found = attributes.find(name);
        return found == attributes.end() ? std::string() : found->second;
    };
    MessageBounds bounds{message_bytes_default, topic_arn.ends_with(".fifo"),
                         said("ContentBasedDeduplication") == "true"};
    auto const size = said("MaximumMessageSize");
    std::from_chars(size.data(), size.data() + size.size(), bounds.bytes_max);
    return bounds;
}

std::size_t message_size(ports::TopicMessage const& message) {
    auto size = message.body.size();
    for (auto const& each : message.attributes)
        size += each.name.size() + each.type.size() + each.value.size();
    return size;
}

std::optional<ports::PublishRefusal> message_fault(ports::TopicMessage const& message,
                                                   MessageBounds const& bounds) {
    if (message.body.empty())
        return refuse("Empty message");
    if (message_size(message) > bounds.bytes_max)
        return refuse("Message too long");
    if (!is_utf8(message.body))
        return refuse("Message is no UTF-8");
    if (!is_subject(message.subject))
        return refuse("Subject");
    if (auto const fault = attributes_fault(message.attributes))
        return ports::PublishRefusal{"ParameterValueInvalid", *fault};
    if (message.is_by_protocol && !text_under(message.body, "default"))
        return refuse("Message Structure - No default entry in JSON message body");
    if (auto const fault = sequence_fault(message, bounds))
        return refuse(*fault);
    return std::nullopt;
}

std::string text_for(ports::TopicMessage const& message, std::string_view protocol) {
    if (!message.is_by_protocol)
        return message.body;
    if (auto own = text_under(message.body, protocol))
        return *std::move(own);
    return text_under(message.body, "default").value_or(message.body);
}

} // namespace kontor::topics
