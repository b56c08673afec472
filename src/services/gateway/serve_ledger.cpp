#include "services/gateway/codes.hpp"

#include "services/gateway/fact_answers.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/tables.hpp"

#include "codec/events.hpp"
#include "services/books/ledger_reading.hpp"
#include "services/sheets/csv_text.hpp"
#include "services/sheets/payout_sheet.hpp"

#include <algorithm>
#include <cstdlib>

namespace kontor::services::gateway {
namespace {

/// Facts that one request takes in one turn: others are answered in between.
constexpr ports::Limit turn_size(4096);
/// Facts looked at for one page; where few move money, the page ends and says where.
constexpr std::size_t entries_looked_at_max = 20'000;
constexpr std::size_t differences_max = 1'000;
constexpr std::size_t payout_lines_max = 20'000;

/// "4711" or "2026-01-31T23:59:59Z"; without it the end.
Result<books::ReadUntil, Trouble> entries_until(Parts& parts, Asked const& asked) {
    auto const end = parts.log.durable().position;
    auto const at = asked.parameter("at");
    if (!at)
        return books::ReadUntil{end, {}};
    if (auto const position = number_in(*at))
        return books::ReadUntil{std::min(ports::Position(*position), end), {}};
    auto const instant = parse_instant(*at);
    if (!instant)
        return unexpected(bad_parameter("at", "a position of the log or an instant is wanted"));
    return books::ReadUntil{end, *instant};
}

/// Books of the past, on the way.
struct PastBooks {
    books::ReadUntil until;
    books::LedgerReading reading;
};

/// Null: there is more to read.
Result<books::LedgerReading const*, Trouble> past_books(Parts& parts, Asked& asked) {
    if (!asked.progress) {
        KONTOR_TRY(auto const until, entries_until(parts, asked));
        asked.progress =
            std::make_shared<PastBooks>(PastBooks{until, books::LedgerReading(parts.log)});
    }
    auto& past = *static_cast<PastBooks*>(asked.progress.get());
    KONTOR_TRY(bool const is_there, or_trouble(past.reading.read_on(past.until, turn_size)));
    return is_there ? &past.reading : nullptr;
}

/// The same of what is kept for everybody.
Result<books::LedgerReading const*, Trouble> books_of_now(Parts& parts) {
    if (!parts.ledger)
        parts.ledger = std::make_shared<books::LedgerReading>(parts.log);
    auto const is_there = parts.ledger->read_on({parts.log.durable().position, {}}, turn_size);
    if (!is_there) {
        parts.ledger.reset(); // the next one begins anew
        return unexpected(trouble_of(is_there.error()));
    }
    return *is_there ? parts.ledger.get() : nullptr;
}

EntryAnswer answer_of(books::JournalEntry const& entry) {
    EntryAnswer answer{entry.position, entry.at, entry.stream, std::string(entry.fact), {}};
    for (auto const& posting : entry.postings)
        answer.postings.push_back({std::string(ledger::title_of(posting.debit)),
                                   std::string(ledger::title_of(posting.credit)), posting.amount});
    return answer;
}

/// Which entries are wanted.
struct WantedEntries {
    std::optional<std::string_view> account{};
    std::optional<Instant> since{};
    std::optional<Instant> until{};
    std::size_t limit{page_default};
    ports::Position after{};
    ports::Position last{~std::uint64_t{0}};

