#pragma once

/// PassingStore: a store that hands everything on to another. What a test wants otherwise, it
/// overrides.

#include "ports/event_store.hpp"

namespace kontor::testing {

class PassingStore : public ports::EventStore {
public:
    /// It outlives this one.
    explicit PassingStore(ports::EventStore& store) : store_(store) {}

    Result<ports::Appended> append(ports::Batch const& batch) override {
        return store_.append(batch);
    }
    ports::Durable durable() const override { return store_.durable(); }
    ports::Room room() const override { return store_.room(); }
    Result<ports::EventPage> read_stream(StreamId const& stream, ports::StreamVersion from,
                                         ports::Limit limit) override {
        return store_.read_stream(stream, from, limit);
    }
    Result<ports::EventPage> read_log(ports::Position after, ports::Limit limit) override {
        return store_.read_log(after, limit);
    }
    Result<ports::OpenPage> read_open(ports::Position up_to, ports::Position after,
                                      ports::Limit limit) override {
        return store_.read_open(up_to, after, limit);
    }
    Result<ports::StreamVersion> head(StreamId const& stream) override {
        return store_.head(stream);
    }
    Result<std::optional<ports::OutcomeRecord>> find_outcome(CommandId command) override {
        return store_.find_outcome(command);
    }

protected:
    ports::EventStore& store_;
};

} // namespace kontor::testing
