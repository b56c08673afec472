#include "platform/messaging/router/public_facts.hpp"

#include "codec/event_types.hpp"
#include "codec/events.hpp"
#include "codec/json.hpp"
#include "codec/stored_json.hpp"
#include "domain/order/events.hpp"
#include "platform/messaging/router/limits.hpp"

#include "base/describe.hpp"

#include <fmt/format.h>

namespace kontor::router {
namespace {

/// Whether all that is said in streams of this kind is said of an order, by whoever says it.
bool belongs_to_an_order(StreamCategory category) {
    switch (category) {
    case StreamCategory::order:
    case StreamCategory::reservation:
    case StreamCategory::payment:
    case StreamCategory::fulfilment:
    case StreamCategory::checkout: return true;
    case StreamCategory::stock:
    case StreamCategory::product:
    case StreamCategory::coupon:
    case StreamCategory::customer:
    case StreamCategory::documents:
    case StreamCategory::notification:
    case StreamCategory::ops:
    case StreamCategory::process:
    case StreamCategory::queue:
    case StreamCategory::webhook:
    case StreamCategory::webhook_book: return false;
    }
    KONTOR_UNREACHABLE();
}

/// What a fact says of itself.
struct Metadata {
    EventId id;
    std::string type;
    std::uint16_t type_version;
    StreamId stream;
    std::uint64_t version;
    std::uint64_t position;
    Instant occurred_at;
    Instant recorded_at;
    std::string correlation_id;
    Id128 causation_id;
    ActorKind actor_kind;
};
BOOST_DESCRIBE_STRUCT(Metadata, (),
                      (id, type, type_version, stream, version, position, occurred_at, recorded_at,
                       correlation_id, causation_id, actor_kind))
static_assert(describes_every_field<Metadata>());

Metadata metadata_of(codec::EventTypeRow const& type, ports::RecordedEvent const& event,
                     ports::RecordedCommit const& commit) {
    auto const& header = commit.header;
    return {event_id(header.command_id, event.index_in_command),
            std::string(type.name),
            type.version,
            event.stream,
            event.version.value(),
            event.position.value(),
            header.occurred_at,
            commit.recorded_at,
            belongs_to_an_order(event.stream.category())
                ? OrderId(header.correlation_id).to_string()
                : header.correlation_id.to_string(),
            header.causation_id,
            header.actor.kind};
}

/// Of a very large order it is said how many lines it has.
/// Errors: corrupt.
Result<std::string> fields_of(ports::RecordedEvent const& event) {
    if (codec::holds<order::Placed>(event.type)) {
        KONTOR_TRY(auto fact, codec::decode<order::Event>(event.type, event.payload));
        auto& placed = std::get<order::Placed>(fact);
        if (auto const lines = placed.lines.size(); lines > lines_shown_max) {
            placed.lines.clear();
            auto json = codec::fact_to_json(fact, codec::PersonalFields::withheld);
            constexpr std::string_view none = R"("lines":[])";
            auto const at = json.find(none); // no text has it: quotation marks are escaped there
            KONTOR_ASSERT(at != std::string::npos, "an order is shown with its lines");
            return json.replace(at, none.size(), fmt::format(R"("line_count":{})", lines));
        }
        return codec::fact_to_json(fact, codec::PersonalFields::withheld);
    }
    return codec::stored_to_json(event.type, event.payload, codec::PersonalFields::withheld);
}

} // namespace

Result<Shown> show(Stage const& stage, ports::RecordedEvent const& event,
                   ports::RecordedCommit const& commit) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr)
        return unexpected(Failure{FailureKind::unsupported, "a fact of an unknown type",
                                  fmt::format("position {}", event.position.value())});
    if (type->visibility != codec::Visibility::public_)
        return Shown();
    KONTOR_TRY(auto const fields, fields_of(event));
    ports::EventEntry const entry{
        .source = "kontor." + std::string(type->name.substr(0, type->name.find('.'))),
        .detail_type = std::string(type->name),
        .detail = R"({"metadata":)" + codec::to_json(metadata_of(*type, event, commit)) +
                  R"(,"data":)" + fields + "}",
        .time = commit.header.occurred_at,
        .resources = {event.stream.to_string()},
        .bus = stage.bus};
    auto const id = event_id(commit.header.command_id, event.index_in_command).value();
    auto accepted = bus::accept_entries(
        std::span(&entry, 1), {commit.recorded_at, stage.place, ports::EventOrigin::platform,
                               [](std::string_view) { return true; }, [&] { return id; }});
    if (!accepted)
        return Shown{std::nullopt, accepted.error().what};
    auto& event_or_no = accepted->front();
    if (!event_or_no)
        return Shown{std::nullopt, event_or_no.error().what};
    return Shown{*std::move(event_or_no), {}};
}

} // namespace kontor::router
