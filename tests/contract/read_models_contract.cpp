#include "tests/contract/read_models_contract.hpp"

#include "tests/contract/sentences.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace kontor::contract {
namespace {

using ports::Cell;
using ports::CellKind;
using ports::Checkpoint;
using ports::Direction;
using ports::Position;

/// Lines of orders, and a table whose key is a number.
ports::ModelShape shape(std::uint32_t version = 1) {
    return {"toys",
            version,
            {{"lines",
              {{"order_id", CellKind::text},
               {"line", CellKind::integer},
               {"title", CellKind::text},
               {"picture", CellKind::bytes}},
              2},
             {"days", {{"day", CellKind::integer}, {"orders", CellKind::integer}}, 1}}};
}

Checkpoint at(std::uint64_t position) {
    return {Position(position), Id128(7, 9), {position * 3, ~position}};
}

ports::Changes put_line(std::string_view order, std::int64_t line, std::string_view title) {
    return {{{Cell::text(order), Cell::integer(line), Cell::text(title), Cell{}}, {}}, {}};
}

std::string shown(Cell cell) {
    switch (cell.kind()) {
    case CellKind::null: return "null";
    case CellKind::integer: return std::to_string(cell.number());
    case CellKind::text: return "'" + std::string(cell.characters()) + "'";
    case CellKind::bytes: return "x" + std::string(cell.characters());
    }
    KONTOR_UNREACHABLE();
}

using Rows = std::vector<std::string>;

ports::RowVisitor collect(Rows& rows) {
    return [&rows](std::span<Cell const> row) {
        std::string text;
        for (auto const& cell : row)
            text += (text.empty() ? "" : " ") + shown(cell);
        rows.push_back(text);
        return true;
    };
}

Rows rows_of(ports::RowReader& reader, ports::Scan const& scan) {
    Rows rows;
    auto const scanned = reader.scan(scan, collect(rows));
    EXPECT_TRUE(scanned) << to_string(scanned.error());
    return rows;
}

std::unique_ptr<ports::ReadModel> opened(ReadModelsUnderTest& it, std::uint32_t version = 1) {
    auto model = it.models().open(shape(version));
    EXPECT_TRUE(model) << to_string(model.error());
    return std::move(model->model);
}

void commit(ports::ReadModel& model, ports::Changes const& changes, std::uint64_t position) {
    auto const committed = model.commit(changes, at(position));
    EXPECT_TRUE(committed) << to_string(committed.error());
}

void an_empty_model_stands_before_the_first_event(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    EXPECT_EQ(model->checkpoint().value(), Checkpoint{});
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{});
}

void rows_and_checkpoint_change_together(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 12);
    EXPECT_EQ(model->checkpoint().value(), at(12));
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});
}

void a_row_is_found_by_its_key(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit(*model, put_line("ord_1", 2, "cup"), 1);
    Rows rows;
    Cell const key[] = {Cell::text("ord_1"), Cell::integer(2)};
    EXPECT_TRUE(model->find(0, key, collect(rows)).value());
    EXPECT_EQ(rows, Rows{"'ord_1' 2 'cup' null"});
    Cell const other[] = {Cell::text("ord_1"), Cell::integer(3)};
    EXPECT_FALSE(model->find(0, other, collect(rows)).value());
    EXPECT_EQ(rows.size(), 1U);
}

void a_row_replaces_the_one_with_its_key(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 1);
    commit(*model, put_line("ord_1", 1, "kettle"), 2);
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_1' 1 'kettle' null"});
}

void a_removed_row_is_gone(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 1);
    commit(*model, put_line("ord_1", 2, "cup"), 2);
    commit(*model, {{{}, {Cell::text("ord_1"), Cell::integer(1)}}, {}}, 3);
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_1' 2 'cup' null"});
}

void cells_keep_every_value(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    std::string_view const with_nul("a\0b", 3);
    commit(*model,
           {{{Cell::text(""), Cell::integer(std::numeric_limits<std::int64_t>::min()),
              Cell::text(with_nul), Cell::bytes(with_nul), Cell::text("é"),
              Cell::integer(std::numeric_limits<std::int64_t>::max()), Cell::text({}),
              Cell::bytes({})},
             {}},
            {}},
           1);
    EXPECT_EQ(
        rows_of(*model, {.table = 0}),
        (Rows{"'' -9223372036854775808 '" + std::string(with_nul) + "' x" + std::string(with_nul),
              "'é' 9223372036854775807 '' x"}));
}

