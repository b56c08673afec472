#include "adapters/aws_wire/queue_attributes.hpp"

#include "adapters/aws_wire/json_form.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace kontor::aws_wire {
namespace {

using ports::DeduplicationScope;
using ports::QueueChange;
using ports::RedriveAllow;
using ports::ThroughputLimit;

/// Kept as they are set; they change nothing here.
constexpr std::array<std::string_view, 4> kept_names{
    "Policy", "KmsMasterKeyId", "KmsDataKeyReusePeriodSeconds", "SqsManagedSseEnabled"};

Unexpected<WireError> unknown_attribute(std::string_view name) {
    return unexpected(
        wire_error("InvalidAttributeName", fmt::format("Unknown Attribute {}.", name)));
}

Unexpected<WireError> bad_value(std::string_view name, std::string_view why = {}) {
    return unexpected(wire_error("InvalidAttributeValue",
                                 fmt::format("Invalid value for the parameter {}.{}{}", name,
                                             why.empty() ? "" : " Reason: ", why)));
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    auto const* const end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, number);
    constexpr std::int64_t most = 1'000'000'000;
    bool const is_good = error == std::errc{} && stop == end && number >= 0 && number <= most;
    return is_good ? std::optional(number) : std::nullopt;
}

/// Takes the number of seconds of one attribute. False: it is another attribute.
struct SecondsAttribute {
    std::string_view name;
    std::optional<Duration> QueueChange::* field;
};
constexpr std::array<SecondsAttribute, 4> seconds_attributes{{
    {"VisibilityTimeout", &QueueChange::visibility},
    {"MessageRetentionPeriod", &QueueChange::retention},
    {"DelaySeconds", &QueueChange::delay},
    {"ReceiveMessageWaitTimeSeconds", &QueueChange::receive_wait},
}};

Wired<ports::RedrivePolicy> read_redrive(std::string const& text, ports::CloudPlace const& place) {
    auto const json = read_json(text);
    auto const* const target = json ? json->find("deadLetterTargetArn") : nullptr;
    auto const* const count = json ? json->find("maxReceiveCount") : nullptr;
    if (target == nullptr || target->kind() != ValueKind::text || count == nullptr)
        return bad_value("RedrivePolicy", "Redrive policy must be JSON with deadLetterTargetArn "
                                          "and maxReceiveCount.");
    auto const number = count->kind() == ValueKind::integer ? std::optional(count->integer())
                        : count->kind() == ValueKind::text  ? whole_number(count->text())
                                                            : std::nullopt;
    constexpr std::int64_t receives_most = 1000;
    if (!number || *number < 1 || *number > receives_most)
        return bad_value("RedrivePolicy", "Invalid value for maxReceiveCount. Must be between 1 "
                                          "and 1000.");
    auto const queue = queue_of_arn(target->text(), place);
    if (!queue)
        return bad_value("RedrivePolicy", queue.error().says);
    return ports::RedrivePolicy{*queue, static_cast<std::uint32_t>(*number)};
}

Wired<RedriveAllow> read_redrive_allow(std::string const& text, ports::CloudPlace const& place) {
    auto const json = read_json(text);
    auto const* const permission = json ? json->find("redrivePermission") : nullptr;
    if (permission == nullptr || permission->kind() != ValueKind::text)
        return bad_value("RedriveAllowPolicy", "It must be JSON with redrivePermission.");
    RedriveAllow allow;
    if (permission->text() == "allowAll")
        return allow;
    if (permission->text() == "denyAll") {
        allow.kind = RedriveAllow::Kind::none;
        return allow;
    }
    auto const* const sources = json->find("sourceQueueArns");
    bool const is_good = permission->text() == "byQueue" && sources != nullptr &&
                         sources->kind() == ValueKind::list && !sources->members().empty();
    if (!is_good)
        return bad_value("RedriveAllowPolicy", "allowAll, denyAll, or byQueue with "
                                               "sourceQueueArns.");
    allow.kind = RedriveAllow::Kind::by_queue;
    for (auto const& source : sources->members()) {
        auto const queue = queue_of_arn(source.value.text(), place);
        if (!queue)
            return bad_value("RedriveAllowPolicy", queue.error().says);
        allow.sources.push_back(*queue);
    }
    return allow;
}

/// One that only FIFO queues have.   False: it is another attribute.
Wired<bool> read_fifo_attribute(std::string_view name, std::string_view value,
                                QueueChange& change) {
    if (name == "ContentBasedDeduplication") {
        if (value != "true" && value != "false")
            return bad_value(name);
        change.deduplicates_by_content = value == "true";
        return true;
    }
    if (name == "DeduplicationScope") {
        if (value != "queue" && value != "messageGroup")
            return bad_value(name);
        change.deduplication_scope =
            value == "queue" ? DeduplicationScope::queue : DeduplicationScope::message_group;
        return true;
    }
    if (name == "FifoThroughputLimit") {
        if (value != "perQueue" && value != "perMessageGroupId")
            return bad_value(name);
        change.throughput_limit = value == "perQueue" ? ThroughputLimit::per_queue
                                                      : ThroughputLimit::per_message_group_id;
        return true;
    }
    return false;
}

Wired<bool> read_number_attribute(std::string_view name, std::string const& value,
                                  QueueChange& change) {
    auto const* const found = std::ranges::find(seconds_attributes, name, &SecondsAttribute::name);
    bool const is_size = name == "MaximumMessageSize";
    if (found == seconds_attributes.end() && !is_size)
        return false;
    auto const number = whole_number(value);
    if (!number)
        return bad_value(name);
    if (is_size)
        change.message_bytes_max = static_cast<std::uint32_t>(*number);
    else
        change.*(found->field) = Duration::seconds(*number);
    return true;
}

