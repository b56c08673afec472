#pragma once

/// The few words in which the rules answer.

#include "domain/order/decide.hpp"

#include <utility>

namespace kontor::order {

inline Unexpected<Rejection> no(RejectionCode code) {
    return unexpected(Rejection{code});
}
inline Unexpected<Rejection> no(Rejection rejection) {
    return unexpected(rejection);
}

/// It is so already: no fact, the same answer.
inline Decision so_already() {
    return Events<Event>{};
}

template <class Fact>
Decision that(Fact fact) {
    Decision decision = so_already();
    decision->emplace_back(std::move(fact));
    return decision;
}

/// Until when units may come back that arrive now.
inline std::optional<Instant> window_from(Book const& book, Instant now) {
    return book.return_window ? std::optional(now + *book.return_window) : std::nullopt;
}

} // namespace kontor::order
