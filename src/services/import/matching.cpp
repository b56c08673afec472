#include "services/import/matching.hpp"

#include <algorithm>
#include <span>
#include <tuple>

namespace kontor::online_retail {
namespace {

/// A cancellation row with what is left of it after the matches.
struct Remainder {
    RowIndex row;
    std::int32_t units;
};

/// What was bought, sorted for the question: which of this customer, SKU and price, newest last.
class Purchases {
public:
    Purchases(Table const& table, Plan const& plan) : table_(table), plan_(plan) {
        for (LineIndex line = 0; line < plan.lines.size(); ++line)
            if (table.invoice_of(row(line)).customer != 0)
                lines_.push_back(line);
        std::ranges::sort(lines_, [this](LineIndex a, LineIndex b) {
            auto const by_ware = key(row(a)) <=> key(row(b));
            return by_ware != 0 ? by_ware < 0 : is_older(a, b);
        });
    }

    std::span<LineIndex const> like(Row const& cancelled) const {
        auto const range = std::ranges::equal_range(
            lines_, key(cancelled), {}, [this](LineIndex line) { return key(row(line)); });
        return {range.begin(), range.end()};
    }

private:
    using Key = std::tuple<std::uint32_t, SkuIndex, Micropounds>;
    Row const& row(LineIndex line) const { return table_.rows[plan_.lines[line].row]; }
    Key key(Row const& row) const { return {table_.invoice_of(row).customer, row.sku, row.price}; }
    bool is_older(LineIndex a, LineIndex b) const {
        auto const place = [this](LineIndex line) {
            return std::tuple(table_.invoice_of(row(line)).at,
                              table_.numbers.text(row(line).invoice), plan_.lines[line].row);
        };
        return place(a) < place(b);
    }

    Table const& table_;
    Plan const& plan_;
    std::vector<LineIndex> lines_;
};

std::vector<RowIndex> cancellations_by_time(Table const& table) {
    std::vector<RowIndex> rows;
    for (RowIndex index = 0; index < table.rows.size(); ++index)
        if (table.rows[index].row_class == RowClass::cancellation)
            rows.push_back(index);
    std::ranges::stable_sort(
        rows, {}, [&](RowIndex index) { return table.invoice_of(table.rows[index]).at; });
    return rows;
}

class Matcher {
public:
    Matcher(Table const& table, Plan& plan) : table_(table), plan_(plan), purchases_(table, plan) {}

    void run() {
        auto const rows = cancellations_by_time(table_);
        std::vector<Remainder> remainders;
        for (auto const index : rows)
            if (auto const units = match(index); units > 0)
                remainders.push_back({index, units});
        sort_orders_of_customers();
        for (auto const& remainder : remainders)
            settle(remainder);
        std::ranges::sort(plan_.unmatched, {}, &Unmatched::row);
    }

private:
    Row const& row_of(LineIndex line) const { return table_.rows[plan_.lines[line].row]; }

    /// Returns how many units found no purchase.
    std::int32_t match(RowIndex index) {
        auto const& row = table_.rows[index];
        auto const& invoice = table_.invoice_of(row);
        auto wanted = -row.quantity;
        if (invoice.customer == 0)
            return wanted;
        auto const candidates = purchases_.like(row);
        for (auto at = candidates.rbegin(); at != candidates.rend() && wanted > 0; ++at) {
            auto& line = plan_.lines[*at];
            auto const& placed = table_.invoice_of(row_of(*at));
            auto const open = row_of(*at).quantity - line.cancelled - line.returned;
            if (placed.at > invoice.at || open == 0)
                continue;
            auto const units = std::min(wanted, open);
            bool const same_day = day_of(placed.at) == day_of(invoice.at);
            wanted -= units;
            (same_day ? line.cancelled : line.returned) += units;
            auto& order = plan_.orders[line.order];
            (same_day ? order.cancelled : order.returned) += units * row.unit_minor();
            plan_.matches.push_back({index, *at, units, same_day});
        }
        return wanted;
    }

    void sort_orders_of_customers() {
        for (OrderIndex order = 0; order < plan_.orders.size(); ++order)
            orders_.push_back(order);
        std::ranges::sort(orders_, {}, [this](OrderIndex order) {
            auto const invoice = plan_.orders[order].invoice;
            auto const& placed = table_.invoices[invoice];
            return std::tuple(placed.customer, placed.at, table_.numbers.text(invoice));
        });
    }

    std::span<OrderIndex const> orders_of(std::uint32_t customer) const {
        auto const range =
            std::ranges::equal_range(orders_, customer, {}, [this](OrderIndex order) {
                return table_.invoices[plan_.orders[order].invoice].customer;
            });
        return {range.begin(), range.end()};
    }

    void settle(Remainder const& remainder) {
        auto const& row = table_.rows[remainder.row];
        auto const& invoice = table_.invoice_of(row);
        auto owed = remainder.units * row.unit_minor();
        bool in_part = remainder.units != -row.quantity;
        if (invoice.customer == 0) {
            plan_.unmatched.push_back({remainder.row, UnmatchedReason::no_customer, false, owed});
            return;
        }
        bool has_purchase = false;
        auto const candidates = orders_of(invoice.customer);
        for (auto at = candidates.rbegin(); at != candidates.rend() && owed > 0; ++at) {
            auto& order = plan_.orders[*at];
            if (table_.invoices[order.invoice].at > invoice.at)
                continue;
            has_purchase = true;
            auto const given = std::min(owed, order.room());
            if (given == 0)
                continue;
            order.goodwill += given;
            owed -= given;
            in_part = true;
            plan_.goodwill.push_back({remainder.row, *at, given});
        }
        if (owed > 0)
            plan_.unmatched.push_back(
                {remainder.row,
                 has_purchase ? UnmatchedReason::exceeds_purchases : UnmatchedReason::no_purchase,
                 in_part, owed});
    }

    Table const& table_;
    Plan& plan_;
    Purchases purchases_;
    std::vector<OrderIndex> orders_; ///< by customer, then from the oldest to the newest
};

} // namespace

void match_cancellations(Table const& table, Plan& plan) {
    Matcher(table, plan).run();
}

} // namespace kontor::online_retail
