#pragma once

/// The words that orders, stock and parcels share about goods: which line, how many, of what kind,
/// what is missing, in which condition it came back.

#include "domain/values/names.hpp"
#include "domain/values/quantity.hpp"

#include "base/describe.hpp"
#include "base/strong.hpp"

#include <cstdint>

namespace kontor {

/// A row of an order, numbered from 1, never renumbered.
using LineNumber = Strong<struct LineNumberTag, std::uint16_t>;

/// Units of one line: `L` of the event catalogue is a list of these.
struct LineQuantity {
    LineNumber line;
    Quantity quantity;
    friend bool operator==(LineQuantity const&, LineQuantity const&) = default;
};
BOOST_DESCRIBE_STRUCT(LineQuantity, (), (line, quantity))
static_assert(describes_every_field<LineQuantity>());

/// Goods are stocked; the others are services. Stored as its number: only ever added to.
enum class SkuKind : std::uint8_t { goods = 1, shipping = 2, voucher = 3, charge = 4 };
BOOST_DESCRIBE_ENUM(SkuKind, goods, shipping, voucher, charge)

constexpr bool is_service(SkuKind kind) {
    return kind != SkuKind::goods;
}

/// Which tax applies to a SKU; with the country it gives the rate. "standard", "reduced", "zero".
using TaxClass = InlineText<15>;

/// How a buyer pays: "card"; "recorded" for money that came in before the shop was ours.
using PaymentMethod = InlineText<15>;

/// The code of a way to ship: "standard", "express", "pickup".
using ShippingMethodCode = InlineText<23>;

/// In which condition units came back; only `restock` goes back on a shelf. Stored as its number:
/// only ever added to.
enum class ItemCondition : std::uint8_t { restock = 1, damaged = 2, write_off = 3 };
BOOST_DESCRIBE_ENUM(ItemCondition, restock, damaged, write_off)

/// What could not be promised: so many were asked for, so many can be sold.
struct Shortage {
    Sku sku;
    Count asked;
    Count sellable;
    friend bool operator==(Shortage const&, Shortage const&) = default;
};
BOOST_DESCRIBE_STRUCT(Shortage, (), (sku, asked, sellable))
static_assert(describes_every_field<Shortage>());

} // namespace kontor
