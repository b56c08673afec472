#pragma once

/// How large things may get for one stock item.

#include "domain/values/quantity.hpp"

#include <cstddef>

namespace kontor::stock {

/// Backorders that one append fills; the others follow by FillBackorders. Each touches a
/// reservation and the process of its order too, and one transaction of the cloud store takes a
/// hundred items.
inline constexpr std::size_t fills_max = 30;
static_assert(3 * fills_max + 10 <= 100, "fills, reservations and processes in one append");

/// Units one location can have of one SKU, or keep as safety, or promise beyond the shelf.
inline constexpr std::int64_t units_max = 1'000'000'000'000;
static_assert(units_max > Quantity::max * 100'000, "sums of any real shop fit");

} // namespace kontor::stock
