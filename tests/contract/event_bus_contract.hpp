#pragma once

/// What every event bus must do, as a function of a factory: each adapter runs the same sentences.
/// Source: MESSAGING section 4.

#include "ports/event_archive.hpp"
#include "tests/contract/messaging_words.hpp"

#include <memory>

namespace kontor::contract {

class EventBusUnderTest : public MessagingWorld {
public:
    virtual ports::EventBus& bus() = 0;
    virtual ports::EventBuses& buses() = 0;
    virtual ports::EventRules& rules() = 0;
    virtual ports::EventTargets& targets() = 0;
    virtual ports::EventArchives& archives() = 0;
    virtual ports::EventReplays& replays() = 0;
    virtual ports::ResourceTags& tags() = 0;
    virtual Instant now() = 0;
};

using MakeEventBus = std::function<std::unique_ptr<EventBusUnderTest>()>;

/// Registers the suite `EventBusContract/<name>`.
bool event_bus_contract(std::string const& name, MakeEventBus make);

} // namespace kontor::contract
