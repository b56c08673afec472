#pragma once

/// AggregateCodec: the functions of events.hpp for one aggregate, made of its Event and its rows of
/// the table. Include it only where they are instantiated: one file for each aggregate, which names
/// the rows in FactsOf and then instantiates what events.hpp declares.

#include "codec/events.hpp"

#include "codec/binary.hpp"
#include "codec/fact_codec.hpp"
#include "codec/json.hpp"
#include "codec/schema.hpp"
#include "codec/stored.hpp"
#include "codec/upcast.hpp"
#include "codec/words.hpp"

#include <fmt/format.h>

#include <variant>

namespace kontor::codec {

template <class Event, class Rows>
struct AggregateCodec {
    template <class Fact>
    using RowOf = boost::mp11::mp_at_c<boost::mp11::mp_copy_if_q<Rows, StoresType<Fact>>, 0>;

    static EventType encode(Event const& event, std::vector<std::uint8_t>& out) {
        return std::visit(
            [&]<class Fact>(Fact const& fact) {
                encode_binary(fact, out);
                return EventType(RowOf<Fact>::number);
            },
            event);
    }

    /// Errors: corrupt (the bytes do not read), unsupported (a number that no fact of this aggregate has).
    static Result<Event> decode(EventType type, std::span<std::uint8_t const> bytes) {
        return with_fact_type<Result<Event>>(
            type, [&]<class Fact>(std::type_identity<Fact>) { return decode_fact<Fact>(bytes); });
    }

    static std::string to_json(Event const& event, PersonalFields personal) {
        return std::visit([&](auto const& fact) { return codec::to_json(fact, personal); }, event);
    }

    static Result<Event> from_json(EventType type, std::string_view json) {
        return with_fact_type<Result<Event>>(
            type, [&]<class Fact>(std::type_identity<Fact>) -> Result<Event> {
                KONTOR_TRY(auto fact, codec::from_json<Fact>(json, UnknownKeys::skipped));
                return to_current<Event>(std::move(fact));
            });
    }

    static Result<std::string> stored_to_json(EventType type, std::span<std::uint8_t const> bytes,
                                              PersonalFields personal) {
        return with_fact_type<Result<std::string>>(
            type, [&]<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
                KONTOR_TRY(auto const fact, decode_binary<Fact>(bytes));
                return codec::to_json(fact, personal);
            });
    }

    static Result<void> json_to_stored(EventType type, std::string_view json,
                                       std::vector<std::uint8_t>& out) {
        return with_fact_type<Result<void>>(
            type, [&]<class Fact>(std::type_identity<Fact>) -> Result<void> {
                KONTOR_TRY(auto const fact, codec::from_json<Fact>(json, UnknownKeys::skipped));
                encode_binary(fact, out);
                return {};
            });
    }

    static Result<std::string> schema(EventType type) {
        return with_fact_type<Result<std::string>>(
            type, []<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
                return schema_of<Fact>(UnknownKeys::skipped);
            });
    }

    static Result<std::string> fields(EventType type) {
        return with_fact_type<Result<std::string>>(
            type, []<class Fact>(std::type_identity<Fact>) -> Result<std::string> {
                return words_of_fields<Fact>();
            });
    }

private:
    /// Calls `visit` with the struct that `type` stores.
    template <class Answer, class Visitor>
    static Answer with_fact_type(EventType type, Visitor&& visit) {
        return pick<Answer>(type, visit, Rows{});
    }

    template <class Answer, class Visitor, class Row, class... Rest>
    static Answer pick(EventType type, Visitor& visit, boost::mp11::mp_list<Row, Rest...>) {
        if (type.value() == Row::number)
            return visit(std::type_identity<typename Row::Type>{});
        return pick<Answer>(type, visit, boost::mp11::mp_list<Rest...>{});
    }

    template <class Answer, class Visitor>
    static Answer pick(EventType type, Visitor&, boost::mp11::mp_list<>) {
        return unexpected(Failure{FailureKind::unsupported, "no such type of event",
                                  fmt::format("event type {}", type.value())});
    }

    template <class Fact>
    static Result<Event> decode_fact(std::span<std::uint8_t const> bytes) {
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
};

/// The rows of an aggregate's facts: `using Rows = order_facts;`.
template <class Event>
struct FactsOf;

template <class Event>
EventType encode(Event const& event, std::vector<std::uint8_t>& out) {
    return AggregateCodec<Event, typename FactsOf<Event>::Rows>::encode(event, out);
}

/// Errors: corrupt (the bytes do not read), unsupported (a number that no fact of this aggregate has).
template <class Event>
Result<Event> decode(EventType type, std::span<std::uint8_t const> bytes) {
    return AggregateCodec<Event, typename FactsOf<Event>::Rows>::decode(type, bytes);
}

template <class Event>
std::string fact_to_json(Event const& event, PersonalFields personal) {
    return AggregateCodec<Event, typename FactsOf<Event>::Rows>::to_json(event, personal);
}

template <class Event>
Result<Event> fact_from_json(EventType type, std::string_view json) {
    return AggregateCodec<Event, typename FactsOf<Event>::Rows>::from_json(type, json);
}

template <class Event>
FactCodec fact_codec() {
    using Codec = AggregateCodec<Event, typename FactsOf<Event>::Rows>;
    return {Codec::stored_to_json, Codec::json_to_stored, Codec::schema, Codec::fields};
}

} // namespace kontor::codec
