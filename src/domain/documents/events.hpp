#pragma once

/// The facts of the stream `documents-{year}`: invoices, one per dispatch, and credit notes, one
/// per refund. A follower of the log gives the numbers, gap-free within the year, so no command
/// waits for a number. `position` is that of the fact which is documented: who goes on after a
/// crash begins behind it.
///
/// WARNING: these are stored for ever. The field names are the JSON format, their order is the
/// binary one. A fact changes in one way only: an optional field added at its end.
/// Source: DOMAIN sections 4 and 10.

#include "domain/values/ids.hpp"
#include "domain/values/money.hpp"

#include "base/describe.hpp"

#include <cstdint>
#include <optional>
#include <variant>

namespace kontor::documents {

struct InvoiceIssued {
    std::uint64_t number; ///< 1, 2, 3 … within the year
    OrderId order_id;
    std::optional<FulfilmentId> fulfilment_id; ///< absent: services that shipped without a parcel
    NetTax value;
    std::optional<std::uint64_t> position{};
    friend bool operator==(InvoiceIssued const&, InvoiceIssued const&) = default;
};
BOOST_DESCRIBE_STRUCT(InvoiceIssued, (), (number, order_id, fulfilment_id, value, position))
static_assert(describes_every_field<InvoiceIssued>());

struct CreditNoteIssued {
    std::uint64_t number; ///< 1, 2, 3 … within the year
    OrderId order_id;
    RefundId refund_id;
    NetTax value;
    std::optional<std::uint64_t> position{};
    friend bool operator==(CreditNoteIssued const&, CreditNoteIssued const&) = default;
};
BOOST_DESCRIBE_STRUCT(CreditNoteIssued, (), (number, order_id, refund_id, value, position))
static_assert(describes_every_field<CreditNoteIssued>());

using Event = std::variant<InvoiceIssued, CreditNoteIssued>;

} // namespace kontor::documents
