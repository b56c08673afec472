#include "tests/gateway/shop_door.hpp"

#include <gtest/gtest.h>

namespace kontor::services::gateway {
namespace {

/// Queues, as operators use them.
class QueuesSpec : public ::testing::Test {
protected:
    QueuesSpec() {
        make("dead-letter");
        ports::QueueChange change;
        change.redrive =
            ports::RedrivePolicy{ports::QueueName("dead-letter"), 1, ports::DeadLetterPolicy::skip};
        make("notifications", change);
        make("work.fifo");
        shop.settle();
    }
    void make(std::string_view name, ports::QueueChange const& change = {}) {
        auto const kind =
            name.ends_with(".fifo") ? ports::QueueKind::fifo : ports::QueueKind::standard;
        EXPECT_TRUE(shop.queue_admin().create(ports::QueueName(name), kind, change,
                                              ports::QueueOwner::caller));
    }
    Ticket start(std::string path, std::string body) {
        return shop.start({Method::post, "/v1/ops/" + path, std::move(body), shop.all});
    }
    std::optional<Got> wait_for(Ticket ticket) {
        for (int round = 0; round < 20; ++round) {
            shop.live(Duration::milliseconds(3));
            if (auto got = shop.collected(ticket))
                return got;
        }
        return std::nullopt;
    }
    Got post(std::string path, std::string body) {
        auto const got = wait_for(start(std::move(path), std::move(body)));
        EXPECT_TRUE(got) << "nobody answers";
        return got.value_or(Got{});
    }
    Got send(std::string const& queue, std::string const& body) {
        return post("queues/" + queue + "/messages", R"({"body":")" + body + R"("})");
    }
    /// Receives all that is there, and gives each up at once.
    void give_up(std::string_view queue, std::string const& cause) {
        ports::QueueName const name(queue);
        auto const received = shop.queue().receive(name, {100, {}, {}});
        ASSERT_TRUE(received);
        for (auto const& message : received->messages) {
            std::vector const one{ports::Settlement{message.receipt, ports::Ending::dead, cause}};
            ASSERT_TRUE(shop.queue().settle(name, one));
        }
        shop.settle();
    }
    void bury(std::vector<std::string> const& bodies, std::string const& cause = "") {
        for (auto const& body : bodies)
            send("notifications", body);
        give_up("notifications", cause);
    }
    Got show(std::string const& queue) { return shop.get("/v1/ops/queues/" + queue); }

