#pragma once

/// What the shop adds to a wish to buy before it is decided: today's prices.   Thread: the edge's.

#include "services/gateway/asked.hpp"
#include "services/gateway/bodies.hpp"

namespace kontor::services::gateway {

/// What somebody wants to buy, without who and whereto.
struct WantedBasket {
    std::vector<WantedLine> const& lines;
    Currency currency;
    Country country;
    std::optional<ShippingMethodCode> shipping_method{};
    std::optional<CouponCode> coupon{};
};

enum class QuoteFor : std::uint8_t { order, addition };

/// Errors: the refusals of pricing, each with its line; unavailable.
Result<order::Quote, Trouble> quote_of(Parts& parts, Asked const& asked, WantedBasket const& wanted,
                                       QuoteFor what = QuoteFor::order);

/// The quote as the API shows it.
std::string quote_json(order::Quote const& quote);

/// An order ready to be decided, with its coupon's use.
/// Errors: as quote_of; price_changed with the new quote, body_invalid, forbidden.
Result<Compound, Trouble> prepared_order(Parts& parts, Asked const& asked, PlaceOrder const& body,
                                         OrderId id);

Personal<Address> address_of(ShipTo const& to);
Personal<Contact> contact_of(HowToReach const& contact);

} // namespace kontor::services::gateway
