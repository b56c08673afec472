#include "services/gateway/codes.hpp"

#include "services/gateway/audit_note.hpp"
#include "services/gateway/message_bodies.hpp"
#include "services/gateway/queue_calls.hpp"
#include "services/gateway/topic_calls.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

using ports::MessagingRefusal;
using ports::SubscriptionDescription;

constexpr std::string_view dead_letters_of_the_shop = "dead-letter";

/// What is wrong with a URL is that it is not called.
BusProblems const of_urls{"unknown_topic",   "subscription_exists", "address_refused",
                          "address_refused", "owned_by_topology",   "subscription_refused"};

BusProblems const& problems_of(std::string_view endpoint) {
    return is_url(endpoint) ? of_urls : of_topics;
}

/// Filters are checked before they are asked for, so that it is said where they are wrong.
Result<void, Trouble> check_words(Parts const& parts, SubscriptionWords const& words,
                                  topics::FilterScope scope) {
    if (words.filter) {
        KONTOR_TRY(check_filter(*words.filter, scope));
    }
    if (words.dead_letters && !words.dead_letters->empty())
        KONTOR_TRY(check_queue(parts, *words.dead_letters, "/dead_letters"));
    return {};
}

SubscriptionWords said_in(Parts const& parts, SubscribeTo const& body) {
    SubscriptionWords words{
        body.filter, body.scope.value_or(topics::FilterScope::body), body.raw.value_or(false), {}};
    if (body.dead_letters)
        words.dead_letters = body.dead_letters->value;
    else if (check_queue(parts, std::string(dead_letters_of_the_shop), ""))
        words.dead_letters = dead_letters_of_the_shop;
    return words;
}

ports::SubscriptionWish wish_of(ArchiveDesk::Doors const& to, std::string const& topic,
                                std::string const& endpoint, SubscriptionWords const& words) {
    ports::SubscriptionWish wish{topic_arn(to, topic), "sqs", endpoint,
                                 attributes_of(words, to.place)};
    if (is_url(endpoint))
        wish.protocol = endpoint.substr(0, endpoint.find("://"));
    else
        wish.endpoint = ports::Arn{"sqs", to.place, endpoint}.to_string();
    return wish;
}

/// One that was just seen or made, as it stands now.
FromTheBus<StandingSubscription> as_it_stands(ArchiveDesk::Doors const& to,
                                              std::string const& topic, std::string const& id) {
    KONTOR_TRY(auto found, subscription_of(to, topic, id));
    if (!found)
        return unexpected(
            MessagingRefusal{ports::MessagingFault::not_found, "It has ended meanwhile."});
    return *std::move(found);
}

/// What a wish would come to.
struct Prospect {
    std::optional<StandingSubscription> standing{};
};
FromTheBus<Prospect> prospect_of(ArchiveDesk::Doors const& to, std::string const& topic,
                                 ports::SubscriptionWish const& wish) {
    KONTOR_TRY(auto const standing, to.subscriptions.check_subscription(wish));
    if (!standing)
        return Prospect{};
    KONTOR_TRY(auto found, as_it_stands(to, topic, last_name_of(standing->arn)));
    return Prospect{std::move(found)};
}

Reply shown_subscription(Parts const& parts, std::uint16_t status,
                         StandingSubscription const& standing) {
    auto const answer = answer_of(parts, standing);
    auto reply = json_reply(status, answer);
    reply.headers.add("ETag", etag_of(answer.version));
    if (status == 201)
        reply.headers.add("Location",
                          "/v1/ops/topics/" + answer.topic + "/subscriptions/" + answer.id);
    return reply;
}

/// A subscription of the path, and what it would say to a change.
struct Target {
    std::optional<StandingSubscription> standing{};
    std::optional<MessagingRefusal> refusal{};
};
Result<std::optional<Target>, Trouble> target_of(Parts const& parts, Asked& asked,
                                                 SubscriptionWords const& words) {
    auto const look = [words, topic = asked.path[0],
                       id = asked.path[1]](ArchiveDesk::Doors const& to) -> FromTheBus<Target> {
        KONTOR_TRY(auto standing, subscription_of(to, topic, id));
        Target target{std::move(standing), {}};
        if (target.standing)
            if (auto const checked = to.subscriptions.check_change(
                    target.standing->description.arn, {attributes_of(words, to.place), {}});
                !checked)
                target.refusal = checked.error();
        return target;
    };
    KONTOR_TRY(auto target, found_by<Target>(parts, asked, of_topics, look));
    if (target && !target->standing)
        return unexpected(trouble("unknown_subscription"));
    if (target && target->standing->description.is_of_topology)
        return unexpected(trouble("owned_by_topology"));
    return target;
}

/// As it is to stand.
SubscriptionAnswer changed(SubscriptionAnswer answer, SubscriptionWords const& words) {
    if (words.filter)
        answer.filter = topics::is_for_all(*words.filter) ? std::nullopt : words.filter;
    answer.scope = words.scope.value_or(answer.scope);
    answer.raw = words.raw.value_or(answer.raw);
    if (words.dead_letters)
        answer.dead_letters = if_said(*words.dead_letters);
    return answer;
}

