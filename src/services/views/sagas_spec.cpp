#include "services/views/sagas.hpp"

#include "domain/checkout/table.hpp"

#include <gtest/gtest.h>

namespace kontor::services::views {
namespace {

using checkout::Advanced;
using checkout::Deadline;
using checkout::InputKind;
using checkout::Phase;

OrderId const order{Id128(7, 1)};
Id128 const payment(7, 2);
Instant const start = Instant::from_unix_microseconds(1'000'000);

struct Steps {
    std::optional<SagaRow> row{};
    std::uint64_t count{0};

    void go(Phase from, Phase to, std::vector<checkout::Due> due = {},
            std::optional<Deadline> reached = {}) {
        Advanced step{};
        step.from = from;
        step.to = to;
        step.input.kind = reached ? InputKind::deadline_reached : InputKind::order_placed;
        step.input.deadline = reached;
        step.deadlines = std::move(due);
        ++count;
        row = after_step(std::move(row),
                         {step, count, count, at(count), {}, {}, StreamId::checkout(order)});
    }
    static Instant at(std::uint64_t second) {
        return start + Duration::seconds(static_cast<std::int64_t>(second));
    }
};

TEST(Sagas, a_process_waits_for_the_nearest_of_what_it_set) {
    Steps steps;
    steps.go(
        Phase::none, Phase::reserving,
        {{Deadline::phase_alarm, {}, Steps::at(60)}, {Deadline::call, payment, Steps::at(30)}});
    ASSERT_TRUE(steps.row);
    EXPECT_EQ(steps.row->due_at, Steps::at(30));
    EXPECT_EQ(steps.row->waits.size(), 2U);
    steps.go(Phase::reserving, Phase::reserving, {{Deadline::call, payment, {}}});
    EXPECT_EQ(steps.row->due_at, Steps::at(60));
    steps.go(Phase::reserving, Phase::reserving, {{Deadline::phase_alarm, {}, Steps::at(90)}});
    EXPECT_EQ(steps.row->due_at, Steps::at(90)) << "the same one is set anew";
    EXPECT_EQ(steps.row->waits.size(), 1U);
}

TEST(Sagas, what_ends_with_a_phase_is_waited_for_no_more) {
    Steps steps;
    steps.go(
        Phase::none, Phase::reserving,
        {{Deadline::phase_alarm, {}, Steps::at(60)}, {Deadline::call, payment, Steps::at(70)}});
    EXPECT_EQ(steps.row->phase_since, Steps::at(1));
    steps.go(Phase::reserving, Phase::authorising);
    EXPECT_EQ(steps.row->phase_since, Steps::at(2));
    ASSERT_EQ(steps.row->waits.size(), 1U);
    EXPECT_EQ(steps.row->waits[0].deadline, Deadline::call);
}

TEST(Sagas, a_deadline_that_was_reached_is_waited_for_no_more) {
    Steps steps;
    steps.go(Phase::none, Phase::fulfilling, {{Deadline::ship_by, {}, Steps::at(60)}});
    steps.go(Phase::fulfilling, Phase::fulfilling, {}, Deadline::ship_by);
    EXPECT_TRUE(steps.row->waits.empty());
    EXPECT_FALSE(steps.row->due_at);
}

TEST(Sagas, a_process_at_rest_has_no_row_until_something_opens_it_again) {
    Steps steps;
    steps.go(Phase::none, Phase::done, {{Deadline::return_by, {}, Steps::at(60)}});
    EXPECT_TRUE(steps.row) << "something may still come";
    steps.go(Phase::done, Phase::done, {{Deadline::return_by, {}, {}}});
    EXPECT_FALSE(steps.row);
    steps.go(Phase::done, Phase::settling);
    ASSERT_TRUE(steps.row);
    EXPECT_EQ(steps.row->version, 3U);
}

} // namespace
} // namespace kontor::services::views
