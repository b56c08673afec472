#pragma once

/// Sns: the operations of SNS, each read from its parameters, asked of topics and subscriptions,
/// and answered. What an attribute or a filter may be they say.
/// Thread: one; a call may wait for the disk, so not the edge's.
/// Source: MESSAGING sections 5 and 7; Amazon SNS API Reference (2010-03-31).

#include "adapters/aws_wire/call.hpp"
#include "ports/arn.hpp"
#include "ports/topic.hpp"

#include <span>

namespace kontor::aws_wire {

/// What is asked. All outlive whoever asks.
struct TopicDoors {
    ports::Topic& topic;
    ports::Topics& topics;
    ports::Subscriptions& subscriptions;
    ports::ResourceTags& tags;
};

class Sns {
public:
    Sns(TopicDoors doors, ports::CloudPlace place) : doors_(doors), place_(std::move(place)) {}

    static bool is_operation(std::string_view name);
    /// Those that a link in a mail or a notification asks for: whoever has it may, unsigned.
    static bool is_link(std::string_view operation) {
        return operation == "ConfirmSubscription" || operation == "Unsubscribe";
    }

    /// Nothing: the operation has no answer but that it was done.
    /// Errors: those of the operation's page in the API reference, InvalidAction,
    ///         AuthorizationError.
    Wired<Value> answer(Call const& call);

private:
    struct Operation;
    static std::span<Operation const> operations();

    Wired<Value> publish(Call const& call);
    Wired<Value> publish_batch(Call const& call);

    Wired<Value> create_topic(Call const& call);
    Wired<Value> delete_topic(Call const& call);
    Wired<Value> list_topics(Call const& call);
    Wired<Value> get_topic_attributes(Call const& call);
    Wired<Value> set_topic_attributes(Call const& call);

    Wired<Value> subscribe(Call const& call);
    Wired<Value> confirm(Call const& call);
    Wired<Value> unsubscribe(Call const& call);
    Wired<Value> list_subscriptions(Call const& call);
    Wired<Value> list_subscriptions_by_topic(Call const& call);
    Wired<Value> get_subscription_attributes(Call const& call);
    Wired<Value> set_subscription_attributes(Call const& call);

    Wired<Value> tag(Call const& call);
    Wired<Value> untag(Call const& call);
    Wired<Value> list_tags(Call const& call);

    Wired<Value> list_from(Call const& call, std::string const& topic);
    /// The ARN under that name, which the caller must be allowed to use so.
    /// Errors: InvalidParameter (there is none, or it is no ARN of SNS), AccessDeniedException.
    Wired<std::string> arn_in(Call const& call, std::string_view name) const;

    TopicDoors doors_;
    ports::CloudPlace place_;
};

} // namespace kontor::aws_wire
