#include "domain/order/decide.hpp"

#include "domain/order/limits.hpp"
#include "domain/order/lines.hpp"
#include "domain/order/words.hpp"

#include <algorithm>

namespace kontor::order {
namespace {

std::optional<Rejection> blame_in(Line const& line, Currency currency) {
    for (auto const money : {line.unit_price, line.discount, line.value.net, line.value.tax}) {
        if (money.currency() != currency)
            return Rejection{RejectionCode::currency_mixed, line.line};
        if (money.is_negative())
            return Rejection{RejectionCode::out_of_range, line.line};
    }
    return {};
}

/// Gives the lines their numbers, after those that are there.
Result<std::vector<Line>, Rejection> numbered(std::vector<Line> lines, std::size_t there,
                                              Currency currency) {
    if (there + lines.size() > lines_max)
        return unexpected(Rejection{RejectionCode::too_many_lines});
    for (auto& line : lines) {
        line.line = LineNumber(static_cast<std::uint16_t>(++there));
        if (auto const blame = blame_in(line, currency))
            return unexpected(*blame);
    }
    return lines;
}

std::int64_t gross_of(std::vector<Line> const& lines) {
    std::int64_t sum = 0;
    for (auto const& line : lines)
        sum += line.value.net.minor() + line.value.tax.minor();
    return sum;
}

std::optional<RejectionCode> blame_in(Quote const& quote) {
    for (auto const money : {quote.shipping.net, quote.shipping.tax, quote.discount, quote.total}) {
        if (money.currency() != quote.currency)
            return RejectionCode::currency_mixed;
        if (money.is_negative())
            return RejectionCode::out_of_range;
    }
    std::int64_t discount = 0;
    for (auto const& line : quote.lines)
        discount += line.discount.minor();
    auto const total = gross_of(quote.lines) + Worth(quote.shipping).gross();
    if (total > total_max)
        return RejectionCode::out_of_range;
    if (discount != quote.discount.minor() || total != quote.total.minor())
        return RejectionCode::quote_inconsistent;
    return {};
}

/// More of a line is to be cancelled than is open.
Rejection too_many_to_cancel(LineNumber line, LineTally const& tally) {
    auto const code =
        tally.shipped > 0 ? RejectionCode::already_shipped : RejectionCode::bad_quantity;
    return {code, line, Count(tally.open_units())};
}

Result<Lines, Rejection> cancellable(Book const& book, Lines const& wanted) {
    KONTOR_TRY(auto lines, merged(wanted, book));
    for (auto const& line : lines)
        if (auto const& tally = tally_of(book, line.line);
            line.quantity.value() > tally.open_units())
            return unexpected(too_many_to_cancel(line.line, tally));
    return lines;
}

/// Some of it has left, so the whole cannot be cancelled: names the first such line.
Rejection whole_has_shipped(Book const& book) {
    auto const at =
        std::ranges::find_if(book.lines, [](LineTally const& tally) { return tally.shipped > 0; });
    auto const line = static_cast<std::uint16_t>(at - book.lines.begin() + 1);
    return {RejectionCode::already_shipped, LineNumber(line), Count(at->open_units())};
}

Decision cancel_whole(Book const& book, Cancel const& command) {
    if (!book.is_untouched())
        return no(whole_has_shipped(book));
    auto left = book.sold;
    left -= book.cancelled;
    return that(Cancelled{command.reason, command.by, left.in(book.currency)});
}

Decision cancel_lines(Book const& book, CancelLines const& command, Context const& context) {
    if (has_request(book, context.command_id))
        return so_already();
    if (command.lines.empty())
        return no(RejectionCode::bad_quantity);
    if (book.requests.size() >= changes_max)
        return no(RejectionCode::limit_reached);
    KONTOR_TRY(auto lines, cancellable(book, command.lines));
    bool const is_all = book.is_untouched() && units_in(lines) == book.open_units();
    auto const value = open_worth(book, lines).in(book.currency);
    Events<Event> events;
    events.emplace_back(
        LinesCancelled{std::move(lines), value, command.reason, command.by, context.command_id});
    if (is_all)
        events.emplace_back(
            Cancelled{command.reason, command.by, book.shipping_open.in(book.currency)});
    return events;
}

Decision change_address(Book const& book, ChangeAddress const& command, Context const& context) {
    if (has_request(book, context.command_id) || (!command.ship_to && !command.contact))
        return so_already();
    if (book.requests.size() >= changes_max)
        return no(RejectionCode::limit_reached);
    return that(AddressChanged{command.ship_to, command.contact, context.command_id});
}

Decision commit_edit(BeingEdited const& edit, CommitEdit const& command) {
    auto const& book = *edit.book;
    if (command.added.empty() && command.cancelled.empty())
        return no(RejectionCode::edit_empty);
    KONTOR_TRY(auto cancelled, cancellable(book, command.cancelled));
    KONTOR_TRY(auto added, numbered(command.added, book.lines.size(), book.currency));
    auto const more = gross_of(added);
    if (book.sold.gross() + more > total_max)
        return no(RejectionCode::out_of_range);
    auto const delta = more - open_worth(book, cancelled).gross();
    if (delta > 0 && !command.payment_id)
        return no(RejectionCode::edit_unpaid);
    bool const needs_stock =
        std::ranges::any_of(added, [](Line const& line) { return !is_service(line.kind); });
    if (needs_stock && !command.reservation_id)
        return no(RejectionCode::edit_unreserved);
    bool const is_all =
        book.is_untouched() && added.empty() && units_in(cancelled) == book.open_units();
    Events<Event> events;
    events.emplace_back(Edited{std::move(added), std::move(cancelled),
                               Money::of(delta, book.currency), command.payment_id,
                               command.reservation_id});
    if (is_all)
        events.emplace_back(
            Cancelled{"edited away", edit.editor.kind, book.shipping_open.in(book.currency)});
    return events;
}

/// An order without goods: its services leave and arrive with the confirmation.
void ship_services(Events<Event>& events, Book const& book, Instant now) {
    auto lines = with_open_services(book, {});
    events.emplace_back(Shipped{{}, lines, book.sold.in(book.currency)});
    events.emplace_back(Delivered{{}, std::move(lines), window_from(book, now)});
}

} // namespace

Decision decide(State const& state, Place const& command, Context const& context) {
    if (phase_of(state) != Phase::nothing)
        return no(RejectionCode::order_exists);
    auto const& quote = command.quote;
    if (quote.lines.empty())
        return no(RejectionCode::empty_order);
    if (command.country == Country())
        return no(RejectionCode::unknown_country);
    KONTOR_TRY(auto lines, numbered(quote.lines, 0, quote.currency));
    if (auto const blame = blame_in(quote))
        return no(*blame);
    if (command.expected_total && *command.expected_total != quote.total)
        return no(RejectionCode::price_changed);
    auto const& promises = command.promises;
    return that(Placed{command.order_id, command.customer_id, command.channel, quote.currency,
                       quote.rounding, context.now + promises.pay_within, std::move(lines),
                       quote.shipping, quote.discount, quote.coupon, quote.total, command.country,
                       command.ship_to, command.contact, command.payment, quote.shipping_method,
                       promises.ship_within, promises.return_window, promises.services_ship});
}

Decision decide(State const& state, Confirm const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: break;
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return so_already();
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    auto const& book = *book_of(state);
    auto decision =
        that(Confirmed{command.payment_id, command.reservation_id, context.now + book.ship_within});
    if (book.open_goods == 0 && book.services_ship == ServicesShip::at_confirmation)
        ship_services(*decision, book, context.now);
    return decision;
}

Decision decide(State const& state, Reject const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return that(Rejected{command.reason, command.shortages});
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return no(RejectionCode::already_confirmed);
    case Phase::rejected: return so_already();
    case Phase::cancelled:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, Expire const&, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: break;
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return no(RejectionCode::already_confirmed);
    case Phase::expired: return so_already();
    case Phase::cancelled:
    case Phase::rejected: return no(RejectionCode::order_closed);
    }
    auto const pay_by = book_of(state)->pay_by;
    if (context.now < pay_by)
        return no(RejectionCode::too_early);
    return that(Expired{pay_by});
}

