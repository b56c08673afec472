#pragma once

/// The read models "stock", "catalog" and "customers". Nothing personal stands here.
/// Thread: one.   Source: INTERFACES section 5, Shapes; DOMAIN sections 3 and 5.

#include "platform/projections/projection.hpp"

#include "domain/values/lines.hpp"

namespace kontor::services::views {

/// Notes on a row that is named like its stream which fact of it was the last.
template <class Row, class Fact>
void stamp(Row& row, Recorded<Fact> const& it) {
    if (it.version == 1)
        row.created_at = it.occurred_at;
    row.version = it.version;
    row.updated_at = it.occurred_at;
}

struct StockItemRow {
    static constexpr std::string_view table = "stock_items";
    static constexpr std::size_t key_columns = 2;
    Sku sku;
    Location location;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    std::int64_t on_hand;
    std::int64_t reserved;
    std::int64_t safety;
    std::int64_t available; ///< on_hand less reserved less safety; may be negative
    std::int64_t backordered;
    std::int64_t backorder_max;
    std::int64_t low_at;
    friend bool operator==(StockItemRow const&, StockItemRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(StockItemRow, (),
                      (sku, location, version, created_at, updated_at, on_hand, reserved, safety,
                       available, backordered, backorder_max, low_at))
static_assert(describes_every_field<StockItemRow>());

struct ProductRow {
    static constexpr std::string_view table = "products";
    static constexpr std::size_t key_columns = 1;
    Sku sku;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    bool is_withdrawn;
    SkuKind kind;
    std::string title;
    TaxClass tax_class;
    std::optional<std::string> category;
    std::optional<std::int64_t> weight_g;
    std::optional<Sku> parent;
    friend bool operator==(ProductRow const&, ProductRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(ProductRow, (),
                      (sku, version, created_at, updated_at, is_withdrawn, kind, title, tax_class,
                       category, weight_g, parent))
static_assert(describes_every_field<ProductRow>());

/// The price that was set last in one currency, and from when it holds.
struct PriceRow {
    static constexpr std::string_view table = "prices";
    static constexpr std::size_t key_columns = 2;
    Sku sku;
    InlineText<3> currency;
    std::int64_t price; ///< minor units
    Instant from;
    friend bool operator==(PriceRow const&, PriceRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(PriceRow, (), (sku, currency, price, from))
static_assert(describes_every_field<PriceRow>());

struct CustomerRow {
    static constexpr std::string_view table = "customers";
    static constexpr std::size_t key_columns = 1;
    CustomerId id;
    std::uint64_t version;
    Instant created_at;
    Instant updated_at;
    bool is_guest;
    bool is_erased;
    Country country;
    friend bool operator==(CustomerRow const&, CustomerRow const&) = default;
};
BOOST_DESCRIBE_STRUCT(CustomerRow, (),
                      (id, version, created_at, updated_at, is_guest, is_erased, country))
static_assert(describes_every_field<CustomerRow>());

struct StockTables {
    explicit StockTables(std::size_t at_hand_max) : items(at_hand_max) {}
    projections::Table<StockItemRow> items;
};

/// Where a table stands in its model, for whoever reads its rows.
inline constexpr std::size_t products_table = 0;
inline constexpr std::size_t prices_table = 1;
inline constexpr std::size_t stock_items_table = 0;

struct CatalogTables {
    explicit CatalogTables(std::size_t at_hand_max) : products(at_hand_max), prices(at_hand_max) {}
    projections::Table<ProductRow> products;
    projections::Table<PriceRow> prices;
};

struct CustomerTables {
    explicit CustomerTables(std::size_t at_hand_max) : customers(at_hand_max) {}
    projections::Table<CustomerRow> customers;
};

class Stock final : public projections::Projection {
public:
    static constexpr std::string_view name = "stock";
    static constexpr std::uint32_t version = 1;

    explicit Stock(std::size_t at_hand_max);
    ports::ModelShape const& shape() const override { return shape_; }
    std::span<projections::AnyTable* const> tables() override { return tables_; }
    /// Errors: corrupt, unsupported (the fact cannot be read).
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override;
    StockTables const& rows() const { return rows_; }

private:
    StockTables rows_;
    std::array<projections::AnyTable*, 1> tables_;
    ports::ModelShape shape_;
};

class Catalog final : public projections::Projection {
public:
    static constexpr std::string_view name = "catalog";
    static constexpr std::uint32_t version = 1;

    explicit Catalog(std::size_t at_hand_max);
    ports::ModelShape const& shape() const override { return shape_; }
    std::span<projections::AnyTable* const> tables() override { return tables_; }
    /// Errors: corrupt, unsupported (the fact cannot be read).
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override;
    CatalogTables const& rows() const { return rows_; }

private:
    CatalogTables rows_;
    std::array<projections::AnyTable*, 2> tables_;
    ports::ModelShape shape_;
};

class Customers final : public projections::Projection {
public:
    static constexpr std::string_view name = "customers";
    static constexpr std::uint32_t version = 1;

    explicit Customers(std::size_t at_hand_max);
    ports::ModelShape const& shape() const override { return shape_; }
    std::span<projections::AnyTable* const> tables() override { return tables_; }
    /// Errors: corrupt, unsupported (the fact cannot be read).
    Result<void> project(ports::RecordedEvent const& event,
                         ports::RecordedCommit const& commit) override;
    CustomerTables const& rows() const { return rows_; }

private:
    CustomerTables rows_;
    std::array<projections::AnyTable*, 1> tables_;
    ports::ModelShape shape_;
};

} // namespace kontor::services::views
