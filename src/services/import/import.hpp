#pragma once

/// Import: invoices that were read and planned become facts in the log. Asks the desk step by step,
/// waits until everything is durable, then sums up the log and compares. It owns no thread: whoever
/// runs it calls do_work until it is finished, and lets the disk work in between.
///
/// Invariants: 1. A step whose facts are in the log is not asked again: the same file twice changes
///                nothing, and an interrupted import goes on where it stopped.
///             2. The report's figures come from the log, never from the plan.
///             3. A log holds the invoices of one file. Another file is refused before anything is
///                asked.
/// Thread: the desk's.

#include "services/import/books.hpp"
#include "services/import/report.hpp"
#include "services/import/steps.hpp"
#include "services/shop/shop.hpp"

#include "base/agent.hpp"

#include <optional>
#include <unordered_set>

namespace kontor::online_retail {

/// How an import ended.
enum class Outcome : unsigned char {
    reconciled,     ///< every equation holds: exit code 0
    not_reconciled, ///< the report names the equations that do not: exit code 7
};

enum class Stage : unsigned char { remembering, asking, waiting, summing, finished };
std::string_view name(Stage stage);

struct Progress {
    Stage stage{Stage::remembering};
    std::uint64_t done{0};
    std::uint64_t in_all{0}; ///< 0: not known
};

/// A file of invoices, read and planned; the shop has not been touched.
struct Invoices {
    Table table;
    Plan plan;
    Texts texts;
    Report report; ///< without the log's word
};

/// Reads a file and plans what the shop will do. It needs no shop, so that a file that is none of
/// invoices is refused before anything is opened or made.
/// Errors: invalid (the file is no table of invoices), and whatever the source answers.
Result<Invoices> read_invoices(ports::ByteSource& source, DateSequence dates = {});

class Import final : public Agent {
public:
    /// Store and desk outlive the import. The desk is its own: nobody else asks it meanwhile.
    Import(Invoices invoices, ports::EventStore& store, services::ShopDesk& desk);

    std::string_view name() const override { return "import"; }

    /// Does some of the next stage. Zero items: the disk is behind; let it work and come back.
    /// Errors: conflict (another file was imported into this log: nothing was asked), full (the
    /// store takes no more although nothing waits to become durable: it has no room), and whatever
    /// else desk and store answer.
    Result<WorkDone> do_work(WorkBudget budget) override;

    bool is_finished() const { return stage_ == Stage::finished; }
    Progress progress() const;
    /// Requires: is_finished().
    Report const& report() const { return invoices_.report; }
    Outcome outcome() const;

private:
    Result<WorkDone> remember(WorkBudget budget);
    /// Errors: conflict.
    Result<void> check_that_it_is_this_file();
    Result<WorkDone> ask(WorkBudget budget);
    Result<WorkDone> wait();
    Result<WorkDone> sum_up(WorkBudget budget);
    Result<std::size_t> let_desk_work();
    Result<void> take_answers();

    ports::EventStore& store_;
    services::ShopDesk& desk_;
    Invoices invoices_;
    Stage stage_{Stage::remembering};
    std::optional<Steps> steps_;
    std::unordered_set<CommandId> known_;
    std::vector<services::ShopAnswer> answers_;
    ports::Position position_{};
    std::uint64_t asked_{0};
    std::size_t refused_in_a_row_{0}; ///< by a store for which nothing waits
    Books books_;
};

} // namespace kontor::online_retail
