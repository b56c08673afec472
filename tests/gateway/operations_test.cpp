#include "tests/gateway/shop_door.hpp"

#include "services/gateway/passwords.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// What operators look at, and what they set.
class OperationsSpec : public ::testing::Test {
protected:
    Got put(std::string path, std::string body, std::string token = {}) {
        return shop.ask({Method::put, std::move(path), std::move(body),
                         token.empty() ? shop.all : std::move(token)});
    }
    Got sign_in(std::string const& user, std::string const& password) {
        return shop.ask({Method::post, "/v1/session",
                         R"({"user":")" + user + R"(","password":")" + password + R"("})"});
    }
    std::map<std::string, std::string> session_of(Got const& got) {
        auto const cookie = got.header("Set-Cookie");
        return {{"cookie", cookie.substr(0, cookie.find(';'))}, {"kontor-csrf", got.at("csrf")}};
    }
    Got who(std::map<std::string, std::string> const& session) {
        return shop.ask({Method::get, "/v1/session", {}, {}, session});
    }

    ShopDoor shop;
};

TEST_F(OperationsSpec, the_figures_say_what_is_well_and_what_is_not) {
    shop.checks = {{"open", true, ""}, {"journal_writable", false, "the disk has no room left"}};
    auto const figures = shop.get("/v1/ops/overview");
    EXPECT_EQ(figures.status, 200) << figures.body;
    EXPECT_EQ(figures.at("ready"), "false");
    EXPECT_EQ(figures.at("unready.0"), "journal_writable: the disk has no room left");
    EXPECT_EQ(figures.at("lag_events_max"), "3");
    EXPECT_EQ(figures.at("shed.checkout"), "0");
    auto const services = shop.get("/v1/ops/services");
    EXPECT_EQ(services.at("data.0.name"), "orders") << services.body;
    EXPECT_EQ(services.at("data.0.health"), "behind");
    auto const settings = shop.get("/v1/ops/config");
    EXPECT_EQ(settings.at("data.0.origin"), "--data") << settings.body;
}

TEST_F(OperationsSpec, nobody_else_waits_while_the_files_of_the_log_are_measured) {
    EXPECT_EQ(shop.get("/v1/ops/store").at("segments"), "3");
    shop.log_files.is_measuring = true;
    auto const ticket = shop.start({.path = "/v1/ops/store", .token = shop.all});
    shop.live(Duration::milliseconds(50));
    EXPECT_FALSE(shop.collected(ticket));
    EXPECT_EQ(shop.get("/v1/ops/overview").status, 200);
    shop.log_files.is_measuring = false;
    shop.live(Duration::milliseconds(50));
    ASSERT_TRUE(shop.collected(ticket));
    EXPECT_EQ(shop.collected(ticket)->at("segments"), "3");
}

TEST_F(OperationsSpec, a_backup_is_begun_once_it_may_and_every_wish_for_one_is_on_record) {
    std::string const path = "/v1/ops/store/backup";
    EXPECT_EQ(shop.get(path).at("state"), "none");
    EXPECT_EQ(shop.post(path, R"({"directory":"backup"})").at("errors.0.pointer"), "/directory");
    shop.log_files.prevented = trouble("shop_exists", "there is a shop already: /mnt/b");
    auto const prevented = shop.post(path, R"({"directory":"/mnt/b"})");
    EXPECT_EQ(prevented.status, 409) << prevented.body;
    EXPECT_EQ(prevented.at("name"), "shop_exists");
    EXPECT_TRUE(shop.log_files.wishes.empty());
    shop.log_files.prevented.reset();
    auto const begun = shop.post(path, R"({"directory":"/mnt/b","with_keys":true})");
    EXPECT_EQ(begun.status, 202) << begun.body;
    EXPECT_EQ(begun.at("state"), "copying");
    EXPECT_EQ(begun.header("Location"), path);
    ASSERT_EQ(shop.log_files.wishes.size(), 1U);
    EXPECT_TRUE(shop.log_files.wishes.front().with_keys);
    auto& standing = shop.log_files.standing;
    standing.state = BackupState::failed;
    standing.problem = problems::find_problem("disk_full");
    standing.why = "the disk is full";
    EXPECT_EQ(shop.get(path).at("code"), "E5011");
    EXPECT_EQ(shop.get(path).at("verified"), "false");
    standing.state = BackupState::done;
    standing.last_position = 7;
    EXPECT_EQ(shop.get(path).at("verified"), "true");
    EXPECT_EQ(shop.get(path).at("last_position"), "7");
    auto const stopped =
        shop.ask({Method::remove, path, {}, shop.all, {{"kontor-reason", "the wrong disk"}}});
    EXPECT_EQ(stopped.at("state"), "stopped") << stopped.body;
    auto const record = shop.get("/v1/ops/audit");
    EXPECT_EQ(record.count("data"), 2U) << record.body;
    EXPECT_EQ(record.at("data.0.verb"), "back_up_store") << record.body;
    EXPECT_EQ(record.at("data.0.after.directory"), "/mnt/b");
}

