#pragma once

/// The one fact of the order process: it went a step. Everything its state needs stands in it, so
/// the state is a fold of these alone.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one, and enumerators are stored as numbers. A fact changes in one way only: an optional
/// field added at its end. Source: DOMAIN sections 8 and 10.

#include "domain/checkout/words.hpp"
#include "domain/order/terms.hpp"
#include "domain/payment/events.hpp"
#include "domain/reservation/events.hpp"

#include "domain/values/ids.hpp"
#include "domain/values/lines.hpp"
#include "domain/values/money.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace kontor::checkout {

/// Goods that were ordered: what must be reserved and parcelled.
struct Wanted {
    LineNumber line;
    Sku sku;
    Quantity quantity;
    friend bool operator==(Wanted const&, Wanted const&) = default;
};
BOOST_DESCRIBE_STRUCT(Wanted, (), (line, sku, quantity))
static_assert(describes_every_field<Wanted>());

/// What the process took note of. `subject` is the id of the thing the input speaks of: payment,
/// reservation, fulfilment, return. `other` is a second one: the operation of a call, the request
/// of a fact that repeats. `number` and `count` are codes or counts, as the kind has it: an
/// attempt, a CaptureSetting, an OperationKind, 1 for true.
struct Noted {
    InputKind kind;
    std::optional<Id128> subject{};
    std::optional<Id128> other{};
    std::uint32_t number{0};
    std::uint32_t count{0};
    std::optional<Money> amount{};
    std::optional<Instant> at{};
    std::vector<Wanted> wanted{};
    std::vector<LineQuantity> lines{};
    reservation::Items items{};
    std::vector<order::Line> added{};
    std::optional<Step> step{};             ///< refused
    std::optional<RefusalReason> refusal{}; ///< why
    std::optional<Deadline> deadline{};     ///< reached
    friend bool operator==(Noted const&, Noted const&) = default;
};
BOOST_DESCRIBE_STRUCT(Noted, (),
                      (kind, subject, other, number, count, amount, at, wanted, lines, items, added,
                       step, refusal, deadline))
static_assert(describes_every_field<Noted>());

/// A command that left with this step; with the state after it, `command_of` gives it again.
/// `subject` and `other` are the ids it is about, `number` and `count` codes or counts as the step
/// has it.
struct Sent {
    Step step;
    std::optional<Id128> subject{};
    std::optional<Id128> other{};
    std::uint32_t number{0};
    std::uint32_t count{0};
    std::optional<Money> amount{};
    std::optional<Instant> at{};
    std::optional<Money> uncollected{};
    std::vector<LineQuantity> lines{};
    std::vector<Shortage> shortages{};
    reservation::Items items{};
    friend bool operator==(Sent const&, Sent const&) = default;
};
BOOST_DESCRIBE_STRUCT(Sent, (),
                      (step, subject, other, number, count, amount, at, uncollected, lines,
                       shortages, items))
static_assert(describes_every_field<Sent>());

/// A deadline that was set, or lifted when it names no instant. Same deadline and subject replace.
struct Due {
    Deadline deadline;
    std::optional<Id128> subject{};
    std::optional<Instant> at{};
    friend bool operator==(Due const&, Due const&) = default;
};
BOOST_DESCRIBE_STRUCT(Due, (), (deadline, subject, at))
static_assert(describes_every_field<Due>());

struct Advanced {
    Phase from;
    Phase to;
    Noted input;
    std::vector<Sent> commands{};
    std::vector<Due> deadlines{};
    friend bool operator==(Advanced const&, Advanced const&) = default;
};
BOOST_DESCRIBE_STRUCT(Advanced, (), (from, to, input, commands, deadlines))
static_assert(describes_every_field<Advanced>());

using Event = std::variant<Advanced>;

} // namespace kontor::checkout
