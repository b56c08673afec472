#include "adapters/faulty/event_store.hpp"

namespace kontor::faulty {
namespace {

Failure unavailable() {
    return {FailureKind::unavailable, "the store does not answer, as planned"};
}

} // namespace

bool EventStore::draw(std::uint32_t chance) const {
    if (chance == 0)
        return false;
    std::lock_guard const lock(mutex_);
    return random_.chance(chance, 1000);
}

Result<ports::Appended> EventStore::append(ports::Batch const& batch) {
    if (draw(plan_.append_full))
        return unexpected(Failure{FailureKind::full, "too much waits for the disk, as planned"});
    return store_.append(batch);
}

ports::Durable EventStore::durable() const {
    bool const is_held = draw(plan_.durable_held);
    auto const now = store_.durable();
    std::lock_guard const lock(mutex_);
    if (!is_held && now.append >= shown_.append && now.position >= shown_.position)
        shown_ = now;
    return shown_;
}

Result<ports::EventPage> EventStore::read_stream(StreamId const& stream, ports::StreamVersion from,
                                                 ports::Limit limit) {
    if (draw(plan_.read_unavailable))
        return unexpected(unavailable());
    return store_.read_stream(stream, from, limit);
}

Result<ports::EventPage> EventStore::read_log(ports::Position after, ports::Limit limit) {
    if (draw(plan_.read_unavailable))
        return unexpected(unavailable());
    return store_.read_log(after, limit);
}

Result<ports::OpenPage> EventStore::read_open(ports::Position up_to, ports::Position after,
                                              ports::Limit limit) {
    if (draw(plan_.read_unavailable))
        return unexpected(unavailable());
    return store_.read_open(up_to, after, limit);
}

Result<ports::StreamVersion> EventStore::head(StreamId const& stream) {
    if (draw(plan_.read_unavailable))
        return unexpected(unavailable());
    return store_.head(stream);
}

Result<std::optional<ports::OutcomeRecord>> EventStore::find_outcome(CommandId command) {
    if (draw(plan_.read_unavailable))
        return unexpected(unavailable());
    return store_.find_outcome(command);
}

} // namespace kontor::faulty