TEST_F(OperationsSpec, whether_calls_go_out_is_told_with_its_history_and_can_be_forced) {
    auto& guard = shop.node.guard;
    for (int n = 0; n < 20; ++n) {
        resilience::Downstream::Call call{};
        guard.begin(resilience::Downstream::Kind::first, shop.node.moment, call);
        guard.ended(call, false, shop.node.moment);
    }
    shop.node.moment = shop.node.moment + Duration::seconds(2);
    std::string const path = "/v1/ops/breakers/payments";
    auto const open = shop.get(path);
    EXPECT_EQ(open.at("state"), "open") << open.body;
    EXPECT_EQ(open.at("history.0.at"), to_string(shop.clock.now() - Duration::seconds(2)));
    EXPECT_EQ(open.at("history.0.why"), "20 of 20 calls went badly or were slow");
    EXPECT_EQ(open.at("retry_tokens"), "104");
    EXPECT_NE(open.at("rests_ms"), "");
    EXPECT_EQ(shop.get("/v1/ops/breakers").at("data.0.state"), "open");
    EXPECT_EQ(shop.get("/v1/ops/breakers/weather").status, 404);
    EXPECT_EQ(shop.post("/v1/ops/breakers/weather/open", R"({"reason":"a storm"})").status, 404);
    std::string const why = R"({"reason":"the provider asked us to"})";
    auto const closed = shop.post(path + "/close", why);
    EXPECT_EQ(closed.at("state"), "closed") << closed.body;
    EXPECT_EQ(closed.at("forced"), "closed");
    EXPECT_EQ(shop.post(path + "/open", why).at("state"), "open");
    EXPECT_EQ(shop.get(path).at("rests_ms"), "") << "nobody knows until when";
    EXPECT_EQ(shop.post(path + "/auto", why).at("state"), "half_open");
    auto const record = shop.get("/v1/ops/audit");
    EXPECT_EQ(record.count("data"), 3U) << record.body;
    EXPECT_EQ(record.at("data.0.before.state"), "open");
    EXPECT_EQ(record.at("data.0.reason"), "the provider asked us to");
}

TEST_F(OperationsSpec, what_the_log_takes_is_told) {
    auto const told = shop.get("/v1/ops/store");
    EXPECT_EQ(told.at("directory"), "/srv/shop") << told.body;
    EXPECT_EQ(told.at("segments"), "3");
    EXPECT_EQ(told.at("last_position"), "0");
}

TEST_F(OperationsSpec, an_idempotency_key_makes_one_key_and_shows_its_secret_once) {
    std::string const body = R"({"name":"till","roles":["service"],"reason":"the till"})";
    auto const made = shop.post("/v1/ops/tokens", body, {}, "tok-1");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_FALSE(made.at("secret").empty());
    auto const again = shop.post("/v1/ops/tokens", body, {}, "tok-1");
    EXPECT_EQ(again.status, 409) << again.body;
    EXPECT_EQ(again.at("name"), "secret_shown");
    EXPECT_EQ(again.at("token_id"), made.at("id"));
    EXPECT_EQ(again.body.find(made.at("secret")), std::string::npos);
    EXPECT_EQ(shop.get("/v1/ops/tokens").count("data"), 1U);
    auto const other = shop.post(
        "/v1/ops/tokens", R"({"name":"bin","roles":["service"],"reason":"the till"})", {}, "tok-1");
    EXPECT_EQ(other.at("name"), "key_reused") << other.body;
    EXPECT_EQ(shop.post("/v1/ops/tokens", body, {}, "tok-2").status, 201);
    EXPECT_EQ(shop.post("/v1/ops/tokens", body).status, 201);
    EXPECT_EQ(shop.get("/v1/ops/tokens").count("data"), 3U);
    auto const path = "/v1/ops/tokens/" + made.at("id");
    shop.ask({Method::remove, path, {}, shop.all, {{"kontor-reason", "the till was stolen"}}});
    auto const late = shop.post("/v1/ops/tokens", body, {}, "tok-1");
    EXPECT_EQ(late.at("name"), "secret_shown") << "what was withdrawn does not come back";
}

