#pragma once

/// The kinds of value that can be stored: one classification from which binary, JSON, schema, page
/// and samples follow. A type that falls into no kind does not compile; describe it, or give it a
/// form here.
///
/// A *form* says how one of our values is a number or a text inside:
///   NumberForm<T>: Number (int64 or uint64), first, last, words, number(value), from(number)
///   TextForm<T>:   length_max, pattern, words, text(value), from(text)
/// `from` is empty when no value of T looks like that; `words` is what a page calls the type.

#include "base/describe.hpp"
#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "base/strong.hpp"
#include "domain/values/currency.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/money.hpp"
#include "domain/values/names.hpp"
#include "domain/values/personal.hpp"
#include "domain/values/quantity.hpp"
#include "domain/values/stream_id.hpp"

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace kontor::codec {

enum class Kind : std::uint8_t {
    boolean,
    number,
    enumeration,
    text,
    bytes,
    id,
    money,
    currency,
    instant,
    stream,
    strong,
    optional,
    list,
    choice,
    personal,
    record
};

template <class T>
struct NumberForm {};

template <class T>
    requires(std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>)
struct NumberForm<T> {
    using Number = std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>;
    static constexpr Number first = std::numeric_limits<T>::min();
    static constexpr Number last = std::numeric_limits<T>::max();
    static constexpr std::string_view words =
        std::is_signed_v<T> ? std::string_view("signed integer") : std::string_view("integer");
    static constexpr Number number(T value) { return value; }
    static constexpr std::optional<T> from(Number number) {
        if (number < first || number > last)
            return std::nullopt;
        return static_cast<T>(number);
    }
};

template <>
struct NumberForm<Quantity> {
    using Number = std::uint64_t;
    static constexpr Number first = 1;
    static constexpr Number last = Quantity::max;
    static constexpr std::string_view words = "quantity";
    static constexpr Number number(Quantity value) { return static_cast<Number>(value.value()); }
    static constexpr std::optional<Quantity> from(Number number) {
        if (number < first || number > last)
            return std::nullopt;
        return Quantity::of(static_cast<std::int64_t>(number));
    }
};

template <>
struct NumberForm<Count> {
    using Number = std::uint64_t;
    static constexpr Number first = 0;
    static constexpr Number last = std::numeric_limits<std::int64_t>::max();
    static constexpr std::string_view words = "count";
    static constexpr Number number(Count value) { return static_cast<Number>(value.value()); }
    static constexpr std::optional<Count> from(Number number) {
        if (number > last)
            return std::nullopt;
        return Count(static_cast<std::int64_t>(number));
    }
};

template <>
struct NumberForm<Delta> {
    using Number = std::int64_t;
    static constexpr Number first = -Quantity::max;
    static constexpr Number last = Quantity::max;
    static constexpr std::string_view words = "change of stock";
    static constexpr Number number(Delta value) { return value.value(); }
    static std::optional<Delta> from(Number number) {
        auto const delta = Delta::create(number);
        return delta ? std::optional(*delta) : std::nullopt;
    }
};

template <>
struct NumberForm<BasisPoints> {
    using Number = std::uint64_t;
    static constexpr Number first = 0;
    static constexpr Number last = BasisPoints::whole;
    static constexpr std::string_view words = "basis points";
    static constexpr Number number(BasisPoints value) { return static_cast<Number>(value.value()); }
    static std::optional<BasisPoints> from(Number number) {
        if (number > last)
            return std::nullopt;
        auto const points = BasisPoints::create(static_cast<std::int64_t>(number));
        return points ? std::optional(*points) : std::nullopt;
    }
};

/// Units: microseconds.
template <>
struct NumberForm<Duration> {
    using Number = std::int64_t;
    static constexpr Number first = std::numeric_limits<Number>::min();
    static constexpr Number last = std::numeric_limits<Number>::max();
    static constexpr std::string_view words = "duration in microseconds";
    static constexpr Number number(Duration value) { return value.in_microseconds(); }
    static constexpr std::optional<Duration> from(Number number) {
        return Duration::microseconds(number);
    }
};

template <class T>
struct TextForm {};

template <>
struct TextForm<std::string> {
    static constexpr std::size_t length_max = std::numeric_limits<std::size_t>::max();
    static constexpr std::string_view words = "text";
    static constexpr std::string_view pattern{};
    static std::string_view text(std::string const& value) { return value; }
    static std::optional<std::string> from(std::string_view text) { return std::string(text); }
};

template <std::size_t N>
struct TextForm<InlineText<N>> {
    static constexpr std::size_t length_max = N;
    static constexpr std::string_view words = "short text";
    static constexpr std::string_view pattern{};
    static std::string_view text(InlineText<N> const& value) { return value.view(); }
    static std::optional<InlineText<N>> from(std::string_view text) {
        if (text.size() > N)
            return std::nullopt;
        return InlineText<N>(text);
    }
};

/// Texts that parse at the edge. What we stored was spelled as `parse` spells it, so a text that
/// `parse` would respell is refused; the empty placeholder reads as itself.
template <class T>
struct ParsedTextForm {
    static std::string_view text(T const& value) { return value.view(); }
    static std::optional<T> from(std::string_view text) {
        if (text.empty())
            return T{};
        auto parsed = T::parse(text);
        if (!parsed || parsed->view() != text)
            return std::nullopt;
        return *parsed;
    }
};

template <>
struct TextForm<Sku> : ParsedTextForm<Sku> {
    static constexpr std::string_view words = "SKU";
    static constexpr std::size_t length_max = Sku::length_max;
    static constexpr std::string_view pattern = "^[A-Z0-9][A-Z0-9._-]{0,39}$";
};
template <>
struct TextForm<CouponCode> : ParsedTextForm<CouponCode> {
    static constexpr std::string_view words = "coupon code";
    static constexpr std::size_t length_max = Sku::length_max;
    static constexpr std::string_view pattern = "^[A-Z0-9][A-Z0-9._-]{0,39}$";
};
template <>
struct TextForm<Location> : ParsedTextForm<Location> {
    static constexpr std::string_view words = "location";
    static constexpr std::size_t length_max = Location::length_max;
    static constexpr std::string_view pattern = "^[a-z0-9][a-z0-9-]{0,14}$";
};
template <>
struct TextForm<Country> : ParsedTextForm<Country> {
    static constexpr std::string_view words = "country";
    static constexpr std::size_t length_max = 2;
    static constexpr std::string_view pattern = "^[A-Z]{2}$";
};

template <class T>
concept HasNumberForm = requires { typename NumberForm<T>::Number; };
template <class T>
concept HasTextForm = requires { TextForm<T>::length_max; };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
concept List = requires(T list, typename T::value_type item) {
    list.push_back(std::move(item));
    list.reserve(list.size());
} && !HasTextForm<T>;

template <class T>
consteval Kind kind_of() {
    if constexpr (std::same_as<T, bool>)
        return Kind::boolean;
    else if constexpr (HasNumberForm<T>)
        return Kind::number;
    else if constexpr (HasTextForm<T>)
        return Kind::text;
    else if constexpr (std::is_enum_v<T> && DescribedEnum<T>)
        return Kind::enumeration;
    else if constexpr (std::same_as<T, std::vector<std::uint8_t>>)
        return Kind::bytes;
    else if constexpr (std::same_as<T, Id128> || is_typed_id<T>)
        return Kind::id;
    else if constexpr (std::same_as<T, Money>)
        return Kind::money;
    else if constexpr (std::same_as<T, Currency>)
        return Kind::currency;
    else if constexpr (std::same_as<T, Instant>)
        return Kind::instant;
    else if constexpr (std::same_as<T, StreamId>)
        return Kind::stream;
    else if constexpr (is_strong<T>)
        return Kind::strong;
    else if constexpr (is_optional<T>)
        return Kind::optional;
    else if constexpr (List<T>)
        return Kind::list;
    else if constexpr (is_variant<T>)
        return Kind::choice;
    else if constexpr (is_personal<T>)
        return Kind::personal;
    else {
        static_assert(DescribedStruct<T>, "describe this type, or give it a form in kinds.hpp");
        return Kind::record;
    }
}

/// The id behind an id of any type.
inline Id128 raw_id(Id128 id) {
    return id;
}
template <class Tag>
Id128 raw_id(TypedId<Tag> id) {
    return id.value();
}

/// Calls `visit(member)` for each described field of T, in sequence; `member.pointer` and
/// `member.name` say which.
template <DescribedStruct T, class Visitor>
constexpr void for_each_field(Visitor&& visit) {
    [&]<class... Fields>(boost::mp11::mp_list<Fields...>) {
        (visit(Fields{}), ...);
    }(boost::mp11::mp_rename<described_fields<T>, boost::mp11::mp_list>{});
}

template <class T, class Field>
using field_type = std::remove_cvref_t<decltype(std::declval<T&>().*Field::pointer)>;

/// Where the optional fields at the end of T begin: the ones that may be missing altogether.
template <DescribedStruct T>
consteval std::size_t trailing_optionals_begin() {
    std::size_t begin = 0;
    std::size_t index = 0;
    for_each_field<T>([&]<class Field>(Field) {
        ++index;
        if (!is_optional<field_type<T, Field>>)
            begin = index;
    });
    return begin;
}

/// Stored names end where the language wants a `_`: `operator_` is written "operator".
constexpr std::string_view stored_name(char const* described) {
    std::string_view name(described);
    if (name.ends_with('_'))
        name.remove_suffix(1);
    return name;
}

/// How the alternatives of a variant are named in JSON, in their sequence. Specialise it beside the
/// list of stored types, for every variant inside a fact.
template <class Variant>
inline constexpr std::nullptr_t alternative_names = nullptr;

} // namespace kontor::codec
