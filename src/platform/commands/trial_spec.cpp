#include "platform/commands/desk.hpp"

#include "adapters/memory/event_store.hpp"

#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

namespace kontor::commands {
namespace {

/// A lamp that goes on or off, and a process that counts how often: it goes its step at once.
namespace lamp {
struct Switched {
    std::uint8_t on;
};
struct Switch {
    bool on;
};
enum class Rejection : std::uint8_t { as_it_was };
struct Fold {
    using State = bool;
    using Event = Switched;
    using Command = Switch;
    using Rejection = lamp::Rejection;
    static State initial() { return false; }
    static State evolve(State, Event const& event) { return event.on != 0; }
    static bool is_terminal(State) { return false; }
    static DecisionOf<Event, Rejection> decide(State state, Command const& command,
                                               Context const&) {
        if (state == command.on)
            return unexpected(Rejection::as_it_was);
        return Events<Event>{Switched{std::uint8_t{command.on}}};
    }
};
struct Counted {
    std::uint8_t now;
};
struct Outputs {
    Events<Counted> events;
    std::vector<int> commands;
};
struct Counting {
    using State = std::uint8_t;
    using Event = Counted;
    static State initial() { return 0; }
    static State evolve(State, Event const& event) { return event.now; }
    static bool is_terminal(State) { return false; }
    static Outputs advance(State& state, Switched const&, Context const&) {
        return {{Counted{++state}}, {}};
    }
};
} // namespace lamp

/// Kept as one byte.
template <class OfFold, class Event, std::uint16_t type>
struct OfLamp {
    using Fold = OfFold;
    using Key = Sku;
    static ports::EventType encode(Event const& event, std::vector<std::uint8_t>& buffer) {
        auto const& [value] = event;
        buffer.push_back(value);
        return ports::EventType(type);
    }
    static Result<Event> decode(ports::EventType, std::span<std::uint8_t const> bytes) {
        return Event{bytes[0]};
    }
};
struct Lamps : OfLamp<lamp::Fold, lamp::Switched, 1> {
    static StreamId stream(Sku const& key) { return StreamId::product(key); }
};
struct Counts : OfLamp<lamp::Counting, lamp::Counted, 2> {
    static StreamId stream(Sku const& key) {
        return StreamId::of(StreamCategory::process, key.view());
    }
};

struct LampShop {
    using Aggregates = boost::mp11::mp_list<Lamps, Counts>;
    using Work = lamp::Switch;
    using Refusal = lamp::Rejection;
    static std::uint16_t problem(Refusal const&) { return 1; }

    static Sku key() { return Sku::parse("LAMP").value(); }
    Result<void, Refusal> perform(Turn<LampShop>& turn, Work const& work) const {
        KONTOR_TRY(auto const* const events, turn.decide<Lamps>(key(), work));
        turn.advance<Counts>(key(), events->front());
        if (work.on)
            turn.follow_up(Work{false}, {.step = "off again"});
        return {};
    }
    Result<void> prepare(Turn<LampShop>&) const {
        if (*keys_are_away)
            return unexpected(Failure{FailureKind::unavailable, "the keys are away"});
        return {};
    }
    bool const* keys_are_away;
};

class TrialSpec : public ::testing::Test {
protected:
    using LampAnswer = Answer<lamp::Rejection>;

    LampAnswer run(std::uint64_t number, bool on, bool is_trial = false) {
        Request<lamp::Switch> request{CommandId(Id128(1, number)), {}, {}, {}, {}, {on}};
        request.ticket = number;
        request.is_trial = is_trial;
        request.fingerprint = Fingerprint{};
        EXPECT_TRUE(desk.take(std::move(request)));
        EXPECT_TRUE(desk.flush());
        std::vector<LampAnswer> answers;
        desk.collect(answers);
        return answers.at(0);
    }
    std::uint64_t facts() const { return store.durable().position.value(); }

    bool keys_are_away{false};
    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    Desk<LampShop> desk{store, LampShop{&keys_are_away}};
};

TEST_F(TrialSpec, a_trial_says_what_would_be_written_and_writes_nothing) {
    auto const answer = run(1, true, true);
    auto const& tried = std::get<Tried>(answer.content);
    ASSERT_EQ(tried.facts->size(), 2U);
    EXPECT_EQ(tried.facts->at(0).stream, StreamId::product(LampShop::key()));
    EXPECT_EQ(tried.facts->at(0).payload, std::vector<std::uint8_t>{1});
    EXPECT_EQ(tried.facts->at(1).type, ports::EventType(2));
    EXPECT_EQ(tried.follow_ups, 1U);
    EXPECT_EQ(facts(), 0U);
    EXPECT_TRUE(desk.is_idle()) << "nothing follows";
    EXPECT_EQ(desk.state<Lamps>(LampShop::key()), false);
    EXPECT_EQ(desk.state<Counts>(LampShop::key()), 0);
}

TEST_F(TrialSpec, what_was_tried_can_be_done_and_is_then_remembered) {
    run(1, true, true);
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(1, true).content));
    EXPECT_EQ(facts(), 4U) << "on, and off again, each counted";
    EXPECT_EQ(desk.state<Counts>(LampShop::key()), 2);
    EXPECT_TRUE(std::holds_alternative<Replayed>(run(1, true, true).content));
}

TEST_F(TrialSpec, a_refused_trial_is_not_remembered) {
    EXPECT_TRUE(std::holds_alternative<lamp::Rejection>(run(1, false, true).content));
    EXPECT_TRUE(std::holds_alternative<lamp::Rejection>(run(1, false, true).content));
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(2, true).content));
}

TEST_F(TrialSpec, a_step_whose_facts_could_not_be_prepared_is_taken_once) {
    keys_are_away = true;
    EXPECT_TRUE(std::holds_alternative<Failure>(run(1, true).content));
    EXPECT_EQ(desk.state<Counts>(LampShop::key()), 0) << "the log knows of no step";
    keys_are_away = false;
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(1, true).content));
    EXPECT_EQ(desk.state<Counts>(LampShop::key()), 2);
}

} // namespace
} // namespace kontor::commands
