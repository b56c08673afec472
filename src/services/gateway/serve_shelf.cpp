#include "services/gateway/codes.hpp"

#include "services/gateway/answers.hpp"
#include "services/gateway/availability.hpp"
#include "services/gateway/paging.hpp"
#include "services/gateway/shelf_answers.hpp"
#include "services/views/shelf.hpp"

namespace kontor::services::gateway {
namespace {

using views::ShelfSort;

/// What needs a currency and has none.   Errors: parameter_invalid.
Result<void, Trouble> check_prices(views::ShelfFilter const& filter) {
    bool const is_by_price =
        filter.sort == ShelfSort::price || filter.sort == ShelfSort::price_desc;
    if (filter.currency.empty() && (filter.price_min || filter.price_max || is_by_price))
        return unexpected(bad_parameter(filter.price_min   ? "price_min"
                                        : filter.price_max ? "price_max"
                                                           : "sort",
                                        "prices are compared in one currency: name it as well, "
                                        "like currency=GBP"));
    if (filter.price_min && filter.price_max && *filter.price_min > *filter.price_max)
        return unexpected(bad_parameter("price_max", "it is less than price_min"));
    return {};
}

/// What is asked, by the words of the query.   Errors: parameter_invalid, cursor_invalid.
Result<views::ShelfFilter, Trouble> filter_of(Asked const& asked, PageAsked const& page) {
    views::ShelfFilter filter;
    filter.limit = page.limit;
    filter.words = asked.parameter("q").value_or("");
    filter.category = asked.parameter("category");
    KONTOR_TRY(auto const currency, parsed_parameter<Currency>(asked, "currency"));
    filter.currency = currency ? currency->code() : std::string_view();
    KONTOR_TRY(filter.price_min, amount_parameter(asked, "price_min"));
    KONTOR_TRY(filter.price_max, amount_parameter(asked, "price_max"));
    KONTOR_TRY(filter.in_stock, truth_parameter(asked, "in_stock"));
    KONTOR_TRY(auto const sort, enum_parameter<ShelfSort>(asked, "sort"));
    filter.sort = sort.value_or(ShelfSort::sku);
    KONTOR_TRY(check_prices(filter));
    if (page.after) {
        filter.after = views::ShelfKey::parse(*page.after);
        if (!filter.after)
            return unexpected(trouble("cursor_invalid"));
    }
    return filter;
}

ProductAnswer answer_of(views::ShelfItem const& item, std::string_view currency) {
    ProductAnswer answer{};
    auto const& row = item.product;
    answer.sku = row.sku;
    answer.version = row.version;
    answer.title = row.title;
    answer.kind = row.kind;
    answer.tax_class = row.tax_class;
    answer.category = row.category;
    answer.weight_g = row.weight_g;
    answer.parent = row.parent;
    for (auto const& price : item.prices) {
        auto const of = Currency::parse(price.currency.view());
        if (of && (currency.empty() || of->code() == currency))
            answer.prices.push_back({Money::of(price.price, *of), price.from});
    }
    answer.availability = item.is_stocked() ? availability_of(item.left, item.beyond)
                                            : AvailabilityAnswer{Availability::not_stocked, {}};
    return answer;
}

ProductFacets facets_of(views::ShelfFacets const& counted, std::string_view currency) {
    ProductFacets facets{counted.products,
                         {},
                         counted.in_other_categories,
                         counted.without_category,
                         counted.in_stock,
                         counted.out_of_stock,
                         {}};
    for (auto const& [category, products] : counted.categories)
        facets.categories.push_back({category, products});
    if (auto const of = Currency::parse(currency); of && counted.price_min)
        facets.price =
            PriceFacet{Money::of(*counted.price_min, *of), Money::of(*counted.price_max, *of)};
    return facets;
}

/// Brought up to date.   Errors: parameter_invalid, unavailable, corrupt.
Result<views::Shelf const*, Trouble> shelf_now(Parts& parts, Asked const& asked) {
    if (!parts.shelf)
        parts.shelf = std::make_shared<views::Shelf>();
    KONTOR_TRY(auto const min_position, number_parameter(asked, "min_position"));
    bool const is_older = parts.shelf->stock_position() < ports::Position(min_position.value_or(0));
    auto const wanted = is_older ? views::Shelf::Stock::newest : views::Shelf::Stock::recent;
    KONTOR_TRY(or_trouble(
        parts.shelf->refresh(*asked.rows, *asked.stock_rows, parts.clock.monotonic(), wanted)));
    return parts.shelf.get();
}

} // namespace

namespace code {

Served list_products(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const page, page_asked(parts, asked));
    KONTOR_TRY(auto const filter, filter_of(asked, page));
    KONTOR_TRY(auto const* const shelf, shelf_now(parts, asked));
    auto const found = shelf->find(filter);
    PageText text;
    text.has_more = found.has_more;
    for (auto const* const item : found.items)
        add_item(text.items, answer_of(*item, filter.currency));
    if (!found.items.empty())
        text.last = views::key_of(*found.items.back(), filter).to_text();
    text.beside = R"("facets":)";
    codec::append_json(text.beside, facets_of(found.facets, filter.currency),
                       codec::PersonalFields::withheld);
    return Answer(page_reply(parts, asked, text));
}

} // namespace code
} // namespace kontor::services::gateway
