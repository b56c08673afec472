#pragma once

/// What the shop answers operators of archives and replays: as answers.hpp, under the same rule.

#include "codec/json_values.hpp"
#include "ports/event_archive.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

/// Events and bytes: as far as they were counted; of a long log the next answer says more.
struct ArchiveAnswer {
    std::string name;
    std::string bus;
    ports::ArchiveState state;
    std::optional<std::string> pattern;          ///< none: all that is put on the bus
    std::optional<std::uint32_t> retention_days; ///< none: for ever
    std::uint64_t events;
    std::uint64_t bytes;
    Instant created_at;
    std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(ArchiveAnswer, (),
                      (name, bus, state, pattern, retention_days, events, bytes, created_at,
                       description))
static_assert(describes_every_field<ArchiveAnswer>());

struct ReplayAnswer {
    std::string name;
    std::string archive;
    ports::ReplayState state;
    Instant from;                                  ///< of the window, by the time of the events …
    Instant to;                                    ///< … which ends before this
    std::optional<std::string> pattern;            ///< none: all that the archive holds
    std::optional<std::vector<std::string>> rules; ///< none: all of the bus
    std::optional<Instant> reached_at;             ///< time of the last event that was brought
    Instant started_at;
    std::optional<Instant> ended_at;
    std::optional<std::string> why; ///< of a failed one
    std::optional<std::string> description;
};
BOOST_DESCRIBE_STRUCT(ReplayAnswer, (),
                      (name, archive, state, from, to, pattern, rules, reached_at, started_at,
                       ended_at, why, description))
static_assert(describes_every_field<ReplayAnswer>());

} // namespace kontor::services::gateway
