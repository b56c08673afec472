#include "services/gateway/codes.hpp"

#include "services/gateway/answers.hpp"
#include "services/gateway/availability.hpp"
#include "services/gateway/bodies.hpp"
#include "services/gateway/digests.hpp"
#include "services/gateway/prepare_order.hpp"
#include "services/gateway/replies.hpp"
#include "services/views/queries.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using SeenProduct = Catalogue::Standing<product::State>;

ProductAnswer answer_of(Sku const& sku, SeenProduct const& seen) {
    auto const& listed = std::get<product::Listed>(seen.state);
    auto const& it = listed.description;
    ProductAnswer answer{};
    answer.sku = sku;
    answer.version = seen.version.value();
    answer.title = it.title;
    answer.kind = it.kind;
    answer.tax_class = it.tax_class;
    answer.withdrawn = listed.withdrawn;
    for (auto const& price : listed.prices)
        answer.prices.push_back({price.price, price.from});
    answer.text = it.text;
    answer.category = it.category;
    if (it.weight_g)
        answer.weight_g = it.weight_g->value();
    answer.attributes = it.attributes;
    answer.images = it.images;
    answer.parent = it.parent;
    return answer;
}

Result<Reply, Trouble> render_product(Parts& parts, Asked const& asked, Seen const& seen) {
    KONTOR_TRY(auto const sku, or_trouble(Sku::parse(seen.stream.key())));
    KONTOR_TRY(auto const product, or_trouble(parts.catalogue.product(sku, seen.version)));
    if (!std::holds_alternative<product::Listed>(product.state))
        return unexpected(trouble("unknown_sku"));
    auto reply = versioned_reply(asked, seen.status, answer_of(sku, product));
    if (seen.status == 201)
        reply.headers.add("Location", "/v1/products/" + std::string(sku.view()));
    return reply;
}

Served product_write(Asked const& asked, Sku const& sku, product::Command command,
                     std::uint16_t status = 200) {
    auto write = write_to<Products>(sku, std::move(command), status, render_product);
    expect_what_was_read(write, asked);
    return Answer(std::move(write));
}

template <class To, class From>
std::optional<To> value_in(std::optional<From> const& text) {
    return text ? std::optional<To>(text->value) : std::nullopt;
}

std::vector<std::string> plain(std::vector<Text<1, 500>> const& texts) {
    std::vector<std::string> all;
    for (auto const& text : texts)
        all.push_back(text.value);
    return all;
}

/// What the shop cannot price, or what is a kind of nothing.   Errors: body_invalid.
Result<void, Trouble> check_description(Parts& parts, std::optional<TaxClass> const& tax_class,
                                        std::optional<Sku> const& parent) {
    auto const& rates = parts.tariff.rates;
    if (tax_class &&
        std::ranges::find(rates, *tax_class, &pricing::TaxRate::tax_class) == rates.end()) {
        std::vector<std::string_view> known;
        for (auto const& rate : rates)
            if (std::ranges::find(known, rate.tax_class.view()) == known.end())
                known.push_back(rate.tax_class.view());
        std::string names;
        for (auto const name : known)
            names += (names.empty() ? "" : ", ") + std::string(name);
        return unexpected(bad_field("/tax_class", "one of " + names + " is wanted"));
    }
    if (parent) {
        KONTOR_TRY(auto const head, or_trouble(parts.log.head(StreamId::product(*parent))));
        if (head.value() == 0)
            return unexpected(bad_field("/parent", "there is no such product"));
    }
    return {};
}

/// Whether the patch names a key with null.
bool is_removed(codec::JsonNode body, std::string_view key) {
    bool removed = false;
    body.each_member([&](std::string_view name, codec::JsonNode value) {
        removed = removed || (name == key && value.kind() == codec::JsonKind::null);
        return true;
    });
    return removed;
}

template <class Value>
void patch(codec::JsonNode body, std::string_view key, std::optional<Value> const& from,
           std::optional<Value>& to) {
    if (from)
        to = from;
    else if (is_removed(body, key))
        to.reset();
}

/// The answer, or 304 when the caller has the same bytes already. Behind the version its ETag has a
/// digest, for availability changes without the product.
Reply product_reply(Asked const& asked, ProductAnswer const& answer) {
    auto reply = json_reply(200, answer);
    std::string_view const parts[] = {reply.body};
    auto const tag = "\"v" + std::to_string(answer.version) + "." +
                     base64url(as_text(sha256(parts)).substr(0, 9)) + "\"";
    if (asked.request->header("if-none-match").find(tag) != std::string_view::npos) {
        reply = Reply{};
        reply.status = 304;
    }
    reply.headers.add("ETag", tag);
    return reply;
}

} // namespace

