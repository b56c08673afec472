#pragma once

/// WebhookRunner: follows the log and brings its public facts to the webhooks that want them.
///
/// Delivery: at least once to each webhook that stands and is enabled, under the same message id
///           however often it is tried; in no sequence that anybody may count on. A receiver that
///           is slow, dead or throttles delays no other.
/// Thread: one at a time; `figures` from any.
/// Source: RELIABILITY section 8, webhooks out; section 3, I12.
///
/// Invariants: 1. A page says how far the log was read for a webhook and what still waits; a new
///                life goes on behind the last page, so nothing is left out.
///             2. A webhook that is given up, and the page that says why, are one commit.

#include "base/agent.hpp"
#include "base/clock.hpp"
#include "platform/routing/single_pattern.hpp"
#include "platform/webhooks/secret_maker.hpp"
#include "ports/webhook_sender.hpp"
#include "services/shop/shop.hpp"
#include "services/webhooks/figures.hpp"
#include "services/webhooks/lane.hpp"

#include <map>
#include <memory>
#include <unordered_map>

namespace kontor::services::hooks {

/// What a runner needs. All outlive it; the client and the sender are its own. The sender has room
/// for calls_max.
struct WebhookParts {
    ports::EventStore& store;
    Clock& clock;
    ShopClient& client;
    ports::WebhookSender& sender;
    webhooks::SecretMaker const& secrets;
    Figures& figures;
};

class WebhookRunner final : public Agent {
public:
    explicit WebhookRunner(WebhookParts const& parts);

    /// Finds the webhooks that stand and where each goes on. Call it once, before the first
    /// do_work.
    /// Errors: unavailable, corrupt.
    Result<void> recover();

    std::string_view name() const override { return "webhooks"; }
    /// Errors: unavailable, corrupt.
    Result<WorkDone> do_work(WorkBudget budget) override;

    /// Of the last fact that it has seen; lanes may be behind it.
    ports::Position position() const { return position_; }

private:
    struct Served {
        Lane lane;
        /// Null: the pattern cannot be read and wants nothing.
        std::shared_ptr<routing::SinglePattern> wish{};
    };
    struct Call {
        WebhookId webhook;
        std::uint64_t position;
        Duration began; ///< on the monotonic clock
    };
    /// A fact as patterns are asked about it; made once for all lanes that read it.
    struct Shown;

    Result<void> see(ports::EventPage const& page, ports::RecordedEvent const& event, bool is_past);
    Result<void> see_webhook(ports::RecordedEvent const& event);
    Result<void> see_page(ports::RecordedEvent const& event);
    Result<std::size_t> read_for_lanes(std::size_t events_max);
    std::optional<ports::Position> next_to_read();
    Result<void> show(ports::EventPage const& page, ports::RecordedEvent const& event);
    std::size_t hear();
    void settle(Call const& call, Result<ports::WebhookAnswer> const& answer);
    Result<std::size_t> start_due();
    Result<void> start(Lane& lane, std::uint64_t position);
    std::size_t keep_pages();
    bool keep(PageOfLane page, WebhookId webhook);
    void take_answers();
    void publish();

    ports::EventStore& store_;
    Clock& clock_;
    ShopClient& client_;
    ports::WebhookSender& sender_;
    webhooks::SecretMaker const& secrets_;
    Figures& figures_;
    ports::Position position_{};
    std::map<WebhookId, Served> lanes_;
    ports::Position read_last_{};              ///< where lanes read last: those behind it are next
    std::map<std::uint64_t, Call> calls_;      ///< by ticket
    std::map<std::uint64_t, WebhookId> pages_; ///< at the desk, by ticket
    std::uint64_t tickets_{0};
    TryCounts counts_;
    std::vector<ports::WebhookEnded> ended_;
};

} // namespace kontor::services::hooks
