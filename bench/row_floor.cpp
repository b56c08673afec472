#include "bench/row_floor.hpp"

#include "base/assert.hpp"
#include "base/random.hpp"
#include "bench/stores.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <memory>

namespace kontor::bench {
namespace {

constexpr std::uint64_t rows = 600'000;
constexpr std::uint64_t rows_a_transaction = 10'000;
constexpr std::uint64_t updates = 100'000;

/// Ids as an order's: the time first, then dice. Big-endian, so bytes sort as numbers do.
using RowId = std::array<unsigned char, 16>;

RowId id_of(std::uint64_t number) {
    Random dice(number);
    auto const rest = dice.next();
    RowId id{};
    for (std::size_t n = 0; n < 8; ++n) {
        id[n] = static_cast<unsigned char>(number >> (56 - 8 * n));
        id[n + 8] = static_cast<unsigned char>(rest >> (56 - 8 * n));
    }
    return id;
}

class Rows {
public:
    Rows(std::string const& path, int checkpoint_pages) {
        KONTOR_ASSERT(sqlite3_open(path.c_str(), &database_) == SQLITE_OK, "{}: {}", path,
                      sqlite3_errmsg(database_));
        run(fmt::format("PRAGMA page_size=8192; PRAGMA journal_mode=WAL; "
                        "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; "
                        "PRAGMA wal_autocheckpoint={}",
                        checkpoint_pages));
        run("CREATE TABLE by_id(id BLOB PRIMARY KEY, a INT, b INT, c TEXT) WITHOUT ROWID");
        run("CREATE TABLE by_position(position INTEGER PRIMARY KEY, a INT, b INT, c TEXT)");
    }
    ~Rows() { sqlite3_close(database_); }
    Rows(Rows const&) = delete;
    Rows& operator=(Rows const&) = delete;

    /// Runs a statement so often in transactions. `bind` gets it with the number of the row.
    /// Returns microseconds a row.
    template <class Bind>
    double time(char const* sql, std::uint64_t count, Bind const& bind) {
        sqlite3_stmt* statement = nullptr;
        KONTOR_ASSERT(sqlite3_prepare_v2(database_, sql, -1, &statement, nullptr) == SQLITE_OK,
                      "{}", sqlite3_errmsg(database_));
        auto const start = std::chrono::steady_clock::now();
        for (std::uint64_t number = 0; number < count; ++number) {
            if (number % rows_a_transaction == 0)
                run(number == 0 ? "BEGIN" : "COMMIT; BEGIN");
            bind(statement, number);
            KONTOR_ASSERT(sqlite3_step(statement) == SQLITE_DONE, "{}", sqlite3_errmsg(database_));
            sqlite3_reset(statement);
        }
        run("COMMIT");
        auto const elapsed =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
        sqlite3_finalize(statement);
        return elapsed * 1e6 / static_cast<double>(count);
    }

private:
    void run(std::string const& sql) {
        KONTOR_ASSERT(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK,
                      "{}: {}", sql, sqlite3_errmsg(database_));
    }

    sqlite3* database_{nullptr};
};

void bind_cells(sqlite3_stmt* statement, std::uint64_t number) {
    sqlite3_bind_int64(statement, 2, static_cast<sqlite3_int64>(number));
    sqlite3_bind_int64(statement, 3, static_cast<sqlite3_int64>(number % 97));
    sqlite3_bind_text(statement, 4, "a customer's order of three lines", -1, SQLITE_STATIC);
}

void bind_id(sqlite3_stmt* statement, std::uint64_t number) {
    auto const id = id_of(number);
    sqlite3_bind_blob(statement, 1, id.data(), static_cast<int>(id.size()), SQLITE_TRANSIENT);
}

} // namespace

RowFloor measure_row_floor(std::string const& directory, int checkpoint_pages) {
    auto const folder = fresh_directory(directory + "/row-floor");
    RowFloor floor{};
    {
        Rows store(folder + "/rows.sqlite", checkpoint_pages);
        floor.insert_by_id = store.time("INSERT INTO by_id VALUES(?1, ?2, ?3, ?4)", rows,
                                        [](sqlite3_stmt* statement, std::uint64_t number) {
                                            bind_id(statement, number);
                                            bind_cells(statement, number);
                                        });
        floor.append_by_position =
            store.time("INSERT INTO by_position VALUES(?1, ?2, ?3, ?4)", rows,
                       [](sqlite3_stmt* statement, std::uint64_t number) {
                           sqlite3_bind_int64(statement, 1, static_cast<sqlite3_int64>(number + 1));
                           bind_cells(statement, number);
                       });
        Random dice(6);
        auto const update_among = [&](std::uint64_t last) {
            return store.time("UPDATE by_id SET a = a + 1, b = ?2 WHERE id = ?1", updates,
                              [&](sqlite3_stmt* statement, std::uint64_t number) {
                                  bind_id(statement, rows - 1 - dice.below(last));
                                  sqlite3_bind_int64(statement, 2,
                                                     static_cast<sqlite3_int64>(number));
                              });
        };
        floor.update_recent = update_among(rows_a_transaction);
        floor.update_anywhere = update_among(rows);
    }
    std::filesystem::remove_all(folder);
    return floor;
}

} // namespace kontor::bench
