#include "services/import/report.hpp"

#include "services/import/limits.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

MicropoundsSum value_of(Row const& row) {
    return MicropoundsSum{row.price} * row.quantity;
}

/// What the file is worth, by the first letter of its invoices.
struct FileSums {
    MicropoundsSum sales{0};
    MicropoundsSum cancellations{0};
    MicropoundsSum bad_debt{0};
    MicropoundsSum all() const { return sales + cancellations + bad_debt; }
};

FileSums file_sums(Table const& table) {
    FileSums sums;
    for (auto const& row : table.rows) {
        if (!row.is_readable())
            continue;
        if (table.is_cancellation(row.invoice))
            sums.cancellations += value_of(row);
        else if (table.is_bad_debt(row.invoice))
            sums.bad_debt += value_of(row);
        else
            sums.sales += value_of(row);
    }
    return sums;
}

struct InvoiceCounts {
    std::uint64_t sales{0};
    std::uint64_t cancellations{0};
    std::uint64_t bad_debt{0};
    std::uint64_t adjustments{0};
    std::uint64_t days{0};
};

InvoiceCounts invoice_counts(Table const& table) {
    InvoiceCounts counts;
    std::set<Instant> days;
    for (InvoiceIndex i = 0; i < table.invoices.size(); ++i) {
        if (table.invoices[i].row_count == 0)
            continue;
        days.insert(day_of(table.invoices[i].at));
        if (table.is_cancellation(i))
            ++counts.cancellations;
        else if (table.is_bad_debt(i))
            ++counts.bad_debt;
        else
            ++counts.sales;
    }
    std::vector<bool> adjusts(table.invoices.size(), false);
    for (auto const& row : table.rows)
        if (row.row_class == RowClass::adjustment)
            adjusts[row.invoice] = true;
    counts.adjustments = static_cast<std::uint64_t>(std::ranges::count(adjusts, true));
    counts.days = days.size();
    return counts;
}

std::vector<Figure> figures_of_file(Table const& table, FileSums const& sums) {
    auto const counts = invoice_counts(table);
    std::vector<Figure> figures;
    auto const count = [&](char const* key, std::uint64_t value) {
        figures.push_back({key, fmt::format("{}", value)});
    };
    count("rows", table.rows.size());
    count("rows_no_customer", table.rows_no_customer);
    count("rows_price_not_positive", table.rows_price_not_positive);
    count("rows_quantity_negative", table.rows_quantity_negative);
    count("rows_exact_repeats", table.rows_exact_repeats);
    count("invoices", counts.sales + counts.cancellations + counts.bad_debt);
    count("invoices_sales", counts.sales);
    count("invoices_cancellation", counts.cancellations);
    count("invoices_bad_debt", counts.bad_debt);
    count("invoices_adjustment", counts.adjustments);
    count("stock_codes", table.stock_codes.size());
    count("stock_codes_upper_cased", table.skus.size());
    count("countries", table.countries.size());
    count("countries_unknown", table.unknown_countries().size());
    count("days", counts.days);
    figures.push_back({"file_sales", pounds(sums.sales)});
    figures.push_back({"file_cancellations", pounds(sums.cancellations)});
    figures.push_back({"file_bad_debt", pounds(sums.bad_debt)});
    figures.push_back({"file", pounds(sums.all())});
    return figures;
}

constexpr std::array accepted_classes{RowClass::order_line, RowClass::cancellation,
                                      RowClass::adjustment};

