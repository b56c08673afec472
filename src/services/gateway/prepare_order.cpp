#include "services/gateway/prepare_order.hpp"

#include "services/gateway/answers.hpp"

#include "codec/json.hpp"
#include "services/gateway/replies.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

/// Without a wish: the first method that serves the country.
std::optional<ShippingMethodCode> method_for(pricing::Tariff const& tariff, Country country) {
    auto const found = std::ranges::find_if(tariff.methods, [&](auto const& method) {
        return method.countries.empty() ||
               std::ranges::find(method.countries, country) != method.countries.end();
    });
    return found == tariff.methods.end() ? std::nullopt : std::optional(found->code);
}

Money goods_before_coupon(order::Quote const& quote) {
    auto goods = Money::zero(quote.currency);
    for (auto const& line : quote.lines)
        if (line.kind == SkuKind::goods)
            goods += Money::of(line.unit_price.minor() * line.quantity.value(), quote.currency);
    return goods;
}

QuoteLineAnswer answer_of(order::Line const& line) {
    return {line.line,       line.sku,      line.title,     line.kind,      line.quantity.value(),
            line.unit_price, line.discount, line.value.net, line.value.tax, line.tax_bp.value()};
}

order::Channel channel_of(Asked const& asked) {
    if (asked.caller.roles.has(Role::support))
        return order::Channel::support;
    return asked.caller.roles.has(Role::service) ? order::Channel::service
                                                 : order::Channel::storefront;
}

Result<void, Trouble> check_buyer(Asked const& asked, PlaceOrder const& body) {
    if (body.customer_id && !asked.sees_all() && body.customer_id != asked.caller.customer)
        return unexpected(bad_field("/customer_id", "only support and services order for others"));
    if (body.contact.email.value.find('@') == std::string::npos)
        return unexpected(bad_field("/contact/email", "an e-mail address is wanted"));
    if (body.ship_to.lines.size() > 5)
        return unexpected(bad_field("/ship_to/lines", "at most 5 lines are wanted"));
    if (body.payment && body.payment->method.view() != "card")
        return unexpected(bad_field("/payment/method", "card is wanted"));
    return {};
}

} // namespace

Result<order::Quote, Trouble> quote_of(Parts& parts, Asked const& asked, WantedBasket const& wanted,
                                       QuoteFor what) {
    pricing::Basket basket{};
    basket.currency = wanted.currency;
    basket.country = wanted.country;
    basket.now = asked.now;
    basket.shipping_method =
        wanted.shipping_method ? wanted.shipping_method : method_for(parts.tariff, wanted.country);
    std::vector<std::optional<pricing::Article>> articles;
    articles.reserve(wanted.lines.size());
    for (auto const& line : wanted.lines) {
        KONTOR_TRY(auto article,
                   or_trouble(parts.catalogue.article(line.sku, wanted.currency, asked.now)));
        articles.push_back(std::move(article));
        basket.lines.push_back(
            {line.sku, line.quantity.value(), articles.back() ? &*articles.back() : nullptr});
    }
    std::optional<pricing::Coupon> coupon;
    if (wanted.coupon) {
        KONTOR_TRY(coupon, or_trouble(parts.catalogue.coupon(*wanted.coupon)));
        basket.coupon_code = wanted.coupon;
        basket.coupon = coupon ? &*coupon : nullptr;
    }
    auto quote = what == QuoteFor::order ? pricing::quote(basket, parts.tariff)
                                         : pricing::quote_addition(basket, parts.tariff);
    if (!quote)
        return unexpected(trouble_of(Refusal(quote.error())));
    std::uint16_t number = 0;
    for (auto& line : quote->lines)
        line.line = LineNumber(++number);
    return *std::move(quote);
}

std::string quote_json(order::Quote const& quote) {
    QuoteAnswer answer{quote.currency, {},           quote.shipping, quote.shipping_method,
                       quote.discount, quote.coupon, quote.total};
    for (auto const& line : quote.lines)
        answer.lines.push_back(answer_of(line));
    return codec::to_json(answer);
}

Result<Compound, Trouble> prepared_order(Parts& parts, Asked const& asked, PlaceOrder const& body,
                                         OrderId id) {
    KONTOR_TRY(check_buyer(asked, body));
    KONTOR_TRY(auto quote, quote_of(parts, asked,
                                    {body.lines, body.currency, body.ship_to.country,
                                     body.shipping_method, body.coupon}));
    if (quote.total != body.expected_total) {
        auto changed = trouble("price_changed");
        changed.members = ",\"quote\":" + quote_json(quote);
        return unexpected(std::move(changed));
    }
    if (!quote.total.is_zero() && !body.payment)
        return unexpected(bad_field("/payment", "something is due: payment is wanted"));
    Compound compound;
    if (quote.coupon)
        compound.commands.push_back(
            On<Coupons>{*quote.coupon, coupon::Use{*quote.coupon, id, goods_before_coupon(quote)}});
    order::Place place{};
    place.order_id = id;
    place.customer_id = asked.sees_all() ? body.customer_id : asked.caller.customer;
    if (!place.customer_id) // who buys once, as a guest, can be forgotten like everybody else
        place.customer_id = derive_id<CustomerId>(id, "guest");
    place.channel = channel_of(asked);
    place.expected_total = body.expected_total;
    place.country = body.ship_to.country;
    place.ship_to = address_of(body.ship_to);
    place.contact = contact_of(body.contact);
    if (body.payment && !quote.total.is_zero())
        place.payment = order::PaymentOffer{body.payment->method,
                                            Personal<std::string>(body.payment->token.value)};
    place.quote = std::move(quote);
    compound.commands.push_back(On<Orders>{id, std::move(place)});
    return compound;
}

Personal<Address> address_of(ShipTo const& to) {
    Address address{to.name.value,
                    {},
                    to.city.value,
                    to.postcode.value,
                    to.region ? to.region->value : std::string()};
    for (auto const& line : to.lines)
        address.lines.push_back(line.value);
    return Personal<Address>(std::move(address));
}

Personal<Contact> contact_of(HowToReach const& contact) {
    return Personal<Contact>(Contact{contact.email.value,
                                     contact.name ? contact.name->value : std::string(),
                                     contact.phone ? contact.phone->value : std::string()});
}

} // namespace kontor::services::gateway
