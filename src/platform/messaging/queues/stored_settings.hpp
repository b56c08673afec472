#pragma once

/// Settings as the port has them and as the facts do, one into the other.

#include "domain/queue/events.hpp"
#include "ports/queue_admin.hpp"

namespace kontor::queues {

queue::Settings to_stored(ports::QueueSettings const& settings);
ports::QueueSettings from_stored(queue::Settings const& settings);

queue::Owner to_stored(ports::QueueOwner owner);
ports::QueueOwner from_stored(queue::Owner owner);

std::vector<queue::Named> to_stored(std::map<std::string, std::string> const& texts);
std::map<std::string, std::string> from_stored(std::vector<queue::Named> const& texts);

std::vector<queue::Attribute> to_stored(ports::MessageAttributes const& attributes);
ports::MessageAttributes from_stored(std::vector<queue::Attribute>&& attributes);

} // namespace kontor::queues
