#include "services/import/read_table.hpp"

#include "services/import/columns.hpp"
#include "services/import/countries.hpp"
#include "services/import/limits.hpp"
#include "services/import/most_frequent.hpp"

#include "domain/values/quantity.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace kontor::online_retail {
namespace {

Failure at_line(CsvReader const& reader, std::uint64_t line, std::string what) {
    return {FailureKind::invalid, std::move(what),
            fmt::format("{}, line {}", reader.source().name(), line)};
}

Result<Columns> read_header(CsvReader& reader) {
    KONTOR_TRY(auto const header, reader.next());
    if (!header)
        return unexpected(at_line(reader, 1, "the file is empty: there is nothing to import"));
    if (!header->readable)
        return unexpected(
            at_line(reader, header->line, "this is no text: a table with commas is wanted"));
    auto columns = Columns::of_header(header->fields);
    if (!columns)
        return unexpected(at_line(reader, header->line, columns.error().what));
    return columns;
}

/// Upper-cased, blanks trimmed; until the next call.
class UpperCase {
public:
    std::string_view of(std::string_view text) {
        text_.assign(trimmed(text));
        for (char& c : text_)
            c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
        return text_;
    }

private:
    std::string text_;
};

bool is_invoice_number(std::string_view text) {
    return !text.empty() && text.size() <= invoice_number_length_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
}

bool is_stock_code(std::string_view text) {
    return Sku::parse(text).has_value() ||
           std::ranges::find(accounting_codes, text) != accounting_codes.end();
}

/// Makes the table row by row. Dates stay undecided until the whole file is seen.
class TableMaker {
public:
    explicit TableMaker(DateSequence dates) : style_(dates) {}

    void add(Columns const& columns, CsvRecord const& record);
    Table finish() &&;
    std::size_t size() const { return table_.rows.size(); }
    bool is_last_readable() const {
        return !table_.rows.empty() && table_.rows.back().is_readable();
    }

private:
    bool read_numbers(Columns const& columns, std::span<std::string_view const> fields, Row& row);
    bool read_names(Columns const& columns, std::span<std::string_view const> fields, Row& row);
    DateReading const& date_of(std::string_view text);
    void count(Row const& row);
    void settle_dates();
    void settle_invoices();
    void count_repeats();

