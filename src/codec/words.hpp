#pragma once

/// What a type is called on a page for people: "money", "list of {line: integer, quantity:
/// quantity}". For the catalogue of facts. Strangers decode payloads by it: each name stands for
/// one encoding, and docs/reference/payload-format.md says for which.

#include "codec/kinds.hpp"

#include <string>

namespace kontor::codec {

/// Of the kinds that one type makes up.   Requires: boolean, bytes, money, currency, instant,
/// stream.
std::string words_of_plain(Kind kind);

template <class T>
std::string words_of();

/// Each with the number that is stored for it: "half_up 0 or half_even 1".
template <class T>
std::string words_of_enumerators() {
    std::string words;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
        words += words.empty() ? "" : " or ";
        words += stored_name(enumerator.name);
        words += ' ';
        words += std::to_string(static_cast<std::uint64_t>(enumerator.value));
    });
    return words;
}

template <class T>
std::string words_of_fields() {
    std::string words;
    for_each_field<T>([&]<class Field>(Field field) {
        using Value = field_type<T, Field>;
        words += words.empty() ? "" : ", ";
        words += stored_name(field.name);
        words += is_optional<Value> ? "?: " : ": ";
        words += words_of<Value>();
    });
    return words;
}

template <class... Ts>
std::string words_of_alternatives(std::type_identity<std::variant<Ts...>>) {
    std::string words;
    ((words += (words.empty() ? "" : " or ") + words_of<Ts>()), ...);
    return words;
}

template <class Tag>
std::string words_of_id(std::type_identity<TypedId<Tag>>) {
    return "id " + std::string(Tag::prefix) + "…";
}
inline std::string words_of_id(std::type_identity<Id128>) {
    return "id";
}

template <class T>
std::string words_of() {
    constexpr auto kind = kind_of<T>();
    if constexpr (kind == Kind::number)
        return std::string(NumberForm<T>::words);
    else if constexpr (kind == Kind::text)
        return std::string(TextForm<T>::words);
    else if constexpr (kind == Kind::enumeration)
        return words_of_enumerators<T>();
    else if constexpr (kind == Kind::id)
        return words_of_id(std::type_identity<T>{});
    else if constexpr (kind == Kind::strong)
        return words_of<typename T::underlying>();
    else if constexpr (kind == Kind::optional)
        return words_of<typename T::value_type>();
    else if constexpr (kind == Kind::list)
        return "list of " + words_of<typename T::value_type>();
    else if constexpr (kind == Kind::choice)
        return words_of_alternatives(std::type_identity<T>{});
    else if constexpr (kind == Kind::personal)
        return "personal " + words_of<std::remove_cvref_t<decltype(*std::declval<T&>().value())>>();
    else if constexpr (kind == Kind::record)
        return "{" + words_of_fields<T>() + "}";
    else
        return words_of_plain(kind);
}

} // namespace kontor::codec
