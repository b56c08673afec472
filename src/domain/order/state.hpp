#pragma once

/// What an order has become: a variant of named situations, so that impossible ones cannot be
/// written. Every situation that has an order in it carries the same Book, handed on as a pointer:
/// counters and pools of money for each line, parcels, returns and refunds. It has no text and
/// nothing personal.
///
/// Invariants, for each line:
///   1. Counters only grow. delivered <= shipped; shipped + cancelled <= ordered;
///      returned <= return_asked <= shipped.
///   2. open is worth ordered - cancelled - shipped units, out is worth shipped - returned units.
/// and for the book:
///   3. sold = cancelled + returned + open and out of all lines and of shipping, net and tax each.
/// Source: DOMAIN sections 2 and 4.

#include "domain/order/events.hpp"
#include "domain/order/worth.hpp"

#include "base/boxed.hpp"
#include "base/small_vector.hpp"

#include <variant>
#include <vector>

namespace kontor::order {

/// One line: how many of its units went where, and what they are worth.
struct LineTally {
    std::uint32_t ordered{0};
    std::uint32_t cancelled{0};
    std::uint32_t shipped{0};
    std::uint32_t delivered{0};
    std::uint32_t return_asked{0}; ///< the most that ever was returned or asked for at one time
    std::uint32_t returned{0};
    std::uint32_t returned_undelivered{0}; ///< of `returned`: never reached the buyer
    std::uint32_t returning{0};            ///< delivered units that the buyer wants to send back
    std::uint32_t coming_back{0};          ///< undelivered units that the carrier brings back
    SkuKind kind{SkuKind::goods};
    Worth open;
    Worth out;
    std::int64_t returnable_until{INT64_MAX}; ///< µs since 1970; the last delivery counts

    std::uint32_t open_units() const { return ordered - cancelled - shipped; }
    std::uint32_t out_units() const { return shipped - returned; }
    /// Units that left and neither arrived nor came back.
    std::uint32_t under_way() const { return shipped - delivered - returned_undelivered; }
    /// Units that the buyer has and has not asked to return.
    std::uint32_t returnable() const {
        return delivered - (returned - returned_undelivered) - returning;
    }
    friend bool operator==(LineTally const&, LineTally const&) = default;
};

/// Units of a line in a parcel or a return. `line` counts from 1.
struct LineUnits {
    std::uint16_t line;
    std::uint32_t units;
    friend bool operator==(LineUnits const&, LineUnits const&) = default;
};

/// A parcel that left. Its lines are a range of Book::parcel_lines: the units under way in it.
/// Services that shipped without a parcel have a nil id.
struct Parcel {
    FulfilmentId fulfilment_id;
    std::uint32_t first;
    std::uint32_t count;
    bool coming_back{false}; ///< a return of the carrier's is open
    friend bool operator==(Parcel const&, Parcel const&) = default;
};

struct Return {
    enum class Status : std::uint8_t { open, received, cancelled };
    ReturnId return_id;
    FulfilmentId parcel{}; ///< nil: a return of the buyer's
    Status status{Status::open};
    std::vector<LineUnits> awaited;
    friend bool operator==(Return const&, Return const&) = default;
};

struct Book {
    Currency currency;
    ServicesShip services_ship{ServicesShip::at_confirmation};
    Instant pay_by;
    Duration ship_within;
    std::optional<Duration> return_window{};
    std::optional<CouponCode> coupon{};
    std::optional<CustomerId> customer_id{};

    std::vector<LineTally> lines; ///< line 1 first
    SmallVector<Parcel, 1> parcels{};
    SmallVector<LineUnits, 4> parcel_lines{};
    std::vector<Return> returns{};
    std::vector<RefundId> refunds{};
    std::vector<CommandId> requests{}; ///< commands known by nothing else but their id

    Worth sold;           ///< everything ever sold, shipping included; its gross value is the total
    Worth shipping_open;  ///< until the first parcel leaves
    Worth shipping_out;   ///< shipped and not given back
    Worth cancelled;      ///< will never ship
    Worth returned;       ///< came back
    Worth granted_cancel; ///< of `cancelled`; likewise of `returned` and `shipping_out`
    Worth granted_return;
    Worth granted_shipping;
    std::int64_t granted_goodwill{0};

    std::uint32_t open_goods{0};    ///< units of goods that may still ship
    std::uint32_t open_services{0}; ///< units of services that may still ship
    std::uint32_t shipped{0};
    std::uint32_t under_way{0};

    bool is_untouched() const { return shipped == 0; }
    std::uint32_t open_units() const { return open_goods + open_services; }
    friend bool operator==(Book const&, Book const&) = default;
};

/// No such order yet.
struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// Placed: stock is being reserved and the buyer pays.
struct AwaitingPayment {
    Boxed<Book> book;
    std::uint32_t attempt{0}; ///< offers to pay so far
    friend bool operator==(AwaitingPayment const&, AwaitingPayment const&) = default;
};

/// Confirmed: it ships, arrives, comes back.
struct InProgress {
    Boxed<Book> book;
    friend bool operator==(InProgress const&, InProgress const&) = default;
};

/// Confirmed, and somebody is changing it.
struct BeingEdited {
    Boxed<Book> book;
    Actor editor;
    friend bool operator==(BeingEdited const&, BeingEdited const&) = default;
};

/// Completed: everything arrived and the money is settled.
struct Finished {
    Boxed<Book> book;
    friend bool operator==(Finished const&, Finished const&) = default;
};

/// It did not come about.
struct Closed {
    enum class Outcome : std::uint8_t { cancelled, rejected, expired };
    Boxed<Book> book;
    Outcome outcome;
    friend bool operator==(Closed const&, Closed const&) = default;
};

using State = std::variant<Nothing, AwaitingPayment, InProgress, BeingEdited, Finished, Closed>;

/// The axis of an order, as it is shown and asked for.
enum class Phase : std::uint8_t {
    nothing,
    placed,
    confirmed,
    editing,
    completed,
    cancelled,
    rejected,
    expired
};
BOOST_DESCRIBE_ENUM(Phase, nothing, placed, confirmed, editing, completed, cancelled, rejected,
                    expired)
Phase phase_of(State const& state);

State initial();
/// Nothing happens to the axis any more; returns and refunds still may.
bool is_terminal(State const& state);
/// The book, if there is an order.
Book const* book_of(State const& state);

Parcel const* parcel_of(Book const& book, FulfilmentId id);
Return const* return_of(Book const& book, ReturnId id);
bool has_refund(Book const& book, RefundId id);
bool has_request(Book const& book, CommandId id);
/// Requires: the line exists.
LineTally const& tally_of(Book const& book, LineNumber line);

/// One for each fact. An impossible transition is a defect.
State evolve(State state, Placed const& event);
State evolve(State state, PaymentOffered const& event);
State evolve(State state, Confirmed const& event);
State evolve(State state, Rejected const& event);
State evolve(State state, Expired const& event);
State evolve(State state, Cancelled const& event);
State evolve(State state, LinesCancelled const& event);
State evolve(State state, AddressChanged const& event);
State evolve(State state, EditOpened const& event);
State evolve(State state, EditAbandoned const& event);
State evolve(State state, Edited const& event);
State evolve(State state, Shipped const& event);
State evolve(State state, Delivered const& event);
State evolve(State state, Completed const& event);
State evolve(State state, ReturnRequested const& event);
State evolve(State state, ReturnReceived const& event);
State evolve(State state, ReturnCancelled const& event);
State evolve(State state, RefundGranted const& event);

} // namespace kontor::order
