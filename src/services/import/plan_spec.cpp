#include "services/import/classify.hpp"
#include "services/import/read_table.hpp"
#include "services/import/report.hpp"
#include "services/import/text_source.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

namespace kontor::online_retail {
namespace {

/// A small file, its plan, and what became of its rows.
struct Imported {
    Table table;
    Plan plan;
    Texts texts;
    Report report;

    std::uint64_t rows(std::string_view group) const {
        return std::ranges::find(report.groups, group, &RowGroup::name)->rows;
    }
    PlannedOrder const& order(std::string_view number) const {
        auto const invoice = *table.numbers.try_find(number);
        return *std::ranges::find(plan.orders, invoice, &PlannedOrder::invoice);
    }
    PlannedSku const& sku(std::string_view code) const {
        return plan.skus[*table.skus.try_find(code)];
    }
    std::string title(std::string_view code) const {
        return std::string(texts.texts.text(*texts.title_of_sku[*table.skus.try_find(code)]));
    }
};

Imported imported(std::string rows) {
    TextSource source(
        "a file",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n" +
            rows);
    CsvReader reader(source);
    auto table = read_table(reader).value();
    classify(table);
    auto made = plan(table);
    auto report = report_of("a file", table, made);
    auto texts = read_texts(reader, table, wanted_samples(report)).value();
    add_samples(report, texts.samples);
    EXPECT_TRUE(report.all_hold()) << to_text(report);
    return {std::move(table), std::move(made), std::move(texts), std::move(report)};
}

TEST(Classify, gives_each_row_the_first_class_that_fits) {
    auto const shop = imported("1,A1,MUG,2,2010-12-01 08:00,2.50,7,France\n"
                               "1,POST,POSTAGE,1,2010-12-01 08:00,18.00,7,France\n"
                               "C2,A1,MUG,-1,2010-12-01 09:00,2.50,7,France\n"
                               "C3,A1,MUG,1,2010-12-01 09:00,2.50,7,France\n"
                               "A4,B,Adjust bad debt,1,2010-12-01 09:00,-11062.06,,United Kingdom\n"
                               "5,BANK CHARGES,,1,2010-12-01 09:00,15.00,7,France\n"
                               "6,PADS,,1,2010-12-01 09:00,0.001,7,France\n"
                               "7,A1,damaged,-3,2010-12-01 09:00,0,,United Kingdom\n"
                               "8,POST,found,3,2010-12-01 09:00,0,,United Kingdom\n"
                               "9,A1,MUG,-3,2010-12-01 09:00,2.50,7,France\n"
                               "10,A1,MUG,three,2010-12-01 09:00,2.50,7,France\n");
    EXPECT_EQ(shop.rows("order_line"), 2U);
    EXPECT_EQ(shop.rows("cancellation"), 1U);
    EXPECT_EQ(shop.rows("bad_debt"), 1U);
    EXPECT_EQ(shop.rows("accounting_entry"), 1U);
    EXPECT_EQ(shop.rows("price_below_penny"), 1U);
    EXPECT_EQ(shop.rows("adjustment"), 1U);
    EXPECT_EQ(shop.rows("stock_of_service"), 1U);
    EXPECT_EQ(shop.rows("malformed"), 3U);
}

TEST(Classify, takes_no_order_that_is_larger_than_the_shop_allows) {
    std::string rows = "2,A1,MUG,1,2010-12-01 08:00,1.00,,France\n";
    for (int i = 0; i < 1'501; ++i)
        rows += "1,A1,MUG,1,2010-12-01 08:00,1.00,,France\n";
    rows += "3,A1,MUG,1000000,2010-12-01 08:00,1.00,,France\n3,A1,MUG,1,2010-12-01 "
            "08:00,1.00,,France\n";
    rows += "4,A1,MUG,1000000,2010-12-01 08:00,9999999.99,,France\n";
    auto const shop = imported(rows);
    EXPECT_EQ(shop.rows("order_line"), 1U);
    EXPECT_EQ(shop.rows("out_of_range"), 1'504U);
}

TEST(Plan, a_cancellation_takes_from_the_newest_purchase_first) {
    auto const shop = imported("1,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n"
                               "2,A1,MUG,5,2010-12-02 08:00,2.00,7,France\n"
                               "3,A1,MUG,5,2010-12-02 09:00,3.00,7,France\n"
                               "4,A1,MUG,5,2010-12-02 09:00,2.00,8,France\n"
                               "C5,A1,MUG,-7,2010-12-03 08:00,2.00,7,France\n"
                               "6,A1,MUG,5,2010-12-04 08:00,2.00,7,France\n");
    EXPECT_EQ(shop.order("2").returned, 1'000);
    EXPECT_EQ(shop.order("1").returned, 400);
    EXPECT_EQ(shop.plan.undoings.size(), 2U);
    EXPECT_TRUE(shop.plan.unmatched.empty());
}

TEST(Plan, what_is_cancelled_on_the_day_of_the_order_never_ships) {
    auto const shop = imported("1,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n"
                               "C2,A1,MUG,-5,2010-12-01 18:00,2.00,7,France\n");
    EXPECT_EQ(shop.order("1").cancelled, 1'000);
    EXPECT_EQ(shop.report.planned.cancelled_orders_whole, 1U);
    EXPECT_EQ(shop.report.planned.parcels, 0U);
    EXPECT_EQ(shop.report.planned.captures, 0U);
    EXPECT_EQ(shop.sku("A1").opening, 5);
}

TEST(Plan, what_names_no_purchase_is_goodwill_up_to_what_was_paid) {
    auto const shop = imported("1,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n"
                               "C2,A1,MUG,-4,2010-12-02 08:00,2.50,7,France\n"
                               "C3,A1,MUG,-1,2010-12-02 09:00,2.00,7,France\n");
    EXPECT_EQ(shop.order("1").returned, 200) << "matched refunds of the whole file come first";
    EXPECT_EQ(shop.order("1").goodwill, 800);
    ASSERT_EQ(shop.plan.unmatched.size(), 1U);
    EXPECT_EQ(shop.plan.unmatched[0].reason, UnmatchedReason::exceeds_purchases);
    EXPECT_EQ(shop.plan.unmatched[0].minor, 200);
    EXPECT_TRUE(shop.plan.unmatched[0].in_part);
}

TEST(Plan, a_cancellation_without_customer_or_purchase_is_reported) {
    auto const shop = imported("1,A1,MUG,5,2010-12-02 08:00,2.00,7,France\n"
                               "C2,A1,MUG,-1,2010-12-03 08:00,2.00,,France\n"
                               "C3,A1,MUG,-1,2010-12-01 08:00,2.00,7,France\n");
    EXPECT_EQ(shop.rows("no_customer"), 1U);
    EXPECT_EQ(shop.rows("no_purchase"), 1U);
    ASSERT_EQ(shop.report.groups.back().samples.size(), 0U);
    auto const& sample = shop.report.groups[shop.report.groups.size() - 2].samples.at(0);
    EXPECT_EQ(sample.file_line, 4U);
}

TEST(Plan, opening_stock_is_as_large_as_the_deepest_point) {
    auto const shop = imported("1,A1,damaged,-2,2010-12-01 07:00,0,,France\n"
                               "2,A1,found,1,2010-12-01 07:30,0,,France\n"
                               "3,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n"
                               "C4,A1,MUG,-5,2010-12-02 08:00,2.00,7,France\n"
                               "5,A1,MUG,4,2010-12-03 08:00,2.00,7,France\n");
    EXPECT_EQ(shop.sku("A1").opening, 6);
    EXPECT_EQ(shop.report.planned.stock.on_hand, 1);
}

TEST(Plan, of_one_moment_the_purchase_comes_before_what_undoes_it) {
    auto const shop = imported("C1,A1,MUG,-5,2010-12-01 08:00,2.00,7,France\n"
                               "2,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n");
    EXPECT_EQ(shop.order("2").cancelled, 1'000);
    auto const kind_of_act = [&](std::size_t i) { return shop.plan.acts.at(i).kind; };
    EXPECT_EQ(kind_of_act(0), ActKind::registration);
    EXPECT_EQ(kind_of_act(1), ActKind::purchase);
    EXPECT_EQ(kind_of_act(2), ActKind::cancellation);
    EXPECT_EQ(shop.sku("A1").opening, 5);
}

TEST(Plan, a_day_closes_at_nine_or_with_its_last_invoice) {
    auto const shop = imported("1,A1,MUG,5,2010-12-01 08:00,2.00,7,France\n"
                               "2,A1,MUG,5,2010-12-02 21:30,2.00,7,France\n");
    std::vector<std::string> dispatched;
    for (auto const& act : shop.plan.acts)
        if (act.kind == ActKind::dispatch)
            dispatched.push_back(to_string(act.at));
    EXPECT_EQ(dispatched,
              (std::vector<std::string>{"2010-12-01T21:00:00Z", "2010-12-02T21:30:00Z"}));
}

TEST(Plan, titles_and_prices_are_the_most_frequent_the_first_seen_of_equals) {
    auto const shop = imported("1,a1,RED  MUG,1,2010-12-01 08:00,2.00,7,France\n"
                               "1,A1,BLUE MUG,1,2010-12-01 08:00,3.00,7,France\n"
                               "1,A1,,1,2010-12-01 08:00,3.00,7,France\n"
                               "1,A2,FREE,1,2010-12-01 08:00,0,7,France\n"
                               "2,A1,lost in the cellar,-1,2010-12-01 09:00,0,,France\n"
                               "3,A1,lost in the cellar,-1,2010-12-01 09:00,0,,France\n");
    EXPECT_EQ(shop.title("A1"), "RED MUG");
    EXPECT_EQ(shop.sku("A1").price_minor, 300);
    EXPECT_EQ(shop.sku("A2").price_minor, 0);
    EXPECT_EQ(shop.texts.notes.size(), 2U);
    EXPECT_EQ(shop.report.planned.skus_without_price, 1U);
}

TEST(Plan, a_customer_lives_where_the_newest_invoice_goes) {
    auto const shop = imported("2,A1,MUG,1,2010-12-02 08:00,2.00,7,EIRE\n"
                               "1,A1,MUG,1,2010-12-01 08:00,2.00,7,France\n");
    ASSERT_EQ(shop.plan.customers.size(), 1U);
    EXPECT_EQ(shop.table.countries.text(shop.plan.customers[0].country), "EIRE");
}

/// The row of an equation; empty: it is not shown.
std::string row_of(std::string const& text, std::string const& name) {
    auto const at = text.find('\n' + name);
    return at == text.npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

TEST(Report, an_equation_that_does_not_hold_is_named) {
    auto shop = imported("1,A1,MUG,1,2010-12-01 08:00,2.00,7,France\n");
    auto booked = shop.report.planned;
    booked.captured -= 1;
    add_books(shop.report, shop.table, booked);
    EXPECT_FALSE(shop.report.all_hold());
    auto const text = to_text(shop.report);
    auto const captured = row_of(text, "log = plan: captured ");
    EXPECT_NE(captured.find("1.99 ≠ "), std::string::npos) << text;
    EXPECT_NE(captured.find("2.00  FAILED"), std::string::npos) << text;
    EXPECT_TRUE(row_of(text, "log: net + rejected = file").ends_with("FAILED")) << text;
    EXPECT_TRUE(row_of(text, "plan: net + rejected = file").ends_with("holds")) << text;
    EXPECT_TRUE(row_of(text, "figures of the log = figures of the plan").ends_with("FAILED"));
}

TEST(Report, each_equation_is_shown_with_both_sides_and_figures_that_agree_share_a_row) {
    auto shop = imported("1,A1,MUG,1,2010-12-01 08:00,2.00,7,France\n");
    add_books(shop.report, shop.table, shop.report.planned);
    ASSERT_TRUE(shop.report.all_hold());
    auto const text = to_text(shop.report);
    std::size_t shown = 0;
    std::size_t alike = 0;
    for (auto const& equation : shop.report.equations) {
        if (equation.name.starts_with(log_is_plan)) {
            ++alike;
            continue;
        }
        auto const row = row_of(text, equation.name + " ");
        EXPECT_NE(row.find(equation.left + " = "), std::string::npos) << row;
        EXPECT_TRUE(row.ends_with(equation.right + "  holds")) << row;
        ++shown;
    }
    EXPECT_GE(shown, 14U);
    EXPECT_GT(alike, 20U);
    EXPECT_EQ(text.find(log_is_plan), std::string::npos);
    auto const figures = row_of(text, "figures of the log = figures of the plan");
    EXPECT_NE(figures.find(std::to_string(alike) + " = "), std::string::npos) << figures;
    EXPECT_TRUE(figures.ends_with(std::to_string(alike) + "  holds")) << figures;
    EXPECT_EQ(text.find("FAILED"), std::string::npos);
}

TEST(Report, nothing_of_the_file_steers_the_terminal) {
    auto const shop = imported("1,A1,MUG,1,2010-12-01 08:00,2.00,7,France\n"
                               "2,A1,\x1B[2Jhello,x,2010-12-01 08:00,2.00,7,France\n");
    EXPECT_EQ(to_text(shop.report).find('\x1B'), std::string::npos);
    EXPECT_NE(to_json(shop.report).find("\\u001b"), std::string::npos);
}

} // namespace
} // namespace kontor::online_retail
