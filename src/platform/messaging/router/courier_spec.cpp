#include "platform/messaging/router/courier.hpp"

#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/router/wiring_world.hpp"
#include "platform/messaging/topics/limits.hpp"

namespace kontor::router {
namespace {

using ports::MessagingFault;

/// Endpoints by their URLs; one that says nothing keeps its calls.
struct Endpoints final : ports::WebhookSender {
    using Says = std::optional<Result<ports::WebhookAnswer>>;

    std::size_t at_once_max() const override { return web_calls_max; }
    void start(ports::WebhookCall call) override {
        heard[call.url].push_back(call);
        under_way.push_back(std::move(call));
    }
    void collect(std::vector<ports::WebhookEnded>& ended) override {
        std::erase_if(under_way, [&](ports::WebhookCall const& call) {
            auto const found = says.find(call.url);
            Says said = found == says.end() ? Says(ports::WebhookAnswer{200}) : Says(found->second);
            if (said)
                ended.push_back({call.ticket, *std::move(said)});
            return said.has_value();
        });
    }

    std::map<std::string, Says> says;
    std::map<std::string, std::vector<ports::WebhookCall>> heard;
    std::vector<ports::WebhookCall> under_way;
};

std::string header(ports::WebhookCall const& call, std::string_view name) {
    for (auto const& [each, value] : call.headers)
        if (each == name)
            return value;
    return "";
}

std::string const a_url = "https://a.example/hook";
std::string const b_url = "https://b.example/hook";

RouterOptions signed_options() {
    RouterOptions options;
    options.signing = {[](std::string_view text, std::uint32_t version) {
                           return fmt::format("{} bytes by {}", text.size(), version);
                       },
                       {"https://k.example/sns/1.pem", "https://k.example"},
                       "nobody can guess it"};
    return options;
}

struct World : Outside {
    World() : Outside(signed_options()) {
        begin();
        topic = wiring->create_topic("news", {}, {}).value();
    }
    void begin() {
        endpoints.under_way.clear();
        courier.emplace(Courier::Parts{*router, *queues, endpoints, clock});
    }
    void restart() {
        start();
        begin();
    }
    void carry() {
        clock.pass(web_looks_apart);
        for (int turn = 0; turn < 100; ++turn) {
            auto const done = courier->do_work({100});
            ASSERT_TRUE(done);
            ASSERT_TRUE(queues->do_work({100}));
            if (done->items == 0)
                return;
        }
    }
    std::string subscribe(std::string const& url, ports::NamedTexts attributes = {}) {
        auto const made = wiring->subscribe({topic, "https", url, std::move(attributes)});
        EXPECT_TRUE(made) << made.error().what;
        return made ? made->arn : "";
    }
    std::string token_of(std::string const& url) {
        auto const& body = endpoints.heard[url].back().body;
        auto const at = body.find(R"("Token":")");
        EXPECT_NE(at, std::string::npos) << body;
        return at == std::string::npos ? "" : body.substr(at + 9, 64);
    }
    std::string confirmed(std::string const& url, ports::NamedTexts attributes = {}) {
        auto arn = subscribe(url, std::move(attributes));
        carry();
        EXPECT_TRUE(wiring->confirm_subscription(topic, token_of(url)));
        endpoints.heard.clear();
        carry();
        return arn;
    }
    void publish(std::string const& body) {
        ports::TopicMessage message;
        message.body = body;
        message.attributes = {{"k", "String", "v"}};
        auto const published = wiring->publish(topic, std::span(&message, 1));
        ASSERT_TRUE(published && published->front());
    }
    std::size_t heard(std::string const& url) { return endpoints.heard[url].size(); }
    std::string state_of(std::string const& arn) {
        auto const found = wiring->get_subscription_attributes(arn);
        return found ? found->at("PendingConfirmation") : "gone";
    }

