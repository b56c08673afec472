#include "services/sheets/csv_text.hpp"
#include "services/sheets/payout_sheet.hpp"
#include "services/sheets/product_sheet.hpp"
#include "services/sheets/stock_sheet.hpp"

#include "services/import/text_source.hpp"

#include <gtest/gtest.h>

namespace kontor::services::sheets {
namespace {

auto const gbp = Currency::gbp();
auto const eur = Currency::eur();
Instant const noon = Instant::from_unix_microseconds(1'700'000'000'000'000);
Sku const mug = Sku::parse("MUG").value();
Location const warehouse = Location::parse("main").value();

online_retail::TextSource source(std::string text) {
    return {"goods.csv", std::move(text)};
}

Sheet<ProductLine> products(std::string text) {
    auto from = source(std::move(text));
    return read_products(from).value();
}
Sheet<StockLine> stock_of(std::string text) {
    auto from = source(std::move(text));
    return read_stock(from).value();
}

/// Carries out wishes on a state, as the desk would.
template <class Decider>
typename Decider::State after(typename Decider::State state,
                              std::vector<typename Decider::Command> const& commands) {
    for (auto const& command : commands) {
        auto const decided = Decider::decide(state, command, {.now = noon, .command_id = {}});
        EXPECT_TRUE(decided);
        for (auto const& fact : *decided)
            state = Decider::evolve(std::move(state), fact);
    }
    return state;
}

product::State put(product::State state, Sheet<ProductLine> const& sheet) {
    for (auto const& line : sheet.lines) {
        auto const wishes = wishes_of(state, line, noon);
        EXPECT_EQ(wishes.what, "");
        state = after<product::Decider>(std::move(state), wishes.commands);
    }
    return state;
}

std::string exported(product::State const& state) {
    auto text = product_header();
    append_product(text, mug, state, noon);
    return text;
}

TEST(CsvText, amounts_have_the_digits_of_their_currency_both_ways) {
    auto const jpy = Currency::parse("JPY").value();
    auto const kwd = Currency::parse("KWD").value();
    for (auto const& [text, amount] :
         {std::pair{"19.99", Money::of(1'999, gbp)}, std::pair{"0.05", Money::of(5, gbp)},
          std::pair{"-3.50", Money::of(-350, gbp)}, std::pair{"1200", Money::of(1'200, jpy)},
          std::pair{"0.005", Money::of(5, kwd)}}) {
        EXPECT_EQ(amount.decimal(), text);
        EXPECT_EQ(parse_decimal(text, amount.currency()).value(), amount);
    }
    EXPECT_EQ(parse_decimal("19", gbp).value(), Money::of(1'900, gbp));
    EXPECT_EQ(parse_decimal("19.9", gbp).value(), Money::of(1'990, gbp));
    for (auto const* const text :
         {"", ".", "1.", ".5", "1,99", "1.999", "a", "1e3", "--1", "1.9 ", "99999999999999999"})
        EXPECT_FALSE(parse_decimal(text, gbp)) << text;
}

TEST(CsvText, a_field_is_quoted_where_it_must_be_and_never_a_formula) {
    std::string out;
    append_record(out, std::vector<std::string>{"plain", "a,b", "say \"hi\"", "two\nlines", "",
                                                "-5", "=1+1", "-cmd"});
    EXPECT_EQ(out, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,-5,\"'=1+1\",\"'-cmd\"\r\n");
}

TEST(CsvText, the_apostrophe_before_a_formula_is_taken_off_again) {
    for (auto const* const field : {"=1+1", "-cmd", "@sum", "'=1+1", "''-cmd", "'tis", "-5", ""}) {
        std::string out;
        append_record(out, std::vector<std::string>{field});
        auto const written = std::string_view(out).substr(0, out.size() - 2);
        bool const is_quoted = written.starts_with('"');
        EXPECT_EQ(without_guard(is_quoted ? written.substr(1, written.size() - 2) : written),
                  field);
    }
}

TEST(ProductSheet, a_title_that_looks_like_a_formula_comes_back_as_it_was) {
    auto const state = put(product::initial(), products("sku,title,tax_class,text\n"
                                                        "MUG,=1+1,standard,-not a number\n"));
    auto const again = products(exported(state));
    ASSERT_EQ(again.lines.size(), 1U);
    EXPECT_TRUE(wishes_of(state, again.lines.front(), noon).commands.empty());
}

TEST(ProductSheet, what_goes_out_comes_in_again_and_twice_changes_nothing) {
    auto const sheet = products("sku,title,tax_class,currency,price,weight_g,category\r\n"
                                "mug,\"A mug, large\",standard,GBP,8.99,350,kitchen\r\n"
                                "MUG,\"A mug, large\",standard,EUR,10.50,350,kitchen\r\n");
    ASSERT_TRUE(sheet.bad.empty());
    auto const state = put(product::initial(), sheet);
    EXPECT_EQ(product::price_at(state, gbp, noon), Money::of(899, gbp));
    EXPECT_EQ(product::price_at(state, eur, noon), Money::of(1'050, eur));
    for (auto const& line : sheet.lines)
        EXPECT_TRUE(wishes_of(state, line, noon).commands.empty()) << "twice is once";
    auto const again = products(exported(state));
    ASSERT_TRUE(again.bad.empty());
    ASSERT_EQ(again.lines.size(), 2U);
    for (auto const& line : again.lines)
        EXPECT_TRUE(wishes_of(state, line, noon).commands.empty());
    EXPECT_EQ(exported(put(product::initial(), again)), exported(state));
}

TEST(ProductSheet, a_column_that_is_not_there_changes_nothing_and_an_empty_field_takes_away) {
    auto const state =
        put(product::initial(), products("sku,title,tax_class,text,category\n"
                                         "MUG,A mug,standard,It holds tea,kitchen\n"));
    auto const renamed = put(state, products("sku,title\nMUG,A cup\n"));
    EXPECT_EQ(std::get<product::Listed>(renamed).description.text, "It holds tea");
    EXPECT_EQ(std::get<product::Listed>(renamed).description.title, "A cup");
    auto const bare = put(renamed, products("sku,text\nMUG,\n"));
    EXPECT_EQ(std::get<product::Listed>(bare).description.text, std::nullopt);
    auto const gone = put(bare, products("sku,withdrawn\nMUG,yes\n"));
    EXPECT_TRUE(std::get<product::Listed>(gone).withdrawn);
    EXPECT_FALSE(
        std::get<product::Listed>(put(gone, products("sku,withdrawn\nMUG,no\n"))).withdrawn);
}

TEST(ProductSheet, each_bad_line_is_named_and_the_others_count) {
    auto const sheet = products("sku,title,kind,weight_g,currency,price\n"
                                "MUG,A mug,goods,1,GBP,1.00\n"
                                "no sku!,A mug,goods,1,GBP,1.00\n"
                                "CUP,,goods,1,GBP,1.00\n"
                                "CUP,A cup,thing,1,GBP,1.00\n"
                                "CUP,A cup,goods,heavy,GBP,1.00\n"
                                "CUP,A cup,goods,1,PFUND,1.00\n"
                                "CUP,A cup,goods,1,GBP,1.005\n"
                                "CUP,A cup,goods,1,GBP,-1.00\n"
                                "CUP,A cup\n");
    EXPECT_EQ(sheet.lines.size(), 1U);
    std::vector<std::pair<std::uint64_t, std::string>> named;
    for (auto const& bad : sheet.bad)
        named.emplace_back(bad.line, bad.column);
    EXPECT_EQ(named, (std::vector<std::pair<std::uint64_t, std::string>>{{3, "sku"},
                                                                         {4, "title"},
                                                                         {5, "kind"},
                                                                         {6, "weight_g"},
                                                                         {7, "currency"},
                                                                         {8, "price"},
                                                                         {9, "price"},
                                                                         {10, ""}}));
    auto const unknown =
        wishes_of(product::initial(), products("sku,title\nX,An x\n").lines[0], noon);
    EXPECT_NE(unknown.what, "") << "nobody knows how it is taxed";
}

TEST(ProductSheet, a_header_that_is_not_ours_is_refused_whole) {
    for (auto const* const text :
         {"", "MUG,A mug\n", "title,price\n", "sku,sku\n", "sku,colour\n"}) {
        auto from = source(text);
        auto const read = read_products(from);
        ASSERT_FALSE(read) << text;
        EXPECT_EQ(read.error().kind, FailureKind::invalid);
    }
}

TEST(StockSheet, what_was_counted_is_there_and_twice_changes_nothing) {
    auto const sheet = stock_of("sku,location,on_hand,safety,backorder_max,low_at\n"
                                "MUG,main,12,2,5,3\n");
    ASSERT_EQ(sheet.lines.size(), 1U);
    auto const state =
        after<stock::Decider>(stock::initial(), wishes_of(stock::initial(), sheet.lines[0]));
    auto const& item = std::get<stock::Item>(state);
    EXPECT_EQ(item.on_hand, Count(12));
    EXPECT_EQ(item.safety, Count(2));
    EXPECT_TRUE(wishes_of(state, sheet.lines[0]).empty());
    auto const fewer = stock_of("location,sku,on_hand\nmain,MUG,9\n");
    auto const counted = after<stock::Decider>(state, wishes_of(state, fewer.lines[0]));
    EXPECT_EQ(std::get<stock::Item>(counted).on_hand, Count(9));
    EXPECT_EQ(std::get<stock::Item>(counted).safety, Count(2));
    auto text = stock_header();
    append_stock(text, mug, warehouse, figures_of(std::get<stock::Item>(counted)));
    auto const again = stock_of(text);
    ASSERT_EQ(again.lines.size(), 1U);
    EXPECT_TRUE(wishes_of(counted, again.lines[0]).empty());
}

TEST(StockSheet, more_than_one_delivery_holds_arrives_in_several) {
    auto const line = stock_of("sku,location,on_hand\nMUG,main,2500000\n").lines.at(0);
    auto const state = after<stock::Decider>(stock::initial(), wishes_of(stock::initial(), line));
    EXPECT_EQ(std::get<stock::Item>(state).on_hand, Count(2'500'000));
}

TEST(StockSheet, each_bad_line_is_named) {
    auto const sheet = stock_of("sku,location,on_hand\nMUG,main,-1\nMUG,no place!,1\n,main,1\n"
                                "MUG,main,999999999999\n");
    EXPECT_TRUE(sheet.lines.empty());
    EXPECT_EQ(sheet.bad.size(), 4U);
}

TEST(PayoutSheet, names_payment_kind_and_amount) {
    auto const payment = PaymentId(Id128(7, 1));
    auto from = source("Payment,Kind,Amount,Currency,Fee\n" + payment.to_string() +
                       ",capture,12.34,GBP,0.20\nnobody,capture,1,GBP,\n" + payment.to_string() +
                       ",gift,1,GBP,\n");
    auto const sheet = read_payouts(from).value();
    ASSERT_EQ(sheet.lines.size(), 1U);
    EXPECT_EQ(sheet.lines[0].key, (books::MoveKey{payment, books::MoneyMoved::capture, gbp}));
    EXPECT_EQ(sheet.lines[0].minor, 1'234);
    EXPECT_EQ(sheet.bad.size(), 2U);
}

} // namespace
} // namespace kontor::services::sheets
