#include "services/views/queries.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>

namespace kontor::services::views {
namespace {

Failure unknown(std::string_view what, std::string_view name) {
    return {FailureKind::not_found, "there is no " + std::string(what) + " " + std::string(name),
            std::string(name)};
}

bool fits(StockItemRow const& item, StockFilter const& filter) {
    return (!filter.location || item.location == *filter.location) &&
           (!filter.below || item.available < *filter.below);
}

} // namespace

Result<std::vector<StockItemRow>> list_stock(ports::RowReader& stock, StockFilter const& filter) {
    projections::TextArena arena;
    RowScan<StockItemRow> scan{.table = stock_items_table};
    if (filter.sku)
        scan.prefix = {projections::CellForm<Sku>::cell(*filter.sku, arena)};
    if (filter.after)
        scan.after = std::tuple(filter.after->sku, filter.after->location);
    std::vector<StockItemRow> found;
    auto const limit = std::min(filter.limit, page_rows_max);
    KONTOR_TRY(scan_rows(stock, scan, [&](StockItemRow&& item) {
        if (fits(item, filter))
            found.push_back(std::move(item));
        return found.size() < limit;
    }));
    return found;
}

Result<StockItemRow> show_stock(ports::RowReader& stock, Sku const& sku, Location const& location) {
    KONTOR_TRY(auto item,
               find_row<StockItemRow>(stock, stock_items_table, std::tuple(sku, location)));
    if (!item)
        return unexpected(
            unknown("stock of", std::string(sku.view()) + " at " + std::string(location.view())));
    return *std::move(item);
}

Result<std::vector<ProductView>> list_products(ports::RowReader& catalog, std::optional<Sku> after,
                                               std::size_t limit) {
    RowScan<ProductRow> scan{.table = products_table,
                             .limit = ports::Limit(std::min(limit, page_rows_max))};
    if (after)
        scan.after = std::tuple(*after);
    std::vector<ProductView> found;
    KONTOR_TRY(scan_rows(catalog, scan, [&](ProductRow&& product) {
        found.push_back({std::move(product)});
        return true;
    }));
    for (auto& view : found) {
        KONTOR_TRY(view.prices, rows_below<PriceRow>(catalog, prices_table, view.product.sku));
    }
    return found;
}

Result<ProductView> show_product(ports::RowReader& catalog, Sku const& sku) {
    KONTOR_TRY(auto product, find_row<ProductRow>(catalog, products_table, std::tuple(sku)));
    if (!product)
        return unexpected(unknown("product", sku.view()));
    ProductView view{*std::move(product)};
    KONTOR_TRY(view.prices, rows_below<PriceRow>(catalog, prices_table, sku));
    return view;
}

Result<CustomerRow> show_customer(ports::RowReader& customers, CustomerId id) {
    KONTOR_TRY(auto customer, find_row<CustomerRow>(customers, 0, std::tuple(id)));
    if (!customer)
        return unexpected(unknown("customer", id.to_string()));
    return *std::move(customer);
}

} // namespace kontor::services::views