TEST_F(OperationsSpec, whoever_looks_whether_the_shop_lives_is_never_too_fast) {
    std::size_t refused = 0;
    for (int n = 0; n < 200; ++n) {
        EXPECT_EQ(shop.ask({.path = "/readyz"}).status, 200);
        EXPECT_EQ(shop.ask({.path = "/healthz"}).status, 200);
        refused += shop.ask({.path = "/v1"}).status == 429 ? 1 : 0;
    }
    EXPECT_GT(refused, 0U) << "others are";
}

TEST_F(OperationsSpec, streams_are_found_by_how_their_names_begin) {
    shop.stock_the_shelves();
    auto const found = shop.get("/v1/ops/streams?prefix=stock-");
    EXPECT_EQ(found.count("data"), 1U) << found.body;
    EXPECT_EQ(found.at("data.0.stream"), "stock-main.MUG");
    auto const first = shop.get("/v1/ops/streams?limit=1");
    EXPECT_EQ(first.at("data.0.stream"), "product-MUG");
    EXPECT_EQ(first.at("has_more"), "true");
    auto const second = shop.get("/v1/ops/streams?limit=1&after=" + first.at("after"));
    EXPECT_EQ(second.at("data.0.stream"), "stock-main.MUG");
}

TEST_F(OperationsSpec, a_stream_is_shown_as_it_was) {
    shop.stock_the_shelves();
    shop.post("/v1/inventory/MUG/main/receipts", R"({"quantity":5,"reference":"po-2"})", {}, "r2");
    auto const path = std::string("/v1/ops/streams/stock-main.MUG/state");
    auto const now = shop.get(path);
    EXPECT_EQ(now.at("state.on_hand"), "15") << now.body;
    EXPECT_EQ(now.at("before.on_hand"), "10");
    auto const first = shop.get(path + "?at_version=1");
    EXPECT_EQ(first.at("state.on_hand"), "10");
    EXPECT_EQ(first.at("before"), "");
    EXPECT_EQ(shop.get(path + "?at_position=1").at("name"), "unknown_stream");
    EXPECT_EQ(shop.get(path + "?at_version=1&at_position=1").status, 400);
    EXPECT_EQ(shop.get("/v1/ops/streams/stock-main.CUP/state").status, 404);
    EXPECT_EQ(shop.get("/v1/ops/streams/product-MUG/state").at("name"), "not_found");
    auto const id = shop.post("/v1/orders", shop.order_body(), {}, "k").at("id");
    shop.live(Duration::minutes(1));
    auto const order = "/v1/ops/streams/order-" + id.substr(4) + "/state";
    EXPECT_EQ(shop.get(order).at("state.state"), "confirmed") << shop.get(order).body;
    EXPECT_EQ(shop.get(order + "?at_version=1").at("state.state"), "placed");
    auto const payment = shop.get("/v1/orders/" + id).at("payments.0.id");
    EXPECT_EQ(shop.get("/v1/ops/streams/payment-" + payment.substr(4) + "/state").at("state.state"),
              "authorised");
    auto const plain = shop.make_token({Role::operations});
    EXPECT_EQ(shop.get(order, plain).body.find("ada@example.org"), std::string::npos);
}

