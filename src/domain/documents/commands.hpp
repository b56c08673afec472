#pragma once

/// What may be asked of the documents of one year.

#include "domain/documents/events.hpp"

#include <vector>

namespace kontor::documents {

/// Units left: the fact at this position of the log wants an invoice.
struct Dispatched {
    std::uint64_t position;
    OrderId order_id;
    std::optional<FulfilmentId> fulfilment_id; ///< absent: services that shipped without a parcel
    NetTax value;
    friend bool operator==(Dispatched const&, Dispatched const&) = default;
};

/// Money goes back: the fact at this position wants a credit note.
struct Refunded {
    std::uint64_t position;
    OrderId order_id;
    RefundId refund_id;
    NetTax value;
    friend bool operator==(Refunded const&, Refunded const&) = default;
};

using Cause = std::variant<Dispatched, Refunded>;

/// Documents what happened, in the sequence of the log.
struct Issue {
    std::vector<Cause> causes;
    friend bool operator==(Issue const&, Issue const&) = default;
};

using Command = std::variant<Issue>;

} // namespace kontor::documents
