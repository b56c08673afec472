#include "services/import/plan.hpp"

#include "services/import/matching.hpp"
#include "services/import/most_frequent.hpp"

#include <algorithm>
#include <tuple>

namespace kontor::online_retail {
namespace {

constexpr auto one_day = Duration::days(1);
constexpr auto closing_time = Duration::hours(21);

/// When the day ends: at 21:00, or with its last invoice if that comes later.
class DayCloses {
public:
    explicit DayCloses(Table const& table) {
        for (auto const& invoice : table.invoices)
            if (invoice.row_count > 0)
                closes_.push_back(std::max(invoice.at, day_of(invoice.at) + closing_time));
        std::ranges::sort(closes_);
        auto last_of_day = closes_.begin();
        for (auto const close : closes_) {
            if (last_of_day != closes_.begin() && day_of(*(last_of_day - 1)) == day_of(close))
                --last_of_day;
            *last_of_day++ = close;
        }
        closes_.erase(last_of_day, closes_.end());
    }

    Instant of(Instant at) const {
        return *std::ranges::lower_bound(closes_, day_of(at) + closing_time);
    }

private:
    std::vector<Instant> closes_; ///< one for each day, ascending
};

void add_orders(Table const& table, Plan& plan) {
    std::vector<std::uint32_t> line_counts(table.invoices.size(), 0);
    for (auto const& row : table.rows)
        if (row.row_class == RowClass::order_line)
            ++line_counts[row.invoice];
    for (InvoiceIndex invoice = 0; invoice < table.invoices.size(); ++invoice)
        if (line_counts[invoice] > 0)
            plan.orders.push_back({invoice, 0, line_counts[invoice]});
    std::ranges::sort(plan.orders, {}, [&](PlannedOrder const& order) {
        auto const& invoice = table.invoices[order.invoice];
        return std::pair(invoice.at, invoice.first_row);
    });
    std::vector<LineIndex> next_line(table.invoices.size(), 0);
    LineIndex first = 0;
    for (auto& order : plan.orders) {
        order.first_line = next_line[order.invoice] = first;
        first += order.line_count;
    }
    plan.lines.resize(first);
    for (RowIndex index = 0; index < table.rows.size(); ++index)
        if (table.rows[index].row_class == RowClass::order_line)
            plan.lines[next_line[table.rows[index].invoice]++].row = index;
    for (OrderIndex order = 0; order < plan.orders.size(); ++order)
        for (LineIndex i = 0; i < plan.orders[order].line_count; ++i) {
            auto& line = plan.lines[plan.orders[order].first_line + i];
            line.order = order;
            plan.orders[order].gross += table.rows[line.row].minor();
        }
}

void add_skus(Table const& table, Plan& plan) {
    MostFrequent prices(table.skus.size());
    plan.skus.resize(table.skus.size());
    for (SkuIndex sku = 0; sku < table.skus.size(); ++sku)
        plan.skus[sku].kind = kind_of(table.skus.text(sku));
    for (auto const& row : table.rows) {
        bool const is_used =
            row.row_class == RowClass::cancellation || row.row_class == RowClass::adjustment ||
            row.row_class == RowClass::stock_of_service || row.row_class == RowClass::order_line;
        if (!is_used)
            continue;
        plan.skus[row.sku].is_used = true;
        if (row.row_class == RowClass::order_line && row.price > 0)
            prices.see(row.sku, static_cast<std::uint32_t>(row.unit_minor()));
    }
    auto const by_sku = prices.by_sku();
    for (SkuIndex sku = 0; sku < by_sku.size(); ++sku)
        plan.skus[sku].price_minor = by_sku[sku].value_or(0);
}

void add_customers(Table const& table, Plan& plan) {
    std::vector<InvoiceIndex> invoices;
    for (InvoiceIndex index = 0; index < table.invoices.size(); ++index)
        if (table.invoices[index].row_count > 0 && table.invoices[index].customer != 0)
            invoices.push_back(index);
    std::ranges::sort(invoices, {}, [&](InvoiceIndex index) {
        auto const& invoice = table.invoices[index];
        return std::tuple(invoice.customer, invoice.at, invoice.first_row);
    });
    for (auto const index : invoices) {
        auto const& invoice = table.invoices[index];
        if (plan.customers.empty() || plan.customers.back().number != invoice.customer)
            plan.customers.push_back({invoice.customer, invoice.country, index});
        plan.customers.back().country = invoice.country;
    }
}

void add_undoings(Table const& table, Plan& plan) {
    auto const cancellation = [&](Match const& match) { return table.rows[match.row].invoice; };
    auto const order = [&](Match const& match) { return plan.lines[match.line].order; };
    std::ranges::sort(plan.matches, {}, [&](Match const& match) {
        return std::tuple(cancellation(match), order(match), match.line, match.row);
    });
    for (std::uint32_t i = 0; i < plan.matches.size(); ++i) {
        auto const& match = plan.matches[i];
        bool const is_new = plan.undoings.empty() ||
                            plan.undoings.back().cancellation != cancellation(match) ||
                            plan.undoings.back().order != order(match);
        if (is_new)
            plan.undoings.push_back({cancellation(match), order(match), i, 0});
        ++plan.undoings.back().match_count;
    }
}

void add_gifts(Table const& table, Plan& plan) {
    auto const cancellation = [&](Goodwill const& given) { return table.rows[given.row].invoice; };
    std::ranges::sort(plan.goodwill, {}, [&](Goodwill const& given) {
        return std::tuple(cancellation(given), given.order, given.row);
    });
    for (std::uint32_t i = 0; i < plan.goodwill.size(); ++i) {
        auto const& given = plan.goodwill[i];
        bool const is_new = plan.gifts.empty() ||
                            plan.gifts.back().cancellation != cancellation(given) ||
                            plan.gifts.back().order != given.order;
        if (is_new)
            plan.gifts.push_back({cancellation(given), given.order, i, 0});
        ++plan.gifts.back().goodwill_count;
    }
}

/// Registrations come before everything else of their moment, a day's dispatches after it, goodwill
/// last.
int rank(ActKind kind) {
    switch (kind) {
    case ActKind::registration: return 0;
    case ActKind::purchase:
    case ActKind::cancellation:
    case ActKind::adjustment: return 1;
    case ActKind::dispatch: return 2;
    case ActKind::goodwill: return 3;
    }
    KONTOR_UNREACHABLE();
}

void add_acts_of_orders(Table const& table, DayCloses const& closes, Plan& plan) {
    for (OrderIndex i = 0; i < plan.orders.size(); ++i) {
        auto const& order = plan.orders[i];
        auto const& invoice = table.invoices[order.invoice];
        plan.acts.push_back({invoice.at, ActKind::purchase, invoice.first_row, i});
        auto const* const lines = plan.lines.data() + order.first_line;
        bool const ships = std::any_of(lines, lines + order.line_count, [&](auto const& line) {
            return line.cancelled < table.rows[line.row].quantity;
        });
        if (ships)
            plan.acts.push_back({closes.of(invoice.at), ActKind::dispatch, invoice.first_row, i});
    }
}

void add_acts_of_cancellations(Table const& table, DayCloses const& closes, Plan& plan) {
    for (std::uint32_t i = 0; i < plan.undoings.size(); ++i) {
        auto const& invoice = table.invoices[plan.undoings[i].cancellation];
        auto const& placed = table.invoices[plan.orders[plan.undoings[i].order].invoice];
        // Of one moment, the purchase comes before what undoes it, wherever the file puts it.
        auto const row = placed.at == invoice.at ? std::max(invoice.first_row, placed.first_row)
                                                 : invoice.first_row;
        plan.acts.push_back({invoice.at, ActKind::cancellation, row, i});
    }
    for (std::uint32_t i = 0; i < plan.gifts.size(); ++i) {
        auto const& invoice = table.invoices[plan.gifts[i].cancellation];
        plan.acts.push_back({closes.of(invoice.at), ActKind::goodwill, invoice.first_row, i});
    }
}

void add_acts(Table const& table, Plan& plan) {
    DayCloses const closes(table);
    for (std::uint32_t i = 0; i < plan.customers.size(); ++i) {
        auto const& invoice = table.invoices[plan.customers[i].first_invoice];
        plan.acts.push_back({invoice.at, ActKind::registration, invoice.first_row, i});
    }
    add_acts_of_orders(table, closes, plan);
    add_acts_of_cancellations(table, closes, plan);
    for (RowIndex index = 0; index < table.rows.size(); ++index)
        if (table.rows[index].row_class == RowClass::adjustment)
            plan.acts.push_back(
                {table.invoice_of(table.rows[index]).at, ActKind::adjustment, index, index});
    std::ranges::sort(plan.acts, {}, [](Act const& act) {
        return std::tuple(act.at, rank(act.kind), act.row, act.kind, act.index);
    });
}

/// How many units of each SKU are available as the acts go by, counted from nothing.
class Levels {
public:
    Levels(Table const& table, Plan const& plan)
        : table_(table), plan_(plan), levels_(plan.skus.size(), 0), deepest_(plan.skus.size(), 0) {}

