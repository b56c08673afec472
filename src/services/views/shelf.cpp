#include "services/views/shelf.hpp"

#include "base/assert.hpp"
#include "services/views/read_rows.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace kontor::services::views {
namespace {

/// So much of a title sorts; a cursor holds it.
constexpr std::size_t title_bytes_max = 64;
/// Between the parts of a key; no title has it there.
constexpr char part_end = '\x1f';

char small(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string sorting_title(std::string_view title) {
    std::string text(title.substr(0, title_bytes_max));
    for (auto& c : text)
        c = static_cast<unsigned char>(c) < ' ' ? ' ' : small(c);
    return text;
}

/// Whether they stand there one behind the other; letters beyond ASCII as they are.
bool has_letters(std::string_view text, std::string_view letters) {
    return letters.empty() || !std::ranges::search(text, letters, {}, small, small).empty();
}

/// Which of the filters a product does not pass.
struct Passes {
    bool category;
    bool price;
    bool stock;
};

Passes passes(ShelfItem const& item, ShelfFilter const& filter) {
    Passes passed{};
    passed.category = !filter.category || item.product.category == *filter.category;
    passed.stock = !filter.in_stock || item.is_in_stock() == *filter.in_stock;
    passed.price = true;
    if (filter.price_min || filter.price_max) {
        auto const* const price = item.price_in(filter.currency);
        passed.price =
            price != nullptr && price->price >= filter.price_min.value_or(0) &&
            price->price <= filter.price_max.value_or(std::numeric_limits<std::int64_t>::max());
    }
    return passed;
}

bool has_words(ShelfItem const& item, std::string_view words) {
    return has_letters(item.product.title, words) || has_letters(item.product.sku.view(), words);
}

class Counting {
public:
    explicit Counting(ShelfFilter const& filter) : filter_(filter) {}

    void count(ShelfItem const& item, Passes const& passed) {
        facets_.products += passed.category && passed.price && passed.stock ? 1 : 0;
        if (passed.price && passed.stock)
            count_category(item.product.category);
        if (passed.price && passed.category)
            ++(item.is_in_stock() ? facets_.in_stock : facets_.out_of_stock);
        auto const* const price = item.price_in(filter_.currency);
        if (price == nullptr || !passed.category || !passed.stock)
            return;
        facets_.price_min = std::min(facets_.price_min.value_or(price->price), price->price);
        facets_.price_max = std::max(facets_.price_max.value_or(price->price), price->price);
    }

    ShelfFacets facets() && {
        for (auto const& [category, count] : categories_)
            facets_.categories.push_back({std::string(category), count});
        std::ranges::sort(facets_.categories, [](auto const& one, auto const& other) {
            return std::tie(other.products, one.category) < std::tie(one.products, other.category);
        });
        while (facets_.categories.size() > ShelfFacets::categories_max) {
            facets_.in_other_categories += facets_.categories.back().products;
            facets_.categories.pop_back();
        }
        return std::move(facets_);
    }

private:
    void count_category(std::optional<std::string> const& category) {
        if (category)
            ++categories_[std::string_view(*category)];
        else
            ++facets_.without_category;
    }

    ShelfFilter const& filter_;
    ShelfFacets facets_{};
    boost::unordered_flat_map<std::string_view, std::uint64_t> categories_{};
};

bool is_descending(ShelfSort sort) {
    return sort == ShelfSort::price_desc || sort == ShelfSort::newest;
}

} // namespace

std::string ShelfKey::to_text() const {
    return std::to_string(number) + part_end + text + part_end + std::string(sku.view());
}

std::optional<ShelfKey> ShelfKey::parse(std::string_view text) {
    auto const first = text.find(part_end);
    auto const last = text.rfind(part_end);
    if (first == std::string_view::npos || first == last)
        return std::nullopt;
    ShelfKey key;
    auto const number = text.substr(0, first);
    auto const read = std::from_chars(number.data(), number.data() + number.size(), key.number);
    auto const sku = Sku::parse(text.substr(last + 1));
    if (read.ec != std::errc{} || read.ptr != number.data() + number.size() || !sku)
        return std::nullopt;
    key.text = text.substr(first + 1, last - first - 1);
    key.sku = *sku;
    return key;
}

PriceRow const* ShelfItem::price_in(std::string_view currency) const {
    auto const found = std::ranges::find(prices, currency,
                                         [](PriceRow const& row) { return row.currency.view(); });
    return found == prices.end() ? nullptr : &*found;
}

ShelfKey key_of(ShelfItem const& item, ShelfFilter const& filter) {
    using Number = std::numeric_limits<std::int64_t>;
    ShelfKey key{0, {}, item.product.sku};
    auto const* const price = item.price_in(filter.currency);
    switch (filter.sort) {
    case ShelfSort::sku: return key;
    case ShelfSort::title: key.text = sorting_title(item.product.title); return key;
    case ShelfSort::price: key.number = price != nullptr ? price->price : Number::max(); return key;
    case ShelfSort::price_desc:
        key.number = price != nullptr ? price->price : Number::min();
        return key;
    case ShelfSort::newest: key.number = item.product.created_at.unix_microseconds(); return key;
    }
    KONTOR_UNREACHABLE();
}

Result<void> Shelf::refresh(ports::RowReader& catalog, ports::RowReader& stock, Duration now,
                            Stock wanted) {
    KONTOR_TRY(auto const catalog_now, catalog.checkpoint());
    bool const is_new = catalog_read_ != catalog_now.digest;
    if (is_new) {
        catalog_read_.reset();
        KONTOR_TRY(read_catalog(catalog));
        catalog_read_ = catalog_now.digest;
        stock_read_.reset();
    }
    bool const will_do = stock_read_ && wanted == Stock::recent && now >= stock_read_at_ &&
                         now - stock_read_at_ < stock_age_max;
    if (will_do)
        return {};
    KONTOR_TRY(auto const stock_now, stock.checkpoint());
    stock_read_at_ = now;
    if (stock_read_ != stock_now.digest) {
        stock_read_.reset();
        KONTOR_TRY(read_stock(stock));
        stock_read_ = stock_now.digest;
    }
    stock_position_ = stock_now.position;
    return {};
}

Result<void> Shelf::read_catalog(ports::RowReader& catalog) {
    items_.clear();
    by_sku_.clear();
    KONTOR_TRY(
        scan_rows(catalog, RowScan<ProductRow>{.table = products_table}, [&](ProductRow&& row) {
            by_sku_.emplace(row.sku, items_.size());
            items_.push_back({std::move(row)});
            return true;
        }));
    return scan_rows(catalog, RowScan<PriceRow>{.table = prices_table}, [&](PriceRow&& row) {
        if (auto const found = by_sku_.find(row.sku); found != by_sku_.end())
            items_[found->second].prices.push_back(std::move(row));
        return true;
    });
}

Result<void> Shelf::read_stock(ports::RowReader& stock) {
    for (auto& item : items_)
        item.left = item.beyond = 0;
    return scan_rows(stock, RowScan<StockItemRow>{.table = stock_items_table},
                     [&](StockItemRow&& row) {
                         if (auto const found = by_sku_.find(row.sku); found != by_sku_.end()) {
                             auto& item = items_[found->second];
                             item.left += std::max<std::int64_t>(0, row.available);
                             item.beyond += row.backorder_max - row.backordered;
                         }
                         return true;
                     });
}

ShelfPage Shelf::find(ShelfFilter const& filter) const {
    Counting counting(filter);
    bool const descending = is_descending(filter.sort);
    auto const is_before = [descending](ShelfKey const& one, ShelfKey const& other) {
        return descending ? other < one : one < other;
    };
    std::vector<std::pair<ShelfKey, ShelfItem const*>> found;
    for (auto const& item : items_) {
        if (item.product.is_withdrawn || !has_words(item, filter.words))
            continue;
        auto const passed = passes(item, filter);
        counting.count(item, passed);
        if (!passed.category || !passed.price || !passed.stock)
            continue;
        auto key = key_of(item, filter);
        if (!filter.after || is_before(*filter.after, key))
            found.emplace_back(std::move(key), &item);
    }
    ShelfPage page;
    page.has_more = found.size() > filter.limit;
    auto const shown = std::min(found.size(), filter.limit);
    std::ranges::partial_sort(found, found.begin() + static_cast<std::ptrdiff_t>(shown), is_before,
                              [](auto const& each) -> ShelfKey const& { return each.first; });
    for (std::size_t n = 0; n < shown; ++n)
        page.items.push_back(found[n].second);
    page.facets = std::move(counting).facets();
    return page;
}

} // namespace kontor::services::views
