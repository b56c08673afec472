#include "services/demo/assortment.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

namespace kontor::services::demo {
namespace {

constexpr std::array makes{"Oak",    "Brass",   "Linen",  "Walnut", "Copper", "Wool", "Slate",
                           "Enamel", "Cork",    "Glass",  "Rattan", "Pewter", "Felt", "Marble",
                           "Bamboo", "Leather", "Cotton", "Iron",   "Silver", "Amber"};

struct Noun {
    char const* word;
    char const* category;
    std::int64_t price;
    std::int64_t weight_g;
};
constexpr std::array nouns{
    Noun{"Mug", "kitchen", 899, 350},           Noun{"Tea Towel", "kitchen", 649, 90},
    Noun{"Bread Board", "kitchen", 2450, 1100}, Noun{"Lantern", "light", 3299, 1400},
    Noun{"Candle Holder", "light", 1299, 420},  Noun{"Picture Frame", "home", 1599, 600},
    Noun{"Letter Rack", "desk", 1850, 520},     Noun{"Paperweight", "desk", 1099, 800},
    Noun{"Door Hook", "home", 749, 180},        Noun{"Coat Peg", "home", 995, 240}};
static_assert(makes.size() * nouns.size() == product_count);

constexpr std::array first_names{"Ada", "Ben", "Cleo", "Dora", "Emil",
                                 "Fay", "Gus", "Hana", "Ivo",  "Jane"};
constexpr std::array last_names{"Ashdown", "Brook", "Carver", "Dale", "Elder"};
static_assert(first_names.size() * last_names.size() == customer_count);

constexpr std::array towns{std::pair{"Lübeck", "23552"}, std::pair{"Bristol", "BS1 4DJ"},
                           std::pair{"York", "YO1 7HH"}, std::pair{"Hull", "HU1 1NQ"},
                           std::pair{"Leith", "EH6 6QU"}};

Actor const demo_actor{ActorKind::service, InlineText<31>("demo")};

ShopRequest request_of(CommandId id, Instant now, Single command) {
    ShopRequest request{id, id.value(), {}, now, demo_actor, Compound{{std::move(command)}}};
    request.fingerprint = commands::Fingerprint{'d', 'e', 'm', 'o'};
    return request;
}

/// Ids of the seeding: the same for one seed, others for another one.
class SeedingIds {
public:
    explicit SeedingIds(Random const& seed) : root_(Id128(0, seed.fork("seeding").next())) {}
    CommandId next(std::string_view noun) { return derive_id<CommandId>(root_, noun, ++number_); }

private:
    CommandId root_;
    std::uint64_t number_{0};
};

Single add(DemoProduct const& made) {
    product::Description description;
    description.title = made.title;
    description.category = made.category;
    description.tax_class = TaxClass("standard");
    description.weight_g = Count(made.weight_g);
    return On<Products>{made.sku, product::Add{made.sku, std::move(description)}};
}

Single arrive(DemoProduct const& made, Location const& at, std::int64_t units) {
    return On<StockItems>{{at, made.sku},
                          stock::Receive{made.sku, at, Quantity::of(units), "opening stock"}};
}

Single enrol(DemoCustomer const& made) {
    customer::Profile profile;
    profile.country = made.country;
    profile.email = Personal<std::string>(made.email);
    profile.name = Personal<std::string>(made.name);
    profile.addresses.emplace_back(Address{made.name, {made.street}, made.city, made.postcode, {}});
    return On<Customers>{made.id, customer::Register{made.id, std::move(profile)}};
}

} // namespace

std::vector<Location> demo_locations() {
    std::vector<Location> locations;
    for (auto const* const name : {"main", "north", "harbour"})
        locations.push_back(Location::parse(name).value());
    return locations;
}

std::vector<DemoProduct> demo_products(Random const& seed) {
    auto dice = seed.fork("products");
    std::vector<DemoProduct> products;
    for (std::size_t n = 0; n < product_count; ++n) {
        auto const& noun = nouns[n % nouns.size()];
        auto const* const make = makes[n / nouns.size()];
        auto const price = noun.price + 50 * dice.between(-4, 12);
        products.push_back({Sku::parse(fmt::format("K{:03}", n + 1)).value(),
                            fmt::format("{} {}", make, noun.word), noun.category,
                            Money::of(price, Currency::gbp()), noun.weight_g, dice.chance(1, 20)});
    }
    return products;
}

std::vector<DemoCustomer> demo_customers(Random const& seed) {
    auto dice = seed.fork("customers");
    CommandId const root(Id128(0, dice.next()));
    std::vector<DemoCustomer> customers;
    for (std::size_t n = 0; n < customer_count; ++n) {
        auto const* const first = first_names[n % first_names.size()];
        auto const* const last = last_names[n / first_names.size()];
        auto const& [city, postcode] = towns[dice.below(towns.size())];
        customers.push_back({derive_id<CustomerId>(root, "customer", n),
                             fmt::format("{} {}", first, last),
                             fmt::format("customer-{:02}@demo.invalid", n + 1),
                             fmt::format("{} Quay Street", dice.between(1, 120)), city, postcode,
                             Country::parse("GB").value()});
    }
    return customers;
}

std::vector<ShopRequest> demo_seeding(Random const& seed, Instant now) {
    auto dice = seed.fork("stock");
    SeedingIds ids(seed);
    std::vector<ShopRequest> requests;
    for (auto const& made : demo_products(seed)) {
        requests.push_back(request_of(ids.next("add"), now, add(made)));
        requests.push_back(
            request_of(ids.next("price"), now,
                       On<Products>{made.sku, product::SetPrice{made.sku, made.price}}));
        for (auto const& at : demo_locations()) {
            auto const units = made.is_scarce ? dice.between(2, 12) : dice.between(500, 2'500);
            requests.push_back(request_of(ids.next("arrive"), now, arrive(made, at, units)));
        }
    }
    for (auto const& made : demo_customers(seed))
        requests.push_back(request_of(ids.next("enrol"), now, enrol(made)));
    return requests;
}

} // namespace kontor::services::demo
