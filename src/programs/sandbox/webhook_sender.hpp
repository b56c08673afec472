#pragma once

/// WebhookSender: what the provider reports, signed and on its way to the shop. A report that was
/// not taken is no concern of the sender: the provider brings it again, ever more seldom.
///
/// Invariants: 1. Each attempt is signed anew, with the time of now and with every secret.
///             2. At most `at_once_max` are on the wire and `waiting_max` wait. At the limit a
///                report is left out and counted; it comes again by itself.
/// Thread: one.   Source: RELIABILITY section 8, webhooks out: 20 seconds, only 2xx is success.

#include "adapters/curl/http_calls.hpp"
#include "platform/webhooks/signature.hpp"
#include "ports/payment_provider.hpp"

#include <deque>
#include <unordered_map>

namespace kontor::programs {

struct WebhookTarget {
    std::string url{};
    std::vector<webhooks::WebhookSecret> secrets{};
    std::string id_prefix{}; ///< of this life of the provider: message ids never repeat
};

class WebhookSender {
public:
    static constexpr std::size_t at_once_max = 25;
    static constexpr std::size_t waiting_max = 1'024;
    static constexpr Duration within = Duration::seconds(20);

    /// The clock outlives the sender.   Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<WebhookSender>> open(WebhookTarget target, Clock& clock);

    void send(ports::ProviderAnswer const& report);

    /// Moves bytes without waiting, and appends the numbers of the reports that the shop has.
    void collect(std::vector<std::uint64_t>& taken);

    std::uint64_t refused() const { return refused_; }
    std::uint64_t left_out() const { return left_out_; }
    /// Attempts, whatever came of them.
    std::uint64_t attempts() const { return tickets_; }

private:
    struct Waiting {
        std::uint64_t delivery;
        std::string body;
    };
    WebhookSender(WebhookTarget target, Clock& clock, std::unique_ptr<curl::HttpCalls> wire)
        : target_(std::move(target)), clock_(clock), wire_(std::move(wire)) {}
    curl::HttpCall signed_call(Waiting const& waiting) const;

    WebhookTarget target_;
    Clock& clock_;
    std::unique_ptr<curl::HttpCalls> wire_;
    std::deque<Waiting> waiting_;
    std::unordered_map<std::uint64_t, std::uint64_t> sent_; ///< deliveries by their ticket
    std::vector<curl::HttpCalls::Ended> ended_;
    std::uint64_t tickets_{0};
    std::uint64_t refused_{0};
    std::uint64_t left_out_{0};
};

} // namespace kontor::programs
