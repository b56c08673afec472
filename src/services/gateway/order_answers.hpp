#pragma once

/// Orders as the API shows them: folded from the log up to a version or position, or made of the
/// rows of the read model. Both go through the same rows, so they cannot tell different stories.
/// Thread: the edge's.

#include "services/gateway/answers.hpp"
#include "services/gateway/asked.hpp"

#include "base/result.hpp"
#include "ports/event_store.hpp"
#include "services/views/queries.hpp"

namespace kontor::services::gateway {

/// How far to look.
struct Until {
    ports::StreamVersion version{~std::uint64_t{0}}; ///< of the order; its payments and parcels as
                                                     ///< they were when it came to this version
    ports::Position position{~std::uint64_t{0}};
    std::optional<Instant> time{}; ///< only what had happened then

    bool is_before(ports::RecordedEvent const& event, ports::RecordedCommit const& commit) const {
        return event.position > position || (time && commit.header.occurred_at > *time);
    }
};

/// As far as the answer to a write looks.
inline Until until_of(Seen const& seen) {
    return seen.until ? Until{.position = *seen.until} : Until{.version = seen.version};
}

/// What at_version, at_position or at_time says, one of them, and never beyond what is durable.
/// Errors: parameter_invalid.
Result<Until, Trouble> until_asked(Parts const& parts, Asked const& asked);

/// What has a document of its own: where it stands in the log, and in which year's register the
/// document is.
struct DocumentCause {
    std::uint64_t position;
    std::string year;
};

/// A step that a bank wants of the buyer.
struct BankStep {
    PaymentId payment;
    Personal<std::string> url;
};

/// An order as the log tells it.
struct FoldedOrder {
    views::OrderView view;
    Personal<Address> ship_to{};
    Personal<Contact> contact{};
    std::vector<DocumentCause> documented{}; ///< in the sequence of the log
    std::optional<order::Rejected> rejected{};
    std::vector<BankStep> steps{}; ///< that were ever asked for
    Until until{};                 ///< how far was looked, a version as its position
};

/// Empty: no such order, or not yet.   Errors: unavailable, corrupt.
Result<std::optional<FoldedOrder>> fold_order(Parts& parts, OrderId id, Until until);

/// All that was recorded of an order and what belongs to it, durable or not, stream by stream.
/// Errors: unavailable, corrupt.
Result<std::vector<ports::EventPage>> pages_of_order(ports::EventStore& log, OrderId id);

/// Whose it is, and that it is there; empty: no such order.   Errors: unavailable, corrupt.
struct Owner {
    std::optional<CustomerId> customer;
};
Result<std::optional<Owner>> owner_of(ports::EventStore& log, OrderId id);

/// Whether it is there and the caller may see it: one that is not the caller's is as if it were not
/// there.   Errors: unavailable, corrupt.
Result<bool, Trouble> may_see_order(Parts& parts, Asked const& asked, OrderId id);

/// The order that the path names first.   Errors: unknown_order, unavailable, corrupt.
Result<OrderId, Trouble> order_in_path(Parts& parts, Asked const& asked);

/// The invoices and credit notes of what happened to an order, as far as it was looked at, in the
/// sequence of the log.   Errors: unavailable, corrupt.
Result<std::vector<DocumentAnswer>> documents_of(ports::EventStore& log, FoldedOrder const& order);

OrderAnswer answer_of(FoldedOrder const& order);
OrderSummaryAnswer answer_of(views::OrderSummary const& order);
PaymentAnswer answer_of(views::PaymentRow const& payment);
/// With the step that the bank wants, if the order still waits for it.
PaymentAnswer payment_answer(FoldedOrder const& order, views::PaymentRow const& payment);
ShipmentAnswer answer_of(views::ShipmentRow const& shipment);
ReturnAnswer answer_of(views::ReturnRow const& row);
RefundAnswer answer_of(views::RefundRow const& refund);

} // namespace kontor::services::gateway
