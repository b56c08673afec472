#pragma once

/// One read model in one SQLite file.
///
///   one table for each of the model's, WITHOUT ROWID unless its key is one integer
///   kontor_checkpoint: one row {model, version, position, lineage, digest}
///
/// Anybody may open the file with SQL. Ids are texts as everywhere outside, amounts are minor units
/// beside their currency, instants are microseconds since 1970 (UTC), lists are JSON.
/// Thread: one at a time.

#include "adapters/embedded/sqlite/connection.hpp"

#include "ports/read_models.hpp"

namespace kontor::sqlite {

class Model final : public ports::ReadModel {
public:
    /// Makes the tables where there are none.
    /// Errors: unsupported (the rows are of another version), full, unavailable, corrupt, broken.
    static Result<std::unique_ptr<Model>> open(std::string path, OpenAs use,
                                               ports::ModelShape const& shape);
    /// An unfinished rebuild takes its file along.
    ~Model() override;

    Result<ports::Checkpoint> checkpoint() override;
    Result<bool> find(std::size_t table, std::span<ports::Cell const> key,
                      ports::RowVisitor const& visit) override;
    Result<void> scan(ports::Scan const& scan, ports::RowVisitor const& visit) override;
    Result<void> commit(ports::Changes const& changes,
                        ports::Checkpoint const& checkpoint) override;

    std::string const& path() const { return connection_->path(); }
    /// The rebuild is whole: its file stays when this is closed.
    void keep_file() { is_unfinished_ = false; }

private:
    struct Table {
        Statement put;
        Statement remove;
        Statement find;
    };

    Model(std::unique_ptr<Connection> connection, ports::ModelShape const& shape)
        : connection_(std::move(connection)), shape_(shape), tables_(shape.tables.size()) {}

    Result<void> prepare_tables(OpenAs use);
    Result<bool> has_tables();
    Result<void> check_version();
    Result<void> write(ports::Changes const& changes, ports::Checkpoint const& checkpoint);
    Result<void> put_rows(std::size_t table, std::span<ports::Cell const> cells);
    Result<void> remove_rows(std::size_t table, std::span<ports::Cell const> keys);
    void show_columns(Statement const& statement, std::size_t count);

    std::unique_ptr<Connection> connection_;
    ports::ModelShape shape_;
    std::vector<Table> tables_;
    Statement move_checkpoint_{};
    Statement read_checkpoint_{};
    std::vector<ports::Cell> row_{};
    bool is_unfinished_{false};
};

} // namespace kontor::sqlite