    bool fits(books::JournalEntry const& entry) const {
        if (entry.postings.empty() || (since && entry.at < *since) || (until && entry.at >= *until))
            return false;
        return !account || std::ranges::any_of(entry.postings, [&](ledger::Posting const& posting) {
            return ledger::title_of(posting.debit) == *account ||
                   ledger::title_of(posting.credit) == *account;
        });
    }
};

Result<WantedEntries, Trouble> entries_asked(Asked const& asked) {
    WantedEntries wanted;
    KONTOR_TRY(auto const limit, number_parameter(asked, "limit"));
    if (limit && (*limit == 0 || *limit > page_max))
        return unexpected(bad_parameter("limit", "1 to 200 is wanted"));
    wanted.limit = limit.value_or(page_default);
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    wanted.after = ports::Position(after.value_or(0));
    KONTOR_TRY(wanted.since, time_parameter(asked, "since"));
    KONTOR_TRY(wanted.until, time_parameter(asked, "until"));
    wanted.account = asked.parameter("account");
    bool is_known = !wanted.account;
    for (std::size_t i = 0; i < ledger::accounts; ++i)
        is_known = is_known || ledger::title_of(static_cast<ledger::Account>(i)) == *wanted.account;
    if (!is_known)
        return unexpected(bad_parameter("account", "there is no such account"));
    return wanted;
}

/// What of the log a page of entries shows, and how far it looked.
struct SeenEntries {
    std::vector<books::JournalEntry> entries{};
    ports::Position at{};
    bool has_more{false};
};

Result<SeenEntries, Trouble> look_through(Parts& parts, WantedEntries const& wanted,
                                          std::size_t limit) {
    books::JournalEntries journal(parts.log);
    SeenEntries seen{{}, wanted.after};
    for (std::size_t looked_at = 0;;) {
        KONTOR_TRY(auto const page, or_trouble(parts.log.read_log(seen.at, turn_size)));
        for (auto const& event : page.events) {
            if (event.position > wanted.last)
                return seen;
            KONTOR_TRY(auto entry, or_trouble(journal.see(page, event)));
            seen.at = event.position;
            if (wanted.fits(entry))
                seen.entries.push_back(std::move(entry));
            if (seen.entries.size() == limit) {
                seen.has_more = seen.at < parts.log.durable().position;
                return seen;
            }
        }
        looked_at += page.events.size();
        seen.has_more = !page.empty();
        if (page.empty() || looked_at >= entries_looked_at_max)
            return seen;
    }
}

/// Those of one order, which are few.
Result<SeenEntries, Trouble> look_through_order(Parts& parts, WantedEntries const& wanted,
                                                OrderId order) {
    KONTOR_TRY(auto const owner, or_trouble(owner_of(parts.log, order)));
    if (!owner)
        return unexpected(trouble("unknown_order"));
    KONTOR_TRY(auto const pages, or_trouble(pages_of_order(parts.log, order)));
    std::vector<std::pair<ports::EventPage const*, ports::RecordedEvent const*>> facts;
    for (auto const& page : pages)
        for (auto const& event : page.events)
            if (event.position <= parts.log.durable().position)
                facts.emplace_back(&page, &event);
    std::ranges::sort(facts, {}, [](auto const& fact) { return fact.second->position; });
    books::JournalEntries journal;
    SeenEntries seen{{}, wanted.after};
    for (auto const& [page, event] : facts) {
        KONTOR_TRY(auto entry, or_trouble(journal.see(*page, *event)));
        if (event->position <= wanted.after || !wanted.fits(entry))
            continue;
        seen.has_more = seen.entries.size() == wanted.limit;
        if (seen.has_more)
            return seen;
        seen.at = event->position;
        seen.entries.push_back(std::move(entry));
    }
    return seen;
}

void append_rows(std::string& text, books::JournalEntry const& entry) {
    for (auto const& posting : entry.postings)
        sheets::append_record(
            text, std::vector<std::string>{
                      std::to_string(entry.position), to_string(entry.at), entry.stream.to_string(),
                      std::string(entry.fact), std::string(ledger::title_of(posting.debit)),
                      std::string(ledger::title_of(posting.credit)), posting.amount.decimal(),
                      std::string(posting.amount.currency().code())});
}

/// A comparison with the provider's payouts, on the way.
struct Comparing {
    sheets::Sheet<sheets::PayoutLine> sheet;
    ports::Position end;
    ports::Position at{};
    books::Reconciliation books{};
};

/// True: the log was read to the end.
Result<bool, Trouble> read_payments(Parts& parts, Comparing& comparing) {
    KONTOR_TRY(auto const page, or_trouble(parts.log.read_log(comparing.at, turn_size)));
    for (auto const& event : page.events) {
        comparing.at = event.position;
        if (event.stream.category() != StreamCategory::payment)
            continue;
        KONTOR_TRY(auto const fact,
                   or_trouble(codec::decode<payment::Event>(event.type, event.payload)));
        comparing.books.have(PaymentId(event.stream.id()), fact);
    }
    return page.empty() || comparing.at >= comparing.end;
}

ReconciliationAnswer answer_of(Comparing& comparing) {
    for (auto const& line : comparing.sheet.lines)
        comparing.books.reported(line.key, line.minor);
    std::array<std::uint64_t, 4> counted{};
    ReconciliationAnswer answer{};
    for (auto const& compared : comparing.books.compare()) {
        ++counted[static_cast<std::size_t>(compared.agreement)];
        auto const& key = compared.key;
        if (compared.agreement != books::Agreement::matched &&
            answer.differences.size() < differences_max)
            answer.differences.push_back({key.payment_id, key.kind, compared.agreement,
                                          Money::of(compared.ours, key.currency),
                                          Money::of(compared.theirs, key.currency)});
    }
    auto const of = [&](books::Agreement agreement) {
        return counted[static_cast<std::size_t>(agreement)];
    };
    answer.matched = of(books::Agreement::matched);
    answer.different = of(books::Agreement::different);
    answer.missing = of(books::Agreement::missing);
    answer.unknown = of(books::Agreement::unknown);
    answer.bad = comparing.sheet.bad.size();
    answer.bad_lines = answers_of(comparing.sheet.bad);
    return answer;
}

} // namespace

namespace code {

Served list_accounts(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const currency, parsed_parameter<Currency>(asked, "currency"));
    KONTOR_TRY(auto const* const reading,
               asked.parameter("at") ? past_books(parts, asked) : books_of_now(parts));
    if (reading == nullptr)
        return Answer(NotYet{});
    std::vector<AccountAnswer> answers;
    for (auto const& [code, balances] : reading->balances()) {
        auto const of = Currency::parse(code);
        if (!of || (currency && *of != *currency))
            continue;
        for (std::size_t i = 0; i < ledger::accounts; ++i) {
            auto const account = static_cast<ledger::Account>(i);
            if (auto const balance = balances.of(account); balance != 0)
                answers.push_back({std::string(ledger::title_of(account)),
                                   balance > 0 ? Side::debit : Side::credit,
                                   Money::of(std::abs(balance), *of)});
        }
    }
    return Answer(list_reply(answers));
}

Served list_entries(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wanted, entries_asked(asked));
    KONTOR_TRY(auto const order, parsed_parameter<OrderId>(asked, "order"));
    auto found = order ? look_through_order(parts, wanted, *order)
                       : look_through(parts, wanted, wanted.limit);
    if (!found)
        return unexpected(std::move(found).error());
    std::string items;
    for (auto const& entry : found->entries)
        add_item(items, answer_of(entry));
    return Answer(facts_reply(items, found->has_more, found->at.value()));
}

