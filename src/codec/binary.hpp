#pragma once

/// Compact binary, of any described type: what the log keeps. JSON is for everything that leaves
/// (codec/json.hpp).
///
///   event    := field* rest        the fields in the sequence of the description. Optional fields
///                                  at the end may be missing; trailing absent ones never are
///                                  written. `rest` is what a newer writer added, and is skipped.
///   record   := field*             a described struct inside an event: its shape never changes
///   boolean  := 0x00 | 0x01
///   number   := varint             whole numbers that cannot be negative
///             | zigzag             those that can: 0, -1, 1, -2 … as varints 0, 1, 2, 3 …
///   enum     := varint             the stored value of the enumerator; a value that is none is a
///                                  defect of whoever stores it
///   instant  := zigzag             microseconds since 1970-01-01T00:00:00Z
///   duration := zigzag             microseconds
///   id       := byte{16}           big-endian
///   currency := varint             its number in ISO 4217
///   money    := varint [currency]  twice the zigzag of the minor units, plus 1 where a currency
///                                  follows: it does when it is not the one that the event, read
///                                  from its beginning, named last (at first XXX)
///   text     := varint byte*       a length and as many bytes; so are bytes
///   stream   := byte text          category and key
///   optional := 0x00 | 0x01 value
///   list     := varint item*       a count and the items
///   choice   := varint value       the index of the alternative, from 0
///   personal := 0x00 value | 0x01 bytes | 0x02    clear, sealed, erased
///   varint   := unsigned LEB128 in its shortest form, at most 64 bits
///
/// docs/reference/payload-format.md says the same to strangers, and tests/crash/payload_reader.py
/// reads by it. The length of an event is known to whoever keeps it. Source: the varints and
/// zigzags of Protocol Buffers' encoding guide; everything else is ours (ARCHITECTURE D8).

#include "codec/binary_reader.hpp"
#include "codec/binary_writer.hpp"
#include "codec/kinds.hpp"
#include "codec/words.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <vector>

namespace kontor::codec {

/// How values of kind K are stored: the least bytes one takes, an upper bound for a given one, and
/// the two directions. `take` leaves the value in some valid state when the reader found a fault.
template <class T, Kind K = kind_of<T>()>
struct Binary;

template <class T>
struct Binary<T, Kind::boolean> {
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return 1; }
    static void put(BinaryWriter& to, T value) { to.byte(value ? 1 : 0); }
    static void take(BinaryReader& from, T& value) { value = from.flag(); }
};

template <class T>
struct Binary<T, Kind::number> {
    using Form = NumberForm<T>;
    static constexpr bool is_signed = std::is_signed_v<typename Form::Number>;
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return varint_length_max; }
    static void put(BinaryWriter& to, T value) {
        if constexpr (is_signed)
            to.zigzag(Form::number(value));
        else
            to.varint(Form::number(value));
    }
    static void take(BinaryReader& from, T& value) {
        auto const number = [&] {
            if constexpr (is_signed)
                return from.zigzag();
            else
                return from.varint();
        }();
        if (auto const found = Form::from(number))
            value = *found;
        else
            from.fail("a number is out of range");
    }
};

template <class T>
struct Binary<T, Kind::enumeration> {
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return varint_length_max; }
    static void put(BinaryWriter& to, T value) {
        KONTOR_ASSERT(is_enumerator(value), "{} is stored where one of these is wanted: {}",
                      static_cast<long long>(value), words_of_enumerators<T>());
        to.varint(static_cast<std::uint64_t>(value));
    }
    static void take(BinaryReader& from, T& value) {
        using Number = std::underlying_type_t<T>;
        auto const number = from.varint();
        auto const found = static_cast<T>(static_cast<Number>(number));
        if (number > std::numeric_limits<Number>::max() || !is_enumerator(found))
            from.fail("no enumerator has this value");
        else
            value = found;
    }
};

template <class T>
struct Binary<T, Kind::text> {
    using Form = TextForm<T>;
    static constexpr std::size_t size_min = 1;
    static std::size_t bound(T const& value) {
        return varint_length_max + Form::text(value).size();
    }
    static void put(BinaryWriter& to, T const& value) { to.text(Form::text(value)); }
    static void take(BinaryReader& from, T& value) {
        if (auto found = Form::from(from.text()))
            value = *std::move(found);
        else
            from.fail("a text is not spelled as its type wants");
    }
};

template <class T>
struct Binary<T, Kind::bytes> {
    static constexpr std::size_t size_min = 1;
    static std::size_t bound(T const& value) { return varint_length_max + value.size(); }
    static void put(BinaryWriter& to, T const& value) {
        to.varint(value.size());
        to.bytes(value.data(), value.size());
    }
    static void take(BinaryReader& from, T& value) {
        auto const taken = from.bytes(from.varint());
        value.assign(taken.begin(), taken.end());
    }
};

