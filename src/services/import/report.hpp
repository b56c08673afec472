#pragma once

/// Report: what became of every row of the file, and whether the books agree with it to the penny.

#include "services/import/figures.hpp"
#include "services/import/read_table.hpp"

#include "domain/ledger/ledger.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::online_retail {

/// Rows of one class, or of one reason for which the shop has no place for them.
struct RowGroup {
    std::string name;
    bool is_rejected; ///< what it is worth is in no order, return or grant
    std::uint64_t rows{0};
    std::int64_t units{0};
    MicropoundsSum micropounds{0}; ///< as the file has it; of unmatched rows only what is left
    std::vector<RowIndex> sample_rows{};
    std::vector<Sample> samples{};

    void see(RowIndex index, std::int64_t row_units, MicropoundsSum value);
};

/// How the names of equations begin that say of one figure that the log has it as it was planned.
inline constexpr std::string_view log_is_plan = "log = plan: ";

/// "net + rejected" = "file".
struct Equation {
    std::string name;
    std::string left;
    std::string right;
    bool holds() const { return left == right; }
};

struct Report {
    std::string file;
    std::vector<Figure> of_file; ///< what the file says, before anything is decided
    std::vector<RowGroup> groups;
    Figures planned;
    std::optional<Figures> booked; ///< as the log says; absent in a dry run
    std::vector<Figure> matching;  ///< how the cancellations found their purchases
    std::vector<Equation> equations;
    std::map<std::string, std::uint64_t, std::less<>> refusals; ///< of the shop, by problem

    void see_refusal(std::string_view problem);
    bool all_hold() const;
};

/// The report of a plan, without samples and without the log's word.
Report report_of(std::string_view file, Table const& table, Plan const& plan);
/// The rows that the report wants to show, ascending, each once.
std::vector<RowIndex> wanted_samples(Report const& report);
void add_samples(Report& report, std::vector<Sample> const& samples);
/// Says what the log says: adds its figures, and for each that it must be what was planned.
void add_books(Report& report, Table const& table, Figures booked);
/// Adds that the double entries balance, are at rest and say the same as the log's figures.
/// Requires: add_books.
void add_ledger(Report& report, ledger::Balances const& balances);

/// A page for a person.
std::string to_text(Report const& report);
/// Shape: an object {file, figures, groups, equations, holds}.
std::string to_json(Report const& report);

} // namespace kontor::online_retail
