#include "services/gateway/fact_answers.hpp"

#include "codec/event_types.hpp"
#include "codec/json_text.hpp"
#include "codec/stored_json.hpp"
#include "services/gateway/answers.hpp"
#include "services/gateway/paging.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {

namespace {

/// Empty: nothing that the log knows led to it.
std::optional<Id128> if_caused(Id128 cause) {
    return cause.is_nil() ? std::nullopt : std::optional(cause);
}

} // namespace

Result<void> append_fact(std::string& out, ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit, FactView const& view) {
    auto const* const type = codec::find_event_type(event.type);
    if (type == nullptr)
        return unexpected(Failure{FailureKind::unsupported, "a fact of an unknown type"});
    auto const& header = commit.header;
    auto const id = event_id(header.command_id, event.index_in_command);
    bool const opens = view.opener != nullptr && view.personal == codec::PersonalFields::written;
    auto* const opener = opens ? &view.opener->of(id) : nullptr;
    KONTOR_TRY(auto const fields,
               codec::stored_to_json(event.type, event.payload, view.personal, opener));
    FactEnvelope const envelope{id,
                                std::string(type->name),
                                type->version,
                                event.stream,
                                event.version.value(),
                                event.position.value(),
                                header.occurred_at,
                                commit.recorded_at,
                                header.command_id,
                                header.correlation_id,
                                if_caused(header.causation_id),
                                {header.actor.kind, std::string(header.actor.id.view())}};
    codec::append_json(out, envelope);
    add_member(out, "data", fields);
    return {};
}

Result<void, Trouble> check_not_ahead(Parts const& parts, ports::Position after) {
    // Nobody was ever shown what is not durable: it is another log that has come so far.
    auto const end = parts.log.durable().position;
    if (after <= end)
        return {};
    return unexpected(
        trouble("position_ahead", fmt::format("the log ends at {}, and {} was asked for",
                                              end.value(), after.value())));
}

Result<ports::EventPage, Trouble> page_with_fact(Parts const& parts, std::uint64_t position) {
    if (position == 0)
        return unexpected(trouble("not_found"));
    if (position > parts.log.durable().position.value())
        return unexpected(trouble("not_found", "the log has not come so far"));
    KONTOR_TRY(auto page,
               or_trouble(parts.log.read_log(ports::Position(position - 1), ports::Limit(1))));
    if (page.empty())
        return unexpected(trouble("not_found"));
    return page;
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
            or_trouble(append_fact(items, event, page.commit_of(event), view_of(parts, asked))));
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
