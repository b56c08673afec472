#include "services/views/shelf.hpp"

#include "services/views/upkeep.hpp"

#include "adapters/memory/event_store.hpp"
#include "adapters/memory/read_models.hpp"
#include "domain/catalog/product/events.hpp"
#include "domain/stock/events.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <map>

namespace kontor::services::views {
namespace {

Sku sku(std::string_view text) {
    return Sku::parse(text).value();
}

/// A shop whose products are added by hand, and the shelf that is read from its rows.
class ShelfSpec : public ::testing::Test {
protected:
    template <class Event, class Fact>
    void happens(StreamId const& stream, Fact fact) {
        clock.pass(Duration::seconds(1));
        ports::Batch batch;
        batch.begin_commit({CommandId(Id128(1, ++commands)), {}, {}, clock.now(), Actor{}});
        auto const index = batch.add_stream(stream, ports::ExpectedVersion::any());
        batch.add_event(index, codec::encode(Event(std::move(fact)), batch.buffer()));
        EXPECT_TRUE(log.append(batch));
    }
    void add(std::string_view name, std::string title, std::optional<std::string> category,
             SkuKind kind = SkuKind::goods) {
        product::Added added{};
        added.sku = sku(name);
        added.kind = kind;
        added.title = std::move(title);
        added.tax_class = TaxClass("standard");
        added.category = std::move(category);
        happens<product::Event>(StreamId::product(sku(name)), added);
    }
    void price(std::string_view name, std::int64_t pence, Currency currency = Currency::gbp()) {
        happens<product::Event>(
            StreamId::product(sku(name)),
            product::PriceSet{sku(name), Money::of(pence, currency), std::nullopt});
    }
    void receive(std::string_view name, std::int64_t units) {
        auto const main_house = Location::parse("main").value();
        stock::Received received{};
        received.sku = sku(name);
        received.location = main_house;
        received.quantity = Quantity::of(units);
        happens<stock::Event>(StreamId::stock(main_house, sku(name)), received);
    }
    void fill() {
        add("MUG", "Oak mug", "mugs");
        add("CUP", "oak Cup", "mugs");
        add("PEN", "Pen", "paper");
        add("GIFT", "Gift card", std::nullopt, SkuKind::voucher);
        price("MUG", 900);
        price("CUP", 500);
        price("PEN", 500);
        price("PEN", 600, Currency::parse("EUR").value());
        receive("CUP", 3);
    }
    Shelf& shelf(Shelf::Stock wanted = Shelf::Stock::newest) {
        auto const followed = follow_all(log, models);
        EXPECT_TRUE(followed) << to_string(followed.error());
        auto const catalog = models.read(find_model("catalog")->make()->shape()).value();
        auto const stock = models.read(find_model("stock")->make()->shape()).value();
        EXPECT_TRUE(shelf_.refresh(*catalog, *stock, clock.monotonic(), wanted));
        return shelf_;
    }
    std::string found(ShelfFilter const& filter) { return names(shelf().find(filter)); }
    static std::string names(ShelfPage const& page) {
        std::string all;
        for (auto const* const item : page.items)
            all += (all.empty() ? "" : " ") + std::string(item->product.sku.view());
        return all;
    }

