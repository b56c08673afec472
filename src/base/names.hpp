#pragma once

/// The names of described enumerators, both ways. Linear in the number of enumerators: for
/// messages, files and tables, not for hot loops.

#include "base/assert.hpp"
#include "base/describe.hpp"

#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string_view>

namespace kontor {

template <class E>
    requires boost::describe::has_describe_enumerators<E>::value
std::string_view enumerator_name(E value) {
    std::string_view found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
        if (enumerator.value == value)
            found = enumerator.name;
    });
    KONTOR_ASSERT(!found.empty(), "an enumerator outside its enumeration: {}",
                  static_cast<long long>(value));
    return found;
}

template <class E>
    requires boost::describe::has_describe_enumerators<E>::value
std::optional<E> enumerator_named(std::string_view wanted) {
    std::optional<E> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto enumerator) {
        if (enumerator.name == wanted)
            found = enumerator.value;
    });
    return found;
}

} // namespace kontor