void commit_four_lines_and_days(ports::ReadModel& model) {
    commit(
        model,
        {{{Cell::text("a"), Cell::integer(1), Cell::text("a1"), Cell{}, Cell::text("b"),
           Cell::integer(2), Cell::text("b2"), Cell{}, Cell::text("b"), Cell::integer(10),
           Cell::text("b10"), Cell{}, Cell::text("c"), Cell::integer(1), Cell::text("c1"), Cell{}},
          {}},
         {{Cell::integer(-5), Cell::integer(1), Cell::integer(7), Cell::integer(2)}, {}}},
        1);
}

void scans_follow_the_keys(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit_four_lines_and_days(*model);
    Rows const all{"'a' 1 'a1' null", "'b' 2 'b2' null", "'b' 10 'b10' null", "'c' 1 'c1' null"};
    EXPECT_EQ(rows_of(*model, {.table = 0}), all);
    EXPECT_EQ(rows_of(*model, {.table = 0, .direction = Direction::descending}),
              Rows(all.rbegin(), all.rend()));
    EXPECT_EQ(rows_of(*model, {.table = 1}), (Rows{"-5 1", "7 2"}));
}

void scans_begin_after_a_key_and_end_at_the_limit(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit_four_lines_and_days(*model);
    Cell const key[] = {Cell::text("b"), Cell::integer(2)};
    EXPECT_EQ(rows_of(*model, {.table = 0, .after = key}),
              (Rows{"'b' 10 'b10' null", "'c' 1 'c1' null"}));
    EXPECT_EQ(rows_of(*model, {.table = 0, .after = key, .direction = Direction::descending}),
              (Rows{"'a' 1 'a1' null"}));
    EXPECT_EQ(rows_of(*model, {.table = 0, .limit = ports::Limit(2)}),
              (Rows{"'a' 1 'a1' null", "'b' 2 'b2' null"}));
    EXPECT_EQ(rows_of(*model, {.table = 0, .after = key, .limit = ports::Limit(1)}),
              (Rows{"'b' 10 'b10' null"}));
}

void scans_stay_below_a_prefix(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit_four_lines_and_days(*model);
    Cell const prefix[] = {Cell::text("b")};
    Cell const after[] = {Cell::text("b"), Cell::integer(2)};
    EXPECT_EQ(rows_of(*model, {.table = 0, .prefix = prefix}),
              (Rows{"'b' 2 'b2' null", "'b' 10 'b10' null"}));
    EXPECT_EQ(rows_of(*model, {.table = 0, .prefix = prefix, .after = after}),
              (Rows{"'b' 10 'b10' null"}));
    Cell const before[] = {Cell::text("a"), Cell::integer(9)};
    EXPECT_EQ(rows_of(*model, {.table = 0, .prefix = prefix, .after = before}),
              (Rows{"'b' 2 'b2' null", "'b' 10 'b10' null"}));
    Cell const beyond[] = {Cell::text("c"), Cell::integer(0)};
    EXPECT_EQ(rows_of(*model, {.table = 0, .prefix = prefix, .after = beyond}), Rows{});
    EXPECT_EQ(rows_of(*model, {.table = 0, .prefix = after, .after = after}), Rows{});
}

void a_visitor_ends_a_scan(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit_four_lines_and_days(*model);
    int seen = 0;
    EXPECT_TRUE(model->scan({.table = 0}, [&](auto) { return ++seen < 2; }));
    EXPECT_EQ(seen, 2);
}

void a_reader_sees_one_state_beside_the_writer(ReadModelsUnderTest& it) {
    auto const model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 1);
    auto const reader = it.models().read(shape()).value();
    commit(*model, put_line("ord_1", 1, "kettle"), 2);
    EXPECT_EQ(rows_of(*reader, {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});
    EXPECT_EQ(reader->checkpoint().value(), at(1));
    auto const later = it.models().read(shape()).value();
    EXPECT_EQ(rows_of(*later, {.table = 0}), Rows{"'ord_1' 1 'kettle' null"});
}

void nothing_is_read_before_anything_was_built(ReadModelsUnderTest& it) {
    auto const reader = it.models().read(shape());
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().kind, FailureKind::not_found);
}

void a_model_outlives_the_process(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    model.reset();
    it.reopen();
    model = opened(it);
    EXPECT_EQ(model->checkpoint().value(), at(5));
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});
}

