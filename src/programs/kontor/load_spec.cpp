#include "programs/kontor/load_report.hpp"

#include "adapters/http/edge.hpp"
#include "programs/kontor/plot.hpp"
#include "runtime/system_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace kontor::programs {
namespace {

/// A shop that answers each look with 200 and each order with what it was told to; of a batch it
/// refuses the last order.
class Till final : public services::Exchange {
public:
    void start(services::Ticket ticket, services::Request const& request) override {
        auto const status =
            request.method == services::Method::post ? order_status : std::uint16_t{200};
        services::Reply reply{status};
        if (request.path == "/v1/orders/batch" && status < 500) {
            reply.status = 207;
            reply.body = results_for(request.body);
        }
        answers_.push_back({ticket, std::move(reply)});
    }
    void collect(std::vector<services::Answered>& answers) override { answers.swap(answers_); }
    void abandon(services::Ticket) override {}

    std::uint16_t order_status{201};
    std::vector<std::size_t> batches{}; ///< how many orders each had

private:
    std::string results_for(std::string_view body) {
        std::size_t orders = 0;
        for (auto at = body.find("idempotency_key"); at != std::string_view::npos;
             at = body.find("idempotency_key", at + 1))
            ++orders;
        batches.push_back(orders);
        std::string results = R"({"results":[)";
        for (std::size_t n = 1; n < orders; ++n)
            results += R"({"status":201,"location":"/v1/orders/ord_1","version":1},)";
        return results + R"({"status":503,"problem":{"type":"/problems/E5002","status":503}}]})";
    }

    std::vector<services::Answered> answers_;
};

class LoadSpec : public ::testing::Test {
protected:
    std::unique_ptr<LoadLevel> run(LoadPlan const& plan, std::string const& basket = "{}") {
        http::EdgeOptions options;
        options.listeners = {{services::Listener::shop}};
        auto edge = *http::Edge::open(options, till, clock);
        std::thread serving([&] { EXPECT_TRUE(edge->run()); });
        auto const port = edge->port(services::Listener::shop);
        LoadScript const script{"localhost", "ktk_x", "a", {"/v1/products/A"}, {basket}};
        auto const swarm = *swarm::Swarm::open({"127.0.0.1", port, 4, plan.batch > 1}, clock);
        auto level = LoadRun(script, clock, *swarm, Random(7)).run(plan);
        edge->stop();
        serving.join();
        EXPECT_TRUE(level);
        return *std::move(level);
    }
    static LoadPlan plan_of(LoadMix mix) {
        return {500, Duration::milliseconds(20), Duration::milliseconds(200), mix};
    }