Wired<void> read_attribute(std::string const& name, std::string const& value,
                           ports::CloudPlace const& place, QueueChange& change) {
    KONTOR_TRY(bool const is_number, read_number_attribute(name, value, change));
    if (is_number)
        return {};
    KONTOR_TRY(bool const is_fifo_attribute, read_fifo_attribute(name, value, change));
    if (is_fifo_attribute)
        return {};
    if (name == "RedrivePolicy") {
        change.redrive.emplace();
        if (value.empty())
            return {};
        KONTOR_TRY(*change.redrive, read_redrive(value, place));
        return {};
    }
    if (name == "RedriveAllowPolicy") {
        change.redrive_allow.emplace();
        if (value.empty())
            return {};
        KONTOR_TRY(*change.redrive_allow, read_redrive_allow(value, place));
        return {};
    }
    if (std::ranges::find(kept_names, name) == kept_names.end())
        return unknown_attribute(name);
    change.kept[name] = value;
    return {};
}

std::string seconds_text(Duration duration) {
    return std::to_string(duration.in_milliseconds() / 1000);
}

std::string redrive_text(ports::RedrivePolicy const& policy, ports::CloudPlace const& place) {
    auto object = Value::object();
    object.set("deadLetterTargetArn", arn_of(place, policy.dead_letters.view()));
    object.set("maxReceiveCount", Value::integer(policy.receives_max));
    return to_json(object);
}

std::string redrive_allow_text(RedriveAllow const& allow, ports::CloudPlace const& place) {
    auto object = Value::object();
    object.set("redrivePermission", allow.kind == RedriveAllow::Kind::none ? "denyAll" : "byQueue");
    if (allow.kind == RedriveAllow::Kind::by_queue) {
        auto sources = Value::list();
        for (auto const& source : allow.sources)
            sources.add(Value::text(arn_of(place, source.view())));
        object.set("sourceQueueArns", std::move(sources));
    }
    return to_json(object);
}

void add_settings(NamedTexts& all, ports::QueueSettings const& settings,
                  ports::CloudPlace const& place) {
    all["VisibilityTimeout"] = seconds_text(settings.visibility);
    all["MessageRetentionPeriod"] = seconds_text(settings.retention);
    all["DelaySeconds"] = seconds_text(settings.delay);
    all["ReceiveMessageWaitTimeSeconds"] = seconds_text(settings.receive_wait);
    all["MaximumMessageSize"] = std::to_string(settings.message_bytes_max);
    for (auto const& [name, value] : settings.kept)
        all[name] = value;
    if (!settings.kept.contains("KmsMasterKeyId"))
        all.emplace("SqsManagedSseEnabled", "true");
    if (settings.redrive)
        all["RedrivePolicy"] = redrive_text(*settings.redrive, place);
    if (settings.redrive_allow.kind != RedriveAllow::Kind::all)
        all["RedriveAllowPolicy"] = redrive_allow_text(settings.redrive_allow, place);
    if (settings.kind != ports::QueueKind::fifo)
        return;
    all["FifoQueue"] = "true";
    all["ContentBasedDeduplication"] = settings.deduplicates_by_content ? "true" : "false";
    all["DeduplicationScope"] =
        settings.deduplication_scope == DeduplicationScope::queue ? "queue" : "messageGroup";
    all["FifoThroughputLimit"] =
        settings.throughput_limit == ThroughputLimit::per_queue ? "perQueue" : "perMessageGroupId";
}

/// Names that a queue can have, and may lack: asked for alone they are left out.
constexpr std::array<std::string_view, 7> optional_names{"Policy",
                                                         "KmsMasterKeyId",
                                                         "KmsDataKeyReusePeriodSeconds",
                                                         "SqsManagedSseEnabled",
                                                         "RedrivePolicy",
                                                         "RedriveAllowPolicy",
                                                         "FifoQueue"};
constexpr std::array<std::string_view, 3> fifo_names{"ContentBasedDeduplication",
                                                     "DeduplicationScope", "FifoThroughputLimit"};

bool may_lack(std::string_view name) {
    return std::ranges::find(optional_names, name) != optional_names.end() ||
           std::ranges::find(fifo_names, name) != fifo_names.end();
}

} // namespace

Wired<QueueChange> read_attributes(NamedTexts const& attributes, ports::CloudPlace const& place) {
    QueueChange change;
    for (auto const& [name, value] : attributes)
        KONTOR_TRY(read_attribute(name, value, place, change));
    return change;
}

Wired<NamedTexts> attributes_of(ports::QueueDescription const& queue,
                                ports::QueueDepth const& depth, ports::CloudPlace const& place,
                                std::vector<std::string> const& wanted) {
    NamedTexts all;
    add_settings(all, queue.settings, place);
    constexpr std::int64_t microseconds = 1'000'000;
    all["QueueArn"] = arn_of(place, queue.name.view());
    all["CreatedTimestamp"] = std::to_string(queue.created_at.unix_microseconds() / microseconds);
    all["LastModifiedTimestamp"] =
        std::to_string(queue.changed_at.unix_microseconds() / microseconds);
    all["ApproximateNumberOfMessages"] = std::to_string(depth.waiting);
    all["ApproximateNumberOfMessagesNotVisible"] = std::to_string(depth.in_flight);
    all["ApproximateNumberOfMessagesDelayed"] = std::to_string(depth.delayed);
    NamedTexts asked;
    for (auto const& name : wanted) {
        if (name == "All")
            return all;
        if (auto const found = all.find(name); found != all.end())
            asked.insert(*found);
        else if (!may_lack(name))
            return unknown_attribute(name);
    }
    return asked;
}

} // namespace kontor::aws_wire
