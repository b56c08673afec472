#include "adapters/aws_wire/form.hpp"
#include "adapters/aws_wire/hand_bus.hpp"
#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/lane.hpp"
#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/page_tokens.hpp"
#include "adapters/aws_wire/xml_form.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <set>

namespace kontor::aws_wire {
namespace {

using ports::MessagingFault;

/// Asks an operation of EventBridge; its answer as JSON, or the code of its refusal.
class EventsSpec : public testing::Test {
protected:
    std::string ask(std::string_view operation, std::string_view json,
                    AccessKey const* key = nullptr) {
        auto const params = read_json(json).value();
        Caller const caller{"AKIDSPEC", key};
        auto const answer = events_.answer({operation, Params(params, Protocol::json), caller});
        if (!answer)
            return answer.error().code;
        return answer->is_nothing() ? "" : to_json(*answer);
    }

    HandBus bus_;
    Events events_{bus_.doors(), {}};
};

TEST_F(EventsSpec, puts_entries_and_tells_of_each) {
    bus_.outcomes = {ports::EntryOutcome("id-1"),
                     unexpected(ports::EntryRefusal{ports::EntryFault::malformed_detail, "bad"})};
    EXPECT_EQ(ask("PutEvents", R"({"Entries":[{"Source":"a","DetailType":"b","Detail":"{}",)"
                               R"("Time":1700000000.5,"Resources":["r"],"EventBusName":"shop"},)"
                               R"({"Source":"a"}]})"),
              R"({"FailedEntryCount":1,"Entries":[{"EventId":"id-1"},)"
              R"({"ErrorCode":"MalformedDetail","ErrorMessage":"bad"}]})");
    ASSERT_EQ(bus_.entries.size(), 2u);
    auto const& entry = bus_.entries.front();
    EXPECT_EQ(entry.bus, "shop");
    EXPECT_EQ(entry.detail, "{}");
    EXPECT_EQ(entry.resources, std::vector<std::string>{"r"});
    EXPECT_EQ(entry.time, hand_moment + Duration::milliseconds(500));
    EXPECT_EQ(bus_.entries.back().time, std::nullopt);
}

TEST_F(EventsSpec, hands_the_bus_no_entry_that_its_key_may_not_speak_for) {
    AccessKey const key{"s", {"*"}, {"*"}, {"partner.*"}};
    bus_.outcomes = {ports::EntryOutcome("id-1")};
    auto const told =
        ask("PutEvents", R"({"Entries":[{"Source":"kontor.order"},{"Source":"partner.x"}]})", &key);
    EXPECT_EQ(told, R"({"FailedEntryCount":1,"Entries":[)"
                    R"({"ErrorCode":"NotAuthorizedForSourceException",)"
                    R"("ErrorMessage":"Not authorized for the source."},{"EventId":"id-1"}]})");
    ASSERT_EQ(bus_.entries.size(), 1u);
    EXPECT_EQ(bus_.entries.front().source, "partner.x");
    AccessKey const looker{"s", {"events:List*"}, {"*"}, {"*"}};
    EXPECT_EQ(ask("PutEvents", R"({"Entries":[{"Source":"a"}]})", &looker),
              "AccessDeniedException");
}

TEST_F(EventsSpec, makes_and_shows_buses) {
    EXPECT_EQ(ask("CreateEventBus", R"({"Name":"shop","DeadLetterConfig":{"Arn":"arn:dlq"}})"),
              R"({"EventBusArn":"arn:bus:shop","DeadLetterConfig":{"Arn":"arn:dlq"}})");
    EXPECT_EQ(ask("DescribeEventBus", "{}"),
              R"({"Name":"default","Arn":"arn:bus:default","CreationTime":1700000000,)"
              R"("LastModifiedTime":1700000000})");
    EXPECT_EQ(
        ask("ListEventBuses",
            fmt::format(R"({{"NamePrefix":"s","NextToken":"{}","Limit":7}})", page_token("r"))),
        R"({"EventBuses":[{"Name":"shop","Arn":"arn:bus:shop","CreationTime":1700000000,)"
        R"("LastModifiedTime":1700000000}],"NextToken":")" +
            page_token("shop") + R"("})");
    EXPECT_EQ(bus_.said, "s r 7");
    EXPECT_EQ(ask("DeleteEventBus", R"({"Name":"shop"})"), "");
    EXPECT_EQ(bus_.said, "delete shop");
    EXPECT_EQ(ask("CreateEventBus", "{}"), "ValidationException");
    EXPECT_EQ(ask("ListEventBuses", R"({"Limit":0})"), "ValidationException");
    EXPECT_EQ(ask("ListEventBuses", R"({"NextToken":"shop"})"), "ValidationException");
}

