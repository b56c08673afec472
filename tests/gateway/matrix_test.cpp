#include "tests/gateway/shop_door.hpp"

#include "base/names.hpp"
#include "services/gateway/codes.hpp"
#include "services/gateway/hook_desk.hpp"
#include "services/gateway/open_api.hpp"
#include "services/gateway/route.hpp"
#include "tests/support/reference_page.hpp"

#include <gtest/gtest.h>

#include <array>

namespace kontor::services::gateway {
namespace {

/// A path that fits a route, with names that nothing has.
std::string sample_path(Route const& route) {
    std::string path;
    for (auto rest = route.path; !rest.empty();) {
        auto const brace = std::min(rest.find('{'), rest.size());
        path += rest.substr(0, brace);
        rest.remove_prefix(brace);
        if (rest.empty())
            break;
        path += "nothing";
        rest.remove_prefix(rest.find('}') + 1);
    }
    return path;
}

/// The authorization matrix: each row of the table by each kind of caller.
class MatrixSpec : public ::testing::Test {
protected:
    MatrixSpec() { shop.gateway().parts().hooks = &hooks_; }

    Got knock(Route const& route, std::string const& token, Listener listener) {
        Knock knock{route.method, sample_path(route), {}, token, {}, listener};
        shop.clock.pass(Duration::milliseconds(200)); // nobody here asks too fast
        if (route.body != Shape::nothing)
            knock.body = "{}";
        if (!is_safe(route.method))
            knock.headers = {{"idempotency-key", "k" + std::to_string(++keys_)},
                             {"if-match", "\"v1\""},
                             {"kontor-reason", "because of a spec"}};
        return shop.ask(std::move(knock));
    }

