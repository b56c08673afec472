#include "programs/kontor/open_log.hpp"
#include "programs/kontor/program.hpp"
#include "programs/kontor/remote.hpp"
#include "programs/kontor/streams.hpp"

#include "base/names.hpp"
#include "codec/events.hpp"
#include "services/books/journal_entries.hpp"
#include "services/sheets/csv_text.hpp"
#include "services/sheets/payout_sheet.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace kontor::programs {
namespace {

namespace books = services::books;
namespace sheets = services::sheets;

constexpr ports::Limit ledger_page(8192);

/// Up to where the books are read.
struct Until {
    std::uint64_t position{std::numeric_limits<std::uint64_t>::max()};
    std::optional<Instant> at{};
};

/// Reads "4711" or "2011-01-31T23:59:59Z".
Result<Until, Trouble> until_of(std::string const& text) {
    if (text.empty())
        return Until{};
    if (auto const position = sheets::parse_whole(text))
        return Until{static_cast<std::uint64_t>(*position), {}};
    auto const at = parse_instant(text);
    if (!at)
        return unexpected(
            Trouble("malformed",
                    {FailureKind::invalid, "a position of the log or an instant is wanted", text},
                    "Say --at 4711 or --at 2011-01-31T23:59:59Z."));
    return Until{std::numeric_limits<std::uint64_t>::max(), *at};
}

/// Shows each journal entry up to there to `visit(entry)`. Facts of later times may stand before
/// earlier ones in the log; each counts by its own time.
template <class Visit>
Result<books::JournalEntries> read_books(ports::EventStore& store, Until const& until,
                                         Visit visit) {
    books::JournalEntries entries;
    for (ports::Position at{};;) {
        KONTOR_TRY(auto const page, store.read_log(at, ledger_page));
        if (page.empty())
            return entries;
        for (auto const& event : page.events) {
            if (event.position.value() > until.position)
                return entries;
            if (until.at && page.commit_of(event).header.occurred_at > *until.at)
                continue;
            KONTOR_TRY(auto const entry, entries.see(page, event));
            if (!entry.postings.empty())
                visit(entry);
        }
        at = page.events.back().position;
    }
}

std::vector<boost::json::object> objects_of(boost::json::value const& answer, char const* member) {
    std::vector<boost::json::object> rows;
    auto const* const object = answer.if_object();
    auto const* const listed = object == nullptr ? nullptr : object->if_contains(member);
    if (listed != nullptr && listed->is_array())
        for (auto const& row : listed->get_array())
            if (row.is_object())
                rows.push_back(row.get_object());
    return rows;
}

Outcome show_balances(Program& program, std::vector<boost::json::object> const& rows) {
    program.output.rows(
        {{"account", "account"}, {"side", "side"}, {"balance", "balance", Column::Align::right}},
        rows);
    if (rows.empty())
        program.output.say(
            "Nothing was posted yet: the first parcel that leaves is the first sale.");
    return ExitCode::ok;
}

Outcome show_books(Program& program, std::string const& at) {
    KONTOR_TRY(auto const until, until_of(at));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote) {
        KONTOR_TRY(auto const answer,
                   remote->get("/v1/ledger/accounts" + (at.empty() ? "" : "?at=" + encoded(at))));
        return show_balances(program, objects_of(answer, "data"));
    }
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    KONTOR_TRY(auto const entries, read_books(log->store(), until, [](auto const&) {}));
    std::vector<boost::json::object> rows;
    for (auto const& [currency, balances] : entries.balances())
        for (std::size_t i = 0; i < ledger::accounts; ++i) {
            auto const account = static_cast<ledger::Account>(i);
            if (auto const balance = balances.of(account); balance != 0)
                rows.push_back({{"account", ledger::title_of(account)},
                                {"side", balance > 0 ? "debit" : "credit"},
                                {"balance", money(std::abs(balance), currency)}});
        }
    return show_balances(program, rows);
}

Outcome export_books(Program& program, std::string const& at) {
    KONTOR_TRY(auto const until, until_of(at));
    KONTOR_TRY(auto remote, Remote::find(program));
    if (remote) {
        KONTOR_TRY(remote->table("/v1/sheets/entries" + (at.empty() ? "" : "?at=" + encoded(at)),
                                 [](std::string_view text) { answer("{}", text); }));
        return ExitCode::ok;
    }
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    std::string text;
    sheets::append_record(text, std::vector<std::string>{"position", "time", "stream", "fact",
                                                         "debit", "credit", "amount", "currency"});
    auto const write = [&](books::JournalEntry const& entry) {
        for (auto const& posting : entry.postings)
            sheets::append_record(
                text, std::vector<std::string>{std::to_string(entry.position), to_string(entry.at),
                                               entry.stream.to_string(), std::string(entry.fact),
                                               std::string(ledger::title_of(posting.debit)),
                                               std::string(ledger::title_of(posting.credit)),
                                               posting.amount.decimal(),
                                               std::string(posting.amount.currency().code())});
        if (text.size() > (std::size_t{1} << 20)) {
            answer("{}", text);
            text.clear();
        }
    };
    KONTOR_TRY(read_books(log->store(), until, write));
    answer("{}", text);
    return ExitCode::ok;
}

/// What the log says of every payment.   Errors: corrupt, unavailable.
Result<void> have_payments(ports::EventStore& store, books::Reconciliation& reconciliation) {
    return see_log(
        store, [&](ports::EventPage const&, ports::RecordedEvent const& event) -> Result<void> {
            if (event.stream.category() != StreamCategory::payment)
                return {};
            KONTOR_TRY(auto const fact, codec::decode<payment::Event>(event.type, event.payload));
            reconciliation.have(PaymentId(event.stream.id()), fact);
            return {};
        });
}

