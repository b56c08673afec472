#include "tests/gateway/shop_door.hpp"

#include "services/gateway/by_address.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace kontor::services::gateway {
namespace {

class AddressesSpec : public ::testing::Test {
protected:
    static std::string body_with(std::string const& email) {
        return R"({"email":")" + email + R"(","country":"GB"})";
    }
    Got come(std::string const& email, std::string key = {}) {
        return shop.post("/v1/customers", body_with(email), {}, std::move(key));
    }
    Knock moving(Got const& customer, std::string const& email) {
        return {Method::patch,
                "/v1/customers/" + customer.at("id"),
                R"({"email":")" + email + R"("})",
                shop.all,
                {{"if-match", customer.header("ETag")}}};
    }
    Got move(Got const& customer, std::string const& email) {
        return shop.ask(moving(customer, email));
    }
    Ticket start_move(Got const& customer, std::string const& email) {
        return shop.start(moving(customer, email));
    }
    Got found(std::string const& words) { return shop.get("/v1/customers?q=" + words); }

    ShopDoor shop;
};

TEST_F(AddressesSpec, an_address_is_one_customers_however_it_is_spelled) {
    auto const ada = come("ada@example.org");
    ASSERT_EQ(ada.status, 201) << ada.body;
    auto const other = come(" Ada@Example.ORG");
    EXPECT_EQ(other.status, 409) << other.body;
    EXPECT_EQ(other.at("name"), "email_taken");
    EXPECT_EQ(other.at("errors.0.pointer"), "/email");
    EXPECT_EQ(other.body.find("ada@"), std::string::npos) << "nobody is told what another wrote";
    EXPECT_EQ(come("ben@example.org").status, 201);
}

TEST_F(AddressesSpec, of_two_who_come_at_once_with_one_address_one_is_registered) {
    auto const first =
        shop.start({Method::post, "/v1/customers", body_with("ada@example.org"), shop.all, {}});
    auto const second =
        shop.start({Method::post, "/v1/customers", body_with("ADA@example.org"), shop.all, {}});
    shop.settle();
    EXPECT_EQ(shop.collected(first)->status, 201);
    EXPECT_EQ(shop.collected(second)->status, 409);
}

TEST_F(AddressesSpec, of_two_who_change_to_one_address_at_once_one_gets_it) {
    auto const ada = come("ada@example.org");
    auto const ben = come("ben@example.org");
    auto const first = start_move(ada, "new@example.org");
    auto const second = start_move(ben, "NEW@example.org");
    shop.settle();
    ASSERT_TRUE(shop.collected(first));
    ASSERT_TRUE(shop.collected(second));
    EXPECT_EQ(shop.collected(first)->status, 200) << shop.collected(first)->body;
    EXPECT_EQ(shop.collected(second)->at("name"), "email_taken") << shop.collected(second)->body;
}

TEST_F(AddressesSpec, an_address_is_free_again_when_whoever_asked_for_it_was_refused) {
    auto const ada = come("ada@example.org");
    auto const ben = come("ben@example.org");
    ASSERT_EQ(move(ada, "lovelace@example.org").status, 200);
    EXPECT_EQ(move(ada, "new@example.org").status, 412) << "she changed since it was read";
    EXPECT_EQ(move(ben, "new@example.org").at("name"), "email_taken") << "for a moment";
    shop.live(AddressBook::claim_lives);
    EXPECT_EQ(move(ben, "new@example.org").status, 200);
}

TEST_F(AddressesSpec, a_registration_repeated_with_its_key_is_answered_as_before) {
    auto const first = come("ada@example.org", "key-1");
    shop.live(Duration::seconds(3));
    auto const again = come("ada@example.org", "key-1");
    EXPECT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(come("ada@example.org", "key-2").at("name"), "email_taken");
    shop.crash();
    EXPECT_EQ(come("ada@example.org", "key-1").body, first.body);
    EXPECT_EQ(come("ada@example.org", "key-3").at("name"), "email_taken");
}

TEST_F(AddressesSpec, an_address_that_is_given_up_is_free_and_one_that_is_taken_is_not) {
    auto const ada = come("ada@example.org");
    auto const ben = come("ben@example.org");
    EXPECT_EQ(move(ben, "ada@example.org").at("name"), "email_taken");
    EXPECT_EQ(move(ben, "nobody").status, 422);
    EXPECT_EQ(move(ben, "BEN@example.org").status, 200) << "it is the same one";
    EXPECT_EQ(move(ada, "lovelace@example.org").status, 200);
    EXPECT_EQ(come("ada@example.org").status, 201);
    EXPECT_EQ(come("lovelace@example.org").status, 409);
}

TEST_F(AddressesSpec, support_finds_a_customer_by_the_whole_address_and_by_nothing_less) {
    auto const ada = come("ada@example.org").at("id");
    come("ben@example.org");
    auto const page = found("ADA%40example.org");
    ASSERT_EQ(page.count("data"), 1U) << page.body;
    EXPECT_EQ(page.at("data.0.id"), ada);
    EXPECT_EQ(page.at("data.0.email"), "ada@example.org");
    EXPECT_EQ(found("eve%40example.org").count("data"), 0U);
    auto const half = found("ada");
    EXPECT_EQ(half.status, 400) << half.body;
    EXPECT_EQ(half.at("errors.0.pointer"), "q");
    shop.crash();
    EXPECT_EQ(found("ada%40example.org").at("data.0.id"), ada);
    EXPECT_EQ(
        shop.get("/v1/customers?q=ada%40example.org", shop.make_token({Role::operations})).status,
        403);
}

TEST_F(AddressesSpec, whoever_is_erased_is_found_no_more_and_the_address_is_free) {
    auto const ada = come("ada@example.org").at("id");
    auto const erased = shop.post(
        "/v1/customers/" + ada + "/erase",
        R"({"confirm":")" + ada + R"(","reason":"asked to be forgotten"})", {}, "erase-1");
    ASSERT_EQ(erased.status, 202) << erased.body;
    EXPECT_EQ(found("ada%40example.org").count("data"), 0U);
    EXPECT_EQ(come("ada@example.org").status, 201);
}

/// Orders by the address of their buyers, and from either end.
class OrdersFoundSpec : public AddressesSpec {
protected:
    void SetUp() override { shop.stock_the_shelves(); }

