#pragma once

/// What may be asked of one SKU of the catalogue.

#include "domain/catalog/product/events.hpp"

namespace kontor::product {

/// A description, whole.
struct Description {
    SkuKind kind{SkuKind::goods};
    std::string title;
    TaxClass tax_class;
    std::vector<Attribute> attributes{};
    std::vector<std::string> images{};
    std::optional<std::string> text{};
    std::optional<std::string> category{};
    std::optional<Count> weight_g{};
    std::optional<Sku> parent{};
    friend bool operator==(Description const&, Description const&) = default;
};

struct Add {
    Sku sku;
    Description description;
};

/// Replaces the description; the kind stays what it is.
struct Change {
    Sku sku;
    Description description;
};

/// The list price in its currency, from now or from a moment to come.
struct SetPrice {
    Sku sku;
    Money price;
    std::optional<Instant> from{};
};

/// Not sold any more; what was ordered is still shipped.
struct Withdraw {
    Sku sku;
    std::string reason;
};

struct Restore {
    Sku sku;
    std::string reason;
};

using Command = std::variant<Add, Change, SetPrice, Withdraw, Restore>;

} // namespace kontor::product
