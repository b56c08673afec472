#pragma once

/// Page tokens: where a list goes on, as whoever asks for the next page gives it back. A token that
/// was never given out is refused, rather than answered with an empty page.
/// Thread: any.

#include "adapters/aws_wire/params.hpp"

#include <string>
#include <string_view>

namespace kontor::aws_wire {

/// What goes on behind the thing of that name; empty: there is no more.
std::string page_token(std::string_view last);

/// `NextToken`: behind what the page begins; empty: it is the first.
/// Errors: SerializationException, InvalidParameterValue (none of ours).
Wired<std::string> read_page_token(Params const& params);

} // namespace kontor::aws_wire
