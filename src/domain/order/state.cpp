#include "domain/order/state.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace kontor::order {
namespace {

std::uint32_t units_of(LineQuantity const& line) {
    return static_cast<std::uint32_t>(line.quantity.value());
}

template <class Situation>
Situation& in(State& state) {
    auto* const situation = std::get_if<Situation>(&state);
    KONTOR_ASSERT(situation != nullptr, "a fact of another situation than {}", state.index());
    return *situation;
}

template <class... Situations>
Book& book_in(State& state) {
    Book* book = nullptr;
    ((book = std::holds_alternative<Situations>(state) ? &*std::get<Situations>(state).book : book),
     ...);
    KONTOR_ASSERT(book != nullptr, "a fact of another situation than {}", state.index());
    return *book;
}

LineTally& tally_in(Book& book, std::uint16_t line) {
    KONTOR_ASSERT(line >= 1 && line <= book.lines.size(), "line {} of {}", line, book.lines.size());
    return book.lines[line - 1U];
}

std::uint32_t& open_of_kind(Book& book, SkuKind kind) {
    return is_service(kind) ? book.open_services : book.open_goods;
}

/// Takes `units` out of the open pool.
Worth take_open(Book& book, LineTally& tally, std::uint32_t units) {
    auto const open = tally.open_units();
    KONTOR_ASSERT(units <= open, "{} of {} open units", units, open);
    auto const worth = part_of(tally.open, units, open);
    tally.open -= worth;
    open_of_kind(book, tally.kind) -= units;
    return worth;
}

void cancel_units(Book& book, LineTally& tally, std::uint32_t units) {
    book.cancelled += take_open(book, tally, units);
    tally.cancelled += units;
}

void append_lines(Book& book, std::vector<Line> const& lines) {
    book.lines.reserve(book.lines.size() + lines.size());
    for (auto const& line : lines) {
        KONTOR_ASSERT(line.line.value() == book.lines.size() + 1, "line {} follows line {}",
                      line.line.value(), book.lines.size());
        auto& tally = book.lines.emplace_back();
        tally.ordered = static_cast<std::uint32_t>(line.quantity.value());
        tally.kind = line.kind;
        tally.open = Worth(line.value);
        book.sold += tally.open;
        open_of_kind(book, line.kind) += tally.ordered;
    }
}

/// What was asked for now counts, unless more was returned or asked for before.
void note_asked(LineTally& tally) {
    tally.return_asked =
        std::max(tally.return_asked, tally.returned + tally.returning + tally.coming_back);
    KONTOR_ASSERT(tally.return_asked <= tally.shipped, "{} asked back of {} shipped",
                  tally.return_asked, tally.shipped);
}

template <class Range, class Id>
auto* found_by_id(Range& range, Id Range::value_type::* id, Id wanted) {
    auto const at = std::ranges::find(range, wanted, id);
    return at == range.end() ? nullptr : &*at;
}

Parcel& parcel_in(Book& book, FulfilmentId id) {
    auto* const parcel = found_by_id(book.parcels, &Parcel::fulfilment_id, id);
    KONTOR_ASSERT(parcel != nullptr, "a fact of an unknown parcel");
    return *parcel;
}

Return& open_return_in(Book& book, ReturnId id) {
    auto* const found = found_by_id(book.returns, &Return::return_id, id);
    KONTOR_ASSERT(found != nullptr && found->status == Return::Status::open,
                  "a fact of a return that is not open");
    return *found;
}

/// Lets go of units that were awaited and will not come by this return.
void close_return(Book& book, Return& closed, Return::Status status) {
    bool const is_carriers = closed.parcel != FulfilmentId();
    for (auto const& awaited : closed.awaited) {
        auto& tally = tally_in(book, awaited.line);
        (is_carriers ? tally.coming_back : tally.returning) -= awaited.units;
    }
    closed.awaited.clear();
    closed.status = status;
    if (is_carriers)
        parcel_in(book, closed.parcel).coming_back = false;
}

/// Requires: `lines` ascend, as they do in every fact.
void take_units(std::span<LineUnits> lines, std::uint16_t line, std::uint32_t units) {
    auto const at = std::ranges::lower_bound(lines, line, {}, &LineUnits::line);
    KONTOR_ASSERT(at != lines.end() && at->line == line && at->units >= units,
                  "{} units of line {} are not in it", units, line);
    at->units -= units;
}

std::span<LineUnits> lines_in(Book& book, Parcel const& parcel) {
    return {book.parcel_lines.data() + parcel.first, parcel.count};
}

} // namespace

State initial() {
    return Nothing{};
}