namespace code {

Served show_product(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "not_found"));
    KONTOR_TRY(auto const seen, or_trouble(parts.catalogue.product(sku, newest)));
    if (!std::holds_alternative<product::Listed>(seen.state))
        return unexpected(trouble("not_found", "there is no such product"));
    auto answer = answer_of(sku, seen);
    if (answer.kind == SkuKind::goods) {
        views::StockFilter const filter{.sku = sku, .limit = views::page_rows_max};
        KONTOR_TRY(auto const items, or_trouble(views::list_stock(*asked.rows, filter)));
        std::int64_t left = 0;
        std::int64_t beyond = 0;
        for (auto const& item : items) {
            left += std::max<std::int64_t>(0, item.available);
            beyond += item.backorder_max - item.backordered;
        }
        answer.availability = availability_of(left, beyond);
    } else {
        answer.availability = AvailabilityAnswer{Availability::not_stocked, {}};
    }
    return Answer(product_reply(asked, answer));
}

Served add_product(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<AddProduct>(asked));
    KONTOR_TRY(check_description(parts, body.tax_class, body.parent));
    product::Description description{
        .kind = body.kind.value_or(SkuKind::goods),
        .title = body.title.value,
        .tax_class = body.tax_class,
        .attributes = body.attributes.value_or(std::vector<product::Attribute>()),
        .images = {},
        .text = value_in<std::string>(body.text),
        .category = value_in<std::string>(body.category),
        .weight_g = body.weight_g,
        .parent = body.parent};
    if (body.images)
        description.images = plain(*body.images);
    return product_write(asked, body.sku, product::Add{body.sku, std::move(description)}, 201);
}

Served change_product(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    KONTOR_TRY(auto const body, body_of<ChangeProduct>(asked));
    KONTOR_TRY(check_description(parts, body.tax_class, body.parent));
    KONTOR_TRY(auto const seen, or_trouble(parts.catalogue.product(sku, newest)));
    auto const* const listed = std::get_if<product::Listed>(&seen.state);
    if (listed == nullptr)
        return unexpected(trouble("not_found", "there is no such product"));
    auto it = listed->description;
    if (body.title)
        it.title = body.title->value;
    if (body.tax_class)
        it.tax_class = *body.tax_class;
    patch(asked.body, "text", value_in<std::string>(body.text), it.text);
    patch(asked.body, "category", value_in<std::string>(body.category), it.category);
    patch(asked.body, "weight_g", body.weight_g, it.weight_g);
    patch(asked.body, "parent", body.parent, it.parent);
    if (body.attributes)
        it.attributes = *body.attributes;
    if (body.images)
        it.images = plain(*body.images);
    return product_write(asked, sku, product::Change{sku, std::move(it)});
}

Served set_price(Parts&, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    KONTOR_TRY(auto const body, body_of<SetPrice>(asked));
    return product_write(asked, sku, product::SetPrice{sku, body.price, body.from});
}

Served withdraw_product(Parts&, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    KONTOR_TRY(auto const body, body_of<WithReason>(asked));
    return product_write(asked, sku, product::Withdraw{sku, body.reason.value});
}

Served restore_product(Parts&, Asked& asked) {
    KONTOR_TRY(auto const sku, path_value<Sku>(asked, 0, "unknown_sku"));
    KONTOR_TRY(auto const body, body_of<WithReason>(asked));
    return product_write(asked, sku, product::Restore{sku, body.reason.value});
}

Served quote(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<AskForQuote>(asked));
    KONTOR_TRY(auto const quote, quote_of(parts, asked,
                                          {body.lines, body.currency, body.country,
                                           body.shipping_method, body.coupon}));
    return Answer(json_reply(200, quote_json(quote)));
}

Served list_shipping_methods(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const country, parsed_parameter<Country>(asked, "country"));
    std::vector<ShippingMethodAnswer> answer;
    for (auto const& method : parts.tariff.methods) {
        auto const& places = method.countries;
        if (country && !places.empty() && std::ranges::find(places, *country) == places.end())
            continue;
        ShippingMethodAnswer shown{method.code, method.title,     places,
                                   {},          method.free_from, method.delivery_days};
        if (!method.bands.empty())
            shown.from = method.bands.front().prices;
        answer.push_back(std::move(shown));
    }
    return Answer(list_reply(answer));
}

} // namespace code
} // namespace kontor::services::gateway
