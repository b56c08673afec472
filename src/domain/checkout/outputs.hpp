#pragma once

/// What the order process answers: at most one fact of its own and the commands that leave with it,
/// all in one append. Nothing at all: the input was seen before, or changes nothing.

#include "domain/checkout/commands.hpp"
#include "domain/checkout/events.hpp"

#include "base/shapes.hpp"

namespace kontor::checkout {

struct Outputs {
    Events<Event> events;
    Commands commands;

    bool empty() const { return events.empty(); }
};

} // namespace kontor::checkout