Phase phase_of(State const& state) {
    constexpr std::array by_index{Phase::nothing, Phase::placed, Phase::confirmed, Phase::editing,
                                  Phase::completed};
    if (auto const* const closed = std::get_if<Closed>(&state)) {
        switch (closed->outcome) {
        case Closed::Outcome::cancelled: return Phase::cancelled;
        case Closed::Outcome::rejected: return Phase::rejected;
        case Closed::Outcome::expired: return Phase::expired;
        }
        KONTOR_UNREACHABLE();
    }
    return by_index[state.index()];
}

bool is_terminal(State const& state) {
    return std::holds_alternative<Finished>(state) || std::holds_alternative<Closed>(state);
}

Book const* book_of(State const& state) {
    return std::visit(
        []<class Situation>(Situation const& situation) -> Book const* {
            if constexpr (std::is_same_v<Situation, Nothing>)
                return nullptr;
            else
                return &*situation.book;
        },
        state);
}

Parcel const* parcel_of(Book const& book, FulfilmentId id) {
    return found_by_id(book.parcels, &Parcel::fulfilment_id, id);
}

Return const* return_of(Book const& book, ReturnId id) {
    return found_by_id(book.returns, &Return::return_id, id);
}

bool has_refund(Book const& book, RefundId id) {
    return std::ranges::find(book.refunds, id) != book.refunds.end();
}

bool has_request(Book const& book, CommandId id) {
    return std::ranges::find(book.requests, id) != book.requests.end();
}

LineTally const& tally_of(Book const& book, LineNumber line) {
    KONTOR_ASSERT(line.value() >= 1 && line.value() <= book.lines.size(), "line {} of {}",
                  line.value(), book.lines.size());
    return book.lines[line.value() - 1U];
}

State evolve(State state, Placed const& event) {
    in<Nothing>(state);
    AwaitingPayment placed;
    auto& book = *placed.book;
    book.currency = event.currency;
    book.services_ship = event.services_ship;
    book.pay_by = event.pay_by;
    book.ship_within = event.ship_within;
    book.return_window = event.return_window;
    book.coupon = event.coupon;
    book.customer_id = event.customer_id;
    append_lines(book, event.lines);
    book.shipping_open = Worth(event.shipping);
    book.sold += book.shipping_open;
    placed.attempt = event.payment ? 1 : 0;
    return placed;
}

State evolve(State state, PaymentOffered const& event) {
    in<AwaitingPayment>(state).attempt = event.attempt;
    return state;
}

State evolve(State state, Confirmed const&) {
    return InProgress{std::move(in<AwaitingPayment>(state).book)};
}

State evolve(State state, Rejected const&) {
    return Closed{std::move(in<AwaitingPayment>(state).book), Closed::Outcome::rejected};
}

State evolve(State state, Expired const&) {
    return Closed{std::move(in<AwaitingPayment>(state).book), Closed::Outcome::expired};
}

State evolve(State state, Cancelled const&) {
    auto& boxed = std::holds_alternative<InProgress>(state) ? in<InProgress>(state).book
                                                            : in<AwaitingPayment>(state).book;
    auto& book = *boxed;
    KONTOR_ASSERT(book.is_untouched(), "{} units of a cancelled order have shipped", book.shipped);
    for (auto& tally : book.lines)
        cancel_units(book, tally, tally.open_units());
    book.cancelled += std::exchange(book.shipping_open, {});
    return Closed{std::move(boxed), Closed::Outcome::cancelled};
}

State evolve(State state, LinesCancelled const& event) {
    auto& book = *in<InProgress>(state).book;
    for (auto const& line : event.lines)
        cancel_units(book, tally_in(book, line.line.value()), units_of(line));
    book.requests.push_back(event.request);
    return state;
}

State evolve(State state, AddressChanged const& event) {
    book_in<AwaitingPayment, InProgress, BeingEdited>(state).requests.push_back(event.request);
    return state;
}

State evolve(State state, EditOpened const& event) {
    return BeingEdited{std::move(in<InProgress>(state).book), event.editor};
}

State evolve(State state, EditAbandoned const&) {
    return InProgress{std::move(in<BeingEdited>(state).book)};
}

State evolve(State state, Edited const& event) {
    InProgress edited{std::move(in<BeingEdited>(state).book)};
    auto& book = *edited.book;
    for (auto const& line : event.cancelled)
        cancel_units(book, tally_in(book, line.line.value()), units_of(line));
    append_lines(book, event.added);
    return edited;
}

