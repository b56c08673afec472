#include "tests/gateway/shop_door.hpp"

#include "codec/json.hpp"
#include "services/gateway/projection_desk.hpp"
#include "services/views/models.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// One read model whose projector works when a spec tells it to.
class HandDesk final : public ProjectionDesk {
public:
    explicit HandDesk(ShopDoor& shop)
        : projector(shop.store, models, views::find_model("orders")->make, {.clock = &shop.clock}) {
    }

    std::vector<projections::ProjectorStatus> all() const override { return {projector.status()}; }
    projections::Projector* find(std::string_view name) override {
        return name == "orders" ? &projector : nullptr;
    }
    Result<void> pause(std::string_view) override { return {}; }
    Result<void> resume(std::string_view) override { return {}; }

    void work(int turns, std::size_t items) {
        for (int turn = 0; turn < turns; ++turn)
            ASSERT_TRUE(projector.do_work({items}));
    }

    memory::ReadModels models;
    projections::Projector projector;
};

/// Long tasks as one list, whoever carries them out.
class LongTasksSpec : public ::testing::Test {
protected:
    LongTasksSpec() {
        shop.stock_the_shelves();
        for (int n = 0; n < 20; ++n)
            shop.post("/v1/inventory/MUG/main/receipts", R"({"quantity":1,"reference":"po"})", {},
                      "r" + std::to_string(n));
        desk.work(10, 1000);
        shop.gateway().parts().projections = &desk;
    }
    Got list(std::string const& query = {}) { return shop.get("/v1/ops/operations" + query); }
    Got show(std::string const& id) { return shop.get("/v1/ops/operations/" + id); }
    Got act(std::string const& id, std::string const& action) {
        return shop.post("/v1/ops/operations/" + id + "/" + action,
                         action == "resume" ? "" : R"({"reason":"as agreed"})");
    }
    /// The id of the one of a kind that began last.
    std::string id_of(std::string const& kind) { return list("?kind=" + kind).at("data.0.id"); }
    std::string rebuild() {
        shop.clock.pass(Duration::seconds(1));
        EXPECT_EQ(shop.post("/v1/ops/projections/orders/rebuild", "").status, 202);
        desk.work(2, 2);
        return id_of("projection_rebuild");
    }
    void back_up() {
        EXPECT_EQ(shop.post("/v1/ops/store/backup", R"({"directory":"/mnt/b"})").status, 202);
        shop.log_files.standing.began_at = shop.clock.now();
        shop.log_files.standing.segments = 3;
        shop.log_files.standing.segments_done = 1;
    }
    std::size_t entries(std::string const& verb) {
        return shop.get("/v1/ops/audit?verb=" + verb).count("data");
    }
    void replay(std::string const& name) {
        auto const now = shop.clock.now();
        auto const started =
            shop.post("/v1/ops/replays", R"({"name":")" + name +
                                             R"(","archive":"ecommerce-archive","from":)" +
                                             codec::to_json(now - Duration::days(1)) + R"(,"to":)" +
                                             codec::to_json(now) + R"(,"reason":"once more"})");
        EXPECT_EQ(started.status, 202) << started.body;
    }

    ShopDoor shop;
    HandDesk desk{shop};
};

TEST_F(LongTasksSpec, a_backup_is_one_with_its_progress_and_who_asked_for_it) {
    EXPECT_EQ(list().count("data"), 0U) << list().body;
    back_up();
    auto const listed = list();
    ASSERT_EQ(listed.count("data"), 1U) << listed.body;
    auto const shown = show(listed.at("data.0.id"));
    EXPECT_EQ(shown.at("kind"), "backup") << shown.body;
    EXPECT_EQ(shown.at("state"), "running");
    EXPECT_EQ(shown.at("about"), "/mnt/b");
    EXPECT_EQ(shown.at("done"), "1");
    EXPECT_EQ(shown.at("total"), "3");
    EXPECT_EQ(shown.at("counted"), "segments");
    EXPECT_EQ(shown.at("actions.0"), "cancel");
    EXPECT_EQ(shown.count("actions"), 1U);
    EXPECT_EQ(shown.at("address"), "/v1/ops/store/backup");
    auto const who = shop.get("/v1/ops/audit?verb=back_up_store").at("data.0.actor");
    EXPECT_EQ(shown.at("asked_by"), who);
    EXPECT_NE(who, "");
    EXPECT_EQ(shown.at("started_at"), to_string(*shop.log_files.standing.began_at));
}

