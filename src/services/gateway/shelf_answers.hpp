#pragma once

/// What the shop answers whoever looks through its products: as answers.hpp, under the same rule.

#include "domain/values/money.hpp"

#include "base/describe.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kontor::services::gateway {

struct CategoryFacet {
    std::string category;
    std::uint64_t products;
};
BOOST_DESCRIBE_STRUCT(CategoryFacet, (), (category, products))
static_assert(describes_every_field<CategoryFacet>());

/// The lowest and the highest price, where a currency is asked for.
struct PriceFacet {
    Money min;
    Money max;
};
BOOST_DESCRIBE_STRUCT(PriceFacet, (), (min, max))
static_assert(describes_every_field<PriceFacet>());

/// How many products there are of each kind; each count leaves its own filter out.
struct ProductFacets {
    std::uint64_t products;                ///< that pass all filters, on all pages
    std::vector<CategoryFacet> categories; ///< those with most products first
    std::uint64_t in_other_categories;     ///< beyond the hundred that are named
    std::uint64_t without_category;
    std::uint64_t in_stock;
    std::uint64_t out_of_stock;
    std::optional<PriceFacet> price;
};
BOOST_DESCRIBE_STRUCT(ProductFacets, (),
                      (products, categories, in_other_categories, without_category, in_stock,
                       out_of_stock, price))
static_assert(describes_every_field<ProductFacets>());

} // namespace kontor::services::gateway
