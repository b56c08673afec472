#include "adapters/aws_wire/sns.hpp"

#include "adapters/aws_wire/dispatch.hpp"
#include "adapters/aws_wire/messaging_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kontor::aws_wire {

struct Sns::Operation {
    std::string_view name;
    Wired<Value> (Sns::*run)(Call const&);
};

std::span<Sns::Operation const> Sns::operations() {
    static constexpr std::array<Operation, 17> all{{
        {"Publish", &Sns::publish},
        {"PublishBatch", &Sns::publish_batch},
        {"CreateTopic", &Sns::create_topic},
        {"DeleteTopic", &Sns::delete_topic},
        {"ListTopics", &Sns::list_topics},
        {"GetTopicAttributes", &Sns::get_topic_attributes},
        {"SetTopicAttributes", &Sns::set_topic_attributes},
        {"Subscribe", &Sns::subscribe},
        {"ConfirmSubscription", &Sns::confirm},
        {"Unsubscribe", &Sns::unsubscribe},
        {"ListSubscriptions", &Sns::list_subscriptions},
        {"ListSubscriptionsByTopic", &Sns::list_subscriptions_by_topic},
        {"GetSubscriptionAttributes", &Sns::get_subscription_attributes},
        {"SetSubscriptionAttributes", &Sns::set_subscription_attributes},
        {"TagResource", &Sns::tag},
        {"UntagResource", &Sns::untag},
        {"ListTagsForResource", &Sns::list_tags},
    }};
    return all;
}

bool Sns::is_operation(std::string_view name) {
    return std::ranges::find(operations(), name, &Operation::name) != operations().end();
}

Wired<Value> Sns::answer(Call const& call) {
    auto const found = std::ranges::find(operations(), call.operation, &Operation::name);
    if (found == operations().end())
        return unexpected(unknown_operation(call.operation, call.params.protocol()));
    return (this->*found->run)(call).transform_error(in_words_of_sns);
}

namespace {

WireError invalid_parameter(std::string says) {
    return wire_error("InvalidParameter", "Invalid parameter: " + std::move(says));
}

/// A text that SNS cannot do without.
Wired<std::string> needed(Params const& params, std::string_view name) {
    KONTOR_TRY(auto value, params.text(name));
    if (!value || value->empty())
        return unexpected(invalid_parameter(fmt::format("{} Reason: no value for required "
                                                        "parameter",
                                                        name)));
    return *std::move(value);
}

} // namespace

Wired<std::string> Sns::arn_in(Call const& call, std::string_view name) const {
    KONTOR_TRY(auto arn, needed(call.params, name));
    if (auto const read = ports::Arn::parse(arn); !read || read->service != "sns")
        return unexpected(invalid_parameter(fmt::format("{} Reason: no ARN of SNS", name)));
    KONTOR_TRY(permit(call, "sns", arn));
    return arn;
}

Wired<Value> Sns::create_topic(Call const& call) {
    KONTOR_TRY(auto const name, needed(call.params, "Name"));
    KONTOR_TRY(permit(call, "sns", ports::Arn{"sns", place_, name}.to_string()));
    KONTOR_TRY(auto const attributes, call.params.named_texts("Attributes"));
    KONTOR_TRY(auto const tags, read_tag_list(call.params));
    auto const made = doors_.topics.create_topic(name, attributes, tags);
    if (!made)
        return unexpected(sns_error(made.error(), "TopicLimitExceeded"));
    return Value::object().set("TopicArn", *made);
}

Wired<Value> Sns::delete_topic(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "TopicArn"));
    if (auto const done = doors_.topics.delete_topic(arn); !done)
        return unexpected(sns_error(done.error()));
    return Value();
}

Wired<Value> Sns::list_topics(Call const& call) {
    KONTOR_TRY(permit(call, "sns", "*"));
    KONTOR_TRY(auto const page, read_page(call.params, {}));
    auto const found = doors_.topics.list_topics(page);
    if (!found)
        return unexpected(sns_error(found.error()));
    return page_value(*found, "Topics",
                      [](std::string const& arn) { return Value::object().set("TopicArn", arn); });
}

namespace {

Value attributes_value(ports::NamedTexts const& attributes) {
    auto map = Value::map();
    for (auto const& [name, value] : attributes)
        map.set(name, value);
    return Value::object().set("Attributes", std::move(map));
}

} // namespace

Wired<Value> Sns::get_topic_attributes(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "TopicArn"));
    auto const found = doors_.topics.get_topic_attributes(arn);
    if (!found)
        return unexpected(sns_error(found.error()));
    return attributes_value(*found);
}

Wired<Value> Sns::set_topic_attributes(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "TopicArn"));
    KONTOR_TRY(auto const name, needed(call.params, "AttributeName"));
    KONTOR_TRY(auto const value, call.params.text("AttributeValue"));
    if (auto const done = doors_.topics.set_topic_attribute(arn, name, value.value_or("")); !done)
        return unexpected(sns_error(done.error()));
    return Value();
}

Wired<Value> Sns::tag(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "ResourceArn"));
    KONTOR_TRY(auto const tags, read_tag_list(call.params));
    if (auto const done = doors_.tags.tag_resource(arn, tags); !done)
        return unexpected(sns_error(done.error(), "TagLimitExceeded"));
    return Value::object();
}

Wired<Value> Sns::untag(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "ResourceArn"));
    KONTOR_TRY(auto const keys, call.params.texts("TagKeys"));
    if (auto const done = doors_.tags.untag_resource(arn, keys); !done)
        return unexpected(sns_error(done.error()));
    return Value::object();
}

Wired<Value> Sns::list_tags(Call const& call) {
    KONTOR_TRY(auto const arn, arn_in(call, "ResourceArn"));
    auto const tags = doors_.tags.list_tags_for_resource(arn);
    if (!tags)
        return unexpected(sns_error(tags.error()));
    return Value::object().set("Tags", tag_list(*tags));
}

} // namespace kontor::aws_wire
