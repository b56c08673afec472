#pragma once

/// Catalogue: products, coupons and shelves as the log has them now, for quotes and answers. States
/// are kept and brought up to date by reading what came since: streams of what sells well are long.
/// Thread: one.

#include "domain/catalog/coupon/state.hpp"
#include "domain/catalog/product/state.hpp"
#include "domain/pricing/quote.hpp"
#include "domain/stock/state.hpp"
#include "ports/event_store.hpp"

#include <memory>

namespace kontor::services {
struct StockKey;
}

namespace kontor::services::gateway {

class Catalogue {
public:
    explicit Catalogue(ports::EventStore& log);
    Catalogue(Catalogue&&) noexcept;
    ~Catalogue();

    /// The product as pricing wants it; empty: no such SKU.   Errors: unavailable, corrupt.
    Result<std::optional<pricing::Article>> article(Sku const& sku, Currency currency, Instant now);
    /// Empty: no such coupon.   Errors: unavailable, corrupt.
    Result<std::optional<pricing::Coupon>> coupon(CouponCode const& code);

    template <class State>
    struct Standing {
        State const& state; ///< good until the next question
        ports::StreamVersion version;
    };

    /// As it stands after `last`, or now; the initial state, at version 0: it is not there.
    /// Errors: unavailable, corrupt.
    Result<Standing<product::State>> product(Sku const& sku, ports::StreamVersion last);
    /// Errors: unavailable, corrupt.
    Result<Standing<coupon::State>> coupon_state(CouponCode const& code, ports::StreamVersion last);
    /// Errors: unavailable, corrupt.
    Result<Standing<stock::State>> stock_item(StockKey const& key, ports::StreamVersion last);

private:
    struct States;

    ports::EventStore& log_;
    std::unique_ptr<States> states_;
};

} // namespace kontor::services::gateway