TEST_F(EventsSpec, makes_rules_and_targets) {
    EXPECT_EQ(ask("PutRule", R"({"Name":"r","EventBusName":"shop","EventPattern":"{}",)"
                             R"("State":"DISABLED"})"),
              R"({"RuleArn":"arn:r"})");
    EXPECT_EQ(bus_.rule.pattern, "{}");
    EXPECT_EQ(bus_.rule.state, ports::RuleState::disabled);
    EXPECT_EQ(ask("PutRule", R"({"Name":"r","State":"ASLEEP"})"), "ValidationException");
    EXPECT_EQ(ask("EnableRule", R"({"Name":"r"})"), "");
    EXPECT_EQ(bus_.said, "default/r true");
    constexpr std::string_view target =
        R"({"Id":"a","Arn":"arn:q","InputTransformer":{"InputPathsMap":{"o":"$.detail.id"},)"
        R"("InputTemplate":"<o>"},"RetryPolicy":{"MaximumRetryAttempts":2,)"
        R"("MaximumEventAgeInSeconds":60},"DeadLetterConfig":{"Arn":"arn:dlq"},)"
        R"("SqsParameters":{"MessageGroupId":"g"}})";
    EXPECT_EQ(ask("PutTargets", fmt::format(R"({{"Rule":"r","Targets":[{}]}})", target)),
              R"({"FailedEntryCount":1,"FailedEntries":[{"TargetId":"b",)"
              R"("ErrorCode":"InvalidArgument","ErrorMessage":"no such queue"}]})");
    ASSERT_EQ(bus_.targets.size(), 1u);
    EXPECT_EQ(bus_.targets[0].retry, (ports::RetryPolicy{2, 60}));
    EXPECT_EQ(bus_.targets[0].input.filled->paths.at("o"), "$.detail.id");
    EXPECT_EQ(ask("ListTargetsByRule", R"({"Rule":"r"})"),
              fmt::format(R"({{"Targets":[{}]}})", target))
        << "it is shown as it was put";
    EXPECT_EQ(ask("ListRuleNamesByTarget", R"({"TargetArn":"arn:q"})"), R"({"RuleNames":["r"]})");
    EXPECT_EQ(ask("RemoveTargets", R"({"Rule":"r","Ids":["a"]})"),
              R"({"FailedEntryCount":0,"FailedEntries":[]})");
}

TEST_F(EventsSpec, begins_replays_of_archives) {
    EXPECT_EQ(ask("DescribeArchive", R"({"ArchiveName":"past"})"),
              R"({"ArchiveName":"past","EventSourceArn":"","State":"ENABLED","RetentionDays":0,)"
              R"("SizeBytes":0,"EventCount":7,"CreationTime":1700000000,"ArchiveArn":""})");
    EXPECT_EQ(ask("UpdateArchive", R"({"ArchiveName":"past","RetentionDays":3})").find("State") ==
                  std::string::npos,
              false);
    EXPECT_EQ(bus_.said, "past 3");
    ask("StartReplay", R"({"ReplayName":"again","EventSourceArn":"arn:past","EventStartTime":1,)"
                       R"("EventEndTime":2.5,"Destination":{"Arn":"arn:bus","FilterArns":["r"]}})");
    EXPECT_EQ(bus_.said, "arn:past 1000000..2500000 1");
    EXPECT_EQ(ask("StartReplay", R"({"ReplayName":"again","EventSourceArn":"a"})"),
              "ValidationException");
}

TEST_F(EventsSpec, lists_archives_and_replays_of_one_state) {
    EXPECT_EQ(ask("ListArchives", R"({"State":"ENABLED"})"), ask("ListArchives", "{}"));
    EXPECT_NE(ask("ListArchives", "{}").find("\"kept\""), std::string::npos);
    EXPECT_EQ(ask("ListArchives", R"({"State":"DISABLED"})"), R"({"Archives":[]})");
    EXPECT_EQ(ask("ListReplays", R"({"State":"COMPLETED"})"), ask("ListReplays", "{}"));
    EXPECT_NE(ask("ListReplays", "{}").find("\"again\""), std::string::npos);
    EXPECT_EQ(ask("ListReplays", R"({"State":"FAILED"})"), R"({"Replays":[]})");
    EXPECT_EQ(ask("ListReplays", R"({"State":"ASLEEP"})"), "ValidationException");
}

