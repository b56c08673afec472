#include "services/gateway/codes.hpp"

#include "services/gateway/fact_answers.hpp"
#include "services/gateway/fact_pattern.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/proof_answers.hpp"

#include "codec/event_types.hpp"
#include "platform/proofs/tree.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// Facts looked at for one page; where few fit, the page ends and says where.
constexpr std::size_t facts_looked_at_max = 20'000;
constexpr ports::Limit facts_page(1000);
/// Likewise where a pattern is asked of each, which costs more.
constexpr std::size_t facts_matched_max = 2'000;

/// Whoever only follows the shop sees what leaves it.
bool is_shown(Asked const& asked, EventType type) {
    if (asked.caller.roles.has_any_of({Role::support, Role::operations}))
        return true;
    auto const* const row = codec::find_event_type(type);
    return row != nullptr && row->visibility == codec::Visibility::public_;
}

struct WantedFacts {
    std::string_view type{}; ///< empty: every type
    std::uint64_t limit{page_default};
    ports::Position after{};
    std::shared_ptr<FactPattern> pattern{}; ///< null: all
    std::size_t looked_at_max() const { return pattern ? facts_matched_max : facts_looked_at_max; }
};

/// Errors: corrupt, unsupported.
Result<bool> fits(WantedFacts const& wanted, ports::RecordedEvent const& event,
                  ports::RecordedCommit const& commit) {
    auto const* const row = codec::find_event_type(event.type);
    if (!wanted.type.empty() && (row == nullptr || row->name != wanted.type))
        return false;
    if (!wanted.pattern)
        return true;
    return wanted.pattern->is_met(event, commit);
}

Served read_on(Parts& parts, Asked const& asked, WantedFacts const& wanted) {
    std::string items;
    std::uint64_t shown = 0;
    std::size_t looked_at = 0;
    auto at = wanted.after;
    for (;;) {
        KONTOR_TRY(auto const page, or_trouble(parts.log.read_log(at, facts_page)));
        for (auto const& event : page.events) {
            if (looked_at >= wanted.looked_at_max())
                return Answer(facts_reply(items, true, at.value()));
            at = event.position;
            ++looked_at;
            if (!is_shown(asked, event.type))
                continue;
            KONTOR_TRY(bool const is_wanted,
                       or_trouble(fits(wanted, event, page.commit_of(event))));
            if (!is_wanted)
                continue;
            items += shown == 0 ? "" : ",";
            KONTOR_TRY(or_trouble(
                append_fact(items, event, page.commit_of(event), view_of(parts, asked))));
            if (++shown == wanted.limit)
                return Answer(facts_reply(items, at < parts.log.durable().position, at.value()));
        }
        if (page.empty())
            return Answer(facts_reply(items, false, at.value()));
    }
}

/// Whether a customer may follow a stream: an order of their own.
Result<bool, Trouble> is_own(Parts& parts, Asked const& asked, StreamId const& stream) {
    if (stream.category() != StreamCategory::order)
        return false;
    return may_see_order(parts, asked, OrderId(stream.id()));
}

/// Facts of one command, in the sequence of the log.
struct Group {
    CommandId command;
    std::string facts{};
    ports::CommitHeader header{};
};

/// What proves that the fact is in the log, as one more member; nothing while the tree is behind.
/// Errors: corrupt (it is not what the tree was made of), unavailable.
Result<void, Trouble> append_proof(std::string& fact, Parts& parts, std::uint64_t position) {
    if (parts.proofs == nullptr || position > parts.proofs->position().value())
        return {};
    KONTOR_TRY(auto const found, or_trouble(parts.proofs->inclusion(position)));
    FactProof proof{
        found.leaf_index, found.head.tree.size, proofs::base64_of(found.head.tree.root), {}};
    for (auto const& hash : found.proof)
        proof.hashes.push_back(proofs::base64_of(hash));
    add_member(fact, "proof", codec::to_json(proof));
    return {};
}

