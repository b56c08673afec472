#include "services/webhooks/cloud_event.hpp"

#include "codec/event_types.hpp"
#include "codec/json.hpp"
#include "codec/stored_json.hpp"

#include <fmt/format.h>

#include <charconv>

namespace kontor::services::hooks {
namespace {

/// All but the data. Attributes of ours are texts: a number of CloudEvents has 32 bits.
struct Attributes {
    std::string specversion;
    EventId id;
    std::string source;
    std::string type;
    StreamId subject;
    Instant time;
    std::string datacontenttype;
    std::string dataschema;
    Id128 correlationid;
    Id128 causationid;
    std::string streamversion;
    std::string position;
};
BOOST_DESCRIBE_STRUCT(Attributes, (),
                      (specversion, id, source, type, subject, time, datacontenttype, dataschema,
                       correlationid, causationid, streamversion, position))
static_assert(describes_every_field<Attributes>());

} // namespace

Result<std::string> cloud_event(ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr)
        return unexpected(Failure{FailureKind::unsupported, "a fact of an unknown type",
                                  fmt::format("position {}", event.position.value())});
    KONTOR_TRY(auto const fields,
               codec::stored_to_json(event.type, event.payload, codec::PersonalFields::withheld));
    auto const& header = commit.header;
    auto text = codec::to_json(Attributes{
        "1.0", event_id(header.command_id, event.index_in_command),
        fmt::format("/kontor/{}", type->name.substr(0, type->name.find('.'))),
        fmt::format("kontor.{}.v{}", type->name, type->version), event.stream, header.occurred_at,
        "application/json", fmt::format("/schemas/{}/{}", type->name, type->version),
        header.correlation_id, header.causation_id, std::to_string(event.version.value()),
        std::to_string(event.position.value())});
    text.pop_back(); // the data is one more member
    text += R"(,"data":)" + fields + '}';
    return text;
}

std::string message_id(WebhookId webhook, std::uint64_t position) {
    return fmt::format("{}_{}", webhook.to_string(), position);
}

std::optional<std::uint64_t> position_in(WebhookId webhook, std::string_view id) {
    auto const prefix = webhook.to_string() + "_";
    if (!id.starts_with(prefix))
        return std::nullopt;
    id.remove_prefix(prefix.size());
    std::uint64_t position = 0;
    auto const [end, error] = std::from_chars(id.data(), id.data() + id.size(), position);
    bool const is_plain =
        error == std::errc{} && end == id.data() + id.size() && position > 0 && id.front() != '0';
    return is_plain ? std::optional(position) : std::nullopt;
}

} // namespace kontor::services::hooks
