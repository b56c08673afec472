#pragma once

/// Webhooks and deliveries as they are answered.

#include "domain/values/ids.hpp"
#include "domain/webhook/events.hpp"
#include "domain/webhook_book/events.hpp"

#include <optional>
#include <string>

namespace kontor::services::gateway {

struct WebhookEnd {
    webhook::Why why;
    std::string delivery; ///< that ended so
};
BOOST_DESCRIBE_STRUCT(WebhookEnd, (), (why, delivery))
static_assert(describes_every_field<WebhookEnd>());

struct WebhookAnswer {
    WebhookId id;
    std::uint64_t version;
    std::string url;
    std::string pattern;
    std::string description;
    bool enabled;
    std::optional<WebhookEnd> disabled_by; ///< unless somebody disabled it
    std::optional<Instant> secret_rotated_at;
    std::optional<std::string> secret; ///< shown once, when it is made
    // How it stands now; absent where it stood so then:
    std::optional<std::uint64_t> lag_events;
    std::optional<std::uint64_t> waiting;
};
BOOST_DESCRIBE_STRUCT(WebhookAnswer, (),
                      (id, version, url, pattern, description, enabled, disabled_by,
                       secret_rotated_at, secret, lag_events, waiting))
static_assert(describes_every_field<WebhookAnswer>());

struct WebhookTryAnswer {
    std::string delivery;
    std::uint64_t position;
    std::uint32_t number;
    Instant at;
    webhook_book::Outcome outcome;
    std::uint16_t status; ///< 0: there was no answer
    std::int64_t took_ms;
    std::string answer;
};
BOOST_DESCRIBE_STRUCT(WebhookTryAnswer, (),
                      (delivery, position, number, at, outcome, status, took_ms, answer))
static_assert(describes_every_field<WebhookTryAnswer>());

} // namespace kontor::services::gateway
