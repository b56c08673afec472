#include "services/gateway/replies.hpp"
#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// The books and the tables of the shop, in and out.
class TablesSpec : public ::testing::Test {
protected:
    Got send(std::string path, std::string csv, std::string token = {}) {
        return shop.ask({Method::post,
                         std::move(path),
                         std::move(csv),
                         token.empty() ? shop.all : std::move(token),
                         {{"content-type", "text/csv"}}});
    }
    std::string next_of(Got const& got) {
        auto const link = got.header("Link");
        return link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    /// An order that was sent and paid.
    std::string sold() {
        shop.stock_the_shelves();
        auto const placed = shop.post("/v1/orders", shop.order_body(), {}, "order");
        EXPECT_EQ(placed.status, 201) << placed.body;
        shop.live(Duration::days(10));
        return placed.at("id");
    }

    ShopDoor shop;
};

TEST_F(TablesSpec, a_sale_stands_in_the_books_and_they_balance) {
    auto const id = sold();
    auto const accounts = shop.get("/v1/ledger/accounts");
    ASSERT_EQ(accounts.status, 200) << accounts.body;
    std::map<std::string, std::int64_t> balances;
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < accounts.count("data"); ++i) {
        auto const at = "data." + std::to_string(i);
        auto const amount =
            static_cast<std::int64_t>(number_in(accounts.at(at + ".balance.amount")).value_or(0)) *
            (accounts.at(at + ".side") == "debit" ? 1 : -1);
        balances[accounts.at(at + ".account")] = amount;
        sum += amount;
    }
    EXPECT_EQ(sum, 0);
    EXPECT_EQ(balances["provider"], 2899);
    EXPECT_EQ(balances.count("receivable"), 0U) << "nothing is at rest there";
    EXPECT_EQ(shop.get("/v1/ledger/accounts?currency=EUR").count("data"), 0U);
    EXPECT_EQ(shop.get("/v1/ledger/accounts?at=1").count("data"), 0U) << "nothing was posted then";
    auto const position = accounts.at("data.0.account").empty() ? "" : "4000000";
    EXPECT_EQ(shop.get("/v1/ledger/accounts?at=" + std::string(position)).body, accounts.body);
    EXPECT_EQ(shop.get("/v1/ledger/accounts?at=yesterday").at("code"), "E1003");

    auto const entries = shop.get("/v1/ledger/entries");
    ASSERT_EQ(entries.status, 200) << entries.body;
    EXPECT_GE(entries.count("data"), 3U) << "held, shipped, captured";
    EXPECT_EQ(shop.get("/v1/ledger/entries?order=" + id).body.find("\"after\":0"),
              std::string::npos);
    EXPECT_EQ(shop.get("/v1/ledger/entries?order=" + id).count("data"), entries.count("data"));
    auto const of_provider = shop.get("/v1/ledger/entries?account=provider");
    EXPECT_EQ(of_provider.count("data"), 1U) << of_provider.body;
    EXPECT_EQ(of_provider.at("data.0.type"), "payment.captured");
    EXPECT_EQ(of_provider.at("data.0.postings.0.amount.amount"), "2899");
    EXPECT_EQ(shop.get("/v1/ledger/entries?account=nothing").at("code"), "E1003");
    EXPECT_EQ(shop.get("/v1/ledger/entries?order=ord_00000000000000000000000000").status, 404);
}

TEST_F(TablesSpec, entries_are_read_page_by_page_and_none_is_told_twice) {
    sold();
    auto const all = shop.get("/v1/ledger/entries");
    std::vector<std::string> positions;
    std::string after = "0";
    for (int pages = 0; pages < 20; ++pages) {
        auto const page = shop.get("/v1/ledger/entries?limit=1&after=" + after);
        if (page.count("data") == 1)
            positions.push_back(page.at("data.0.position"));
        after = page.at("after");
        if (page.at("has_more") == "false")
            break;
    }
    ASSERT_EQ(positions.size(), all.count("data"));
    for (std::size_t i = 0; i < positions.size(); ++i)
        EXPECT_EQ(positions[i], all.at("data." + std::to_string(i) + ".position"));
    auto const first = all.at("data.0.occurred_at");
    EXPECT_EQ(shop.get("/v1/ledger/entries?until=" + first).count("data"), 0U);
    EXPECT_EQ(shop.get("/v1/ledger/entries?since=" + first).count("data"), positions.size());
}

TEST_F(TablesSpec, the_journal_goes_out_as_csv) {
    sold();
    auto const table = shop.get("/v1/sheets/entries");
    EXPECT_EQ(table.status, 200) << table.body;
    EXPECT_TRUE(table.header("Content-Type").starts_with("text/csv"));
    EXPECT_TRUE(
        table.body.starts_with("position,time,stream,fact,debit,credit,amount,currency\r\n"));
    EXPECT_NE(table.body.find("payment.captured,provider,receivable,28.99,GBP\r\n"),
              std::string::npos)
        << table.body;
    EXPECT_EQ(next_of(table), "");
    EXPECT_EQ(shop.get("/v1/sheets/entries?at=1").body.find("captured"), std::string::npos);
}

