#pragma once

/// The JSON of values that are written as one number, text or word, and what all writers and
/// readers share. What they are written as: codec/json.hpp.

#include "codec/json_document.hpp"
#include "codec/json_options.hpp"
#include "codec/json_text.hpp"
#include "codec/kinds.hpp"

#include "base/assert.hpp"

#include <string>
#include <string_view>

namespace kontor::codec {

struct JsonWriter {
    std::string& out;
    PersonalFields personal{PersonalFields::written};
};

/// Where a reader stands, as a chain on the stack that is spelled only when something is wrong.
struct JsonPath {
    JsonPath const* parent{nullptr};
    std::string_view key{};
    std::size_t index{0}; ///< of an item, when `key` has no text
};

/// What the readers of one document share.
struct JsonReading {
    UnknownKeys unknown_keys;
    Failure failure{FailureKind::invalid, {}, {}};

    /// Keeps what is wrong and where; always false.
    bool refuse(JsonPath const& at, std::string what);
};

/// How values of kind K are written and read. `read` is false when the reading refused.
template <class T, Kind K = kind_of<T>()>
struct Json;

template <class T>
struct Json<T, Kind::boolean> {
    static void write(JsonWriter& to, T value) { to.out += value ? "true" : "false"; }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        if (node.kind() != JsonKind::boolean)
            return reading.refuse(at, "true or false is wanted");
        value = node.boolean();
        return true;
    }
};

template <class T>
struct Json<T, Kind::number> {
    using Form = NumberForm<T>;
    static void write(JsonWriter& to, T value) { append_number(to.out, Form::number(value)); }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        auto const number = [&] {
            if constexpr (std::is_signed_v<typename Form::Number>)
                return node.signed_number();
            else
                return node.unsigned_number();
        }();
        auto const found = number ? Form::from(*number) : std::nullopt;
        if (!found)
            return reading.refuse(at, range_wanted());
        value = *found;
        return true;
    }

private:
    static std::string range_wanted() {
        std::string what = "an integer from ";
        append_number(what, Form::first);
        what += " to ";
        append_number(what, Form::last);
        return what + " is wanted";
    }
};

template <class T>
struct Json<T, Kind::enumeration> {
    static void write(JsonWriter& to, T value) {
        std::string_view name;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
            if (enumerator.value == value)
                name = stored_name(enumerator.name);
        });
        KONTOR_ASSERT(!name.empty(), "{} is written where one of {} is wanted",
                      static_cast<long long>(value), names());
        append_json_text(to.out, name);
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        bool known = false;
        auto const text = node.kind() == JsonKind::text ? node.text() : std::string_view{};
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
            if (stored_name(enumerator.name) == text) {
                value = enumerator.value;
                known = true;
            }
        });
        return known || reading.refuse(at, "one of " + names() + " is wanted");
    }

private:
    static std::string names() {
        std::string names;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
            names += names.empty() ? "" : ", ";
            names += stored_name(enumerator.name);
        });
        return names;
    }
};

/// Reads a text and lets `parse` make a value of it.
template <class T, class Parse>
bool read_text(JsonNode node, T& value, JsonPath const& at, JsonReading& reading, Parse&& parse) {
    if (node.kind() != JsonKind::text)
        return reading.refuse(at, "a text is wanted");
    auto parsed = parse(node.text());
    if (!parsed)
        return reading.refuse(at, parsed.error().what);
    value = *std::move(parsed);
    return true;
}

template <class T>
struct Json<T, Kind::text> {
    using Form = TextForm<T>;
    static void write(JsonWriter& to, T const& value) {
        append_json_text(to.out, Form::text(value));
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        bool const may_be_empty =
            Form::pattern.empty() || reading.unknown_keys == UnknownKeys::skipped;
        return read_text(node, value, at, reading, [&](std::string_view text) -> Result<T> {
            // What somebody types is spelled for them; what we stored was spelled so already.
            // Source: DOMAIN section 1, "upper-cased on entry".
            if constexpr (requires { T::parse(text); })
                if (reading.unknown_keys == UnknownKeys::refused)
                    return T::parse(text);
            if (auto found = Form::from(text); found && (may_be_empty || !text.empty()))
                return *std::move(found);
            return unexpected(Failure{FailureKind::invalid, spelling_wanted()});
        });
    }

private:
    static std::string spelling_wanted() {
        if constexpr (requires { Form::wanted(); })
            return Form::wanted();
        else if constexpr (Form::pattern.empty())
            return "a text of at most " + std::to_string(Form::length_max) + " bytes is wanted";
        else
            return "a text like " + std::string(Form::pattern) + " is wanted";
    }
};

template <class T>
struct Json<T, Kind::bytes> {
    static void write(JsonWriter& to, T const& value) {
        to.out += '"';
        append_base64(to.out, value);
        to.out += '"';
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, [](std::string_view text) -> Result<T> {
            if (auto bytes = parse_base64(text))
                return *std::move(bytes);
            return unexpected(Failure{FailureKind::invalid, "base 64 is wanted"});
        });
    }
};

template <class T>
struct Json<T, Kind::id> {
    static void write(JsonWriter& to, T value) {
        to.out += '"';
        to.out += value.to_string();
        to.out += '"';
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, T::parse);
    }
};

template <class T>
struct Json<T, Kind::currency> {
    static void write(JsonWriter& to, T value) { append_json_text(to.out, value.code()); }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, T::parse);
    }
};

template <class T>
struct Json<T, Kind::instant> {
    static void write(JsonWriter& to, T value) { append_json_text(to.out, to_string(value)); }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, parse_instant);
    }
};

template <class T>
struct Json<T, Kind::stream> {
    static void write(JsonWriter& to, T const& value) {
        append_json_text(to.out, value.to_string());
    }
    static bool read(JsonNode node, T& value, JsonPath const& at, JsonReading& reading) {
        return read_text(node, value, at, reading, T::parse);
    }
};

} // namespace kontor::codec