    Table table_;
    DateStyle style_;
    std::vector<DateReading> first_dates_;    ///< by invoice
    std::vector<RowIndex> undated_day_first_; ///< rows that have no date in this style
    std::vector<RowIndex> undated_month_first_;
    std::vector<std::uint64_t> hashes_;
    UpperCase upper_;
    std::string date_text_;
    DateReading date_;
    std::uint32_t customer_{0};
};

DateReading const& TableMaker::date_of(std::string_view text) {
    if (text != date_text_) {
        date_text_.assign(text);
        date_ = read_date(text);
    }
    return date_;
}

bool TableMaker::read_numbers(Columns const& columns, std::span<std::string_view const> fields,
                              Row& row) {
    auto const quantity = try_quantity(columns.pick(fields, Column::quantity));
    auto const price = try_price(columns.pick(fields, Column::unit_price));
    auto const customer = try_customer(columns.pick(fields, Column::customer_id));
    if (!quantity || !price || !customer)
        return false;
    row.quantity = *quantity;
    row.price = *price;
    customer_ = *customer;
    return true;
}

bool TableMaker::read_names(Columns const& columns, std::span<std::string_view const> fields,
                            Row& row) {
    auto const& date = date_of(columns.pick(fields, Column::invoice_date));
    if (!date.day_first && !date.month_first)
        return false;
    auto const code = columns.pick(fields, Column::stock_code);
    auto const sku = upper_.of(code);
    if (!is_stock_code(sku))
        return false;
    auto const sku_index = table_.skus.number_of(sku);
    auto const number = upper_.of(columns.pick(fields, Column::invoice_number));
    if (!is_invoice_number(number))
        return false;
    row.sku = sku_index;
    row.invoice = table_.numbers.number_of(number);
    table_.stock_codes.number_of(trimmed(code));
    auto const country = table_.countries.number_of(trimmed(columns.pick(fields, Column::country)));
    if (row.invoice == table_.invoices.size()) {
        table_.invoices.push_back({.customer = customer_, .country = country});
        first_dates_.emplace_back();
    }
    auto& first = first_dates_[row.invoice];
    first.day_first = first.day_first ? first.day_first : date.day_first;
    first.month_first = first.month_first ? first.month_first : date.month_first;
    return true;
}

void TableMaker::add(Columns const& columns, CsvRecord const& record) {
    auto const index = static_cast<RowIndex>(table_.rows.size());
    auto& row = table_.rows.emplace_back();
    if (!record.readable || record.fields.size() != columns.width())
        return;
    auto const fields = record.fields;
    if (!read_numbers(columns, fields, row) || !read_names(columns, fields, row)) {
        row = Row{};
        return;
    }
    style_.see(date_);
    if (!date_.day_first)
        undated_day_first_.push_back(index);
    if (!date_.month_first)
        undated_month_first_.push_back(index);
    count(row);
    auto hash = hash_of({});
    for (std::size_t column = 0; column < column_count; ++column)
        hash = hash_of("\n", hash_of(columns.pick(fields, static_cast<Column>(column)), hash));
    hashes_.push_back(hash);
}

void TableMaker::count(Row const& row) {
    table_.rows_no_customer += customer_ == 0 ? 1 : 0;
    table_.rows_price_not_positive += row.price <= 0 ? 1 : 0;
    table_.rows_quantity_negative += row.quantity < 0 ? 1 : 0;
}

void TableMaker::settle_dates() {
    table_.day_first = style_.is_day_first();
    table_.dates_are_ambiguous = style_.is_ambiguous();
    for (auto const index : table_.day_first ? undated_day_first_ : undated_month_first_)
        table_.rows[index] = Row{};
    for (std::size_t i = 0; i < table_.invoices.size(); ++i)
        if (auto const* const at = style_.pick(first_dates_[i]))
            table_.invoices[i].at = *at;
}

void TableMaker::settle_invoices() {
    for (RowIndex index = 0; index < table_.rows.size(); ++index) {
        auto const& row = table_.rows[index];
        if (!row.is_readable())
            continue;
        auto& invoice = table_.invoices[row.invoice];
        invoice.first_row = std::min(invoice.first_row, index);
        ++invoice.row_count;
        invoice.all_free &= row.price == 0;
    }
}

void TableMaker::count_repeats() {
    std::ranges::sort(hashes_);
    auto const distinct = std::ranges::unique(hashes_);
    table_.rows_exact_repeats = distinct.size();
}

Table TableMaker::finish() && {
    settle_dates();
    settle_invoices();
    count_repeats();
    return std::move(table_);
}

/// Whether a file that ends with this record, and without the end of a line, was cut off.
bool is_cut_off(Columns const& columns, CsvRecord const& last, bool is_row_readable) {
    return !last.has_line_end &&
           (!is_row_readable || !try_country(trimmed(columns.pick(last.fields, Column::country))));
}

/// What keeps a row from being one of an invoice; of one that could be read, what is odd about it.
std::string fault_of(Columns const& columns, CsvRecord const& record, Row const& row) {
    if (!record.readable)
        return "a quote is not closed, or a byte is no text";
    auto const fields = record.fields;
    if (fields.size() != columns.width())
        return fmt::format("{} fields, and the header has {}", fields.size(), columns.width());
    if (row.is_readable())
        return "its quantity and its price do not go together";
    if (!try_quantity(columns.pick(fields, Column::quantity)))
        return fmt::format("Quantity is no whole number up to {}", Quantity::max);
    if (!try_price(columns.pick(fields, Column::unit_price)))
        return fmt::format("UnitPrice is no amount up to {}", price_pounds_max);
    if (!try_customer(columns.pick(fields, Column::customer_id)))
        return "CustomerID is no number";
    auto const date = read_date(columns.pick(fields, Column::invoice_date));
    if (!date.day_first && !date.month_first)
        return "InvoiceDate is no date with a time";
    UpperCase upper;
    if (!is_stock_code(upper.of(columns.pick(fields, Column::stock_code))))
        return "StockCode is no stock code";
    if (!is_invoice_number(upper.of(columns.pick(fields, Column::invoice_number))))
        return "InvoiceNo is no invoice number";
    return "InvoiceDate is not written as the other dates are";
}

} // namespace