TEST_F(EventsSpec, has_a_name_for_each_refusal) {
    std::set<std::string> names;
    for (auto const fault :
         {MessagingFault::not_found, MessagingFault::already_exists, MessagingFault::invalid,
          MessagingFault::invalid_pattern, MessagingFault::limit_exceeded,
          MessagingFault::concurrent_modification, MessagingFault::illegal_status,
          MessagingFault::access_denied, MessagingFault::throttled, MessagingFault::unavailable}) {
        bus_.refusal = ports::MessagingRefusal{fault, "no"};
        names.insert(ask("DeleteRule", R"({"Name":"r"})"));
    }
    EXPECT_EQ(names.size(), 10u);
    EXPECT_TRUE(names.contains("ResourceNotFoundException"));
    EXPECT_TRUE(names.contains("InvalidEventPatternException"));
    EXPECT_EQ(ask("Nonsense", "{}"), "UnknownOperationException");
}

/// Asks an operation of SNS in a form; its answer as XML without its frame, or the code of its
/// refusal.
class SnsSpec : public testing::Test {
protected:
    std::string ask(std::string_view operation, std::string_view form) {
        auto const params = fold_form(read_form(form).value(), Service::sns).value();
        Caller const caller{"AKIDSPEC", nullptr};
        auto const answer = sns_.answer({operation, Params(params, Protocol::query), caller});
        if (!answer)
            return answer.error().query_code.empty() ? answer.error().code
                                                     : answer.error().query_code;
        auto text = to_xml(*answer, {Service::sns, operation, "id"});
        auto const begin = text.find("Result>");
        if (begin == text.npos)
            return "";
        return text.substr(begin + 7, text.rfind("Result>") - begin - 9 - operation.size());
    }

    HandTopics topics_;
    Sns sns_{topics_.doors(), {}};
};

