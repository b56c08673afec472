#include "tests/gateway/shop_door.hpp"

#include "codec/json_text.hpp"
#include "services/gateway/replies.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// What operators do, as the audit record tells it.
class AuditSpec : public ::testing::Test {
protected:
    Got put(std::string path, std::string body) {
        return shop.ask({Method::put, std::move(path), std::move(body), shop.all});
    }
    Got remove(std::string path, std::string reason) {
        return shop.ask({Method::remove,
                         std::move(path),
                         {},
                         shop.all,
                         {{"kontor-reason", std::move(reason)}}});
    }
    Got audit(std::string const& query = {}) { return shop.get("/v1/ops/audit" + query); }
    Got set_limit(int count) {
        return put("/v1/ops/limits/address", R"({"count_max":)" + std::to_string(count) +
                                                 R"(,"window_ms":1000,"reason":"a crawler"})");
    }

    ShopDoor shop;
};

TEST_F(AuditSpec, a_limit_that_is_set_leaves_who_what_why_before_and_after) {
    ASSERT_EQ(set_limit(7).status, 200);
    auto const entries = audit();
    EXPECT_EQ(entries.status, 200) << entries.body;
    ASSERT_EQ(entries.count("data"), 1U) << entries.body;
    EXPECT_EQ(entries.at("data.0.number"), "1");
    EXPECT_EQ(entries.at("data.0.verb"), "set_limit");
    EXPECT_EQ(entries.at("data.0.object"), "/v1/ops/limits/address");
    EXPECT_EQ(entries.at("data.0.reason"), "a crawler");
    EXPECT_EQ(entries.at("data.0.before.count_max"), "50");
    EXPECT_EQ(entries.at("data.0.after.count_max"), "7");
    EXPECT_NE(entries.at("data.0.actor"), "");
    EXPECT_EQ(shop.get("/v1/ops/limits").at("data.0.count_max"), "7");
}

TEST_F(AuditSpec, what_is_refused_leaves_no_entry) {
    EXPECT_EQ(set_limit(0).status, 422);
    EXPECT_EQ(remove("/v1/ops/tokens/tok_none", "left the firm").status, 404);
    EXPECT_EQ(audit().count("data"), 0U);
}

TEST_F(AuditSpec, what_an_entry_tells_is_done_though_its_client_went_away) {
    auto const ticket =
        shop.start({Method::put, "/v1/ops/limits/address",
                    R"({"count_max":7,"window_ms":1000,"reason":"a crawler"})", shop.all});
    shop.go_away(ticket);
    shop.settle();
    EXPECT_FALSE(shop.collected(ticket));
    ASSERT_EQ(audit().count("data"), 1U);
    EXPECT_EQ(shop.get("/v1/ops/limits").at("data.0.count_max"), "7");
}

TEST_F(AuditSpec, what_cannot_be_done_any_more_is_told_though_its_client_went_away) {
    ASSERT_EQ(put("/v1/ops/users/ada",
                  R"({"password":"correct horse battery","roles":["support"],"reason":"new"})")
                  .status,
              200);
    std::vector<int> told;
    shop.gateway().tell([&](Handled const& handled) {
        EXPECT_EQ(handled.route->id, "remove_user");
        EXPECT_EQ(handled.request.method, Method::remove);
        EXPECT_NE(handled.request.path, "");
        told.push_back(handled.status);
    });
    Knock const knock{
        Method::remove, "/v1/ops/users/ada", {}, shop.all, {{"kontor-reason", "left the firm"}}};
    auto const first = shop.start(knock);
    auto const second = shop.start(knock);
    shop.go_away(second);
    shop.settle();
    shop.gateway().tell({});
    ASSERT_TRUE(shop.collected(first));
    EXPECT_EQ(shop.collected(first)->status, 204);
    EXPECT_EQ(told, (std::vector<int>{204, 404}));
}

TEST_F(AuditSpec, no_secret_and_no_password_stands_in_it) {
    auto const made =
        shop.post("/v1/ops/tokens", R"({"name":"till","roles":["service"],"reason":"the till"})");
    ASSERT_EQ(made.status, 201) << made.body;
    ASSERT_EQ(put("/v1/ops/users/ada",
                  R"({"password":"correct horse battery","roles":["support"],"reason":"new"})")
                  .status,
              200);
    ASSERT_EQ(remove("/v1/ops/tokens/" + made.at("id"), "the till was stolen").status, 204);
    ASSERT_EQ(remove("/v1/ops/users/ada", "left the firm").status, 204);
    auto const entries = audit();
    ASSERT_EQ(entries.count("data"), 4U) << entries.body;
    EXPECT_EQ(entries.at("data.0.after.id"), made.at("id"));
    EXPECT_EQ(entries.at("data.1.after.password"), "changed");
    EXPECT_EQ(entries.at("data.2.before.name"), "till");
    EXPECT_EQ(entries.at("data.2.after"), "");
    EXPECT_EQ(entries.at("data.3.before.roles.0"), "support");
    auto const facts = shop.get("/v1/events?type=ops.action_taken");
    for (auto const& secret : {made.at("secret"), std::string("correct horse")})
        for (auto const& answer : {entries, facts})
            EXPECT_EQ(answer.body.find(secret), std::string::npos) << answer.body;
}

