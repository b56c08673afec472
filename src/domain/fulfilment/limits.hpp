#pragma once

/// How large a parcel may be.

#include <cstddef>

namespace kontor::fulfilment {

/// SKUs in one parcel. Its dispatch writes each stock item, the order and the parcel in one append,
/// and one transaction of the cloud store takes a hundred items.
inline constexpr std::size_t skus_max = 40;
static_assert(2 * skus_max + 4 <= 100, "a head and an event each, and those of order and parcel");

} // namespace kontor::fulfilment
