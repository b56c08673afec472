#include "platform/messaging/queues/checks.hpp"

#include "platform/messaging/queues/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace kontor::queues {
namespace {

using ports::QueueError;
using ports::QueueKind;

Unexpected<ports::QueueRefusal> refuse(QueueError error, std::string what) {
    return unexpected(ports::QueueRefusal{error, std::move(what)});
}

bool is_alphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_of_attribute(std::string_view name) {
    if (name.empty() || name.size() > attribute_name_max || name.front() == '.' ||
        name.back() == '.' || name.find("..") != std::string_view::npos)
        return false;
    return std::ranges::all_of(
        name, [](char c) { return is_alphanumeric(c) || c == '_' || c == '.' || c == '-'; });
}

bool begins_reserved(std::string_view name) {
    auto begins = [&](std::string_view word) {
        return name.size() >= word.size() &&
               std::ranges::equal(name.substr(0, word.size()), word, [](char a, char b) {
                   return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
               });
    };
    return begins("aws.") || begins("amazon.");
}

/// "String", "Number", "Binary", each perhaps with a label behind a period.
bool is_type(std::string_view type) {
    auto const base = type.substr(0, type.find('.'));
    return type.size() <= attribute_type_max &&
           (base == "String" || base == "Number" || base == "Binary");
}

std::size_t count_digits(std::string_view text) {
    return std::min(text.find_first_not_of("0123456789"), text.size());
}

/// A sign, digits with a point among them, an exponent: how large it may be nobody says.
bool is_number(std::string_view text) {
    auto const drop_sign = [&] {
        if (text.starts_with('-') || text.starts_with('+'))
            text.remove_prefix(1);
    };
    drop_sign();
    auto digits = count_digits(text);
    text.remove_prefix(digits);
    if (text.starts_with('.')) {
        auto const decimals = count_digits(text.substr(1));
        text.remove_prefix(1 + decimals);
        digits += decimals;
    }
    if (digits == 0 || text.empty())
        return digits > 0;
    if (text.front() != 'e' && text.front() != 'E')
        return false;
    text.remove_prefix(1);
    drop_sign();
    return !text.empty() && count_digits(text) == text.size();
}

Checked check_attribute(ports::MessageAttribute const& attribute) {
    if (!is_name_of_attribute(attribute.name) || begins_reserved(attribute.name))
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("Message attribute name '{}' is invalid.", attribute.name));
    if (!is_type(attribute.type))
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("The type of message attribute '{}' is invalid: it starts with "
                                  "String, Number or Binary.",
                                  attribute.name));
    if (attribute.value.empty())
        return refuse(
            QueueError::invalid_parameter_value,
            fmt::format("Message attribute '{}' must contain a non-empty value.", attribute.name));
    if (attribute.type.starts_with("Number") && !is_number(attribute.value))
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("Can't cast the value of message (user) attribute '{}' to a "
                                  "number.",
                                  attribute.name));
    if (!attribute.type.starts_with("Binary") && !is_sendable_text(attribute.value))
        return refuse(
            QueueError::invalid_parameter_value,
            fmt::format("Message attribute '{}' has invalid characters.", attribute.name));
    return {};
}

Checked check_attributes(ports::MessageAttributes const& attributes) {
    if (attributes.size() > attributes_max)
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("Number of message attributes [{}] exceeds the allowed maximum "
                                  "[{}].",
                                  attributes.size(), attributes_max));
    for (std::size_t i = 0; i < attributes.size(); ++i) {
        if (auto checked = check_attribute(attributes[i]); !checked)
            return checked;
        for (std::size_t j = 0; j < i; ++j)
            if (attributes[i].name == attributes[j].name)
                return refuse(
                    QueueError::invalid_parameter_value,
                    fmt::format("Message attribute '{}' stands twice.", attributes[i].name));
    }
    return {};
}

/// Letters, digits and punctuation, as group, deduplication and attempt ids are spelled.
bool is_id(std::string_view id, std::size_t size_max) {
    return !id.empty() && id.size() <= size_max &&
           std::ranges::all_of(id, [](char c) { return c > ' ' && c < '\x7f'; });
}

