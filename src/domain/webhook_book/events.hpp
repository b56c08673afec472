#pragma once

/// The pages of a book of deliveries.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
///
/// Source: RELIABILITY section 8, webhooks out; INTERFACES section 5, webhooks.

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace kontor::webhook_book {

/// A delivery that has not ended.
struct Waiting {
    std::uint64_t position; ///< of the fact that is delivered
    std::uint32_t tries;    ///< so far
    Instant due;
    friend bool operator==(Waiting const&, Waiting const&) = default;
};
BOOST_DESCRIBE_STRUCT(Waiting, (), (position, tries, due))
static_assert(describes_every_field<Waiting>());

/// Stored as its number: only ever added to.
enum class Outcome : std::uint8_t {
    delivered = 1,
    failed = 2,    ///< it is tried again
    exhausted = 3, ///< it failed for the last time
    gone = 4,      ///< the receiver wants nothing any more
    dropped = 5    ///< what was to be delivered cannot be shown
};
BOOST_DESCRIBE_ENUM(Outcome, delivered, failed, exhausted, gone, dropped)

struct Try {
    std::uint64_t position;
    std::uint32_t number; ///< from 1
    Instant at;
    Outcome outcome;
    std::uint16_t status; ///< of the answer; 0: there was none
    Duration took;
    std::string answer; ///< the beginning of it, or why there was none
    friend bool operator==(Try const&, Try const&) = default;
};
BOOST_DESCRIBE_STRUCT(Try, (), (position, number, at, outcome, status, took, answer))
static_assert(describes_every_field<Try>());

struct PageKept {
    std::uint64_t through; ///< all facts up to here were looked at
    std::vector<Waiting> waiting;
    std::vector<Try> tries; ///< since the page before
    bool is_last;           ///< of its book
    friend bool operator==(PageKept const&, PageKept const&) = default;
};
BOOST_DESCRIBE_STRUCT(PageKept, (), (through, waiting, tries, is_last))
static_assert(describes_every_field<PageKept>());

using Event = std::variant<PageKept>;

} // namespace kontor::webhook_book
