#pragma once

/// JSON, of any described type: everything that leaves, and our own requests.
///
///   record    an object, fields in the sequence of the description; absent optionals are left out
///   number    an integer; a Duration in microseconds
///   money     {"amount":1999,"currency":"GBP"}, the amount in minor units
///   enum      its name; a `_` that the language wanted at the end is left out
///   id        its prefix and 26 characters, an Id128 without prefix
///   instant   RFC 3339 in UTC, microseconds where there are any
///   currency, country, SKU, stream …     the text people know them by
///   bytes     base 64
///   choice    an object of one member, named after the alternative (alternative_names)
///   personal  the value as it is, {"sealed":"<base 64>"}, or null when it is erased
///
/// Reading is strict in types (1.0 is no integer, "1" neither) and in repeated keys. Whether
/// unknown keys are refused or skipped, the caller says. Errors carry a JSON pointer (RFC 6901) in
/// `where`.

#include "codec/json_values.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace kontor::codec {

template <class T>
struct Json<T, Kind::strong> {
    using Inner = Json<typename T::underlying>;
    static void write(JsonWriter& to, T const& value) { Inner::write(to, value.value()); }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        typename T::underlying inner{};
        if (!Inner::read(node, inner, at, reading))
            return false;
        value = T(std::move(inner));
        return true;
    }
};

template <class T>
struct Json<T, Kind::optional> {
    using Value = typename T::value_type;
    static void write(JsonWriter& to, T const& value) {
        if (value)
            Json<Value>::write(to, *value);
        else
            to.out += "null";
    }
    /// Null is as good as absent, but for a personal value, where it says "erased".
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        value.reset();
        if (!is_personal<Value> && node.kind() == JsonKind::null)
            return true;
        return Json<Value>::read(node, value.emplace(), at, reading);
    }
};

template <class T>
struct Json<T, Kind::list> {
    using Item = typename T::value_type;
    static void write(JsonWriter& to, T const& list) {
        to.out += '[';
        bool first = true;
        for (auto const& item : list) {
            if (!std::exchange(first, false))
                to.out += ',';
            Json<Item>::write(to, item);
        }
        to.out += ']';
    }
    static bool read(JsonNode node, T& list, JsonPath const& at, JsonReading& reading) {
        if (node.kind() != JsonKind::list)
            return reading.refuse(at, "a list is wanted");
        list.clear();
        list.reserve(node.size());
        bool ok = true;
        node.each_item([&](JsonNode item) {
            auto const index = list.size();
            return ok = Json<Item>::read(item, list.emplace_back(), {&at, {}, index}, reading);
        });
        return ok;
    }
};

/// The members of an object, each read by `read_member(key, node)`.
template <class ReadMember>
bool read_members(JsonNode node, JsonPath const& at, JsonReading& reading,
                  ReadMember&& read_member) {
    if (node.kind() != JsonKind::object)
        return reading.refuse(at, "an object is wanted");
    bool ok = true;
    node.each_member(
        [&](std::string_view key, JsonNode member) { return ok = read_member(key, member); });
    return ok;
}

/// Any described type with plain members; the base of records and of what is written like one.
template <class T>
struct JsonRecord {
    static constexpr std::size_t field_count = boost::mp11::mp_size<described_fields<T>>::value;

    static void write(JsonWriter& to, T const& record) {
        to.out += '{';
        bool first = true;
        for_each_field<T>([&]<class Field>(Field field) {
            using Value = field_type<T, Field>;
            auto const& value = record.*Field::pointer;
            if constexpr (is_optional<Value>)
                if (!value)
                    return;
            if (!std::exchange(first, false))
                to.out += ',';
            to.out += '"';
            to.out += stored_name(field.name);
            to.out += "\":";
            Json<Value>::write(to, value);
        });
        to.out += '}';
    }

    static bool read(JsonNode node, T& record, JsonPath const& at, JsonReading& reading) {
        std::array<bool, field_count> seen{};
        bool const ok = read_members(node, at, reading, [&](std::string_view key, JsonNode member) {
            return read_field(member, record, {&at, key}, reading, seen);
        });
        return ok && nothing_is_missing(at, reading, seen);
    }

private:
    /// `at` ends in the key of the field.
    static bool read_field(JsonNode node, T& record, JsonPath const& at, JsonReading& reading,
                           std::array<bool, field_count>& seen) {
        std::size_t index = 0;
        bool known = false;
        bool ok = true;
        for_each_field<T>([&]<class Field>(Field field) {
            if (!known && stored_name(field.name) == at.key) {
                known = true;
                ok = !std::exchange(seen[index], true) ||
                     reading.refuse(at, "this key stands twice");
                ok = ok &&
                     Json<field_type<T, Field>>::read(node, record.*Field::pointer, at, reading);
            }
            ++index;
        });
        if (!known && reading.unknown_keys == UnknownKeys::refused)
            return reading.refuse(at, "there is no such key: " + std::string(at.key));
        return ok;
    }

    static bool nothing_is_missing(JsonPath const& at, JsonReading& reading,
                                   std::array<bool, field_count> const& seen) {
        std::size_t index = 0;
        bool ok = true;
        for_each_field<T>([&]<class Field>(Field field) {
            if (ok && !seen[index] && !is_optional<field_type<T, Field>>)
                ok = reading.refuse(at, std::string(stored_name(field.name)) + " is missing");
            ++index;
        });
        return ok;
    }
};