std::string groups_json(std::vector<Group> const& groups) {
    std::string out = R"({"groups":[)";
    for (auto const& group : groups) {
        out += &group == &groups.front() ? "" : ",";
        out += R"({"command_id":)";
        codec::append_json_text(out, group.command.to_string());
        if (!group.header.causation_id.is_nil()) {
            out += R"(,"caused_by":)";
            codec::append_json_text(out, group.header.causation_id.to_string());
        }
        out += R"(,"occurred_at":)";
        codec::append_json_text(out, to_string(group.header.occurred_at));
        out += R"(,"facts":[)" + group.facts + "]}";
    }
    return out + "]}";
}

} // namespace

namespace code {

Served list_facts(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    KONTOR_TRY(auto const stream, parsed_parameter<StreamId>(asked, "stream"));
    if (!asked.sees_all()) {
        if (!stream)
            return unexpected(bad_parameter("stream", "which of your orders is wanted?"));
        KONTOR_TRY(bool const own, is_own(parts, asked, *stream));
        if (!own)
            return unexpected(trouble("not_found"));
    }
    auto const pattern = asked.parameter("pattern");
    if (stream && pattern)
        return unexpected(bad_parameter("pattern", "of a stream all facts are shown: take one"));
    if (stream)
        return facts_of_stream(parts, asked, *stream, "after", trouble("unknown_stream"));
    KONTOR_TRY(check_not_ahead(parts, ports::Position(after.value_or(0))));
    WantedFacts wanted{asked.parameter("type").value_or(std::string_view()),
                       std::clamp<std::uint64_t>(limit.value_or(page_default), 1, page_max),
                       ports::Position(after.value_or(0))};
    if (pattern) {
        KONTOR_TRY(wanted.pattern, FactPattern::of(*pattern));
    }
    return read_on(parts, asked, wanted);
}

Served order_timeline(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    bool const is_full = asked.parameter("detail") == "full";
    if (is_full && !asked.sees_all())
        return unexpected(trouble("forbidden"));
    KONTOR_TRY(auto const pages, or_trouble(pages_of_order(parts.log, id)));
    struct Fact {
        ports::RecordedEvent const* event;
        ports::RecordedCommit const* commit;
    };
    std::vector<Fact> facts;
    auto const durable = parts.log.durable().position;
    for (auto const& page : pages)
        for (auto const& event : page.events) {
            auto const* const row = codec::find_event_type(event.type);
            bool const is_public = row != nullptr && row->visibility == codec::Visibility::public_;
            if (event.position <= durable && (is_full || is_public))
                facts.push_back({&event, &page.commit_of(event)});
        }
    std::ranges::sort(facts, {}, [](Fact const& fact) { return fact.event->position; });
    std::vector<Group> groups;
    for (auto const& [event, commit] : facts) {
        auto const command = commit->header.command_id;
        if (groups.empty() || groups.back().command != command)
            groups.push_back({command, {}, commit->header});
        auto& group = groups.back();
        group.facts += group.facts.empty() ? "" : ",";
        KONTOR_TRY(or_trouble(append_fact(group.facts, *event, *commit, view_of(parts, asked))));
    }
    return Answer(json_reply(200, groups_json(groups)));
}

Served show_stream(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const stream, path_value<StreamId>(asked, 0, "unknown_stream"));
    return facts_of_stream(parts, asked, stream, "from", trouble("unknown_stream"));
}

Served show_fact(Parts& parts, Asked& asked) {
    auto const position = number_in(asked.path[0]).value_or(0);
    KONTOR_TRY(auto const page, page_with_fact(parts, position));
    auto const& event = page.events.front();
    std::string fact;
    KONTOR_TRY(or_trouble(append_fact(fact, event, page.commit_of(event), view_of(parts, asked))));
    KONTOR_TRY(append_proof(fact, parts, position));
    return Answer(json_reply(200, std::move(fact)));
}

} // namespace code
} // namespace kontor::services::gateway