std::vector<RowGroup> groups_of(Table const& table, Plan const& plan) {
    std::vector<RowGroup> groups;
    constexpr std::array sequence{
        RowClass::order_line,       RowClass::cancellation, RowClass::adjustment,
        RowClass::accounting_entry, RowClass::bad_debt,     RowClass::price_below_penny,
        RowClass::stock_of_service, RowClass::out_of_range, RowClass::malformed};
    static_assert(sequence.size() == row_class_count);
    std::array<std::size_t, row_class_count> group_of{};
    for (auto const row_class : sequence) {
        bool const accepted =
            std::ranges::find(accepted_classes, row_class) != accepted_classes.end();
        group_of[static_cast<std::size_t>(row_class)] = groups.size();
        groups.push_back({std::string(name(row_class)), !accepted});
    }
    for (RowIndex index = 0; index < table.rows.size(); ++index) {
        auto const& row = table.rows[index];
        groups[group_of[static_cast<std::size_t>(row.row_class)]].see(index, row.quantity,
                                                                      value_of(row));
    }
    auto const first_reason = groups.size();
    for (std::size_t reason = 0; reason < unmatched_reason_count; ++reason)
        groups.push_back({std::string(name(static_cast<UnmatchedReason>(reason))), true});
    for (auto const& unmatched : plan.unmatched) {
        auto const& row = table.rows[unmatched.row];
        auto const value = MicropoundsSum{-unmatched.minor} * micropounds_per_penny;
        groups[first_reason + static_cast<std::size_t>(unmatched.reason)].see(
            unmatched.row, unmatched.in_part ? 0 : row.quantity, value);
    }
    return groups;
}

std::vector<Figure> figures_of_matching(Table const& table, Plan const& plan) {
    auto const same_day = std::ranges::count_if(plan.matches, &Match::same_day);
    std::set<RowIndex> granted;
    for (auto const& given : plan.goodwill)
        granted.insert(given.row);
    auto const rows = std::ranges::count(table.rows, RowClass::cancellation, &Row::row_class);
    auto const in_part = std::ranges::count_if(plan.unmatched, &Unmatched::in_part);
    auto const all = static_cast<std::int64_t>(plan.matches.size());
    auto const left = static_cast<std::int64_t>(plan.unmatched.size());
    return {{"cancellation_rows", fmt::format("{}", rows)},
            {"cancellation_rows_accepted", fmt::format("{}", rows - left)},
            {"cancelled_matches", fmt::format("{}", same_day)},
            {"returned_matches", fmt::format("{}", all - same_day)},
            {"goodwill_rows", fmt::format("{}", granted.size())},
            {"exceeds_purchases_in_part", fmt::format("{}", in_part)}};
}

/// What must be true whatever the file says.   Source: DOMAIN section 13, "to the penny".
std::vector<Equation> equations_of(std::string_view whose, Figures const& figures,
                                   Report const& report, FileSums const& sums) {
    MicropoundsSum rejected = 0;
    std::uint64_t rows = 0;
    for (auto const& group : report.groups)
        rejected += group.is_rejected ? group.micropounds : 0;
    for (std::size_t i = 0; i < row_class_count; ++i)
        rows += report.groups[i].rows;
    auto const& stock = figures.stock;
    auto const money = [](std::int64_t minor) { return pounds_of_minor(minor); };
    auto const titled = [&](std::string_view name) { return fmt::format("{}: {}", whose, name); };
    return {
        {titled("net + rejected = file"),
         pounds(MicropoundsSum{figures.net()} * micropounds_per_penny + rejected),
         pounds(sums.all())},
        {titled("captured + cancelled = gross"), money(figures.captured + figures.cancelled),
         money(figures.gross())},
        {titled("returned + goodwill = refunded"), money(figures.returned + figures.goodwill),
         money(figures.refunded)},
        {titled("rows by class = rows of the file"), fmt::format("{}", rows),
         report.of_file[0].value},
        {titled("order lines + adjustments + cancellations + rejected = rows"),
         fmt::format("{}", figures.order_lines + figures.adjustments_found +
                               figures.adjustments_lost + rows - report.groups[0].rows -
                               report.groups[2].rows),
         report.of_file[0].value},
        {titled("opening - ordered + cancelled + restocked + found - lost = on hand"),
         fmt::format("{}", stock.opening - stock.ordered + stock.cancelled + stock.restocked +
                               stock.found - stock.lost),
         fmt::format("{}", stock.on_hand)},
        {titled("completed + cancelled whole = orders"),
         fmt::format("{}", figures.completed + figures.cancelled_orders_whole),
         fmt::format("{}", figures.orders)},
    };
}

} // namespace

