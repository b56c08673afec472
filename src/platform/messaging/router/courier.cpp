#include "platform/messaging/router/courier.hpp"

#include "base/characters.hpp"
#include "codec/events.hpp"
#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/topics/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::router {
namespace {

/// Of what an endpoint says, in a dead letter.
constexpr std::size_t answer_shown_max = 256;

bool is_question(ports::ReceivedMessage const& message) {
    return ports::value_of(message.attributes, type_header) ==
           topics::name(topics::NotificationKind::subscription_confirmation);
}

/// Why an endpoint did not take a message.
std::string reason_of(Result<ports::WebhookAnswer> const& answer) {
    return answer ? fmt::format("the endpoint answered {}: {}", answer->status,
                                printable(answer->body, answer_shown_max))
                  : printable(answer.error().what, answer_shown_max);
}

topics::Parcel parcel_of(topics::WebSubscription const& subscription,
                         ports::ReceivedMessage const& message) {
    topics::Accepted accepted;
    accepted.topic_arn = subscription.topic_arn;
    accepted.message_id = ports::value_of(message.attributes, id_header);
    accepted.message.body = message.body;
    accepted.at = message.sent_at;
    return {std::make_shared<topics::Accepted const>(std::move(accepted)),
            std::make_shared<std::string const>(subscription.arn),
            is_question(message) ? topics::NotificationKind::subscription_confirmation
                                 : topics::NotificationKind::notification};
}

} // namespace

Courier::Courier(Parts parts) : parts_(parts) {
    KONTOR_ASSERT(parts_.sender.at_once_max() >= web_calls_max, "{} calls for {} subscriptions",
                  parts_.sender.at_once_max(), web_subscriptions_max);
}

Result<WorkDone> Courier::do_work(WorkBudget) {
    auto const now = parts_.clock.monotonic();
    if (!looked_at_ || now >= *looked_at_ + web_looks_apart) {
        look_at_subscriptions();
        looked_at_ = now;
    }
    auto const heard = hear();
    return WorkDone{heard + start_calls()};
}

CourierCounts Courier::counts() const {
    return {delivered_.load(std::memory_order_relaxed), failed_.load(std::memory_order_relaxed),
            given_up_.load(std::memory_order_relaxed)};
}

void Courier::look_at_subscriptions() {
    std::lock_guard const guard(parts_.router.lock());
    end_expired(parts_.clock.now());
    std::map<std::string, Lane> standing;
    for (auto& each : parts_.router.office().topics().web_subscriptions()) {
        auto const before = lanes_.find(each.arn);
        auto lane = before == lanes_.end() ? Lane() : std::move(before->second);
        lane.subscription = std::move(each);
        auto arn = lane.subscription.arn;
        standing.emplace(std::move(arn), std::move(lane));
    }
    lanes_ = std::move(standing);
    remove_queues_of_nobody();
}

/// Under the router's lock.
void Courier::end_expired(Instant now) {
    auto& board = parts_.router.office().topics();
    for (auto const& each : board.web_subscriptions()) {
        if (!each.consent.is_pending() || now <= *each.consent.asked + topics::token_life)
            continue;
        hosting::Companion made{wiring_stream(), {}, {}};
        made.type =
            codec::encode(process::Event(process::SubscriptionDeleted{each.arn}), made.payload);
        if (parts_.router.hand_in(std::span(&made, 1), {}))
            static_cast<void>(board.unsubscribe(each.arn));
    }
}

/// Under the router's lock, so none of them is being made. Those of a life that ended before it
/// said so are among them.
void Courier::remove_queues_of_nobody() {
    auto& admin = parts_.queues.admin();
    auto const queues = admin.list({.prefix = std::string(ports::endpoint_queue_prefix)});
    if (!queues)
        return;
    std::vector<ports::QueueName> wanted;
    for (auto const& [arn, lane] : lanes_)
        wanted.push_back(web_queue_of(arn));
    for (auto const& queue : *queues) {
        auto const found = admin.find(queue);
        bool const is_ours = found && found->owner == ports::QueueOwner::topology;
        if (is_ours && std::ranges::find(wanted, queue) == wanted.end())
            static_cast<void>(admin.remove(queue, ports::QueueOwner::topology));
    }
    for (auto const& [arn, lane] : lanes_) // one that went astray comes again
        if (std::ranges::find(*queues, web_queue_of(arn)) == queues->end())
            static_cast<void>(make_web_queue(admin, arn));
}

std::size_t Courier::hear() {
    ended_.clear();
    parts_.sender.collect(ended_);
    for (auto const& each : ended_) {
        auto const found = calls_.find(each.ticket);
        KONTOR_ASSERT(found != calls_.end(), "call {} ends twice", each.ticket);
        auto const call = std::move(found->second);
        calls_.erase(found);
        settle(call, each.answer);
    }
    return ended_.size();
}

