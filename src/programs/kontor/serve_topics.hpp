#pragma once

/// ServedTopics: what a served shop's topics say to the world outside: the key that they sign with
/// (`keys/topics.pem`, with its certificate) and that of their tokens (`keys/topics.key`), both for
/// their owner alone, and the courier, on a thread of its own, so that nobody waits for endpoints.
///
///   opened → carried by a courier → started → stopped
///
/// Thread: the owner's; `count` one at a time.

#include "adapters/curl/safe_sender.hpp"
#include "platform/messaging/router/courier.hpp"
#include "platform/messaging/topics/signing_key.hpp"
#include "platform/telemetry/metrics.hpp"
#include "runtime/runner.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>

namespace kontor::programs {

class ServedTopics {
public:
    /// Keys are made where there are none.   Errors: unavailable; invalid (a key cannot be read).
    static Result<std::unique_ptr<ServedTopics>> open(std::string const& directory, Clock& clock);

    /// For the router; where links lead to is not known yet.
    router::Signing signing() const;
    /// Of the endpoint that answers at an address.
    topics::Links links_at(std::string url) const;
    topics::SigningKey const& key() const { return key_; }

    /// All outlive it.   Errors: unavailable (the library cannot be used).
    Result<void> deliver(router::Router& router, hosting::JournaledQueues& queues, Clock& clock,
                         reach::Reach reach);
    void show_in(telemetry::Metrics& metrics);
    /// Puts what was counted where it is read.
    void count();

    /// `on_failure` is called on its thread with what ended it.
    void start(std::function<void(Failure const&)> on_failure);
    /// What is under way is tried again by the next start.
    void stop() { runner_.reset(); }

private:
    ServedTopics(topics::SigningKey key, std::string token_key)
        : key_(std::move(key)), token_key_(std::move(token_key)) {}

    topics::SigningKey key_;
    std::string token_key_;
    std::unique_ptr<curl::SafeSender> sender_;
    std::optional<router::Courier> courier_;
    std::array<telemetry::Counter*, 3> calls_{}; ///< by what came of them
    std::unique_ptr<Runner> runner_;
};

} // namespace kontor::programs