boost::json::object row_of(books::Compared const& compared) {
    auto const currency = compared.key.currency.code();
    return {{"payment", compared.key.payment_id.to_string()},
            {"kind", enumerator_name(compared.key.kind)},
            {"agreement", enumerator_name(compared.agreement)},
            {"ours", money(compared.ours, currency)},
            {"theirs", money(compared.theirs, currency)}};
}

/// What a comparison came to.
struct Verdict {
    boost::json::object sums{};
    std::vector<boost::json::object> differences{};
    std::vector<std::string> notices{}; ///< of lines that could not be read
};

Outcome told(Program& program, Verdict verdict, std::string const& path) {
    auto const& rows = verdict.differences;
    if (program.output.options().format == Format::json)
        verdict.sums["differences"] = boost::json::array(rows.begin(), rows.end());
    program.output.object(verdict.sums);
    for (auto const& notice : verdict.notices)
        program.output.notice(notice);
    if (program.output.options().format != Format::json && !rows.empty()) {
        program.output.say("");
        program.output.rows({{"payment", "payment"},
                             {"kind", "kind"},
                             {"agreement", "agreement"},
                             {"ours", "ours", Column::Align::right},
                             {"theirs", "theirs", Column::Align::right}},
                            rows);
    }
    if (rows.empty() && verdict.notices.empty())
        return ExitCode::ok;
    return unexpected(Trouble(
        "books_differ",
        {FailureKind::corrupt, "the provider's payouts are not what the log says", path},
        "`missing` is not in the file, perhaps because it covers other days; `unknown` and "
        "`different` are for whoever keeps the books: `kontor payment show` has what happened."));
}

/// Compared by the server that has the log open.
Result<Verdict, Trouble> compared_there(Remote& remote, ports::ByteSource& source) {
    RemoteCall call{"POST", "/v1/ledger/reconciliations"};
    call.text.emplace();
    for (std::array<char, 65'536> piece{};;) {
        KONTOR_TRY(auto const count, source.read(piece));
        if (count == 0)
            break;
        call.text->append(piece.data(), count);
    }
    KONTOR_TRY(auto const answer, remote.send(call));
    Verdict verdict;
    for (auto const* const name : {"matched", "different", "missing", "unknown"})
        verdict.sums[name] = answer.body.as_object().at(name);
    verdict.sums["bad_lines"] = answer.body.as_object().at("bad");
    verdict.differences = objects_of(answer.body, "differences");
    for (auto const& bad : objects_of(answer.body, "bad_lines"))
        verdict.notices.push_back(fmt::format("line {}: {} {}", readable(bad.at("line")),
                                              readable(bad.at("column")),
                                              readable(bad.at("what"))));
    return verdict;
}

Result<Verdict, Trouble> compared_here(Program& program, ports::ByteSource& source) {
    KONTOR_TRY(auto const sheet, sheets::read_payouts(source));
    KONTOR_TRY(auto const log, OpenLog::open(program.settings, LogUse::look));
    books::Reconciliation reconciliation;
    KONTOR_TRY(have_payments(log->store(), reconciliation));
    for (auto const& line : sheet.lines)
        reconciliation.reported(line.key, line.minor);
    Verdict verdict;
    std::array<std::size_t, 4> counted{};
    for (auto const& compared : reconciliation.compare()) {
        ++counted[static_cast<std::size_t>(compared.agreement)];
        if (compared.agreement != books::Agreement::matched)
            verdict.differences.push_back(row_of(compared));
    }
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<books::Agreement>>(
        [&](auto agreement) {
            verdict.sums[agreement.name] = counted[static_cast<std::size_t>(agreement.value)];
        });
    verdict.sums["bad_lines"] = sheet.bad.size();
    for (auto const& bad : sheet.bad)
        verdict.notices.push_back(fmt::format("line {}: {} {}", bad.line, bad.column, bad.what));
    return verdict;
}

Outcome reconcile(Program& program, std::string const& path) {
    KONTOR_TRY(auto const source, open_file(path));
    KONTOR_TRY(auto remote, Remote::find(program));
    KONTOR_TRY(auto verdict,
               remote ? compared_there(*remote, *source) : compared_here(program, *source));
    return told(program, std::move(verdict), path);
}

} // namespace

void add_ledger_commands(CLI::App& app, std::optional<Command>& chosen) {
    auto& noun = noun_of(app, "ledger", "The books: what was sold, paid, owed and given back");
    constexpr auto at_help = "only up to this position or instant";
    auto const show_at = std::make_shared<std::string>();
    add_command(noun, chosen,
                {"show", "Shows the balance of every account, now or at an earlier moment",
                 "  kontor ledger show\n  kontor ledger show --at 2011-01-31T23:59:59Z"},
                show_books, show_at)
        .add_option("--at", *show_at, at_help);
    auto const export_at = std::make_shared<std::string>();
    add_command(
        noun, chosen,
        {"export", "Writes the journal entries as CSV", "  kontor ledger export > journal.csv"},
        export_books, export_at)
        .add_option("--at", *export_at, at_help);
    auto const file = std::make_shared<std::string>();
    add_command(noun, chosen,
                {"reconcile", "Compares the provider's payouts with what the log says",
                 "  kontor ledger reconcile payouts.csv"},
                reconcile, file)
        .add_option("file", *file, "a CSV file with payment, kind, amount and currency")
        ->required();
}

} // namespace kontor::programs