/// Whatever is not settled here comes again by itself.
void Courier::settle(Call const& call, Result<ports::WebhookAnswer> const& answer) {
    auto const found = lanes_.find(call.arn);
    if (found == lanes_.end())
        return; // its queue has gone with it
    --found->second.under_way;
    constexpr std::uint16_t too_many = 429;
    bool const is_taken = answer && answer->status / 100 == 2;
    bool const is_passing = answer ? answer->status == too_many || answer->status / 100 == 5
                                   : answer.error().kind != FailureKind::invalid;
    if (is_taken) {
        delivered_.fetch_add(1, std::memory_order_relaxed);
        return end(call.arn, call.message);
    }
    auto const wait = found->second.subscription.schedule.wait_after(call.message.receive_count);
    if (!is_passing || !wait) {
        given_up_.fetch_add(1, std::memory_order_relaxed);
        return bury(call, is_passing ? "RETRIES_EXHAUSTED" : "FINAL_FAILURE", reason_of(answer));
    }
    failed_.fetch_add(1, std::memory_order_relaxed);
    ports::Extension const again{call.message.receipt, *wait};
    static_cast<void>(parts_.queues.queue().extend(web_queue_of(call.arn), std::span(&again, 1)));
}

/// The message ends when its dead letter stands: a process that ends between them leaves both.
void Courier::bury(Call const& call, std::string_view code, std::string what) {
    auto const& subscription = lanes_.at(call.arn).subscription;
    {
        std::lock_guard const guard(parts_.router.lock());
        auto letter =
            parts_.router.office().bury(parcel_of(subscription, call.message), code, what);
        if (letter && !parts_.router.hand_in({}, std::span(&*letter, 1)))
            return;
    }
    end(call.arn, call.message);
}

void Courier::end(std::string_view arn, ports::ReceivedMessage const& message) {
    ports::Settlement const done{message.receipt, ports::Ending::done, {}};
    static_cast<void>(parts_.queues.queue().settle(web_queue_of(arn), std::span(&done, 1)));
}

/// Whose turn it was last comes last.
std::size_t Courier::start_calls() {
    std::size_t started = 0;
    std::vector<Lane*> in_turn;
    for (auto at = lanes_.upper_bound(turn_); at != lanes_.end(); ++at)
        in_turn.push_back(&at->second);
    for (auto at = lanes_.begin(); at != lanes_.upper_bound(turn_); ++at)
        in_turn.push_back(&at->second);
    for (auto* const lane : in_turn) {
        auto const more = start_calls_of(*lane);
        started += more;
        if (more > 0)
            turn_ = lane->subscription.arn;
    }
    return started;
}

std::size_t Courier::start_calls_of(Lane& lane) {
    if (!lane.received.empty())
        return start_received(lane);
    auto const room = std::min(web_calls_of_subscription_max - lane.under_way,
                               parts_.sender.at_once_max() - calls_.size());
    if (room == 0)
        return 0;
    auto received = parts_.queues.queue().receive(web_queue_of(lane.subscription.arn),
                                                  {room, web_held_for, {}});
    if (!received)
        return 0;
    lane.received = std::move(received->messages);
    lane.durable_at = received->mark;
    return start_received(lane);
}

/// A queue hands out what was just decided: what a power cut could still take back, nobody hears.
std::size_t Courier::start_received(Lane& lane) {
    if (parts_.queues.progress().durable() < lane.durable_at)
        return 0;
    auto const count = lane.received.size();
    for (auto& message : std::exchange(lane.received, {})) {
        auto body = is_wanted(lane, message) ? text_of(lane, message) : std::nullopt;
        if (body)
            start(lane, std::move(message), *std::move(body));
        else
            end(lane.subscription.arn, message);
    }
    return count;
}

/// A question gets its token here, on its way out of the house.
std::optional<std::string> Courier::text_of(Lane const& lane,
                                            ports::ReceivedMessage const& message) {
    if (!is_question(message))
        return message.body;
    std::lock_guard const guard(parts_.router.lock());
    return parts_.router.office().question(parcel_of(lane.subscription, message));
}

/// What anybody else puts into the queue goes nowhere, nor does a question that was answered.
bool Courier::is_wanted(Lane const& lane, ports::ReceivedMessage const& message) const {
    return message.sender.view() == topic_sender &&
           (!is_question(message) || lane.subscription.consent.is_pending());
}

void Courier::start(Lane& lane, ports::ReceivedMessage message, std::string body) {
    auto const& subscription = lane.subscription;
    ports::WebhookCall call{++tickets_,
                            subscription.endpoint,
                            {{"content-type", "text/plain; charset=UTF-8"},
                             {"user-agent", "Kontor"},
                             {"x-amz-sns-topic-arn", subscription.topic_arn}},
                            std::move(body)};
    for (auto const header : carried_headers)
        if (auto const value = ports::value_of(message.attributes, header); !value.empty())
            call.headers.emplace_back(header, value);
    if (!is_question(message))
        call.headers.emplace_back("x-amz-sns-subscription-arn", subscription.arn);
    calls_.emplace(tickets_, Call{subscription.arn, std::move(message)});
    ++lane.under_way;
    parts_.sender.start(std::move(call));
}

} // namespace kontor::router
