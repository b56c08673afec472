#include "services/gateway/codes.hpp"

#include "services/gateway/fact_answers.hpp"
#include "services/gateway/paging.hpp"

#include "codec/event_types.hpp"
#include "codec/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// Entries looked at for one page; where few fit, the page ends and says where.
constexpr std::size_t actions_looked_at_max = 5'000;
constexpr ports::Limit audit_page(500);
/// Facts of one command that are named as what it changed.
constexpr std::uint32_t changes_max = 200;

struct WantedActions {
    std::string_view actor{};
    std::string_view verb{};
    std::string_view object{};
};

bool fits(WantedActions const& wanted, ports::CommitHeader const& header,
          audit::ActionTaken const& fact) {
    return (wanted.actor.empty() || header.actor.id.view() == wanted.actor) &&
           (wanted.verb.empty() || fact.verb == wanted.verb) &&
           (wanted.object.empty() || fact.object.starts_with(wanted.object));
}

/// The other facts of the same command: they stand before the entry in the log.
Result<std::string, Trouble> changes_of(Parts& parts, ports::RecordedEvent const& entry) {
    auto const count = std::min(entry.index_in_command, changes_max);
    if (count == 0)
        return std::string();
    ports::Position const before(entry.position.value() - count - 1);
    KONTOR_TRY(auto const page, or_trouble(parts.log.read_log(before, ports::Limit(count + 1))));
    std::string changes;
    for (auto const& event : page.events) {
        if (event.position >= entry.position)
            break;
        auto const* const type = codec::find_event_type(event.type);
        changes += fmt::format(R"({}{{"stream":"{}","version":{},"type":"{}"}})",
                               changes.empty() ? "" : ",", event.stream.to_string(),
                               event.version.value(), type == nullptr ? "unknown" : type->name);
    }
    return changes;
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
    out += fmt::format(R"(,"{}":)", name);
    codec::append_json_text(out, text);
}

Result<void, Trouble> append_entry(std::string& out, Parts& parts,
                                   ports::RecordedEvent const& entry,
                                   ports::CommitHeader const& header,
                                   audit::ActionTaken const& fact) {
    out += fmt::format(R"({}{{"number":{},"position":{})", out.empty() ? "" : ",",
                       entry.version.value(), entry.position.value());
    append_member(out, "at", to_string(header.occurred_at));
    append_member(out, "actor", header.actor.id.view());
    append_member(out, "verb", fact.verb);
    append_member(out, "object", fact.object);
    if (!fact.reason.empty())
        append_member(out, "reason", fact.reason);
    if (fact.before)
        out += R"(,"before":)" + *fact.before;
    if (fact.after)
        out += R"(,"after":)" + *fact.after;
    KONTOR_TRY(auto const changes, changes_of(parts, entry));
    out += R"(,"changes":[)" + changes + "]}";
    return {};
}

} // namespace

namespace code {

Served list_audit(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    auto const count = std::clamp<std::uint64_t>(limit.value_or(page_default), 1, page_max);
    WantedActions const wanted{asked.parameter("actor").value_or(std::string_view()),
                               asked.parameter("verb").value_or(std::string_view()),
                               asked.parameter("object").value_or(std::string_view())};
    auto const durable = parts.log.durable().position;
    std::string items;
    std::uint64_t shown = 0;
    std::uint64_t at = after.value_or(0);
    for (std::size_t looked_at = 0; looked_at < actions_looked_at_max;) {
        KONTOR_TRY(auto const page,
                   or_trouble(parts.log.read_stream(Audits::stream(), ports::StreamVersion(at + 1),
                                                    audit_page)));
        for (auto const& event : page.events) {
            if (event.position > durable)
                return Answer(facts_reply(items, false, at));
            at = event.version.value();
            ++looked_at;
            auto const& header = page.commit_of(event).header;
            KONTOR_TRY(auto const stored, or_trouble(Audits::decode(event.type, event.payload)));
            auto const& fact = std::get<audit::ActionTaken>(stored);
            if (!fits(wanted, header, fact))
                continue;
            KONTOR_TRY(append_entry(items, parts, event, header, fact));
            if (++shown == count)
                return Answer(facts_reply(
                    items,
                    &event != &page.events.back() || page.events.size() == audit_page.value(), at));
        }
        if (page.events.size() < audit_page.value())
            return Answer(facts_reply(items, false, at));
    }
    return Answer(facts_reply(items, true, at));
}

} // namespace code
} // namespace kontor::services::gateway
