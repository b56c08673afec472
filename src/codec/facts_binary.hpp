#pragma once

/// The binary half of events.hpp, to be instantiated once for each aggregate.

#include "codec/events.hpp"

#include "codec/binary.hpp"
#include "codec/facts_of.hpp"
#include "codec/upcast.hpp"

#include <variant>

namespace kontor::codec {

/// Errors: corrupt (the bytes do not read).
template <class Event, class Fact>
Result<Event> decode_fact(std::span<std::uint8_t const> bytes) {
    if constexpr (is_current<Event, Fact>) {
        Result<Event> decoded{Event(std::in_place_type<Fact>)};
        if (auto read = decode_binary_into(bytes, std::get<Fact>(*decoded)); !read)
            decoded = unexpected(std::move(read).error());
        return decoded;
    } else {
        KONTOR_TRY(auto fact, decode_binary<Fact>(bytes));
        return to_current<Event>(std::move(fact));
    }
}

template <class Event>
EventType encode(Event const& event, std::vector<std::uint8_t>& out) {
    return std::visit(
        [&]<class Fact>(Fact const& fact) {
            encode_binary(fact, out);
            return EventType(RowOf<Event, Fact>::number);
        },
        event);
}

/// Errors: corrupt (the bytes do not read), unsupported (no fact of this aggregate has that
///         number).
template <class Event>
Result<Event> decode(EventType type, std::span<std::uint8_t const> bytes) {
    return with_fact_type<Event, Result<Event>>(type, [&]<class Fact>(std::type_identity<Fact>) {
        return decode_fact<Event, Fact>(bytes);
    });
}

} // namespace kontor::codec