    void pass(Act const& act) {
        switch (act.kind) {
        case ActKind::purchase: {
            auto const& order = plan_.orders[act.index];
            for (LineIndex i = 0; i < order.line_count; ++i) {
                auto const& row = table_.rows[plan_.lines[order.first_line + i].row];
                move(row.sku, -row.quantity);
            }
            return;
        }
        case ActKind::cancellation: {
            auto const& undoing = plan_.undoings[act.index];
            for (std::uint32_t i = 0; i < undoing.match_count; ++i) {
                auto const& match = plan_.matches[undoing.first_match + i];
                move(table_.rows[match.row].sku, match.units);
            }
            return;
        }
        case ActKind::adjustment:
            move(table_.rows[act.index].sku, table_.rows[act.index].quantity);
            return;
        case ActKind::registration:
        case ActKind::dispatch:
        case ActKind::goodwill: return;
        }
        KONTOR_UNREACHABLE();
    }

    std::int64_t deepest(SkuIndex sku) const { return deepest_[sku]; }

private:
    void move(SkuIndex sku, std::int64_t units) {
        if (plan_.skus[sku].kind != SkuKind::goods)
            return;
        levels_[sku] += units;
        deepest_[sku] = std::min(deepest_[sku], levels_[sku]);
    }

    Table const& table_;
    Plan const& plan_;
    std::vector<std::int64_t> levels_;
    std::vector<std::int64_t> deepest_;
};

void add_opening_stock(Table const& table, Plan& plan) {
    Levels levels(table, plan);
    for (auto const& act : plan.acts)
        levels.pass(act);
    for (SkuIndex sku = 0; sku < plan.skus.size(); ++sku)
        plan.skus[sku].opening = -levels.deepest(sku);
    if (!plan.acts.empty())
        plan.first_day = day_of(plan.acts.front().at);
}

} // namespace

Instant day_of(Instant at) {
    auto const day = one_day.in_microseconds();
    auto const since_midnight = at.unix_microseconds() % day;
    return at - Duration::microseconds(since_midnight < 0 ? since_midnight + day : since_midnight);
}

std::string_view name(UnmatchedReason reason) {
    switch (reason) {
    case UnmatchedReason::no_customer: return "no_customer";
    case UnmatchedReason::no_purchase: return "no_purchase";
    case UnmatchedReason::exceeds_purchases: return "exceeds_purchases";
    }
    KONTOR_UNREACHABLE();
}

Plan plan(Table const& table) {
    Plan plan;
    add_orders(table, plan);
    add_skus(table, plan);
    add_customers(table, plan);
    match_cancellations(table, plan);
    add_undoings(table, plan);
    add_gifts(table, plan);
    add_acts(table, plan);
    add_opening_stock(table, plan);
    return plan;
}

} // namespace kontor::online_retail
