#pragma once

/// The one description of a type: BOOST_DESCRIBE_STRUCT lists the fields, and describes_every_field
/// proves that none is missing, by counting the fields with PFR. Codec makes JSON, compact binary
/// and JSON Schema of the same list.

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/mp11/list.hpp>
#include <boost/pfr/tuple_size.hpp>

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

/// True when the description of `T` names as many fields as `T` has. Write it under every described
/// struct:
///   static_assert(describes_every_field<Placed>());
template <DescribedStruct T>
consteval bool describes_every_field() {
    return boost::mp11::mp_size<described_fields<T>>::value == boost::pfr::tuple_size_v<T>;
}

} // namespace kontor