    webhooks::SecretMaker secrets_{std::string(32, 'k')};
    hooks::Figures figures_;
    HookDesk hooks_{secrets_, figures_};
    ShopDoor shop;

private:
    int keys_{0};
};

TEST_F(MatrixSpec, nobody_known_gets_only_what_is_public) {
    for (auto const& route : routes()) {
        auto const got = knock(route, {}, Listener::console);
        if (route.who.empty())
            EXPECT_NE(got.status, 401) << route.id;
        else
            EXPECT_EQ(got.status, 401) << route.id << got.body;
    }
}

TEST_F(MatrixSpec, each_role_gets_what_its_row_says_and_nothing_else) {
    constexpr std::array all_roles{Role::customer, Role::support, Role::operations, Role::service};
    for (auto const role : all_roles) {
        auto const token = shop.make_token({role});
        for (auto const& route : routes()) {
            auto const got = knock(route, token, Listener::console);
            bool const may = route.who.empty() || route.who.has(role);
            EXPECT_EQ(got.status == 403, !may)
                << route.id << " by " << enumerator_name(role) << ": " << got.body;
            EXPECT_NE(got.status, 401) << route.id;
            EXPECT_LT(got.status, 500) << route.id << got.body;
        }
    }
}

TEST_F(MatrixSpec, what_belongs_to_the_console_is_not_there_at_the_shop) {
    for (auto const& route : routes())
        if (route.audience == Audience::console) {
            EXPECT_EQ(knock(route, shop.all, Listener::shop).at("code"), "E1004") << route.id;
        }
}

/// The words that a parameter may be, as the reference has them; none: it is free text.
std::vector<std::string> words_in(std::string_view schema) {
    std::vector<std::string> words;
    auto at = schema.find(R"("enum":[)");
    if (at == std::string_view::npos)
        return words;
    auto list = schema.substr(at + 8, schema.find(']', at) - at - 8);
    while (!list.empty()) {
        auto const end = std::min(list.find(','), list.size());
        words.emplace_back(list.substr(1, end - 2));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return words;
}

TEST_F(MatrixSpec, a_list_takes_the_words_that_its_row_of_the_reference_has_and_no_others) {
    std::size_t lists = 0;
    for (auto const& route : routes())
        for_each_name(route.query, [&](std::string_view name) {
            auto const words = words_in(parameter_of(route, name).schema);
            if (words.empty() || route.path.find('{') != std::string_view::npos)
                return;
            ++lists;
            std::string all;
            for (auto const& word : words) {
                all += (all.empty() ? "" : ", ") + word;
                auto const got = shop.get(std::string(route.path) + "?currency=GBP&" +
                                          std::string(name) + "=" + word);
                EXPECT_EQ(got.body.find(R"("pointer":")" + std::string(name) + '"'),
                          std::string::npos)
                    << route.id << " does not know " << word << ": " << got.body;
            }
            auto const wrong = shop.get(std::string(route.path) + "?" + std::string(name) + "=nap");
            EXPECT_EQ(wrong.at("errors.0.pointer"), name) << route.id << wrong.body;
            EXPECT_NE(wrong.at("errors.0.message").find("one of " + all + " is"), std::string::npos)
                << route.id << wrong.body;
        });
    EXPECT_GE(lists, 3U);
}

TEST_F(MatrixSpec, a_wrong_key_is_nobody_even_where_everybody_may) {
    EXPECT_EQ(shop.ask({.path = "/v1", .token = "ktk_wrong"}).at("code"), "E2001");
    EXPECT_EQ(shop.ask({.path = "/v1", .token = "something else"}).status, 401);
}

TEST_F(MatrixSpec, another_customers_things_are_not_there) {
    shop.stock_the_shelves();
    auto const ada = shop.new_guest();
    auto const eve = shop.new_guest();
    auto const as = [&](std::map<std::string, std::string> const& who, Method method,
                        std::string path, std::string body = {}) {
        Knock knock{method, std::move(path), std::move(body), {}, who, Listener::shop};
        if (!is_safe(method)) {
            knock.headers.emplace("idempotency-key", "key");
            knock.headers.emplace("if-match", "\"v1\"");
        }
        return shop.ask(std::move(knock));
    };
    auto const placed = as(ada, Method::post, "/v1/orders", shop.order_body());
    ASSERT_EQ(placed.status, 201) << placed.body;
    shop.live(Duration::days(3));
    auto const id = placed.at("id");
    auto const own = as(ada, Method::get, "/v1/orders/" + id);
    ASSERT_EQ(own.status, 200);
    EXPECT_EQ(own.at("contact.email"), "ada@example.org");
    std::vector<std::string> const things{"/v1/orders/" + id, "/v1/orders/" + id + "/timeline",
                                          "/v1/payments/" + own.at("payments.0.id"),
                                          "/v1/shipments/" + own.at("shipments.0.id"),
                                          "/v1/customers/" + own.at("customer_id")};
    for (auto const& path : things) {
        auto const theirs = as(eve, Method::get, path);
        EXPECT_EQ(theirs.status, 404) << path << theirs.body;
        EXPECT_EQ(theirs.body.find("ada"), std::string::npos) << path;
    }
    EXPECT_EQ(as(eve, Method::post, "/v1/orders/" + id + "/cancel", R"({"reason":"not mine"})")
                  .at("name"),
              "unknown_order");
    EXPECT_EQ(as(eve, Method::get, "/v1/orders").count("data"), 0u);
    EXPECT_EQ(as(ada, Method::get, "/v1/orders").count("data"), 1u);
    EXPECT_EQ(as(eve, Method::get, "/v1/events?stream=order-" + id.substr(4)).status, 404);
    EXPECT_EQ(as(ada, Method::get, "/v1/events?stream=order-" + id.substr(4)).status, 200);
    EXPECT_EQ(as(ada, Method::get, "/v1/orders/" + id + "/timeline?detail=full").status, 403);
}

TEST_F(MatrixSpec, operators_see_personal_fields_by_their_scope_alone) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(), {}, "key").at("id");
    auto const plain = shop.make_token({Role::operations});
    auto const scoped = shop.make_token({Role::operations}, {"pii"});
    EXPECT_EQ(shop.get("/v1/orders/" + id, plain).body.find("ada@example.org"), std::string::npos);
    EXPECT_NE(shop.get("/v1/orders/" + id, scoped).body.find("ada@example.org"), std::string::npos);
    auto const stream = "/v1/ops/streams/order-" + id.substr(4);
    EXPECT_EQ(shop.get(stream, plain).status, 200);
    EXPECT_EQ(shop.get(stream, plain).body.find("ada@example.org"), std::string::npos);
}

TEST_F(MatrixSpec, a_browser_must_send_its_csrf_token_with_every_write) {
    shop.stock_the_shelves();
    auto guest = shop.new_guest();
    guest.erase("kontor-csrf");
    guest.emplace("idempotency-key", "key");
    auto const refused =
        shop.ask({Method::post, "/v1/orders", shop.order_body(), {}, guest, Listener::shop});
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(shop.ask({Method::get, "/v1/orders", {}, {}, guest, Listener::shop}).status, 200);
    EXPECT_EQ(shop.ask({Method::get, "/v1/orders", {}, {}, guest, Listener::console}).status, 401)
        << "a cookie of the shop is none of the console's";
}

TEST_F(MatrixSpec, a_session_is_over_when_it_was_closed_or_has_run_out) {
    auto const guest = shop.new_guest();
    EXPECT_EQ(shop.ask({Method::get, "/v1/session", {}, {}, guest, Listener::shop}).status, 200);
    EXPECT_EQ(shop.ask({Method::remove, "/v1/session", {}, {}, guest, Listener::shop}).status, 204);
    EXPECT_EQ(shop.ask({Method::get, "/v1/session", {}, {}, guest, Listener::shop}).status, 401);
    auto const other = shop.new_guest();
    shop.clock.pass(TokenBook::guest_session);
    EXPECT_EQ(shop.ask({Method::get, "/v1/session", {}, {}, other, Listener::shop}).status, 401);
}

TEST_F(MatrixSpec, a_key_is_shown_once_opens_and_is_withdrawn) {
    auto const made = shop.post("/v1/ops/tokens",
                                R"({"name":"till","roles":["service"],"reason":"for the till"})");
    ASSERT_EQ(made.status, 201) << made.body;
    auto const secret = made.at("secret");
    EXPECT_EQ(shop.get("/v1/session", secret).at("roles.0"), "service");
    EXPECT_EQ(shop.get("/v1/ops/tokens").body.find(secret), std::string::npos);
    auto const gone = shop.ask({Method::remove,
                                made.header("Location"),
                                {},
                                shop.all,
                                {{"kontor-reason", "the till was stolen"}}});
    EXPECT_EQ(gone.status, 204) << gone.body;
    EXPECT_EQ(shop.get("/v1/session", secret).status, 401);
}

TEST(Reference, of_the_api_is_what_the_code_serves) {
    auto const text = std::string(open_api_text()) + "\n";
    kontor::testing::expect_page("docs/reference/openapi.json", text);
    EXPECT_TRUE(codec::JsonDocument().parse(text));
}

TEST(Reference, each_route_has_its_code) {
    for (auto const& route : routes())
        EXPECT_NE(find_code(route.id), nullptr) << route.id;
}

} // namespace
} // namespace kontor::services::gateway
