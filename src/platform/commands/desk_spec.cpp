#include "platform/commands/desk_agent.hpp"

#include "adapters/memory/event_store.hpp"

#include "tests/support/hand_clock.hpp"
#include "tests/support/passing_store.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace kontor::commands {
namespace {

/// A toy shop: purses that hold coins and never less than none, and a clerk who moves coins between
/// them.
namespace purse {
struct Put {
    std::int64_t coins;
    friend bool operator==(Put const&, Put const&) = default;
};
struct Change {
    std::int64_t coins;
};
enum class Rejection : std::uint8_t { too_few_coins };

struct Fold {
    using State = std::int64_t;
    using Event = Put;
    using Command = Change;
    using Rejection = purse::Rejection;
    static State initial() { return 0; }
    static State evolve(State state, Event const& event) { return state + event.coins; }
    static bool is_terminal(State const&) { return false; }
    static DecisionOf<Event, Rejection> decide(State const& state, Command const& command,
                                               Context const&) {
        if (state + command.coins < 0)
            return unexpected(Rejection::too_few_coins);
        if (command.coins == 0)
            return Events<Event>{};
        return Events<Event>{Put{command.coins}};
    }
};
} // namespace purse

struct Purse {
    using Fold = purse::Fold;
    using Key = Sku;
    static StreamId stream(Key const& key) { return StreamId::product(key); }
    static bool is_at_rest(std::int64_t coins) { return coins == 0; }
    static ports::EventType encode(purse::Put const& event, std::vector<std::uint8_t>& buffer) {
        buffer.push_back(static_cast<std::uint8_t>(event.coins + 100));
        return ports::EventType(1);
    }
    static Result<purse::Put> decode(ports::EventType, std::span<std::uint8_t const> bytes) {
        return purse::Put{bytes[0] - 100};
    }
};

struct Give {
    Sku to;
    std::int64_t coins;
};
struct Move {
    Sku from;
    Sku to;
    std::int64_t coins;
};
/// Gives one coin and lets the same again follow, `times` in all.
struct GiveOften {
    Sku to;
    int times;
};
/// Gives the first a coin now, the second one in a command that follows.
struct GiveToBoth {
    Sku first;
    Sku second;
};

struct ToyShop {
    using Aggregates = boost::mp11::mp_list<Purse>;
    using Work = std::variant<Give, Move, GiveOften, GiveToBoth>;
    using Refusal = purse::Rejection;
    static std::uint16_t problem(Refusal const& refusal) {
        return static_cast<std::uint16_t>(refusal) + 1;
    }

    static bool begins_something(Work const& work) {
        return std::holds_alternative<GiveToBoth>(work);
    }
    static Result<void, Refusal> perform(Turn<ToyShop>& turn, Work const& work) {
        return std::visit([&](auto const& todo) { return perform(turn, todo); }, work);
    }
    static Result<void, Refusal> perform(Turn<ToyShop>& turn, Give const& give) {
        KONTOR_TRY(turn.decide<Purse>(give.to, {give.coins}));
        return {};
    }
    static Result<void, Refusal> perform(Turn<ToyShop>& turn, Move const& move) {
        KONTOR_TRY(turn.decide<Purse>(move.to, {move.coins}));
        KONTOR_TRY(turn.decide<Purse>(move.from, {-move.coins}));
        return {};
    }
    static Result<void, Refusal> perform(Turn<ToyShop>& turn, GiveOften const& give) {
        KONTOR_TRY(turn.decide<Purse>(give.to, {1}));
        if (give.times > 1)
            turn.follow_up(GiveOften{give.to, give.times - 1}, {.step = "again"});
        return {};
    }
    static Result<void, Refusal> perform(Turn<ToyShop>& turn, GiveToBoth const& give) {
        KONTOR_TRY(turn.decide<Purse>(give.first, {1}));
        turn.follow_up(Give{give.second, 1}, {.step = "the other"});
        return {};
    }
};

Sku sku(char const* text) {
    return Sku::parse(text).value();
}

Request<ToyShop::Work> request(std::uint64_t number, ToyShop::Work work) {
    Request<ToyShop::Work> made{CommandId(Id128(1, number)), {}, {}, {}, {}, std::move(work)};
    made.ticket = number;
    return made;
}

class DeskSpec : public ::testing::Test {
protected:
    std::vector<Answer<purse::Rejection>> run(Request<ToyShop::Work> todo) {
        EXPECT_TRUE(desk.take(std::move(todo)));
        EXPECT_TRUE(desk.flush());
        std::vector<Answer<purse::Rejection>> answers;
        desk.collect(answers);
        return answers;
    }