    Till till;
    SystemClock clock;
};

TEST_F(LoadSpec, every_call_that_counts_is_answered_and_counted_once) {
    auto const level = run(plan_of(LoadMix::shop));
    EXPECT_GT(level->asked, 0u);
    EXPECT_EQ(level->all.total(), level->asked);
    EXPECT_EQ(level->failures(), 0u);
    std::uint64_t in_seconds = 0;
    for (auto const& second : level->seconds)
        in_seconds += second.answers;
    EXPECT_EQ(in_seconds, level->asked);
    EXPECT_EQ(level->by_kind[0].total() + level->by_kind[1].total(), level->asked);
    EXPECT_GT(level->by_kind[0].total(), level->by_kind[1].total()) << "four looks to an order";
}

TEST_F(LoadSpec, an_answer_of_5xx_is_a_failure_and_a_refusal_is_none) {
    till.order_status = 503;
    auto const failing = run(plan_of(LoadMix::orders));
    EXPECT_EQ(failing->failures(), failing->asked);
    till.order_status = 429;
    EXPECT_EQ(run(plan_of(LoadMix::orders))->failures(), 0u);
}

TEST_F(LoadSpec, each_order_of_a_batch_counts_with_the_status_of_its_own) {
    auto plan = plan_of(LoadMix::orders);
    plan.batch = 10;
    plan.batched_percent = 100;
    plan.warm_up = {};
    auto const level = run(plan, R"({"lines":[]})");
    auto const requests = till.batches.size();
    EXPECT_GT(requests, 3u);
    for (auto const orders : till.batches)
        EXPECT_EQ(orders, 10u);
    EXPECT_EQ(level->asked, requests);
    EXPECT_EQ(level->all.total(), requests);
    EXPECT_EQ(level->answered, requests * 10);
    EXPECT_EQ(level->accepted(), requests * 9);
    EXPECT_EQ(level->failures(), requests) << "one order of each was refused by a full shop";
    EXPECT_EQ(level->seconds[0].failures, requests);
}

TEST_F(LoadSpec, a_batch_that_fails_as_a_whole_fails_each_of_its_orders) {
    till.order_status = 503;
    auto plan = plan_of(LoadMix::orders);
    plan.batch = 10;
    plan.batched_percent = 100;
    auto const level = run(plan, R"({"lines":[]})");
    EXPECT_EQ(level->failures(), level->asked * 10);
    EXPECT_EQ(level->accepted(), 0u);
}

TEST_F(LoadSpec, a_batch_that_no_connection_takes_at_once_arrives_whole) {
    auto plan = plan_of(LoadMix::orders);
    plan.batch = 100;
    plan.batched_percent = 100;
    plan.rate = 4000;
    plan.warm_up = {};
    auto const level = run(plan, R"({"text":")" + std::string(10'000, 'x') + R"("})");
    EXPECT_EQ(level->answered, till.batches.size() * 100);
    EXPECT_EQ(level->accepted(), till.batches.size() * 99);
}

TEST(LoadDraw, orders_and_looks_come_as_often_as_asked_however_many_a_request_carries) {
    for (auto const mix : {LoadMix::orders, LoadMix::browse, LoadMix::shop})
        for (std::size_t const batch : {1U, 2U, 256U})
            for (std::uint32_t const percent : {0U, 35U, 100U}) {
                LoadPlan const plan{1000, {}, Duration::seconds(1), mix, batch, percent};
                auto const draw = draw_of(plan);
                auto const orders = static_cast<double>(draw.orders + draw.batches * batch);
                auto const looks = static_cast<double>(draw.looks);
                EXPECT_EQ(draw.sides, draw.looks + draw.orders + draw.batches);
                auto const a_second =
                    draw.requests_per_second / static_cast<double>(draw.sides) * (orders + looks);
                EXPECT_NEAR(a_second, plan.rate, 1e-6);
                auto const share = orders / (orders + looks);
                EXPECT_NEAR(share,
                            mix == LoadMix::orders ? 1
                            : mix == LoadMix::shop ? 0.2
                                                   : 0,
                            1e-9);
                if (orders > 0) {
                    EXPECT_NEAR(static_cast<double>(draw.batches * batch) / orders, percent / 100.0,
                                1e-9);
                }
            }
}

TEST_F(LoadSpec, a_run_whose_calls_left_late_is_void) {
    LoadLevel level;
    level.asked = 2000;
    level.late = 2;
    EXPECT_FALSE(level.is_void());
    level.late = 3;
    EXPECT_TRUE(level.is_void());
}

TEST_F(LoadSpec, the_report_shows_each_level_as_object_row_and_line) {
    LoadResult result{"http://<shop>:1", "2026-11-26T00:00:00Z", 42, 4, "orders"};
    for (auto const rate : {100.0, 200.0}) {
        auto level = std::make_unique<LoadLevel>();
        level->plan.rate = rate;
        level->seconds.resize(10);
        for (int ms = 1; ms <= 1000; ++ms)
            level->all.record(Duration::milliseconds(ms));
        result.levels.push_back(std::move(level));
    }
    auto const told = load_json(result);
    ASSERT_EQ(told.at("levels").as_array().size(), 2u);
    EXPECT_NEAR(told.at("levels").at(1).at("all").at("p99_ms").to_number<double>(), 990, 10);
    auto const page = load_page(result);
    EXPECT_NE(page.find("http://&lt;shop&gt;:1"), std::string::npos);
    EXPECT_EQ(page.find("<shop>"), std::string::npos);
    for (auto const* const part : {"<td>200</td>", ">p99.9</text>", ">99.99</text>", "</html>"})
        EXPECT_NE(page.find(part), std::string::npos) << part;
}

TEST(Plot, the_largest_value_lies_above_the_smallest_and_inside_the_picture) {
    Plot const plot{"t", {"x"}, {"y", true}, {{"line", {{0, 1}, {10, 1000}}}}};
    auto const svg = svg_of(plot);
    EXPECT_NE(svg.find("points='70.0,314.0 590.0,16.0 '"), std::string::npos) << svg;
}

TEST(Plot, without_a_value_there_is_a_picture_without_a_line) {
    auto const svg = svg_of({"t", {"x"}, {"y", true}, {}});
    EXPECT_EQ(svg.find("nan"), std::string::npos);
    EXPECT_TRUE(svg.ends_with("</svg>"));
}

} // namespace
} // namespace kontor::programs
