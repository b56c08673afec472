#pragma once

/// What happened to one SKU of the catalogue.
/// Field names are the JSON format and their sequence is the binary one: a stored fact changes only
/// by an optional field added at its end.
/// Source: DOMAIN sections 3 and 10.

#include "domain/values/lines.hpp"
#include "domain/values/money.hpp"

#include "base/describe.hpp"
#include "base/instant.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::product {

struct Attribute {
    std::string name;
    std::string value;
    friend bool operator==(Attribute const&, Attribute const&) = default;
};
BOOST_DESCRIBE_STRUCT(Attribute, (), (name, value))
static_assert(describes_every_field<Attribute>());

/// `parent` names the SKU whose text and images this variant shares.
struct Added {
    Sku sku;
    SkuKind kind{SkuKind::goods};
    std::string title;
    TaxClass tax_class;
    std::vector<Attribute> attributes;
    std::vector<std::string> images;
    std::optional<std::string> text{};
    std::optional<std::string> category{};
    std::optional<Count> weight_g{};
    std::optional<Sku> parent{};
    friend bool operator==(Added const&, Added const&) = default;
};
BOOST_DESCRIBE_STRUCT(Added, (),
                      (sku, kind, title, tax_class, attributes, images, text, category, weight_g,
                       parent))
static_assert(describes_every_field<Added>());

/// The whole description as it is from now on.
struct Changed {
    Sku sku;
    SkuKind kind{SkuKind::goods};
    std::string title;
    TaxClass tax_class;
    std::vector<Attribute> attributes;
    std::vector<std::string> images;
    std::optional<std::string> text{};
    std::optional<std::string> category{};
    std::optional<Count> weight_g{};
    std::optional<Sku> parent{};
    friend bool operator==(Changed const&, Changed const&) = default;
};
BOOST_DESCRIBE_STRUCT(Changed, (),
                      (sku, kind, title, tax_class, attributes, images, text, category, weight_g,
                       parent))
static_assert(describes_every_field<Changed>());

/// `from` is written even when the price holds at once; absent would mean: since ever.
struct PriceSet {
    Sku sku;
    Money price;
    std::optional<Instant> from{};
    friend bool operator==(PriceSet const&, PriceSet const&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceSet, (), (sku, price, from))
static_assert(describes_every_field<PriceSet>());

struct Withdrawn {
    Sku sku;
    std::string reason;
    friend bool operator==(Withdrawn const&, Withdrawn const&) = default;
};
BOOST_DESCRIBE_STRUCT(Withdrawn, (), (sku, reason))
static_assert(describes_every_field<Withdrawn>());

struct Restored {
    Sku sku;
    std::string reason;
    friend bool operator==(Restored const&, Restored const&) = default;
};
BOOST_DESCRIBE_STRUCT(Restored, (), (sku, reason))
static_assert(describes_every_field<Restored>());

using Event = std::variant<Added, Changed, PriceSet, Withdrawn, Restored>;

} // namespace kontor::product