    std::uint64_t version_of(char const* purse) {
        return store.head(StreamId::product(sku(purse))).value().value();
    }

    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    Desk<ToyShop> desk{store};
};

TEST_F(DeskSpec, an_accepted_command_is_answered_with_the_position_of_its_facts) {
    auto const answers = run(request(7, Give{sku("A"), 5}));
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].ticket, 7u);
    EXPECT_EQ(std::get<Accepted>(answers[0].content).position, ports::Position(1));
    EXPECT_EQ(desk.state<Purse>(sku("A")), 5);
}

TEST_F(DeskSpec, a_compound_command_stands_whole_or_not_at_all) {
    run(request(1, Give{sku("A"), 5}));
    auto const refused = run(request(2, Move{sku("A"), sku("B"), 6}));
    EXPECT_EQ(std::get<purse::Rejection>(refused.at(0).content), purse::Rejection::too_few_coins);
    EXPECT_EQ(version_of("B"), 0u);
    EXPECT_EQ(desk.state<Purse>(sku("B")), 0);

    run(request(3, Move{sku("A"), sku("B"), 4}));
    EXPECT_EQ(desk.state<Purse>(sku("A")), 1);
    EXPECT_EQ(desk.state<Purse>(sku("B")), 4);
}

TEST_F(DeskSpec, commands_of_one_batch_see_each_other) {
    EXPECT_TRUE(desk.take(request(1, Give{sku("A"), 5})));
    EXPECT_TRUE(desk.take(request(2, Move{sku("A"), sku("B"), 5})));
    EXPECT_TRUE(desk.take(request(3, Move{sku("A"), sku("B"), 1})));
    EXPECT_TRUE(desk.flush());
    std::vector<Answer<purse::Rejection>> answers;
    desk.collect(answers);
    ASSERT_EQ(answers.size(), 3u);
    EXPECT_TRUE(std::holds_alternative<purse::Rejection>(answers[0].content) ||
                std::holds_alternative<purse::Rejection>(answers[2].content));
    EXPECT_EQ(desk.counters().appends, 1u);
    EXPECT_EQ(desk.state<Purse>(sku("B")), 5);
}

TEST_F(DeskSpec, the_same_key_gets_the_same_answer_and_no_second_effect) {
    auto give = request(1, Give{sku("A"), 5});
    give.fingerprint = Fingerprint{1};
    run(give);
    auto const again = run(give);
    EXPECT_TRUE(std::holds_alternative<Replayed>(again.at(0).content));
    EXPECT_EQ(version_of("A"), 1u);

    give.fingerprint = Fingerprint{2};
    EXPECT_TRUE(std::holds_alternative<KeyReused>(run(give).at(0).content));
}

TEST_F(DeskSpec, a_key_repeated_within_one_batch_has_one_effect) {
    auto give = request(1, Give{sku("A"), 5});
    give.fingerprint = Fingerprint{1};
    EXPECT_TRUE(desk.take(give));
    run(give);
    EXPECT_EQ(version_of("A"), 1u);
}

TEST_F(DeskSpec, a_decided_rejection_is_remembered_too) {
    auto move = request(1, Move{sku("A"), sku("B"), 1});
    move.fingerprint = Fingerprint{1};
    run(move);
    run(request(2, Give{sku("A"), 5}));
    auto const again = run(move);
    EXPECT_EQ(std::get<Replayed>(again.at(0).content).record.problem, 1u);
    EXPECT_EQ(version_of("B"), 0u);
}

