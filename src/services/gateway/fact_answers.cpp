#include "services/gateway/fact_answers.hpp"

#include "base/names.hpp"
#include "codec/event_types.hpp"
#include "codec/json_text.hpp"
#include "codec/stored_json.hpp"
#include "services/gateway/paging.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

void add_text(std::string& out, std::string_view key, std::string_view value) {
    out += ',';
    codec::append_json_text(out, key);
    out += ':';
    codec::append_json_text(out, value);
}

void add_number(std::string& out, std::string_view key, std::uint64_t value) {
    out += ',';
    codec::append_json_text(out, key);
    out += ':';
    codec::append_number(out, value);
}

} // namespace

Result<void> append_fact(std::string& out, ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit, codec::PersonalFields personal) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr)
        return unexpected(Failure{FailureKind::unsupported, "a fact of an unknown type"});
    KONTOR_TRY(auto const fields, codec::stored_to_json(event.type, event.payload, personal));
    auto const& header = commit.header;
    out += R"({"id":)";
    codec::append_json_text(out, event_id(header.command_id, event.index_in_command).to_string());
    add_text(out, "type", type->name);
    add_number(out, "type_version", type->version);
    add_text(out, "stream", event.stream.to_string());
    add_number(out, "version", event.version.value());
    add_number(out, "position", event.position.value());
    add_text(out, "occurred_at", to_string(header.occurred_at));
    add_text(out, "recorded_at", to_string(commit.recorded_at));
    add_text(out, "command_id", header.command_id.to_string());
    add_text(out, "correlation_id", header.correlation_id.to_string());
    add_text(out, "causation_id", header.causation_id.to_string());
    out += R"(,"actor":{"kind":)";
    codec::append_json_text(out, codec::stored_name(enumerator_name(header.actor.kind).data()));
    add_text(out, "id", header.actor.id.view());
    out += R"(},"data":)" + fields + '}';
    return {};
}

Served facts_of_stream(Parts& parts, Asked const& asked, StreamId const& stream,
                       std::string_view from_parameter, Trouble unknown) {
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    KONTOR_TRY(auto const from, number_parameter(asked, from_parameter));
    auto const count = std::clamp<std::uint64_t>(limit.value_or(page_default), 1, page_max);
    auto const first = from_parameter == "after" ? from.value_or(0) + 1
                                                 : std::max<std::uint64_t>(1, from.value_or(1));
    KONTOR_TRY(auto const page, or_trouble(parts.log.read_stream(
                                    stream, ports::StreamVersion(first), ports::Limit(count + 1))));
    if (page.empty() && first == 1)
        return unexpected(std::move(unknown));
    auto const durable = parts.log.durable().position;
    std::string items;
    std::uint64_t shown = 0;
    std::uint64_t last = first - 1;
    bool has_more = false;
    for (auto const& event : page.events) {
        if (event.position > durable)
            break;
        has_more = shown == count;
        if (has_more)
            break;
        items += shown++ == 0 ? "" : ",";
        KONTOR_TRY(
            or_trouble(append_fact(items, event, page.commit_of(event), asked.personal_fields())));
        last = event.version.value();
    }
    return Answer(facts_reply(items, has_more, last));
}

Reply facts_reply(std::string const& items, bool has_more, std::uint64_t after) {
    std::string body = R"({"data":[)" + items + R"(],"has_more":)";
    body += has_more ? "true" : "false";
    body += R"(,"after":)";
    codec::append_number(body, after);
    body += '}';
    return json_reply(200, std::move(body));
}

} // namespace kontor::services::gateway