TEST_F(SnsSpec, makes_lists_and_changes_topics) {
    EXPECT_EQ(ask("CreateTopic", "Name=orders&Attributes.entry.1.key=DisplayName&"
                                 "Attributes.entry.1.value=T&Tags.member.1.Key=k&"
                                 "Tags.member.1.Value=v"),
              "<TopicArn>arn:aws:sns:us-east-1:000000000000:orders</TopicArn>");
    EXPECT_EQ(topics_.said, "orders 1 1");
    EXPECT_EQ(ask("ListTopics", ""),
              "<Topics><member><TopicArn>arn:a</TopicArn></member><member><TopicArn>arn:b"
              "</TopicArn></member></Topics><NextToken>" +
                  page_token("next") + "</NextToken>");
    EXPECT_EQ(ask("GetTopicAttributes", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"),
              "<Attributes><entry><key>DisplayName</key><value>T</value></entry></Attributes>");
    EXPECT_EQ(ask("SetTopicAttributes", "TopicArn=arn:aws:sns:us-east-1:000000000000:a&"
                                        "AttributeName=DisplayName&AttributeValue="),
              "");
    EXPECT_EQ(topics_.said, "DisplayName=");
    EXPECT_EQ(ask("ListTagsForResource", "ResourceArn=arn:aws:sns:us-east-1:000000000000:a"),
              "<Tags><member><Key>team</Key><Value>shop</Value></member></Tags>");
    EXPECT_EQ(ask("DeleteTopic", ""), "InvalidParameter");
}

TEST_F(SnsSpec, publishes_one_or_many) {
    topics_.outcomes = {ports::PublishOutcome(ports::Published{"m-1", {}})};
    EXPECT_EQ(ask("Publish", "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Message=x&Subject=s&"
                             "MessageAttributes.entry.1.Name=n&"
                             "MessageAttributes.entry.1.Value.DataType=String&"
                             "MessageAttributes.entry.1.Value.StringValue=v"),
              "<MessageId>m-1</MessageId>");
    ASSERT_EQ(topics_.messages.size(), 1u);
    EXPECT_EQ(topics_.messages[0].subject, "s");
    EXPECT_EQ(topics_.messages[0].attributes, (ports::MessageAttributes{{"n", "String", "v"}}));
    topics_.outcomes = {ports::PublishOutcome(ports::Published{"m-1", "7"}),
                        unexpected(ports::PublishRefusal{"InvalidParameter", "no"})};
    EXPECT_EQ(ask("PublishBatch", "TopicArn=arn:aws:sns:us-east-1:000000000000:a&"
                                  "PublishBatchRequestEntries.member.1.Id=a&"
                                  "PublishBatchRequestEntries.member.1.Message=x&"
                                  "PublishBatchRequestEntries.member.2.Id=b&"
                                  "PublishBatchRequestEntries.member.2.Message=y"),
              "<Successful><member><Id>a</Id><MessageId>m-1</MessageId><SequenceNumber>7"
              "</SequenceNumber></member></Successful><Failed><member><Id>b</Id><Code>"
              "InvalidParameter</Code><Message>no</Message><SenderFault>true</SenderFault></member>"
              "</Failed>");
    EXPECT_EQ(ask("PublishBatch", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"),
              "EmptyBatchRequest");
    EXPECT_EQ(ask("PublishBatch", "TopicArn=arn:aws:sns:us-east-1:000000000000:a&"
                                  "PublishBatchRequestEntries.member.1.Id=a&"
                                  "PublishBatchRequestEntries.member.2.Id=a"),
              "BatchEntryIdsNotDistinct");
    EXPECT_EQ(ask("Publish",
                  "TopicArn=arn:aws:sns:us-east-1:000000000000:a&MessageAttributes.entry.1.Name=n&"
                  "MessageAttributes.entry.1.Value.DataType=String"),
              "ParameterValueInvalid");
}

TEST_F(SnsSpec, subscribes_and_waits_for_who_must_confirm) {
    EXPECT_EQ(ask("Subscribe",
                  "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Protocol=sqs&Endpoint=arn:q&"
                  "Attributes.entry.1.key=RawMessageDelivery&"
                  "Attributes.entry.1.value=true"),
              "<SubscriptionArn>arn:sub</SubscriptionArn>");
    EXPECT_EQ(topics_.wish.attributes.at("RawMessageDelivery"), "true");
    topics_.state = ports::SubscriptionState::pending;
    EXPECT_EQ(
        ask("Subscribe",
            "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Protocol=https&Endpoint=https://x"),
        "<SubscriptionArn>pending confirmation</SubscriptionArn>");
    EXPECT_EQ(ask("Subscribe",
                  "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Protocol=https&Endpoint=https://x&"
                  "ReturnSubscriptionArn=true"),
              "<SubscriptionArn>arn:sub</SubscriptionArn>");
    EXPECT_EQ(ask("ListSubscriptionsByTopic", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"),
              "<Subscriptions><member><SubscriptionArn>PendingConfirmation</SubscriptionArn><Owner>"
              "000000000000</Owner><Protocol>sqs</Protocol><Endpoint>arn:queue</Endpoint><TopicArn>"
              "arn:topic</TopicArn></member></Subscriptions>");
    EXPECT_EQ(topics_.said, "of arn:aws:sns:us-east-1:000000000000:a");
    ask("ConfirmSubscription", "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Token=t");
    EXPECT_EQ(topics_.said, "confirm t");
    EXPECT_EQ(
        ask("ConfirmSubscription",
            "TopicArn=arn:aws:sns:us-east-1:000000000000:a&Token=u&AuthenticateOnUnsubscribe=true"),
        "InvalidParameter");
    EXPECT_EQ(topics_.said, "confirm t");
}

TEST_F(SnsSpec, refuses_what_cannot_be_in_words_of_its_own) {
    for (auto const* const arn : {"x", "arn:a", "arn:aws:sqs:us-east-1:000000000000:a"}) {
        topics_.said.clear();
        EXPECT_EQ(ask("GetTopicAttributes", fmt::format("TopicArn={}", arn)), "InvalidParameter");
        EXPECT_EQ(ask("Unsubscribe", fmt::format("SubscriptionArn={}", arn)), "InvalidParameter");
        EXPECT_EQ(topics_.said, "");
    }
    constexpr std::string_view topic = "TopicArn=arn:aws:sns:us-east-1:000000000000:a";
    EXPECT_EQ(ask("ListTopics", "NextToken=nonsense"), "InvalidParameter");
    EXPECT_EQ(ask("Publish", fmt::format("{}&Message=x&MessageStructure=foo", topic)),
              "InvalidParameter");
    EXPECT_EQ(ask("PublishBatch", fmt::format("{}&PublishBatchRequestEntries.member.1.Id=a b&"
                                              "PublishBatchRequestEntries.member.1.Message=x",
                                              topic)),
              "InvalidBatchEntryId");
    EXPECT_TRUE(topics_.messages.empty());
}

TEST_F(SnsSpec, names_the_limit_that_was_exceeded) {
    topics_.refusal =
        ports::MessagingRefusal{MessagingFault::limit_exceeded, "200 filter policies"};
    EXPECT_EQ(ask("Subscribe", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"),
              "FilterPolicyLimitExceeded");
    EXPECT_EQ(ask("CreateTopic", "Name=a"), "TopicLimitExceeded");
    topics_.refusal->what = "too many";
    EXPECT_EQ(ask("Subscribe", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"),
              "SubscriptionLimitExceeded");
    topics_.refusal->fault = MessagingFault::not_found;
    EXPECT_EQ(ask("DeleteTopic", "TopicArn=arn:aws:sns:us-east-1:000000000000:a"), "NotFound");
}

Lane::Job job(std::uint64_t ticket, std::string operation) {
    Dialect const dialect{Service::events, Protocol::json, "1.1"};
    return {{services::Ticket(ticket), dialect, {}, {}},
            {dialect, std::move(operation), Value::object()},
            {}};
}

TEST(Lane, answers_in_sequence_on_another_thread_and_wakes_who_collects) {
    HandBus bus;
    int wakes = 0;
    Lane lane(bus.doors(), std::nullopt, {}, [&] { ++wakes; });
    EXPECT_TRUE(lane.serves(Service::events));
    EXPECT_FALSE(lane.serves(Service::sns));
    EXPECT_TRUE(lane.take(job(1, "DescribeEventBus")));
    EXPECT_TRUE(lane.take(job(2, "Nonsense")));
    EXPECT_TRUE(lane.collect().empty());
    auto& worker = lane.workers().front();
    EXPECT_EQ(worker.do_work({10})->items, 2u);
    EXPECT_EQ(wakes, 2);
    auto const done = lane.collect();
    ASSERT_EQ(done.size(), 2u);
    EXPECT_EQ(done[0].writing.ticket, services::Ticket(1));
    EXPECT_TRUE(done[0].outcome);
    EXPECT_EQ(done[1].outcome.error().code, "UnknownOperationException");
}

/// Counts how often it was rung.
struct CountingBell : Bell {
    void ring() override { ++rings; }
    int rings{0};
};

TEST(Lane, each_call_wakes_one_worker_that_sleeps) {
    HandBus bus;
    Lane lane(bus.doors(), std::nullopt, {}, [] {});
    std::deque<CountingBell> bells(lane.workers().size());
    for (std::size_t i = 0; i < bells.size(); ++i)
        lane.workers()[i].listen(&bells[i]);
    auto const rung = [&] {
        return std::ranges::count_if(bells, [](auto const& each) { return each.rings == 1; });
    };
    EXPECT_TRUE(lane.take(job(1, "DescribeEventBus")));
    EXPECT_EQ(rung(), 1);
    EXPECT_TRUE(lane.take(job(2, "DescribeEventBus")));
    EXPECT_EQ(rung(), 2);
    EXPECT_EQ(lane.workers()[0].do_work({10})->items, 2u);
    EXPECT_EQ(lane.workers()[1].do_work({10})->items, 0u);
    EXPECT_TRUE(lane.take(job(3, "DescribeEventBus")));
    EXPECT_EQ(bells[0].rings, 2) << "it sleeps again";
}

TEST(Lane, refuses_what_is_too_much) {
    HandBus bus;
    Lane lane(bus.doors(), std::nullopt, {}, [] {});
    for (std::size_t i = 0; i < lane_max; ++i)
        ASSERT_TRUE(lane.take({}));
    EXPECT_FALSE(lane.take({}));
}

} // namespace
} // namespace kontor::aws_wire
