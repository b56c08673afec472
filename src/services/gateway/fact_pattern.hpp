#pragma once

/// FactPattern: which facts somebody wants, in the language of the bus's rules: asked of a fact as
/// the bus shows it. Facts that do not leave the shop meet no pattern.   Thread: one.
/// NOTE: account and region of the envelope are the built-in ones here, whatever the settings say.

#include "platform/messaging/router/public_facts.hpp"
#include "platform/routing/single_pattern.hpp"
#include "services/gateway/seams/trouble.hpp"

#include <memory>

namespace kontor::services::gateway {

class FactPattern {
public:
    /// Errors: parameter_invalid (it says what is wrong, and where).
    static Result<std::shared_ptr<FactPattern>, Trouble> of(std::string_view text);

    explicit FactPattern(std::shared_ptr<routing::SinglePattern> pattern)
        : pattern_(std::move(pattern)) {}

    /// Errors: corrupt, unsupported (a newer release wrote it).
    Result<bool> is_met(ports::RecordedEvent const& event, ports::RecordedCommit const& commit);

private:
    std::shared_ptr<routing::SinglePattern> pattern_;
};

} // namespace kontor::services::gateway
