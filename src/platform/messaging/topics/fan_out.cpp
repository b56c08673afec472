#include "platform/messaging/topics/board.hpp"

#include "platform/digests/digests.hpp"
#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/messages.hpp"
#include "platform/messaging/topics/refusals.hpp"
#include "platform/routing/json_check.hpp"

#include <algorithm>
#include <set>

namespace kontor::topics {
namespace {

using ports::TopicMessage;

/// What two messages with the same body have in common.
std::string id_of_content(std::string_view body) {
    return digests::hex(digests::sha256(body));
}

/// So long that the texts sort as the numbers do.
std::string sequence_text(std::uint64_t sequence) {
    return fmt::format("{:020}", sequence);
}

bool is_batch_id(std::string_view id) {
    return !id.empty() && id.size() <= batch_id_size_max &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

/// A single message needs no id.
Answer<void> check_batch(std::span<TopicMessage const> messages) {
    if (messages.empty() || messages.size() > ports::publish_messages_max)
        return refuse_parameter("1 to 10 messages are published at once");
    std::set<std::string_view> ids;
    for (auto const& message : messages)
        if (messages.size() > 1 && (!is_batch_id(message.id) || !ids.insert(message.id).second))
            return refuse_parameter(
                fmt::format("the batch entry id `{}` is none, or is given twice", message.id));
    return {};
}

} // namespace

Answer<std::vector<ports::PublishOutcome>>
Board::publish(std::string_view topic_arn, std::span<TopicMessage const> messages, Instant now) {
    KONTOR_TRY(auto handed_over, hand_over(topic_arn, messages, now));
    std::vector<ports::PublishOutcome> outcomes;
    for (auto& each : handed_over) {
        if (!each) {
            outcomes.push_back(unexpected(std::move(each).error()));
            continue;
        }
        for (auto const& parcel : each->parcels)
            put_into_lane(subscriptions_.at(*parcel.subscription_arn), parcel, now);
        outcomes.push_back(std::move(each->published));
    }
    return outcomes;
}

Answer<std::vector<HandedOver>>
Board::hand_over(std::string_view topic_arn, std::span<TopicMessage const> messages, Instant now) {
    KONTOR_TRY(auto* const topic, find_topic(topic_arn));
    KONTOR_TRY(check_batch(messages));
    std::size_t total = 0;
    for (auto const& message : messages)
        total += message_size(message);
    if (messages.size() > 1 && total > message_bytes_max)
        return refuse_parameter("The batch is too long");
    forget_ids(*topic, now);
    std::vector<HandedOver> handed_over;
    for (auto const& message : messages) {
        auto taken = take(*topic, message, now);
        if (!taken) {
            handed_over.push_back(unexpected(std::move(taken).error()));
            continue;
        }
        Handed handed{std::move(taken->published)};
        if (taken->accepted != nullptr)
            handed.parcels = parcels_of(*topic, taken->accepted);
        handed_over.emplace_back(std::move(handed));
    }
    return handed_over;
}

Result<Board::Taken, ports::PublishRefusal> Board::take(Topic& topic, TopicMessage const& message,
                                                        Instant now) {
    if (auto fault = message_fault(message, bounds_of(topic.arn, topic.attributes)))
        return unexpected(*std::move(fault));
    if (!topic.is_fifo())
        return accept(topic, message, now);
    auto const id =
        message.deduplication_id.empty() ? id_of_content(message.body) : message.deduplication_id;
    if (auto const known = topic.remembered.find(id); known != topic.remembered.end())
        return Taken{{known->second.message_id, sequence_text(known->second.sequence)}};
    if (topic.remembered.size() >= deduplication_ids_max)
        return unexpected(ports::PublishRefusal{
            "Throttled", "The topic remembers as many deduplication ids as it can.", false});
    auto with_id = message;
    with_id.deduplication_id = id;
    auto taken = accept(topic, with_id, now);
    topic.remembered.emplace(
        id, TakenMessage{id, taken.published.message_id, topic.last_sequence, now});
    topic.remembered_until.emplace_back(now + deduplication_window, id);
    return taken;
}

void Board::forget_ids(Topic& topic, Instant now) {
    while (!topic.remembered_until.empty() && topic.remembered_until.front().first <= now) {
        topic.remembered.erase(topic.remembered_until.front().second);
        topic.remembered_until.pop_front();
    }
}

std::uint64_t Board::last_sequence(std::string_view topic_arn) const {
    auto const topic = find_topic(topic_arn);
    return topic ? (*topic)->last_sequence : 0;
}

void Board::forget_after(std::string_view topic_arn, std::uint64_t sequence) {
    auto const topic = find_topic(topic_arn);
    if (!topic)
        return;
    auto& until = (*topic)->remembered_until;
    for (; !until.empty(); until.pop_back()) {
        auto const last = (*topic)->remembered.find(until.back().second);
        if (last->second.sequence <= sequence)
            return;
        (*topic)->remembered.erase(last);
    }
}

bool Board::has_fifo_topics() const {
    return std::ranges::any_of(topics_, [](auto const& each) { return each.second.is_fifo(); });
}

std::vector<TakenMessage> Board::taken_after(std::string_view topic_arn,
                                             std::uint64_t sequence) const {
    std::vector<TakenMessage> taken;
    auto const topic = find_topic(topic_arn);
    if (!topic)
        return taken;
    auto const& until = (*topic)->remembered_until;
    for (auto at = until.rbegin(); at != until.rend(); ++at) {
        auto const& one = (*topic)->remembered.at(at->second);
        if (one.sequence <= sequence)
            break;
        taken.push_back(one);
    }
    std::ranges::reverse(taken);
    return taken;
}

void Board::restore_taken(std::string_view topic_arn, TakenMessage const& taken) {
    auto const topic = find_topic(topic_arn);
    if (!topic || !(*topic)->is_fifo() ||
        !(*topic)->remembered.emplace(taken.deduplication_id, taken).second)
        return;
    (*topic)->remembered_until.emplace_back(taken.at + deduplication_window,
                                            taken.deduplication_id);
    (*topic)->last_sequence = std::max((*topic)->last_sequence, taken.sequence);
}

void Board::forget_taken(std::string_view topic_arn) {
    auto const topic = find_topic(topic_arn);
    if (!topic)
        return;
    (*topic)->remembered.clear();
    (*topic)->remembered_until.clear();
}

Board::Taken Board::accept(Topic& topic, TopicMessage const& message, Instant now) {
    Accepted accepted{topic.arn, new_id(), "", message, now};
    if (topic.is_fifo()) {
        auto const time = static_cast<std::uint64_t>(std::max<std::int64_t>(
            0, now.unix_microseconds())); // whatever came in another life came before
        topic.last_sequence = std::max(topic.last_sequence + 1, time);
        accepted.sequence_number = sequence_text(topic.last_sequence);
    }
    ports::Published published{accepted.message_id, accepted.sequence_number};
    ++counts_.published;
    ++topic.published;
    return {std::move(published), std::make_shared<Accepted const>(std::move(accepted))};
}

/// Both scopes at once, each asked of what it speaks of.
Board::Wanted Board::ask_filters(Topic& topic, TopicMessage const& message) {
    Wanted wanted;
    auto const has = [&](FilterScope scope) {
        return topic.filters[static_cast<std::size_t>(scope)].live.size() > 0;
    };
    auto const ask = [&](FilterScope scope, std::string_view event) {
        auto& filters = topic.filters[static_cast<std::size_t>(scope)];
        auto& matching = *filters.matching;
        if (matching.ask(filters.live.snapshot(), event) != routing::Asked::answered)
            return false;
        wanted.met.insert(wanted.met.end(), matching.rules().begin(), matching.rules().end());
        wanted.unknown.insert(wanted.unknown.end(), matching.over_budget().begin(),
                              matching.over_budget().end());
        return true;
    };
    if (has(FilterScope::attributes)) {
        bool const was_read = ask(FilterScope::attributes, attributes_as_json(message.attributes));
        KONTOR_ASSERT(was_read, "attributes that were written here cannot be read");
    }
    if (has(FilterScope::body)) {
        // The matcher steps over what no filter asks for, so who would get it has it read whole.
        auto const met = wanted.met.size();
        auto const unknown = wanted.unknown.size();
        bool const was_read = ask(FilterScope::body, message.body);
        bool const is_wanted = wanted.met.size() > met || wanted.unknown.size() > unknown;
        if (!was_read || (is_wanted && !routing::is_event(message.body))) {
            wanted.met.resize(met);
            wanted.unknown.resize(unknown);
            wanted.is_body_unreadable = true;
        }
    }
    std::sort(wanted.met.begin(), wanted.met.end());
    std::sort(wanted.unknown.begin(), wanted.unknown.end());
    return wanted;
}

Board::Audience const& Board::audience_of(Topic& topic) {
    if (topic.audience)
        return *topic.audience;
    auto& audience = topic.audience.emplace();
    for (auto const& [number, arn] : topic.subscriptions) {
        auto& subscription = subscriptions_.at(arn);
        if (subscription.description.state == ports::SubscriptionState::pending)
            continue;
        audience.members.push_back(
            {number, std::make_shared<std::string const>(arn), &subscription});
        if (subscription.filter().empty())
            audience.unfiltered.push_back(number);
        else
            ++audience.filtered[static_cast<std::size_t>(subscription.scope)];
    }
    return audience;
}

/// Of those of which it is not known whether they want it, the dead letters are kept.
std::vector<Parcel> Board::parcels_of(Topic& topic,
                                      std::shared_ptr<Accepted const> const& accepted) {
    auto const wanted = ask_filters(topic, accepted->message);
    auto const& audience = audience_of(topic);
    auto numbers = audience.unfiltered;
    numbers.insert(numbers.end(), wanted.met.begin(), wanted.met.end());
    numbers.insert(numbers.end(), wanted.unknown.begin(), wanted.unknown.end());
    std::sort(numbers.begin(), numbers.end());
    std::vector<Parcel> parcels;
    parcels.reserve(numbers.size());
    std::size_t had_filter = 0;
    auto member = audience.members.begin();
    for (auto const number : numbers) {
        member = std::lower_bound(member, audience.members.end(), number,
                                  [](auto const& each, auto wish) { return each.number < wish; });
        if (member == audience.members.end())
            break;
        if (member->number != number)
            continue; // it has not confirmed
        Parcel parcel{accepted, member->arn};
        ++member->subscription->description.matched;
        bool const is_unknown =
            std::binary_search(wanted.unknown.begin(), wanted.unknown.end(), number);
        had_filter +=
            is_unknown || std::binary_search(wanted.met.begin(), wanted.met.end(), number) ? 1 : 0;
        if (is_unknown)
            keep_dead(parcel, "PATTERN_BUDGET",
                      "whether the message meets the filter takes more work than is allowed");
        else
            parcels.push_back(std::move(parcel));
    }
    auto const of_body = audience.filtered[static_cast<std::size_t>(FilterScope::body)];
    counts_.filtered_out += audience.filtered[0] + audience.filtered[1] - had_filter;
    counts_.unreadable += wanted.is_body_unreadable ? of_body : 0;
    return parcels;
}

void Board::put_into_lane(Subscription const& subscription, Parcel parcel, Instant now) {
    auto lane = subscription.description.arn;
    auto const& group = parcel.accepted->message.group_id;
    bool const is_fifo = parcel.accepted->topic_arn.ends_with(".fifo");
    if (is_fifo)
        lane += " " + group;
    auto const sequence = is_fifo ? lanes::Sequence::kept : lanes::Sequence::free;
    if (!lanes_.add(lane, sequence, parcel, now))
        keep_dead(parcel, "LANE_FULL",
                  fmt::format("{} messages wait for the subscription", lanes::waiting_max));
}

std::optional<Notification> Board::notification(Parcel const& parcel) const {
    auto const found = subscriptions_.find(*parcel.subscription_arn);
    if (found == subscriptions_.end())
        return std::nullopt;
    auto const& subscription = found->second;
    auto const& topic = topics_.at(subscription.description.topic_arn);
    auto const& accepted = *parcel.accepted;
    auto const& message = accepted.message;
    Notification made;
    made.kind = parcel.kind;
    made.topic_arn = accepted.topic_arn;
    made.subscription_arn = subscription.description.arn;
    made.protocol = subscription.description.protocol;
    made.endpoint = subscription.description.endpoint;
    made.message_id = accepted.message_id;
    made.message = text_for(message, subscription.description.protocol);
    made.subject = message.subject;
    made.attributes = message.attributes;
    made.at = accepted.at;
    made.token = token_of(subscription);
    made.sequence_number = accepted.sequence_number;
    made.group_id = message.group_id;
    made.deduplication_id = message.deduplication_id;
    made.signature_version = topic.attribute("SignatureVersion") == "1" ? 1 : 2;
    made.is_raw = subscription.is_raw;
    return made;
}

void Board::delivered(Attempt const& attempt) {
    lanes_.end(attempt.number);
    counts_.delivered += subscriptions_.contains(*attempt.parcel.subscription_arn) ? 1 : 0;
}

void Board::failed(Attempt const& attempt, SendFault fault, std::string what, Instant now) {
    auto const found = subscriptions_.find(*attempt.parcel.subscription_arn);
    if (found == subscriptions_.end())
        return lanes_.end(attempt.number);
    auto const wait = schedule_of(found->second).wait_after(attempt.tries + 1);
    if (fault == SendFault::passing && wait)
        return lanes_.again(attempt.number, now + *wait);
    lanes_.end(attempt.number);
    keep_dead(attempt.parcel, fault == SendFault::passing ? "RETRIES_EXHAUSTED" : "FINAL_FAILURE",
              std::move(what));
}

/// The dead letter of a queue's subscription is what the queue would have got; who opens it looks
/// for the message, not for a signature, so it is raw, and its attributes say what went wrong.
std::optional<DeadLetter> Board::bury(Parcel const& parcel, std::string_view code,
                                      std::string what) {
    auto const found = subscriptions_.find(*parcel.subscription_arn);
    if (found == subscriptions_.end())
        return std::nullopt;
    ++counts_.failed;
    auto const& subscription = found->second;
    if (subscription.dead_letter_arn.empty() || parcel.kind != NotificationKind::notification) {
        ++counts_.lost;
        return std::nullopt;
    }
    DeadLetter letter{subscription.dead_letter_arn,
                      text_for(parcel.accepted->message, subscription.description.protocol)};
    letter.attributes = {{"SUBSCRIPTION_ARN", "String", *parcel.subscription_arn},
                         {"TOPIC_ARN", "String", parcel.accepted->topic_arn},
                         {"MESSAGE_ID", "String", parcel.accepted->message_id},
                         {"ERROR_CODE", "String", std::string(code)},
                         {"ERROR_MESSAGE", "String", std::move(what)}};
    letter.subscription_arn = *parcel.subscription_arn;
    return letter;
}

void Board::keep_dead(Parcel const& parcel, std::string_view code, std::string what) {
    if (auto letter = bury(parcel, code, std::move(what)))
        dead_.push_back(*std::move(letter));
}

} // namespace kontor::topics
