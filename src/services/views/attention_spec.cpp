#include "services/views/attention.hpp"

#include "services/views/queries.hpp"
#include "services/views/upkeep.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::services::views {
namespace {

using checkout::Advanced;
using checkout::Deadline;
using checkout::InputKind;
using checkout::Phase;
using checkout::Sent;
using checkout::Step;

OrderId const order{Id128(7, 1)};
Id128 const payment(7, 2);
Id128 const refund(7, 3);

Advanced step_of(InputKind kind, Phase from = Phase::fulfilling, Phase to = Phase::fulfilling) {
    Advanced step{};
    step.from = from;
    step.to = to;
    step.input.kind = kind;
    return step;
}

Advanced alarm(Deadline about, std::optional<Id128> subject) {
    auto step = step_of(InputKind::deadline_reached);
    step.input.deadline = about;
    step.input.subject = subject;
    step.commands.push_back(Sent{.step = Step::raise_alarm,
                                 .subject = subject,
                                 .number = static_cast<std::uint32_t>(about)});
    return step;
}

Advanced question(Instant until) {
    auto step = step_of(InputKind::declined);
    step.input.subject = payment;
    step.commands.push_back(Sent{.step = Step::ask_buyer, .subject = payment});
    step.deadlines.push_back({Deadline::buyer_answer, {}, until});
    return step;
}

class Asked : public ::testing::Test {
protected:
    void happens(Advanced step, OrderId of = order) {
        clock.pass(Duration::seconds(1));
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands)), of.value(), {}, clock.now(), Actor{}});
        auto const stream = batch.add_stream(StreamId::checkout(of), ports::ExpectedVersion::any());
        batch.add_event(stream, codec::encode(checkout::Event(std::move(step)), batch.buffer()));
        EXPECT_TRUE(log.append(batch));
    }
    std::vector<AttentionRow> list(AttentionFilter const& filter = {}) {
        EXPECT_TRUE(follow_all(log, models));
        auto const reader = models.read(find_model("attention")->make()->shape());
        return list_attention(**reader, filter).value();
    }
    std::vector<AttentionRow> open() { return list({.state = AttentionState::open}); }

    testing::HandClock clock;
    memory::EventStore log{clock};
    memory::ReadModels models;
    std::uint64_t commands{0};
};

TEST_F(Asked, it_is_counted_how_many_orders_stand_in_each_phase) {
    auto const count = [&](Phase phase) {
        EXPECT_TRUE(follow_all(log, models));
        auto const reader = models.read(find_model("attention")->make()->shape());
        auto const counted = count_sagas(**reader).value();
        for (auto const& row : counted)
            if (row.phase == phase)
                return std::pair(row.open, row.at_rest);
        return std::pair(std::uint64_t{0}, std::uint64_t{0});
    };
    using Count = std::pair<std::uint64_t, std::uint64_t>;
    OrderId const other{Id128(8, 1)};
    auto const go = [&](Phase from, Phase to, OrderId of) {
        happens(step_of(InputKind::carried_out, from, to), of);
    };
    go(Phase::none, Phase::reserving, order);
    go(Phase::none, Phase::reserving, other);
    EXPECT_EQ(count(Phase::reserving), (Count{2, 0}));
    go(Phase::reserving, Phase::fulfilling, order);
    EXPECT_EQ(count(Phase::reserving), (Count{1, 0}));
    EXPECT_EQ(count(Phase::fulfilling), (Count{1, 0}));
    go(Phase::fulfilling, Phase::done, order);
    EXPECT_EQ(count(Phase::fulfilling), (Count{0, 0}));
    EXPECT_EQ(count(Phase::done), (Count{0, 1})) << "it waits for nothing";
    go(Phase::done, Phase::settling, order);
    EXPECT_EQ(count(Phase::done), (Count{0, 0})) << "it was opened again";
    EXPECT_EQ(count(Phase::settling), (Count{1, 0}));
    auto late = step_of(InputKind::carried_out, Phase::settling, Phase::done);
    late.deadlines.push_back({Deadline::return_by, {}, clock.now()});
    happens(late);
    EXPECT_EQ(count(Phase::done), (Count{1, 0})) << "it waits for a parcel";
}