TEST_F(LongTasksSpec, what_is_cancelled_ends_and_is_on_record_and_is_not_ended_twice) {
    back_up();
    auto const id = id_of("backup");
    auto const cancelled = act(id, "cancel");
    EXPECT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(cancelled.at("state"), "cancelled");
    EXPECT_EQ(cancelled.count("actions"), 0U);
    auto const record = shop.get("/v1/ops/audit?verb=cancel_operation");
    EXPECT_EQ(record.at("data.0.before.about"), "/mnt/b") << record.body;
    EXPECT_EQ(record.at("data.0.reason"), "as agreed");
    auto const again = act(id, "cancel");
    EXPECT_EQ(again.status, 409) << again.body;
    EXPECT_EQ(again.at("name"), "operation_ended");
    EXPECT_EQ(act(id, "pause").at("name"), "operation_ended");
    EXPECT_EQ(entries("cancel_operation"), 1U) << "what is refused is no deed";
    EXPECT_EQ(entries("pause_operation"), 0U);
}

TEST_F(LongTasksSpec, what_a_task_does_not_know_is_refused_and_says_what_it_knows) {
    back_up();
    auto const refused = act(id_of("backup"), "pause");
    EXPECT_EQ(refused.status, 409) << refused.body;
    EXPECT_EQ(refused.at("name"), "operation_cannot");
    EXPECT_NE(refused.at("detail").find("cancel"), std::string::npos) << refused.body;
    EXPECT_EQ(shop.log_files.standing.state, BackupState::copying);
    EXPECT_EQ(entries("pause_operation"), 0U);
    EXPECT_EQ(act("opn_00000000000000000000000000", "cancel").at("name"), "unknown_operation");
    EXPECT_EQ(show("nothing").at("name"), "unknown_operation");
    auto const silent = shop.post("/v1/ops/operations/" + id_of("backup") + "/cancel", "{}");
    EXPECT_EQ(silent.at("errors.0.message"), "reason is missing") << silent.body;
}

TEST_F(LongTasksSpec, a_rebuild_stands_still_while_it_is_paused_and_goes_on_where_it_stood) {
    auto const id = rebuild();
    auto const running = show(id);
    EXPECT_EQ(running.at("state"), "running") << running.body;
    EXPECT_EQ(running.at("about"), "orders");
    EXPECT_EQ(running.at("actions.0"), "pause");
    EXPECT_EQ(running.at("actions.1"), "cancel");
    auto const paused = act(id, "pause");
    EXPECT_EQ(paused.status, 200) << paused.body;
    EXPECT_EQ(paused.at("state"), "paused");
    EXPECT_EQ(paused.at("actions.0"), "resume");
    desk.work(50, 100);
    auto const still = show(id);
    EXPECT_EQ(still.at("done"), running.at("done")) << still.body;
    EXPECT_EQ(act(id, "pause").at("state"), "paused") << "again is as once";
    EXPECT_EQ(list("?state=paused").at("data.0.id"), id);
    EXPECT_EQ(act(id, "resume").at("state"), "running");
    desk.work(50, 100);
    auto const ended = show(id);
    EXPECT_EQ(ended.at("state"), "completed") << ended.body;
    EXPECT_EQ(ended.at("done"), ended.at("total"));
    EXPECT_NE(ended.at("ended_at"), "");
    EXPECT_EQ(act(id, "resume").at("name"), "operation_ended");
    EXPECT_EQ(entries("resume_operation"), 1U);
}

TEST_F(LongTasksSpec, a_rebuild_that_is_cancelled_leaves_the_rows_as_they_were) {
    auto const before = desk.projector.status().checkpoint;
    auto const id = rebuild();
    EXPECT_EQ(act(id, "cancel").at("state"), "cancelled");
    desk.work(50, 100);
    EXPECT_EQ(show(id).at("state"), "cancelled");
    EXPECT_EQ(desk.projector.status().checkpoint.digest, before.digest);
    EXPECT_FALSE(desk.projector.status().job);
    auto const next = rebuild();
    EXPECT_NE(next, id);
    EXPECT_EQ(act(id, "cancel").at("name"), "operation_ended");
    EXPECT_EQ(show(next).at("state"), "running") << "what is said to one is not said to the next";
    desk.work(50, 100);
    EXPECT_EQ(show(id).at("name"), "unknown_operation") << "the next one has taken its place";
}

