#pragma once

/// RoughProvider: the way to the provider and back, for one process. Calls and answers get lost,
/// come late and twice; what the provider has in its book stays as it is. An answer to a call of an
/// earlier process finds nobody. A report comes again until it is receipted, whichever process took
/// it.   Thread: one.

#include "tests/simulation/world/chaos.hpp"
#include "tests/simulation/world/lifeline.hpp"

#include "adapters/payments/sandbox.hpp"

#include <optional>
#include <set>
#include <vector>

namespace kontor::simulation {

/// Reports that wait outside any process: a webhook is sent again until somebody receipts it.
struct LateReport {
    Instant at;
    ports::ProviderAnswer answer;
};

/// Reports that the way itself makes of answers are numbered from here; below are the provider's.
inline constexpr std::uint64_t late_deliveries_from = std::uint64_t{1} << 40;

class RoughProvider final : public ports::PaymentProvider {
public:
    RoughProvider(payments::Sandbox& provider, std::vector<LateReport>& late, Clock& clock,
                  Chaos& chaos, Lifeline& life)
        : provider_(provider), late_(late), clock_(clock), chaos_(chaos), life_(life) {}
    RoughProvider(RoughProvider const&) = delete;
    RoughProvider& operator=(RoughProvider const&) = delete;

    Result<void> start(std::span<ports::ProviderCall const> calls) override;
    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override;
    Result<void> receipt(std::span<std::uint64_t const> deliveries) override;

    /// When there is something to collect next.
    std::optional<Instant> next_due() const;

private:
    Result<void> start_all(std::span<ports::ProviderCall const> calls);
    Result<std::size_t> collect_all(std::size_t up_to, std::vector<ports::ProviderAnswer>& answers);
    void bring(ports::ProviderAnswer answer, std::vector<ports::ProviderAnswer>& answers);
    void bring_late(std::vector<ports::ProviderAnswer>& answers);
    void report_late(Duration after, ports::ProviderAnswer answer);
    bool is_away();

    payments::Sandbox& provider_;
    std::vector<LateReport>& late_;
    Clock& clock_;
    Chaos& chaos_;
    Lifeline& life_;
    std::multiset<Id128> asked_;
    Instant away_until_{};
    std::vector<LateReport> unknown_; ///< answers of the way itself: no answer came
};

} // namespace kontor::simulation