Checked check_ids(ports::OutgoingMessage const& message, ports::QueueSettings const& settings) {
    bool const is_fifo = settings.kind == QueueKind::fifo;
    if (!message.group_id.empty() && !is_id(message.group_id, group_id_max))
        return refuse(QueueError::invalid_parameter_value, "MessageGroupId is invalid.");
    if (is_fifo && message.group_id.empty())
        return refuse(QueueError::missing_parameter,
                      "The request must contain the parameter MessageGroupId.");
    if (!message.deduplication_id.empty() &&
        (!is_fifo || !is_id(message.deduplication_id, deduplication_id_max)))
        return refuse(QueueError::invalid_parameter_value,
                      is_fifo ? "MessageDeduplicationId is invalid."
                              : "MessageDeduplicationId is for FIFO queues alone.");
    if (is_fifo && message.deduplication_id.empty() && !settings.deduplicates_by_content)
        return refuse(QueueError::invalid_parameter_value,
                      "The queue should either have ContentBasedDeduplication enabled or "
                      "MessageDeduplicationId provided explicitly.");
    if (message.delay && is_fifo && *message.delay != settings.delay)
        return refuse(QueueError::invalid_parameter_value,
                      "A message of a FIFO queue has the delay of its queue.");
    if (message.delay && (*message.delay < Duration() || *message.delay > delay_max))
        return refuse(QueueError::invalid_parameter_value,
                      "DelaySeconds must be between 0 and 900.");
    return {};
}

/// Bytes of the next character; 0: malformed, or none that XML 1.0 knows.
std::size_t length_of_character(std::string_view text) {
    auto const byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    auto const first = byte(0);
    if (first < 0x80)
        return first >= 0x20 || first == '\t' || first == '\n' || first == '\r' ? 1 : 0;
    auto const length = first >= 0xf0 ? 4U : first >= 0xe0 ? 3U : 2U;
    if (first < 0xc2 || first > 0xf4 || text.size() < length)
        return 0;
    std::uint32_t code = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (byte(i) & 0x3fU);
    }
    bool const is_overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    bool const is_surrogate = code >= 0xd800 && code <= 0xdfff;
    bool const is_none = code == 0xfffe || code == 0xffff || code > 0x10ffff;
    return is_overlong || is_surrogate || is_none ? 0 : length;
}

Checked check_between(Duration value, Duration first, Duration last, std::string_view name) {
    if (value < first || value > last)
        return refuse(QueueError::invalid_attribute_value,
                      fmt::format("Invalid value for the parameter {}.", name));
    return {};
}

Checked check_redrive(ports::QueueChange const& change) {
    if (change.redrive && *change.redrive) {
        auto const& redrive = **change.redrive;
        if (redrive.receives_max < 1 || redrive.receives_max > receives_max ||
            redrive.dead_letters.empty())
            return refuse(QueueError::invalid_attribute_value,
                          "Invalid value for the parameter RedrivePolicy.");
    }
    if (change.redrive_allow) {
        auto const& allow = *change.redrive_allow;
        bool const by_queue = allow.kind == ports::RedriveAllow::Kind::by_queue;
        if (allow.sources.size() > redrive_sources_max || by_queue == allow.sources.empty())
            return refuse(QueueError::invalid_attribute_value,
                          "Invalid value for the parameter RedriveAllowPolicy.");
    }
    return {};
}

Checked check_tags(ports::QueueChange const& change) {
    for (auto const& [key, value] : change.tags) {
        if (key.starts_with("aws:"))
            return refuse(QueueError::invalid_parameter_value,
                          fmt::format("The tag '{}' begins as AWS's own do.", key));
        if (key.empty() || key.size() > tag_key_max || value.size() > tag_value_max)
            return refuse(QueueError::invalid_parameter_value,
                          fmt::format("The tag '{}' is too long.", key));
    }
    return {};
}

} // namespace

