#pragma once

/// Courier: carries what topics have for URLs from the queues of their subscriptions to whoever
/// answers there. How often a message was received says how often it was tried; while it waits for
/// another try it is in flight in its queue.
///
/// Delivery: at least once; in no sequence that anybody may count on.
/// Invariants: 1. A message leaves its queue when its endpoint took it, or as a dead letter, or
///                with its subscription; or it grows too old there.
///             2. Each subscription has calls of its own: one that is slow, dead or throttles
///                delays no other.
///             3. Nothing but the question goes to an endpoint that has not said yes; one that does
///                not say it while its token lives is taken off.
/// Thread: one; `counts` any.
/// Source: MESSAGING section 5, "Retries", "https"; Amazon SNS Developer Guide, "Message delivery
/// retries": 5xx and 429 are tried again, every other answer but 2xx is the last.

#include "platform/messaging/router/router.hpp"
#include "ports/webhook_sender.hpp"

#include <map>

namespace kontor::router {

/// What came of calls to endpoints.
struct CourierCounts {
    std::uint64_t delivered{0};
    std::uint64_t failed{0}; ///< and will be tried again
    std::uint64_t given_up{0};
};

class Courier final : public Agent {
public:
    /// All outlive it; the sender is its own and has room for web_calls_max.
    struct Parts {
        Router& router;
        hosting::JournaledQueues& queues;
        ports::WebhookSender& sender;
        Clock& clock;
    };
    explicit Courier(Parts parts);

    std::string_view name() const override { return "courier"; }
    /// Errors: none; what cannot be done now is done later.
    Result<WorkDone> do_work(WorkBudget budget) override;

    CourierCounts counts() const;
    /// Who is served.   Thread: its own.
    std::size_t lanes() const { return lanes_.size(); }

private:
    struct Lane {
        topics::WebSubscription subscription{};
        std::size_t under_way{0}; ///< received and not answered
        /// Received, and told to nobody before it is in the log for good.
        std::vector<ports::ReceivedMessage> received{};
        ports::QueueMark durable_at{};
    };
    struct Call {
        std::string arn;
        ports::ReceivedMessage message;
    };

    void look_at_subscriptions();
    void end_expired(Instant now);
    void remove_queues_of_nobody();
    std::size_t hear();
    void settle(Call const& call, Result<ports::WebhookAnswer> const& answer);
    std::size_t start_calls();
    std::size_t start_calls_of(Lane& lane);
    std::size_t start_received(Lane& lane);
    /// What is posted; nothing: nobody wants it any more.
    std::optional<std::string> text_of(Lane const& lane, ports::ReceivedMessage const& message);
    void start(Lane& lane, ports::ReceivedMessage message, std::string body);
    bool is_wanted(Lane const& lane, ports::ReceivedMessage const& message) const;
    void end(std::string_view arn, ports::ReceivedMessage const& message);
    void bury(Call const& call, std::string_view code, std::string what);

    Parts parts_;
    std::map<std::string, Lane> lanes_; ///< by ARN of the subscription
    std::map<std::uint64_t, Call> calls_;
    std::uint64_t tickets_{0};
    std::optional<Duration> looked_at_{}; ///< on the monotonic clock
    std::string turn_{};                  ///< who was served last
    std::vector<ports::WebhookEnded> ended_;
    std::atomic<std::uint64_t> delivered_{0};
    std::atomic<std::uint64_t> failed_{0};
    std::atomic<std::uint64_t> given_up_{0};
};

} // namespace kontor::router
