#include "tests/contract/payment_provider_contract.hpp"
#include "tests/support/hand_clock.hpp"

#include "adapters/payments/sandbox.hpp"

namespace kontor::contract {
namespace {

class SandboxProvider final : public ProviderUnderTest {
public:
    ports::PaymentProvider& provider() override { return sandbox_; }
    void wait(Duration time) override { clock_.pass(time); }
    std::string approved() const override { return "tok_approve"; }
    std::string declined() const override { return "tok_decline"; }
    std::string reported() const override { return "tok_webhook_first"; }

private:
    testing::HandClock clock_;
    payments::Sandbox sandbox_{clock_, Random(1)};
};

[[maybe_unused]] bool const registered =
    payment_provider_contract("sandbox", [] { return std::make_unique<SandboxProvider>(); });

} // namespace
} // namespace kontor::contract
