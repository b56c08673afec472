#include "tests/contract/read_models_contract.hpp"
#include "tests/support/scratch_directory.hpp"

#include "adapters/embedded/sqlite/boot_mark.hpp"
#include "adapters/embedded/sqlite/connection.hpp"
#include "adapters/embedded/sqlite/read_models.hpp"
#include "adapters/embedded/sqlite/statements.hpp"

#include <gtest/gtest.h>

namespace kontor::contract {
namespace {

class SqliteModels final : public ReadModelsUnderTest {
public:
    SqliteModels() { reopen(); }
    ports::ReadModels& models() override { return *models_; }
    void reopen() override {
        models_.reset();
        models_ = std::move(sqlite::ReadModels::open(directory_.path(), "boot")).value();
    }

private:
    testing::ScratchDirectory directory_;
    std::unique_ptr<sqlite::ReadModels> models_;
};

[[maybe_unused]] bool const registered =
    read_models_contract("sqlite", [] { return std::make_unique<SqliteModels>(); });

/// A directory of read models on a machine whose power can go.
class Machine : public ::testing::Test {
public:
    ~Machine() override { stop(); }

    ports::OpenedModel start(std::string const& boot) {
        models_ = std::move(sqlite::ReadModels::open(directory_.path(), boot)).value();
        return std::move(models_->open(shape)).value();
    }
    void stop() { models_.reset(); }
    /// As after a process that died: what it wrote is there, and its mark.
    void leave_open_since(std::string const& boot) {
        EXPECT_TRUE(sqlite::set_mark(directory_.path(), boot));
    }
    void write_rows(std::string const& boot) {
        auto opened = start(boot);
        EXPECT_TRUE(opened.model->commit({{}}, {ports::Position(12), Id128(7, 9), {}}));
        opened.model.reset();
        stop();
    }
    bool looks_whole(std::string_view boot) {
        auto const models = sqlite::ReadModels::look(directory_.path(), boot);
        return models->read(shape).has_value();
    }

    ports::ModelShape const shape{"toys", 1, {{"days", {{"day", ports::CellKind::integer}}, 1}}};

private:
    testing::ScratchDirectory directory_;
    std::unique_ptr<sqlite::ReadModels> models_;
};

ports::Position position_of(ports::OpenedModel const& opened) {
    return opened.model->checkpoint().value().position;
}

TEST_F(Machine, rows_that_were_closed_are_used_after_a_restart) {
    write_rows("monday");
    auto const opened = start("tuesday");
    EXPECT_EQ(position_of(opened), ports::Position(12));
    EXPECT_EQ(opened.discarded, "");
}

TEST_F(Machine, rows_of_a_process_that_died_are_used) {
    write_rows("monday");
    leave_open_since("monday");
    auto const opened = start("monday");
    EXPECT_EQ(position_of(opened), ports::Position(12));
    EXPECT_EQ(opened.discarded, "");
}

TEST_F(Machine, rows_that_were_open_when_the_power_went_are_discarded_and_this_is_said_once) {
    write_rows("monday");
    leave_open_since("monday");
    {
        auto const opened = start("tuesday");
        EXPECT_EQ(position_of(opened), ports::Position());
        EXPECT_NE(opened.discarded, "");
    }
    stop();
    EXPECT_EQ(start("tuesday").discarded, "");
}

TEST_F(Machine, rows_that_were_open_when_the_power_went_are_not_shown_to_readers) {
    write_rows("monday");
    leave_open_since("monday");
    EXPECT_TRUE(looks_whole("monday"));
    EXPECT_FALSE(looks_whole("tuesday"));
}

TEST_F(Machine, a_machine_that_does_not_say_its_boot_trusts_only_what_was_closed) {
    write_rows("");
    EXPECT_TRUE(looks_whole(""));
    leave_open_since("");
    EXPECT_FALSE(looks_whole(""));
    EXPECT_EQ(position_of(start("")), ports::Position());
}

TEST_F(Machine, rows_are_marked_for_as_long_as_somebody_writes_them) {
    write_rows("monday");
    auto const opened = start("monday");
    EXPECT_FALSE(looks_whole("tuesday"));
}

/// How SQLite says that it will answer a scan of tracks by album.
std::string plan_of(ports::Scan const& scan) {
    ports::ModelShape const albums{
        "albums",
        1,
        {{"tracks", {{"album", ports::CellKind::text}, {"track", ports::CellKind::text}}, 2}}};
    testing::ScratchDirectory const directory;
    auto const connection =
        sqlite::Connection::open(directory.path() + "/plan", sqlite::OpenAs::live).value();
    EXPECT_TRUE(connection->run(sqlite::create_statements(albums)));
    auto statement =
        connection->prepare("EXPLAIN QUERY PLAN " + sqlite::scan_statement(albums.tables[0], scan))
            .value();
    std::string plan;
    while (statement.step().value())
        plan += std::string(statement.column(3).characters()) + "\n";
    return plan;
}

/// What is asked with a prefix is the page of an index. It must begin where the last one ended.
TEST(SqlitePlan, a_page_below_a_prefix_is_sought_and_neither_walked_nor_sorted) {
    auto const album = ports::Cell::text("hafen");
    ports::Cell const after[] = {album, ports::Cell::text("7")};
    auto const down = ports::Direction::descending;
    EXPECT_EQ(plan_of({.table = 0, .prefix = {&album, 1}, .direction = down}),
              "SEARCH tracks USING PRIMARY KEY (album=?)\n");
    EXPECT_EQ(plan_of({.table = 0, .prefix = {&album, 1}, .after = after, .direction = down}),
              "SEARCH tracks USING PRIMARY KEY (album=? AND track<?)\n");
    EXPECT_EQ(plan_of({.table = 0, .after = after}),
              "SEARCH tracks USING PRIMARY KEY ((album,track)>(?,?))\n");
}

} // namespace
} // namespace kontor::contract
