#pragma once

/// faulty::EventStore: a store that is full, unreachable or slow to the disk when a seed says so,
/// within what the port allows: what it accepts is still accepted, and what was durable stays so.
///
/// Thread: as the port says; the plan is drawn under a mutex.

#include "ports/event_store.hpp"

#include "base/random.hpp"

#include <mutex>

namespace kontor::faulty {

/// Chances in a thousand; zero everywhere is a store without faults.
struct StorePlan {
    std::uint32_t append_full{0};
    std::uint32_t read_unavailable{0};
    std::uint32_t durable_held{0}; ///< durable() answers what it answered last
};

class EventStore final : public ports::EventStore {
public:
    EventStore(ports::EventStore& store, StorePlan plan, std::uint64_t seed)
        : store_(store), plan_(plan), random_(Random(seed).fork("faulty.event_store")) {}

    Result<ports::Appended> append(ports::Batch const& batch) override;
    ports::Durable durable() const override;
    ports::Room room() const override { return store_.room(); }
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override;
    Result<ports::EventPage> read_log(ports::Position after, ports::Limit limit) override;
    Result<ports::OpenPage> read_open(ports::Position up_to, ports::Position after,
                                      ports::Limit limit) override;
    Result<ports::StreamVersion> head(StreamId const& stream) override;
    Result<std::optional<ports::OutcomeRecord>> find_outcome(CommandId command) override;

private:
    bool draw(std::uint32_t chance) const;

    ports::EventStore& store_;
    StorePlan const plan_;
    mutable std::mutex mutex_;
    mutable Random random_;
    mutable ports::Durable shown_{};
};

} // namespace kontor::faulty
