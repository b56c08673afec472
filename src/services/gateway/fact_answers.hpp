#pragma once

/// Facts as the API shows them: their envelope and their data. What is personal is withheld from
/// whoever may not see it; what is not durable is not shown.   Thread: the edge's.

#include "services/gateway/replies.hpp"

#include "ports/event_page.hpp"

namespace kontor::services::gateway {

/// Appends one fact as JSON.   Errors: corrupt, unsupported.
Result<void> append_fact(std::string& out, ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit, codec::PersonalFields personal);

/// A page of one stream from a version on, which the parameter of this name says.
/// Errors: `unknown` when there is no such stream; parameter_invalid.
Served facts_of_stream(Parts& parts, Asked const& asked, StreamId const& stream,
                       std::string_view from_parameter, Trouble unknown);

/// `{"data":[…],"has_more":…,"after":…}`
Reply facts_reply(std::string const& items, bool has_more, std::uint64_t after);

} // namespace kontor::services::gateway
