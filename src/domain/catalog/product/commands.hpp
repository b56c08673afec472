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
    friend bool operator==(Add const&, Add const&) = default;
};

/// Replaces the description; the kind stays what it is.
struct Change {
    Sku sku;
    Description description;
    friend bool operator==(Change const&, Change const&) = default;
};

/// The list price in its currency, from now or from a moment to come.
struct SetPrice {
    Sku sku;
    Money price;
    std::optional<Instant> from{};
    friend bool operator==(SetPrice const&, SetPrice const&) = default;
};

/// Not sold any more; what was ordered is still shipped.
struct Withdraw {
    Sku sku;
    std::string reason;
    friend bool operator==(Withdraw const&, Withdraw const&) = default;
};

struct Restore {
    Sku sku;
    std::string reason;
    friend bool operator==(Restore const&, Restore const&) = default;
};

using Command = std::variant<Add, Change, SetPrice, Withdraw, Restore>;

} // namespace kontor::product
