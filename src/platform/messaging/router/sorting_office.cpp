#include "platform/messaging/router/sorting_office.hpp"

#include "platform/messaging/queues/siphash.hpp"
#include "platform/messaging/router/repetitions.hpp"
#include "platform/messaging/router/web_queues.hpp"
#include "platform/messaging/topics/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace kontor::router {
namespace {

using bus::DeliveryFault;

ports::SenderId const bus_as_sender("events");
ports::SenderId const topic_as_sender(topic_sender);

bool is_fifo(ports::QueueName const& queue) {
    return queue.view().ends_with(".fifo");
}

DeliveryFault fault_of(ports::QueueRefusal const& why) {
    return why.error == ports::QueueError::queue_does_not_exist ? DeliveryFault::no_resource
                                                                : DeliveryFault::refused;
}

/// Two rules may bring the same event to one queue, and so may two targets of a rule, rules of one
/// name on two buses, and a replay after five minutes or after five years: each is a message.
std::string deduplication_id_of(bus::Delivery const& delivery, std::string_view replay) {
    constexpr queues::SipKey key{0x7265706c6179, 0x6e616d6573};
    auto const way = fmt::format("{} {}", delivery.lane(), replay); // none of them has a space
    auto const* const text = reinterpret_cast<std::uint8_t const*>(way.data());
    return fmt::format("{}.{:016x}", delivery.event_id, queues::siphash(key, {text, way.size()}));
}

/// Names hold no spaces.
std::string next_way(std::string_view way, std::string_view through) {
    return fmt::format("{}{}{}", way, way.empty() ? "" : " ", through);
}

} // namespace

SortingOffice::SortingOffice(ports::CloudPlace place, Random random, Signing signing)
    : place_(std::move(place)), rules_(place_), board_(place_, random, signing.token_key),
      signing_(std::move(signing)) {}

void SortingOffice::adopt(topology::Topology const& topology, Instant now) {
    rules_.adopt(topology, now);
    board_.adopt(topology);
}

std::vector<Letter> SortingOffice::sort(bus::BusEvent const& event, Instant now) {
    ++counts_.events;
    Work work{.replay = event.replay, .now = now};
    route(event, {}, work);
    for (std::size_t i = 0; i < work.forwarded.size(); ++i) {
        auto const next = std::move(work.forwarded[i]); // routing it may lengthen the list
        route(next.event, next.way, work);
    }
    std::ranges::stable_sort(work.letters, {}, &Letter::way);
    return std::move(work.letters);
}

void SortingOffice::route(bus::BusEvent const& event, std::string const& way, Work& work) {
    auto const step = [&](bus::Delivery const& delivery) {
        work.way = next_way(next_way(way, delivery.rule_arn), delivery.target_id);
    };
    auto routed = rules_.route(event);
    for (auto const& [delivery, death] : routed.dead) {
        step(delivery);
        bury(delivery, death, work);
    }
    for (auto& delivery : routed.deliveries) {
        step(delivery);
        deliver(std::move(delivery), event, work);
    }
}

void SortingOffice::deliver(bus::Delivery delivery, bus::BusEvent const& event, Work& work) {
    ++counts_.deliveries;
    if (auto const queue = queue_at(delivery.target_arn)) {
        auto& letter = work.letters.emplace_back(*queue, bus_as_sender);
        letter.way = work.way;
        letter.message.body = std::exchange(delivery.body, {});
        if (is_fifo(*queue)) {
            letter.message.group_id = delivery.message_group_id;
            letter.message.deduplication_id = deduplication_id_of(delivery, work.replay);
        }
        letter.origin = std::move(delivery);
        return;
    }
    auto const arn = ports::Arn::parse(delivery.target_arn);
    if (!arn || arn->place != place_)
        return bury(delivery, {DeliveryFault::no_resource, "it is not of this account and region"},
                    work);
    if (arn->service == "sns")
        return deliver_to_topic(std::move(delivery), work);
    if (arn->service == "events" && arn->resource.starts_with("event-bus/"))
        return forward(delivery, event, work);
    bury(delivery, {DeliveryFault::refused, "nothing here hands events to " + delivery.target_arn},
         work);
}

void SortingOffice::forward(bus::Delivery const& delivery, bus::BusEvent const& event, Work& work) {
    auto forwarded = rules_.forwarded(event, delivery.target_arn);
    if (auto const* const death = std::get_if<bus::Death>(&forwarded))
        return bury(delivery, *death, work);
    work.forwarded.push_back({std::get<bus::BusEvent>(std::move(forwarded)), work.way});
}