    std::string body_for(std::string const& email, std::string const& customer = {}) {
        auto body = shop.order_body(1);
        std::string const plain = "ada@example.org";
        body.replace(body.find(plain), plain.size(), email);
        if (!customer.empty())
            body.insert(body.rfind('}'), R"(,"customer_id":")" + customer + '"');
        return body;
    }
    /// Orders do not come in one millisecond: their ids say when.
    std::string buy(std::string const& email, std::string const& customer = {}) {
        shop.live(Duration::seconds(1));
        auto const placed = shop.post("/v1/orders", body_for(email, customer), {},
                                      "buy-" + std::to_string(++bought));
        EXPECT_EQ(placed.status, 201) << placed.body;
        return placed.at("id");
    }
    std::string buy_in(std::map<std::string, std::string> session, std::string const& email) {
        shop.live(Duration::seconds(1));
        session.emplace("idempotency-key", "buy-" + std::to_string(++bought));
        auto const placed = shop.ask(
            {Method::post, "/v1/orders", body_for(email), {}, std::move(session), Listener::shop});
        EXPECT_EQ(placed.status, 201) << placed.body;
        return placed.at("id");
    }
    std::vector<std::string> ids_of(Got const& page) {
        std::vector<std::string> ids;
        for (std::size_t i = 0; i < page.count("data"); ++i)
            ids.push_back(page.at("data." + std::to_string(i) + ".id"));
        return ids;
    }
    std::vector<std::string> ids_at(std::string const& query) {
        auto const page = shop.get("/v1/orders?" + query);
        EXPECT_EQ(page.status, 200) << page.body;
        return ids_of(page);
    }
    /// All pages, one after the other.
    std::vector<std::string> walked(std::string const& query) {
        std::vector<std::string> ids;
        for (auto page = shop.get("/v1/orders?" + query);; page = shop.get(page.at("next"))) {
            EXPECT_EQ(page.status, 200) << page.body;
            auto const more = ids_of(page);
            ids.insert(ids.end(), more.begin(), more.end());
            if (page.at("next").empty())
                return ids;
        }
    }
    using Ids = std::vector<std::string>;