Decision decide(State const& state, OfferPayment const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: break;
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return no(RejectionCode::nothing_due);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    auto const& placed = std::get<AwaitingPayment>(state);
    if (placed.book->sold.gross() == 0)
        return no(RejectionCode::nothing_due);
    if (command.attempt <= placed.attempt)
        return so_already();
    if (command.attempt > payment_attempts_max)
        return no(RejectionCode::too_many_attempts);
    if (command.attempt != placed.attempt + 1)
        return no(RejectionCode::attempt_skipped);
    if (context.now >= placed.book->pay_by)
        return no(RejectionCode::too_late);
    return that(PaymentOffered{command.attempt, command.method, command.token});
}

Decision decide(State const& state, Cancel const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed:
    case Phase::confirmed: return cancel_whole(*book_of(state), command);
    case Phase::editing: return no(RejectionCode::order_editing);
    case Phase::completed: return no(whole_has_shipped(*book_of(state)));
    case Phase::cancelled: return so_already();
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, CancelLines const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::not_confirmed);
    case Phase::confirmed: return cancel_lines(*book_of(state), command, context);
    case Phase::editing: return no(RejectionCode::order_editing);
    case Phase::completed: return no(RejectionCode::already_shipped);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, ChangeAddress const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return change_address(*book_of(state), command, context);
    case Phase::confirmed:
    case Phase::editing:
        if (book_of(state)->open_goods == 0)
            return no(RejectionCode::already_shipped);
        return change_address(*book_of(state), command, context);
    case Phase::completed: return no(RejectionCode::already_shipped);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, OpenEdit const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::not_confirmed);
    case Phase::confirmed:
        if (book_of(state)->open_units() == 0)
            return no(RejectionCode::already_shipped);
        return that(EditOpened{command.editor, context.now + edit_open_max});
    case Phase::editing:
        if (std::get<BeingEdited>(state).editor == command.editor)
            return so_already();
        return no(RejectionCode::order_editing);
    case Phase::completed: return no(RejectionCode::already_shipped);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, CommitEdit const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed:
    case Phase::confirmed:
    case Phase::completed: return no(RejectionCode::no_open_edit);
    case Phase::editing: return commit_edit(std::get<BeingEdited>(state), command);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, AbandonEdit const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::no_open_edit);
    case Phase::confirmed:
    case Phase::completed: return so_already();
    case Phase::editing: return that(EditAbandoned{command.reason});
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::order
