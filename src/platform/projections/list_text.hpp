#pragma once

/// Lists inside a cell, as the least JSON that serves: a list of records is a list of lists of
/// numbers and plain words, `[[1,"85123A",3],[2,"POST",1]]`, the fields in the sequence of their
/// description; a list of ids is one of words, an instant its microseconds. SQLite's json_each
/// takes it apart. Words are texts without quotes, backslashes and control characters: SKUs, ids,
/// enumerators.

#include "base/describe.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "base/strong.hpp"
#include "domain/values/ids.hpp"
#include "domain/values/names.hpp"
#include "domain/values/quantity.hpp"

#include <boost/mp11/algorithm.hpp>

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::projections {

/// The name of an enumerator without the `_` that the language wanted at its end.
template <DescribedEnum E>
std::string_view public_name(E value) {
    auto name = enumerator_name(value);
    if (name.ends_with('_'))
        name.remove_suffix(1);
    return name;
}

template <DescribedEnum E>
std::optional<E> publicly_named(std::string_view wanted) {
    std::optional<E> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
        std::string_view name = enumerator.name;
        if (name.ends_with('_'))
            name.remove_suffix(1);
        if (name == wanted)
            found = enumerator.value;
    });
    return found;
}

/// Reads a list text from its beginning; every step is false when the text is another one.
class ListReader {
public:
    explicit ListReader(std::string_view text) : rest_(text) {}

    bool take(char wanted) {
        if (!rest_.starts_with(wanted))
            return false;
        rest_.remove_prefix(1);
        return true;
    }
    bool number(std::int64_t& value) {
        auto const [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{})
            return false;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return true;
    }
    bool word(std::string_view& value) {
        auto const end = rest_.size() > 1 ? rest_.find('"', 1) : std::string_view::npos;
        if (!rest_.starts_with('"') || end == std::string_view::npos)
            return false;
        value = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        return true;
    }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

inline void write_number(std::string& out, std::int64_t value) {
    char digits[24];
    auto const end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    out.append(digits, end);
}

inline void write_word(std::string& out, std::string_view word) {
    out += '"';
    out += word;
    out += '"';
}

/// What may stand in a list: numbers, and words that parse.
template <class T>
void write_item(std::string& out, T const& value) {
    if constexpr (std::integral<T>)
        write_number(out, static_cast<std::int64_t>(value));
    else if constexpr (DescribedEnum<T>)
        write_word(out, public_name(value));
    else if constexpr (is_strong<T> || std::same_as<T, Quantity> || std::same_as<T, Count>)
        write_number(out, value.value());
    else if constexpr (std::same_as<T, Instant>)
        write_number(out, value.unix_microseconds());
    else if constexpr (is_typed_id<T> || std::same_as<T, Id128>)
        write_word(out, value.to_string());
    else
        write_word(out, value.view());
}

template <class T>
bool read_item(ListReader& from, T& value) {
    if constexpr (std::integral<T> || is_strong<T> || std::same_as<T, Quantity> ||
                  std::same_as<T, Count>) {
        std::int64_t number = 0;
        if (!from.number(number))
            return false;
        if constexpr (std::integral<T>) {
            if (!std::in_range<T>(number))
                return false;
            value = static_cast<T>(number);
        } else if constexpr (is_strong<T>) {
            if (!std::in_range<typename T::underlying>(number))
                return false;
            value = T(static_cast<typename T::underlying>(number));
        } else if constexpr (std::same_as<T, Quantity>) {
            if (!Quantity::is_valid(number))
                return false;
            value = Quantity::of(number);
        } else {
            if (number < 0)
                return false;
            value = Count(number);
        }
        return true;
    } else if constexpr (std::same_as<T, Instant>) {
        std::int64_t number = 0;
        if (!from.number(number))
            return false;
        value = Instant::from_unix_microseconds(number);
        return true;
    } else {
        std::string_view word;
        if (!from.word(word))
            return false;
        if constexpr (DescribedEnum<T>) {
            auto const found = publicly_named<T>(word);
            if (found)
                value = *found;
            return found.has_value();
        } else {
            auto const parsed = T::parse(word);
            if (parsed)
                value = *parsed;
            return parsed.has_value();
        }
    }
}

template <class T>
void write_list(std::string& out, std::vector<T> const& list) {
    out += '[';
    bool first = true;
    for (auto const& item : list) {
        if (!std::exchange(first, false))
            out += ',';
        if constexpr (DescribedStruct<T>) {
            char before = '[';
            boost::mp11::mp_for_each<described_fields<T>>([&](auto field) {
                out += std::exchange(before, ',');
                write_item(out, item.*field.pointer);
            });
            out += ']';
        } else {
            write_item(out, item);
        }
    }
    out += ']';
}

template <class T>
bool read_record(ListReader& from, T& record) {
    char before = '[';
    bool good = true;
    boost::mp11::mp_for_each<described_fields<T>>([&](auto field) {
        good =
            good && from.take(std::exchange(before, ',')) && read_item(from, record.*field.pointer);
    });
    return good && from.take(']');
}

template <class T>
bool read_list(std::string_view text, std::vector<T>& list) {
    ListReader from(text);
    list.clear();
    if (!from.take('['))
        return false;
    if (from.take(']'))
        return from.at_end();
    do {
        T& item = list.emplace_back();
        if constexpr (DescribedStruct<T>) {
            if (!read_record(from, item))
                return false;
        } else if (!read_item(from, item)) {
            return false;
        }
    } while (from.take(','));
    return from.take(']') && from.at_end();
}

} // namespace kontor::projections
