#pragma once

/// How the values of a row become cells and come back. What people read in the file is what they
/// know from outside: ids with their prefix, names of enumerators, codes of currencies; an instant
/// is microseconds since 1970, a list is JSON.
///
///   CellForm<T>: kind, cell(value, arena), read(cell, value) → false: no T looks like that

#include "platform/projections/list_text.hpp"
#include "platform/projections/text_arena.hpp"

#include "base/inline_text.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "base/strong.hpp"
#include "domain/values/currency.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"
#include "ports/rows.hpp"

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace kontor::projections {

using ports::Cell;
using ports::CellKind;

template <class T>
struct CellForm;

template <std::integral T>
struct CellForm<T> {
    static constexpr CellKind kind = CellKind::integer;
    static Cell cell(T value, TextArena&) {
        return Cell::integer(static_cast<std::int64_t>(value));
    }
    static bool read(Cell cell, T& value) {
        if (cell.kind() != kind || !std::in_range<T>(cell.number()))
            return false;
        value = static_cast<T>(cell.number());
        return true;
    }
};

template <>
struct CellForm<bool> {
    static constexpr CellKind kind = CellKind::integer;
    static Cell cell(bool value, TextArena&) { return Cell::integer(value ? 1 : 0); }
    static bool read(Cell cell, bool& value) {
        if (cell.kind() != kind || (cell.number() != 0 && cell.number() != 1))
            return false;
        value = cell.number() == 1;
        return true;
    }
};

template <>
struct CellForm<Instant> {
    static constexpr CellKind kind = CellKind::integer;
    static Cell cell(Instant value, TextArena&) { return Cell::integer(value.unix_microseconds()); }
    static bool read(Cell cell, Instant& value) {
        if (cell.kind() != kind)
            return false;
        value = Instant::from_unix_microseconds(cell.number());
        return true;
    }
};

template <class T>
    requires(is_strong<T>)
struct CellForm<T> {
    using Inner = CellForm<typename T::underlying>;
    static constexpr CellKind kind = Inner::kind;
    static Cell cell(T const& value, TextArena& arena) { return Inner::cell(value.value(), arena); }
    static bool read(Cell cell, T& value) {
        typename T::underlying inner{};
        if (!Inner::read(cell, inner))
            return false;
        value = T(std::move(inner));
        return true;
    }
};

template <class Tag>
struct CellForm<TypedId<Tag>> {
    static constexpr CellKind kind = CellKind::text;
    static constexpr auto prefix = Tag::prefix;
    static Cell cell(TypedId<Tag> value, TextArena& arena) {
        auto const room = arena.room(prefix.size() + Id128::text_length);
        std::copy(prefix.begin(), prefix.end(), room.begin());
        value.value().write(
            std::span<char, Id128::text_length>(room.data() + prefix.size(), Id128::text_length));
        return Cell::text({room.data(), room.size()});
    }
    static bool read(Cell cell, TypedId<Tag>& value) {
        if (cell.kind() != kind)
            return false;
        auto const parsed = TypedId<Tag>::parse(cell.characters());
        if (parsed)
            value = *parsed;
        return parsed.has_value();
    }
};

template <class T>
    requires requires(std::string_view text, T const& value) {
        { T::parse(text) } -> std::same_as<Result<T>>;
        { value.view() } -> std::same_as<std::string_view>;
    }
struct CellForm<T> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(T const& value, TextArena&) { return Cell::text(value.view()); }
    static bool read(Cell cell, T& value) {
        if (cell.kind() != kind)
            return false;
        if (cell.characters().empty()) {
            value = T{};
            return true;
        }
        auto const parsed = T::parse(cell.characters());
        if (parsed)
            value = *parsed;
        return parsed.has_value();
    }
};

template <std::size_t N>
struct CellForm<InlineText<N>> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(InlineText<N> const& value, TextArena&) { return Cell::text(value.view()); }
    static bool read(Cell cell, InlineText<N>& value) {
        if (cell.kind() != kind || cell.characters().size() > N)
            return false;
        value = InlineText<N>(cell.characters());
        return true;
    }
};

template <>
struct CellForm<std::string> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(std::string const& value, TextArena&) { return Cell::text(value); }
    static bool read(Cell cell, std::string& value) {
        if (cell.kind() != kind)
            return false;
        value = cell.characters();
        return true;
    }
};

template <>
struct CellForm<Currency> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(Currency value, TextArena&) { return Cell::text(value.code()); }
    static bool read(Cell cell, Currency& value) {
        if (cell.kind() != kind)
            return false;
        auto const parsed = Currency::parse(cell.characters());
        if (parsed)
            value = *parsed;
        return parsed.has_value();
    }
};

template <DescribedEnum E>
struct CellForm<E> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(E value, TextArena&) { return Cell::text(public_name(value)); }
    static bool read(Cell cell, E& value) {
        if (cell.kind() != kind)
            return false;
        auto const found = publicly_named<E>(cell.characters());
        if (found)
            value = *found;
        return found.has_value();
    }
};

template <class T>
struct CellForm<std::optional<T>> {
    static constexpr CellKind kind = CellForm<T>::kind;
    static Cell cell(std::optional<T> const& value, TextArena& arena) {
        return value ? CellForm<T>::cell(*value, arena) : Cell{};
    }
    static bool read(Cell cell, std::optional<T>& value) {
        value.reset();
        if (cell.is_null())
            return true;
        T read_value{};
        bool const is_good = CellForm<T>::read(cell, read_value);
        value = std::move(read_value);
        return is_good;
    }
};

template <class T>
struct CellForm<std::vector<T>> {
    static constexpr CellKind kind = CellKind::text;
    static Cell cell(std::vector<T> const& list, TextArena& arena) {
        thread_local std::string text;
        text.clear();
        write_list(text, list);
        return Cell::text(arena.keep(text));
    }
    static bool read(Cell cell, std::vector<T>& list) {
        return cell.kind() == kind && read_list(cell.characters(), list);
    }
};

} // namespace kontor::projections
