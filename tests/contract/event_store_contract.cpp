#include "tests/contract/event_store_contract.hpp"

#include "tests/contract/event_store_words.hpp"
#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::contract {
namespace {

using ports::ExpectedVersion;
using ports::Limit;
using ports::Position;
using ports::StreamVersion;
using Texts = std::vector<std::string>;

ports::Appended append(StoreUnderTest& under_test, ports::Batch const& batch) {
    auto appended = under_test.store().append(batch);
    EXPECT_TRUE(appended) << to_string(appended.error());
    return *appended;
}

Texts stream_of(StoreUnderTest& under_test, StreamId const& stream, std::uint64_t from = 1,
                std::size_t limit = 100) {
    auto page = under_test.store().read_stream(stream, StreamVersion(from), Limit(limit));
    EXPECT_TRUE(page) << to_string(page.error());
    return payloads(*page);
}

Texts log_of(StoreUnderTest& under_test, std::uint64_t after = 0, std::size_t limit = 100) {
    auto page = under_test.store().read_log(Position(after), Limit(limit));
    EXPECT_TRUE(page) << to_string(page.error());
    return payloads(*page);
}

void an_empty_store_answers_with_nothing(StoreUnderTest& it) {
    EXPECT_EQ(it.store().durable(), (ports::Durable{}));
    EXPECT_EQ(log_of(it), Texts{});
    EXPECT_EQ(stream_of(it, stock("A")), Texts{});
    EXPECT_EQ(it.store().head(stock("A")).value(), StreamVersion(0));
    EXPECT_EQ(it.store().find_outcome(command(1)).value(), std::nullopt);
}

void what_was_appended_is_read_back_whole(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "one"}, {stock("B"), "two"}, {stock("A"), ""}}));
    it.settle();
    auto const page = it.store().read_log(Position(0), Limit(10)).value();
    auto const all = seen(page);
    ASSERT_EQ(all.size(), 3u);
    EXPECT_EQ(all[0], (Seen{1, "stock-main.A", 1, 13, 0, header_of(1), "one"}));
    EXPECT_EQ(all[1], (Seen{2, "stock-main.B", 1, 13, 1, header_of(1), "two"}));
    EXPECT_EQ(all[2], (Seen{3, "stock-main.A", 2, 10, 2, header_of(1), ""}));
    auto const a = seen(it.store().read_stream(stock("A"), StreamVersion(1), Limit(10)).value());
    EXPECT_EQ(a, (std::vector<Seen>{all[0], all[2]}));
}

void append_says_where_each_commit_stands(StoreUnderTest& it) {
    ports::Batch batch;
    add_commit(batch, 1, {{stock("A"), "1"}, {stock("A"), "2"}});
    add_commit(batch, 2, {});
    add_commit(batch, 3, {{stock("B"), "3"}});
    auto const appended = append(it, batch);
    EXPECT_EQ(appended.append, ports::AppendNumber(1));
    ASSERT_EQ(appended.outcomes.size(), 3u);
    EXPECT_EQ(appended.outcomes[0], (ports::CommitOutcome{true, Position(2)}));
    EXPECT_EQ(appended.outcomes[1], (ports::CommitOutcome{true, Position(2)}));
    EXPECT_EQ(appended.outcomes[2], (ports::CommitOutcome{true, Position(3)}));
    EXPECT_EQ(append(it, commit_of(4, {{stock("B"), "4"}})).append, ports::AppendNumber(2));
    it.settle();
    EXPECT_EQ(it.store().durable(), (ports::Durable{ports::AppendNumber(2), Position(4)}));
}

void expected_versions_arbitrate(StoreUnderTest& it) {
    auto const accepted = [&](ExpectedVersion expected) {
        return append(it, commit_of(9, {{stock("A"), "x"}}, expected)).outcomes[0].accepted;
    };
    EXPECT_FALSE(accepted(ExpectedVersion::stream_exists()));
    EXPECT_FALSE(accepted(ExpectedVersion::exactly(StreamVersion(1))));
    EXPECT_TRUE(accepted(ExpectedVersion::no_stream()));
    EXPECT_FALSE(accepted(ExpectedVersion::no_stream()));
    EXPECT_FALSE(accepted(ExpectedVersion::exactly(StreamVersion(0))));
    EXPECT_TRUE(accepted(ExpectedVersion::exactly(StreamVersion(1))));
    EXPECT_FALSE(accepted(ExpectedVersion::exactly(StreamVersion(1))));
    EXPECT_TRUE(accepted(ExpectedVersion::stream_exists()));
    EXPECT_TRUE(accepted(ExpectedVersion::any()));
    EXPECT_EQ(it.store().head(stock("A")).value(), StreamVersion(4));
}