    testing::HandClock clock;
    memory::EventStore log{clock};
    memory::ReadModels models;
    std::uint64_t commands{0};

private:
    Shelf shelf_;
};

TEST_F(ShelfSpec, products_are_found_by_words_category_price_and_stock) {
    fill();
    EXPECT_EQ(found({}), "CUP GIFT MUG PEN");
    EXPECT_EQ(found({.words = "OAK"}), "CUP MUG");
    EXPECT_EQ(found({.words = "pe"}), "PEN");
    EXPECT_EQ(found({.category = "mugs"}), "CUP MUG");
    EXPECT_EQ(found({.currency = "GBP", .price_min = 501}), "MUG");
    EXPECT_EQ(found({.currency = "GBP", .price_max = 500}), "CUP PEN");
    EXPECT_EQ(found({.currency = "EUR", .price_max = 1000}), "PEN");
    EXPECT_EQ(found({.in_stock = true}), "CUP GIFT");
    EXPECT_EQ(found({.in_stock = false}), "MUG PEN");
}

TEST_F(ShelfSpec, products_are_sorted_and_what_has_no_price_comes_last) {
    fill();
    EXPECT_EQ(found({.sort = ShelfSort::title}), "GIFT CUP MUG PEN");
    EXPECT_EQ(found({.currency = "GBP", .sort = ShelfSort::price}), "CUP PEN MUG GIFT");
    EXPECT_EQ(found({.currency = "GBP", .sort = ShelfSort::price_desc}), "MUG PEN CUP GIFT");
    EXPECT_EQ(found({.sort = ShelfSort::newest}), "GIFT PEN CUP MUG");
}

TEST_F(ShelfSpec, a_count_says_what_another_choice_of_its_own_kind_would_find) {
    fill();
    auto const facets =
        shelf().find({.category = "mugs", .currency = "GBP", .in_stock = true}).facets;
    EXPECT_EQ(facets.products, 1U);
    ASSERT_EQ(facets.categories.size(), 1U) << "paper has nothing in stock";
    EXPECT_EQ(facets.categories[0].category, "mugs");
    EXPECT_EQ(facets.categories[0].products, 1U);
    EXPECT_EQ(facets.without_category, 1U);
    EXPECT_EQ(facets.in_stock, 1U);
    EXPECT_EQ(facets.out_of_stock, 1U);
    EXPECT_EQ(facets.price_min, 500);
    EXPECT_EQ(facets.price_max, 500);
}

TEST_F(ShelfSpec, the_categories_with_most_products_come_first) {
    fill();
    auto const facets = shelf().find({}).facets;
    ASSERT_EQ(facets.categories.size(), 2U);
    EXPECT_EQ(facets.categories[0].category, "mugs");
    EXPECT_EQ(facets.categories[0].products, 2U);
    EXPECT_EQ(facets.categories[1].category, "paper");
    EXPECT_FALSE(facets.price_min) << "no currency is asked for";
}

TEST_F(ShelfSpec, pages_show_each_product_once_also_when_others_come_and_change_meanwhile) {
    constexpr int many = 40;
    for (int n = 10; n < 10 + many; ++n) {
        add("P" + std::to_string(n), n % 3 == 0 ? "Same" : "Title " + std::to_string(99 - n),
            "all");
        price("P" + std::to_string(n), 100 + n / 4);
    }
    for (auto const sort : {ShelfSort::sku, ShelfSort::title, ShelfSort::price,
                            ShelfSort::price_desc, ShelfSort::newest}) {
        std::map<std::string, int> seen;
        ShelfFilter filter{.currency = "GBP", .sort = sort, .limit = 7};
        for (int page_number = 0;; ++page_number) {
            auto const page = shelf().find(filter);
            for (auto const* const item : page.items)
                ++seen[std::string(item->product.sku.view())];
            if (!page.has_more)
                break;
            filter.after = ShelfKey::parse(key_of(*page.items.back(), filter).to_text());
            ASSERT_TRUE(filter.after);
            auto const fresh =
                "N" + std::to_string(page_number) + "-" + std::to_string(static_cast<int>(sort));
            add(fresh, "Title 5", "all");
            price(fresh, 101);
        }
        for (int n = 10; n < 10 + many; ++n)
            EXPECT_EQ(seen["P" + std::to_string(n)], 1) << n << " by " << static_cast<int>(sort);
    }
}

TEST_F(ShelfSpec, what_is_withdrawn_is_not_on_the_shelf) {
    fill();
    shelf();
    happens<product::Event>(StreamId::product(sku("MUG")),
                            product::Withdrawn{sku("MUG"), "broken"});
    EXPECT_EQ(found({.category = "mugs"}), "CUP");
}

TEST_F(ShelfSpec, stock_is_as_old_as_half_a_second_and_new_for_whoever_asks_for_it) {
    fill();
    EXPECT_EQ(found({.in_stock = true}), "CUP GIFT");
    auto const catalog_rows = [&] {
        EXPECT_TRUE(follow_all(log, models));
        return models.read(find_model("catalog")->make()->shape()).value();
    };
    receive("PEN", 5);
    auto const catalog = catalog_rows();
    auto const stock = models.read(find_model("stock")->make()->shape()).value();
    Shelf fresh;
    auto const now = clock.monotonic();
    EXPECT_TRUE(fresh.refresh(*catalog, *stock, now, Shelf::Stock::recent));
    EXPECT_EQ(names(fresh.find({.in_stock = true})), "CUP GIFT PEN");
    EXPECT_EQ(fresh.stock_position(), stock->checkpoint().value().position);
    receive("MUG", 5);
    EXPECT_TRUE(follow_all(log, models));
    auto const later = models.read(find_model("stock")->make()->shape()).value();
    auto const soon = now + Duration::milliseconds(400);
    EXPECT_TRUE(fresh.refresh(*catalog, *later, soon, Shelf::Stock::recent));
    EXPECT_EQ(names(fresh.find({.in_stock = true})), "CUP GIFT PEN");
    EXPECT_TRUE(fresh.refresh(*catalog, *later, soon, Shelf::Stock::newest));
    EXPECT_EQ(names(fresh.find({.in_stock = true})), "CUP GIFT MUG PEN");
    EXPECT_EQ(fresh.stock_position(), later->checkpoint().value().position);
}

TEST(ShelfKey, a_key_is_read_back_and_what_is_none_is_refused) {
    ShelfKey const key{-5, "a title", sku("MUG")};
    EXPECT_EQ(ShelfKey::parse(key.to_text()), key);
    for (auto const* const text : {"", "MUG",
                                   "5\x1f"
                                   "MUG",
                                   "x\x1f\x1fMUG", "5\x1f\x1f"})
        EXPECT_FALSE(ShelfKey::parse(text)) << text;
}

} // namespace
} // namespace kontor::services::views