    ShopDoor shop;
};

TEST_F(QueuesSpec, a_paused_queue_takes_and_gives_nothing_until_it_is_resumed) {
    auto const name = ports::QueueName("notifications");
    auto const paused = post("queues/notifications/pause", R"({"reason":"its reader moves"})");
    ASSERT_EQ(paused.status, 200) << paused.body;
    EXPECT_NE(paused.at("paused_at"), "");
    EXPECT_EQ(send("notifications", "hello").status, 202);
    EXPECT_TRUE(shop.queue().receive(name, {1, {}, {}})->messages.empty());
    EXPECT_EQ(show("notifications").at("waiting"), "1");
    EXPECT_EQ(shop.get("/v1/ops/queues").at("data.1.paused_at"), paused.at("paused_at"));
    EXPECT_EQ(post("queues/notifications/pause", R"({"reason":"again"})").status, 200);
    auto const resumed = post("queues/notifications/resume", R"({"reason":"it is there"})");
    EXPECT_EQ(resumed.at("paused_at"), "") << resumed.body;
    EXPECT_EQ(shop.queue().receive(name, {1, {}, {}})->messages.size(), 1U);
    auto const audit = shop.get("/v1/ops/audit?verb=pause_queue");
    ASSERT_EQ(audit.count("data"), 1U) << "what stands already is no deed";
    EXPECT_EQ(audit.at("data.0.reason"), "its reader moves");
    EXPECT_EQ(audit.at("data.0.before.paused_at"), "");
    EXPECT_NE(audit.at("data.0.after.paused_at"), "");
    EXPECT_EQ(shop.get("/v1/ops/audit?verb=resume_queue").count("data"), 1U);
    EXPECT_EQ(post("queues/other/pause", R"({"reason":"a test"})").at("name"), "unknown_queue");
    EXPECT_EQ(post("queues/notifications/pause", "{}").status, 422) << "why is wanted";
}

TEST_F(QueuesSpec, a_pause_is_answered_when_it_is_durable_and_outlives_the_process) {
    shop.write_queues(false);
    auto const ticket = start("queues/notifications/pause", R"({"reason":"its reader moves"})");
    shop.live(Duration::milliseconds(50));
    EXPECT_FALSE(shop.collected(ticket)) << "it is not in the log yet";
    shop.write_queues(true);
    ASSERT_TRUE(wait_for(ticket));
    shop.crash();
    EXPECT_NE(show("notifications").at("paused_at"), "");
}

TEST_F(QueuesSpec, what_is_sent_is_in_the_queue) {
    auto const sent = send("notifications", "hello");
    EXPECT_EQ(sent.status, 202) << sent.body;
    EXPECT_EQ(sent.at("message_id").size(), 36U);
    EXPECT_EQ(show("notifications").at("waiting"), "1");
    auto const got =
        shop.queue().receive(ports::QueueName("notifications"), {1, {}, {}}).value().messages.at(0);
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(got.sender.view(), "operator");
    EXPECT_EQ(show("notifications").at("in_flight"), "1");
    EXPECT_EQ(shop.get("/v1/ops/audit").at("data.0.verb"), "send_to_queue");
    EXPECT_EQ(shop.get("/v1/ops/audit").body.find("hello"), std::string::npos)
        << "what a message says is no business of the record";
}

TEST_F(QueuesSpec, an_answer_waits_until_the_message_is_durable) {
    shop.write_queues(false);
    auto const ticket = start("queues/notifications/messages", R"({"body":"hello"})");
    EXPECT_FALSE(wait_for(ticket)) << "it was answered before it was written";
    shop.write_queues(true);
    auto const got = wait_for(ticket);
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 202) << got->body;
    shop.crash();
    EXPECT_EQ(show("notifications").at("waiting"), "1");
}

TEST_F(QueuesSpec, a_fifo_message_belongs_to_a_group) {
    EXPECT_EQ(send("work.fifo", "x").status, 422);
    EXPECT_EQ(send("work.fifo", "x").at("name"), "group_required");
    auto const body = R"({"body":"x","group":"g","dedup":"1"})";
    auto const first = post("queues/work.fifo/messages", body);
    EXPECT_EQ(first.status, 202) << first.body;
    auto const again = post("queues/work.fifo/messages", body);
    EXPECT_EQ(again.at("is_duplicate"), "true");
    EXPECT_EQ(again.at("message_id"), first.at("message_id"));
    EXPECT_EQ(show("work.fifo").at("waiting"), "1");
}

TEST_F(QueuesSpec, who_purges_a_queue_says_its_name_and_why_and_once_a_minute) {
    send("notifications", "hello");
    auto const path = "queues/notifications/purge";
    EXPECT_EQ(post(path, R"({"confirm":"other","reason":"a test"})").status, 422);
    EXPECT_EQ(post(path, R"({"confirm":"notifications"})").status, 422);
    EXPECT_EQ(show("notifications").at("waiting"), "1");
    auto const purged = post(path, R"({"confirm":"notifications","reason":"a test"})");
    EXPECT_EQ(purged.status, 202) << purged.body;
    EXPECT_EQ(show("notifications").at("purged"), "1");
    auto const again = post(path, R"({"confirm":"notifications","reason":"a test"})");
    EXPECT_EQ(again.at("name"), "purge_in_progress") << again.body;
}

TEST_F(QueuesSpec, dead_letters_go_back_to_where_they_came_from) {
    bury({"hello"});
    EXPECT_EQ(show("dead-letter").at("waiting"), "1");
    auto const path = "dlq/dead-letter/redrives";
    auto const moved = post(path, R"({"reason":"mended"})");
    EXPECT_EQ(moved.status, 202) << moved.body;
    EXPECT_EQ(moved.at("rate"), "10");
    EXPECT_EQ(moved.at("state"), "running");
    shop.live(Duration::seconds(9));
    EXPECT_EQ(show("dead-letter").at("waiting"), "1") << "it may still be taken back";
    shop.live(Duration::seconds(2));
    EXPECT_EQ(show("dead-letter").at("waiting"), "0");
    EXPECT_EQ(show("notifications").at("waiting"), "1");
    auto const list = shop.get("/v1/ops/dlq/dead-letter/redrives");
    EXPECT_EQ(list.at("data.0.state"), "completed") << list.body;
    EXPECT_EQ(list.at("data.0.moved"), "1");
    auto const wrong = post("dlq/notifications/redrives", R"({"reason":"mended"})");
    EXPECT_EQ(wrong.at("name"), "queue_refused") << wrong.body;
    EXPECT_EQ(post(path, R"({"rate":501,"reason":"mended"})").status, 422);
    EXPECT_EQ(post(path, "{}").status, 422) << "nobody says why";
}

TEST_F(QueuesSpec, a_redrive_can_be_taken_back_before_it_begins) {
    bury({"hello"});
    auto const cancel = "dlq/dead-letter/redrives/cancel";
    auto const because = R"({"reason":"they fail again"})";
    EXPECT_EQ(post(cancel, because).at("name"), "no_redrive_runs");
    post("dlq/dead-letter/redrives", R"({"reason":"mended"})");
    auto const ended = post(cancel, because);
    EXPECT_EQ(ended.status, 202) << ended.body;
    EXPECT_EQ(ended.at("state"), "cancelled");
    shop.live(Duration::seconds(15));
    EXPECT_EQ(show("dead-letter").at("waiting"), "1") << "it goes on";
    EXPECT_EQ(post(cancel, because).at("name"), "no_redrive_runs");
}

TEST_F(QueuesSpec, causes_are_groups_with_a_sample) {
    bury({"a", "b"}, "no such order: ord_17");
    bury({"c"}, "the card was refused");
    auto const causes = shop.get("/v1/ops/dlq/dead-letter/causes");
    ASSERT_EQ(causes.status, 200) << causes.body;
    ASSERT_EQ(causes.count("data"), 2U) << causes.body;
    EXPECT_EQ(causes.at("data.0.count"), "2");
    EXPECT_EQ(causes.at("data.0.source"), "notifications");
    EXPECT_EQ(causes.at("data.0.words"), "no such order: #");
    EXPECT_EQ(causes.at("data.0.said"), "no such order: ord_17");
    EXPECT_EQ(causes.at("data.0.sample"), "2");
    EXPECT_EQ(causes.at("has_more"), "false");
    auto const those =
        shop.get("/v1/ops/queues/dead-letter/messages?cause=" + causes.at("data.1.id"));
    ASSERT_EQ(those.count("data"), 1U) << those.body;
    EXPECT_EQ(those.at("data.0.body"), "c");
    EXPECT_EQ(those.at("data.0.cause"), "the card was refused");
    auto const none = shop.get("/v1/ops/queues/dead-letter/messages?cause=0000000000000000");
    EXPECT_EQ(none.count("data"), 0U);
}

TEST_F(QueuesSpec, a_letter_is_shown_whole_and_received_by_nobody) {
    ports::OutgoingMessage message{
        .body = std::string(500, 'x'),
        .attributes = {{"kind", "String", "notice"}, {"raw", "Binary", "\x01\xff"}},
        .trace_header = "Root=1-2"};
    std::vector const one{message};
    auto const sent =
        shop.queue().send(ports::QueueName("notifications"), ports::SenderId("spec"), one);
    auto const id = ports::uuid_text(sent->entries.at(0)->id.value());
    give_up("notifications", "no such order");
    auto const letter = shop.get("/v1/ops/queues/dead-letter/messages/1");
    ASSERT_EQ(letter.status, 200) << letter.body;
    EXPECT_EQ(letter.at("message_id"), id);
    EXPECT_EQ(letter.at("source"), "notifications");
    EXPECT_EQ(letter.at("death"), "refused");
    EXPECT_EQ(letter.at("attempts"), "1");
    EXPECT_EQ(letter.at("cause"), "no such order");
    EXPECT_EQ(letter.at("state"), "waiting");
    EXPECT_EQ(letter.at("receives"), "0");
    EXPECT_EQ(letter.at("body").size(), 500U);
    EXPECT_EQ(letter.at("attributes.0.value"), "notice");
    EXPECT_EQ(letter.at("attributes.1.value"), "Af8=");
    EXPECT_EQ(letter.at("trace"), "Root=1-2");
    auto const list = shop.get("/v1/ops/queues/dead-letter/messages");
    EXPECT_EQ(list.at("data.0.body").size(), 200U);
    EXPECT_EQ(list.at("data.0.bytes"), "500");
    EXPECT_EQ(show("dead-letter").at("receives"), "0");
    EXPECT_EQ(shop.get("/v1/ops/queues/dead-letter/messages/2").at("name"), "no_such_letter");
    EXPECT_EQ(shop.get("/v1/ops/queues/dead-letter/messages/x").status, 404);
}

TEST_F(QueuesSpec, letters_have_pages) {
    bury({"a", "b", "c"});
    auto const first = shop.get("/v1/ops/queues/dead-letter/messages?limit=2");
    ASSERT_EQ(first.count("data"), 2U) << first.body;
    EXPECT_EQ(first.at("has_more"), "true");
    auto const rest = shop.get(first.at("next"));
    ASSERT_EQ(rest.count("data"), 1U) << rest.body;
    EXPECT_EQ(rest.at("data.0.body"), "c");
    EXPECT_EQ(rest.at("has_more"), "false");
}

TEST_F(QueuesSpec, who_discards_letters_says_which_and_why_and_it_is_written_down) {
    bury({"a", "b", "c"});
    auto const path = "dlq/dead-letter/discards";
    EXPECT_EQ(post(path, R"({"messages":[1]})").status, 422) << "nobody says why";
    EXPECT_EQ(post(path, R"({"reason":"a test"})").status, 422) << "nobody says which";
    EXPECT_EQ(post(path, R"({"reason":"a test","cause":"0000000000000000"})").at("name"),
              "no_such_letter");
    EXPECT_EQ(show("dead-letter").at("waiting"), "3");
    shop.queue().receive(ports::QueueName("dead-letter"), {1, {}, {}}).value();
    auto const gone = post(path, R"({"messages":[1,2,9],"reason":"the order is cancelled"})");
    ASSERT_EQ(gone.status, 200) << gone.body;
    EXPECT_EQ(gone.at("discarded"), "1");
    EXPECT_EQ(gone.at("in_flight"), "1");
    EXPECT_EQ(gone.at("gone_before"), "1");
    EXPECT_EQ(show("dead-letter").at("waiting"), "1");
    auto const audit = shop.get("/v1/ops/audit?verb=discard_letters");
    EXPECT_EQ(audit.at("data.0.reason"), "the order is cancelled") << audit.body;
    EXPECT_EQ(
        post("dlq/notifications/discards", R"({"messages":[1],"reason":"a test"})").at("name"),
        "queue_refused");
}

TEST_F(QueuesSpec, an_edited_copy_takes_the_place_of_a_letter_once) {
    bury({"a"}, "a typo");
    auto const path = "dlq/dead-letter/messages/1/retry";
    EXPECT_EQ(post(path, R"({"body":"A"})").status, 422) << "nobody says why";
    auto const done = post(path, R"({"body":"A","reason":"a typo"})");
    ASSERT_EQ(done.status, 202) << done.body;
    EXPECT_EQ(done.at("target"), "notifications");
    EXPECT_TRUE(done.at("dedup_id").ends_with("~1")) << done.body;
    EXPECT_EQ(post(path, R"({"body":"A","reason":"a typo"})").at("name"), "no_such_letter");
    EXPECT_EQ(show("dead-letter").at("waiting"), "0");
    auto const copies = shop.get("/v1/ops/queues/notifications/messages");
    ASSERT_EQ(copies.count("data"), 1U) << copies.body;
    EXPECT_EQ(copies.at("data.0.body"), "A");
    EXPECT_EQ(copies.at("data.0.message_id"), done.at("message_id"));
    auto const audit = shop.get("/v1/ops/audit?verb=retry_letter");
    EXPECT_EQ(audit.count("data"), 1U) << audit.body;
}

TEST_F(QueuesSpec, a_redrive_by_cause_takes_only_those) {
    bury({"a", "b"}, "the provider is away");
    bury({"c"}, "no such order");
    auto const causes = shop.get("/v1/ops/dlq/dead-letter/causes");
    auto const moved = post("dlq/dead-letter/redrives", R"({"reason":"it is back","cause":")" +
                                                            causes.at("data.0.id") + R"("})");
    ASSERT_EQ(moved.status, 202) << moved.body;
    EXPECT_EQ(moved.at("to_move"), "2");
    shop.live(Duration::seconds(11));
    EXPECT_EQ(show("notifications").at("waiting"), "2");
    auto const left = shop.get("/v1/ops/queues/dead-letter/messages");
    ASSERT_EQ(left.count("data"), 1U) << left.body;
    EXPECT_EQ(left.at("data.0.body"), "c");
}

