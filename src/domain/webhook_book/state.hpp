#pragma once

/// What the pages of a book add up to: how many there are, and whether more may come.

#include "domain/webhook_book/events.hpp"
#include "domain/webhook_book/limits.hpp"

namespace kontor::webhook_book {

struct Open {
    std::uint64_t pages{0};
    friend bool operator==(Open const&, Open const&) = default;
};

struct Closed {
    friend bool operator==(Closed, Closed) = default;
};

using State = std::variant<Open, Closed>;

State initial();
/// Closed: the next book goes on.
bool is_terminal(State const& state);

State evolve(State state, PageKept const& event);

} // namespace kontor::webhook_book
