#include "domain/fulfilment/decide.hpp"

#include <algorithm>

namespace kontor::fulfilment {

namespace {

Decision nothing_happens() {
    return Events<Event>{};
}

OrderId order_of(State const& state) {
    if (auto const* const packed = std::get_if<Packed>(&state))
        return packed->order_id;
    if (auto const* const under_way = std::get_if<UnderWay>(&state))
        return under_way->order_id;
    if (auto const* const closed = std::get_if<Closed>(&state))
        return closed->order_id;
    return {};
}

// The parcel while it is in the house; whoever wants it later is told where it is.
Result<Packed const*, Rejection> packed_in(State const& state) {
    if (auto const* const packed = std::get_if<Packed>(&state))
        return packed;
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_fulfilment);
    if (std::holds_alternative<UnderWay>(state))
        return unexpected(Rejection::already_dispatched);
    return unexpected(Rejection::fulfilment_closed);
}

// The parcel while the carrier has it.
Result<UnderWay const*, Rejection> under_way_in(State const& state) {
    if (auto const* const under_way = std::get_if<UnderWay>(&state))
        return under_way;
    if (std::holds_alternative<Nothing>(state))
        return unexpected(Rejection::unknown_fulfilment);
    if (std::holds_alternative<Packed>(state))
        return unexpected(Rejection::not_dispatched);
    return unexpected(Rejection::fulfilment_closed);
}

bool ended_as(State const& state, Ending ending) {
    auto const* const closed = std::get_if<Closed>(&state);
    return closed != nullptr && closed->ending == ending;
}

std::size_t count_skus(Lines const& lines) {
    std::vector<Sku> skus;
    skus.reserve(lines.size());
    for (auto const& line : lines)
        skus.push_back(line.sku);
    std::ranges::sort(skus);
    return static_cast<std::size_t>(std::ranges::unique(skus).begin() - skus.begin());
}

bool names_a_line_twice(Lines const& lines) {
    std::vector<LineNumber> numbers;
    numbers.reserve(lines.size());
    for (auto const& line : lines)
        numbers.push_back(line.line);
    std::ranges::sort(numbers);
    return std::ranges::adjacent_find(numbers) != numbers.end();
}

bool exceeds(Lines const& lines, std::vector<LineQuantity> const& open) {
    return std::ranges::any_of(lines, [&](Line const& line) {
        auto const found = std::ranges::find(open, line.line, &LineQuantity::line);
        return found == open.end() || found->quantity < line.quantity;
    });
}

} // namespace

Decision decide(State const& state, Create const& command, Context const&) {
    if (!std::holds_alternative<Nothing>(state)) {
        auto const* const packed = std::get_if<Packed>(&state);
        if (order_of(state) != command.order_id ||
            (packed != nullptr && packed->lines != command.lines))
            return unexpected(Rejection::fulfilment_exists);
        return nothing_happens();
    }
    if (command.lines.empty() || names_a_line_twice(command.lines))
        return unexpected(Rejection::empty_parcel);
    if (command.lines.size() > skus_max && count_skus(command.lines) > skus_max)
        return unexpected(Rejection::too_many_skus);
    if (command.open && exceeds(command.lines, *command.open))
        return unexpected(Rejection::exceeds_open);
    return facts<Event>(
        Created{command.order_id, command.location, command.lines, command.ship_by});
}

Decision decide(State const& state, Hold const& command, Context const&) {
    KONTOR_TRY(auto const* const packed, packed_in(state));
    if (packed->holds.has(command.reason))
        return nothing_happens();
    return facts<Event>(Held{packed->order_id, command.reason});
}

Decision decide(State const& state, Resume const& command, Context const&) {
    KONTOR_TRY(auto const* const packed, packed_in(state));
    if (!packed->holds.has(command.reason))
        return nothing_happens();
    return facts<Event>(Resumed{packed->order_id, command.reason});
}

Decision decide(State const& state, Cancel const& command, Context const&) {
    if (ended_as(state, Ending::cancelled))
        return nothing_happens();
    KONTOR_TRY(auto const* const packed, packed_in(state));
    return facts<Event>(Cancelled{packed->order_id, command.reason});
}

Decision decide(State const& state, Dispatch const& command, Context const&) {
    if (auto const* const under_way = std::get_if<UnderWay>(&state)) {
        if (!under_way->at_depot)
            return nothing_happens();
        return facts<Event>(
            Dispatched{under_way->order_id, command.carrier, command.tracking, under_way->lines});
    }
    KONTOR_TRY(auto const* const packed, packed_in(state));
    if (!packed->holds.empty())
        return unexpected(Rejection::on_hold);
    return facts<Event>(
        Dispatched{packed->order_id, command.carrier, command.tracking, packed->lines});
}

Decision decide(State const& state, Deliver const& command, Context const&) {
    if (ended_as(state, Ending::delivered))
        return nothing_happens();
    KONTOR_TRY(auto const* const under_way, under_way_in(state));
    return facts<Event>(Delivered{under_way->order_id, command.at});
}

Decision decide(State const& state, FailDelivery const& command, Context const&) {
    KONTOR_TRY(auto const* const under_way, under_way_in(state));
    if (command.attempt <= under_way->failed_attempt)
        return nothing_happens();
    return facts<Event>(DeliveryFailed{under_way->order_id, command.attempt, command.reason});
}

Decision decide(State const& state, ReturnToSender const& command, Context const&) {
    if (ended_as(state, Ending::returned_to_sender))
        return nothing_happens();
    KONTOR_TRY(auto const* const under_way, under_way_in(state));
    return facts<Event>(ReturnedToSender{under_way->order_id, command.attempt, command.reason});
}

} // namespace kontor::fulfilment