TEST_F(DeskSpec, what_the_answer_shows_is_remembered_with_its_version) {
    run(request(1, Give{sku("A"), 5}));
    auto give = request(2, Give{sku("A"), 1});
    give.fingerprint = Fingerprint{1};
    give.shown = Shown{201, StreamId::product(sku("A"))};
    EXPECT_EQ(std::get<Accepted>(run(give).at(0).content).version, ports::StreamVersion(2));
    run(request(3, Give{sku("A"), 1}));
    auto const again = run(give);
    auto const& record = std::get<Replayed>(again.at(0).content).record;
    EXPECT_EQ(record.status, 201);
    EXPECT_EQ(record.stream, StreamId::product(sku("A")));
    EXPECT_EQ(record.version, ports::StreamVersion(2)) << "as it stood when it was answered";
}

TEST_F(DeskSpec, a_repetition_that_changes_nothing_shows_the_version_that_stands) {
    EXPECT_TRUE(desk.take(request(1, Give{sku("A"), 5})));
    auto nothing = request(2, Give{sku("A"), 0});
    nothing.shown = Shown{200, StreamId::product(sku("A"))};
    auto const answers = run(nothing);
    ASSERT_EQ(answers.at(0).ticket, 2u) << "it waits for no append of its own";
    EXPECT_EQ(std::get<Accepted>(answers.at(0).content).version, ports::StreamVersion(1));
}

TEST_F(DeskSpec, what_was_read_before_another_wrote_is_not_written_over) {
    EXPECT_TRUE(desk.take(request(1, Give{sku("A"), 5})));
    auto late = request(2, Give{sku("A"), 1});
    late.expected = ExpectedStream{StreamId::product(sku("A")), ports::StreamVersion(0)};
    late.fingerprint = Fingerprint{1};
    auto const answers = run(late);
    ASSERT_EQ(answers.at(0).ticket, 2u);
    EXPECT_EQ(std::get<VersionDiffers>(answers.at(0).content).current, ports::StreamVersion(1));
    late.expected->version = ports::StreamVersion(1);
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(late).at(0).content)) << "not remembered";
    EXPECT_EQ(desk.state<Purse>(sku("A")), 6);
}

TEST_F(DeskSpec, a_repetition_alone_does_nothing_that_was_not_done) {
    auto give = request(1, Give{sku("A"), 5});
    give.fingerprint = Fingerprint{1};
    give.is_repetition = true;
    auto const unknown = run(give);
    EXPECT_EQ(std::get<Failure>(unknown.at(0).content).kind, FailureKind::not_found);
    EXPECT_EQ(version_of("A"), 0u);
    EXPECT_EQ(desk.counters().failures, 0u) << "nothing failed: somebody only asked";
    give.is_repetition = false;
    run(give);
    give.is_repetition = true;
    EXPECT_TRUE(std::holds_alternative<Replayed>(run(give).at(0).content));
}

TEST_F(DeskSpec, follow_ups_are_commands_of_their_own) {
    run(request(1, GiveOften{sku("A"), 3}));
    EXPECT_EQ(desk.state<Purse>(sku("A")), 3);
    auto const page = store.read_log(ports::Position(0), ports::Limit(10)).value();
    ASSERT_EQ(page.events.size(), 3u);
    EXPECT_NE(page.commit_of(page.events[0]).header.command_id,
              page.commit_of(page.events[1]).header.command_id);
    EXPECT_EQ(page.commit_of(page.events[1]).header.causation_id,
              page.commit_of(page.events[0]).header.command_id.value());
}

TEST_F(DeskSpec, a_command_overtaken_by_another_writer_is_decided_again) {
    run(request(1, Give{sku("A"), 5}));
    Desk<ToyShop> other(store);
    EXPECT_TRUE(other.take(request(2, Give{sku("A"), -4})));
    EXPECT_TRUE(other.flush());

    auto const answers = run(request(3, Give{sku("A"), -4}));
    EXPECT_EQ(std::get<purse::Rejection>(answers.at(0).content), purse::Rejection::too_few_coins);
    EXPECT_EQ(desk.counters().conflicts, 1u);
}

