#pragma once

/// The rules of a book: pages are kept in sequence until it is full. A page that says the same
/// twice is two pages: that a command is carried out once is the desk's care.

#include "domain/webhook_book/commands.hpp"
#include "domain/webhook_book/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::webhook_book {

enum class Rejection : std::uint8_t {
    book_closed ///< its last page was kept
};
BOOST_DESCRIBE_ENUM(Rejection, book_closed)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: book_closed.
Decision decide(State const& state, KeepPage const& command, Context const& context);

} // namespace kontor::webhook_book
