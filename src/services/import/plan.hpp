#pragma once

/// Plan: what the file's rows become in the shop, before anything is commanded: orders, which units
/// of which orders the cancellations undo, what is goodwill, what nobody bought, and how much stock
/// must have been there on the first day.
///
/// Invariants: 1. Of every cancellation row: matched units + units granted as goodwill or left over
///                = its units.
///             2. Of every order: cancelled + returned + goodwill <= gross.
///             3. No SKU ever falls below zero available, and each that was needed reaches it once.
/// Source: DOMAIN section 13.

#include "services/import/table.hpp"

#include <cstdint>
#include <vector>

namespace kontor::online_retail {

using OrderIndex = std::uint32_t; ///< into Plan::orders
using LineIndex = std::uint32_t;  ///< into Plan::lines

struct PlannedLine {
    RowIndex row;
    OrderIndex order;
    std::int32_t cancelled{0}; ///< units, on the day of the order
    std::int32_t returned{0};  ///< units, later
};

struct PlannedOrder {
    InvoiceIndex invoice;
    LineIndex first_line;
    std::uint32_t line_count;
    std::int64_t gross{0}; ///< all in pence
    std::int64_t cancelled{0};
    std::int64_t returned{0};
    std::int64_t goodwill{0};

    std::int64_t captured() const { return gross - cancelled; }
    std::int64_t room() const { return captured() - returned - goodwill; }
};

/// Units of one cancellation row that undo units of one order line.
struct Match {
    RowIndex row;
    LineIndex line;
    std::int32_t units;
    bool same_day;
};

/// What a cancellation row takes back from an order that it names no unit of.
struct Goodwill {
    RowIndex row;
    OrderIndex order;
    std::int64_t minor;
};

enum class UnmatchedReason : std::uint8_t { no_customer, no_purchase, exceeds_purchases };
inline constexpr std::size_t unmatched_reason_count = 3;
std::string_view name(UnmatchedReason reason);

/// What is left of a cancellation row.
struct Unmatched {
    RowIndex row;
    UnmatchedReason reason;
    bool in_part; ///< the rest of the row was matched or granted
    std::int64_t minor;
};

struct PlannedSku {
    SkuKind kind{SkuKind::goods};
    bool is_used{false};         ///< by a cancellation, an adjustment or an order
    std::int64_t price_minor{0}; ///< 0: not sellable
    std::int64_t opening{0};     ///< units received on the first day
};

struct PlannedCustomer {
    std::uint32_t number;
    std::uint32_t country; ///< index into Table::countries, of the newest invoice
    InvoiceIndex first_invoice;
};

/// What happens next in the shop; each is one or a few compound commands.
enum class ActKind : std::uint8_t {
    registration, ///< of a customer; index into Plan::customers
    purchase,     ///< index into Plan::orders
    cancellation, ///< of one order by one cancellation; index into Plan::undoings
    adjustment,   ///< of stock; a row
    dispatch,     ///< at the day's close; index into Plan::orders
    goodwill      ///< at the day's close; index into Plan::gifts
};
struct Act {
    Instant at;
    ActKind kind;
    RowIndex row; ///< in which sequence acts of one moment happen
    std::uint32_t index;
};

/// All that one cancellation undoes of one order: a run of Plan::matches.
struct Undoing {
    InvoiceIndex cancellation;
    OrderIndex order;
    std::uint32_t first_match;
    std::uint32_t match_count;
};

/// All that one cancellation is granted on one order: a run of Plan::goodwill.
struct Gift {
    InvoiceIndex cancellation;
    OrderIndex order;
    std::uint32_t first_goodwill;
    std::uint32_t goodwill_count;
};

struct Plan {
    std::vector<PlannedOrder> orders; ///< by time, then row
    std::vector<PlannedLine> lines;   ///< of the orders, in the same sequence, by row
    std::vector<Match> matches;       ///< by undoing
    std::vector<Undoing> undoings;
    std::vector<Goodwill> goodwill; ///< by gift
    std::vector<Gift> gifts;
    std::vector<Unmatched> unmatched; ///< ascending by row
    std::vector<PlannedSku> skus;     ///< by SkuIndex
    std::vector<PlannedCustomer> customers;
    std::vector<Act> acts; ///< in the sequence in which they happen
    Instant first_day{};   ///< 00:00 of it
};

/// Requires: `table` is classified.
Plan plan(Table const& table);

/// 00:00 of the day.
Instant day_of(Instant at);

} // namespace kontor::online_retail