void a_refused_commit_is_refused_alone(StoreUnderTest& it) {
    ports::Batch batch;
    add_commit(batch, 1, {{stock("A"), "kept"}}, ExpectedVersion::no_stream());
    batch.begin_commit(header_of(2));
    auto const b = batch.add_stream(stock("B"), ExpectedVersion::any());
    auto const a = batch.add_stream(stock("A"), ExpectedVersion::no_stream());
    for (auto const stream : {b, a}) {
        batch.buffer().push_back('!');
        batch.add_event(stream, EventType(1));
    }
    batch.set_outcome(outcome(200));
    add_commit(batch, 3, {{stock("B"), "after"}}, ExpectedVersion::no_stream());
    auto const outcomes = append(it, batch).outcomes;
    EXPECT_TRUE(outcomes[0].accepted);
    EXPECT_FALSE(outcomes[1].accepted);
    EXPECT_TRUE(outcomes[2].accepted);
    EXPECT_EQ(outcomes[2].last, Position(2));
    it.settle();
    EXPECT_EQ(log_of(it), (Texts{"kept", "after"}));
    EXPECT_EQ(it.store().find_outcome(command(2)).value(), std::nullopt);
    EXPECT_EQ(it.store().head(stock("B")).value(), StreamVersion(1));
}

void what_was_decided_on_a_refused_commit_is_refused(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "1"}}));
    ports::Batch batch;
    add_commit(batch, 2, {{stock("A"), "stale"}}, ExpectedVersion::exactly(StreamVersion(0)));
    add_commit(batch, 3, {{stock("A"), "on it"}}, ExpectedVersion::exactly(StreamVersion(1)));
    add_commit(batch, 4, {{stock("B"), "beside"}}, ExpectedVersion::exactly(StreamVersion(0)));
    auto const outcomes = append(it, batch).outcomes;
    EXPECT_FALSE(outcomes[0].accepted);
    EXPECT_FALSE(outcomes[1].accepted);
    EXPECT_TRUE(outcomes[2].accepted);
    it.settle();
    EXPECT_EQ(log_of(it), (Texts{"1", "beside"}));
}

void a_stream_that_is_only_expected_need_not_grow(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "1"}}));
    ports::Batch batch;
    batch.begin_commit(header_of(2));
    batch.add_stream(stock("A"), ExpectedVersion::exactly(StreamVersion(1)));
    auto const b = batch.add_stream(stock("B"), ExpectedVersion::no_stream());
    batch.buffer().push_back('2');
    batch.add_event(b, EventType(1));
    EXPECT_TRUE(append(it, batch).outcomes[0].accepted);
    EXPECT_EQ(it.store().head(stock("A")).value(), StreamVersion(1));
    EXPECT_EQ(stream_of(it, stock("A")), Texts{"1"});
}

void the_desk_reads_what_it_has_accepted_before_it_is_durable(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "1"}}));
    append(it, commit_of(2, {{stock("A"), "2"}}));
    EXPECT_EQ(stream_of(it, stock("A")), (Texts{"1", "2"}));
    EXPECT_EQ(it.store().head(stock("A")).value(), StreamVersion(2));
}

void pages_of_a_stream_join_without_gap(StoreUnderTest& it) {
    for (std::uint64_t n = 1; n <= 7; ++n)
        append(it, commit_of(n, {{stock("A"), std::to_string(n)},
                                 {stock("B"), "b"},
                                 {stock("A"), std::to_string(n) + "+"}}));
    Texts all;
    for (std::uint64_t from = 1;; from += 3) {
        auto const some = stream_of(it, stock("A"), from, 3);
        EXPECT_LE(some.size(), 3u);
        if (some.empty())
            break;
        all.insert(all.end(), some.begin(), some.end());
    }
    EXPECT_EQ(all,
              (Texts{"1", "1+", "2", "2+", "3", "3+", "4", "4+", "5", "5+", "6", "6+", "7", "7+"}));
    EXPECT_EQ(stream_of(it, stock("A"), 15), Texts{});
    EXPECT_EQ(stream_of(it, stock("A"), 0, 1), Texts{"1"});
}

void pages_of_the_log_end_at_whole_commits(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "1"}, {stock("A"), "2"}}));
    append(it, commit_of(2, {{stock("A"), "3"}, {stock("A"), "4"}}));
    it.settle();
    EXPECT_EQ(log_of(it, 0, 3), (Texts{"1", "2"}));
    EXPECT_EQ(log_of(it, 2, 3), (Texts{"3", "4"}));
    EXPECT_EQ(log_of(it, 4, 3), Texts{});
    EXPECT_EQ(log_of(it, 99, 3), Texts{});
}

