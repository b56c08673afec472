#include "programs/kontor/desk_work.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/remote.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/table_pieces.hpp"

#include "platform/commands/turn.hpp"
#include "services/sheets/product_sheet.hpp"
#include "services/sheets/stock_sheet.hpp"

#include <fmt/core.h>

#include <memory>
#include <set>

namespace kontor::programs {
namespace {

namespace sheets = services::sheets;

/// How an import went.
struct Tally {
    std::size_t lines{0};
    std::size_t changed{0};
    std::vector<sheets::BadLine> bad{};
};

Outcome told(Program& program, Tally tally) {
    std::ranges::stable_sort(tally.bad, {}, &sheets::BadLine::line);
    std::vector<boost::json::object> rows;
    rows.reserve(tally.bad.size());
    for (auto const& bad : tally.bad)
        rows.push_back({{"line", bad.line}, {"column", bad.column}, {"what", bad.what}});
    boost::json::object sums{{"lines", tally.lines + tally.bad.size()},
                             {"changed", tally.changed},
                             {"unchanged", tally.lines - tally.changed},
                             {"bad", tally.bad.size()}};
    if (program.output.options().format == Format::json)
        sums["bad_lines"] = boost::json::array(rows.begin(), rows.end());
    program.output.object(sums);
    if (rows.empty())
        return ExitCode::ok;
    if (program.output.options().format != Format::json) {
        program.output.say("");
        program.output.rows({{"line", "line", Column::Align::right},
                             {"column", "column"},
                             {"what is wrong", "what"}},
                            rows);
    }
    return ExitCode::partly_failed;
}

std::uint64_t number_in(boost::json::object const& object, char const* name) {
    return object.at(name).to_number<std::uint64_t>();
}

/// Sends the table to the server that has the log open, piece by piece.
Outcome send_table(Program& program, Remote& remote, std::string const& address,
                   ports::ByteSource& source) {
    Tally tally;
    TablePieces pieces(source);
    for (;;) {
        KONTOR_TRY(auto piece, pieces.next());
        if (!piece)
            break;
        RemoteCall call{"POST", address};
        call.text = std::move(piece->text);
        KONTOR_TRY(auto const answer, remote.send(call));
        auto const& outcome = answer.body.as_object();
        tally.lines += number_in(outcome, "lines");
        tally.changed += number_in(outcome, "changed");
        for (auto const& bad : outcome.at("bad_lines").as_array()) {
            auto const& row = bad.as_object();
            tally.bad.push_back({piece->line_of(number_in(row, "line")),
                                 std::string(row.at("column").as_string()),
                                 std::string(row.at("what").as_string())});
        }
    }
    std::ranges::move(pieces.unreadable(), std::back_inserter(tally.bad));
    return told(program, std::move(tally));
}

/// All of a table of the server's.
Outcome print_table(Remote& remote, std::string const& address) {
    KONTOR_TRY(remote.table(address, [](std::string_view text) { answer("{}", text); }));
    return ExitCode::ok;
}

/// Asks for what each line wants. `wishes(desk, line, bad)` gives the commands of a line.
template <class Line, class Wishes>
Outcome carry_out(Program& program, sheets::Sheet<Line> sheet, Wishes wishes) {
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::write));
    Tally tally{sheet.lines.size(), 0, std::move(sheet.bad)};
    std::set<std::uint64_t> refused;
    auto const refuse = [&](std::uint64_t line, std::string_view problem) {
        tally.bad.push_back({line, {}, "refused: " + std::string(problem)});
        refused.insert(line);
    };
    std::set<std::uint64_t> changed;
    {
        DeskWork desk(*log, program.clock, refuse);
        for (auto const& line : sheet.lines)
            for (auto& wish : wishes(desk, line, tally.bad)) {
                changed.insert(line.line);
                KONTOR_TRY(desk.ask(services::Compound{{std::move(wish)}}, line.line));
            }
        KONTOR_TRY(desk.finish());
    }
    KONTOR_TRY(log->close());
    for (auto const line : refused)
        changed.erase(line);
    tally.changed = changed.size();
    std::set<std::uint64_t> bad;
    for (auto const& one : tally.bad)
        bad.insert(one.line);
    tally.lines = static_cast<std::size_t>(std::ranges::count_if(
        sheet.lines, [&](Line const& line) { return !bad.contains(line.line); }));
    return told(program, std::move(tally));
}

