#pragma once

/// The rules of a webhook: it is told of what it asked for as long as it stands and is enabled.
/// Source: INTERFACES section 5, webhooks.

#include "domain/webhook/commands.hpp"
#include "domain/webhook/state.hpp"

#include "domain/values/context.hpp"

#include "base/shapes.hpp"

namespace kontor::webhook {

enum class Rejection : std::uint8_t {
    unknown_webhook,
    webhook_exists,  ///< with other settings, or it was removed
    webhook_disabled ///< nothing is sent to it
};
BOOST_DESCRIBE_ENUM(Rejection, unknown_webhook, webhook_exists, webhook_disabled)

using Decision = DecisionOf<Event, Rejection>;

/// Errors: webhook_exists.
Decision decide(State const& state, Add const& command, Context const& context);
/// Errors: unknown_webhook.
Decision decide(State const& state, Change const& command, Context const& context);
/// Errors: unknown_webhook.
Decision decide(State const& state, RotateSecret const& command, Context const& context);
/// Errors: none; one that is gone or disabled already stays so.
Decision decide(State const& state, Disable const& command, Context const& context);
/// Errors: unknown_webhook, webhook_disabled.
Decision decide(State const& state, SendTest const& command, Context const& context);
/// Errors: unknown_webhook, webhook_disabled.
Decision decide(State const& state, AskResend const& command, Context const& context);
/// Errors: unknown_webhook.
Decision decide(State const& state, Remove const& command, Context const& context);

} // namespace kontor::webhook
