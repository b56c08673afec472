#include "programs/kontor/interrupt.hpp"
#include "programs/kontor/notices.hpp"
#include "programs/kontor/open_log.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/streams.hpp"
#include "programs/kontor/typed_numbers.hpp"

#include "services/import/import.hpp"
#include "services/import/limits.hpp"

#include "base/characters.hpp"

#include <fmt/core.h>

#include <memory>
#include <ranges>
#include <string>

namespace kontor::programs {
namespace {

constexpr WorkBudget import_piece{2'000};

/// One progress line for each stage of the import.
class ImportProgress {
public:
    explicit ImportProgress(Program& program) : program_(program) {}

    void show(online_retail::Progress const& now) {
        if (!line_ || stage_ != now.stage) {
            stage_ = now.stage;
            line_.reset();
            line_ = std::make_unique<Progress>(program_.clock, program_.progress,
                                               std::string(name(now.stage)), "", now.in_all);
        }
        line_->reached(now.done);
    }

private:
    Program& program_;
    online_retail::Stage stage_{};
    std::unique_ptr<Progress> line_;
};

/// A file that shows how far it is read, and ends where somebody wants it to stop.
class WatchedFile final : public ports::ByteSource {
public:
    /// `times`: how often it is read from the first byte to the last.
    WatchedFile(Program& program, ports::ByteSource& file, std::uint64_t times)
        : file_(file), progress_(program.clock, program.progress, "reading", "bytes",
                                 times * file.try_size().value_or(0)) {}

    std::string_view name() const override { return file_.name(); }
    std::optional<std::uint64_t> try_size() const override { return file_.try_size(); }
    /// Errors: cancelled, and those of the file.
    Result<std::size_t> read(std::span<char> into) override {
        if (was_interrupted())
            return unexpected(Failure{FailureKind::cancelled,
                                      "stopped as you asked, before "
                                      "anything was written",
                                      std::string(name())});
        KONTOR_TRY(auto const count, file_.read(into));
        read_ += count;
        progress_.reached(read_);
        return count;
    }
    Result<void> rewind() override { return file_.rewind(); }

private:
    ports::ByteSource& file_;
    Progress progress_;
    std::uint64_t read_{0};
};

/// Errors: as online_retail::read_invoices; cancelled.
Result<online_retail::Invoices> read(Program& program, ports::ByteSource& file,
                                     online_retail::DateSequence dates) {
    constexpr std::uint64_t times = 2; // once for the table, and once for its texts
    WatchedFile watched(program, file, times);
    return online_retail::read_invoices(watched, dates);
}

/// Runs until the import is finished or somebody wants it to stop.
Result<void> run(Program& program, online_retail::Import& import, OpenLog const& log) {
    ImportProgress progress(program);
    while (!import.is_finished()) {
        if (was_interrupted())
            return unexpected(
                Failure{FailureKind::cancelled, "stopped as you asked", log.directory()});
        if (auto const failure = log.writer_failure())
            return unexpected(*failure);
        KONTOR_TRY(auto const done, import.do_work(import_piece));
        progress.show(import.progress());
        if (done.items == 0)
            log.wait_a_little();
    }
    return {};
}

void show(Program& program, online_retail::Report const& report) {
    bool const is_unasked =
        program.output.options().quiet && program.output.options().format == Format::table;
    if (is_unasked)
        return;
    if (program.output.options().format == Format::json)
        answer("{}\n", online_retail::to_json(report));
    else
        answer("{}", online_retail::to_text(report));
}

/// What was typed.
struct Wish {
    std::string path;
    std::string dates{}; ///< empty: as the file shows
};

constexpr char const* day_first = "day-first";
constexpr char const* month_first = "month-first";

online_retail::DateSequence dates_of(Wish const& wish) {
    using online_retail::DateSequence;
    return wish.dates == day_first     ? DateSequence::day_first
           : wish.dates == month_first ? DateSequence::month_first
                                       : DateSequence{};
}

/// Of a file whose dates may be meant both ways.
constexpr std::string_view ambiguous_dates =
    "Nothing in this file shows whether the day or the month stands first in its dates: the day "
    "was "
    "taken to. If the month does, import it into another directory with --dates month-first.";

/// Which names of countries nobody knows; empty: all are known.
std::string unknown_countries(online_retail::Table const& table) {
    constexpr std::size_t named_max = 5;
    auto const unknown = table.unknown_countries();
    if (unknown.empty())
        return {};
    std::string names;
    for (auto const name : unknown | std::views::take(named_max))
        names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", without_controls(name));
    return fmt::format(
        "{} not known, and {} orders get ZZ instead: {}{}.",
        unknown.size() == 1 ? "1 name of a country is"
                            : fmt::format("{} names of countries are", unknown.size()),
        unknown.size() == 1 ? "its" : "their", names, unknown.size() > named_max ? ", …" : "");
}

Outcome import_file(Program& program, Wish const& wish) {
    auto const& path = wish.path;
    watch_for_interrupts();
    KONTOR_TRY(auto const source, open_file(path));
    KONTOR_TRY(auto invoices, read(program, *source, dates_of(wish)));
    if (invoices.table.dates_are_ambiguous)
        program.output.notice(ambiguous_dates);
    program.output.notice(unknown_countries(invoices.table));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::write));
    program.output.notice(durability_notice(log->disk_state()));
    for (auto const& sentence : repairs_of(log->report()))
        program.output.notice(sentence);
    services::ShopDesk desk(log->store(), {}, online_retail::desk_states_max);
    online_retail::Import import(std::move(invoices), log->store(), desk);
    auto const ran = run(program, import, *log);
    auto const room = log->room();
    auto const closed = log->close();
    if (!ran && ran.error().kind == FailureKind::conflict)
        return unexpected(
            Trouble("other_import", {FailureKind::conflict, ran.error().what, log->directory()}));
    KONTOR_TRY(explaining(log->directory(), ran));
    KONTOR_TRY(explaining(log->directory(), closed));
    show(program, import.report());
    program.output.say("");
    program.output.say(fmt::format(
        "The shop is in {}. Ask it: kontor order list · kontor stock list · kontor store verify",
        log->directory()));
    KONTOR_TRY(auto const disk, embedded::disk_state_near(log->directory()));
    program.output.say(room_sentence(room, disk));
    program.output.notice(room_remedy(room));
    if (import.outcome() == online_retail::Outcome::reconciled)
        return ExitCode::ok;
    return unexpected(
        Trouble("books_differ", {FailureKind::corrupt, "the books do not add up", path}));
}

} // namespace

void add_import_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& import = *app.add_subcommand("import", "Turns other people's records into a shop");
    import.require_subcommand(1);
    auto const wish = std::make_shared<Wish>();
    auto& command = add_command(
        import, chosen,
        {"online-retail",
         "Turns the invoices of the Online Retail data set into a shop, and checks its books",
         "  kontor import online-retail samples/online-retail-2010-12.csv\n"
         "  kontor import online-retail invoices.csv --data ./books --json"},
        import_file, wish);
    command.add_option("file", wish->path, "a CSV file of invoices")->required();
    command
        .add_option("--dates", wish->dates,
                    "how to read 1/12/2010 (as the file shows; day-first where it does not)")
        ->check(one_of({day_first, month_first}));
}

} // namespace kontor::programs