TEST_F(Asked, a_buyer_who_must_find_another_way_to_pay_is_told_until_when) {
    auto const until = clock.now() + Duration::hours(48);
    happens(question(until));
    auto const asked = open();
    ASSERT_EQ(asked.size(), 1U);
    EXPECT_EQ(asked[0].asked_of, AskedOf::buyer);
    EXPECT_EQ(asked[0].order_id, order);
    EXPECT_EQ(asked[0].until, until);
    EXPECT_EQ(asked[0].subject->view(), payment.to_string());
    EXPECT_EQ(asked[0].asked_at, clock.now());

    happens(step_of(InputKind::authorised));
    EXPECT_TRUE(open().empty());
    auto const all = list();
    ASSERT_EQ(all.size(), 1U) << "what was asked is not forgotten";
    EXPECT_EQ(all[0].settled_at, clock.now());
}

TEST_F(Asked, a_buyer_who_says_nothing_is_asked_no_more_when_the_time_is_over) {
    happens(question(clock.now() + Duration::hours(48)));
    auto late = step_of(InputKind::deadline_reached);
    late.input.deadline = Deadline::buyer_answer;
    happens(late);
    EXPECT_TRUE(open().empty());
}

TEST_F(Asked, an_operator_sees_a_refund_that_hangs_until_it_is_settled) {
    happens(alarm(Deadline::call, refund));
    happens(alarm(Deadline::call, refund));
    auto asked = open();
    ASSERT_EQ(asked.size(), 1U) << "asked for twice it is one thing";
    EXPECT_EQ(asked[0].asked_of, AskedOf::operator_);
    EXPECT_EQ(asked[0].about, Deadline::call);
    EXPECT_EQ(asked[0].times, 2U);
    happens(step_of(InputKind::delivered));
    EXPECT_EQ(open().size(), 1U) << "something else happened";
    auto settled = step_of(InputKind::refunded);
    settled.input.other = refund;
    happens(settled);
    EXPECT_TRUE(open().empty());
}

TEST_F(Asked, a_step_that_takes_too_long_is_shown_until_the_next_step) {
    auto stuck = alarm(Deadline::phase_alarm, {});
    stuck.from = stuck.to = Phase::confirming;
    happens(stuck);
    EXPECT_EQ(open().size(), 1U);
    happens(step_of(InputKind::order_confirmed, Phase::confirming, Phase::fulfilling));
    EXPECT_TRUE(open().empty());
}

TEST_F(Asked, a_review_that_nobody_made_is_shown_until_it_is_made) {
    happens(alarm(Deadline::review, {}));
    happens(step_of(InputKind::delivered));
    EXPECT_EQ(open().size(), 1U);
    happens(step_of(InputKind::review_cleared));
    EXPECT_TRUE(open().empty());
}

TEST_F(Asked, nothing_is_asked_about_an_order_that_ended) {
    happens(alarm(Deadline::dispute, refund));
    happens(step_of(InputKind::delivered, Phase::settling, Phase::done));
    EXPECT_TRUE(open().empty());
}

TEST_F(Asked, the_newest_orders_come_first_and_one_may_be_asked_for_alone) {
    OrderId const newer{Id128(8, 1)};
    happens(alarm(Deadline::call, refund));
    happens(alarm(Deadline::dispute, refund), newer);
    auto const all = open();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].order_id, newer);
    EXPECT_EQ(list({.order = order}).size(), 1U);
    EXPECT_EQ(list({.after = newer}).size(), 1U);
    EXPECT_EQ(list({.limit = 1}).size(), 1U);
}

TEST_F(Asked, more_than_is_kept_of_an_order_takes_the_place_of_the_oldest) {
    for (std::uint64_t n = 0; n < attention_of_order_max + 3; ++n)
        happens(alarm(Deadline::call, Id128(9, n)));
    auto const asked = list();
    EXPECT_EQ(asked.size(), attention_of_order_max);
    EXPECT_EQ(asked.front().subject->view(), Id128(9, attention_of_order_max).to_string());
}

TEST(AttentionWords, every_deadline_says_what_is_wanted) {
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Deadline>>(
        [](auto deadline) { EXPECT_FALSE(words_of(AskedOf::operator_, deadline.value).empty()); });
    EXPECT_NE(words_of(AskedOf::buyer, Deadline::buyer_answer).find("another way to pay"),
              std::string_view::npos);
}

} // namespace
} // namespace kontor::services::views