State evolve(State state, Shipped const& event) {
    auto& book = *in<InProgress>(state).book;
    if (book.is_untouched())
        book.shipping_out = std::exchange(book.shipping_open, {});
    auto const first = static_cast<std::uint32_t>(book.parcel_lines.size());
    book.parcel_lines.reserve(first + event.lines.size());
    for (auto const& line : event.lines) {
        auto& tally = tally_in(book, line.line.value());
        auto const units = units_of(line);
        tally.out += take_open(book, tally, units);
        tally.shipped += units;
        book.shipped += units;
        book.under_way += units;
        book.parcel_lines.push_back({line.line.value(), units});
    }
    book.parcels.push_back({event.fulfilment_id.value_or(FulfilmentId()), first,
                            static_cast<std::uint32_t>(event.lines.size())});
    return state;
}

State evolve(State state, Delivered const& event) {
    auto& book = book_in<InProgress, BeingEdited>(state);
    auto const id = event.fulfilment_id.value_or(FulfilmentId());
    auto const until =
        event.returnable_until ? event.returnable_until->unix_microseconds() : INT64_MAX;
    std::size_t next = 0;
    for (auto const& parcel : book.parcels) {
        if (parcel.fulfilment_id != id)
            continue;
        for (auto& left : lines_in(book, parcel)) {
            if (next == event.lines.size() || event.lines[next].line.value() != left.line)
                continue;
            auto& tally = tally_in(book, left.line);
            auto const units = units_of(event.lines[next++]);
            KONTOR_ASSERT(units == left.units, "{} units arrived of {}", units, left.units);
            tally.returnable_until =
                tally.delivered == 0 ? until : std::max(tally.returnable_until, until);
            tally.delivered += units;
            book.under_way -= units;
            left.units = 0;
        }
    }
    KONTOR_ASSERT(next == event.lines.size(), "{} of {} lines arrived", next, event.lines.size());
    return state;
}

State evolve(State state, Completed const&) {
    auto& finished = in<InProgress>(state);
    auto const& book = *finished.book;
    KONTOR_ASSERT(book.open_units() == 0 && book.under_way == 0, "{} open, {} under way",
                  book.open_units(), book.under_way);
    return Finished{std::move(finished.book)};
}

State evolve(State state, ReturnRequested const& event) {
    auto& book = book_in<InProgress, BeingEdited, Finished>(state);
    Return asked{event.return_id, event.fulfilment_id.value_or(FulfilmentId()), {}, {}};
    asked.awaited.reserve(event.lines.size());
    for (auto const& line : event.lines) {
        auto& tally = tally_in(book, line.line.value());
        (event.fulfilment_id ? tally.coming_back : tally.returning) += units_of(line);
        note_asked(tally);
        asked.awaited.push_back({line.line.value(), units_of(line)});
    }
    if (event.fulfilment_id)
        parcel_in(book, *event.fulfilment_id).coming_back = true;
    book.returns.push_back(std::move(asked));
    return state;
}

State evolve(State state, ReturnReceived const& event) {
    auto& book = book_in<InProgress, BeingEdited, Finished>(state);
    auto& received = open_return_in(book, event.return_id);
    bool const is_carriers = received.parcel != FulfilmentId();
    for (auto const& line : event.lines) {
        auto const number = line.line.value();
        auto const units = static_cast<std::uint32_t>(line.quantity.value());
        take_units(received.awaited, number, units);
        auto& tally = tally_in(book, number);
        auto const worth = part_of(tally.out, units, tally.out_units());
        tally.out -= worth;
        book.returned += worth;
        tally.returned += units;
        (is_carriers ? tally.coming_back : tally.returning) -= units;
        if (!is_carriers)
            continue;
        tally.returned_undelivered += units;
        book.under_way -= units;
        take_units(lines_in(book, parcel_in(book, received.parcel)), number, units);
    }
    if (event.last)
        close_return(book, received, Return::Status::received);
    if (book.requests.empty() || book.requests.back() != event.request)
        book.requests.push_back(event.request);
    return state;
}

State evolve(State state, ReturnCancelled const& event) {
    auto& book = book_in<InProgress, BeingEdited, Finished>(state);
    close_return(book, open_return_in(book, event.return_id), Return::Status::cancelled);
    return state;
}

State evolve(State state, RefundGranted const& event) {
    auto& book = book_in<InProgress, BeingEdited, Finished, Closed>(state);
    book.refunds.push_back(event.refund_id);
    switch (event.kind) {
    case RefundKind::cancel: book.granted_cancel += Worth(event.value); return state;
    case RefundKind::return_: book.granted_return += Worth(event.value); return state;
    case RefundKind::shipping: book.granted_shipping += Worth(event.value); return state;
    case RefundKind::goodwill: book.granted_goodwill += event.amount.minor(); return state;
    case RefundKind::compensation: return state;
    }
    KONTOR_UNREACHABLE();
}

} // namespace kontor::order
