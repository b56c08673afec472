#pragma once

/// What the demo shop sells, where it lies, and who buys: made from a seed, the same each time.
/// Pure.

#include "services/shop/shop.hpp"

#include "base/random.hpp"
#include "domain/pricing/tariff.hpp"

#include <string>
#include <vector>

namespace kontor::services::demo {

inline constexpr std::size_t product_count = 200;
inline constexpr std::size_t customer_count = 50;

struct DemoProduct {
    Sku sku;
    std::string title;
    std::string category;
    Money price;
    std::int64_t weight_g;
    bool is_scarce; ///< there are few, so that somebody comes too late
};

struct DemoCustomer {
    CustomerId id;
    std::string name;
    std::string email;
    std::string street;
    std::string city;
    std::string postcode;
    Country country;
};

std::vector<DemoProduct> demo_products(Random const& seed);
std::vector<DemoCustomer> demo_customers(Random const& seed);

/// By rank: the first that has everything serves an order.
std::vector<Location> demo_locations();

/// Everything that has to be there before the doors open, as requests whose ids follow from the
/// seed: asked for a second time they change nothing.
std::vector<ShopRequest> demo_seeding(Random const& seed, Instant now);

} // namespace kontor::services::demo