TEST_F(TablesSpec, payouts_are_compared_to_the_penny) {
    auto const id = sold();
    auto const payment = shop.get("/v1/orders/" + id).at("payments.0.id");
    auto const good = send("/v1/ledger/reconciliations",
                           "payment,kind,amount,currency\n" + payment + ",capture,28.99,GBP\n");
    EXPECT_EQ(good.status, 200) << good.body;
    EXPECT_EQ(good.at("matched"), "1");
    EXPECT_EQ(good.count("differences"), 0U);
    auto const bad = send("/v1/ledger/reconciliations", "payment,kind,amount,currency\n" + payment +
                                                            ",capture,28.98,GBP\nnobody,x,1,GBP\n");
    EXPECT_EQ(bad.at("different"), "1") << bad.body;
    EXPECT_EQ(bad.at("differences.0.ours.amount"), "2899");
    EXPECT_EQ(bad.at("bad"), "1");
    EXPECT_EQ(send("/v1/ledger/reconciliations", "colour,size\n1,2\n").at("code"), "E1002");
    EXPECT_EQ(shop.post("/v1/ledger/reconciliations", "{}").status, 415);
}

TEST_F(TablesSpec, the_same_table_twice_changes_nothing) {
    std::string const products = "sku,title,tax_class,currency,price\n"
                                 "MUG,\"A mug, large\",standard,GBP,8.99\n"
                                 "MUG,\"A mug, large\",standard,EUR,10.50\n"
                                 "CUP,A cup,standard,GBP,3.00\n";
    auto const first = send("/v1/sheets/products", products);
    EXPECT_EQ(first.status, 200) << first.body;
    EXPECT_EQ(first.at("lines"), "3");
    EXPECT_EQ(first.at("changed"), "3") << first.body;
    auto const end = shop.get("/v1").at("position");
    auto const second = send("/v1/sheets/products", products);
    EXPECT_EQ(second.at("changed"), "0") << second.body;
    EXPECT_EQ(second.at("unchanged"), "3");
    EXPECT_EQ(shop.get("/v1").at("position"), end);
    EXPECT_EQ(shop.get("/v1/products/MUG").at("title"), "A mug, large");

    auto const stock = send("/v1/sheets/stock", "sku,location,on_hand,safety\nMUG,main,12,2\n");
    EXPECT_EQ(stock.at("changed"), "1") << stock.body;
    EXPECT_EQ(shop.get("/v1/inventory/MUG/main").at("available"), "10");

    for (std::string const path : {"/v1/sheets/products", "/v1/sheets/stock"}) {
        auto const out = shop.get(path);
        EXPECT_EQ(out.status, 200);
        auto const again = send(path, out.body);
        EXPECT_EQ(again.at("changed"), "0") << path << out.body;
        EXPECT_EQ(again.at("bad"), "0");
    }
}

TEST_F(TablesSpec, each_bad_line_is_named_and_the_others_count) {
    auto const got = send("/v1/sheets/products", "sku,title,tax_class,currency,price,parent\n"
                                                 "no sku!,A thing,standard,GBP,1.00,\n"
                                                 "MUG,A mug,standard,GBP,8.99,\n"
                                                 "LID,A lid,standard,GBP,1.00,LID\n"
                                                 "DISH,,standard,,,\n");
    EXPECT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(got.at("changed"), "1") << got.body;
    EXPECT_EQ(got.at("bad"), "3") << got.body;
    EXPECT_EQ(got.at("bad_lines.0.line"), "2");
    EXPECT_EQ(got.at("bad_lines.0.column"), "sku");
    EXPECT_EQ(got.at("bad_lines.1.line"), "4");
    EXPECT_EQ(got.at("bad_lines.1.what"), "refused: bad_parent");
    EXPECT_EQ(shop.get("/v1/products/MUG").status, 200);
}

TEST_F(TablesSpec, a_table_has_its_limits) {
    std::string many = "sku,location,on_hand\n";
    for (int i = 0; i < 251; ++i)
        many += "S" + std::to_string(i) + ",main,1\n";
    auto const got = send("/v1/sheets/stock", many);
    EXPECT_EQ(got.status, 422) << got.body;
    EXPECT_EQ(got.at("code"), "E1002");
    EXPECT_EQ(shop.get("/v1/inventory").count("data"), 0U);
}

TEST_F(TablesSpec, long_tables_go_out_in_pages_that_make_one) {
    for (int piece = 0; piece < 3; ++piece) {
        std::string lines = "sku,location,on_hand\n";
        for (int i = 0; i < 200; ++i)
            lines += "S" + std::to_string(1000 + 200 * piece + i) + ",main,1\n";
        EXPECT_EQ(send("/v1/sheets/stock", lines).at("changed"), "200");
    }
    auto const first = shop.get("/v1/sheets/stock");
    auto const next = next_of(first);
    ASSERT_FALSE(next.empty());
    auto const second = shop.get(next);
    EXPECT_EQ(next_of(second), "");
    auto const whole = first.body + second.body;
    EXPECT_EQ(std::ranges::count(whole, '\n'), 601);
    EXPECT_EQ(send("/v1/sheets/stock", second.body).status, 422) << "a page without header row";
    EXPECT_EQ(shop.get("/v1/inventory?limit=200").at("has_more"), "true");
}

TEST_F(TablesSpec, books_are_for_those_who_keep_them) {
    auto const service = shop.make_token({Role::service});
    auto const support = shop.make_token({Role::support});
    EXPECT_EQ(shop.get("/v1/ledger/accounts", service).status, 403);
    EXPECT_EQ(shop.get("/v1/ledger/accounts", support).status, 200);
    EXPECT_EQ(shop.get("/v1/sheets/products", service).status, 200);
    EXPECT_EQ(shop.get("/v1/sheets/products", support).status, 403);
    EXPECT_EQ(send("/v1/sheets/products", "sku\n", support).status, 403);
}

} // namespace
} // namespace kontor::services::gateway
