#include "domain/order/decide.hpp"

#include "domain/order/limits.hpp"
#include "domain/order/lines.hpp"
#include "domain/order/words.hpp"

#include <algorithm>
#include <array>

namespace kontor::order {
namespace {

LineQuantity line_quantity(LineUnits const& units) {
    return {LineNumber(units.line), Quantity::of(units.units)};
}

std::span<LineUnits const> lines_of(Book const& book, Parcel const& parcel) {
    return {book.parcel_lines.data() + parcel.first, parcel.count};
}

Decision that_shipped(Book const& book, std::optional<FulfilmentId> id, Lines lines) {
    if (book.parcels.size() >= parcels_max)
        return no(RejectionCode::limit_reached);
    auto worth = open_worth(book, lines);
    if (book.is_untouched())
        worth += book.shipping_open;
    return that(Shipped{id, std::move(lines), worth.in(book.currency)});
}

Decision ship(Book const& book, Ship const& command) {
    auto const id = command.fulfilment_id.value_or(FulfilmentId());
    if (id == FulfilmentId()) {
        if (!command.lines.empty())
            return no(RejectionCode::bad_quantity);
        if (book.open_services == 0)
            return so_already();
        return that_shipped(book, {}, with_open_services(book, {}));
    }
    if (parcel_of(book, id) != nullptr)
        return so_already();
    if (command.lines.empty())
        return no(RejectionCode::bad_quantity);
    KONTOR_TRY(auto lines, merged(command.lines, book));
    for (auto const& line : lines)
        if (auto const open = tally_of(book, line.line).open_units(); line.quantity.value() > open)
            return no({RejectionCode::cancelled_meanwhile, line.line, Count(open)});
    return that_shipped(book, id, with_open_services(book, std::move(lines)));
}

Decision deliver(Book const& book, Deliver const& command, Instant now) {
    auto const id = command.fulfilment_id.value_or(FulfilmentId());
    if (parcel_of(book, id) == nullptr)
        return no(RejectionCode::not_shipped);
    Lines arrived;
    for (auto const& parcel : book.parcels) {
        if (parcel.fulfilment_id != id)
            continue;
        if (parcel.coming_back)
            return no(RejectionCode::coming_back);
        arrived.reserve(arrived.size() + parcel.count);
        for (auto const& line : lines_of(book, parcel))
            if (line.units > 0)
                arrived.push_back(line_quantity(line));
    }
    if (arrived.empty())
        return so_already();
    return that(Delivered{command.fulfilment_id, std::move(arrived), window_from(book, now)});
}

Decision complete(Book const& book, Complete const& command) {
    if (command.net.currency() != book.currency || command.uncollected.currency() != book.currency)
        return no(RejectionCode::currency_mixed);
    if (command.uncollected.is_negative())
        return no(RejectionCode::bad_amount);
    if (book.open_units() == 0 && book.under_way == 0)
        return that(Completed{command.net, command.uncollected});
    auto const missing = [](LineTally const& tally) {
        return tally.open_units() + tally.under_way();
    };
    auto const at = std::ranges::find_if(
        book.lines, [&](LineTally const& tally) { return missing(tally) > 0; });
    auto const line = static_cast<std::uint16_t>(at - book.lines.begin() + 1);
    return no({RejectionCode::not_delivered, LineNumber(line), Count(missing(*at))});
}

/// The carrier brings a parcel back: its goods return, the services in it count as rendered.
Decision bring_back(Book const& book, RequestReturn const& command, Instant now) {
    auto const* const parcel = parcel_of(book, *command.fulfilment_id);
    if (parcel == nullptr)
        return no(RejectionCode::not_shipped);
    if (parcel->coming_back)
        return no(RejectionCode::not_returnable);
    Lines goods;
    Lines services;
    for (auto const& line : lines_of(book, *parcel))
        if (line.units > 0)
            (is_service(book.lines[line.line - 1U].kind) ? services : goods)
                .push_back(line_quantity(line));
    if (goods.empty())
        return no(RejectionCode::not_returnable);
    Events<Event> events;
    if (!services.empty())
        events.emplace_back(
            Delivered{command.fulfilment_id, std::move(services), window_from(book, now)});
    events.emplace_back(ReturnRequested{command.return_id, std::move(goods), command.reason,
                                        command.by, command.fulfilment_id});
    return events;
}

Decision request_return(Book const& book, RequestReturn const& command, Instant now) {
    if (return_of(book, command.return_id) != nullptr)
        return so_already();
    if (book.returns.size() >= changes_max)
        return no(RejectionCode::limit_reached);
    if (command.fulfilment_id.value_or(FulfilmentId()) != FulfilmentId())
        return bring_back(book, command, now);
    if (command.lines.empty())
        return no(RejectionCode::not_returnable);
    KONTOR_TRY(auto lines, merged(command.lines, book));
    for (auto const& line : lines) {
        auto const& tally = tally_of(book, line.line);
        if (line.quantity.value() > tally.returnable())
            return no({RejectionCode::not_returnable, line.line, Count(tally.returnable())});
        if (now.unix_microseconds() > tally.returnable_until)
            return no({RejectionCode::return_window_closed, line.line, Count(0)});
    }
    return that(ReturnRequested{command.return_id, std::move(lines), command.reason, command.by});
}

std::uint32_t awaited_of(Return const& opened, LineNumber line) {
    auto const at = std::ranges::lower_bound(opened.awaited, line.value(), {}, &LineUnits::line);
    return at != opened.awaited.end() && at->line == line.value() ? at->units : 0;
}

std::int64_t awaited_in(Return const& opened) {
    std::int64_t sum = 0;
    for (auto const& line : opened.awaited)
        sum += line.units;
    return sum;
}

/// What came in this condition, each line once.
std::vector<ReturnedLine> in_condition(std::vector<ReturnedLine> const& lines,
                                       ItemCondition condition, Book const& book) {
    Lines units;
    for (auto const& line : lines)
        if (line.condition == condition)
            units.push_back({line.line, line.quantity});
    std::vector<ReturnedLine> received;
    auto const each_once = merged(units, book);
    KONTOR_ASSERT(each_once.has_value(), "the lines of all conditions were merged before");
    received.reserve(each_once->size());
    for (auto const& line : *each_once)
        received.push_back({line.line, line.quantity, condition});
    return received;
}

/// One fact for each condition. The later ones are valued after the earlier ones happened, for the
/// units of one line may have come back in several conditions.
Events<Event> facts_of_receipt(State const& state, ReceiveReturn const& command, bool is_last,
                               CommandId request) {
    Events<Event> events;
    State after;
    State const* now = &state;
    for (auto const condition :
         {ItemCondition::restock, ItemCondition::damaged, ItemCondition::write_off}) {
        auto lines = in_condition(command.lines, condition, *book_of(state));
        if (lines.empty())
            continue;
        if (!events.empty()) {
            after = evolve(*now, std::get<ReturnReceived>(events.back()));
            now = &after;
        }
        auto const& book = *book_of(*now);
        auto const value = out_worth(book, lines).in(book.currency);
        events.emplace_back(
            ReturnReceived{command.return_id, std::move(lines), value, false, request});
    }
    if (events.empty())
        events.emplace_back(ReturnReceived{
            command.return_id, {}, NetTax::zero(book_of(state)->currency), false, request});
    std::get<ReturnReceived>(events.back()).last = is_last;
    return events;
}

Decision receive_return(State const& state, ReceiveReturn const& command, CommandId request) {
    auto const& book = *book_of(state);
    auto const* const opened = return_of(book, command.return_id);
    if (opened == nullptr)
        return no(RejectionCode::unknown_return);
    if (has_request(book, request))
        return so_already();
    if (opened->status != Return::Status::open)
        return no(RejectionCode::return_closed);
    if (command.lines.empty() && !command.last)
        return no(RejectionCode::bad_quantity);
    if (book.requests.size() >= changes_max)
        return no(RejectionCode::limit_reached);
    Lines units;
    units.reserve(command.lines.size());
    for (auto const& line : command.lines)
        units.push_back({line.line, line.quantity});
    KONTOR_TRY(auto const received, merged(units, book));
    for (auto const& line : received)
        if (auto const awaited = awaited_of(*opened, line.line); line.quantity.value() > awaited)
            return no({RejectionCode::not_returnable, line.line, Count(awaited)});
    bool const is_last = command.last || units_in(received) == awaited_in(*opened);
    return facts_of_receipt(state, command, is_last, request);
}

} // namespace

Decision decide(State const& state, Ship const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::not_confirmed);
    case Phase::confirmed: return ship(*book_of(state), command);
    case Phase::editing: return no(RejectionCode::order_editing);
    case Phase::completed:
        if (parcel_of(*book_of(state), command.fulfilment_id.value_or(FulfilmentId())) != nullptr)
            return so_already();
        return no(RejectionCode::already_shipped);
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, Deliver const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::confirmed:
    case Phase::editing: return deliver(*book_of(state), command, context.now);
    case Phase::completed: return so_already();
    case Phase::placed:
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::not_shipped);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, Complete const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::placed: return no(RejectionCode::not_confirmed);
    case Phase::confirmed: return complete(*book_of(state), command);
    case Phase::editing: return no(RejectionCode::order_editing);
    case Phase::completed: return so_already();
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::order_closed);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, RequestReturn const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return request_return(*book_of(state), command, context.now);
    case Phase::placed:
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::not_shipped);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, ReceiveReturn const& command, Context const& context) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: return receive_return(state, command, context.command_id);
    case Phase::placed:
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::unknown_return);
    }
    KONTOR_UNREACHABLE();
}

Decision decide(State const& state, CancelReturn const& command, Context const&) {
    switch (phase_of(state)) {
    case Phase::nothing: return no(RejectionCode::unknown_order);
    case Phase::confirmed:
    case Phase::editing:
    case Phase::completed: break;
    case Phase::placed:
    case Phase::cancelled:
    case Phase::rejected:
    case Phase::expired: return no(RejectionCode::unknown_return);
    }
    auto const* const found = return_of(*book_of(state), command.return_id);
    if (found == nullptr)
        return no(RejectionCode::unknown_return);
    switch (found->status) {
    case Return::Status::open: return that(ReturnCancelled{command.return_id, command.reason});
    case Return::Status::received: return no(RejectionCode::return_closed);
    case Return::Status::cancelled: return so_already();
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::order