    Endpoints endpoints;
    std::optional<Courier> courier;
    std::string topic;
};

TEST(Courier, an_endpoint_is_asked_and_gets_nothing_before_it_said_yes) {
    World world;
    auto const arn = world.subscribe(a_url);
    world.publish("too early");
    world.carry();
    ASSERT_EQ(world.heard(a_url), 1U);
    auto const& asked = world.endpoints.heard[a_url].front();
    EXPECT_EQ(header(asked, "x-amz-sns-message-type"), "SubscriptionConfirmation");
    EXPECT_EQ(header(asked, "x-amz-sns-topic-arn"), world.topic);
    EXPECT_EQ(header(asked, "content-type"), "text/plain; charset=UTF-8");
    EXPECT_NE(asked.body.find(header(asked, "x-amz-sns-message-id")), std::string::npos);
    EXPECT_NE(asked.body.find(R"("SubscribeURL":"https://k.example/?Action=ConfirmSubscription)"),
              std::string::npos);
    EXPECT_EQ(world.fault_of(world.wiring->confirm_subscription(world.topic, "guessed")),
              MessagingFault::invalid);
    EXPECT_EQ(world.state_of(arn), "true");
    ASSERT_TRUE(world.wiring->confirm_subscription(world.topic, world.token_of(a_url)));
    EXPECT_EQ(world.state_of(arn), "false");
    world.publish("now");
    world.carry();
    ASSERT_EQ(world.heard(a_url), 2U);
    auto const& told = world.endpoints.heard[a_url].back();
    EXPECT_EQ(header(told, "x-amz-sns-message-type"), "Notification");
    EXPECT_EQ(header(told, "x-amz-sns-subscription-arn"), arn);
    EXPECT_NE(told.body.find(R"("Message":"now")"), std::string::npos);
    EXPECT_NE(told.body.find(R"("SigningCertURL":"https://k.example/sns/1.pem")"),
              std::string::npos);
    EXPECT_NE(told.body.find(R"( bytes by 2")"), std::string::npos);
    EXPECT_NE(told.body.find(R"("MessageAttributes":{"k":)"), std::string::npos);
    EXPECT_EQ(world.courier->counts().delivered, 2U);
}

TEST(Courier, who_said_yes_need_not_say_it_again_after_a_crash) {
    World world;
    auto const a = world.confirmed(a_url);
    auto const b = world.subscribe(b_url);
    world.restart();
    EXPECT_EQ(world.state_of(a), "false");
    EXPECT_EQ(world.state_of(b), "true");
    world.publish("x");
    world.carry();
    EXPECT_EQ(world.heard(a_url), 1U);
    ASSERT_EQ(world.heard(b_url), 1U);
    EXPECT_TRUE(world.wiring->confirm_subscription(world.topic, world.token_of(b_url)));
    world.restart();
    EXPECT_EQ(world.state_of(b), "false");
}

TEST(Courier, what_was_accepted_and_not_taken_comes_again_after_a_crash) {
    World world;
    static_cast<void>(world.confirmed(a_url));
    world.endpoints.says[a_url] = std::nullopt;
    world.publish("x");
    world.carry();
    ASSERT_EQ(world.heard(a_url), 1U);
    world.restart();
    world.endpoints.says.clear();
    world.carry();
    EXPECT_EQ(world.heard(a_url), 2U);
    world.restart();
    world.carry();
    EXPECT_EQ(world.heard(a_url), 2U) << "it was taken";
}

TEST(Courier, what_is_not_in_the_log_for_good_nobody_hears) {
    World world;
    auto const arn = world.confirmed(a_url);
    ports::OutgoingMessage message;
    message.body = "decided, and not written";
    ASSERT_TRUE(world.queues->queue().send(web_queue_of(arn), ports::SenderId(topic_sender),
                                           std::span(&message, 1)));
    for (int turn = 0; turn < 5; ++turn)
        ASSERT_TRUE(world.courier->do_work({100}));
    EXPECT_EQ(world.heard(a_url), 0U);
    world.carry();
    world.carry();
    EXPECT_EQ(world.heard(a_url), 1U);
}

TEST(Courier, the_token_of_a_question_lies_in_no_queue_and_is_the_same_each_time) {
    World world;
    auto const arn = world.subscribe(a_url);
    auto const seen = world.queues->letters().peek(
        web_queue_of(arn), {ports::SequenceNumber(0), 10, ports::PeekAt::contents});
    ASSERT_TRUE(seen && seen->messages.size() == 1);
    world.endpoints.says[a_url] = Result<ports::WebhookAnswer>(ports::WebhookAnswer{503});
    world.carry();
    world.restart();
    world.clock.pass(Duration::hours(24));
    world.carry();
    ASSERT_EQ(world.heard(a_url), 2U);
    EXPECT_EQ(world.endpoints.heard[a_url][0].body, world.endpoints.heard[a_url][1].body);
    auto const token = world.token_of(a_url);
    EXPECT_EQ(seen->messages[0].message.body.find(token), std::string::npos);
    EXPECT_EQ(seen->messages[0].message.body.find("Token"), std::string::npos);
    EXPECT_TRUE(world.wiring->confirm_subscription(world.topic, token));
}

TEST(Courier, raw_an_endpoint_gets_the_message_alone) {
    World world;
    static_cast<void>(world.confirmed(a_url, {{"RawMessageDelivery", "true"}}));
    world.publish("bare");
    world.carry();
    ASSERT_EQ(world.heard(a_url), 1U);
    auto const& told = world.endpoints.heard[a_url].front();
    EXPECT_EQ(told.body, "bare");
    EXPECT_EQ(header(told, "x-amz-sns-rawdelivery"), "true");
    EXPECT_EQ(header(told, "k"), "");
}

TEST(Courier, a_passing_fault_is_tried_again_as_the_policy_says_and_then_a_dead_letter) {
    World world;
    world.make_queue("mine-dead");
    static_cast<void>(world.confirmed(
        a_url,
        {{"DeliveryPolicy",
          R"({"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":5,"numRetries":2}})"},
         {"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("sqs", "mine-dead") + "\"}"}}));
    world.endpoints.says[a_url] = Result<ports::WebhookAnswer>(ports::WebhookAnswer{503});
    world.publish("x");
    world.carry();
    EXPECT_EQ(world.heard(a_url), 1U);
    world.carry();
    EXPECT_EQ(world.heard(a_url), 1U) << "5 s have not passed";
    for (int turn = 0; turn < 4; ++turn) {
        world.clock.pass(Duration::seconds(5));
        world.carry();
    }
    EXPECT_EQ(world.heard(a_url), 3U);
    auto const dead = world.receive("mine-dead");
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_EQ(dead[0].body, world.endpoints.heard[a_url].back().body);
    EXPECT_EQ(world.courier->counts().failed, 2U);
    EXPECT_EQ(world.courier->counts().given_up, 1U);
}

TEST(Courier, an_answer_that_says_no_for_good_is_the_last) {
    for (auto const status : std::initializer_list<std::uint16_t>{301, 404, 410}) {
        World world;
        world.make_queue("mine-dead");
        static_cast<void>(world.confirmed(
            a_url,
            {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("sqs", "mine-dead") + "\"}"}}));
        world.endpoints.says[a_url] = Result<ports::WebhookAnswer>(ports::WebhookAnswer{status});
        world.publish("x");
        world.carry();
        world.clock.pass(Duration::minutes(5));
        world.carry();
        EXPECT_EQ(world.heard(a_url), 1U) << status;
        EXPECT_EQ(world.bodies("mine-dead").size(), 1U) << status;
    }
}

TEST(Courier, an_endpoint_that_says_nothing_delays_no_other) {
    World world;
    static_cast<void>(world.confirmed(a_url));
    static_cast<void>(world.confirmed(b_url));
    world.endpoints.says[a_url] = std::nullopt;
    for (int i = 0; i < 50; ++i)
        world.publish("x");
    world.carry();
    EXPECT_EQ(world.heard(a_url), web_calls_of_subscription_max);
    EXPECT_EQ(world.heard(b_url), 50U);
}

TEST(Courier, who_was_unsubscribed_gets_nothing_more) {
    World world;
    auto const arn = world.confirmed(a_url);
    world.endpoints.says[a_url] = std::nullopt;
    for (int i = 0; i < 10; ++i)
        world.publish("x");
    world.carry();
    auto const before = world.heard(a_url);
    ASSERT_TRUE(world.wiring->unsubscribe(arn));
    world.endpoints.says.clear();
    world.carry();
    world.carry();
    EXPECT_EQ(world.heard(a_url), before);
    EXPECT_EQ(world.courier->lanes(), 0U);
    EXPECT_FALSE(world.queues->admin().find(web_queue_of(arn)));
}

TEST(Courier, who_does_not_say_yes_while_the_token_lives_is_taken_off) {
    World world;
    auto const arn = world.subscribe(a_url);
    world.carry();
    auto const token = world.token_of(a_url);
    world.clock.pass(topics::token_life + Duration::seconds(1));
    EXPECT_EQ(world.fault_of(world.wiring->confirm_subscription(world.topic, token)),
              MessagingFault::invalid);
    world.carry();
    EXPECT_EQ(world.state_of(arn), "gone");
    world.restart();
    EXPECT_EQ(world.state_of(arn), "gone");
    world.carry();
    EXPECT_FALSE(world.queues->admin().find(web_queue_of(arn)));
}

TEST(Courier, what_others_put_into_the_queue_of_a_subscription_goes_nowhere) {
    World world;
    auto const arn = world.confirmed(a_url);
    ports::OutgoingMessage const forged{.body = "forged"};
    ASSERT_TRUE(world.queues->queue().send(web_queue_of(arn), ports::SenderId("AKID"),
                                           std::span(&forged, 1)));
    world.carry();
    EXPECT_EQ(world.heard(a_url), 0U);
}

TEST(Courier, whom_nobody_may_call_nobody_may_subscribe) {
    World world;
    for (auto const* const url : {"https://127.0.0.1/", "https://10.0.0.1/", "https://localhost/",
                                  "https://user@a.example/", "https://a.example/#x"})
        EXPECT_EQ(world.fault_of(world.wiring->subscribe({world.topic, "https", url})),
                  MessagingFault::invalid)
            << url;
    EXPECT_EQ(world.fault_of(world.wiring->subscribe({world.topic, "http", "http://a.example/"})),
              MessagingFault::invalid);
    EXPECT_EQ(world.fault_of(world.wiring->subscribe({world.topic, "email", "a@example.org"})),
              MessagingFault::unsupported);
    EXPECT_TRUE(world.wiring->list_subscriptions(world.topic, {})->items.empty());
}

TEST(Courier, there_are_so_many_endpoints_and_no_more) {
    World world;
    for (std::size_t i = 0; i < web_subscriptions_max; ++i)
        static_cast<void>(world.subscribe(fmt::format("https://a.example/{}", i)));
    EXPECT_EQ(world.fault_of(world.wiring->subscribe({world.topic, "https", b_url})),
              MessagingFault::limit_exceeded);
    EXPECT_TRUE(world.wiring->subscribe({world.topic, "https", "https://a.example/1"}));
    EXPECT_EQ(world.router->office().topics().web_subscriptions().size(), web_subscriptions_max);
}

TEST(Courier, what_waits_for_one_endpoint_has_an_end) {
    World world;
    world.make_queue("mine-dead");
    auto const arn_of_a = world.confirmed(
        a_url,
        {{"RedrivePolicy", R"({"deadLetterTargetArn":")" + arn("sqs", "mine-dead") + "\"}"}});
    std::vector<ports::OutgoingMessage> const more(ports::queue_entries_max, {.body = "x"});
    for (std::uint64_t sent = 0; sent < web_waiting_max; sent += more.size()) {
        ASSERT_TRUE(
            world.queues->queue().send(web_queue_of(arn_of_a), ports::SenderId("sns"), more));
        ASSERT_TRUE(world.queues->do_work({100}));
    }
    world.publish("one too many");
    auto const dead = world.receive("mine-dead");
    ASSERT_EQ(dead.size(), 1U);
    EXPECT_NE(dead[0].body.find(R"("Message":"one too many")"), std::string::npos);
}

} // namespace
} // namespace kontor::router
