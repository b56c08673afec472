#include "services/gateway/catalogue.hpp"

#include "base/shapes.hpp"
#include "platform/commands/turn.hpp"
#include "services/shop/aggregates.hpp"

namespace kontor::services::gateway {
namespace {

constexpr ports::Limit catalogue_page(1024);

} // namespace

Result<Catalogue::Known*> Catalogue::known(Sku const& sku) {
    if (products_.size() >= states_max)
        products_.clear();
    auto& known = products_[sku];
    for (;;) {
        KONTOR_TRY(auto const page,
                   log_.read_stream(StreamId::product(sku),
                                    ports::StreamVersion(known.version.value() + 1),
                                    catalogue_page));
        for (auto const& recorded : page.events) {
            KONTOR_TRY(auto const event, Products::decode(recorded.type, recorded.payload));
            evolve_in_place<product::Decider>(known.state, event);
            known.version = recorded.version;
        }
        if (page.events.size() < catalogue_page.value())
            return &known;
    }
}

Result<std::optional<pricing::Article>> Catalogue::article(Sku const& sku, Currency currency,
                                                           Instant now) {
    KONTOR_TRY(auto const* const found, known(sku));
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
    KONTOR_TRY(auto const folded, commands::fold_stream<Coupons>(log_, code));
    auto const* const valid = std::get_if<coupon::Valid>(&folded.first);
    if (valid == nullptr)
        return std::optional<pricing::Coupon>();
    auto const& terms = valid->terms;
    return std::optional(
        pricing::Coupon{code, terms.bp, terms.amount, terms.from, terms.until, terms.minimum,
                        terms.uses.value() - static_cast<std::int64_t>(valid->used_by.size())});
}

} // namespace kontor::services::gateway
