#include "services/views/attention.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

using checkout::Deadline;
using checkout::InputKind;
using checkout::Step;

std::optional<SubjectText> text_of(std::optional<Id128> id) {
    if (!id)
        return std::nullopt;
    std::array<char, Id128::text_length> text{};
    id->write(text);
    return SubjectText({text.data(), text.size()});
}

/// Whether the world has moved on, and not only the process asked again.
bool is_news(InputKind kind) {
    return kind != InputKind::deadline_reached && kind != InputKind::refused &&
           kind != InputKind::carried_out && kind != InputKind::outcome_unknown;
}

bool answers_buyer(checkout::Advanced const& step) {
    auto const& input = step.input;
    bool const is_over =
        input.kind == InputKind::deadline_reached && input.deadline == Deadline::buyer_answer;
    bool const is_lifted = std::ranges::any_of(step.deadlines, [](checkout::Due const& due) {
        return due.deadline == Deadline::buyer_answer && !due.at;
    });
    return is_over || is_lifted || input.kind == InputKind::authorised;
}

bool settles(AttentionRow const& row, checkout::Advanced const& step) {
    if (step.to == checkout::Phase::done)
        return true;
    if (row.asked_of == AskedOf::buyer)
        return answers_buyer(step);
    if (row.about == Deadline::phase_alarm)
        return step.from != step.to;
    if (row.about == Deadline::review)
        return step.input.kind == InputKind::review_cleared;
    bool const is_about_it = row.subject && (text_of(step.input.subject) == row.subject ||
                                             text_of(step.input.other) == row.subject);
    return is_about_it && is_news(step.input.kind);
}

/// A thing that is open and asked for once more stays one thing.
void ask(std::vector<AttentionRow>& asked, AttentionRow wanted) {
    auto const same = std::ranges::find_if(asked, [&](AttentionRow const& row) {
        return row.state == AttentionState::open && row.asked_of == wanted.asked_of &&
               row.about == wanted.about && row.subject == wanted.subject;
    });
    if (same != asked.end()) {
        ++same->times;
        same->until = wanted.until;
        return;
    }
    if (asked.size() < attention_of_order_max) {
        wanted.number = static_cast<std::uint32_t>(asked.size() + 1);
        asked.push_back(std::move(wanted));
        return;
    }
    auto const oldest = std::ranges::min_element(asked, {}, [](AttentionRow const& row) {
        return std::pair(row.state == AttentionState::open, row.asked_at);
    });
    wanted.number = oldest->number;
    *oldest = std::move(wanted);
}

std::optional<Instant> answer_by(checkout::Advanced const& step) {
    for (auto const& due : step.deadlines)
        if (due.deadline == Deadline::buyer_answer)
            return due.at;
    return std::nullopt;
}

} // namespace

void note_attention(std::vector<AttentionRow>& asked, OrderId order, checkout::Advanced const& step,
                    Instant at) {
    for (auto& row : asked)
        if (row.state == AttentionState::open && settles(row, step)) {
            row.state = AttentionState::settled;
            row.settled_at = at;
        }
    for (auto const& sent : step.commands) {
        AttentionRow row{order,
                         0,
                         AskedOf::operator_,
                         Deadline::buyer_answer,
                         text_of(sent.subject),
                         AttentionState::open,
                         at,
                         std::nullopt,
                         1,
                         std::nullopt};
        if (sent.step == Step::ask_buyer) {
            row.asked_of = AskedOf::buyer;
            row.until = answer_by(step);
        } else if (sent.step == Step::raise_alarm) {
            row.about = static_cast<Deadline>(sent.number);
        } else {
            continue;
        }
        ask(asked, std::move(row));
    }
}

std::uint32_t count_open(std::vector<AttentionRow> const& asked) {
    return static_cast<std::uint32_t>(
        std::ranges::count(asked, AttentionState::open, &AttentionRow::state));
}

std::string_view words_of(AskedOf asked_of, checkout::Deadline about) {
    if (asked_of == AskedOf::buyer)
        return "the card was declined when it was charged again: another way to pay is wanted";
    switch (about) {
    case Deadline::phase_alarm: return "a step takes longer than it should; it is tried again";
    case Deadline::call: return "the payment provider has neither paid nor refused";
    case Deadline::delivery: return "the carrier was silent for 14 days: it counts as delivered";
    case Deadline::inspection: return "returned units are damaged: somebody must decide";
    case Deadline::dispute: return "the bank wanted an answer to a dispute by now";
    case Deadline::review: return "a suspicious order was not reviewed within 48 hours";
    case Deadline::pay_by:
    case Deadline::resolve_by:
    case Deadline::ship_by:
    case Deadline::backorder_by:
    case Deadline::renew:
    case Deadline::buyer_answer:
    case Deadline::return_by:
    case Deadline::edit:
    case Deadline::complete: return "a deadline passed that the process cannot answer alone";
    }
    KONTOR_UNREACHABLE();
}

namespace {

std::vector<AttentionRow> asked_about(AttentionTables& rows, OrderId order) {
    std::vector<AttentionRow> asked;
    auto const* const sum = rows.sums.find({order});
    for (std::uint32_t n = 1; sum != nullptr && n <= sum->asked; ++n)
        if (auto const* const row = rows.asked.find({order, n}))
            asked.push_back(*row);
    return asked;
}

/// One that is at rest has no row, and is known by having gone a step before.
void move_count(AttentionTables& rows, std::optional<SagaRow> const& before,
                std::optional<SagaRow> const& after, Recorded<checkout::Advanced> const& it) {
    if (before)
        --rows.counts.put({before->phase}).open;
    else if (it.version > 1)
        --rows.counts.put({it.event.from}).at_rest;
    if (after)
        ++rows.counts.put({after->phase}).open;
    else
        ++rows.counts.put({it.event.to}).at_rest;
}

void move_saga(AttentionTables& rows, OrderId order, Recorded<checkout::Advanced> const& it) {
    auto const* const known = rows.sagas.find({order});
    auto const before = known == nullptr ? std::nullopt : std::optional(*known);
    auto const after = after_step(before, it);
    if (after)
        rows.sagas.put({order}) = *after;
    else if (before)
        rows.sagas.remove({order});
    move_count(rows, before, after, it);
}

} // namespace

void project(AttentionTables& rows, Recorded<checkout::Advanced> const& it) {
    OrderId const order(it.stream.id());
    move_saga(rows, order, it);
    auto const before = asked_about(rows, order);
    auto after = before;
    note_attention(after, order, it.event, it.occurred_at);
    if (after == before)
        return;
    for (std::size_t i = 0; i < after.size(); ++i)
        if (i >= before.size() || after[i] != before[i])
            rows.asked.put({order, after[i].number}) = after[i];
    auto& sum = rows.sums.put({order});
    sum.asked = static_cast<std::uint32_t>(after.size());
    sum.open = count_open(after);
}

Attention::Attention(std::size_t at_hand_max)
    : rows_(at_hand_max), tables_{&rows_.asked, &rows_.sums, &rows_.sagas, &rows_.counts},
      shape_(projections::model_shape(name, version, tables_)) {}

Result<void> Attention::project(ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit) {
    if (event.stream.category() != StreamCategory::checkout)
        return {};
    return projections::project_fact<checkout::Event>(rows_, event, commit);
}

} // namespace kontor::services::views
