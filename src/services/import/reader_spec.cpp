#include "services/import/csv_reader.hpp"
#include "services/import/fields.hpp"
#include "services/import/limits.hpp"
#include "services/import/read_table.hpp"
#include "services/import/text_source.hpp"

#include <gtest/gtest.h>

namespace kontor::online_retail {
namespace {

constexpr auto header =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

using Records = std::vector<std::vector<std::string>>;

Records records_of(std::string text) {
    TextSource source("a file", std::move(text));
    CsvReader reader(source);
    Records records;
    for (;;) {
        auto const record = reader.next();
        if (!record || !*record)
            return records;
        records.emplace_back((*record)->fields.begin(), (*record)->fields.end());
    }
}

Result<Table> table_of(std::string text) {
    TextSource source("a file", std::move(text));
    CsvReader reader(source);
    return read_table(reader);
}

std::string complaint_about(std::string text) {
    auto const table = table_of(std::move(text));
    return table ? "none" : to_string(table.error());
}

Instant at(char const* text) {
    return parse_instant(text).value();
}

TEST(CsvReader, takes_unix_and_windows_line_ends_and_a_last_line_without_one) {
    EXPECT_EQ(records_of("a,b\r\nc,d\ne,f"), (Records{{"a", "b"}, {"c", "d"}, {"e", "f"}}));
}

TEST(CsvReader, keeps_commas_newlines_and_doubled_quotes_inside_quotes) {
    EXPECT_EQ(records_of("1,\"a, \"\"b\"\"\nc\",2\r\n3,\"\",\"x\"\r\n"),
              (Records{{"1", "a, \"b\"\nc", "2"}, {"3", "", "x"}}));
}

TEST(CsvReader, takes_a_quote_in_the_middle_as_a_character) {
    EXPECT_EQ(records_of("12\" RULER,b\n\"12\" RULER\",c\n"),
              (Records{{"12\" RULER", "b"}, {"12\" RULER", "c"}}));
}

TEST(CsvReader, skips_the_byte_order_mark_and_blank_lines) {
    EXPECT_EQ(records_of("\xEF\xBB\xBF"
                         "a,b\n\n\r\nc,d\n"),
              (Records{{"a", "b"}, {"c", "d"}}));
}

TEST(CsvReader, counts_lines_of_the_file_through_quoted_newlines) {
    TextSource source("a file", "a\n\"b\nb\"\n\nc\n");
    CsvReader reader(source);
    std::vector<std::uint64_t> lines;
    for (auto record = reader.next(); record && *record; record = reader.next())
        lines.push_back((*record)->line);
    EXPECT_EQ(lines, (std::vector<std::uint64_t>{1, 2, 5}));
}

TEST(CsvReader, loses_only_the_line_whose_quote_is_never_closed) {
    TextSource source("a file", "a,b\n1,\"x\n2,y\n3,z");
    CsvReader reader(source);
    std::vector<bool> readable;
    for (auto record = reader.next(); record && *record; record = reader.next())
        readable.push_back((*record)->readable);
    EXPECT_EQ(readable, (std::vector<bool>{true, false, true, true}));
}

TEST(CsvReader, reads_records_across_the_edges_of_its_buffer) {
    std::string text;
    Records expected;
    for (int i = 0; i < 40'000; ++i) {
        auto const number = std::to_string(i);
        text += number + ",\"a " + number + "\"\r\n";
        expected.push_back({number, "a " + number});
    }
    EXPECT_EQ(records_of(text), expected);
}

TEST(CsvReader, refuses_a_line_without_an_end) {
    auto const text = complaint_about(header + std::string(2 * record_bytes_max, 'x') + "\n");
    EXPECT_NE(text.find("longer than"), std::string::npos) << text;
    EXPECT_NE(text.find("line 2"), std::string::npos) << text;
}

TEST(ReadTable, names_the_columns_that_are_missing_and_those_it_found) {
    auto const text = complaint_about("Invoice,StockCode,Quantity\n1,2,3\n");
    EXPECT_NE(text.find("missing: InvoiceNo, Description, InvoiceDate"), std::string::npos) << text;
    EXPECT_NE(text.find("found: Invoice, StockCode, Quantity"), std::string::npos) << text;
}

TEST(ReadTable, says_what_is_wrong_with_files_that_are_no_table) {
    EXPECT_NE(complaint_about("").find("empty"), std::string::npos);
    EXPECT_NE(complaint_about(header).find("no rows"), std::string::npos);
    EXPECT_NE(complaint_about(std::string("\x7F"
                                          "ELF\0\0\0",
                                          7))
                  .find("no text"),
              std::string::npos);
    EXPECT_NE(complaint_about("\xFF\xFEI\0").find("UTF-16"), std::string::npos);
    EXPECT_NE(complaint_about(std::string(header) + "a,b\n").find("not one row"),
              std::string::npos);
}

TEST(ReadTable, refuses_a_file_of_ten_gibibytes_before_it_reads_it) {
    class Huge final : public ports::ByteSource {
    public:
        std::string_view name() const override { return "huge.csv"; }
        std::optional<std::uint64_t> try_size() const override { return std::uint64_t{10} << 30; }
        Result<std::size_t> read(std::span<char>) override {
            ADD_FAILURE() << "was read";
            return std::size_t{0};
        }
        Result<void> rewind() override { return {}; }
    };
    Huge source;
    CsvReader reader(source);
    auto const table = read_table(reader);
    ASSERT_FALSE(table);
    EXPECT_NE(table.error().what.find("10737418240"), std::string::npos);
}

TEST(ReadTable, finds_columns_by_name_in_any_sequence_and_ignores_others) {
    auto const table =
        table_of("\xEF\xBB\xBF,Country,CustomerID,UnitPrice,InvoiceDate,Quantity,"
                 "Description,StockCode,InvoiceNo\r\n"
                 "0,France,17850.0,2.55,2010-12-01 08:26:00,6,A \"MUG\",85123a,536365\r\n");
    ASSERT_TRUE(table);
    ASSERT_EQ(table->rows.size(), 1U);
    auto const& row = table->rows[0];
    EXPECT_EQ(row.price, 2'550'000);
    EXPECT_EQ(row.quantity, 6);
    EXPECT_EQ(table->skus.text(row.sku), "85123A");
    EXPECT_EQ(table->invoice_of(row).customer, 17'850U);
    EXPECT_EQ(table->invoice_of(row).at, at("2010-12-01T08:26:00Z"));
    EXPECT_EQ(table->countries.text(table->invoice_of(row).country), "France");
}

TEST(ReadTable, keeps_half_a_line_as_one_that_cannot_be_read) {
    auto const table = table_of(std::string(header) +
                                "1,A1,X,1,2010-12-01 08:26:00,2.55,,France\n1,A1,X,1,2010-12\n");
    ASSERT_TRUE(table);
    EXPECT_TRUE(table->rows[0].is_readable());
    EXPECT_FALSE(table->rows[1].is_readable());
}

TEST(ReadTable, refuses_a_file_that_was_cut_off) {
    std::string const whole = "1,A1,X,1,2010-12-01 08:26:00,2.55,,France";
    for (std::size_t bytes = 1; bytes < whole.size(); ++bytes) {
        SCOPED_TRACE(bytes);
        auto const table = table_of(std::string(header) + whole + "\n" + whole.substr(0, bytes));
        ASSERT_FALSE(table);
        EXPECT_EQ(table.error().kind, FailureKind::invalid);
        EXPECT_TRUE(table.error().where.ends_with("line 3")) << table.error().where;
    }
    EXPECT_TRUE(table_of(std::string(header) + whole + "\n" + whole))
        << "the last end may be missing";
    EXPECT_TRUE(table_of(std::string(header) + whole + "\r\n"));
    auto const elsewhere =
        table_of(std::string(header) + "1,A1,X,1,2010-12-01 08:26:00,2.55,,Nowhere\n");
    ASSERT_TRUE(elsewhere);
    EXPECT_EQ(elsewhere->unknown_countries(), std::vector<std::string_view>{"Nowhere"});
}

TEST(ReadTable, takes_the_first_time_of_an_invoice_that_has_two) {
    auto const table =
        table_of(std::string(header) + "1,A1,X,1,2010-12-01 08:26:00,2.55,,France\n"
                                       "2,A1,X,1,2010-12-01 08:27:00,2.55,,France\n"
                                       "1,A1,X,1,2010-12-01 08:28:00,2.55,,France\n");
    ASSERT_TRUE(table);
    EXPECT_EQ(table->invoice_of(table->rows[2]).at, at("2010-12-01T08:26:00Z"));
    EXPECT_EQ(table->invoices.size(), 2U);
}

struct DateCase {
    char const* first;
    char const* second;
    char const* expected_first;
};

TEST(ReadTable, reads_the_dates_as_the_whole_file_means_them) {
    DateCase const cases[] = {
        {"2010-12-01 08:26:00", "2010-12-02 08:26", "2010-12-01T08:26:00Z"},
        {"1/12/2010 8:26", "13/12/2010 8:26", "2010-12-01T08:26:00Z"},
        {"12/1/2010 8:26", "12/13/2010 8:26", "2010-12-01T08:26:00Z"},
        {"1/12/10 8:26", "2/1/10 8:26", "2010-01-12T08:26:00Z"},     // month first: time ascends
        {"1.12.2010 8:26", "2.1.2011 8:26", "2010-12-01T08:26:00Z"}, // day first: time ascends
        {"1/2/2011 8:26", "1/2/2011 8:26", "2011-02-01T08:26:00Z"},  // either: the shop is British
    };
    for (auto const& [first, second, expected] : cases) {
        auto const table = table_of(std::string(header) + "1,A1,X,1," + first +
                                    ",2.55,,France\n2,A1,X,1," + second + ",2.55,,France\n");
        ASSERT_TRUE(table);
        EXPECT_EQ(to_string(table->invoices[0].at), expected) << first;
    }
}

// "1/12/2010" alone may be of December or of January: whoever hands it in is told, and can say it.
TEST(Fields, says_when_a_file_does_not_show_which_way_its_dates_are_meant) {
    auto const style_of = [](std::vector<std::string> const& texts, DateSequence sequence = {}) {
        DateStyle style(sequence);
        for (auto const& text : texts)
            style.see(read_date(text));
        return style;
    };
    auto const both = style_of({"1/12/2010 8:26", "2/12/2010 8:26"});
    EXPECT_TRUE(both.is_ambiguous());
    EXPECT_TRUE(both.is_day_first());
    EXPECT_FALSE(style_of({"1/12/2010 8:26", "13/12/2010 8:26"}).is_ambiguous()) << "13 is a day";
    EXPECT_FALSE(style_of({"12/1/2010 8:26", "1/2/2010 8:26"}).is_ambiguous()) << "one goes back";
    EXPECT_FALSE(style_of({"2010-12-01 8:26", "2010-12-02 8:26"}).is_ambiguous());
    auto const said = style_of({"1/12/2010 8:26", "2/12/2010 8:26"}, DateSequence::month_first);
    EXPECT_FALSE(said.is_ambiguous());
    EXPECT_FALSE(said.is_day_first());
}

TEST(Fields, reads_prices_exactly_or_not_at_all) {
    EXPECT_EQ(try_price("2.55"), 2'550'000);
    EXPECT_EQ(try_price(" 0.001 "), 1'000);
    EXPECT_EQ(try_price("-11062.06"), -11'062'060'000);
    EXPECT_EQ(try_price("3.250000000"), 3'250'000);
    EXPECT_EQ(try_price("7"), 7'000'000);
    EXPECT_EQ(try_price(".5"), 500'000);
    for (auto const* const text : {"", ".", "-", "1e3", "1,5", "2.5.5", "--1", "+1", "0.0000001",
                                   "NaN", "10000000", "99999999999999999999", "1. 5"})
        EXPECT_FALSE(try_price(text)) << text;
}

TEST(Fields, reads_customers_with_and_without_a_decimal_point) {
    EXPECT_EQ(try_customer("17850"), 17'850U);
    EXPECT_EQ(try_customer("17850.0"), 17'850U);
    EXPECT_EQ(try_customer("  "), 0U);
    for (auto const* const text : {"17850.5", "x", "-1", "0", "99999999999"})
        EXPECT_FALSE(try_customer(text)) << text;
}

TEST(Fields, reads_quantities_within_the_limits_of_the_shop) {
    EXPECT_EQ(try_quantity("-80995"), -80'995);
    EXPECT_EQ(try_quantity("1000000"), 1'000'000);
    for (auto const* const text : {"", "1000001", "1.5", "9223372036854775808", "six"})
        EXPECT_FALSE(try_quantity(text)) << text;
}

TEST(Fields, squeezes_blanks_and_turns_latin_1_into_utf_8) {
    EXPECT_EQ(squeezed("  PLASTERS  IN TIN \t"), "PLASTERS IN TIN");
    EXPECT_EQ(squeezed("CAF\xC9"), "CAF\xC3\x89");
    EXPECT_EQ(squeezed("CAF\xC3\x89"), "CAF\xC3\x89");
    EXPECT_LE(squeezed(std::string(1'000, 'x')).size(), text_bytes_max);
}

TEST(Fields, refuses_days_that_no_calendar_has) {
    EXPECT_FALSE(read_date("2010-02-30 08:00").day_first);
    EXPECT_FALSE(read_date("2010-12-01").day_first);
    EXPECT_FALSE(read_date("1/12/2010 25:00").day_first);
    EXPECT_FALSE(read_date("").day_first);
}

} // namespace
} // namespace kontor::online_retail
