#pragma once

/// The fact of the stream `ops-audit`: an operator did something. Who and when stand in the
/// envelope, as of every fact.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
///
/// Invariant: no secret, no password and nothing that opens anything stands in a fact.
/// Source: INTERFACES section 5, operations; RELIABILITY section 10, web.

#include "base/describe.hpp"

#include <optional>
#include <string>
#include <variant>

namespace kontor::audit {

/// `before` and `after` are JSON, as the API shows the object. Both are absent where the facts of
/// the same command say what changed.
struct ActionTaken {
    std::string verb;   ///< "set_limit"
    std::string object; ///< "/v1/ops/limits/address"
    std::string reason; ///< empty: none was asked for
    std::optional<std::string> before{};
    std::optional<std::string> after{};
    friend bool operator==(ActionTaken const&, ActionTaken const&) = default;
};
BOOST_DESCRIBE_STRUCT(ActionTaken, (), (verb, object, reason, before, after))
static_assert(describes_every_field<ActionTaken>());

using Event = std::variant<ActionTaken>;

} // namespace kontor::audit
