#include "services/views/goods.hpp"

#include "domain/catalog/product/events.hpp"

namespace kontor::services::views {
namespace {

template <class Fact>
ProductRow& moved_product(CatalogTables& rows, Recorded<Fact> const& it) {
    auto& row = rows.products.put({it.event.sku});
    stamp(row, it);
    return row;
}

template <class Fact>
void describe(CatalogTables& rows, Recorded<Fact> const& it) {
    auto& row = moved_product(rows, it);
    row.kind = it.event.kind;
    row.title = it.event.title;
    row.tax_class = it.event.tax_class;
    row.category = it.event.category;
    row.weight_g = it.event.weight_g ? std::optional(it.event.weight_g->value()) : std::nullopt;
    row.parent = it.event.parent;
}

} // namespace

void project(CatalogTables& rows, Recorded<product::Added> const& it) {
    describe(rows, it);
}

void project(CatalogTables& rows, Recorded<product::Changed> const& it) {
    describe(rows, it);
}

void project(CatalogTables& rows, Recorded<product::PriceSet> const& it) {
    moved_product(rows, it);
    auto& row = rows.prices.put({it.event.sku, InlineText<3>(it.event.price.currency().code())});
    row.price = it.event.price.minor();
    row.from = it.event.from.value_or(it.occurred_at);
}

void project(CatalogTables& rows, Recorded<product::Withdrawn> const& it) {
    moved_product(rows, it).is_withdrawn = true;
}

void project(CatalogTables& rows, Recorded<product::Restored> const& it) {
    moved_product(rows, it).is_withdrawn = false;
}

Catalog::Catalog(std::size_t at_hand_max)
    : rows_(at_hand_max), tables_{&rows_.products, &rows_.prices},
      shape_(projections::model_shape(name, version, tables_)) {}

Result<void> Catalog::project(ports::RecordedEvent const& event,
                              ports::RecordedCommit const& commit) {
    if (event.stream.category() != StreamCategory::product)
        return {};
    return projections::project_fact<product::Event>(rows_, event, commit);
}

} // namespace kontor::services::views
