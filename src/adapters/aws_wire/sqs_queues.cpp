/// The operations that make, change and list queues.

#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/page_tokens.hpp"
#include "adapters/aws_wire/queue_attributes.hpp"
#include "adapters/aws_wire/sqs.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::aws_wire {
namespace {

using ports::QueueChange;
using ports::QueueKind;
using ports::QueueOwner;

Wired<QueueKind> take_kind(NamedTexts& attributes) {
    auto const found = attributes.find("FifoQueue");
    if (found == attributes.end())
        return QueueKind::standard;
    if (found->second != "true") // AWS has no such attribute on a standard queue, not even false
        return unexpected(wire_error("InvalidAttributeName", "Unknown Attribute FifoQueue."));
    attributes.erase(found);
    return QueueKind::fifo;
}

/// JSON says `tags` when a queue is made, and `Tags` everywhere else.
Wired<NamedTexts> read_tags(Params const& params) {
    return params.named_texts(params.has("tags") ? "tags" : "Tags");
}

template <class Done>
Wired<Answer> marked(Result<Done, ports::QueueFault> const& done) {
    if (!done)
        return unexpected(to_wire(done.error()));
    return Answer{{}, *done};
}

/// The statement that AddPermission adds to a queue's policy. It is kept and shown.
Value permission_of(std::string const& label, std::vector<std::string> const& accounts,
                    std::vector<std::string> const& actions, std::string const& arn) {
    auto principals = Value::list();
    for (auto const& account : accounts)
        principals.add(Value::text(fmt::format("arn:aws:iam::{}:root", account)));
    auto permitted = Value::list();
    for (auto const& action : actions)
        permitted.add(Value::text(fmt::format("SQS:{}", action)));
    auto statement = Value::object();
    statement.set("Sid", label).set("Effect", "Allow");
    statement.set("Principal", Value::object().set("AWS", std::move(principals)));
    statement.set("Action", std::move(permitted)).set("Resource", arn);
    return statement;
}

/// The statements of a policy that is kept, without the one of this label.
struct KeptPolicy {
    Value statements{Value::list()};
    bool had_label{false};
};
KeptPolicy policy_without(ports::QueueSettings const& settings, std::string const& label) {
    KeptPolicy kept;
    auto const found = settings.kept.find("Policy");
    auto const policy =
        found == settings.kept.end() ? Result<Value>(Value::object()) : read_json(found->second);
    auto const* const statements = policy ? policy->find("Statement") : nullptr;
    if (statements == nullptr || statements->kind() != ValueKind::list)
        return kept;
    for (auto const& [name, statement] : statements->members()) {
        auto const* const sid = statement.find("Sid");
        if (sid != nullptr && sid->text() == label)
            kept.had_label = true;
        else
            kept.statements.add(statement);
    }
    return kept;
}

QueueChange policy_change(Value statements, std::string const& arn) {
    QueueChange change;
    if (statements.members().empty()) {
        change.kept["Policy"] = "";
        return change;
    }
    auto policy = Value::object();
    policy.set("Version", "2008-10-17").set("Id", fmt::format("{}/SQSDefaultPolicy", arn));
    policy.set("Statement", std::move(statements));
    change.kept["Policy"] = to_json(policy);
    return change;
}

} // namespace

Wired<void> Sqs::permit_dead_letters(Call const& call, QueueChange const& change) const {
    if (!change.redrive || !*change.redrive)
        return {};
    return permit_sending(call, arn_of(place_, (*change.redrive)->dead_letters.view()));
}

Wired<Answer> Sqs::create_queue(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("QueueName"));
    KONTOR_TRY(permit(call, arn_of(place_, name)));
    if (name.size() > ports::QueueName::length_max)
        return unexpected(wire_error("InvalidParameterValue",
                                     "Can only include alphanumeric characters, hyphens, or "
                                     "underscores. 1 to 80 in length"));
    KONTOR_TRY(auto attributes, call.params.named_texts("Attributes"));
    KONTOR_TRY(auto const kind, take_kind(attributes));
    KONTOR_TRY(auto change, read_attributes(attributes, place_));
    KONTOR_TRY(permit_dead_letters(call, change));
    KONTOR_TRY(change.tags, read_tags(call.params));
    auto const made = doors_.admin.create(ports::QueueName(name), kind, change, QueueOwner::caller);
    if (!made)
        return unexpected(to_wire(made.error()));
    return Answer{Value::object().set("QueueUrl", url_of(call.base, place_, name)), *made};
}

Wired<Answer> Sqs::delete_queue(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    return marked(doors_.admin.remove(queue, QueueOwner::caller));
}

Wired<Answer> Sqs::purge(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    return marked(doors_.admin.purge(queue));
}