TEST_F(DeskSpec, an_answer_that_saw_the_open_batch_waits_for_it_whoever_else_appends) {
    EXPECT_TRUE(desk.take(request(1, Give{sku("A"), 1})));
    EXPECT_TRUE(desk.take(request(2, Give{sku("A"), -2}))); // refused for what nobody has written
    Desk<ToyShop> other(store);
    EXPECT_TRUE(other.take(request(3, Give{sku("B"), 1})));
    EXPECT_TRUE(other.flush());
    std::vector<Answer<purse::Rejection>> answers;
    desk.collect(answers);
    EXPECT_TRUE(answers.empty()) << "an answer left before the facts that it rests on";
    EXPECT_TRUE(desk.flush());
    desk.collect(answers);
    EXPECT_EQ(answers.size(), 2u);
}

/// A store that can be told how its next reads of one stream end.
class StubbornStore final : public testing::PassingStore {
public:
    using PassingStore::PassingStore;

    void fail(StreamId stream, FailureKind kind) { failing_ = {stream, kind}; }
    void set_room(ports::Room room) { room_ = room; }
    ports::Room room() const override { return room_; }
    void before_append(std::function<void()> todo) { before_append_ = std::move(todo); }
    void heal() {
        failing_.reset();
        before_append_ = nullptr;
    }

    Result<ports::Appended> append(ports::Batch const& batch) override {
        if (before_append_)
            before_append_();
        return store_.append(batch);
    }
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override {
        if (failing_ && failing_->first == stream)
            return unexpected(Failure{failing_->second, "the stream does not answer", "here"});
        return store_.read_stream(stream, from, limit);
    }

private:
    std::optional<std::pair<StreamId, FailureKind>> failing_;
    std::function<void()> before_append_;
    ports::Room room_{ports::Room::ample};
};

class DeskFailureSpec : public DeskSpec {
protected:
    static Request<ToyShop::Work> unanswered(std::uint64_t number, ToyShop::Work work) {
        auto made = request(number, std::move(work));
        made.ticket = 0;
        return made;
    }

    StubbornStore stubborn{store};
    DeskAgent<ToyShop> agent{stubborn};
    DeskClient<ToyShop>& client{agent.add_client()};
};

/// Refuses one id, and knows what is in hand.
struct StrictHand final : ports::Hand {
    bool take(Id128 what) override {
        EXPECT_FALSE(is_full) << "one thing at a time";
        is_full = what != poison;
        taken += is_full ? 1 : 0;
        return is_full;
    }
    void let_go() override { is_full = false; }

    Id128 poison;
    bool is_full{false};
    int taken{0};
};

TEST_F(DeskFailureSpec, what_is_quarantined_is_not_decided_and_all_else_is) {
    StrictHand hand;
    hand.poison = Id128(1, 2);
    desk.name_in(hand);
    EXPECT_TRUE(std::holds_alternative<Accepted>(run(request(1, Give{sku("A"), 5})).at(0).content));
    EXPECT_TRUE(
        std::holds_alternative<Quarantined>(run(request(2, Give{sku("A"), 5})).at(0).content));
    EXPECT_TRUE(std::holds_alternative<purse::Rejection>(
        run(request(3, Give{sku("A"), -50})).at(0).content));
    EXPECT_EQ(desk.state<Purse>(sku("A")), 5);
    EXPECT_EQ(desk.counters().quarantined, 1U);
    EXPECT_EQ(hand.taken, 2);
    EXPECT_FALSE(hand.is_full);
}

TEST_F(DeskFailureSpec, a_follow_up_that_is_quarantined_is_left_out) {
    StrictHand hand;
    desk.name_in(hand);
    run(request(1, GiveToBoth{sku("A"), sku("B")}));
    EXPECT_EQ(desk.state<Purse>(sku("B")), 1);
    // The same command again, and what follows from it has the same id.
    hand.poison = derive_id<CommandId>(CommandId(Id128(1, 2)), "the other").value();
    run(request(2, GiveToBoth{sku("A"), sku("B")}));
    EXPECT_EQ(desk.state<Purse>(sku("A")), 2);
    EXPECT_EQ(desk.state<Purse>(sku("B")), 1);
    EXPECT_TRUE(desk.is_idle());
}