Result<Table> read_table(CsvReader& reader, DateSequence dates) {
    auto const size = reader.source().try_size();
    if (size && *size > file_bytes_max)
        return unexpected(Failure{
            FailureKind::invalid,
            fmt::format("the file has {} bytes, and {} are read at most: split it, and import each "
                        "part into a directory of its own (--data)",
                        *size, file_bytes_max),
            std::string(reader.source().name())});
    KONTOR_TRY(auto const columns, read_header(reader));
    TableMaker maker(dates);
    std::optional<std::uint64_t> cut_off; // in this line
    for (;;) {
        KONTOR_TRY(auto const record, reader.next());
        if (!record)
            break;
        if (maker.size() == rows_max)
            return unexpected(
                at_line(reader, record->line,
                        fmt::format("the file has more than {} rows: split it, and import "
                                    "each part into a directory of its own (--data)",
                                    rows_max)));
        maker.add(columns, *record);
        if (is_cut_off(columns, *record, maker.is_last_readable()))
            cut_off = record->line;
    }
    auto table = std::move(maker).finish();
    if (std::ranges::none_of(table.rows, &Row::is_readable))
        return unexpected(at_line(
            reader, 2,
            table.rows.empty()
                ? "the file has a header and no rows: there is nothing to import"
                : "not one row can be read: each needs an invoice number, a stock code, a whole "
                  "quantity, a date with a time and a price with a decimal point"));
    if (cut_off)
        return unexpected(
            at_line(reader, *cut_off,
                    "the file ends in the middle of this line: fetch the whole file and import "
                    "that, or, if this is all of it, end its last line; nothing was written"));
    return table;
}

Result<Texts> read_texts(CsvReader& reader, Table const& table,
                         std::vector<RowIndex> const& wanted) {
    Texts texts;
    MostFrequent titles(table.skus.size());
    KONTOR_TRY(reader.rewind());
    KONTOR_TRY(auto const columns, read_header(reader));
    auto next_wanted = wanted.begin();
    RowIndex index = 0;
    for (;; ++index) {
        KONTOR_TRY(auto const record, reader.next());
        if (!record || index == table.rows.size())
            break;
        if (next_wanted != wanted.end() && *next_wanted == index) {
            auto const& row = table.rows[index];
            texts.samples.push_back(
                {index, record->line, squeezed(fmt::format("{}", fmt::join(record->fields, ","))),
                 row.row_class == RowClass::malformed ? fault_of(columns, *record, row)
                                                      : std::string()});
            ++next_wanted;
        }
        auto const& row = table.rows[index];
        bool const counts = row.row_class == RowClass::order_line;
        if ((!counts && row.row_class != RowClass::adjustment) ||
            record->fields.size() != columns.width())
            continue;
        auto const text = squeezed(columns.pick(record->fields, Column::description));
        bool const fits = texts.texts.bytes() < texts_bytes_max || texts.texts.try_find(text);
        if (text.empty() || !fits)
            continue;
        auto const number = texts.texts.number_of(text);
        if (counts)
            titles.see(row.sku, number);
        else
            texts.notes.emplace_back(index, number);
    }
    if (index != table.rows.size())
        return unexpected(Failure{FailureKind::invalid,
                                  "the file changed while it was read: import it again",
                                  std::string(reader.source().name())});
    texts.title_of_sku = titles.by_sku();
    return texts;
}

} // namespace kontor::online_retail