TEST_F(QueuesSpec, where_there_are_no_queues_it_is_said_how_to_have_some) {
    shop.open_without_queues();
    auto const got = shop.get("/v1/ops/queues");
    EXPECT_EQ(got.at("name"), "queues_off");
    EXPECT_EQ(got.status, 501);
}

TEST_F(QueuesSpec, a_list_has_pages) {
    for (int n = 0; n < 5; ++n)
        make("many-" + std::to_string(n));
    auto const first = shop.get("/v1/ops/queues?prefix=many-&limit=3");
    ASSERT_EQ(first.count("data"), 3U) << first.body;
    EXPECT_EQ(first.at("has_more"), "true");
    auto const rest = shop.get(first.at("next"));
    ASSERT_EQ(rest.count("data"), 2U) << rest.body;
    EXPECT_EQ(rest.at("data.1.name"), "many-4");
    EXPECT_EQ(rest.at("has_more"), "false");
}

TEST_F(QueuesSpec, what_is_no_queue_is_said_to_be_none) {
    EXPECT_EQ(show("nobody").at("name"), "unknown_queue");
    EXPECT_EQ(show(std::string(81, 'x')).status, 404);
    EXPECT_EQ(send("nobody", "x").status, 404);
}

} // namespace
} // namespace kontor::services::gateway
