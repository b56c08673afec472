#include "services/gateway/codes.hpp"

#include "domain/checkout/checkout.hpp"
#include "domain/checkout/graph.hpp"
#include "domain/checkout/table.hpp"
#include "domain/order/order.hpp"
#include "platform/commands/turn.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/operations_answers.hpp"
#include "services/gateway/order_answers.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/writes.hpp"
#include "services/views/queries.hpp"

#include <algorithm>
#include <memory>

namespace kontor::services::gateway {
namespace {

constexpr std::size_t steps_shown_max = 500;

AttentionAnswer answer_of(views::AttentionRow const& row) {
    return {row.order_id,
            row.number,
            row.asked_of,
            row.about,
            std::string(views::words_of(row.asked_of, row.about)),
            row.state,
            row.asked_at,
            row.until,
            row.times,
            row.settled_at};
}

SagaSentAnswer answer_of(checkout::Sent const& sent) {
    auto const row =
        std::ranges::find(checkout::compensations, sent.step, &checkout::Compensation::step);
    return {sent.step, sent.subject, sent.amount,
            row == checkout::compensations.end() ? std::nullopt : row->by};
}

SagaSummaryAnswer answer_of(views::SagaRow const& row, Instant now) {
    SagaSummaryAnswer answer{row.order_id,
                             row.version,
                             row.phase,
                             row.phase_since,
                             row.updated_at,
                             row.due_at && *row.due_at < now,
                             {}};
    for (auto const& wait : row.waits)
        answer.waits_for.push_back({wait.deadline, wait.at});
    return answer;
}

struct SeenProcess {
    checkout::State state;
    ports::StreamVersion version;
};

/// Behind a pointer: it is large.   Errors: unknown_order, unavailable, corrupt.
Result<std::unique_ptr<SeenProcess>, Trouble> process_of(Parts& parts, OrderId id) {
    auto folded = commands::fold_stream<Checkouts>(parts.log, id);
    if (!folded)
        return unexpected(trouble_of(folded.error()));
    if (folded->second.value() == 0)
        return unexpected(trouble("unknown_order"));
    return std::make_unique<SeenProcess>(std::move(folded->first), folded->second);
}

/// The last of them, oldest first.   Errors: unavailable, corrupt.
Result<std::vector<SagaStepAnswer>> steps_of(ports::EventStore& log, OrderId id,
                                             ports::StreamVersion last) {
    std::vector<SagaStepAnswer> steps;
    auto const first = last.value() > steps_shown_max ? last.value() - steps_shown_max + 1 : 1;
    KONTOR_TRY(auto const page, log.read_stream(StreamId::checkout(id), ports::StreamVersion(first),
                                                ports::Limit(steps_shown_max)));
    for (auto const& event : page.events) {
        if (event.version > last)
            break;
        KONTOR_TRY(auto const fact, Checkouts::decode(event.type, event.payload));
        auto const& step = std::get<checkout::Advanced>(fact);
        SagaStepAnswer answer{event.version.value(),
                              page.commit_of(event).header.occurred_at,
                              step.from,
                              step.to,
                              step.input.kind,
                              {}};
        for (auto const& sent : step.commands)
            answer.sent.push_back(answer_of(sent));
        steps.push_back(std::move(answer));
    }
    return steps;
}

} // namespace

namespace code {

Served show_saga(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<OrderId>(asked, 0, "unknown_order"));
    KONTOR_TRY(auto const process, process_of(parts, id));
    auto const& state = process->state;
    SagaAnswer answer{id,
                      process->version.value(),
                      state.phase,
                      state.in_review,
                      checkout::is_terminal(state),
                      {},
                      {},
                      {},
                      {}};
    for (auto const& waiting : state.waiting)
        answer.waits_for.push_back({waiting.deadline, waiting.at});
    for (auto const& parcel : state.parcels)
        answer.shipments.push_back(parcel.id);
    for (auto const& reservation : state.reservations)
        answer.reservations.push_back(reservation.id);
    KONTOR_TRY(answer.steps, or_trouble(steps_of(parts.log, id, process->version)));
    return Answer(json_reply(200, answer));
}

Served list_sagas(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::SagaFilter filter;
    KONTOR_TRY(filter.order, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(filter.phase, enum_parameter<checkout::Phase>(asked, "phase"));
    KONTOR_TRY(auto const overdue, truth_parameter(asked, "overdue"));
    if (overdue.value_or(false))
        filter.due_before = asked.now;
    KONTOR_TRY(filter.after, key_after<OrderId>(page));
    filter.limit = page.limit + 1;
    KONTOR_TRY(auto rows, or_trouble(views::list_sagas(*asked.rows, filter)));
    PageText text;
    text.has_more = cut_to(rows, page.limit);
    for (auto const& row : rows) {
        add_item(text.items, answer_of(row, asked.now));
        text.last = row.order_id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

Served show_saga_graph(Parts&, Asked& asked) {
    KONTOR_TRY(auto const counts, or_trouble(views::count_sagas(*asked.rows)));
    SagaGraphAnswer answer{};
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<checkout::Phase>>(
        [&](auto each) {
            auto const row = std::ranges::find(counts, each.value, &views::SagaCountRow::phase);
            auto const count = row == counts.end() ? views::SagaCountRow{each.value, 0, 0} : *row;
            auto& phase = answer.phases.emplace_back(SagaPhaseAnswer{each.value, count.open, {}});
            if (each.value == checkout::Phase::done)
                phase.at_rest = count.at_rest;
        });
    for (auto const& edge : checkout::phase_edges)
        answer.edges.push_back({edge.from, edge.to, std::string(edge.when)});
    return Answer(json_reply(200, answer));
}

Served show_compensation(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const id, path_value<OrderId>(asked, 0, "unknown_order"));
    KONTOR_TRY(auto process, process_of(parts, id));
    KONTOR_TRY(auto const order, or_trouble(commands::fold_stream<Orders>(parts.log, id)));
    Context const context{asked.now, CommandId(), id.value(), {}};
    auto const facts = order::Decider::decide(
        order.first, order::Cancel{"looked at", asked.actor().kind}, context);
    if (!facts) {
        auto refused = trouble_of(Refusal(facts.error()));
        refused.members.clear(); // which units it is about says who asks for it
        return unexpected(std::move(refused));
    }
    SagaPlanAnswer answer{id, process->state.phase, {}};
    for (auto const& fact : *facts) {
        auto const outputs =
            checkout::Process::advance(process->state, checkout::OrderFact{fact}, context);
        for (auto const& event : outputs.events)
            for (auto const& sent : std::get<checkout::Advanced>(event).commands)
                answer.sends.push_back(answer_of(sent));
    }
    answer.phase = process->state.phase;
    return Answer(json_reply(200, answer));
}

Served compensate_saga(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<WithReason>(asked));
    KONTOR_TRY(auto const id, order_in_path(parts, asked));
    return order_write(asked, id, order::Cancel{body.reason.value, asked.actor().kind}, 202);
}

Served retry_saga(Parts& parts, Asked& asked) {
    KONTOR_TRY(body_of<WithReason>(asked));
    KONTOR_TRY(auto const id, path_value<OrderId>(asked, 0, "unknown_order"));
    KONTOR_TRY(auto const process, process_of(parts, id));
    for (auto const& payment : process->state.payments)
        if (checkout::waits_for_call(process->state, payment.id))
            return payment_write(asked, {payment.id, id, checkout::MoneyMove::retry, {}});
    return unexpected(trouble("saga_not_waiting"));
}

Served list_attention(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    views::AttentionFilter filter;
    KONTOR_TRY(filter.order, parsed_parameter<OrderId>(asked, "order"));
    KONTOR_TRY(filter.state, enum_parameter<views::AttentionState>(asked, "state"));
    KONTOR_TRY(filter.after, key_after<OrderId>(page));
    filter.limit = page.limit;
    KONTOR_TRY(auto const rows, or_trouble(views::list_attention(*asked.rows, filter)));
    PageText text;
    // A page has all that belongs to its last order; whether more follow, the next one says.
    text.has_more = rows.size() >= page.limit;
    for (auto const& row : rows) {
        add_item(text.items, answer_of(row));
        text.last = row.order_id.to_string();
    }
    return Answer(page_reply(parts, asked, text));
}

} // namespace code
} // namespace kontor::services::gateway