template <class T>
struct Json<T, Kind::record> : JsonRecord<T> {};

/// Money as it leaves: the names are the API's.
struct JsonMoney {
    std::int64_t amount{};
    Currency currency{};
};
BOOST_DESCRIBE_STRUCT(JsonMoney, (), (amount, currency))
static_assert(describes_every_field<JsonMoney>());

template <class T>
struct Json<T, Kind::money> {
    static void write(JsonWriter& to, T value) {
        Json<JsonMoney>::write(to, {value.minor(), value.currency()});
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        JsonMoney stored;
        if (!Json<JsonMoney>::read(node, stored, at, reading))
            return false;
        auto const money = Money::create(stored.amount, stored.currency);
        if (!money)
            return reading.refuse({&at, "amount"}, "an amount has at most 15 digits");
        value = *money;
        return true;
    }
};

template <class... Ts>
struct Json<std::variant<Ts...>, Kind::choice> {
    using Choice = std::variant<Ts...>;
    static constexpr auto const& names = alternative_names<Choice>;
    static_assert(std::size(names) == sizeof...(Ts),
                  "specialise alternative_names for this variant");

    static void write(JsonWriter& to, Choice const& choice) {
        to.out += '{';
        append_json_text(to.out, names[choice.index()]);
        to.out += ':';
        std::visit([&]<class T>(T const& value) { Json<T>::write(to, value); }, choice);
        to.out += '}';
    }
    static bool read(JsonNode node, Choice& choice, JsonPath const& at, JsonReading& reading) {
        std::size_t members = 0;
        bool const ok = read_members(node, at, reading, [&](std::string_view key, JsonNode member) {
            ++members;
            return read_named(key, member, choice, {&at, key}, reading);
        });
        return ok && (members == 1 || reading.refuse(at, "exactly one member is wanted"));
    }

private:
    static bool read_named(std::string_view key, JsonNode node, Choice& choice, JsonPath const& at,
                           JsonReading& reading) {
        bool known = false;
        bool ok = false;
        [&]<std::size_t... I>(std::index_sequence<I...>) {
            ((key == names[I] &&
              (known = true, ok = Json<Ts>::read(node, choice.template emplace<I>(), at, reading),
               true)) ||
             ...);
        }(std::index_sequence_for<Ts...>{});
        return known ? ok : reading.refuse(at, "there is no such alternative: " + std::string(key));
    }
};

struct JsonSealed {
    std::vector<std::uint8_t> sealed{};
};
BOOST_DESCRIBE_STRUCT(JsonSealed, (), (sealed))
static_assert(describes_every_field<JsonSealed>());

template <class T>
struct Json<Personal<T>, Kind::personal> {
    static void write(JsonWriter& to, Personal<T> const& personal) {
        if (to.personal == PersonalFields::withheld)
            to.out += R"({"withheld":true})";
        else if (auto const* value = personal.value())
            Json<T>::write(to, *value);
        else if (auto const* sealed = personal.sealed())
            Json<JsonSealed>::write(to, {sealed->bytes});
        else
            to.out += "null";
    }
    static bool read(JsonNode node, Personal<T>& personal, JsonPath const& at,
                     JsonReading& reading) {
        if (node.kind() == JsonKind::null) {
            personal = Personal<T>();
            return true;
        }
        if (is_sealed(node)) {
            JsonSealed stored;
            if (!Json<JsonSealed>::read(node, stored, at, reading))
                return false;
            personal = Personal<T>(Sealed{std::move(stored.sealed)});
            return true;
        }
        T value{};
        if (!Json<T>::read(node, value, at, reading))
            return false;
        personal = Personal<T>(std::move(value));
        return true;
    }

private:
    static bool is_sealed(JsonNode node) {
        bool sealed = false;
        if (node.kind() == JsonKind::object)
            node.each_member([&](std::string_view key, JsonNode) {
                sealed = key == "sealed";
                return false;
            });
        return sealed;
    }
};

template <class T>
void append_json(std::string& out, T const& value,
                 PersonalFields personal = PersonalFields::written) {
    JsonWriter writer{out, personal};
    Json<T>::write(writer, value);
}

template <class T>
std::string to_json(T const& value, PersonalFields personal = PersonalFields::written) {
    std::string out;
    append_json(out, value, personal);
    return out;
}

/// Reads a value from a node.   Errors: invalid, with a JSON pointer.
template <class T>
Result<T> from_json(JsonNode node, UnknownKeys unknown_keys) {
    JsonReading reading{unknown_keys};
    Result<T> result{T{}};
    if (!Json<T>::read(node, *result, JsonPath{}, reading))
        result = unexpected(std::move(reading.failure));
    return result;
}

/// Reads a value from a whole text.   Errors: invalid, with a JSON pointer.
template <class T>
Result<T> from_json(std::string_view text, UnknownKeys unknown_keys) {
    JsonDocument document;
    KONTOR_TRY(auto const root, document.parse(text));
    return from_json<T>(root, unknown_keys);
}

} // namespace kontor::codec
