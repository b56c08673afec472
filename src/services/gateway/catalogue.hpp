#pragma once

/// Catalogue: products and coupons as the log has them now, for quotes. States are kept and brought
/// up to date by reading what came since.   Thread: one.

#include "domain/catalog/coupon/state.hpp"
#include "domain/catalog/product/state.hpp"
#include "domain/pricing/quote.hpp"
#include "ports/event_store.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace kontor::services::gateway {

class Catalogue {
public:
    /// States at hand; at the limit all are forgotten and folded again when they are asked for.
    static constexpr std::size_t states_max = 100'000;

    explicit Catalogue(ports::EventStore& log) : log_(log) {}

    /// The product as pricing wants it; empty: no such SKU.   Errors: unavailable, corrupt.
    Result<std::optional<pricing::Article>> article(Sku const& sku, Currency currency, Instant now);
    /// Empty: no such coupon.   Errors: unavailable, corrupt.
    Result<std::optional<pricing::Coupon>> coupon(CouponCode const& code);

private:
    struct Known {
        product::State state{product::initial()};
        ports::StreamVersion version{};
    };
    Result<Known*> known(Sku const& sku);

    ports::EventStore& log_;
    boost::unordered_flat_map<Sku, Known, std::hash<Sku>> products_;
};

} // namespace kontor::services::gateway