template <class T>
struct Binary<T, Kind::id> {
    static constexpr std::size_t size_min = 16;
    static constexpr std::size_t bound(T) { return 16; }
    static void put(BinaryWriter& to, T value) { to.id(raw_id(value)); }
    static void take(BinaryReader& from, T& value) { value = T(from.id()); }
};

template <class T>
struct Binary<T, Kind::money> {
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return 2 * varint_length_max; }
    static void put(BinaryWriter& to, T value) { to.money(value); }
    static void take(BinaryReader& from, T& value) { value = from.money(); }
};

template <class T>
struct Binary<T, Kind::currency> {
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return varint_length_max; }
    static void put(BinaryWriter& to, T value) { to.currency(value); }
    static void take(BinaryReader& from, T& value) { value = from.currency(); }
};

template <class T>
struct Binary<T, Kind::instant> {
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T) { return varint_length_max; }
    static void put(BinaryWriter& to, T value) { to.zigzag(value.unix_microseconds()); }
    static void take(BinaryReader& from, T& value) {
        value = Instant::from_unix_microseconds(from.zigzag());
    }
};

template <class T>
struct Binary<T, Kind::stream> {
    static constexpr std::size_t size_min = 2;
    static constexpr std::size_t bound(T const&) {
        return 1 + varint_length_max + StreamId::key_length_max;
    }
    static void put(BinaryWriter& to, T const& value) {
        to.byte(static_cast<std::uint8_t>(value.category()));
        to.text(value.key());
    }
    static void take(BinaryReader& from, T& value) {
        auto const category = from.byte();
        auto found = StreamId::from_stored(category, from.bytes(from.varint()));
        if (found)
            value = *found;
        else
            from.fail("no stream has this name");
    }
};

template <class T>
struct Binary<T, Kind::strong> {
    using Inner = Binary<typename T::underlying>;
    static constexpr std::size_t size_min = Inner::size_min;
    static constexpr std::size_t bound(T const& value) { return Inner::bound(value.value()); }
    static void put(BinaryWriter& to, T const& value) { Inner::put(to, value.value()); }
    static void take(BinaryReader& from, T& value) {
        typename T::underlying inner{};
        Inner::take(from, inner);
        value = T(std::move(inner));
    }
};

template <class T>
struct Binary<T, Kind::optional> {
    using Inner = Binary<typename T::value_type>;
    static constexpr std::size_t size_min = 1;
    static constexpr std::size_t bound(T const& value) {
        return 1 + (value ? Inner::bound(*value) : 0);
    }
    static void put(BinaryWriter& to, T const& value) {
        to.byte(value ? 1 : 0);
        if (value)
            Inner::put(to, *value);
    }
    static void take(BinaryReader& from, T& value) {
        value.reset();
        if (from.flag())
            Inner::take(from, value.emplace());
    }
};

template <class T>
struct Binary<T, Kind::list> {
    using Item = typename T::value_type;
    static constexpr std::size_t size_min = 1;
    static_assert(Binary<Item>::size_min > 0, "a count bounds nothing where items have no bytes");
    static std::size_t bound(T const& list) {
        std::size_t sum = varint_length_max;
        for (auto const& item : list)
            sum += Binary<Item>::bound(item);
        return sum;
    }
    static void put(BinaryWriter& to, T const& list) {
        to.varint(list.size());
        for (auto const& item : list)
            Binary<Item>::put(to, item);
    }
    static void take(BinaryReader& from, T& list) {
        auto const count = from.count(Binary<Item>::size_min);
        list.clear();
        list.reserve(count);
        for (std::size_t i = 0; i < count && from.ok(); ++i)
            Binary<Item>::take(from, list.emplace_back());
    }
};

template <class... Ts>
struct Binary<std::variant<Ts...>, Kind::choice> {
    using Choice = std::variant<Ts...>;
    static constexpr std::size_t size_min = 1;
    static std::size_t bound(Choice const& choice) {
        return std::visit(
            [](auto const& value) {
                return varint_length_max +
                       Binary<std::remove_cvref_t<decltype(value)>>::bound(value);
            },
            choice);
    }
    static void put(BinaryWriter& to, Choice const& choice) {
        to.varint(choice.index());
        std::visit(
            [&](auto const& value) {
                Binary<std::remove_cvref_t<decltype(value)>>::put(to, value);
            },
            choice);
    }
    static void take(BinaryReader& from, Choice& choice) {
        auto const index = from.varint();
        bool const known = [&]<std::size_t... I>(std::index_sequence<I...>) {
            return ((index == I ? (Binary<Ts>::take(from, choice.template emplace<I>()), true)
                                : false) ||
                    ...);
        }(std::index_sequence_for<Ts...>{});
        if (!known)
            from.fail("no alternative has this number");
    }
};

