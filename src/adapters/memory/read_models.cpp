#include "adapters/memory/read_models.hpp"

#include <algorithm>
#include <utility>

namespace kontor::memory {

using ports::Cell;
using ports::CellKind;
using ports::Checkpoint;

Cell KeptCell::view() const {
    switch (kind) {
    case CellKind::null: return {};
    case CellKind::integer: return Cell::integer(number);
    case CellKind::text: return Cell::text(characters);
    case CellKind::bytes: return Cell::bytes(characters);
    }
    KONTOR_UNREACHABLE();
}

namespace {

KeptCell kept(Cell cell) {
    switch (cell.kind()) {
    case CellKind::null: return {};
    case CellKind::integer: return {cell.kind(), cell.number(), {}};
    case CellKind::text:
    case CellKind::bytes: return {cell.kind(), 0, std::string(cell.characters())};
    }
    KONTOR_UNREACHABLE();
}

KeptCells kept(std::span<Cell const> cells) {
    KeptCells all;
    all.reserve(cells.size());
    for (auto const& cell : cells)
        all.push_back(kept(cell));
    return all;
}

std::vector<Cell> view(KeptCells const& key, KeptCells const& rest) {
    std::vector<Cell> cells;
    for (auto const& cell : key)
        cells.push_back(cell.view());
    for (auto const& cell : rest)
        cells.push_back(cell.view());
    return cells;
}

bool begins_with(KeptCells const& key, KeptCells const& prefix) {
    return prefix.size() <= key.size() && std::equal(prefix.begin(), prefix.end(), key.begin());
}

class OpenModel final : public ports::ReadModel {
public:
    OpenModel(ports::ModelShape shape, std::shared_ptr<ReadModels::Kept> model,
              std::shared_ptr<std::optional<Failure>> failure)
        : shape_(std::move(shape)), model_(std::move(model)), failure_(std::move(failure)) {}

    Result<Checkpoint> checkpoint() override {
        std::lock_guard const lock(model_->mutex);
        return model_->checkpoint;
    }

    Result<bool> find(std::size_t table, std::span<Cell const> key,
                      ports::RowVisitor const& visit) override {
        std::lock_guard const lock(model_->mutex);
        auto const found = model_->tables[table].find(kept(key));
        if (found == model_->tables[table].end())
            return false;
        visit(view(found->first, found->second));
        return true;
    }

    Result<void> scan(ports::Scan const& scan, ports::RowVisitor const& visit) override {
        std::lock_guard const lock(model_->mutex);
        auto const& rows = model_->tables[scan.table];
        auto const prefix = kept(scan.prefix);
        auto const after = kept(scan.after);
        std::size_t shown = 0;
        auto const show = [&](auto const& row) {
            if (!begins_with(row.first, prefix))
                return true;
            return shown++ < scan.limit.value() && visit(view(row.first, row.second));
        };
        bool const up = scan.direction == ports::Direction::ascending;
        auto const from =
            up ? (after.empty() ? rows.begin() : rows.upper_bound(after)) : rows.begin();
        auto const until = !up && !after.empty() ? rows.lower_bound(after) : rows.end();
        if (up)
            std::all_of(from, until, show);
        else
            std::all_of(std::make_reverse_iterator(until), std::make_reverse_iterator(from), show);
        return {};
    }

    Result<void> commit(ports::Changes const& changes, Checkpoint const& checkpoint) override {
        std::lock_guard const lock(model_->mutex);
        if (*failure_)
            return unexpected(**failure_);
        for (std::size_t table = 0; table < changes.size(); ++table)
            apply(table, changes[table]);
        model_->checkpoint = checkpoint;
        return {};
    }

    std::shared_ptr<ReadModels::Kept> const& kept_model() const { return model_; }

private:
    void apply(std::size_t table, ports::TableChanges const& changes) {
        auto const& shape = shape_.tables[table];
        auto& rows = model_->tables[table];
        auto const removed = std::span(changes.removed);
        for (std::size_t at = 0; at < removed.size(); at += shape.key_columns)
            rows.erase(kept(removed.subspan(at, shape.key_columns)));
        auto const put = std::span(changes.put);
        auto const rest = shape.columns.size() - shape.key_columns;
        for (std::size_t at = 0; at < put.size(); at += shape.columns.size())
            rows.insert_or_assign(kept(put.subspan(at, shape.key_columns)),
                                  kept(put.subspan(at + shape.key_columns, rest)));
    }

    ports::ModelShape shape_;
    std::shared_ptr<ReadModels::Kept> model_;
    std::shared_ptr<std::optional<Failure>> failure_;
};

std::shared_ptr<ReadModels::Kept> empty_model(ports::ModelShape const& shape) {
    auto model = std::make_shared<ReadModels::Kept>();
    model->version = shape.version;
    model->tables.resize(shape.tables.size());
    return model;
}

} // namespace

Result<ports::OpenedModel> ReadModels::open(ports::ModelShape const& shape) {
    std::lock_guard const lock(mutex_);
    auto& model = models_[std::string(shape.name)];
    std::string discarded;
    if (model && model->version != shape.version) {
        discarded = "the rows are of version " + std::to_string(model->version);
        model.reset();
    }
    if (!model)
        model = empty_model(shape);
    return ports::OpenedModel{std::make_unique<OpenModel>(shape, model, commit_failure_),
                              std::move(discarded)};
}

Result<std::unique_ptr<ports::ReadModel>>
ReadModels::begin_rebuild(ports::ModelShape const& shape) {
    return std::unique_ptr<ports::ReadModel>(
        std::make_unique<OpenModel>(shape, empty_model(shape), commit_failure_));
}

Result<std::unique_ptr<ports::ReadModel>>
ReadModels::replace(ports::ModelShape const& shape, std::unique_ptr<ports::ReadModel> live,
                    std::unique_ptr<ports::ReadModel> rebuilt) {
    std::lock_guard const lock(mutex_);
    live.reset();
    models_[std::string(shape.name)] = dynamic_cast<OpenModel&>(*rebuilt).kept_model();
    return rebuilt;
}

Result<void> ReadModels::discard(ports::ModelShape const& shape) {
    std::lock_guard const lock(mutex_);
    models_.erase(std::string(shape.name));
    return {};
}

Result<std::unique_ptr<ports::RowReader>> ReadModels::read(ports::ModelShape const& shape) {
    std::lock_guard const lock(mutex_);
    auto const found = models_.find(shape.name);
    if (found == models_.end() || found->second->version != shape.version)
        return unexpected(
            Failure{FailureKind::not_found, "the read model " + std::string(shape.name) +
                                                " was never built; run the projection first"});
    auto snapshot = empty_model(shape);
    std::lock_guard const model_lock(found->second->mutex);
    snapshot->tables = found->second->tables;
    snapshot->checkpoint = found->second->checkpoint;
    return std::unique_ptr<ports::RowReader>(
        std::make_unique<OpenModel>(shape, std::move(snapshot), commit_failure_));
}

} // namespace kontor::memory
