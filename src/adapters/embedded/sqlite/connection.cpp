#include "adapters/embedded/sqlite/connection.hpp"

#include "adapters/embedded/sqlite/limits.hpp"

#include <sqlite3.h>

#include <utility>

namespace kontor::sqlite {

using ports::Cell;
using ports::CellKind;

namespace {

FailureKind kind_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL: return FailureKind::full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
    case SQLITE_CANTOPEN: return FailureKind::unavailable;
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM: return FailureKind::broken;
    default: return FailureKind::corrupt; // the file is not the database that we wrote
    }
}

// Measured for read models (PERFORMANCE section 1, F6): 8 KiB pages, rare checkpoints, 64 MiB of
// cache.
std::string settings(OpenAs use) {
    std::string const always = "PRAGMA cache_size=-" + std::to_string(cache_kib) +
                               "; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"
                               "PRAGMA temp_store=MEMORY;";
    switch (use) {
    case OpenAs::truth:
        return "PRAGMA page_size=" + std::to_string(page_bytes) +
               "; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
               "PRAGMA wal_autocheckpoint=500;" +
               always;
    case OpenAs::live:
        return "PRAGMA page_size=" + std::to_string(page_bytes) +
               "; PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
               "PRAGMA wal_autocheckpoint=" +
               std::to_string(checkpoint_pages) + ";" + always;
    case OpenAs::building:
        return "PRAGMA page_size=" + std::to_string(page_bytes) +
               "; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;" +
               always;
    case OpenAs::reader: return always + "PRAGMA query_only=ON;";
    }
    KONTOR_UNREACHABLE();
}

// A null pointer would bind NULL, not an empty text.
char const* begin_of(std::string_view characters) {
    return characters.data() != nullptr ? characters.data() : "";
}

} // namespace

Statement::Statement(Statement&& other) noexcept
    : connection_(other.connection_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    std::swap(connection_, other.connection_);
    std::swap(statement_, other.statement_);
    return *this;
}

Statement::~Statement() {
    sqlite3_finalize(statement_);
}

void Statement::bind(int parameter, Cell cell) {
    int code = SQLITE_OK;
    switch (cell.kind()) {
    case CellKind::null: code = sqlite3_bind_null(statement_, parameter); break;
    case CellKind::integer: code = sqlite3_bind_int64(statement_, parameter, cell.number()); break;
    case CellKind::text:
        code = sqlite3_bind_text(statement_, parameter, begin_of(cell.characters()),
                                 static_cast<int>(cell.characters().size()), SQLITE_STATIC);
        break;
    case CellKind::bytes:
        code = sqlite3_bind_blob(statement_, parameter, begin_of(cell.characters()),
                                 static_cast<int>(cell.characters().size()), SQLITE_STATIC);
        break;
    }
    KONTOR_ASSERT(code == SQLITE_OK, "parameter {} of {}: code {}", parameter,
                  sqlite3_sql(statement_), code);
}

Result<bool> Statement::step() {
    int const code = sqlite3_step(statement_);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    auto failure = connection_->failure(code);
    sqlite3_reset(statement_);
    return unexpected(std::move(failure));
}

Result<void> Statement::run() {
    KONTOR_TRY(bool const row, step());
    KONTOR_ASSERT(!row, "a statement that gives rows: {}", sqlite3_sql(statement_));
    sqlite3_reset(statement_);
    return {};
}

void Statement::reset() {
    sqlite3_reset(statement_);
}

Cell Statement::column(int index) const {
    switch (sqlite3_column_type(statement_, index)) {
    case SQLITE_INTEGER: return Cell::integer(sqlite3_column_int64(statement_, index));
    case SQLITE_NULL: return {};
    case SQLITE_TEXT: {
        auto const* const text = sqlite3_column_text(statement_, index);
        return Cell::text({reinterpret_cast<char const*>(text),
                           static_cast<std::size_t>(sqlite3_column_bytes(statement_, index))});
    }
    default: {
        auto const* const bytes = sqlite3_column_blob(statement_, index);
        return Cell::bytes({static_cast<char const*>(bytes),
                            static_cast<std::size_t>(sqlite3_column_bytes(statement_, index))});
    }
    }
}

Result<std::unique_ptr<Connection>> Connection::open(std::string path, OpenAs use) {
    int const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      (use == OpenAs::reader ? 0 : SQLITE_OPEN_CREATE);
    sqlite3* database = nullptr;
    int const code = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    std::unique_ptr<Connection> connection(new Connection(std::move(path), database));
    if (code != SQLITE_OK)
        return unexpected(connection->failure(code));
    sqlite3_busy_timeout(database, busy_ms_max);
    KONTOR_TRY(connection->run(settings(use)));
    return connection;
}

Connection::~Connection() {
    sqlite3_close(database_);
}

Result<void> Connection::run(std::string const& sql) {
    int const code = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return unexpected(failure(code));
    return {};
}

Result<Statement> Connection::prepare(std::string const& sql) {
    sqlite3_stmt* statement = nullptr;
    int const code = sqlite3_prepare_v3(database_, sql.c_str(), static_cast<int>(sql.size()) + 1,
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return unexpected(failure(code));
    return Statement(*this, statement);
}

Failure Connection::failure(int code) const {
    return {kind_of(code), std::string("SQLite: ") + sqlite3_errmsg(database_), path_};
}

} // namespace kontor::sqlite