void rows_of_another_version_are_discarded(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    model.reset();
    EXPECT_EQ(it.models().read(shape(2)).error().kind, FailureKind::not_found);
    auto const opened_again = it.models().open(shape(2)).value();
    EXPECT_NE(opened_again.discarded, "");
    EXPECT_EQ(opened_again.model->checkpoint().value(), Checkpoint{});
    EXPECT_EQ(rows_of(*opened_again.model, {.table = 0}), Rows{});
}

void a_rebuild_changes_nothing_until_it_replaces_all(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    auto rebuilt = it.models().begin_rebuild(shape()).value();
    EXPECT_EQ(rebuilt->checkpoint().value(), Checkpoint{});
    commit(*rebuilt, put_line("ord_2", 1, "kettle"), 6);
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});

    model = it.models().replace(shape(), std::move(model), std::move(rebuilt)).value();
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{"'ord_2' 1 'kettle' null"});
    commit(*model, put_line("ord_3", 1, "cup"), 7);
    model.reset();
    it.reopen();
    model = opened(it);
    EXPECT_EQ(model->checkpoint().value(), at(7));
    EXPECT_EQ(rows_of(*model, {.table = 0}),
              (Rows{"'ord_2' 1 'kettle' null", "'ord_3' 1 'cup' null"}));
}

void an_unfinished_rebuild_is_forgotten(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    auto rebuilt = it.models().begin_rebuild(shape()).value();
    commit(*rebuilt, put_line("ord_2", 1, "kettle"), 6);
    rebuilt.reset();
    rebuilt = it.models().begin_rebuild(shape()).value();
    EXPECT_EQ(rows_of(*rebuilt, {.table = 0}), Rows{});
    rebuilt.reset();
    model.reset();
    it.reopen();
    EXPECT_EQ(rows_of(*opened(it), {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});
}

void a_reader_outlives_the_replacement(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    auto const reader = it.models().read(shape()).value();
    auto rebuilt = it.models().begin_rebuild(shape()).value();
    model = it.models().replace(shape(), std::move(model), std::move(rebuilt)).value();
    EXPECT_EQ(rows_of(*reader, {.table = 0}), Rows{"'ord_1' 1 'teapot' null"});
}

void a_discarded_model_begins_anew(ReadModelsUnderTest& it) {
    auto model = opened(it);
    commit(*model, put_line("ord_1", 1, "teapot"), 5);
    model.reset();
    EXPECT_TRUE(it.models().discard(shape()));
    model = opened(it);
    EXPECT_EQ(model->checkpoint().value(), Checkpoint{});
    EXPECT_EQ(rows_of(*model, {.table = 0}), Rows{});
}

constexpr Sentence<ReadModelsUnderTest> sentences[] = {
    {"an_empty_model_stands_before_the_first_event", an_empty_model_stands_before_the_first_event},
    {"rows_and_checkpoint_change_together", rows_and_checkpoint_change_together},
    {"a_row_is_found_by_its_key", a_row_is_found_by_its_key},
    {"a_row_replaces_the_one_with_its_key", a_row_replaces_the_one_with_its_key},
    {"a_removed_row_is_gone", a_removed_row_is_gone},
    {"cells_keep_every_value", cells_keep_every_value},
    {"scans_follow_the_keys", scans_follow_the_keys},
    {"scans_begin_after_a_key_and_end_at_the_limit", scans_begin_after_a_key_and_end_at_the_limit},
    {"scans_stay_below_a_prefix", scans_stay_below_a_prefix},
    {"a_visitor_ends_a_scan", a_visitor_ends_a_scan},
    {"a_reader_sees_one_state_beside_the_writer", a_reader_sees_one_state_beside_the_writer},
    {"nothing_is_read_before_anything_was_built", nothing_is_read_before_anything_was_built},
    {"a_model_outlives_the_process", a_model_outlives_the_process},
    {"rows_of_another_version_are_discarded", rows_of_another_version_are_discarded},
    {"a_rebuild_changes_nothing_until_it_replaces_all",
     a_rebuild_changes_nothing_until_it_replaces_all},
    {"an_unfinished_rebuild_is_forgotten", an_unfinished_rebuild_is_forgotten},
    {"a_reader_outlives_the_replacement", a_reader_outlives_the_replacement},
    {"a_discarded_model_begins_anew", a_discarded_model_begins_anew},
};

} // namespace

bool read_models_contract(std::string const& name, MakeReadModels make) {
    return hold_to("ReadModelsContract/" + name, std::move(make), sentences);
}

} // namespace kontor::contract
