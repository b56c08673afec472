#include "services/import/classify.hpp"

#include "services/import/limits.hpp"

#include "domain/values/quantity.hpp"

#include <algorithm>
#include <array>

namespace kontor::online_retail {
namespace {

template <std::size_t N>
bool is_one_of(std::string_view text, std::array<std::string_view, N> const& texts) {
    return std::ranges::find(texts, text) != texts.end();
}

constexpr std::array<std::string_view, 3> shipping_codes{"POST", "DOT", "C2"};
constexpr std::array<std::string_view, 3> charge_codes{"M", "D", "S"};

/// What follows from a code alone, once for each SKU.
struct SkuTraits {
    bool is_accounting;
    bool is_goods;
};

std::vector<SkuTraits> traits_of(TextTable const& skus) {
    std::vector<SkuTraits> traits;
    for (std::uint32_t sku = 0; sku < skus.size(); ++sku) {
        auto const code = skus.text(sku);
        traits.push_back({is_one_of(code, accounting_codes), kind_of(code) == SkuKind::goods});
    }
    return traits;
}

RowClass class_of_cancellation(Row const& row) {
    if (row.quantity >= 0 || row.price <= 0)
        return RowClass::malformed;
    return row.minor() < -order_minor_max ? RowClass::out_of_range : RowClass::cancellation;
}

RowClass class_of_adjustment(Row const& row, SkuTraits sku) {
    if (!sku.is_goods)
        return RowClass::stock_of_service;
    return row.quantity == 0 ? RowClass::malformed : RowClass::adjustment;
}

RowClass class_of(Table const& table, Row const& row, SkuTraits sku) {
    if (!row.is_readable())
        return RowClass::malformed;
    if (table.is_bad_debt(row.invoice))
        return RowClass::bad_debt;
    if (sku.is_accounting)
        return RowClass::accounting_entry;
    if (row.price % micropounds_per_penny != 0)
        return RowClass::price_below_penny;
    if (table.is_cancellation(row.invoice))
        return class_of_cancellation(row);
    auto const& invoice = table.invoice_of(row);
    if (invoice.customer == 0 && invoice.all_free)
        return class_of_adjustment(row, sku);
    return row.quantity > 0 && row.price >= 0 ? RowClass::order_line : RowClass::malformed;
}

/// How large the order of one invoice would be.
struct OrderSize {
    std::size_t lines{0};
    std::int64_t units{0};
    std::int64_t minor{0};

    bool is_in_range() const {
        return lines <= order_lines_max && units <= Quantity::max && minor <= order_minor_max;
    }
    void add(Row const& row) {
        if (!is_in_range())
            return;
        ++lines;
        units += row.quantity;
        minor += row.minor();
    }
};

void refuse_what_is_too_large(Table& table) {
    std::vector<OrderSize> sizes(table.invoices.size());
    for (auto const& row : table.rows)
        if (row.row_class == RowClass::order_line)
            sizes[row.invoice].add(row);
    for (auto& row : table.rows)
        if (row.row_class == RowClass::order_line && !sizes[row.invoice].is_in_range())
            row.row_class = RowClass::out_of_range;
}

} // namespace

SkuKind kind_of(std::string_view sku) {
    if (is_one_of(sku, shipping_codes))
        return SkuKind::shipping;
    if (sku.starts_with("GIFT_0001_"))
        return SkuKind::voucher;
    return is_one_of(sku, charge_codes) ? SkuKind::charge : SkuKind::goods;
}

std::string_view name(RowClass row_class) {
    switch (row_class) {
    case RowClass::malformed: return "malformed";
    case RowClass::bad_debt: return "bad_debt";
    case RowClass::accounting_entry: return "accounting_entry";
    case RowClass::price_below_penny: return "price_below_penny";
    case RowClass::cancellation: return "cancellation";
    case RowClass::adjustment: return "adjustment";
    case RowClass::stock_of_service: return "stock_of_service";
    case RowClass::order_line: return "order_line";
    case RowClass::out_of_range: return "out_of_range";
    }
    KONTOR_UNREACHABLE();
}

void classify(Table& table) {
    auto const traits = traits_of(table.skus);
    for (auto& row : table.rows)
        row.row_class = class_of(table, row, row.is_readable() ? traits[row.sku] : SkuTraits{});
    refuse_what_is_too_large(table);
}

} // namespace kontor::online_retail
