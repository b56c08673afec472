#include "services/gateway/catalogue.hpp"

#include "platform/commands/recent_states.hpp"
#include "services/shop/aggregates.hpp"

namespace kontor::services::gateway {
namespace {

constexpr std::size_t products_max = 100'000;
constexpr std::size_t coupons_max = 1'000;
constexpr std::size_t stock_items_max = 1'000; ///< each with its open promises

} // namespace

struct Catalogue::States {
    commands::RecentStates<Products> products{products_max};
    commands::RecentStates<Coupons> coupons{coupons_max};
    commands::RecentStates<StockItems> stock{stock_items_max};
};

Catalogue::Catalogue(ports::EventStore& log) : log_(log), states_(std::make_unique<States>()) {}

Catalogue::Catalogue(Catalogue&&) noexcept = default;

Catalogue::~Catalogue() = default;

Result<std::optional<pricing::Article>> Catalogue::article(Sku const& sku, Currency currency,
                                                           Instant now) {
    KONTOR_TRY(auto const* const found, states_->products.at(log_, sku));
    auto const* const listed = std::get_if<product::Listed>(&found->state);
    if (listed == nullptr)
        return std::optional<pricing::Article>();
    auto const& description = listed->description;
    pricing::Article article{description.title,
                             description.kind,
                             description.tax_class,
                             {},
                             description.weight_g ? description.weight_g->value() : 0,
                             listed->withdrawn};
    if (auto const price = product::price_at(found->state, currency, now))
        article.prices.push_back(*price);
    return std::optional(std::move(article));
}

Result<std::optional<pricing::Coupon>> Catalogue::coupon(CouponCode const& code) {
    KONTOR_TRY(auto const* const found, states_->coupons.at(log_, code));
    auto const* const valid = std::get_if<coupon::Valid>(&found->state);
    if (valid == nullptr)
        return std::optional<pricing::Coupon>();
    auto const& terms = valid->terms;
    return std::optional(
        pricing::Coupon{code, terms.bp, terms.amount, terms.from, terms.until, terms.minimum,
                        terms.uses.value() - static_cast<std::int64_t>(valid->used_by.size())});
}

Result<Catalogue::Standing<product::State>> Catalogue::product(Sku const& sku,
                                                               ports::StreamVersion last) {
    KONTOR_TRY(auto const* const found, states_->products.at(log_, sku, last));
    return Standing<product::State>{found->state, found->version};
}

Result<Catalogue::Standing<coupon::State>> Catalogue::coupon_state(CouponCode const& code,
                                                                   ports::StreamVersion last) {
    KONTOR_TRY(auto const* const found, states_->coupons.at(log_, code, last));
    return Standing<coupon::State>{found->state, found->version};
}

Result<Catalogue::Standing<stock::State>> Catalogue::stock_item(StockKey const& key,
                                                                ports::StreamVersion last) {
    KONTOR_TRY(auto const* const found, states_->stock.at(log_, key, last));
    return Standing<stock::State>{found->state, found->version};
}

} // namespace kontor::services::gateway
