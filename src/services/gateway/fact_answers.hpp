#pragma once

/// Facts as the API shows them: their envelope and their data. What is personal is withheld from
/// whoever may not see it; what is not durable is not shown.   Thread: the edge's.

#include "services/gateway/replies.hpp"

#include "ports/event_page.hpp"

namespace kontor::services::gateway {

/// How much of a fact is shown.
struct FactView {
    codec::PersonalFields personal{codec::PersonalFields::withheld};
    sealing::Opener* opener{nullptr}; ///< none: what is sealed is shown as it is stored
};

/// What this caller may see.
inline FactView view_of(Parts const& parts, Asked const& asked) {
    return {asked.personal_fields(), parts.opener};
}

/// Appends one fact as JSON.   Errors: unavailable, corrupt, unsupported.
Result<void> append_fact(std::string& out, ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit, FactView const& view);

/// Errors: position_ahead (the log has not come so far: it is another log's position).
Result<void, Trouble> check_not_ahead(Parts const& parts, ports::Position after);

/// A page of the log that begins with the fact at a position; the first one is 1.
/// Errors: not_found (the log has not come so far), and what the log says.
Result<ports::EventPage, Trouble> page_with_fact(Parts const& parts, std::uint64_t position);

/// A page of one stream from a version on, which the parameter of this name says.
/// Errors: `unknown` when there is no such stream; parameter_invalid.
Served facts_of_stream(Parts& parts, Asked const& asked, StreamId const& stream,
                       std::string_view from_parameter, Trouble unknown);

/// `{"data":[…],"has_more":…,"after":…}`
Reply facts_reply(std::string const& items, bool has_more, std::uint64_t after);

} // namespace kontor::services::gateway
