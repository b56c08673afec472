#include "programs/kontor/serve_demo.hpp"

#include <fmt/core.h>

namespace kontor::programs {

DemoTraffic::DemoTraffic(Clock& clock, DemoTrafficOptions options,
                         std::unique_ptr<curl::HttpClient> client)
    : clock_(clock), options_(std::move(options)), client_(std::move(client)),
      shoppers_(Random(options_.seed), options_.shoppers) {}

Result<std::unique_ptr<DemoTraffic>> DemoTraffic::open(Clock& clock, DemoTrafficOptions options) {
    KONTOR_TRY(auto client, curl::HttpClient::open());
    return std::unique_ptr<DemoTraffic>(
        new DemoTraffic(clock, std::move(options), std::move(client)));
}

Result<WorkDone> DemoTraffic::do_work(WorkBudget budget) {
    if (calls_.empty())
        shoppers_.advance(clock_.monotonic(), calls_);
    // One call a round, so that a stop does not wait for a queue of them.
    auto const items = std::min<std::size_t>({calls_.size(), budget.items_max, 1});
    if (items > 0) {
        carry(calls_.front());
        calls_.erase(calls_.begin());
    }
    std::lock_guard const guard(mutex_);
    counts_ = shoppers_.counts();
    return WorkDone{items};
}

void DemoTraffic::carry(services::demo::ShopperCall const& call) {
    curl::HttpCall sent{std::string(call.method),
                        options_.shop_url + call.path,
                        {{"Authorization", "Bearer " + options_.token}},
                        call.body};
    if (!call.body.empty())
        sent.headers.emplace_back("Content-Type", "application/json");
    if (!call.idempotency_key.empty())
        sent.headers.emplace_back("Idempotency-Key", call.idempotency_key);
    auto const answer = client_->send(sent);
    auto const status = answer ? answer->status : std::uint16_t{0};
    if (status == 0 || status >= 500) {
        std::lock_guard const guard(mutex_);
        if (first_failure_.empty())
            first_failure_ = fmt::format("{} {}: {}", call.method, call.path,
                                         answer ? fmt::format("{} {}", status, answer->body)
                                                : to_string(answer.error()));
    }
    shoppers_.answered({call.visit, status, answer ? std::string_view(answer->body) : ""},
                       clock_.monotonic());
}

services::demo::ShopperCounts DemoTraffic::counts() const {
    std::lock_guard const guard(mutex_);
    return counts_;
}

std::string DemoTraffic::first_failure() const {
    std::lock_guard const guard(mutex_);
    return first_failure_;
}

} // namespace kontor::programs