void RowGroup::see(RowIndex index, std::int64_t row_units, MicropoundsSum value) {
    ++rows;
    units += row_units;
    micropounds += value;
    if (sample_rows.size() < samples_max)
        sample_rows.push_back(index);
}

void Report::see_refusal(std::string_view problem) {
    ++refusals[std::string(problem)];
}

bool Report::all_hold() const {
    return std::ranges::all_of(equations, &Equation::holds);
}

Report report_of(std::string_view file, Table const& table, Plan const& plan) {
    auto const sums = file_sums(table);
    Report report{.file = std::string(file),
                  .of_file = figures_of_file(table, sums),
                  .groups = groups_of(table, plan),
                  .planned = planned_figures(table, plan),
                  .booked = {},
                  .matching = figures_of_matching(table, plan),
                  .equations = {},
                  .refusals = {}};
    report.equations = equations_of("plan", report.planned, report, sums);
    return report;
}

void add_books(Report& report, Table const& table, Figures booked) {
    auto const planned = listed(report.planned);
    auto const found = listed(booked);
    for (auto const& figure : planned) {
        auto const other = std::ranges::find(found, figure.key, &Figure::key);
        report.equations.push_back({fmt::format("{}{}", log_is_plan, figure.key),
                                    other == found.end() ? "nothing" : other->value, figure.value});
    }
    for (auto const& figure : found)
        if (std::ranges::find(planned, figure.key, &Figure::key) == planned.end())
            report.equations.push_back(
                {fmt::format("{}{}", log_is_plan, figure.key), figure.value, "nothing"});
    auto const sums = file_sums(table);
    for (auto& equation : equations_of("log", booked, report, sums))
        report.equations.push_back(std::move(equation));
    for (auto const& [problem, count] : report.refusals)
        report.equations.push_back(
            {fmt::format("commands refused as {}", problem), fmt::format("{}", count), "0"});
    report.booked = std::move(booked);
}

void add_ledger(Report& report, ledger::Balances const& balances) {
    using ledger::Account;
    auto const& booked = *report.booked;
    auto const add = [&](std::string name, std::int64_t left, std::int64_t right) {
        report.equations.push_back(
            {std::move(name), pounds_of_minor(left), pounds_of_minor(right)});
    };
    auto const revenue =
        -(balances.of(Account::revenue_goods) + balances.of(Account::revenue_shipping) +
          balances.of(Account::revenue_voucher) + balances.of(Account::revenue_charge));
    add("ledger: sum of all accounts = 0", balances.total(), 0);
    add("ledger: provider = net", balances.of(Account::provider), booked.net());
    add("ledger: revenue = captured", revenue, booked.captured);
    add("ledger: returns = returned", balances.of(Account::returns), booked.returned);
    add("ledger: goodwill = goodwill", balances.of(Account::goodwill), booked.goodwill);
    add("ledger: receivable at rest", balances.of(Account::receivable), 0);
    add("ledger: refunds due at rest", balances.of(Account::refunds_due), 0);
    add("ledger: memo at rest", balances.of(Account::memo_held), 0);
}

std::vector<RowIndex> wanted_samples(Report const& report) {
    std::vector<RowIndex> wanted;
    for (auto const& group : report.groups)
        wanted.insert(wanted.end(), group.sample_rows.begin(), group.sample_rows.end());
    std::ranges::sort(wanted);
    auto const repeated = std::ranges::unique(wanted);
    wanted.erase(repeated.begin(), repeated.end());
    return wanted;
}

void add_samples(Report& report, std::vector<Sample> const& samples) {
    for (auto& group : report.groups)
        for (auto const row : group.sample_rows) {
            auto const found = std::ranges::lower_bound(samples, row, {}, &Sample::row);
            if (found != samples.end() && found->row == row)
                group.samples.push_back(*found);
        }
}

} // namespace kontor::online_retail
