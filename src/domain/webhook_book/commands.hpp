#pragma once

/// What may be asked of a book: to keep a page. With `ends` it is the last one, whatever room is
/// left: nothing is delivered to this webhook any more.

#include "domain/webhook_book/events.hpp"

namespace kontor::webhook_book {

struct KeepPage {
    std::uint64_t through;
    std::vector<Waiting> waiting;
    std::vector<Try> tries;
    bool ends{false};
    friend bool operator==(KeepPage const&, KeepPage const&) = default;
};

using Command = std::variant<KeepPage>;

} // namespace kontor::webhook_book
