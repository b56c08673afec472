#pragma once

/// The facts of a follower of the log: how far it has come. A stream for each, named by what it
/// does: `process-bus`. It stands in the commit of what the follower did, so that after a crash
/// both are there or neither is.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.

#include "base/describe.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace kontor::process {

/// All facts up to this position of the log, itself included, have had what they ask for; and of
/// what the one right behind it asks for, so much has been done.
struct Followed {
    std::uint64_t through;
    std::optional<std::uint64_t> of_next{};
    friend bool operator==(Followed const&, Followed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Followed, (), (through, of_next))
static_assert(describes_every_field<Followed>());

using Event = std::variant<Followed>;

} // namespace kontor::process
