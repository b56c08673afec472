#pragma once

/// What the shop answers of its books, and of tables that came in: as answers.hpp, under the same
/// rule.

#include "codec/json_values.hpp"
#include "services/books/reconcile.hpp"

#include <string>
#include <vector>

namespace kontor::services::gateway {

// Books.

enum class Side : std::uint8_t { debit, credit };
BOOST_DESCRIBE_ENUM(Side, debit, credit)

struct AccountAnswer {
    std::string account; ///< "revenue:goods"
    Side side;
    Money balance;
};
BOOST_DESCRIBE_STRUCT(AccountAnswer, (), (account, side, balance))
static_assert(describes_every_field<AccountAnswer>());

struct PostingAnswer {
    std::string debit;
    std::string credit;
    Money amount;
};
BOOST_DESCRIBE_STRUCT(PostingAnswer, (), (debit, credit, amount))
static_assert(describes_every_field<PostingAnswer>());

/// What one fact posted.
struct EntryAnswer {
    std::uint64_t position;
    Instant occurred_at;
    StreamId stream;
    std::string type;
    std::vector<PostingAnswer> postings;
};
BOOST_DESCRIBE_STRUCT(EntryAnswer, (), (position, occurred_at, stream, type, postings))
static_assert(describes_every_field<EntryAnswer>());

// Tables.

struct BadLineAnswer {
    std::uint64_t line; ///< of the table that was sent, from 1
    std::string column; ///< empty: the line as a whole
    std::string what;
};
BOOST_DESCRIBE_STRUCT(BadLineAnswer, (), (line, column, what))
static_assert(describes_every_field<BadLineAnswer>());

struct TableOutcome {
    std::uint64_t lines;
    std::uint64_t changed;
    std::uint64_t unchanged;
    std::uint64_t bad;
    std::vector<BadLineAnswer> bad_lines;
};
BOOST_DESCRIBE_STRUCT(TableOutcome, (), (lines, changed, unchanged, bad, bad_lines))
static_assert(describes_every_field<TableOutcome>());

struct DifferenceAnswer {
    PaymentId payment;
    books::MoneyMoved kind;
    books::Agreement agreement;
    Money ours;
    Money theirs;
};
BOOST_DESCRIBE_STRUCT(DifferenceAnswer, (), (payment, kind, agreement, ours, theirs))
static_assert(describes_every_field<DifferenceAnswer>());

struct ReconciliationAnswer {
    std::uint64_t matched;
    std::uint64_t different;
    std::uint64_t missing;
    std::uint64_t unknown;
    std::uint64_t bad;
    std::vector<DifferenceAnswer> differences; ///< the first 1000
    std::vector<BadLineAnswer> bad_lines;
};
BOOST_DESCRIBE_STRUCT(ReconciliationAnswer, (),
                      (matched, different, missing, unknown, bad, differences, bad_lines))
static_assert(describes_every_field<ReconciliationAnswer>());

} // namespace kontor::services::gateway
