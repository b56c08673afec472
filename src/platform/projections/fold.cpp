#include "platform/projections/fold.hpp"

#include "platform/projections/limits.hpp"

#include <utility>

namespace kontor::projections {

ports::ModelShape model_shape(std::string_view name, std::uint32_t version,
                              std::span<AnyTable* const> tables) {
    ports::ModelShape shape{name, version, {}};
    for (auto const* table : tables)
        shape.tables.push_back(table->shape());
    return shape;
}

Fold::Fold(std::unique_ptr<Projection> projection) : projection_(std::move(projection)) {}

Fold::Fold(std::unique_ptr<Projection> projection, std::unique_ptr<ports::ReadModel> model,
           ports::Checkpoint from)
    : projection_(std::move(projection)), model_(std::move(model)), checkpoint_(from),
      position_(from.position) {
    backing_.model = model_.get();
    std::size_t number = 0;
    for (auto* table : projection_->tables())
        table->stand_before(backing_, number++);
}

Result<std::size_t> Fold::follow(ports::EventStore& log, ports::Limit limit, ports::Position until,
                                 Write write) {
    is_store_to_blame_ = false;
    auto page = log.read_log(position_, ports::Limit(std::min(limit.value(), events_per_page_max)));
    if (!page)
        return unexpected(std::move(page).error());
    auto folded = project(*page, until);
    if (!folded) {
        fall_back();
        return folded;
    }
    bool const is_at_the_end = page->empty() || position_ >= until;
    bool const is_full = uncommitted_ >= events_per_commit_max;
    if (is_full || (is_at_the_end && write == Write::at_the_end))
        KONTOR_TRY(commit());
    return folded;
}

Result<std::size_t> Fold::project(ports::EventPage const& page, ports::Position until) {
    std::size_t folded = 0;
    for (auto const& event : page.events) {
        if (event.position > until)
            break;
        KONTOR_TRY(projection_->project(event, page.commit_of(event)));
        is_store_to_blame_ = backing_.latch.has_value();
        if (backing_.latch)
            return unexpected(*backing_.latch);
        position_ = event.position;
        ++folded;
    }
    if (model_)
        uncommitted_ += folded;
    return folded;
}

Result<void> Fold::commit() {
    if (uncommitted_ == 0)
        return {};
    collected_.changes.resize(projection_->tables().size());
    for (auto& changes : collected_.changes) {
        changes.put.clear();
        changes.removed.clear();
    }
    collected_.arena.clear();
    collected_.digest = checkpoint_.digest;
    for (auto* table : projection_->tables())
        table->collect(collected_);
    ports::Checkpoint const next{position_, checkpoint_.lineage, collected_.digest};
    if (auto committed = model_->commit(collected_.changes, next); !committed) {
        is_store_to_blame_ = true;
        fall_back();
        return committed;
    }
    checkpoint_ = next;
    uncommitted_ = 0;
    for (auto* table : projection_->tables())
        table->committed();
    return {};
}

void Fold::fall_back() {
    if (!model_)
        return;
    for (auto* table : projection_->tables())
        table->forget();
    backing_.latch.reset();
    position_ = checkpoint_.position;
    uncommitted_ = 0;
}

std::unique_ptr<ports::ReadModel> Fold::release() {
    backing_.model = nullptr;
    return std::exchange(model_, nullptr);
}

ports::RowDigest Fold::digest_in_memory() {
    KONTOR_ASSERT(!model_, "a fold before a store knows only a part of its rows");
    ports::RowDigest digest;
    std::size_t number = 0;
    for (auto* table : projection_->tables())
        table->add_digest(number++, digest);
    return digest;
}

} // namespace kontor::projections
