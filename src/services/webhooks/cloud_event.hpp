#pragma once

/// A fact as a webhook brings it: CloudEvents 1.0, JSON, structured. Nothing personal leaves.
/// Thread: any.   Source: CloudEvents 1.0, "JSON Event Format" section 3; DOMAIN section 10.

#include "domain/values/ids.hpp"
#include "ports/event_page.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::services::hooks {

inline constexpr std::string_view cloud_event_type = "application/cloudevents+json; charset=utf-8";

/// Errors: corrupt, unsupported (a newer release wrote the fact).
Result<std::string> cloud_event(ports::RecordedEvent const& event,
                                ports::RecordedCommit const& commit);

/// Names the delivery of a fact to a webhook, however often it is tried: "whk_01J8…_4711". It has
/// no full stop, for the signed text is divided by them.
std::string message_id(WebhookId webhook, std::uint64_t position);

/// The position of the fact. Empty: it is no delivery to this webhook.
std::optional<std::uint64_t> position_in(WebhookId webhook, std::string_view message_id);

} // namespace kontor::services::hooks
