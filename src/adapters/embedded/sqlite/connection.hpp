#pragma once

/// A connection to one SQLite file and the statements prepared on it, with SQLite's error codes as
/// our Failures.   Thread: one at a time.

#include "ports/rows.hpp"

#include "base/result.hpp"

#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace kontor::sqlite {

class Connection;

/// A prepared statement. Bind, step until done, reset.
class Statement {
public:
    Statement() = default;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    bool is_prepared() const { return statement_ != nullptr; }

    /// Parameters count from 1.   Requires: the cell's text lives until `reset`.
    void bind(int parameter, ports::Cell cell);
    /// True: a row is there; false: done.
    /// Errors: full, unavailable, corrupt, broken.
    Result<bool> step();
    /// Runs a statement that gives no rows, and makes it ready for the next time.
    /// Errors: full, unavailable, corrupt, broken.
    Result<void> run();
    void reset();

    /// A cell of the current row; its text lives until the next step.
    ports::Cell column(int index) const;

private:
    friend class Connection;
    Statement(Connection& connection, sqlite3_stmt* statement)
        : connection_(&connection), statement_(statement) {}

    Connection* connection_{nullptr};
    sqlite3_stmt* statement_{nullptr};
};

enum class OpenAs : std::uint8_t {
    truth,    ///< each commit is synced, and what is deleted is wiped; created when it is missing
    live,     ///< written and read without a sync; created when it is missing
    building, ///< written without any promise until it is synced whole
    reader    ///< read only, beside a writer
};

class Connection {
public:
    /// Errors: unavailable, corrupt, broken.
    static Result<std::unique_ptr<Connection>> open(std::string path, OpenAs use);
    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    std::string const& path() const { return path_; }
    /// Errors: full, unavailable, corrupt, broken.
    Result<void> run(std::string const& sql);
    /// Errors: unavailable, corrupt, broken.
    Result<Statement> prepare(std::string const& sql);

    /// What went wrong last, as a Failure.
    Failure failure(int code) const;

private:
    Connection(std::string path, sqlite3* database) : path_(std::move(path)), database_(database) {}

    std::string path_;
    sqlite3* database_;
};

} // namespace kontor::sqlite
