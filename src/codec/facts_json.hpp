#pragma once

/// The JSON half of events.hpp, and what stored_json.hpp asks of each aggregate; to be instantiated
/// once for each. Today's facts take their binary form from the other half, so that it is compiled
/// once only.

#include "codec/events.hpp"

#include "codec/binary.hpp"
#include "codec/fact_codec.hpp"
#include "codec/facts_of.hpp"
#include "codec/json.hpp"
#include "codec/personal_fields.hpp"
#include "codec/schema.hpp"
#include "codec/upcast.hpp"
#include "codec/words.hpp"

#include <variant>

namespace kontor::codec {

template <class Event>
std::string fact_to_json(Event const& event, PersonalFields personal) {
    return std::visit([&](auto const& fact) { return to_json(fact, personal); }, event);
}

/// Errors: invalid (not this fact, and where), unsupported (no fact of this aggregate has that
/// number).
template <class Event>
Result<Event> fact_from_json(EventType type, std::string_view json) {
    return with_fact_type<Event, Result<Event>>(
        type, [&]<class Fact>(std::type_identity<Fact>) -> Result<Event> {
            KONTOR_TRY(auto fact, from_json<Fact>(json, UnknownKeys::skipped));
            return to_current<Event>(std::move(fact));
        });
}

/// Errors: corrupt (the bytes do not read), unsupported (no fact of this aggregate has that
///         number), what the opener says.
template <class Event>
Result<std::string> aggregate_to_json(EventType type, std::span<std::uint8_t const> bytes,
                                      PersonalFields personal, FieldOpener* opener) {
    return with_fact_type<Event, Result<std::string>>(
        type, [&]<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
            if constexpr (is_current<Event, Fact>) {
                KONTOR_TRY(auto event, decode<Event>(type, bytes));
                if constexpr (has_personal_facts<Event>)
                    if (opener != nullptr)
                        KONTOR_TRY(open_fields(event, *opener));
                return fact_to_json(event, personal);
            } else {
                KONTOR_TRY(auto const fact, decode_binary<Fact>(bytes));
                return to_json(fact, personal);
            }
        });
}

/// Errors: invalid (not this fact, and where), unsupported (no fact of this aggregate has that
/// number).
template <class Event>
Result<void> aggregate_to_stored(EventType type, std::string_view json,
                                 std::vector<std::uint8_t>& out) {
    return with_fact_type<Event, Result<void>>(
        type, [&]<class Fact>(std::type_identity<Fact>) -> Result<void> {
            if constexpr (is_current<Event, Fact>) {
                KONTOR_TRY(auto const event, fact_from_json<Event>(type, json));
                encode(event, out);
            } else {
                KONTOR_TRY(auto const fact, from_json<Fact>(json, UnknownKeys::skipped));
                encode_binary(fact, out);
            }
            return {};
        });
}

/// Errors: unsupported (no fact of this aggregate has that number).
template <class Event>
Result<std::string> aggregate_schema(EventType type) {
    return with_fact_type<Event, Result<std::string>>(
        type, []<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
            return schema_of<Fact>(UnknownKeys::skipped);
        });
}

/// Errors: unsupported (no fact of this aggregate has that number).
template <class Event>
Result<std::string> aggregate_fields(EventType type) {
    return with_fact_type<Event, Result<std::string>>(
        type, []<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
            return words_of_fields<Fact>();
        });
}

template <class Event>
FactCodec fact_codec() {
    return {aggregate_to_json<Event>, aggregate_to_stored<Event>, aggregate_schema<Event>,
            aggregate_fields<Event>};
}

} // namespace kontor::codec