Wired<Answer> Sqs::get_queue_url(Call const& call) {
    KONTOR_TRY(auto const name, call.params.needed_text("QueueName"));
    KONTOR_TRY(permit(call, arn_of(place_, name)));
    KONTOR_TRY(auto const account, call.params.text("QueueOwnerAWSAccountId"));
    if (account && *account != place_.account)
        return unexpected(no_such_queue());
    KONTOR_TRY(auto const queue, queue_named(name));
    auto const found = doors_.admin.find(queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    return Answer{Value::object().set("QueueUrl", url_of(call.base, place_, name))};
}

/// A page: a token says with which name it goes on, and only who names a limit gets one.
Wired<Answer> Sqs::list_names(Call const& call, ports::QueueSelection selection,
                              std::string_view member) {
    constexpr std::int64_t most = list_results_max;
    KONTOR_TRY(auto const limit, call.params.number("MaxResults", {1, most}));
    KONTOR_TRY(auto const after, read_page_token(call.params));
    if (after.size() > ports::QueueName::length_max)
        return unexpected(invalid_value(after, "NextToken", "It is not one of ours."));
    selection.after = ports::QueueName(after);
    auto const page = static_cast<std::size_t>(limit.value_or(most));
    selection.listed = ports::QueuesListed::for_callers;
    selection.limit = ports::Limit(page + 1); // one more says whether there are more
    auto names = doors_.admin.list(selection);
    if (!names)
        return unexpected(to_wire(names.error()));
    auto urls = Value::list();
    for (auto const& name : std::span(*names).first(std::min(page, names->size())))
        urls.add(Value::text(url_of(call.base, place_, name.view())));
    Answer answer{Value::object()};
    if (names->size() > page && limit)
        answer.value.set("NextToken", page_token((*names)[page - 1].view()));
    if (!urls.members().empty())
        answer.value.set(member, std::move(urls));
    return answer;
}

Wired<Answer> Sqs::list_queues(Call const& call) {
    KONTOR_TRY(permit(call, "*"));
    KONTOR_TRY(auto prefix, call.params.text("QueueNamePrefix"));
    ports::QueueSelection selection;
    selection.prefix = prefix.value_or("");
    return list_names(call, std::move(selection), "QueueUrls");
}

Wired<Answer> Sqs::list_sources(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    ports::QueueSelection selection;
    selection.dead_letters_in = queue;
    KONTOR_TRY(auto answer, list_names(call, std::move(selection), "queueUrls"));
    if (answer.value.find("queueUrls") == nullptr && call.params.protocol() == Protocol::json)
        answer.value.set("queueUrls", Value::list()); // its model says that it is always there
    return answer;
}

Wired<Answer> Sqs::get_attributes(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const wanted, call.params.texts("AttributeNames"));
    auto const found = doors_.admin.find(queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    auto const depth = doors_.queue.depth(queue);
    if (!depth)
        return unexpected(to_wire(depth.error()));
    KONTOR_TRY(auto const attributes, attributes_of(*found, *depth, place_, wanted));
    auto map = Value::map();
    for (auto const& [name, value] : attributes)
        map.set(name, value);
    Answer answer{Value::object()};
    if (!map.members().empty())
        answer.value.set("Attributes", std::move(map));
    return answer;
}

Wired<Answer> Sqs::set_attributes(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const attributes, call.params.named_texts("Attributes"));
    if (attributes.empty())
        return unexpected(missing_parameter("Attribute.Name"));
    KONTOR_TRY(auto const change, read_attributes(attributes, place_));
    KONTOR_TRY(permit_dead_letters(call, change));
    return marked(doors_.admin.change(queue, change, QueueOwner::caller));
}

Wired<Answer> Sqs::tag(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    QueueChange change;
    KONTOR_TRY(change.tags, read_tags(call.params));
    if (change.tags.empty())
        return unexpected(missing_parameter("Tags"));
    return marked(doors_.admin.change(queue, change, QueueOwner::caller));
}

Wired<Answer> Sqs::untag(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    QueueChange change;
    KONTOR_TRY(change.tags_removed, call.params.texts("TagKeys"));
    if (change.tags_removed.empty())
        return unexpected(missing_parameter("TagKeys"));
    return marked(doors_.admin.change(queue, change, QueueOwner::caller));
}

Wired<Answer> Sqs::list_tags(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    auto const found = doors_.admin.find(queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    auto map = Value::map();
    for (auto const& [name, value] : found->tags)
        map.set(name, value);
    Answer answer{Value::object()};
    if (!map.members().empty())
        answer.value.set("Tags", std::move(map));
    return answer;
}

Wired<Answer> Sqs::add_permission(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const label, call.params.needed_text("Label"));
    KONTOR_TRY(auto const accounts, call.params.texts("AWSAccountIds"));
    KONTOR_TRY(auto const actions, call.params.texts("Actions"));
    if (accounts.empty() || actions.empty())
        return unexpected(missing_parameter(accounts.empty() ? "AWSAccountIds" : "Actions"));
    auto const found = doors_.admin.find(queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    auto const arn = arn_of(place_, queue.view());
    auto kept = policy_without(found->settings, label);
    if (kept.had_label)
        return unexpected(invalid_value(label, "Label", "Already exists."));
    kept.statements.add(permission_of(label, accounts, actions, arn));
    auto const change = policy_change(std::move(kept.statements), arn);
    return marked(doors_.admin.change(queue, change, QueueOwner::caller));
}

Wired<Answer> Sqs::remove_permission(Call const& call) {
    KONTOR_TRY(auto const queue, queue_of(call));
    KONTOR_TRY(auto const label, call.params.needed_text("Label"));
    auto const found = doors_.admin.find(queue);
    if (!found)
        return unexpected(to_wire(found.error()));
    auto kept = policy_without(found->settings, label);
    if (!kept.had_label)
        return unexpected(invalid_value(label, "Label", "can't find label on existing policy"));
    auto const change = policy_change(std::move(kept.statements), arn_of(place_, queue.view()));
    return marked(doors_.admin.change(queue, change, QueueOwner::caller));
}

} // namespace kontor::aws_wire
