#include "domain/webhook_book/decide.hpp"

namespace kontor::webhook_book {

Decision decide(State const& state, KeepPage const& command, Context const&) {
    auto const* const open = std::get_if<Open>(&state);
    if (open == nullptr)
        return unexpected(Rejection::book_closed);
    bool const is_last = command.ends || open->pages + 1 >= pages_max;
    return facts<Event>(PageKept{command.through, command.waiting, command.tries, is_last});
}

} // namespace kontor::webhook_book