Served export_entries(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const after, number_parameter(asked, "after"));
    KONTOR_TRY(auto const until, entries_until(parts, asked));
    WantedEntries wanted;
    wanted.after = ports::Position(after.value_or(0));
    wanted.last = until.position;
    if (until.at)
        wanted.until = *until.at + Duration::microseconds(1);
    KONTOR_TRY(auto const found, look_through(parts, wanted, table_rows_max));
    std::string text;
    if (!after)
        sheets::append_record(text,
                              std::vector<std::string>{"position", "time", "stream", "fact",
                                                       "debit", "credit", "amount", "currency"});
    for (auto const& entry : found.entries)
        append_rows(text, entry);
    auto next = std::string(asked.request->path) + "?after=" + std::to_string(found.at.value());
    if (auto const at = asked.parameter("at"))
        next += "&at=" + std::string(*at);
    return Answer(table_reply(std::move(text), found.has_more ? next : ""));
}

Served reconcile_payouts(Parts& parts, Asked& asked) {
    if (!asked.progress) {
        KONTOR_TRY(auto sheet, table_of(asked, &sheets::read_payouts, payout_lines_max));
        asked.progress =
            std::make_shared<Comparing>(Comparing{std::move(sheet), parts.log.durable().position});
    }
    auto& comparing = *static_cast<Comparing*>(asked.progress.get());
    KONTOR_TRY(bool const is_there, read_payments(parts, comparing));
    if (!is_there)
        return Answer(NotYet{});
    return Answer(json_reply(200, answer_of(comparing)));
}

} // namespace code
} // namespace kontor::services::gateway
