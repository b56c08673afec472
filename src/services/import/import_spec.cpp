#include "services/import/import.hpp"
#include "services/import/text_source.hpp"

#include "adapters/memory/event_store.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::online_retail {
namespace {

constexpr auto header =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

/// Everything that can happen to an invoice, in twenty rows.
std::string const small_year = "1,A1,RED MUG,6,2010-12-01 08:26,2.55,7,United Kingdom\n"
                               "1,A2,JUG,2,2010-12-01 08:26,3.39,7,United Kingdom\n"
                               "1,A1,RED MUG,1,2010-12-01 08:26,2.55,7,United Kingdom\n"
                               "1,POST,POSTAGE,1,2010-12-01 08:26,18.00,7,United Kingdom\n"
                               "2,A1,damaged,-3,2010-12-01 08:30,0,,United Kingdom\n"
                               "C3,A1,RED MUG,-2,2010-12-01 09:00,2.55,7,United Kingdom\n"
                               "4,M,Manual,1,2010-12-01 10:00,40.00,8,EIRE\n"
                               "5,A2,JUG,5,2010-12-01 11:00,3.39,,France\n"
                               "6,A3,FREE GIFT,1,2010-12-01 12:00,0,9,France\n"
                               "7,A4,BOWL,4,2010-12-02 08:00,1.25,9,France\n"
                               "C8,A4,BOWL,-1,2010-12-02 09:00,1.25,9,France\n"
                               "C8,A4,BOWL,-3,2010-12-02 09:00,1.25,9,France\n"
                               "C9,A1,RED MUG,-3,2010-12-05 08:00,2.55,7,United Kingdom\n"
                               "C9,POST,POSTAGE,-1,2010-12-05 08:00,18.00,7,United Kingdom\n"
                               "C10,M,Manual,-1,2010-12-06 08:00,40.00,8,EIRE\n"
                               "C11,A2,JUG,-1,2010-12-07 08:00,3.00,7,United Kingdom\n"
                               "C12,A2,JUG,-1,2010-12-07 08:00,3.39,,France\n"
                               "13,A2,found,9,2010-12-08 08:00,0,,United Kingdom\n"
                               "14,A2,JUG,1,2011-01-08 08:00,3.39,7,EIRE\n"
                               "15,BANK CHARGES,Bank Charges,1,2011-01-08 08:00,15.00,7,EIRE\n";

class ImportSpec : public ::testing::Test {
protected:
    /// Imports the rows into this spec's store with a desk of its own, as a new process would.
    Report import(std::string const& rows, std::size_t steps_max = SIZE_MAX) {
        TextSource source("a file", header + rows);
        services::ShopDesk desk(store);
        Import import(read_invoices(source).value(), store, desk);
        for (std::size_t i = 0; i < steps_max && !import.is_finished(); ++i) {
            auto const done = import.do_work({7});
            EXPECT_TRUE(done) << to_string(done.error());
            if (!done)
                return {};
        }
        if (!import.is_finished())
            return {};
        EXPECT_EQ(import.outcome(), Outcome::reconciled) << to_text(import.report());
        return import.report();
    }

