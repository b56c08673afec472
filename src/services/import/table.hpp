#pragma once

/// Table: the rows of a file as numbers: 24 bytes each, with every invoice, SKU and country named
/// once. What the shop makes of a row is decided elsewhere (classify.hpp).
///
/// Invariants: 1. Rows keep the sequence of the file; its n-th record after the header is
///                row n - 1.
///             2. An unreadable row belongs to no invoice and has no quantity and no price.

#include "services/import/fields.hpp"
#include "services/import/text_table.hpp"

#include "domain/values/lines.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace kontor::online_retail {

/// What a row is; the first that fits.   Source: DOMAIN section 13.
enum class RowClass : std::uint8_t {
    malformed,
    bad_debt,
    accounting_entry,
    price_below_penny,
    cancellation,
    adjustment,
    stock_of_service,
    order_line,
    out_of_range ///< of an order that no shop takes: too many lines, too much money
};
inline constexpr std::size_t row_class_count = 9;
std::string_view name(RowClass row_class);

/// Codes of the shop's own bookkeeping; nothing is sold under them.
inline constexpr std::array<std::string_view, 4> accounting_codes{"AMAZONFEE", "BANK CHARGES",
                                                                  "CRUK", "B"};

/// What is sold under a code: POST, DOT, C2 are shipping, GIFT_0001_… vouchers, M, D, S charges.
SkuKind kind_of(std::string_view sku);

using RowIndex = std::uint32_t;     ///< into Table::rows
using InvoiceIndex = std::uint32_t; ///< into Table::invoices
using SkuIndex = std::uint32_t;     ///< into Table::skus
inline constexpr std::uint32_t none = UINT32_MAX;

struct Row {
    Micropounds price{0};
    InvoiceIndex invoice{none};
    SkuIndex sku{none};
    std::int32_t quantity{0};
    RowClass row_class{RowClass::malformed};

    bool is_readable() const { return invoice != none; }
    /// Pence of one unit.   Requires: whole pence, as every class after price_below_penny has them.
    std::int64_t unit_minor() const { return price / micropounds_per_penny; }
    std::int64_t minor() const { return unit_minor() * quantity; }
};
static_assert(sizeof(Row) == 24, "of at most 48 bytes a row");

/// Who bought and when: as the invoice's first readable row says, whatever the others say.
struct Invoice {
    Instant at{};
    std::uint32_t customer{0}; ///< 0: none
    std::uint32_t country{0};  ///< index into Table::countries
    RowIndex first_row{none};
    std::uint32_t row_count{0};
    bool all_free{true};
};

struct Table {
    std::vector<Row> rows;
    std::vector<Invoice> invoices; ///< by index in `numbers`
    TextTable numbers;             ///< InvoiceNo, upper-cased
    TextTable skus;                ///< StockCode, upper-cased
    TextTable stock_codes;         ///< StockCode as written
    TextTable countries;           ///< as written
    bool day_first{true};
    bool dates_are_ambiguous{false}; ///< nothing in the file shows whether the day stands first

    // What the file says before anything is decided; of readable rows.
    std::uint64_t rows_no_customer{0};
    std::uint64_t rows_price_not_positive{0};
    std::uint64_t rows_quantity_negative{0};
    std::uint64_t rows_exact_repeats{0};

    /// The names in `countries` that stand for none.
    std::vector<std::string_view> unknown_countries() const;
    /// Two tables that differ in a row or an invoice have different marks.
    std::uint64_t mark() const;

    Invoice const& invoice_of(Row const& row) const { return invoices[row.invoice]; }
    bool is_cancellation(InvoiceIndex invoice) const { return numbers.text(invoice)[0] == 'C'; }
    bool is_bad_debt(InvoiceIndex invoice) const { return numbers.text(invoice)[0] == 'A'; }
};

} // namespace kontor::online_retail
