#pragma once

/// Shelf: all products as people look for them, with prices and what is in stock, kept in memory
/// and read again when the rows have changed, so that a search, a sort and the counts beside them
/// need no look at the disk. It is made of the read models "catalog" and "stock" and holds nothing
/// else.
///
/// Thread:     one, the reader's.
/// Invariants: 1. Products and prices are those of the catalog's rows as they were handed in.
///             2. What is in stock is at most `stock_age_max` older than its rows.
///             3. Pages under one sort show a product once as long as what it is sorted by stays.

#include "services/views/queries.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

#include <string>
#include <string_view>

namespace kontor::services::views {

enum class ShelfSort : std::uint8_t { sku, title, price, price_desc, newest };
BOOST_DESCRIBE_ENUM(ShelfSort, sku, title, price, price_desc, newest)

/// What a product is sorted by, then its SKU.
struct ShelfKey {
    std::int64_t number{0};
    std::string text{};
    Sku sku{};
    friend auto operator<=>(ShelfKey const&, ShelfKey const&) = default;
    friend bool operator==(ShelfKey const&, ShelfKey const&) = default;

    std::string to_text() const;
    /// Empty: it is none of ours.
    static std::optional<ShelfKey> parse(std::string_view text);
};

struct ShelfItem {
    ProductRow product;
    std::vector<PriceRow> prices{}; ///< by currency
    std::int64_t left{0};           ///< units that can be had, at all places
    std::int64_t beyond{0};         ///< units that may still be ordered before they come

    bool is_stocked() const { return product.kind == SkuKind::goods; }
    bool is_in_stock() const { return left > 0 || !is_stocked(); }
    PriceRow const* price_in(std::string_view currency) const;
};

struct ShelfFilter {
    std::string_view words{}; ///< these letters in title or SKU, great or small
    std::optional<std::string_view> category{};
    std::string_view currency{};             ///< of what follows; a product without a price in it
    std::optional<std::int64_t> price_min{}; ///< does not pass these two
    std::optional<std::int64_t> price_max{};
    std::optional<bool> in_stock{};
    ShelfSort sort{ShelfSort::sku};  ///< what has no price in the currency comes last
    std::optional<ShelfKey> after{}; ///< where the page before ended
    std::size_t limit{page_rows_default};
};

struct CategoryCount {
    std::string category;
    std::uint64_t products;
};

/// How many products there are of each kind. Each count leaves its own filter out, so that it says
/// what another choice would find.
struct ShelfFacets {
    static constexpr std::size_t categories_max = 100;
    std::uint64_t products{0};               ///< that pass all filters
    std::vector<CategoryCount> categories{}; ///< those with most products first
    std::uint64_t in_other_categories{0};    ///< beyond `categories_max`
    std::uint64_t without_category{0};
    std::uint64_t in_stock{0};
    std::uint64_t out_of_stock{0};
    std::optional<std::int64_t> price_min{}; ///< in the currency; empty: none is asked for
    std::optional<std::int64_t> price_max{};
};

struct ShelfPage {
    std::vector<ShelfItem const*> items{}; ///< until the next refresh
    bool has_more{false};
    ShelfFacets facets{};
};

class Shelf {
public:
    static constexpr Duration stock_age_max = Duration::milliseconds(500);

    /// Whether rows of stock that are not older than `stock_age_max` will do.
    enum class Stock : std::uint8_t { recent, newest };

    /// Reads again what has changed.   Errors: unavailable, corrupt.
    Result<void> refresh(ports::RowReader& catalog, ports::RowReader& stock, Duration now,
                         Stock wanted);

    /// How far the rows of stock had come that it shows.
    ports::Position stock_position() const { return stock_position_; }

    /// Without what is withdrawn.
    ShelfPage find(ShelfFilter const& filter) const;

private:
    Result<void> read_catalog(ports::RowReader& catalog);
    Result<void> read_stock(ports::RowReader& stock);

    std::vector<ShelfItem> items_{}; ///< by SKU
    boost::unordered_flat_map<Sku, std::size_t, std::hash<Sku>> by_sku_{};
    std::optional<ports::RowDigest> catalog_read_{};
    std::optional<ports::RowDigest> stock_read_{};
    ports::Position stock_position_{};
    Duration stock_read_at_{};
};

/// What a product is sorted by.
ShelfKey key_of(ShelfItem const& item, ShelfFilter const& filter);

} // namespace kontor::services::views