    std::uint64_t facts() { return store.durable().position.value(); }

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
};

TEST_F(ImportSpec, a_year_of_a_shop_reconciles_to_the_penny) {
    auto const report = import(small_year);
    ASSERT_TRUE(report.booked);
    auto const& books = *report.booked;
    EXPECT_EQ(books.orders, 6U);
    EXPECT_EQ(books.cancelled_orders_whole, 1U);
    EXPECT_EQ(books.cancelled, 510 + 500);
    EXPECT_EQ(books.returned, 765 + 1'800 + 4'000);
    EXPECT_EQ(books.goodwill, 300);
    EXPECT_EQ(books.payments, 5U);
    EXPECT_EQ(books.captures, 4U);
    EXPECT_EQ(books.captures_in_part, 1U);
    EXPECT_EQ(books.parcels, 4U);
    EXPECT_EQ(books.returns, 1U);
    EXPECT_EQ(books.refund_grants, 3U);
    EXPECT_EQ(books.stock.skus_once_sold_out, books.stock.opening_skus);
    EXPECT_TRUE(report.refusals.empty());
}

TEST_F(ImportSpec, a_shop_that_was_written_to_by_hand_does_not_reconcile) {
    import(small_year);
    services::ShopDesk desk(store);
    services::ShopRequest meddling{
        .id = CommandId(Id128(1, 1)),
        .correlation_id = {},
        .causation_id = {},
        .now = {},
        .actor = import_actor(),
        .work = services::Compound{{services::On<services::StockItems>{
            {Location::parse("main").value(), Sku::parse("A1").value()},
            stock::Adjust{Sku::parse("A1").value(), Location::parse("main").value(),
                          Delta::create(1).value()}}}}};
    ASSERT_TRUE(desk.take(std::move(meddling)));
    ASSERT_TRUE(desk.flush());
    TextSource source("a file", header + small_year);
    services::ShopDesk fresh(store);
    Import import(read_invoices(source).value(), store, fresh);
    while (!import.is_finished())
        ASSERT_TRUE(import.do_work({1'000}));
    EXPECT_EQ(import.outcome(), Outcome::not_reconciled);
    auto const text = to_text(import.report());
    auto const row = text.substr(text.find("log = plan: stock.on_hand"));
    EXPECT_NE(row.substr(0, row.find('\n')).find("FAILED"), std::string::npos) << text;
}

TEST_F(ImportSpec, the_same_file_twice_changes_nothing) {
    import(small_year);
    auto const before = facts();
    auto const report = import(small_year);
    EXPECT_EQ(facts(), before);
    EXPECT_EQ(report.booked->orders, 6U);
}

TEST_F(ImportSpec, an_interrupted_import_goes_on_and_ends_with_the_same_books) {
    std::uint64_t facts_before = 0;
    for (std::size_t calls = 1; calls < 40; calls += 3) {
        import(small_year, calls);
        EXPECT_GE(facts(), facts_before);
        facts_before = facts();
    }
    auto const resumed = import(small_year);
    memory::EventStore untouched(clock);
    TextSource source("a file", header + small_year);
    services::ShopDesk desk(untouched);
    Import once(read_invoices(source).value(), untouched, desk);
    while (!once.is_finished())
        ASSERT_TRUE(once.do_work({1'000}));
    EXPECT_EQ(*resumed.booked, *once.report().booked);
    EXPECT_EQ(facts(), untouched.durable().position.value());
}

TEST_F(ImportSpec, a_log_takes_the_invoices_of_one_file) {
    import(small_year);
    auto const before = facts();
    std::string const one_row = "16,A1,RED MUG,1,2011-02-08 08:00,2.55,7,United Kingdom\n";
    std::string changed = small_year;
    changed.replace(changed.find("4,2010-12-02 08:00,1.25"), 1, "5");
    for (auto const& other : {small_year + one_row, one_row + small_year, one_row, changed,
                              small_year.substr(0, small_year.find("13,A2"))}) {
        TextSource source("another file", header + other);
        services::ShopDesk desk(store);
        Import import(read_invoices(source).value(), store, desk);
        Result<WorkDone> done = WorkDone{0};
        while (done && !import.is_finished())
            done = import.do_work({1'000});
        ASSERT_FALSE(done) << other;
        EXPECT_EQ(done.error().kind, FailureKind::conflict) << other;
        EXPECT_EQ(facts(), before);
    }
}

TEST_F(ImportSpec, a_parcel_holds_forty_skus) {
    std::string rows;
    for (int i = 0; i < 85; ++i)
        rows += "1,B" + std::to_string(i) + ",MUG,2,2010-12-01 08:00,1.00,7,France\n";
    for (int i = 0; i < 85; ++i)
        rows += "C2,B" + std::to_string(i) + ",MUG,-1,2010-12-02 08:00,1.00,7,France\n";
    auto const report = import(rows);
    EXPECT_EQ(report.booked->parcels, 3U);
    EXPECT_EQ(report.booked->returns, 1U);
}

TEST_F(ImportSpec, a_file_that_is_no_table_is_refused_before_there_is_a_shop) {
    for (auto const* const text : {"hello\n", "", "InvoiceNo,StockCode\n"}) {
        TextSource source("a file", text);
        auto const read = read_invoices(source);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().kind, FailureKind::invalid);
    }
    TextSource only_header("a file", header);
    EXPECT_FALSE(read_invoices(only_header));
}

} // namespace
} // namespace kontor::online_retail