void a_commit_beyond_the_limit_is_cut(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), "1"}, {stock("A"), "2"}, {stock("A"), "3"}}));
    it.settle();
    auto const page = it.store().read_log(Position(0), Limit(2)).value();
    EXPECT_EQ(payloads(page), (Texts{"1", "2"}));
    auto const rest = it.store().read_log(Position(2), Limit(2)).value();
    ASSERT_EQ(payloads(rest), Texts{"3"});
    EXPECT_EQ(rest.events[0].index_in_command, 2u);
    EXPECT_EQ(rest.commit_of(rest.events[0]).header, header_of(1));
}

void outcomes_are_remembered_with_and_without_events(StoreUnderTest& it) {
    ports::Batch batch;
    add_commit(batch, 1, {{stock("A"), "1"}});
    batch.set_outcome(outcome(201));
    add_commit(batch, 2, {});
    batch.set_outcome(outcome(409));
    append(it, batch);
    EXPECT_EQ(it.store().find_outcome(command(1)).value(), outcome(201));
    EXPECT_EQ(it.store().find_outcome(command(2)).value(), outcome(409));
    EXPECT_EQ(it.store().find_outcome(command(3)).value(), std::nullopt);
    it.settle();
    EXPECT_EQ(it.store().durable(), (ports::Durable{ports::AppendNumber(1), Position(1)}));
}

