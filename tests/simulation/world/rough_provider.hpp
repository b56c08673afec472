#pragma once

/// RoughProvider: the way to the provider and back, for one process. Calls and answers get lost,
/// come late and twice; what the provider has in its book stays as it is. An answer to a call of an
/// earlier process finds nobody. A report is sent again when the process died that took it: it is
/// receipted when it is durable, and the provider asks nobody whether it was.   Thread: one.

#include "tests/simulation/world/chaos.hpp"
#include "tests/simulation/world/lifeline.hpp"

#include "adapters/payments/sandbox.hpp"

#include <optional>
#include <set>
#include <vector>

namespace kontor::simulation {

/// Reports that wait outside any process: a webhook is sent again until somebody takes it.
struct LateReport {
    Instant at;
    ports::ProviderAnswer answer;
};

class RoughProvider final : public ports::PaymentProvider {
public:
    RoughProvider(payments::Sandbox& provider, std::vector<LateReport>& late, Clock& clock,
                  Chaos& chaos, Lifeline& life)
        : provider_(provider), late_(late), clock_(clock), chaos_(chaos), life_(life) {}
    RoughProvider(RoughProvider const&) = delete;
    RoughProvider& operator=(RoughProvider const&) = delete;
    ~RoughProvider() override;

    Result<void> start(std::span<ports::ProviderCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;

    /// When there is something to collect next.
    std::optional<Instant> next_due() const;

private:
    Result<void> start_all(std::span<ports::ProviderCall const> calls);
    Result<std::size_t> collect_all(std::size_t up_to, std::vector<ports::ProviderAnswer>& answers);
    void bring(ports::ProviderAnswer answer, std::vector<ports::ProviderAnswer>& answers);
    void report(ports::ProviderAnswer answer, std::vector<ports::ProviderAnswer>& answers);
    bool is_away();

    payments::Sandbox& provider_;
    std::vector<LateReport>& late_;
    Clock& clock_;
    Chaos& chaos_;
    Lifeline& life_;
    std::multiset<Id128> asked_;
    Instant away_until_{};
    std::vector<LateReport> unknown_; ///< answers of the way itself: no answer came
    struct Reported {
        Duration at; ///< monotonic
        ports::ProviderAnswer answer;
    };
    std::vector<Reported> reported_; ///< to this process, which may still lose them
};

} // namespace kontor::simulation
