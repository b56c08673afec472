#include "services/import/import.hpp"

#include "services/import/classify.hpp"
#include "services/import/limits.hpp"

#include "platform/problems/problems.hpp"

#include <fmt/format.h>

namespace kontor::online_retail {

std::string_view name(Stage stage) {
    switch (stage) {
    case Stage::remembering: return "looking for what is there already";
    case Stage::asking: return "importing";
    case Stage::waiting: return "waiting for the disk";
    case Stage::summing: return "summing up the log";
    case Stage::finished: return "finished";
    }
    KONTOR_UNREACHABLE();
}

Result<Invoices> read_invoices(ports::ByteSource& source, DateSequence dates) {
    CsvReader reader(source);
    Invoices read;
    KONTOR_TRY(read.table, read_table(reader, dates));
    classify(read.table);
    read.plan = plan(read.table);
    read.report = report_of(source.name(), read.table, read.plan);
    KONTOR_TRY(read.texts, read_texts(reader, read.table, wanted_samples(read.report)));
    add_samples(read.report, read.texts.samples);
    return read;
}

Import::Import(Invoices invoices, ports::EventStore& store, services::ShopDesk& desk)
    : store_(store), desk_(desk), invoices_(std::move(invoices)),
      steps_(std::in_place, invoices_.table, invoices_.plan, invoices_.texts) {}

Result<WorkDone> Import::do_work(WorkBudget budget) {
    switch (stage_) {
    case Stage::remembering: return remember(budget);
    case Stage::asking: return ask(budget);
    case Stage::waiting: return wait();
    case Stage::summing: return sum_up(budget);
    case Stage::finished: return WorkDone{0};
    }
    KONTOR_UNREACHABLE();
}

Progress Import::progress() const {
    switch (stage_) {
    case Stage::asking: return {stage_, steps_->done(), steps_->in_all()};
    case Stage::remembering:
    case Stage::summing: return {stage_, position_.value(), store_.durable().position.value()};
    case Stage::waiting:
    case Stage::finished: return {stage_, 0, 0};
    }
    KONTOR_UNREACHABLE();
}

Outcome Import::outcome() const {
    KONTOR_ASSERT(is_finished(), "the outcome of an import that goes on");
    return invoices_.report.all_hold() ? Outcome::reconciled : Outcome::not_reconciled;
}

/// Which steps an earlier run has taken: their facts are in the log.
Result<WorkDone> Import::remember(WorkBudget budget) {
    KONTOR_TRY(auto const page, store_.read_log(position_, ports::Limit(budget.items_max)));
    for (auto const& commit : page.commits)
        if (commit.header.actor == import_actor())
            known_.insert(commit.header.command_id);
    if (page.empty()) {
        KONTOR_TRY(check_that_it_is_this_file());
        position_ = {};
        stage_ = Stage::asking;
        return WorkDone{1};
    }
    position_ = page.events.back().position;
    return WorkDone{page.events.size()};
}

/// Ids derive from invoice and row, so steps of a file that shares invoices with another would half
/// be taken for done and half be refused.
Result<void> Import::check_that_it_is_this_file() {
    auto const first = steps_->peek();
    if (known_.empty() || (first && known_.contains(*first)))
        return {};
    return unexpected(Failure{FailureKind::conflict,
                              "invoices of another file, or of another state of this file, were "
                              "imported here: nothing was changed"});
}

Result<void> Import::take_answers() {
    answers_.clear();
    desk_.collect(answers_);
    for (auto const& answer : answers_) {
        if (auto const* const failure = std::get_if<Failure>(&answer.content))
            return unexpected(*failure);
        if (auto const* const refusal = std::get_if<services::Refusal>(&answer.content)) {
            auto const* const problem = problems::find_problem(services::Shop{}.problem(*refusal));
            invoices_.report.see_refusal(problem == nullptr ? "unknown" : problem->name);
        }
    }
    return {};
}

/// Returns how many answers came.
Result<std::size_t> Import::let_desk_work() {
    auto const flushed = desk_.flush();
    if (!flushed && flushed.error().kind != FailureKind::full)
        return unexpected(flushed.error());
    KONTOR_TRY(take_answers());
    refused_in_a_row_ = flushed || desk_.awaits_disk() ? 0 : refused_in_a_row_ + 1;
    if (refused_in_a_row_ > refused_in_a_row_max)
        return unexpected(flushed.error());
    return answers_.size();
}

Result<WorkDone> Import::ask(WorkBudget budget) {
    for (std::size_t items = 0; items < budget.items_max; ++items) {
        if (desk_.is_behind()) {
            KONTOR_TRY(auto const answered, let_desk_work());
            if (desk_.is_behind())
                return WorkDone{items + answered};
        }
        auto step = steps_->next();
        if (!step) {
            stage_ = Stage::waiting;
            return WorkDone{items + 1};
        }
        if (known_.contains(step->id))
            continue;
        step->ticket = ++asked_;
        KONTOR_TRY(desk_.take(std::move(*step)));
    }
    KONTOR_TRY(take_answers());
    return WorkDone{budget.items_max};
}

Result<WorkDone> Import::wait() {
    KONTOR_TRY(auto const answered, let_desk_work());
    if (!desk_.is_idle())
        return WorkDone{answered};
    steps_.reset();
    known_.clear();
    invoices_.texts = {};
    invoices_.plan = {};
    stage_ = Stage::summing;
    return WorkDone{answered + 1};
}

Result<WorkDone> Import::sum_up(WorkBudget budget) {
    KONTOR_TRY(auto const page, store_.read_log(position_, ports::Limit(budget.items_max)));
    for (auto const& event : page.events)
        if (page.commit_of(event).header.actor == import_actor())
            KONTOR_TRY(books_.add(event, page.commit_of(event)));
    if (page.empty()) {
        add_books(invoices_.report, invoices_.table, books_.figures());
        add_ledger(invoices_.report, books_.balances());
        stage_ = Stage::finished;
        return WorkDone{1};
    }
    position_ = page.events.back().position;
    return WorkDone{page.events.size()};
}

} // namespace kontor::online_retail
