#pragma once

/// DemoTraffic: carries the calls of the demo's customers to the shop's own port, as anybody else's
/// client would, and tells them what was answered.
/// Thread: do_work on one, which it blocks while a call is under way; counts from any.

#include "adapters/curl/http_client.hpp"
#include "base/agent.hpp"
#include "base/clock.hpp"
#include "services/demo/shoppers.hpp"

#include <atomic>
#include <memory>

namespace kontor::programs {

struct DemoTrafficOptions {
    std::string shop_url;
    std::string token;
    std::uint64_t seed{42};
    services::demo::ShopperOptions shoppers{};
};

class DemoTraffic final : public Agent {
public:
    /// Errors: unavailable.
    static Result<std::unique_ptr<DemoTraffic>> open(Clock& clock, DemoTrafficOptions options);

    std::string_view name() const override { return "demo"; }
    /// Errors: none; what a call comes to is told to who made it.
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// As of the last round.
    services::demo::ShopperCounts counts() const;
    /// The first answer that was a server's failure, or none came; empty: there was none.
    std::string first_failure() const;

private:
    DemoTraffic(Clock& clock, DemoTrafficOptions options, std::unique_ptr<curl::HttpClient> client);
    void carry(services::demo::ShopperCall const& call);

    Clock& clock_;
    DemoTrafficOptions const options_;
    std::unique_ptr<curl::HttpClient> client_;
    services::demo::Shoppers shoppers_;
    std::vector<services::demo::ShopperCall> calls_;
    mutable std::mutex mutex_;
    services::demo::ShopperCounts counts_{}; ///< guarded by `mutex_`, as is …
    std::string first_failure_;
};

} // namespace kontor::programs