void SortingOffice::deliver_to_topic(bus::Delivery delivery, Work& work) {
    ports::TopicMessage message;
    message.body = delivery.body;
    message.group_id = delivery.message_group_id;
    if (delivery.target_arn.ends_with(".fifo"))
        message.deduplication_id = deduplication_id_of(delivery, work.replay);
    auto const before = board_.last_sequence(delivery.target_arn);
    auto handed = board_.hand_over(delivery.target_arn, std::span(&message, 1), work.now);
    if (!handed)
        return bury(delivery, {DeliveryFault::no_resource, handed.error().what}, work);
    auto& one = handed->front();
    if (!one)
        return bury(delivery, {DeliveryFault::refused, one.error().what}, work);
    for (auto& parcel : one->parcels)
        hand_to_endpoint(std::move(parcel), work);
    take_unknown(work);
    note_taken(delivery.target_arn, before, work);
}

topics::Answer<std::vector<ports::PublishOutcome>>
SortingOffice::publish(std::string_view topic_arn, std::span<ports::TopicMessage const> messages,
                       Instant now, std::vector<Letter>& letters) {
    std::vector<ports::PublishOutcome> outcomes;
    Work work{.now = now};
    auto const before = board_.last_sequence(topic_arn);
    KONTOR_TRY(auto handed_over, board_.hand_over(topic_arn, messages, now));
    for (auto& each : handed_over) {
        if (!each) {
            outcomes.push_back(unexpected(std::move(each).error()));
            continue;
        }
        for (auto& parcel : each->parcels)
            hand_to_endpoint(std::move(parcel), work);
        outcomes.push_back(std::move(each->published));
    }
    take_unknown(work);
    note_taken(topic_arn, before, work);
    std::ranges::move(work.letters, std::back_inserter(letters));
    return outcomes;
}

/// Behind all else that comes of it.
void SortingOffice::note_taken(std::string_view topic_arn, std::uint64_t before, Work& work) {
    for (auto const& taken : board_.taken_after(topic_arn, before)) {
        auto& letter = work.letters.emplace_back(letter_of(topic_arn, taken));
        letter.way = next_way(work.way, way_of_taken);
    }
}

/// Messages of which it is not known whether they meet a filter.
void SortingOffice::take_unknown(Work& work) {
    for (auto& dead : board_.take_dead_letters()) {
        auto way = next_way(work.way, dead.subscription_arn);
        add_dead(std::move(dead), std::move(way), work);
    }
}

void SortingOffice::hand_to_endpoint(topics::Parcel parcel, Work& work) {
    auto way = next_way(work.way, *parcel.subscription_arn);
    auto const notification = board_.notification(parcel);
    KONTOR_ASSERT(notification.has_value(), "a subscription that was just found");
    bool const leaves = topics::is_web(notification->protocol);
    auto const queue = leaves ? std::optional(web_queue_of(notification->subscription_arn))
                              : queue_at(notification->endpoint);
    bool const is_too_much = !leaves && notification->is_raw &&
                             notification->attributes.size() > topics::raw_attributes_max;
    if ((!leaves && notification->protocol != "sqs") || !queue || is_too_much) {
        auto const* const why =
            is_too_much ? "a queue takes 10 attributes" : "nothing here delivers to this endpoint";
        if (auto dead = board_.bury(parcel, error_code(DeliveryFault::refused), why))
            add_dead(*std::move(dead), std::move(way), work);
        return;
    }
    auto& letter = work.letters.emplace_back(*queue, topic_as_sender);
    letter.way = std::move(way);
    letter.message = message_of(*notification);
    letter.leaves_house = leaves;
    if (is_fifo(*queue)) {
        letter.message.group_id = notification->group_id;
        letter.message.deduplication_id = notification->deduplication_id;
    }
    letter.origin = std::move(parcel);
    if (!leaves) // else whoever carries it says so
        board_.note_delivered();
}