TEST_F(OperationsSpec, an_order_as_it_was_has_the_documents_that_it_had_then) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(), {}, "k").at("id");
    shop.live(Duration::days(3));
    auto const path = "/v1/orders/" + id;
    EXPECT_EQ(shop.get(path).count("documents"), 1U) << shop.get(path).body;
    auto const facts = shop.get("/v1/ops/streams/order-" + id.substr(4));
    ASSERT_GT(facts.count("data"), 2U);
    for (std::size_t n = 0; n < facts.count("data"); ++n) {
        auto const position = facts.at("data." + std::to_string(n) + ".position");
        auto const at_version = shop.get(path + "?at_version=" + std::to_string(n + 1));
        auto const at_position = shop.get(path + "?at_position=" + position);
        EXPECT_EQ(at_version.count("documents"), at_position.count("documents"))
            << at_version.body << at_position.body;
    }
}

TEST_F(OperationsSpec, a_fact_is_shown_with_what_it_came_of_and_what_came_of_it) {
    shop.stock_the_shelves();
    auto const id = shop.post("/v1/orders", shop.order_body(), {}, "k").at("id");
    shop.live(Duration::minutes(1));
    auto const facts = shop.get("/v1/ops/streams/order-" + id.substr(4));
    auto const placed = shop.get("/v1/ops/events/" + facts.at("data.0.position") + "/causes");
    EXPECT_EQ(placed.status, 200) << placed.body;
    EXPECT_EQ(placed.at("fact.type"), "order.placed");
    EXPECT_EQ(placed.count("up"), 0U);
    EXPECT_EQ(placed.at("down.0.type"), "reservation.held") << placed.body;
    EXPECT_EQ(placed.at("down.0.caused_by"), placed.at("fact.position"));
    auto const confirmed = shop.get("/v1/ops/events/" + facts.at("data.1.position") + "/causes");
    EXPECT_EQ(confirmed.at("fact.type"), "order.confirmed") << confirmed.body;
    ASSERT_GT(confirmed.count("up"), 0U) << confirmed.body;
    EXPECT_EQ(confirmed.at("fact.caused_by"), confirmed.at("up.0.position"));
    EXPECT_EQ(confirmed.at("up.0.type"), "payment.authorised") << confirmed.body;
    auto const product = shop.get("/v1/ops/events/1/causes");
    EXPECT_EQ(product.at("fact.stream"), "product-MUG") << product.body;
    EXPECT_EQ(shop.get("/v1/ops/events/99999/causes").status, 404);
}

TEST_F(OperationsSpec, a_limit_that_is_set_holds_at_once) {
    auto const listed = shop.get("/v1/ops/limits");
    EXPECT_EQ(listed.count("data"), 4U) << listed.body;
    EXPECT_EQ(listed.at("data.0.name"), "address");
    EXPECT_EQ(listed.at("data.0.origin"), "built-in");
    auto const guest = shop.new_guest();
    auto const knock = [&] {
        return shop.ask({Method::get, "/v1/session", {}, {}, guest, Listener::shop}).status;
    };
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(knock(), 200);
    shop.clock.pass(Duration::minutes(2));
    auto const set = put("/v1/ops/limits/customer",
                         R"({"count_max":2,"window_ms":60000,"reason":"a sale begins"})");
    EXPECT_EQ(set.status, 200) << set.body;
    EXPECT_EQ(set.at("origin"), "live");
    EXPECT_EQ(knock(), 200);
    EXPECT_EQ(knock(), 200);
    EXPECT_EQ(knock(), 429);
    for (std::string const impossible :
         {R"({"count_max":0,"window_ms":1000,"reason":"why not"})",
          R"({"count_max":5000000,"window_ms":1000,"reason":"why not"})",
          R"({"count_max":1,"window_ms":99,"reason":"why not"})",
          R"({"count_max":1,"window_ms":60001,"reason":"why not"})",
          R"({"count_max":1,"window_ms":1000})"})
        EXPECT_EQ(put("/v1/ops/limits/customer", impossible).status, 422) << impossible;
    EXPECT_EQ(
        put("/v1/ops/limits/nothing", R"({"count_max":1,"window_ms":1000,"reason":"why not"})")
            .status,
        404);
}