TEST_F(LongTasksSpec, a_comparison_stands_between_facts_and_is_not_paused) {
    EXPECT_EQ(shop.post("/v1/ops/projections/orders/verify", "").status, 202);
    desk.work(1, 2);
    auto const id = id_of("projection_verify");
    EXPECT_EQ(act(id, "pause").at("name"), "operation_cannot");
    EXPECT_EQ(act(id, "cancel").at("state"), "cancelled");
}

TEST_F(LongTasksSpec, the_log_is_compared_with_its_tree_and_nobody_ends_that) {
    EXPECT_EQ(shop.post("/v1/ops/audit/verify", "").status, 202);
    auto const id = id_of("audit_check");
    shop.settle();
    auto const shown = show(id);
    EXPECT_EQ(shown.at("state"), "completed") << shown.body;
    EXPECT_EQ(shown.at("done"), shown.at("total"));
    EXPECT_EQ(shown.count("actions"), 0U);
    EXPECT_EQ(act(id, "cancel").at("name"), "operation_ended");
}

TEST_F(LongTasksSpec, dead_letters_on_their_way_back_are_one_until_they_have_come) {
    using ports::QueueName;
    auto& admin = shop.queue_admin();
    ports::QueueChange change;
    change.redrive = ports::RedrivePolicy{QueueName("dead"), 1, ports::DeadLetterPolicy::skip};
    for (auto const* const name : {"dead", "work"})
        ASSERT_TRUE(admin.create(QueueName(name), ports::QueueKind::standard,
                                 name == std::string("work") ? change : ports::QueueChange(),
                                 ports::QueueOwner::caller));
    shop.settle();
    EXPECT_EQ(shop.post("/v1/ops/dlq/dead/redrives", R"({"reason":"mended"})").status, 202);
    auto const id = id_of("redrive");
    auto const shown = show(id);
    EXPECT_EQ(shown.at("about"), "dead") << shown.body;
    EXPECT_EQ(shown.at("counted"), "messages");
    EXPECT_EQ(shown.at("address"), "/v1/ops/dlq/dead/redrives");
    EXPECT_EQ(act(id, "pause").at("name"), "operation_cannot");
    auto const cancelled = act(id, "cancel");
    EXPECT_EQ(cancelled.at("state"), "cancelled") << cancelled.body;
    EXPECT_EQ(shop.get("/v1/ops/dlq/dead/redrives").at("data.0.state"), "cancelled")
        << "its owner says the same";
    EXPECT_EQ(act(id, "cancel").at("name"), "operation_ended");
}

TEST_F(LongTasksSpec, replays_are_listed_with_the_others_page_by_page_the_latest_first) {
    for (int n = 1; n <= 3; ++n) {
        replay("again-" + std::to_string(n));
        shop.clock.pass(Duration::seconds(1));
    }
    back_up();
    std::vector<std::string> seen;
    for (auto page = list("?limit=2");; page = shop.get(page.at("next"))) {
        ASSERT_EQ(page.status, 200) << page.body;
        for (std::size_t n = 0; n < page.count("data"); ++n)
            seen.push_back(page.at("data." + std::to_string(n) + ".about"));
        if (page.at("next").empty())
            break;
    }
    EXPECT_EQ(seen, (std::vector<std::string>{"/mnt/b", "again-3", "again-2", "again-1"}));
    EXPECT_EQ(list("?kind=replay").count("data"), 3U);
    EXPECT_EQ(list("?kind=backup").count("data"), 1U);
    EXPECT_EQ(list("?kind=nap").status, 400);
    auto const id = list("?kind=replay&limit=1").at("data.0.id");
    auto const cancelled = act(id, "cancel");
    EXPECT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(cancelled.at("about"), "again-3");
    EXPECT_EQ(cancelled.count("actions"), 0U);
    auto const theirs = shop.get("/v1/ops/replays/again-3").at("state");
    EXPECT_TRUE(theirs == "cancelling" || theirs == "cancelled") << theirs;
}

TEST_F(LongTasksSpec, a_shop_without_queues_has_the_rest_of_them) {
    shop.open_without_queues();
    back_up();
    EXPECT_EQ(list().count("data"), 1U) << list().body;
    EXPECT_EQ(act(id_of("backup"), "cancel").at("state"), "cancelled");
}

} // namespace
} // namespace kontor::services::gateway