TEST_F(DeskFailureSpec, a_request_that_nobody_waits_for_is_carried_out_once_the_store_answers) {
    stubborn.fail(StreamId::product(sku("A")), FailureKind::unavailable);
    EXPECT_TRUE(client.try_submit(unanswered(1, Give{sku("A"), 5})));
    EXPECT_TRUE(client.try_submit(unanswered(2, Give{sku("B"), 5})));
    for (int round = 0; round < 3; ++round)
        EXPECT_TRUE(agent.do_work({10}));
    EXPECT_FALSE(agent.desk().is_idle());
    EXPECT_EQ(version_of("B"), 0u) << "a later request has overtaken it";

    stubborn.heal();
    for (int round = 0; round < 3; ++round)
        EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(version_of("A"), 1u);
    EXPECT_EQ(version_of("B"), 1u);
    EXPECT_TRUE(agent.desk().is_idle());
}

TEST_F(DeskFailureSpec, with_the_last_room_what_is_open_is_finished_and_nothing_new_begun) {
    auto const ask = [&](std::uint64_t number, ToyShop::Work work) {
        auto asked = request(number, std::move(work));
        asked.fingerprint.emplace();
        EXPECT_TRUE(client.try_submit(std::move(asked)));
        for (int round = 0; round < 3; ++round)
            EXPECT_TRUE(agent.do_work({10}));
        return client.try_answer().value();
    };
    ask(1, GiveToBoth{sku("A"), sku("B")});
    stubborn.set_room(ports::Room::last);
    auto const refused = ask(2, GiveToBoth{sku("A"), sku("B")});
    ASSERT_TRUE(std::holds_alternative<Failure>(refused.content));
    EXPECT_EQ(std::get<Failure>(refused.content).kind, FailureKind::full);
    EXPECT_EQ(version_of("A"), 1u);
    EXPECT_TRUE(std::holds_alternative<Accepted>(ask(3, Give{sku("A"), -1}).content));
    EXPECT_TRUE(std::holds_alternative<Replayed>(ask(1, GiveToBoth{sku("A"), sku("B")}).content))
        << "what was answered before is answered again";
    stubborn.set_room(ports::Room::scarce);
    EXPECT_TRUE(std::holds_alternative<Accepted>(ask(4, GiveToBoth{sku("A"), sku("B")}).content));
}

TEST_F(DeskFailureSpec, streams_of_which_nothing_is_open_are_left_out_by_who_starts) {
    EXPECT_TRUE(client.try_submit(unanswered(1, Give{sku("A"), 5})));
    EXPECT_TRUE(client.try_submit(unanswered(2, Give{sku("B"), 5})));
    EXPECT_TRUE(client.try_submit(unanswered(3, Give{sku("A"), -5})));
    EXPECT_TRUE(agent.do_work({10}));
    auto const open = store.read_open(ports::Position(0), ports::Position(0), ports::Limit(10));
    ASSERT_TRUE(open);
    ASSERT_EQ(open->page.events.size(), 1u);
    EXPECT_EQ(open->page.events[0].stream, StreamId::product(sku("B")));
}

