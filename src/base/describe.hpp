#pragma once

/// The one description of a type: BOOST_DESCRIBE_STRUCT lists the fields, and describes_every_field
/// proves that none is missing. Codec makes JSON, compact binary and JSON Schema of the same list.

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace kontor {

template <class T>
using described_fields = boost::describe::describe_members<T, boost::describe::mod_public>;

template <class T>
concept DescribedStruct = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;

template <class T>
concept DescribedEnum = boost::describe::has_describe_enumerators<T>::value;

/// Whether `value` is one of those that are listed: a default-constructed one may be none. It costs
/// a shift where all are small.
template <DescribedEnum E>
constexpr bool is_enumerator(E value) {
    using Listed = boost::describe::describe_enumerators<E>;
    constexpr int bits = 64;
    constexpr bool all_small = []<template <class...> class L, class... D>(L<D...>) {
        return (
            (static_cast<long long>(D::value) >= 0 && static_cast<long long>(D::value) < bits) &&
            ...);
    }(Listed{});
    if constexpr (all_small) {
        constexpr auto mask = []<template <class...> class L, class... D>(L<D...>) {
            return ((1ULL << static_cast<unsigned>(D::value)) | ... | 0ULL);
        }(Listed{});
        auto const number = static_cast<unsigned long long>(value);
        return number < bits && ((mask >> number) & 1U) != 0;
    } else {
        return [value]<template <class...> class L, class... D>(L<D...>) {
            return ((D::value == value) || ...);
        }(Listed{});
    }
}

namespace detail {

/// Stands for a value of whatever type is wanted, where braces are only tried out.
struct AnyValue {
    template <class T>
    operator T&() const&;
    template <class T>
    operator T&() const&&;
};

/// Whether `T{v1, …, vn}` can be written with so many values.
template <class T, std::size_t... N>
consteval bool takes_values(std::index_sequence<N...>) {
    return requires { T{(static_cast<void>(N), AnyValue{})...}; };
}

} // namespace detail

/// True when the description of `T` names as many fields as `T` has: its braces take that many
/// values and not one more. Every file that sees a struct asks this again, so it must cost the
/// compiler little: counting the fields without knowing their number, as Boost.PFR does, took a
/// quarter of the time of a file that sees many. Write it under every described struct:
///   static_assert(describes_every_field<Placed>());
template <DescribedStruct T>
consteval bool describes_every_field() {
    constexpr auto fields = boost::mp11::mp_size<described_fields<T>>::value;
    return detail::takes_values<T>(std::make_index_sequence<fields>()) &&
           !detail::takes_values<T>(std::make_index_sequence<fields + 1>());
}

} // namespace kontor