void an_outcome_is_remembered_for_a_week(StoreUnderTest& it) {
    auto const remembers = [&](std::uint64_t number) {
        return it.store().find_outcome(command(number)).value().has_value();
    };
    auto const decide = [&](std::uint64_t number) {
        auto batch = commit_of(number, {{stock("A"), std::string(20'000, 'x')}});
        batch.set_outcome(outcome(200));
        append(it, batch);
        it.settle();
    };
    decide(1);
    decide(2);
    it.pass(Duration::days(3));
    for (std::uint64_t number = 3; number < 12; ++number)
        decide(number);
    it.pass(Duration::days(3));
    EXPECT_TRUE(remembers(1));
    it.pass(Duration::days(1) + Duration::seconds(1));
    for (int life = 0; life < 2; ++life) {
        EXPECT_FALSE(remembers(1));
        EXPECT_FALSE(remembers(2));
        EXPECT_TRUE(remembers(3));
        EXPECT_TRUE(remembers(11));
        it.reopen();
    }
}

struct OpenPast {
    Texts payloads;
    std::uint64_t up_to;
};

/// In pages of two events.
OpenPast open_past(StoreUnderTest& it) {
    OpenPast past{{}, 0};
    for (Position after{};;) {
        auto const open = it.store().read_open(Position(past.up_to), after, Limit(2));
        EXPECT_TRUE(open) << to_string(open.error());
        past.up_to = open->up_to.value();
        if (open->page.empty())
            return past;
        auto const some = payloads(open->page);
        past.payloads.insert(past.payloads.end(), some.begin(), some.end());
        after = open->page.events.back().position;
    }
}

/// The payloads of commits with a stream whose last commit up to a position left it open.
Texts expected_open(std::vector<std::vector<Written>> const& commits, std::uint64_t up_to) {
    auto const is_open = [&](StreamId const& stream) {
        bool open = false;
        std::uint64_t position = 0;
        for (auto const& commit : commits) {
            position += commit.size();
            auto const touches = [&](Written const& event) { return event.stream == stream; };
            auto const rests = [&](Written const& event) {
                return touches(event) && event.is_at_rest;
            };
            if (position <= up_to && std::ranges::any_of(commit, touches))
                open = std::ranges::none_of(commit, rests);
        }
        return open;
    };
    Texts expected;
    std::uint64_t position = 0;
    for (auto const& commit : commits) {
        position += commit.size();
        bool const is_wanted =
            position <= up_to && std::ranges::any_of(commit, [&](Written const& event) {
                return is_open(event.stream);
            });
        for (auto const& event : commit)
            if (is_wanted)
                expected.push_back(event.payload);
    }
    return expected;
}

/// Orders that come and are done, one that stays open, one that wakes again, and long payloads, so
/// that small segments fill.
void who_starts_reads_what_is_open_and_then_the_log(StoreUnderTest& it) {
    std::vector<std::vector<Written>> commits;
    std::string const tail(3'000, 'x');
    auto const name = [](std::size_t n) { return stock("S" + std::to_string(n)); };
    for (std::size_t n = 0; n < 60; ++n) {
        auto const text = std::to_string(n) + tail;
        commits.push_back({{name(n), "placed " + text}});
        if (n == 7)
            commits.push_back({{name(2), "woken " + text}, {name(n), "with it " + text, true}});
        else if (n % 20 != 3)
            commits.push_back({{name(n), "done " + text, true}});
    }
    std::uint64_t number = 0;
    for (auto const& commit : commits) {
        append(it, commit_of(++number, commit));
        it.settle();
    }
    for (int life = 0; life < 2; ++life) {
        auto const past = open_past(it);
        EXPECT_EQ(past.payloads, expected_open(commits, past.up_to)) << "up to " << past.up_to;
        EXPECT_LE(past.up_to, it.store().durable().position.value());
        it.reopen();
    }
}

void a_page_keeps_its_bytes_alive(StoreUnderTest& it) {
    append(it, commit_of(1, {{stock("A"), std::string(5'000, 'a')}}));
    it.settle();
    auto const page = it.store().read_log(Position(0), Limit(1)).value();
    for (std::uint64_t n = 2; n < 200; ++n) {
        append(it, commit_of(n, {{stock("B"), std::string(5'000, 'b')}}));
        it.settle();
    }
    EXPECT_EQ(payloads(page), Texts{std::string(5'000, 'a')});
}

void streams_of_ids_and_of_texts_are_kept_apart(StoreUnderTest& it) {
    Id128 const id(7, 8);
    auto const bytes = id.bytes();
    std::string const same_bytes(bytes.begin(), bytes.end());
    std::vector<StreamId> const streams{
        StreamId::order(OrderId(id)), StreamId::checkout(OrderId(id)),
        StreamId::of(StreamCategory::ops, same_bytes), StreamId::of(StreamCategory::ops, "x"),
        StreamId::of(StreamCategory::ops, std::string(StreamId::key_length_max, 'x'))};
    for (std::size_t n = 0; n < streams.size(); ++n)
        append(it, commit_of(n, {{streams[n], std::to_string(n)}}, ExpectedVersion::no_stream()));
    it.settle();
    for (std::size_t n = 0; n < streams.size(); ++n)
        EXPECT_EQ(stream_of(it, streams[n]), Texts{std::to_string(n)});
}

void a_reopened_store_answers_as_before(StoreUnderTest& it) {
    for (std::uint64_t n = 1; n <= 40; ++n) {
        ports::Batch batch;
        add_commit(batch, n, {{stock(n % 2 ? "ODD" : "EVEN"), std::to_string(n)}});
        batch.set_outcome(outcome(static_cast<std::uint16_t>(200 + n)));
        append(it, batch);
    }
    it.settle();
    auto const before = seen(it.store().read_log(Position(0), Limit(1'000)).value());
    if (!it.reopen())
        return;
    EXPECT_EQ(seen(it.store().read_log(Position(0), Limit(1'000)).value()), before);
    EXPECT_EQ(it.store().durable().position, Position(40));
    EXPECT_EQ(it.store().head(stock("ODD")).value(), StreamVersion(20));
    EXPECT_EQ(stream_of(it, stock("EVEN"), 19), (Texts{"38", "40"}));
    EXPECT_EQ(it.store().find_outcome(command(17)).value(), outcome(217));
    EXPECT_EQ(append(it, commit_of(41, {{stock("ODD"), "41"}},
                                   ExpectedVersion::exactly(StreamVersion(20))))
                  .outcomes[0]
                  .last,
              Position(41));
}

constexpr Sentence<StoreUnderTest> sentences[] = {
    {"an_empty_store_answers_with_nothing", an_empty_store_answers_with_nothing},
    {"what_was_appended_is_read_back_whole", what_was_appended_is_read_back_whole},
    {"append_says_where_each_commit_stands", append_says_where_each_commit_stands},
    {"expected_versions_arbitrate", expected_versions_arbitrate},
    {"a_refused_commit_is_refused_alone", a_refused_commit_is_refused_alone},
    {"what_was_decided_on_a_refused_commit_is_refused",
     what_was_decided_on_a_refused_commit_is_refused},
    {"a_stream_that_is_only_expected_need_not_grow", a_stream_that_is_only_expected_need_not_grow},
    {"the_desk_reads_what_it_has_accepted_before_it_is_durable",
     the_desk_reads_what_it_has_accepted_before_it_is_durable},
    {"pages_of_a_stream_join_without_gap", pages_of_a_stream_join_without_gap},
    {"pages_of_the_log_end_at_whole_commits", pages_of_the_log_end_at_whole_commits},
    {"a_commit_beyond_the_limit_is_cut", a_commit_beyond_the_limit_is_cut},
    {"outcomes_are_remembered_with_and_without_events",
     outcomes_are_remembered_with_and_without_events},
    {"an_outcome_is_remembered_for_a_week", an_outcome_is_remembered_for_a_week},
    {"who_starts_reads_what_is_open_and_then_the_log",
     who_starts_reads_what_is_open_and_then_the_log},
    {"a_page_keeps_its_bytes_alive", a_page_keeps_its_bytes_alive},
    {"streams_of_ids_and_of_texts_are_kept_apart", streams_of_ids_and_of_texts_are_kept_apart},
    {"a_reopened_store_answers_as_before", a_reopened_store_answers_as_before},
};

} // namespace

bool event_store_contract(std::string const& name, MakeStore make) {
    return hold_to("EventStoreContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