TEST_F(DeskFailureSpec, a_follow_up_is_not_lost_when_the_store_does_not_answer) {
    stubborn.fail(StreamId::product(sku("B")), FailureKind::timed_out);
    EXPECT_TRUE(client.try_submit(unanswered(1, GiveToBoth{sku("A"), sku("B")})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(version_of("A"), 1u);
    stubborn.heal();
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(version_of("B"), 1u);
}

TEST_F(DeskFailureSpec, a_request_that_was_overtaken_each_time_is_decided_until_it_wins) {
    std::uint64_t number = 100;
    stubborn.before_append([&] {
        Desk<ToyShop> other(store);
        EXPECT_TRUE(other.take(request(++number, Give{sku("A"), 1})));
        EXPECT_TRUE(other.flush());
    });
    EXPECT_TRUE(client.try_submit(unanswered(1, Give{sku("A"), 5})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(version_of("A"), std::uint64_t{redecide_attempts_max});
    stubborn.heal();
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(version_of("A"), std::uint64_t{redecide_attempts_max} + 1);
    EXPECT_EQ(agent.desk().state<Purse>(sku("A")), redecide_attempts_max + 5);
}

TEST_F(DeskFailureSpec, who_waits_for_an_answer_is_told_that_the_store_does_not_answer) {
    stubborn.fail(StreamId::product(sku("A")), FailureKind::unavailable);
    EXPECT_TRUE(client.try_submit(request(1, Give{sku("A"), 5})));
    EXPECT_TRUE(client.try_submit(request(2, Give{sku("B"), 5})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_TRUE(agent.do_work({10}));
    auto const answer = client.try_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(std::get<Failure>(answer->content).kind, FailureKind::unavailable);
    EXPECT_EQ(version_of("B"), 1u);
}

TEST_F(DeskFailureSpec, damage_stops_the_desk_and_says_where_whoever_asked) {
    for (auto const& todo : {unanswered(1, Give{sku("A"), 5}), request(2, Give{sku("A"), 5})}) {
        stubborn.fail(StreamId::product(sku("A")), FailureKind::corrupt);
        EXPECT_TRUE(client.try_submit(Request<ToyShop::Work>(todo)));
        auto const stopped = agent.do_work({10});
        ASSERT_FALSE(stopped) << "ticket " << todo.ticket;
        EXPECT_EQ(stopped.error().kind, FailureKind::corrupt);
        EXPECT_EQ(stopped.error().where, "here");
    }
}

TEST_F(DeskFailureSpec, what_never_passes_stops_the_desk_when_nobody_waits_for_it) {
    stubborn.fail(StreamId::product(sku("A")), FailureKind::unsupported);
    EXPECT_TRUE(client.try_submit(unanswered(1, Give{sku("A"), 5})));
    EXPECT_FALSE(agent.do_work({10}));
}

TEST_F(DeskSpec, clients_get_their_own_answers) {
    DeskAgent<ToyShop> agent(store);
    auto& one = agent.add_client();
    auto& two = agent.add_client();
    EXPECT_TRUE(one.try_submit(request(1, Give{sku("A"), 1})));
    EXPECT_TRUE(two.try_submit(request(1, Give{sku("A"), -5})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_TRUE(agent.do_work({10}));
    auto const first = one.try_answer();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->ticket, 1u);
    EXPECT_TRUE(std::holds_alternative<Accepted>(first->content));
    EXPECT_TRUE(std::holds_alternative<purse::Rejection>(two.try_answer()->content));
    EXPECT_FALSE(one.try_answer());
}

TEST_F(DeskSpec, a_client_is_woken_once_its_answers_are_there_and_only_then) {
    DeskAgent<ToyShop> agent(store);
    auto& one = agent.add_client();
    auto& two = agent.add_client();
    int woken = 0;
    one.wake_with([&woken] { ++woken; });
    EXPECT_TRUE(two.try_submit(request(1, Give{sku("A"), 1})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(woken, 0) << "an answer of somebody else's woke it";
    EXPECT_TRUE(one.try_submit(request(1, Give{sku("B"), 1})));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_TRUE(agent.do_work({10}));
    EXPECT_EQ(woken, 1);
    EXPECT_TRUE(one.try_answer());
}

TEST_F(DeskSpec, a_full_inbox_says_so_and_loses_nothing) {
    DeskAgent<ToyShop> agent(store);
    auto& client = agent.add_client();
    std::uint64_t submitted = 0;
    while (client.try_submit(request(submitted + 1, Give{sku("A"), 1})))
        ++submitted;
    EXPECT_EQ(submitted, inbox_max);
    std::uint64_t answered = 0;
    for (int round = 0; round < 20; ++round) {
        EXPECT_TRUE(agent.do_work({1000}));
        while (client.try_answer())
            ++answered;
    }
    EXPECT_EQ(answered, submitted);
    EXPECT_EQ(version_of("A"), submitted);
}

TEST(DeskShelf, a_state_that_was_put_away_is_folded_again) {
    kontor::testing::HandClock clock;
    memory::EventStore store{clock};
    Desk<ToyShop> desk(store, {}, 4);
    std::uint64_t number = 0;
    for (int round = 0; round < 3; ++round)
        for (char name = 'A'; name <= 'Z'; ++name) {
            EXPECT_TRUE(desk.take(request(++number, Give{sku(std::string(1, name).c_str()), 1})));
            EXPECT_TRUE(desk.flush());
        }
    for (char name = 'A'; name <= 'Z'; ++name)
        EXPECT_EQ(desk.state<Purse>(sku(std::string(1, name).c_str())), 3);
}

} // namespace
} // namespace kontor::commands