Outcome import_products(Program& program, std::string const& path) {
    KONTOR_TRY(auto const source, open_file(path));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return send_table(program, *remote, "/v1/sheets/products", *source);
    KONTOR_TRY(auto sheet, sheets::read_products(*source));
    return carry_out(
        program, std::move(sheet),
        [&](DeskWork& desk, sheets::ProductLine const& line, std::vector<sheets::BadLine>& bad) {
            auto found = sheets::wishes_of(desk.state<services::Products>(line.sku), line,
                                           program.clock.now());
            if (!found.what.empty())
                bad.push_back({line.line, {}, std::move(found.what)});
            std::vector<services::Single> wishes;
            wishes.reserve(found.commands.size());
            for (auto& command : found.commands)
                wishes.emplace_back(services::On<services::Products>{line.sku, std::move(command)});
            return wishes;
        });
}

Outcome import_stock(Program& program, std::string const& path) {
    KONTOR_TRY(auto const source, open_file(path));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return send_table(program, *remote, "/v1/sheets/stock", *source);
    KONTOR_TRY(auto sheet, sheets::read_stock(*source));
    return carry_out(
        program, std::move(sheet),
        [](DeskWork& desk, sheets::StockLine const& line, std::vector<sheets::BadLine>&) {
            services::StockKey const key{line.location, line.sku};
            std::vector<services::Single> wishes;
            for (auto& command : sheets::wishes_of(desk.state<services::StockItems>(key), line))
                wishes.emplace_back(services::On<services::StockItems>{key, std::move(command)});
            return wishes;
        });
}

/// The states of all streams of one category, by their names.
/// Errors: corrupt, unavailable.
template <class Aggregate>
Result<std::map<std::string, typename Aggregate::Fold::State>> states_of(ports::EventStore& store,
                                                                         StreamCategory category) {
    std::map<std::string, typename Aggregate::Fold::State> states;
    auto const see = [&](auto const&, ports::RecordedEvent const& recorded) -> Result<void> {
        if (recorded.stream.category() != category)
            return {};
        KONTOR_TRY(auto const event, Aggregate::decode(recorded.type, recorded.payload));
        auto& state =
            states.try_emplace(std::string(recorded.stream.key()), Aggregate::Fold::initial())
                .first->second;
        evolve_in_place<typename Aggregate::Fold>(state, event);
        return {};
    };
    KONTOR_TRY(see_log(store, see));
    return states;
}

Outcome export_products(Program& program) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return print_table(*remote, "/v1/sheets/products");
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const states,
               states_of<services::Products>(log->store(), StreamCategory::product));
    auto text = sheets::product_header();
    for (auto const& [name, state] : states) {
        KONTOR_TRY(auto const sku, Sku::parse(name));
        sheets::append_product(text, sku, state, program.clock.now());
    }
    answer("{}", text);
    return ExitCode::ok;
}

Outcome export_stock(Program& program) {
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote)
        return print_table(*remote, "/v1/sheets/stock");
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const states,
               states_of<services::StockItems>(log->store(), StreamCategory::stock));
    auto text = sheets::stock_header();
    for (auto const& [name, state] : states) {
        auto const* const item = std::get_if<stock::Item>(&state);
        auto const dot = name.find('.');
        if (item == nullptr || dot == name.npos)
            continue;
        KONTOR_TRY(auto const location, Location::parse(name.substr(0, dot)));
        KONTOR_TRY(auto const sku, Sku::parse(name.substr(dot + 1)));
        sheets::append_stock(text, sku, location, sheets::figures_of(*item));
    }
    answer("{}", text);
    return ExitCode::ok;
}

using Import = Outcome (*)(Program&, std::string const&);
using Export = Outcome (*)(Program&);

void add_sheet(CLI::App& noun, std::optional<Command>& chosen, Wording const& in, Import take,
               std::pair<Wording, Export> const& out) {
    auto const path = std::make_shared<std::string>();
    add_command(noun, chosen, in, take, path)
        .add_option("file", *path, "a CSV file with a header row")
        ->required();
    add_command(noun, chosen, out.first, [give = out.second](Program& program) {
        return program.output.ended(give(program));
    });
}

} // namespace

void add_sheet_commands(CLI::App& app, std::optional<Command>& chosen) {
    add_sheet(
        noun_of(app, "product", "What is sold, and for how much"), chosen,
        {"import", "Takes products and prices from a CSV file; the same file twice is once",
         "  kontor product import products.csv"},
        import_products,
        {{"export", "Writes products and prices as CSV", "  kontor product export > products.csv"},
         export_products});
    add_sheet(
        noun_of(app, "stock", "Shows what is on the shelves"), chosen,
        {"import", "Takes counted stock and its rules from a CSV file",
         "  kontor stock import counted.csv"},
        import_stock,
        {{"export", "Writes the stock as CSV", "  kontor stock export > stock.csv"}, export_stock});
}

} // namespace kontor::programs
