#include "services/import/figures.hpp"

#include "services/import/countries.hpp"
#include "services/import/limits.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

/// Sums up a plan, part by part.
class Counter {
public:
    Counter(Table const& table, Plan const& plan) : table_(table), plan_(plan) {}

    Figures run() {
        count_catalog();
        for (auto const& order : plan_.orders) {
            count_sale(order);
            count_outcome(order);
        }
        count_cancellations();
        count_goodwill();
        count_stock();
        return std::move(figures_);
    }

private:
    Row const& row_of(PlannedLine const& line) const { return table_.rows[line.row]; }
    bool is_goods(SkuIndex sku) const { return plan_.skus[sku].kind == SkuKind::goods; }
    Month& month(Instant at) { return figures_.months[month_of(at)]; }
    Instant cancelled_at(RowIndex row) const { return table_.invoice_of(table_.rows[row]).at; }

    void count_catalog() {
        for (auto const& sku : plan_.skus) {
            figures_.skus += sku.is_used ? 1 : 0;
            figures_.skus_without_price += sku.is_used && sku.price_minor == 0 ? 1 : 0;
        }
        figures_.customers = plan_.customers.size();
    }

    void count_sale(PlannedOrder const& order) {
        auto const& invoice = table_.invoices[order.invoice];
        std::vector<SkuIndex> skus;
        bool has_goods = false;
        for (LineIndex i = 0; i < order.line_count; ++i) {
            auto const& row = row_of(plan_.lines[order.first_line + i]);
            figures_.order_lines_free += row.price == 0 ? 1 : 0;
            figures_.gross_of(plan_.skus[row.sku].kind) += row.minor();
            has_goods |= is_goods(row.sku);
            skus.push_back(row.sku);
        }
        std::ranges::sort(skus);
        figures_.order_lines += order.line_count;
        ++figures_.orders;
        figures_.orders_guest += invoice.customer == 0 ? 1 : 0;
        figures_.orders_zero_total += order.gross == 0 ? 1 : 0;
        figures_.orders_no_goods += has_goods ? 0 : 1;
        figures_.orders_repeated_sku += std::ranges::adjacent_find(skus) != skus.end() ? 1 : 0;
        auto const country = country_named(table_.countries.text(invoice.country));
        figures_.gross_by_country[std::string(country.view())] += order.gross;
        ++month(invoice.at).orders;
        month(invoice.at).gross += order.gross;
    }

    void count_outcome(PlannedOrder const& order) {
        std::set<SkuIndex> shipped;
        bool ships = false;
        for (LineIndex i = 0; i < order.line_count; ++i) {
            auto const& line = plan_.lines[order.first_line + i];
            bool const is_left = line.cancelled < row_of(line).quantity;
            ships |= is_left;
            if (is_left && is_goods(row_of(line).sku))
                shipped.insert(row_of(line).sku);
        }
        ++(ships ? figures_.completed : figures_.cancelled_orders_whole);
        figures_.parcels += (shipped.size() + parcel_skus_max - 1) / parcel_skus_max;
        figures_.payments += order.gross > 0 ? 1 : 0;
        figures_.captures += order.captured() > 0 ? 1 : 0;
        figures_.captures_in_part += order.captured() > 0 && order.cancelled > 0 ? 1 : 0;
        figures_.captured += order.captured();
        figures_.refunded += order.returned + order.goodwill;
        figures_.cancelled += order.cancelled;
        figures_.returned += order.returned;
        figures_.goodwill += order.goodwill;
    }

    void count_cancellations() {
        std::set<OrderIndex> cancelled;
        std::set<OrderIndex> returned;
        for (auto const& undoing : plan_.undoings) {
            bool has_goods = false;
            bool same_day = false;
            for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
                auto const& match = plan_.matches[undoing.first_match + i];
                count_match(match);
                has_goods |= is_goods(table_.rows[match.row].sku);
                same_day = match.same_day;
            }
            (same_day ? cancelled : returned).insert(undoing.order);
            figures_.refund_grants += same_day ? 0 : 1;
            figures_.returns += !same_day && has_goods ? 1 : 0;
        }
        figures_.cancelled_orders = cancelled.size();
        figures_.returned_orders = returned.size();
    }

    void count_match(Match const& match) {
        auto const& row = table_.rows[match.row];
        auto const value = match.units * row.unit_minor();
        auto& at = month(cancelled_at(match.row));
        (match.same_day ? at.cancelled : at.returned) += value;
        (match.same_day ? figures_.cancelled_units : figures_.returned_units) += match.units;
        if (is_goods(row.sku))
            (match.same_day ? figures_.stock.cancelled : figures_.stock.restocked) += match.units;
    }

    void count_goodwill() {
        std::set<OrderIndex> orders;
        for (auto const& given : plan_.goodwill) {
            month(cancelled_at(given.row)).goodwill += given.minor;
            orders.insert(given.order);
        }
        figures_.goodwill_grants = plan_.gifts.size();
        figures_.goodwill_orders = orders.size();
        figures_.refund_grants += plan_.gifts.size();
    }

    void count_stock() {
        auto& stock = figures_.stock;
        for (auto const& sku : plan_.skus) {
            stock.opening += sku.opening;
            stock.opening_skus += sku.opening > 0 ? 1 : 0;
            stock.skus_once_sold_out += sku.opening > 0 ? 1 : 0;
        }
        for (auto const& row : table_.rows) {
            if (row.row_class == RowClass::order_line && is_goods(row.sku))
                stock.ordered += row.quantity;
            if (row.row_class != RowClass::adjustment)
                continue;
            ++(row.quantity > 0 ? figures_.adjustments_found : figures_.adjustments_lost);
            (row.quantity > 0 ? stock.found : stock.lost) += std::abs(row.quantity);
        }
        stock.on_hand = stock.opening - stock.ordered + stock.cancelled + stock.restocked +
                        stock.found - stock.lost;
    }

    Table const& table_;
    Plan const& plan_;
    Figures figures_;
};

} // namespace

std::string month_of(Instant at) {
    auto const day = to_calendar(at);
    return fmt::format("{:04}-{:02}", day.year, day.month);
}

std::int64_t& Figures::gross_of(SkuKind kind) {
    switch (kind) {
    case SkuKind::goods: return gross_goods;
    case SkuKind::shipping: return gross_shipping;
    case SkuKind::charge: return gross_charge;
    case SkuKind::voucher: return gross_voucher;
    }
    KONTOR_UNREACHABLE();
}

Figures planned_figures(Table const& table, Plan const& plan) {
    return Counter(table, plan).run();
}

} // namespace kontor::online_retail