template <class T>
struct Binary<Personal<T>, Kind::personal> {
    enum class Form : std::uint8_t { clear = 0, sealed = 1, erased = 2 };
    static constexpr std::size_t size_min = 1;
    static std::size_t bound(Personal<T> const& personal) {
        if (auto const* value = personal.value())
            return 1 + Binary<T>::bound(*value);
        auto const* sealed = personal.sealed();
        return 1 + (sealed != nullptr ? varint_length_max + sealed->bytes.size() : 0);
    }
    static void put(BinaryWriter& to, Personal<T> const& personal) {
        if (auto const* value = personal.value()) {
            to.byte(static_cast<std::uint8_t>(Form::clear));
            Binary<T>::put(to, *value);
        } else if (auto const* sealed = personal.sealed()) {
            to.byte(static_cast<std::uint8_t>(Form::sealed));
            Binary<std::vector<std::uint8_t>>::put(to, sealed->bytes);
        } else {
            to.byte(static_cast<std::uint8_t>(Form::erased));
        }
    }
    static void take(BinaryReader& from, Personal<T>& personal) {
        auto const form = from.byte();
        if (form == static_cast<std::uint8_t>(Form::clear)) {
            T value{};
            Binary<T>::take(from, value);
            personal = Personal<T>(std::move(value));
        } else if (form == static_cast<std::uint8_t>(Form::sealed)) {
            Sealed sealed;
            Binary<std::vector<std::uint8_t>>::take(from, sealed.bytes);
            personal = Personal<T>(std::move(sealed));
        } else if (form == static_cast<std::uint8_t>(Form::erased)) {
            personal = Personal<T>();
        } else {
            from.fail("a personal value is neither clear, sealed nor erased");
        }
    }
};

template <class T>
struct Binary<T, Kind::record> {
    static constexpr std::size_t size_min = [] {
        std::size_t sum = 0;
        for_each_field<T>(
            [&]<class Field>(Field) { sum += Binary<field_type<T, Field>>::size_min; });
        return sum;
    }();
    static constexpr std::size_t bound(T const& record) {
        std::size_t sum = 0;
        for_each_field<T>([&]<class Field>(Field) {
            sum += Binary<field_type<T, Field>>::bound(record.*Field::pointer);
        });
        return sum;
    }
    static void put(BinaryWriter& to, T const& record) {
        for_each_field<T>([&]<class Field>(Field) {
            Binary<field_type<T, Field>>::put(to, record.*Field::pointer);
        });
    }
    static void take(BinaryReader& from, T& record) {
        for_each_field<T>([&]<class Field>(Field) {
            Binary<field_type<T, Field>>::take(from, record.*Field::pointer);
        });
    }
};

/// How many fields of an event are written: all up to the last that is present or must be.
template <DescribedStruct T>
std::size_t written_fields(T const& event) {
    constexpr auto optional_begin = trailing_optionals_begin<T>();
    std::size_t written = optional_begin;
    std::size_t index = 0;
    for_each_field<T>([&]<class Field>(Field) {
        ++index;
        if constexpr (is_optional<field_type<T, Field>>) {
            if (index > optional_begin && (event.*Field::pointer).has_value())
                written = index;
        }
    });
    return written;
}

template <DescribedStruct T>
void put_event(BinaryWriter& to, T const& event) {
    auto const written = written_fields(event);
    std::size_t index = 0;
    for_each_field<T>([&]<class Field>(Field) {
        if (index++ < written)
            Binary<field_type<T, Field>>::put(to, event.*Field::pointer);
    });
}

/// Appends the encoding of an event to `out`. Small events go through the stack: appending them is
/// one copy, and growing the buffer first would clear memory that is then written.
template <DescribedStruct T>
void encode_binary(T const& event, std::vector<std::uint8_t>& out) {
    constexpr std::size_t small_max = 2'048;
    auto const bound = Binary<T>::bound(event);
    if (bound <= small_max) {
        std::array<std::uint8_t, small_max> small;
        BinaryWriter writer(small.data());
        put_event(writer, event);
        out.insert(out.end(), small.data(), writer.at());
        return;
    }
    auto const before = out.size();
    out.resize(before + bound);
    BinaryWriter writer(out.data() + before);
    put_event(writer, event);
    out.resize(static_cast<std::size_t>(writer.at() - out.data()));
}

/// Reads an event from all of `bytes` into `event`, whose fields hold their defaults.
/// Errors: corrupt (not what encode_binary writes, with the offset of the first fault).
template <DescribedStruct T>
Result<void> decode_binary_into(std::span<std::uint8_t const> bytes, T& event) {
    constexpr auto optional_begin = trailing_optionals_begin<T>();
    BinaryReader reader(bytes);
    std::size_t index = 0;
    for_each_field<T>([&]<class Field>(Field) {
        bool const may_be_missing = index++ >= optional_begin;
        if (!(may_be_missing && reader.at_end()))
            Binary<field_type<T, Field>>::take(reader, event.*Field::pointer);
    });
    return reader.outcome();
}

/// Reads an event from all of `bytes`.   Errors: corrupt, as decode_binary_into.
template <DescribedStruct T>
Result<T> decode_binary(std::span<std::uint8_t const> bytes) {
    Result<T> event{T{}};
    if (auto read = decode_binary_into(bytes, *event); !read)
        event = unexpected(std::move(read).error());
    return event;
}

} // namespace kontor::codec