/// Of one that leaves the house, as it is posted, with headers as attributes. Of a question the
/// text alone: its token shall lie where nobody can find it, neither in a queue nor in the log.
ports::OutgoingMessage SortingOffice::message_of(topics::Notification const& notification) {
    ports::OutgoingMessage message;
    bool const is_bare =
        notification.is_raw && notification.kind == topics::NotificationKind::notification;
    auto const& links = signing_.links;
    bool const is_question =
        notification.kind == topics::NotificationKind::subscription_confirmation;
    message.body = is_question
                       ? notification.message
                       : topics::body_of(notification, links,
                                         is_bare ? std::string() : signature_of(notification));
    if (topics::is_web(notification.protocol)) {
        auto const add = [&](std::string_view header, std::string_view value) {
            message.attributes.push_back({std::string(header), "String", std::string(value)});
        };
        add(type_header, topics::name(notification.kind));
        add(id_header, notification.message_id);
        if (is_bare)
            add(raw_header, "true");
    } else if (is_bare) {
        message.attributes = notification.attributes;
    }
    return message;
}

/// Empty: nobody signs here.
std::string SortingOffice::signature_of(topics::Notification const& notification) {
    if (signing_.sign == nullptr)
        return {};
    auto text = topics::text_to_sign(notification, signing_.links);
    auto const version = notification.signature_version;
    if (signed_.text != text || signed_.version != version)
        signed_ = {text, version, signing_.sign(text, version)};
    return signed_.signature;
}

topics::Answer<ports::SubscriptionDescription>
SortingOffice::subscribe(ports::SubscriptionWish const& wish, Instant now,
                         std::vector<Letter>& letters) {
    KONTOR_TRY(auto made, board_.hand_over_subscription(wish, now));
    if (made.question && topics::is_web(made.description.protocol)) {
        Work work{.now = now};
        hand_to_endpoint(*std::move(made.question), work);
        std::ranges::move(work.letters, std::back_inserter(letters));
    }
    return std::move(made.description);
}

std::optional<std::string> SortingOffice::question(topics::Parcel const& parcel) {
    auto const notification = board_.notification(parcel);
    if (!notification)
        return std::nullopt;
    return topics::body_of(*notification, signing_.links, signature_of(*notification));
}

Letter SortingOffice::instead_of(Letter letter, std::string why) {
    auto dead = dead_letter_of(letter, {ports::QueueError::over_limit, std::move(why)});
    auto other = dead ? *std::move(dead) : Letter();
    other.message.body = std::move(letter.message.body); // as it would have been posted
    other.way = std::move(letter.way);
    other.fact = letter.fact;
    return other;
}

std::optional<Letter> SortingOffice::bury(topics::Parcel const& parcel, std::string_view code,
                                          std::string what) {
    auto dead = board_.bury(parcel, code, std::move(what));
    return dead ? dead_letter(*std::move(dead)) : std::nullopt;
}

void SortingOffice::bury(bus::Delivery const& delivery, bus::Death const& death, Work& work) {
    auto dead = bus::dead_letter_of(delivery, death);
    if (!dead) {
        ++counts_.lost;
        return;
    }
    add_dead(*std::move(dead), work.way, work);
}

std::optional<Letter> SortingOffice::dead_letter_of(Letter refused,
                                                    ports::QueueRefusal const& why) {
    if (auto* const delivery = std::get_if<bus::Delivery>(&refused.origin)) {
        delivery->body = std::move(refused.message.body);
        if (auto dead = bus::dead_letter_of(*delivery, {fault_of(why), why.what}))
            return dead_letter(*std::move(dead));
    } else if (auto const* const parcel = std::get_if<topics::Parcel>(&refused.origin)) {
        if (auto dead = board_.bury(*parcel, error_code(fault_of(why)), why.what))
            return dead_letter(*std::move(dead));
    }
    ++counts_.lost;
    return std::nullopt;
}

template <class Dead>
void SortingOffice::add_dead(Dead dead, std::string way, Work& work) {
    auto letter = dead_letter(std::move(dead));
    if (!letter)
        return;
    letter->way = std::move(way);
    work.letters.push_back(*std::move(letter));
}

template <class Dead>
std::optional<Letter> SortingOffice::dead_letter(Dead dead) {
    auto const queue = queue_at(dead.queue_arn);
    if (!queue) {
        ++counts_.lost;
        return std::nullopt;
    }
    ++counts_.dead;
    Letter letter{*queue, bus_as_sender};
    letter.message.body = std::move(dead.body);
    letter.message.attributes = std::move(dead.attributes);
    return letter;
}

std::optional<ports::QueueName> SortingOffice::queue_at(std::string_view text) const {
    auto const arn = ports::Arn::parse(text);
    if (!arn || arn->service != "sqs" || arn->place != place_ ||
        ports::is_house_queue(arn->resource) || arn->resource.size() > ports::QueueName::length_max)
        return std::nullopt;
    return ports::QueueName(arn->resource);
}

} // namespace kontor::router
