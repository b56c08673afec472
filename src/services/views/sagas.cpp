#include "services/views/sagas.hpp"

#include "domain/checkout/table.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

/// The same deadline and subject replace; without an instant it is lifted.
void set_wait(std::vector<SagaWait>& waits, checkout::Due const& due) {
    auto const subject = due.subject.value_or(Id128());
    std::erase_if(waits, [&](SagaWait const& wait) {
        return wait.deadline == due.deadline && wait.subject == subject;
    });
    if (due.at)
        waits.push_back({due.deadline, *due.at, subject});
}

} // namespace

std::optional<SagaRow> after_step(std::optional<SagaRow> before,
                                  Recorded<checkout::Advanced> const& step) {
    auto const& event = step.event;
    SagaRow row{};
    if (before)
        row = *std::move(before);
    else
        row.phase_since = step.occurred_at;
    row.order_id = OrderId(step.stream.id());
    row.version = step.version;
    row.updated_at = step.occurred_at;
    if (event.input.kind == checkout::InputKind::deadline_reached && event.input.deadline)
        set_wait(row.waits, {*event.input.deadline, event.input.subject, {}});
    if (event.to != event.from) {
        row.phase_since = step.occurred_at;
        std::erase_if(row.waits, [](SagaWait const& wait) {
            return checkout::wait_of(wait.deadline).ends_with_phase;
        });
    }
    row.phase = event.to;
    for (auto const& due : event.deadlines)
        set_wait(row.waits, due);
    if (row.phase == checkout::Phase::done && row.waits.empty())
        return std::nullopt;
    auto const nearest = std::ranges::min_element(row.waits, {}, &SagaWait::at);
    row.due_at = nearest == row.waits.end() ? std::nullopt : std::optional(nearest->at);
    return row;
}

} // namespace kontor::services::views