TEST_F(AuditSpec, work_of_the_desk_stands_in_the_same_command_as_its_entry) {
    shop.stock_the_shelves();
    auto const item = shop.get("/v1/inventory/MUG/main");
    auto const adjusted = shop.ask({Method::post,
                                    "/v1/inventory/MUG/main/adjustments",
                                    R"({"delta":-1,"reason":"it broke","kind":"damaged"})",
                                    shop.all,
                                    {{"idempotency-key", "a1"}, {"if-match", "*"}}});
    ASSERT_EQ(adjusted.status, 201) << adjusted.body;
    auto const entries = audit("?verb=adjust_stock");
    ASSERT_EQ(entries.count("data"), 1U) << entries.body;
    EXPECT_EQ(entries.at("data.0.reason"), "it broke");
    EXPECT_EQ(entries.at("data.0.changes.0.stream"), "stock-main.MUG") << entries.body;
    EXPECT_EQ(entries.at("data.0.changes.0.type"), "stock.adjusted");
    // The same key again is the same command: one entry.
    shop.ask({Method::post,
              "/v1/inventory/MUG/main/adjustments",
              R"({"delta":-1,"reason":"it broke","kind":"damaged"})",
              shop.all,
              {{"idempotency-key", "a1"}, {"if-match", "*"}}});
    EXPECT_EQ(audit("?verb=adjust_stock").count("data"), 1U);
}

TEST_F(AuditSpec, entries_are_found_by_who_what_and_on_what_and_read_on_from_a_number) {
    set_limit(7);
    set_limit(8);
    shop.post("/v1/ops/tokens", R"({"name":"till","roles":["service"],"reason":"the till"})");
    EXPECT_EQ(audit("?verb=set_limit").count("data"), 2U);
    EXPECT_EQ(audit("?object=/v1/ops/tokens").count("data"), 1U);
    EXPECT_EQ(audit("?actor=nobody").count("data"), 0U);
    auto const first = audit("?limit=1");
    EXPECT_EQ(first.at("has_more"), "true") << first.body;
    EXPECT_EQ(first.at("after"), "1");
    auto const second = audit("?limit=5&after=1");
    EXPECT_EQ(second.at("data.0.number"), "2") << second.body;
    EXPECT_EQ(second.count("data"), 2U);
    EXPECT_EQ(second.at("has_more"), "false");
}

TEST_F(AuditSpec, every_fact_is_proved_by_the_head_that_is_signed) {
    shop.stock_the_shelves();
    auto const head = shop.get("/v1/ops/audit/checkpoint");
    ASSERT_EQ(head.status, 200) << head.body;
    auto const proof = shop.get("/v1/ops/audit/proof?position=2");
    ASSERT_EQ(proof.status, 200) << proof.body;
    EXPECT_EQ(proof.at("kind"), "inclusion");
    EXPECT_EQ(proof.at("checkpoint"), head.at("checkpoint"));
    auto const signed_head =
        proofs::open_checkpoint(proof.at("checkpoint"), head.at("key")).value();
    proofs::Hashes hashes;
    for (std::size_t i = 0; i < proof.count("proof"); ++i)
        hashes.push_back(proofs::hash_in(proof.at("proof." + std::to_string(i))).value());
    auto const leaf = codec::parse_base64(proof.at("leaf")).value();
    EXPECT_TRUE(proofs::proves_inclusion(hashes, proofs::leaf_hash(leaf),
                                         number_in(proof.at("leaf_index")).value(),
                                         signed_head.tree));
    auto const fact = shop.get("/v1/ops/events/2");
    EXPECT_EQ(fact.at("proof.leaf_index"), proof.at("leaf_index")) << fact.body;
    EXPECT_EQ(fact.at("proof.root"), head.at("root"));
    EXPECT_EQ(fact.count("proof.hashes"), proof.count("proof"));
    EXPECT_EQ(shop.get("/v1/ops/audit/proof?position=999").status, 404);
    EXPECT_EQ(shop.get("/v1/ops/audit/proof").status, 400);
    EXPECT_EQ(shop.get("/v1/ops/audit/proof?position=1&to=2").status, 400);
}

TEST_F(AuditSpec, the_log_of_today_is_proved_to_begin_as_it_was) {
    shop.stock_the_shelves();
    auto const size = shop.get("/v1/ops/audit/checkpoint").at("size");
    set_limit(7);
    auto const proof = shop.get("/v1/ops/audit/proof?from=" + size);
    ASSERT_EQ(proof.status, 200) << proof.body;
    EXPECT_EQ(proof.at("kind"), "consistency");
    EXPECT_EQ(proof.at("from_size"), size);
    EXPECT_EQ(shop.get("/v1/ops/audit/proof?from=0").status, 404);
    EXPECT_EQ(shop.get("/v1/ops/audit/proof?from=1&to=999").status, 404);
}

TEST_F(AuditSpec, a_changed_tree_is_found_by_a_comparison) {
    shop.stock_the_shelves();
    EXPECT_EQ(shop.get("/v1/ops/audit/verify").at("state"), "none");
    ASSERT_EQ(shop.post("/v1/ops/audit/verify", "").status, 202);
    shop.settle();
    EXPECT_EQ(shop.get("/v1/ops/audit/verify").at("state"), "as_it_was");
    EXPECT_EQ(audit().at("data.0.verb"), "verify_audit");
    shop.nodes.bytes[1] ^= 1;
    shop.post("/v1/ops/audit/verify", "");
    shop.settle();
    auto const found = shop.get("/v1/ops/audit/verify");
    EXPECT_EQ(found.at("state"), "changed") << found.body;
    EXPECT_EQ(found.at("first_bad_position"), "1");
}

TEST_F(AuditSpec, the_record_outlives_a_crash) {
    set_limit(7);
    shop.crash();
    EXPECT_EQ(audit().at("data.0.after.count_max"), "7");
}

} // namespace
} // namespace kontor::services::gateway
