#include "services/gateway/hook_desk.hpp"
#include "services/webhooks/cloud_event.hpp"
#include "services/webhooks/limits.hpp"
#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

constexpr char const* hooks_path = "/v1/webhooks";
constexpr char const* hook_body =
    R"({"url":"https://hooks.example.org/in","pattern":"{\"source\":[\"kontor.stock\"]}"})";

/// The routes of webhooks; who delivers is told by hand how they stand.
class HooksSpec : public ::testing::Test {
protected:
    HooksSpec() {
        shop.stock_the_shelves();
        shop.gateway().parts().hooks = &desk;
    }

    Got add(std::string key = "one") {
        return shop.post(hooks_path, hook_body, {}, std::move(key));
    }
    Got change(std::string const& id, std::string patch, std::string version) {
        return shop.ask({Method::patch,
                         hooks_path + ("/" + id),
                         std::move(patch),
                         shop.all,
                         {{"if-match", std::move(version)}}});
    }
    WebhookId id_of(Got const& got) { return WebhookId::parse(got.at("id")).value(); }

    ShopDoor shop;
    webhooks::SecretMaker secrets{std::string(32, 'k')};
    hooks::Figures figures;
    HookDesk desk{secrets, figures};
};

TEST_F(HooksSpec, the_secret_is_shown_when_it_is_made_and_never_again) {
    auto const made = add();
    ASSERT_EQ(made.status, 201) << made.body;
    auto const id = id_of(made);
    EXPECT_EQ(made.at("secret"), secrets.secret_of(id, 1).text());
    EXPECT_EQ(made.header("Cache-Control"), "no-store");
    EXPECT_EQ(made.header("Location"), hooks_path + ("/" + id.to_string()));
    EXPECT_EQ(add().body, made.body); // the same request, answered again
    figures.put({{id, 7, 2, 1}}, {});
    for (auto const& shown :
         {shop.get(hooks_path + ("/" + id.to_string())), shop.get(hooks_path)}) {
        EXPECT_EQ(shown.status, 200) << shown.body;
        EXPECT_EQ(shown.body.find("whsec_"), std::string::npos) << shown.body;
        EXPECT_NE(shown.body.find(R"("lag_events":7)"), std::string::npos) << shown.body;
    }
    auto const rotated = shop.post(hooks_path + ("/" + id.to_string() + "/rotate"), "", {}, "turn");
    EXPECT_EQ(rotated.status, 200) << rotated.body;
    EXPECT_EQ(rotated.at("secret"), secrets.secret_of(id, 2).text());
    for (auto const& facts : {shop.get("/v1/events?limit=200"),
                              shop.get("/v1/ops/streams/" + StreamId::webhook(id).to_string())}) {
        EXPECT_EQ(facts.status, 200) << facts.body;
        EXPECT_EQ(facts.body.find("whsec_"), std::string::npos) << facts.body;
    }
}

TEST_F(HooksSpec, what_leads_to_a_house_or_cannot_be_read_is_refused) {
    auto const house = shop.post(hooks_path, R"({"url":"https://10.0.0.1/","pattern":"{}"})");
    EXPECT_EQ(house.status, 422);
    EXPECT_EQ(house.at("name"), "address_refused") << house.body;
    EXPECT_EQ(house.at("errors.0.pointer"), "/url");
    auto const words =
        shop.post(hooks_path, R"({"url":"https://example.org/","pattern":"{\"a\":1}"})");
    EXPECT_EQ(words.status, 422);
    EXPECT_EQ(words.at("name"), "pattern_invalid") << words.body;
    auto const made = add();
    auto const moved = change(made.at("id"), R"({"url":"https://localhost/"})", R"("v1")");
    EXPECT_EQ(moved.at("name"), "address_refused") << moved.body;
    desk.reach = reach::Reach::loopback_too;
    EXPECT_EQ(change(made.at("id"), R"({"url":"http://localhost/"})", R"("v1")").status, 200);
}

TEST_F(HooksSpec, it_is_changed_as_it_was_read_and_removed) {
    auto const made = add();
    auto const id = made.at("id");
    EXPECT_EQ(change(id, R"({"enabled":false})", R"("v9")").status, 412);
    auto const off = change(id, R"({"enabled":false})", R"("v1")");
    EXPECT_EQ(off.status, 200) << off.body;
    EXPECT_EQ(off.header("ETag"), R"("v2")");
    auto const test = shop.post(hooks_path + ("/" + id + "/test"), "");
    EXPECT_EQ(test.status, 409);
    EXPECT_EQ(test.at("name"), "webhook_disabled");
    EXPECT_EQ(change(id, R"({"enabled":true})", R"("v2")").status, 200);
    EXPECT_EQ(shop.post(hooks_path + ("/" + id + "/test"), "").status, 202);
    EXPECT_EQ(shop.ask({Method::remove, hooks_path + ("/" + id), {}, shop.all, {}}).status, 204);
    EXPECT_EQ(shop.get(hooks_path + ("/" + id)).at("name"), "unknown_webhook");
    EXPECT_EQ(shop.ask({Method::remove, hooks_path + ("/" + id), {}, shop.all, {}}).status, 404);
}

TEST_F(HooksSpec, only_what_the_world_may_see_is_sent_again) {
    auto const id = id_of(add());
    auto const ask = [&](std::uint64_t position) {
        return shop.post(hooks_path + ("/" + id.to_string() + "/deliveries/" +
                                       hooks::message_id(id, position) + "/resend"),
                         "");
    };
    std::uint64_t public_one = 0;
    std::uint64_t internal = 0;
    auto const page = shop.store.read_log({}, ports::Limit(1'000)).value();
    for (auto const& event : page.events)
        (event.stream.category() == StreamCategory::stock ? public_one : internal) =
            event.position.value();
    EXPECT_EQ(internal, page.events.back().position.value()); // the webhook itself
    EXPECT_EQ(ask(public_one).status, 202) << ask(public_one).body;
    EXPECT_EQ(ask(internal).at("name"), "unknown_delivery");
    EXPECT_EQ(ask(1'000'000).at("name"), "unknown_delivery");
    auto const nobody =
        shop.post(hooks_path + ("/" + id.to_string() + "/deliveries/whk_1/resend"), "");
    EXPECT_EQ(nobody.at("name"), "unknown_delivery");
}

TEST_F(HooksSpec, so_many_stand_and_not_more) {
    auto const first = add();
    std::vector<hooks::LaneFigures> lanes(hooks::webhooks_max);
    figures.put(lanes, {});
    auto const more = shop.post(hooks_path, hook_body, {}, "two");
    EXPECT_EQ(more.status, 409);
    EXPECT_EQ(more.at("name"), "too_many_webhooks") << more.body;
    EXPECT_EQ(add().body, first.body); // what was done before is answered as before
}

TEST_F(HooksSpec, without_somebody_who_delivers_there_are_none) {
    shop.gateway().parts().hooks = nullptr;
    EXPECT_EQ(shop.get(hooks_path).status, 501);
    EXPECT_EQ(add().at("name"), "webhooks_off");
}

} // namespace
} // namespace kontor::services::gateway