TEST(LimitBook, what_was_set_holds_after_a_restart) {
    std::string text;
    auto const open = [&] {
        return LimitBook::open(text,
                               [&](std::string_view kept) {
                                   text = kept;
                                   return Result<void>();
                               })
            .value();
    };
    auto book = open();
    ASSERT_TRUE(book.set("operator", {7, Duration::seconds(2)}));
    auto const again = open();
    EXPECT_EQ(again.policies()[2].quota.count_max, 7U);
    EXPECT_FALSE(again.policies()[2].is_built_in);
    EXPECT_TRUE(again.policies()[0].is_built_in);
    auto back = open();
    ASSERT_TRUE(back.set("operator", {100, Duration::seconds(1)}));
    EXPECT_TRUE(open().policies()[2].is_built_in);
    EXPECT_FALSE(
        LimitBook::open(R"({"limits":[{"name":"operator","count_max":0,"window_ms":5}]})", {}));
}

TEST(Passwords, a_hash_that_is_ready_waits_for_its_own_client) {
    Passwords passwords({.n = 16});
    auto const first = passwords.start("one", "salt");
    ASSERT_TRUE(first);
    EXPECT_FALSE(passwords.start("two", "salt")) << "one at a time";
    ASSERT_TRUE(passwords.do_work({}));
    auto const second = passwords.start("two", "salt");
    ASSERT_TRUE(second);
    ASSERT_TRUE(passwords.do_work({}));
    auto const hash = passwords.collect(*first);
    ASSERT_TRUE(hash);
    EXPECT_NE(passwords.collect(*second), hash);
    EXPECT_FALSE(passwords.collect(*first)) << "it is given once";
}

TEST(Passwords, what_nobody_collects_is_given_up_in_time) {
    Passwords passwords({.n = 16});
    auto const left = passwords.start("left", "salt");
    ASSERT_TRUE(passwords.do_work({}));
    for (std::size_t n = 0; n < Passwords::uncollected_max; ++n) {
        ASSERT_TRUE(passwords.start("other", "salt"));
        ASSERT_TRUE(passwords.do_work({}));
    }
    EXPECT_FALSE(passwords.collect(*left));
}

TEST_F(OperationsSpec, a_user_signs_in_with_a_password_and_no_other) {
    auto const made =
        put("/v1/ops/users/ada",
            R"({"roles":["operations"],"password":"open sesame","reason":"on call"})");
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(made.at("roles.0"), "operations");
    EXPECT_EQ(shop.get("/v1/ops/users").at("data.0.name"), "ada");
    EXPECT_EQ(shop.get("/v1/ops/users").body.find("hash"), std::string::npos);
    auto const in = sign_in("ada", "open sesame");
    ASSERT_EQ(in.status, 201) << in.body;
    EXPECT_EQ(who(session_of(in)).at("name"), "ada");
    EXPECT_EQ(who(session_of(in)).at("roles.0"), "operations");
    EXPECT_EQ(sign_in("ada", "open sesam").at("code"), "E2001");
    EXPECT_EQ(sign_in("eve", "open sesame").at("code"), "E2001");
}

TEST_F(OperationsSpec, a_session_ends_with_its_password_and_its_user) {
    auto const body = [](std::string const& password, std::string const& role) {
        return R"({"roles":[")" + role + R"("],"password":")" + password +
               R"(","reason":"why not"})";
    };
    put("/v1/ops/users/ada", body("the first one", "operations"));
    auto const first = session_of(sign_in("ada", "the first one"));
    EXPECT_EQ(who(first).status, 200);
    put("/v1/ops/users/ada", R"({"roles":["support"],"reason":"holidays"})");
    EXPECT_EQ(who(first).at("roles.0"), "support") << "roles are what they are now";
    put("/v1/ops/users/ada", body("the second one", "support"));
    EXPECT_EQ(who(first).status, 401);
    auto const second = session_of(sign_in("ada", "the second one"));
    EXPECT_EQ(who(second).status, 200);
    Knock gone{Method::remove, "/v1/ops/users/ada", {}, shop.all};
    gone.headers = {{"kontor-reason", "left the firm"}};
    EXPECT_EQ(shop.ask(gone).status, 204);
    EXPECT_EQ(who(second).status, 401);
    EXPECT_EQ(shop.ask(gone).status, 404);
}

