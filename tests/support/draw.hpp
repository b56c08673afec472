#pragma once

/// Draws for random histories. RapidCheck begins with small numbers and so with short histories;
/// these use the whole range from the first run on.

#include "domain/values/id128.hpp"

#include <rapidcheck.h>

namespace kontor::testing {

/// First to just before `past_last`.
template <class T>
rc::Gen<T> between(T first, T past_last) {
    return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(first, past_last));
}

/// One of a few ids, so that commands meet each other.
template <class Id>
rc::Gen<Id> one_of(std::uint64_t ids) {
    return rc::gen::map(between<std::uint64_t>(1, ids + 1),
                        [](std::uint64_t n) { return Id(Id128(1, n)); });
}

} // namespace kontor::testing
