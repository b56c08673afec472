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

/// True when the description of `T` names as many fields as `T` has. Write it under every described
/// struct:
///   static_assert(describes_every_field<Placed>());
template <DescribedStruct T>
consteval bool describes_every_field() {
    return boost::mp11::mp_size<described_fields<T>>::value == boost::pfr::tuple_size_v<T>;
}

} // namespace kontor
