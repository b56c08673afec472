#include "programs/kontor/load_report.hpp"

#include "adapters/http/edge.hpp"
#include "programs/kontor/plot.hpp"
#include "runtime/system_clock.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace kontor::programs {
namespace {

/// A shop that answers each look with 200 and each order with what it was told to.
class Till final : public services::Exchange {
public:
    void start(services::Ticket ticket, services::Request const& request) override {
        auto const status =
            request.method == services::Method::post ? order_status : std::uint16_t{200};
        answers_.push_back({ticket, services::Reply{status}});
    }
    void collect(std::vector<services::Answered>& answers) override { answers.swap(answers_); }
    void abandon(services::Ticket) override {}

    std::uint16_t order_status{201};

private:
    std::vector<services::Answered> answers_;
};

class LoadSpec : public ::testing::Test {
protected:
    std::unique_ptr<LoadLevel> run(LoadPlan const& plan) {
        http::EdgeOptions options;
        options.listeners = {{services::Listener::shop}};
        auto edge = *http::Edge::open(options, till, clock);
        std::thread serving([&] { EXPECT_TRUE(edge->run()); });
        auto const port = edge->port(services::Listener::shop);
        LoadScript const script{"localhost", "ktk_x", "a", {"/v1/products/A"}, {"{}"}};
        auto const swarm = *swarm::Swarm::open({"127.0.0.1", port, 4}, clock);
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
