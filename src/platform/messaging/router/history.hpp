#pragma once

/// What facts of the log are on a bus, and the log as archives see it: the place of a fact is one
/// less than its position.

#include "platform/messaging/bus/archives.hpp"
#include "platform/messaging/router/public_facts.hpp"
#include "ports/event_store.hpp"

namespace kontor::router {

/// A public fact, or what somebody put.   Errors: corrupt, unsupported (a newer release wrote it).
Result<Shown> shown_of(Stage const& stage, ports::EventPage const& page,
                       ports::RecordedEvent const& event);

class LogHistory final : public bus::EventHistory {
public:
    /// Both outlive it.
    LogHistory(ports::EventStore& store, Stage const& stage) : store_(store), stage_(stage) {}

    std::size_t size() const override { return store_.durable().position.value(); }
    std::size_t visit(std::size_t from, std::size_t places_max, Visit const& visit) const override;

private:
    ports::EventStore& store_;
    Stage const& stage_;
};

} // namespace kontor::router