    int bought{0};
};

TEST_F(OrdersFoundSpec, what_a_guest_bought_is_found_by_the_whole_address) {
    auto const first = buy("eve@example.org");
    auto const other = buy("ben@example.org");
    auto const second = buy(" EVE@example.org");
    EXPECT_EQ(ids_at("q=Eve%40Example.org"), (Ids{second, first}));
    EXPECT_EQ(ids_at("q=ben%40example.org"), Ids{other});
    EXPECT_EQ(ids_at("q=nobody%40example.org"), Ids());
    auto const half = shop.get("/v1/orders?q=eve");
    EXPECT_EQ(half.status, 400) << half.body;
    EXPECT_EQ(half.at("errors.0.pointer"), "q");
    shop.crash();
    EXPECT_EQ(ids_at("q=eve%40example.org"), (Ids{second, first}));
    EXPECT_EQ(come("eve@example.org").status, 201) << "a purchase takes no address from anybody";
}

TEST_F(OrdersFoundSpec, what_a_guest_bought_in_a_session_is_found_until_the_guest_registers) {
    auto const guest = shop.new_guest();
    auto const other = buy_in(guest, "other@example.org");
    EXPECT_EQ(ids_at("q=other%40example.org"), Ids{other});
    auto const first = buy_in(guest, "eve@example.org");
    auto const second = buy_in(guest, "eve@example.org");
    EXPECT_EQ(ids_at("q=eve%40example.org"), (Ids{second, first})) << "not what was bought before";
    EXPECT_EQ(ids_at("q=other%40example.org"), Ids()) << "a guest has the last address alone";
    auto const registered = shop.ask(
        {Method::post, "/v1/customers", body_with("eve@example.com"), {}, guest, Listener::shop});
    ASSERT_EQ(registered.status, 201) << registered.body;
    EXPECT_EQ(ids_at("q=eve%40example.com"), (Ids{second, first, other})) << "a customer's now";
    auto const third = buy_in(guest, "eve@example.org");
    EXPECT_EQ(ids_at("q=eve%40example.com"), (Ids{third, second, first, other}));
}

TEST_F(OrdersFoundSpec, orders_of_a_customer_and_of_guests_come_by_time_page_by_page) {
    auto const ada = come("ada@example.org").at("id");
    auto const session = shop.new_guest();
    Ids all;
    for (int round = 0; round < 3; ++round) {
        all.push_back(buy("parents@example.org", ada));
        all.push_back(buy_in(session, "ada@example.org"));
        all.push_back(buy("ada@example.org"));
        buy("ben@example.org");
    }
    EXPECT_EQ(walked("q=ada%40example.org&sort=oldest&limit=2"), all);
    EXPECT_EQ(walked("q=ada%40example.org&sort=oldest&limit=4"), all);
    EXPECT_EQ(walked("q=ada%40example.org&customer=" + ada + "&sort=oldest"),
              (Ids{all[0], all[3], all[6]}));
    std::ranges::reverse(all);
    EXPECT_EQ(walked("q=ada%40example.org&limit=1"), all);
    EXPECT_EQ(walked("q=ada%40example.org&limit=5"), all);
    EXPECT_EQ(ids_at("q=parents%40example.org"), Ids()) << "she has another address";
}

TEST_F(OrdersFoundSpec, a_guest_is_found_by_the_address_of_now_and_not_once_forgotten) {
    auto const order = buy("eve@example.org");
    auto const shown = shop.get("/v1/orders/" + order);
    auto const changed = shop.ask({Method::patch,
                                   "/v1/orders/" + order,
                                   R"({"contact":{"email":"eva@example.org"}})",
                                   shop.all,
                                   {{"if-match", shown.header("ETag")}}});
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(ids_at("q=eve%40example.org"), Ids());
    EXPECT_EQ(ids_at("q=eva%40example.org"), Ids{order});
    auto const other = buy("eva@example.org");
    shop.live(Duration::days(40));
    auto const guest = shown.at("customer_id");
    auto const erased =
        shop.post("/v1/customers/" + guest + "/erase",
                  R"({"confirm":")" + guest + R"(","reason":"asked for it"})", {}, "erase-1");
    ASSERT_EQ(erased.status, 202) << erased.body;
    EXPECT_EQ(ids_at("q=eva%40example.org"), Ids{other});
    shop.crash();
    EXPECT_EQ(ids_at("q=eva%40example.org"), Ids{other});
}

TEST_F(OrdersFoundSpec, a_page_reads_so_many_orders_of_guests_and_says_where_it_goes_on) {
    auto const guest = shop.new_guest();
    for (std::size_t n = 0; n < guest_orders_folded_max; ++n)
        buy_in(guest, "other@example.org");
    auto const first = buy_in(guest, "eve@example.org");
    auto const second = buy_in(guest, "eve@example.org");
    auto const page = shop.get("/v1/orders?q=eve%40example.org&sort=oldest&limit=200");
    EXPECT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(page.count("data"), 0U) << "a hundred were read, and are of another address";
    EXPECT_EQ(page.at("has_more"), "true");
    EXPECT_EQ(ids_of(shop.get(page.at("next"))), (Ids{first, second}));
    EXPECT_EQ(walked("q=eve%40example.org&sort=oldest"), (Ids{first, second}));
    EXPECT_EQ(walked("q=eve%40example.org&limit=1"), (Ids{second, first}));
}

TEST_F(OrdersFoundSpec, whoever_sees_no_addresses_does_not_search_by_them) {
    auto const order = buy("eve@example.org");
    auto const asked_by = [&](std::string const& token) {
        return shop.get("/v1/orders?q=eve%40example.org", token);
    };
    EXPECT_EQ(asked_by(shop.make_token({Role::operations})).status, 403);
    EXPECT_EQ(ids_of(asked_by(shop.make_token({Role::operations}, {"pii"}))), Ids{order});
    EXPECT_EQ(ids_of(asked_by(shop.make_token({Role::support}))), Ids{order});
    auto const stranger = shop.ask(
        {Method::get, "/v1/orders?q=eve%40example.org", {}, {}, shop.new_guest(), Listener::shop});
    EXPECT_EQ(stranger.status, 403)
        << "whether somebody bought here is nobody's business: " << stranger.body;
}

TEST_F(OrdersFoundSpec, orders_come_from_either_end_and_their_cursors_stay_right) {
    Ids all;
    for (int i = 0; i < 5; ++i)
        all.push_back(buy("eve@example.org"));
    EXPECT_EQ(walked("sort=oldest&limit=2"), all);
    EXPECT_EQ(walked("sort=oldest&state=confirmed&limit=2"), Ids(all.begin(), all.end() - 1))
        << "the last one is not confirmed yet";
    auto const first = shop.get("/v1/orders?sort=oldest&limit=2");
    auto const late = buy("eve@example.org"); // while somebody reads
    auto const second = shop.get(first.at("next"));
    EXPECT_EQ(ids_of(second), (Ids{all[2], all[3]}));
    EXPECT_EQ(ids_of(shop.get(second.at("next"))), (Ids{all[4], late})) << "none twice, none lost";
    EXPECT_EQ(shop.get(second.at("prev")).body, first.body);
    auto const next = first.at("next");
    auto const turned =
        shop.get("/v1/orders?sort=newest&limit=2&" + next.substr(next.find("cursor=")));
    EXPECT_EQ(turned.at("code"), "E1009") << "a cursor knows its direction";
    all.push_back(late);
    std::ranges::reverse(all);
    EXPECT_EQ(walked("sort=newest&limit=2"), all);
    EXPECT_EQ(ids_at("limit=200"), all);
    auto const unknown = shop.get("/v1/orders?sort=total");
    EXPECT_EQ(unknown.status, 400) << unknown.body;
    EXPECT_EQ(unknown.at("errors.0.pointer"), "sort");
    EXPECT_NE(unknown.at("errors.0.message").find("newest, oldest"), std::string::npos);
}

} // namespace
} // namespace kontor::services::gateway
