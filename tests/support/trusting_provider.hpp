#pragma once

/// TrustingProvider: a provider without memory that says yes to everything, always the same to the
/// same call. It stands in for a provider that outlives the shop: what it answered before a crash
/// it answers again after it.
/// Thread: one.

#include "base/clock.hpp"
#include "ports/payment_provider.hpp"

#include "base/overloaded.hpp"

#include <deque>

namespace kontor::testing {

class TrustingProvider final : public ports::PaymentProvider {
public:
    explicit TrustingProvider(Clock& clock) : clock_(clock) {}

    Result<void> start(std::span<ports::ProviderCall const> calls) override {
        for (auto const& call : calls)
            answers_.push_back(
                {call.key, call.payment_id, ports::OutcomeSource::answer, answer_to(call)});
        return {};
    }

    Result<std::size_t> collect(std::size_t up_to,
                                std::vector<ports::ProviderAnswer>& answers) override {
        std::size_t given = 0;
        for (; given < up_to && !answers_.empty(); ++given) {
            answers.push_back(std::move(answers_.front()));
            answers_.pop_front();
        }
        return given;
    }

    /// It reports nothing unasked.
    Result<void> receipt(std::span<std::uint64_t const>) override { return {}; }

private:
    ports::ProviderOutcome answer_to(ports::ProviderCall const& call) const {
        using Outcome = ports::ProviderOutcome;
        return std::visit(
            overloaded{
                [&](ports::AuthoriseCall const& of) -> Outcome {
                    return ports::MoneyAuthorised{of.amount, "ref",
                                                  clock_.now() + Duration::days(7)};
                },
                [](ports::CaptureCall const& of) -> Outcome {
                    return ports::MoneyCaptured{of.capture_id, of.amount, of.last};
                },
                [](ports::VoidCall const&) -> Outcome { return ports::AuthorisationVoided{}; },
                [](ports::RefundCall const& of) -> Outcome {
                    return ports::MoneyRefunded{of.refund_id, of.amount, "ref"};
                },
                [](ports::FindCall const&) -> Outcome { return ports::NothingFound{}; },
            },
            call.call);
    }

    Clock& clock_;
    std::deque<ports::ProviderAnswer> answers_;
};

} // namespace kontor::testing
