#include "adapters/embedded/sqlite/model.hpp"

#include "adapters/embedded/sqlite/statements.hpp"

#include <array>

#include <unistd.h>

namespace kontor::sqlite {

using ports::Cell;
using ports::Checkpoint;

namespace {

std::string_view as_text(std::span<std::uint8_t const> bytes) {
    return {reinterpret_cast<char const*>(bytes.data()), bytes.size()};
}

std::array<std::uint8_t, 16> as_bytes(ports::RowDigest const& digest) {
    return Id128(digest.high, digest.low).bytes();
}

Result<Id128> id_of(Cell cell, std::string const& path) {
    if (cell.kind() != ports::CellKind::bytes || cell.characters().size() != 16)
        return unexpected(
            Failure{FailureKind::corrupt, "the checkpoint of a read model is damaged", path});
    auto const* const bytes = reinterpret_cast<std::uint8_t const*>(cell.characters().data());
    return Id128::from_bytes(std::span<std::uint8_t const, 16>(bytes, 16));
}

} // namespace

Result<std::unique_ptr<Model>> Model::open(std::string path, OpenAs use,
                                           ports::ModelShape const& shape) {
    KONTOR_TRY(auto connection, Connection::open(std::move(path), use));
    std::unique_ptr<Model> model(new Model(std::move(connection), shape));
    model->is_unfinished_ = use == OpenAs::building;
    KONTOR_TRY(model->prepare_tables(use));
    return model;
}

Model::~Model() {
    if (is_unfinished_)
        ::unlink(path().c_str());
}

Result<bool> Model::has_tables() {
    KONTOR_TRY(auto statement,
               connection_->prepare("SELECT 1 FROM sqlite_schema WHERE name='kontor_checkpoint'"));
    return statement.step();
}

Result<void> Model::prepare_tables(OpenAs use) {
    KONTOR_TRY(bool const existed, has_tables());
    if (!existed && use == OpenAs::reader)
        return unexpected(Failure{FailureKind::not_found, "this read model was never built",
                                  connection_->path()});
    if (!existed)
        KONTOR_TRY(connection_->run(create_statements(shape_)));
    KONTOR_TRY(read_checkpoint_, connection_->prepare("SELECT position, lineage, digest, version "
                                                      "FROM kontor_checkpoint WHERE id=1"));
    KONTOR_TRY(check_version());
    for (std::size_t i = 0; i < tables_.size(); ++i) {
        auto const& shape = shape_.tables[i];
        KONTOR_TRY(tables_[i].find, connection_->prepare(find_statement(shape)));
        if (use == OpenAs::reader)
            continue;
        KONTOR_TRY(tables_[i].put, connection_->prepare(put_statement(shape)));
        KONTOR_TRY(tables_[i].remove, connection_->prepare(remove_statement(shape)));
    }
    if (use == OpenAs::reader) {
        // From the first read on, this connection sees one state.
        KONTOR_TRY(connection_->run("BEGIN"));
        KONTOR_TRY(checkpoint());
        return {};
    }
    KONTOR_TRY(move_checkpoint_,
               connection_->prepare("UPDATE kontor_checkpoint SET position=?1, lineage=?2, "
                                    "digest=?3 WHERE id=1"));
    return {};
}

Result<void> Model::check_version() {
    KONTOR_TRY(bool const found, read_checkpoint_.step());
    auto const version = found ? read_checkpoint_.column(3) : Cell{};
    bool const is_ours = version.kind() == ports::CellKind::integer &&
                         version.number() == static_cast<std::int64_t>(shape_.version);
    read_checkpoint_.reset();
    if (!is_ours)
        return unexpected(Failure{FailureKind::unsupported,
                                  "the rows are of another version of the projection",
                                  connection_->path()});
    return {};
}

Result<Checkpoint> Model::checkpoint() {
    KONTOR_TRY(bool const found, read_checkpoint_.step());
    auto const position = found ? read_checkpoint_.column(0) : Cell{};
    if (position.kind() != ports::CellKind::integer || position.number() < 0) {
        read_checkpoint_.reset();
        return unexpected(
            Failure{FailureKind::corrupt, "the checkpoint of a read model is damaged", path()});
    }
    auto const lineage = id_of(read_checkpoint_.column(1), path());
    auto const digest = id_of(read_checkpoint_.column(2), path());
    auto const at = ports::Position(static_cast<std::uint64_t>(position.number()));
    read_checkpoint_.reset();
    if (!lineage)
        return unexpected(lineage.error());
    if (!digest)
        return unexpected(digest.error());
    return Checkpoint{at, *lineage, {digest->high(), digest->low()}};
}

void Model::show_columns(Statement const& statement, std::size_t count) {
    row_.clear();
    for (std::size_t i = 0; i < count; ++i)
        row_.push_back(statement.column(static_cast<int>(i)));
}

Result<bool> Model::find(std::size_t table, std::span<Cell const> key,
                         ports::RowVisitor const& visit) {
    auto& statement = tables_[table].find;
    for (std::size_t i = 0; i < key.size(); ++i)
        statement.bind(static_cast<int>(i) + 1, key[i]);
    KONTOR_TRY(bool const found, statement.step());
    if (found) {
        show_columns(statement, shape_.tables[table].columns.size());
        visit(row_);
    }
    statement.reset();
    return found;
}

Result<void> Model::scan(ports::Scan const& scan, ports::RowVisitor const& visit) {
    auto const& shape = shape_.tables[scan.table];
    KONTOR_TRY(auto statement, connection_->prepare(scan_statement(shape, scan)));
    int parameter = 0;
    for (auto const& cell : scan.prefix)
        statement.bind(++parameter, cell);
    for (auto const& cell : compared_after(scan))
        statement.bind(++parameter, cell);
    statement.bind(++parameter, Cell::integer(static_cast<std::int64_t>(scan.limit.value())));
    while (true) {
        KONTOR_TRY(bool const found, statement.step());
        if (!found)
            return {};
        show_columns(statement, shape.columns.size());
        if (!visit(row_))
            return {};
    }
}

Result<void> Model::commit(ports::Changes const& changes, Checkpoint const& checkpoint) {
    KONTOR_TRY(connection_->run("BEGIN IMMEDIATE"));
    auto written = write(changes, checkpoint);
    if (written)
        written = connection_->run("COMMIT");
    if (!written) // some failures have rolled back by themselves; then this has nothing to do
        static_cast<void>(connection_->run("ROLLBACK").has_value());
    return written;
}

Result<void> Model::write(ports::Changes const& changes, Checkpoint const& checkpoint) {
    for (std::size_t table = 0; table < changes.size(); ++table) {
        KONTOR_TRY(remove_rows(table, changes[table].removed));
        KONTOR_TRY(put_rows(table, changes[table].put));
    }
    auto const lineage = checkpoint.lineage.bytes();
    auto const digest = as_bytes(checkpoint.digest);
    move_checkpoint_.bind(1, Cell::integer(static_cast<std::int64_t>(checkpoint.position.value())));
    move_checkpoint_.bind(2, Cell::bytes(as_text(lineage)));
    move_checkpoint_.bind(3, Cell::bytes(as_text(digest)));
    return move_checkpoint_.run();
}

Result<void> Model::put_rows(std::size_t table, std::span<Cell const> cells) {
    auto const columns = shape_.tables[table].columns.size();
    auto& statement = tables_[table].put;
    KONTOR_ASSERT(cells.size() % columns == 0, "{} cells in rows of {}", cells.size(), columns);
    for (std::size_t at = 0; at < cells.size(); at += columns) {
        for (std::size_t i = 0; i < columns; ++i)
            statement.bind(static_cast<int>(i) + 1, cells[at + i]);
        KONTOR_TRY(statement.run());
    }
    return {};
}

Result<void> Model::remove_rows(std::size_t table, std::span<Cell const> keys) {
    auto const columns = shape_.tables[table].key_columns;
    auto& statement = tables_[table].remove;
    KONTOR_ASSERT(keys.size() % columns == 0, "{} cells in keys of {}", keys.size(), columns);
    for (std::size_t at = 0; at < keys.size(); at += columns) {
        for (std::size_t i = 0; i < columns; ++i)
            statement.bind(static_cast<int>(i) + 1, keys[at + i]);
        KONTOR_TRY(statement.run());
    }
    return {};
}

} // namespace kontor::sqlite
