#pragma once

/// What every PaymentProvider must do, as a function of a factory: each adapter runs the same
/// sentences.
///
///   bool const registered = payment_provider_contract("sandbox", [] { return … });

#include "ports/payment_provider.hpp"

#include <functional>
#include <memory>
#include <string>

namespace kontor::contract {

/// A provider under test with all it needs to live.
class ProviderUnderTest {
public:
    virtual ~ProviderUnderTest() = default;
    virtual ports::PaymentProvider& provider() = 0;
    /// Lets so much time go by.
    virtual void wait(Duration time) = 0;
    /// A token that is approved, and one that is declined.
    virtual std::string approved() const = 0;
    virtual std::string declined() const = 0;
    /// A token that is approved, and whose approval is reported unasked, too.
    virtual std::string reported() const = 0;
};

using MakeProvider = std::function<std::unique_ptr<ProviderUnderTest>()>;

/// Registers the suite `PaymentProviderContract/<name>`.
bool payment_provider_contract(std::string const& name, MakeProvider make);

} // namespace kontor::contract
