#pragma once

/// What a row of the table of stored events is made of (codec/event_types.hpp).

#include "domain/values/event_type.hpp"
#include "domain/values/stream_id.hpp"

#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

namespace kontor::codec {

/// Whether a fact leaves the shop, in its public form, or stays among ourselves.
enum class Visibility : std::uint8_t { internal, public_ };

struct EventTypeRow {
    EventType type;
    std::string_view name; ///< "order.placed"
    std::uint16_t version; ///< of that name, from 1
    Visibility visibility;
};

/// A text that can be a template argument.
template <std::size_t N>
struct FixedText {
    char characters[N]{};
    // NOLINTNEXTLINE(google-explicit-constructor): a literal is to become one by itself
    consteval FixedText(char const (&text)[N]) { std::copy_n(text, N, characters); }
    constexpr std::string_view view() const { return {characters, N - 1}; }
};

/// One row: values of the struct `T` are stored under this number.
template <class T, std::uint16_t Number, FixedText Name, std::uint16_t Version, Visibility Visible>
struct Stored {
    using Type = T;
    static constexpr std::uint16_t number = Number;
    static constexpr EventTypeRow row{EventType(Number), Name.view(), Version, Visible};
};

template <class... Rows>
using StoredList = boost::mp11::mp_list<Rows...>;

/// Whether a row stores `E`; an algorithm's predicate.
template <class E>
struct StoresType {
    template <class Row>
    using fn = std::is_same<typename Row::Type, E>;
};

} // namespace kontor::codec