/// Whatever was set with a URL that is refused, the words of the refusal say.
Served change_of(Parts& parts, Asked& asked, StandingSubscription const& standing,
                 SubscriptionWords const& words) {
    auto const before = answer_of(parts, standing);
    auto after = changed(before, words);
    if (codec::to_json(after) == codec::to_json(before))
        return Answer(shown_subscription(parts, 200, standing));
    ++after.version;
    auto const change =
        [words, arn = standing.description.arn, version = before.version, topic = before.topic,
         id = before.id](ArchiveDesk::Doors const& to) -> FromTheBus<StandingSubscription> {
        KONTOR_TRY(
            to.subscriptions.change_subscription(arn, {attributes_of(words, to.place), version}));
        return as_it_stands(to, topic, id);
    };
    return after_note(
        asked, {codec::to_json(before), codec::to_json(after),
                carried_out<StandingSubscription>(parts.archives, asked, of_topics, change,
                                                  [&parts](StandingSubscription const& found) {
                                                      return shown_subscription(parts, 200, found);
                                                  })});
}

} // namespace

namespace code {

Served list_subscriptions(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const wish, names_asked(parts, asked));
    KONTOR_TRY(auto const found, found_by<StandingSubscriptions>(
                                     parts, asked, of_topics,
                                     [wish, topic = asked.path[0]](ArchiveDesk::Doors const& to) {
                                         return subscriptions_of(to, topic, wish);
                                     }));
    if (!found)
        return Answer(NotYet{});
    return page_of_names(parts, asked, *found, [&parts](StandingSubscription const& each) {
        return answer_of(parts, each);
    });
}

Served show_subscription(Parts& parts, Asked& asked) {
    using Found = std::optional<StandingSubscription>;
    KONTOR_TRY(auto const found, found_by<Found>(parts, asked, of_topics,
                                                 [topic = asked.path[0], id = asked.path[1]](
                                                     ArchiveDesk::Doors const& to) {
                                                     return subscription_of(to, topic, id);
                                                 }));
    if (!found)
        return Answer(NotYet{});
    if (!*found)
        return unexpected(trouble("unknown_subscription"));
    return Answer(shown_subscription(parts, 200, **found));
}

Served subscribe_to_topic(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<SubscribeTo>(asked));
    auto const& endpoint = body.endpoint.value;
    auto const words = said_in(parts, body);
    KONTOR_TRY(check_words(parts, words, *words.scope));
    if (!is_url(endpoint))
        KONTOR_TRY(check_queue(parts, endpoint, "/endpoint"));
    auto const& problems = problems_of(endpoint);
    auto const topic = asked.path[0];
    KONTOR_TRY(auto const prospect,
               found_by<Prospect>(
                   parts, asked, problems, [topic, endpoint, words](ArchiveDesk::Doors const& to) {
                       return prospect_of(to, topic, wish_of(to, topic, endpoint, words));
                   }));
    if (!prospect)
        return Answer(NotYet{});
    if (prospect->standing)
        return Answer(shown_subscription(parts, 200, *prospect->standing));
    auto const subscribe =
        [topic, endpoint, words](ArchiveDesk::Doors const& to) -> FromTheBus<StandingSubscription> {
        KONTOR_TRY(auto const made,
                   to.subscriptions.subscribe(wish_of(to, topic, endpoint, words)));
        return as_it_stands(to, topic, last_name_of(made.arn));
    };
    return after_note(
        asked, {std::nullopt, codec::to_json(body),
                carried_out<StandingSubscription>(parts.archives, asked, problems, subscribe,
                                                  [&parts](StandingSubscription const& made) {
                                                      return shown_subscription(parts, 201, made);
                                                  })});
}

Served change_subscription(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const body, body_of<ChangeSubscription>(asked));
    SubscriptionWords words{body.filter, body.scope, body.raw, {}};
    if (body.dead_letters)
        words.dead_letters = body.dead_letters->value;
    KONTOR_TRY(auto const target, target_of(parts, asked, words));
    if (!target)
        return Answer(NotYet{});
    auto const& standing = *target->standing;
    auto const shown = changed(answer_of(parts, standing), words);
    auto const version = ports::StreamVersion(shown.version);
    if (!asked.if_match.empty() &&
        std::ranges::find(asked.if_match, version) == asked.if_match.end())
        return unexpected(version_trouble(shown.version));
    words.filter =
        words.filter || words.scope ? std::optional(shown.filter.value_or("{}")) : std::nullopt;
    KONTOR_TRY(check_words(parts, words, shown.scope));
    if (target->refusal)
        return unexpected(trouble_of(*target->refusal, of_topics));
    return change_of(parts, asked, standing, words);
}

Served end_subscription(Parts& parts, Asked& asked) {
    KONTOR_TRY(auto const target, target_of(parts, asked, {}));
    if (!target)
        return Answer(NotYet{});
    auto const end = [arn = target->standing->description.arn](
                         ArchiveDesk::Doors const& to) -> FromTheBus<bool> {
        KONTOR_TRY(to.subscriptions.unsubscribe(arn));
        return true;
    };
    return after_note(asked, {codec::to_json(answer_of(parts, *target->standing)), std::nullopt,
                              carried_out<bool>(parts.archives, asked, of_topics, end, [](bool) {
                                  Reply reply;
                                  reply.status = 204;
                                  return reply;
                              })});
}

} // namespace code
} // namespace kontor::services::gateway