TEST_F(OperationsSpec, who_was_removed_does_not_come_back_by_a_change_that_was_on_its_way) {
    put("/v1/ops/users/ada",
        R"({"roles":["operations"],"password":"open sesame","reason":"on call"})");
    auto const removal = shop.start(
        {Method::remove, "/v1/ops/users/ada", {}, shop.all, {{"kontor-reason", "left the firm"}}});
    auto const change = shop.start({Method::put, "/v1/ops/users/ada",
                                    R"({"roles":["support"],"reason":"holidays"})", shop.all});
    shop.settle();
    ASSERT_TRUE(shop.collected(removal));
    EXPECT_EQ(shop.collected(removal)->status, 204);
    ASSERT_TRUE(shop.collected(change));
    EXPECT_EQ(shop.collected(change)->at("name"), "conflict") << shop.collected(change)->body;
    EXPECT_EQ(shop.get("/v1/ops/users").count("data"), 0U);
}

TEST_F(OperationsSpec, letters_in_the_outbox_are_seen_and_whom_they_go_to_by_the_scope_alone) {
    EXPECT_EQ(shop.get("/v1/ops/mail").count("data"), 0U);
    Id128 const id(std::uint64_t{1'767'225'600'000} << 16, 7);
    shop.outbox.kept = {
        {id, "ada@example.org", "Ada", "Your order", "Hello Ada,\n", shop.clock.now(), 1}};
    auto const list = shop.get("/v1/ops/mail");
    EXPECT_EQ(list.status, 200) << list.body;
    EXPECT_EQ(list.at("data.0.id"), id.to_string());
    EXPECT_EQ(list.at("data.0.subject"), "Your order");
    EXPECT_EQ(list.at("data.0.to"), "ada@example.org") << list.body;
    EXPECT_EQ(list.body.find("Hello"), std::string::npos);
    auto const path = "/v1/ops/mail/" + id.to_string();
    EXPECT_EQ(shop.get(path).at("text"), "Hello Ada,\n");
    auto const plain = shop.make_token({Role::operations});
    for (auto const& where : {std::string("/v1/ops/mail"), path}) {
        auto const got = shop.get(where, plain);
        EXPECT_EQ(got.status, 200) << got.body;
        EXPECT_EQ(got.body.find("ada@example.org"), std::string::npos) << got.body;
        EXPECT_EQ(got.body.find("Hello Ada"), std::string::npos) << got.body;
    }
    EXPECT_EQ(shop.get("/v1/ops/mail/00000000000000000000000000").status, 404);
}

TEST_F(OperationsSpec, nobody_guesses_for_long) {
    put("/v1/ops/users/ada",
        R"({"roles":["operations"],"password":"open sesame","reason":"on call"})");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(sign_in("ada", "guess number " + std::to_string(i)).status, 401);
    auto const refused = sign_in("ada", "open sesame");
    EXPECT_EQ(refused.status, 429) << refused.body;
    EXPECT_FALSE(refused.header("Retry-After").empty());
    shop.clock.pass(Duration::seconds(13));
    EXPECT_EQ(sign_in("ada", "open sesame").status, 201);
}

TEST_F(OperationsSpec, what_a_user_needs_is_asked_for) {
    EXPECT_EQ(put("/v1/ops/users/ada", R"({"roles":["operations"],"reason":"no password"})").status,
              422);
    EXPECT_EQ(
        put("/v1/ops/users/ada", R"({"roles":[],"password":"open sesame","reason":"no roles"})")
            .status,
        422);
    EXPECT_EQ(put("/v1/ops/users/ada",
                  R"({"roles":["customer"],"password":"open sesame","reason":"why not"})")
                  .status,
              422);
    EXPECT_EQ(put("/v1/ops/users/Ada%20L",
                  R"({"roles":["support"],"password":"open sesame","reason":"why not"})")
                  .status,
              404);
    EXPECT_EQ(
        put("/v1/ops/users/ada", R"({"roles":["support"],"password":"short","reason":"why not"})")
            .status,
        422);
    EXPECT_EQ(shop.ask({Method::post, "/v1/session", R"({"user":"ada"})"}).status, 422);
}

} // namespace
} // namespace kontor::services::gateway
