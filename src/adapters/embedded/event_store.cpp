#include "adapters/embedded/event_store.hpp"

#include "adapters/embedded/journal/intake.hpp"
#include "adapters/embedded/journal/reader.hpp"
#include "adapters/embedded/journal/recovery.hpp"

#include <random>

namespace kontor::embedded {
Id128 draw_lineage() {
    std::random_device entropy;
    auto const word = [&] { return std::uint64_t{entropy()} << 32 | entropy(); };
    auto const high = word();
    return {high, word() | 1};
}

struct EventStore::Parts {
    Parts(ports::Disk& disk, Clock& clock, Faults& faults, journal::Limits const& limits)
        : state(disk, clock, faults, limits) {}

    std::unique_ptr<ports::File> lock;
    journal::State state;
    journal::Cold cold{state};
    journal::Upkeep upkeep{state, cold};
    journal::Writer writer{state, upkeep};
    journal::Intake intake{state, cold};
    journal::Reader reader{state, cold};
    OpenReport report;
};

Result<std::unique_ptr<EventStore>> EventStore::open(ports::Disk& disk, Clock& clock,
                                                     Faults& faults, StoreOptions options) {
    auto parts = std::make_unique<Parts>(disk, clock, faults, options.limits);
    KONTOR_TRY(parts->lock, disk.open("lock", ports::FileUse::lock));
    auto& state = parts->state;
    auto& report = parts->report;
    state.types = std::move(options.event_types);
    state.on_written = std::move(options.on_written);
    KONTOR_TRY(auto const recovered, journal::recover(state));
    if (recovered.tail) {
        KONTOR_TRY(parts->writer.go_on(*recovered.tail));
        report.lineage = recovered.tail->chain.lineage;
        report.last_written_at = recovered.tail->chain.written_at;
    } else if (!options.may_begin) {
        return unexpected(Failure{FailureKind::not_found, "there is no journal here"});
    } else {
        journal::Chain chain;
        chain.generation = 1;
        chain.lineage = options.lineage.is_nil() ? draw_lineage() : options.lineage;
        KONTOR_TRY(parts->writer.begin_segment(chain));
        state.open_chain = chain;
        report.lineage = chain.lineage;
        report.is_new = true;
    }
    report.was_closed = recovered.was_closed;
    report.indexes_rebuilt = recovered.indexes_rebuilt;
    report.checkpoints_refused = recovered.checkpoints_refused;
    report.made_anew = recovered.made_anew;
    report.last = ports::Position(state.next_position - 1);
    report.segments = state.sealed->size() + 1;
    if (auto const& cut = recovered.cut)
        report.cut = CutFrame{ports::Position(cut->position), cut->place, cut->bytes, cut->kept_as};
    return std::unique_ptr<EventStore>(new EventStore(std::move(parts)));
}

EventStore::EventStore(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
EventStore::~EventStore() = default;

Agent& EventStore::writer() {
    return parts_->writer;
}

Agent& EventStore::upkeep() {
    return parts_->upkeep;
}

OpenReport const& EventStore::report() const {
    return parts_->report;
}

std::size_t EventStore::resident_index_bytes() const {
    std::lock_guard const lock(parts_->state.mutex);
    return parts_->state.sealed->resident_bytes();
}

std::size_t EventStore::spare_segments() const {
    std::lock_guard const lock(parts_->state.mutex);
    return parts_->state.spares.size();
}

std::size_t EventStore::filters_asked() const {
    std::lock_guard const lock(parts_->state.mutex);
    return parts_->state.sealed->filters();
}

journal::Scrubbed EventStore::scrubbed() const {
    return parts_->upkeep.scrubbed();
}

Result<journal::Compacted> EventStore::compact(journal::OnSegment const& on_segment) {
    return parts_->upkeep.compact(on_segment);
}

Result<journal::LiveCopy> EventStore::begin_copy(ports::Disk& to) {
    return journal::LiveCopy::begin(parts_->state, to);
}

Result<void> EventStore::close() {
    return parts_->writer.close();
}

Result<ports::Appended> EventStore::append(ports::Batch const& batch) {
    return parts_->intake.append(batch);
}

ports::Durable EventStore::durable() const {
    auto const append = parts_->state.durable_append.load(std::memory_order_acquire);
    auto const position = parts_->state.durable_position.load(std::memory_order_acquire);
    return {ports::AppendNumber(append), ports::Position(position)};
}

ports::Room EventStore::room() const {
    return parts_->state.room.load(std::memory_order_relaxed);
}

Result<ports::EventPage> EventStore::read_stream(StreamId const& stream, ports::StreamVersion from,
                                                 ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    return parts_->reader.read_stream(stream, from.value(), limit.value());
}

Result<ports::EventPage> EventStore::read_log(ports::Position after, ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    return parts_->reader.read_log(after.value(), limit.value());
}

Result<ports::OpenPage> EventStore::read_open(ports::Position up_to, ports::Position after,
                                              ports::Limit limit) {
    KONTOR_ASSERT(limit.value() > 0, "a read without a limit");
    return parts_->reader.read_open(up_to.value(), after.value(), limit.value());
}

Result<ports::StreamVersion> EventStore::head(StreamId const& stream) {
    return parts_->intake.head(stream);
}

Result<std::optional<ports::OutcomeRecord>> EventStore::find_outcome(CommandId command) {
    return parts_->reader.find_outcome(command);
}

} // namespace kontor::embedded
