#pragma once

/// JSON Schema of any described type, so that documents and code cannot drift: it says what
/// codec/json.hpp writes and reads. Records stand in full where they are used: a description has no
/// name to refer to.   Source: JSON Schema 2020-12, Core and Validation.

#include "codec/json_options.hpp"
#include "codec/json_text.hpp"
#include "codec/kinds.hpp"

#include <string>
#include <utility>

namespace kontor::codec {

/// Appends the schema of values of kind K. Objects are closed where unknown keys are refused.
template <class T, Kind K = kind_of<T>()>
struct Schema;

inline void append_text_schema(std::string& out, std::string_view keyword, std::string_view value) {
    out += R"({"type":"string",")";
    out += keyword;
    out += "\":";
    append_json_text(out, value);
    out += '}';
}

template <class T>
struct Schema<T, Kind::boolean> {
    static void append(std::string& out, UnknownKeys) { out += R"({"type":"boolean"})"; }
};

template <class T>
struct Schema<T, Kind::number> {
    static void append(std::string& out, UnknownKeys) {
        out += R"({"type":"integer","minimum":)";
        append_number(out, NumberForm<T>::first);
        out += R"(,"maximum":)";
        append_number(out, NumberForm<T>::last);
        out += '}';
    }
};

template <class T>
struct Schema<T, Kind::enumeration> {
    static void append(std::string& out, UnknownKeys) {
        out += R"({"type":"string","enum":[)";
        bool first = true;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
            if (!std::exchange(first, false))
                out += ',';
            append_json_text(out, stored_name(enumerator.name));
        });
        out += "]}";
    }
};

template <class T>
struct Schema<T, Kind::text> {
    static void append(std::string& out, UnknownKeys) {
        using Form = TextForm<T>;
        if constexpr (!Form::pattern.empty()) {
            append_text_schema(out, "pattern", Form::pattern);
        } else {
            // A length in bytes bounds the length in characters, which is what the schema counts.
            out += R"({"type":"string")";
            if (Form::length_max < TextForm<std::string>::length_max) {
                out += R"(,"maxLength":)";
                append_number(out, std::uint64_t{Form::length_max});
            }
            out += '}';
        }
    }
};

template <class T>
struct Schema<T, Kind::bytes> {
    static void append(std::string& out, UnknownKeys) {
        append_text_schema(out, "contentEncoding", "base64");
    }
};

template <class Tag>
constexpr std::string_view id_prefix(std::type_identity<TypedId<Tag>>) {
    return Tag::prefix;
}
constexpr std::string_view id_prefix(std::type_identity<Id128>) {
    return {};
}

template <class T>
struct Schema<T, Kind::id> {
    static void append(std::string& out, UnknownKeys) {
        append_text_schema(out, "pattern",
                           "^" + std::string(id_prefix(std::type_identity<T>{})) +
                               "[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$");
    }
};

template <class T>
struct Schema<T, Kind::currency> {
    static void append(std::string& out, UnknownKeys) {
        append_text_schema(out, "pattern", "^[A-Z]{3}$");
    }
};

template <class T>
struct Schema<T, Kind::money> {
    static void append(std::string& out, UnknownKeys keys) {
        static_assert(Money::max == 999'999'999'999'999);
        out += R"({"type":"object","properties":{"amount":{"type":"integer",)"
               R"("minimum":-999999999999999,"maximum":999999999999999},"currency":)";
        Schema<Currency>::append(out, keys);
        out += R"(},"required":["amount","currency"])";
        out += keys == UnknownKeys::refused ? R"(,"additionalProperties":false})" : "}";
    }
};

template <class T>
struct Schema<T, Kind::instant> {
    static void append(std::string& out, UnknownKeys) {
        append_text_schema(out, "format", "date-time");
    }
};

template <class T>
struct Schema<T, Kind::stream> {
    static void append(std::string& out, UnknownKeys) {
        append_text_schema(out, "pattern", "^[a-z]+-.+$");
    }
};

template <class T>
struct Schema<T, Kind::strong> : Schema<typename T::underlying> {};

/// Absent is the object's affair; null is as good.
template <class T>
struct Schema<T, Kind::optional> {
    static void append(std::string& out, UnknownKeys keys) {
        out += R"({"anyOf":[)";
        Schema<typename T::value_type>::append(out, keys);
        out += R"(,{"type":"null"}]})";
    }
};

template <class T>
struct Schema<T, Kind::list> {
    static void append(std::string& out, UnknownKeys keys) {
        out += R"({"type":"array","items":)";
        Schema<typename T::value_type>::append(out, keys);
        out += '}';
    }
};

template <class... Ts>
struct Schema<std::variant<Ts...>, Kind::choice> {
    static void append(std::string& out, UnknownKeys keys) {
        out += R"({"type":"object","minProperties":1,"maxProperties":1,"properties":{)";
        std::size_t index = 0;
        ((append_alternative<Ts>(out, keys, index), ++index), ...);
        out += R"(},"additionalProperties":false})";
    }

private:
    template <class T>
    static void append_alternative(std::string& out, UnknownKeys keys, std::size_t index) {
        out += index == 0 ? "" : ",";
        append_json_text(out, alternative_names<std::variant<Ts...>>[index]);
        out += ':';
        Schema<T>::append(out, keys);
    }
};

template <class T>
struct Schema<Personal<T>, Kind::personal> {
    static void append(std::string& out, UnknownKeys keys) {
        out += R"({"anyOf":[)";
        Schema<T>::append(out, keys);
        out += R"(,{"type":"object","properties":{"sealed":)";
        Schema<std::vector<std::uint8_t>>::append(out, keys);
        out += R"(},"required":["sealed"],"additionalProperties":false},{"type":"null"}]})";
    }
};

template <class T>
struct Schema<T, Kind::record> {
    static void append(std::string& out, UnknownKeys keys) {
        out += R"({"type":"object","properties":{)";
        std::string required;
        bool first = true;
        for_each_field<T>([&]<class Field>(Field field) {
            using Value = field_type<T, Field>;
            if (!std::exchange(first, false))
                out += ',';
            append_json_text(out, stored_name(field.name));
            out += ':';
            Schema<Value>::append(out, keys);
            if constexpr (!is_optional<Value>) {
                required += required.empty() ? "" : ",";
                append_json_text(required, stored_name(field.name));
            }
        });
        out += R"(},"required":[)" + required + ']';
        out += keys == UnknownKeys::refused ? R"(,"additionalProperties":false})" : "}";
    }
};

/// The schema of T as a JSON text, without `$schema` and `$id`: those belong to whoever publishes.
template <class T>
std::string schema_of(UnknownKeys unknown_keys) {
    std::string out;
    Schema<T>::append(out, unknown_keys);
    return out;
}

} // namespace kontor::codec