bool is_sendable_text(std::string_view text) {
    // Eight plain characters at once: no high bit, and nothing below a blank.
    constexpr std::uint64_t high_bits = 0x8080808080808080ULL;
    constexpr std::uint64_t blanks = 0x2020202020202020ULL;
    while (!text.empty()) {
        std::uint64_t word = 0;
        if (text.size() >= sizeof word) {
            std::memcpy(&word, text.data(), sizeof word);
            if ((word & high_bits) == 0 && ((word - blanks) & ~word & high_bits) == 0) {
                text.remove_prefix(sizeof word);
                continue;
            }
        }
        auto const length = length_of_character(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::size_t size_of(ports::OutgoingMessage const& message) {
    auto size = message.body.size();
    for (auto const& attribute : message.attributes)
        size += attribute.name.size() + attribute.type.size() + attribute.value.size();
    return size;
}

Checked check_message(ports::OutgoingMessage const& message, ports::QueueSettings const& settings) {
    if (message.body.empty())
        return refuse(QueueError::missing_parameter,
                      "The request must contain the parameter MessageBody.");
    if (size_of(message) > settings.message_bytes_max)
        return refuse(QueueError::invalid_parameter_value,
                      fmt::format("One or more parameters are invalid. Reason: Message must be "
                                  "shorter than {} bytes.",
                                  settings.message_bytes_max));
    if (!is_sendable_text(message.body))
        return refuse(QueueError::invalid_message_contents,
                      "The message contains characters outside the allowed set.");
    if (auto checked = check_attributes(message.attributes); !checked)
        return checked;
    return check_ids(message, settings);
}

Checked check_name(ports::QueueName const& name, ports::QueueKind kind) {
    constexpr std::string_view suffix = ".fifo";
    auto text = name.view();
    bool const is_fifo = text.ends_with(suffix);
    if (is_fifo)
        text.remove_suffix(suffix.size());
    if (text.empty() || !std::ranges::all_of(text, [](char c) {
            return is_alphanumeric(c) || c == '-' || c == '_';
        }))
        return refuse(QueueError::invalid_parameter_value,
                      "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 "
                      "in length");
    if (is_fifo != (kind == QueueKind::fifo))
        return refuse(QueueError::invalid_parameter_value,
                      "The name of a FIFO queue can only include alphanumeric characters, hyphens, "
                      "or underscores, must end with .fifo suffix and be 1 to 80 in length.");
    return {};
}

Checked check_change(ports::QueueChange const& change, ports::QueueKind kind) {
    bool const has_fifo_attributes =
        change.deduplicates_by_content || change.deduplication_scope || change.throughput_limit;
    if (kind == QueueKind::standard && has_fifo_attributes)
        return refuse(QueueError::invalid_attribute_name,
                      "Unknown Attribute: it is for FIFO queues alone.");
    if (change.visibility)
        KONTOR_TRY(check_between(*change.visibility, {}, visibility_max, "VisibilityTimeout"));
    if (change.retention)
        KONTOR_TRY(check_between(*change.retention, retention_min, retention_max,
                                 "MessageRetentionPeriod"));
    if (change.delay)
        KONTOR_TRY(check_between(*change.delay, {}, delay_max, "DelaySeconds"));
    if (change.receive_wait)
        KONTOR_TRY(check_between(*change.receive_wait, {}, receive_wait_max,
                                 "ReceiveMessageWaitTimeSeconds"));
    if (change.message_bytes_max && (*change.message_bytes_max < message_bytes_min ||
                                     *change.message_bytes_max > message_bytes_max))
        return refuse(QueueError::invalid_attribute_value,
                      "Invalid value for the parameter MaximumMessageSize.");
    std::size_t kept_bytes = 0;
    for (auto const& [name, value] : change.kept)
        kept_bytes += name.size() + value.size();
    if (kept_bytes > kept_attribute_bytes_max)
        return refuse(QueueError::invalid_attribute_value, "The attributes are too long.");
    KONTOR_TRY(check_redrive(change));
    return check_tags(change);
}

void apply_change(ports::QueueChange const& change, ports::QueueDescription& queue) {
    auto& settings = queue.settings;
    auto set = [](auto const& from, auto& to) {
        if (from)
            to = *from;
    };
    set(change.visibility, settings.visibility);
    set(change.retention, settings.retention);
    set(change.delay, settings.delay);
    set(change.receive_wait, settings.receive_wait);
    set(change.message_bytes_max, settings.message_bytes_max);
    set(change.deduplicates_by_content, settings.deduplicates_by_content);
    set(change.deduplication_scope, settings.deduplication_scope);
    set(change.throughput_limit, settings.throughput_limit);
    set(change.redrive, settings.redrive);
    set(change.redrive_allow, settings.redrive_allow);
    for (auto const& [name, value] : change.kept) {
        if (value.empty())
            settings.kept.erase(name);
        else
            settings.kept.insert_or_assign(name, value);
    }
    for (auto const& key : change.tags_removed)
        queue.tags.erase(key);
    for (auto const& [key, value] : change.tags)
        queue.tags.insert_or_assign(key, value);
}

bool is_as_set(ports::QueueChange const& change, ports::QueueDescription const& queue) {
    auto changed = queue;
    apply_change(change, changed);
    changed.tags = queue.tags; // AWS does not look at them either
    return changed == queue;
}

} // namespace kontor::queues
