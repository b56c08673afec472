#include "adapters/aws_wire/digests.hpp"
#include "adapters/aws_wire/message_md5.hpp"
#include "adapters/aws_wire/wire_client.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::aws_wire {
namespace {

constexpr std::string_view base = "http://localhost:8082/000000000000/";

/// The first message of an answer.
Value first_message(WireClient::Told const& told) {
    auto const json = told.json();
    auto const* const messages = json.find("Messages");
    return messages == nullptr ? Value::object() : messages->members().front().value;
}

std::string text_in(Value const& object, std::string_view name) {
    auto const* const value = object.find(name);
    return value == nullptr ? std::string() : value->text();
}

TEST(Sqs, makes_finds_and_lists_queues) {
    WireClient client;
    EXPECT_EQ(client.make_queue("orders"), std::string(base) + "orders");
    EXPECT_EQ(client.make_queue("orders"), std::string(base) + "orders") << "the same again";
    EXPECT_EQ(text_in(client.json("GetQueueUrl", R"({"QueueName":"orders"})").json(), "QueueUrl"),
              std::string(base) + "orders");
    EXPECT_EQ(
        client.json("CreateQueue", R"({"QueueName":"orders","Attributes":{"DelaySeconds":"9"}})")
            .error(),
        "QueueNameExists");
    auto const nobody = client.json("GetQueueUrl", R"({"QueueName":"nobody"})");
    EXPECT_EQ(nobody.status, 400);
    EXPECT_EQ(nobody.error(), "QueueDoesNotExist");
    EXPECT_TRUE(nobody.has("x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender"));
    EXPECT_EQ(client.json("ListQueues", "{}").body,
              "{\"QueueUrls\":[\"" + std::string(base) + "orders\"]}");
    EXPECT_EQ(client.json("ListQueues", R"({"QueueNamePrefix":"x"})").body, "{}");
    client.make_queue("payments");
    auto const page = client.json("ListQueues", R"({"MaxResults":1})").json();
    EXPECT_EQ(page.find("QueueUrls")->members().size(), 1u);
    auto const rest =
        client.json("ListQueues", fmt::format(R"({{"MaxResults":1,"NextToken":"{}"}})",
                                              text_in(page, "NextToken")));
    EXPECT_EQ(rest.body, "{\"QueueUrls\":[\"" + std::string(base) + "payments\"]}");
    EXPECT_EQ(client.on("DeleteQueue", std::string(base) + "orders").status, 200);
    EXPECT_EQ(client.on("DeleteQueue", std::string(base) + "orders").error(), "QueueDoesNotExist");
    EXPECT_EQ(client.json("CreateQueue", R"({"QueueName":"orders"})").error(),
              "QueueDeletedRecently");
}

TEST(Sqs, refuses_pages_numbers_and_tags_that_cannot_be) {
    WireClient client;
    auto const url = client.make_queue("orders");
    EXPECT_EQ(client.json("ListQueues", R"({"MaxResults":1,"NextToken":"orders"})").error(),
              "InvalidParameterValue");
    auto const send = [&](std::string_view type, std::string_view value) {
        return client
            .on("SendMessage", url,
                fmt::format(R"("MessageBody":"x","MessageAttributes":{{"n":{{"DataType":"{}",)"
                            R"("StringValue":"{}"}}}})",
                            type, value))
            .error();
    };
    EXPECT_EQ(send("Number", "-1.5e3"), "");
    EXPECT_EQ(send("Number", "abc"), "InvalidParameterValue");
    EXPECT_EQ(send("String", "abc"), "");
    EXPECT_EQ(client.on("TagQueue", url, R"("Tags":{"aws:team":"shop"})").error(),
              "InvalidParameterValue");
}

TEST(Sqs, shows_and_changes_attributes) {
    WireClient client;
    auto const dead = client.make_queue("dead");
    auto const url = client.make_queue(
        "orders", R"({"VisibilityTimeout":"45","RedrivePolicy":"{\"deadLetterTargetArn\":)"
                  R"(\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":\"5\"}"})");
    auto const all = client.on("GetQueueAttributes", url, R"("AttributeNames":["All"])").json();
    auto const& attributes = *all.find("Attributes");
    EXPECT_EQ(text_in(attributes, "VisibilityTimeout"), "45");
    EXPECT_EQ(text_in(attributes, "QueueArn"), "arn:aws:sqs:us-east-1:000000000000:orders");
    EXPECT_EQ(text_in(attributes, "RedrivePolicy"),
              R"({"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead",)"
              R"("maxReceiveCount":5})");
    EXPECT_EQ(text_in(attributes, "MaximumMessageSize"), "1048576");
    EXPECT_EQ(text_in(attributes, "FifoQueue"), "");
    EXPECT_EQ(client.on("SetQueueAttributes", url, R"("Attributes":{"DelaySeconds":"7"})").status,
              200);
    EXPECT_EQ(client.on("GetQueueAttributes", url, R"("AttributeNames":["DelaySeconds"])").body,
              R"({"Attributes":{"DelaySeconds":"7"}})");
    EXPECT_EQ(client.on("GetQueueAttributes", url).body, "{}") << "none was asked for";
    EXPECT_EQ(client.on("GetQueueAttributes", url, R"("AttributeNames":["Nonsense"])").error(),
              "InvalidAttributeName");
    EXPECT_EQ(client.on("SetQueueAttributes", url, R"("Attributes":{"DelaySeconds":"x"})").error(),
              "InvalidAttributeValue");
    EXPECT_EQ(
        client.on("SetQueueAttributes", url, R"("Attributes":{"DelaySeconds":"901"})").error(),
        "InvalidAttributeValue");
    EXPECT_EQ(client.on("ListDeadLetterSourceQueues", dead).body,
              "{\"queueUrls\":[\"" + std::string(base) + "orders\"]}");
    EXPECT_EQ(client.on("TagQueue", url, R"("Tags":{"team":"shop"})").status, 200);
    EXPECT_EQ(client.on("ListQueueTags", url).body, R"({"Tags":{"team":"shop"}})");
    EXPECT_EQ(client.on("UntagQueue", url, R"("TagKeys":["team"])").status, 200);
    EXPECT_EQ(client.on("ListQueueTags", url).body, "{}");
}

TEST(Sqs, keeps_permissions_as_a_policy) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const add = R"("Label":"a","AWSAccountIds":["1"],"Actions":["SendMessage"])";
    EXPECT_EQ(client.on("AddPermission", url, add).status, 200);
    EXPECT_EQ(client.on("AddPermission", url, add).error(), "InvalidParameterValue");
    auto const shown = client.on("GetQueueAttributes", url, R"("AttributeNames":["Policy"])");
    EXPECT_TRUE(shown.has("SQS:SendMessage"));
    EXPECT_EQ(client.on("RemovePermission", url, R"("Label":"b")").error(),
              "InvalidParameterValue");
    EXPECT_EQ(client.on("RemovePermission", url, R"("Label":"a")").status, 200);
    EXPECT_EQ(client.on("GetQueueAttributes", url, R"("AttributeNames":["Policy"])").body, "{}");
}

TEST(Sqs, sends_receives_settles) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const sent =
        client.on("SendMessage", url,
                  R"("MessageBody":"hällo","MessageAttributes":{"kind":{"DataType":"String",)"
                  R"("StringValue":"order"},"blob":{"DataType":"Binary","BinaryValue":"AP8="}})");
    ASSERT_EQ(sent.status, 200) << sent.body;
    EXPECT_EQ(text_in(sent.json(), "MD5OfMessageBody"), md5_hex("hällo"));
    EXPECT_EQ(text_in(sent.json(), "MD5OfMessageAttributes"),
              md5_of_attributes(
                  {{"kind", "String", "order"}, {"blob", "Binary", std::string("\0\xFF", 2)}}));
    EXPECT_EQ(text_in(sent.json(), "SequenceNumber"), "");
    auto const received = client.on("ReceiveMessage", url,
                                    R"("MessageSystemAttributeNames":["All"],)"
                                    R"("MessageAttributeNames":["bl.*"])");
    auto const message = first_message(received);
    EXPECT_EQ(text_in(message, "Body"), "hällo");
    EXPECT_EQ(text_in(message, "MessageId"), text_in(sent.json(), "MessageId"));
    EXPECT_EQ(text_in(message, "MD5OfBody"), md5_hex("hällo"));
    EXPECT_EQ(text_in(*message.find("Attributes"), "ApproximateReceiveCount"), "1");
    EXPECT_EQ(text_in(*message.find("Attributes"), "SenderId"), "AKIDSPEC");
    ASSERT_EQ(message.find("MessageAttributes")->members().size(), 1u);
    EXPECT_EQ(text_in(message, "MD5OfMessageAttributes"),
              md5_of_attributes({{"blob", "Binary", std::string("\0\xFF", 2)}}))
        << "over what is returned, not over what there is";
    EXPECT_EQ(client.on("ReceiveMessage", url).body, "{}") << "it is in flight";
    auto const receipt = fmt::format(R"("ReceiptHandle":"{}")", text_in(message, "ReceiptHandle"));
    EXPECT_EQ(
        client.on("ChangeMessageVisibility", url, receipt + R"(,"VisibilityTimeout":0)").status,
        200);
    auto const again = client.on("ReceiveMessage", url, R"("AttributeNames":["All"])");
    EXPECT_EQ(text_in(*first_message(again).find("Attributes"), "ApproximateReceiveCount"), "2");
    auto const latest =
        fmt::format(R"("ReceiptHandle":"{}")", text_in(first_message(again), "ReceiptHandle"));
    EXPECT_EQ(client.on("DeleteMessage", url, latest).status, 200);
    EXPECT_EQ(client.on("DeleteMessage", url, latest).status, 200) << "twice does no harm";
    EXPECT_EQ(client.on("DeleteMessage", url, R"("ReceiptHandle":"nonsense")").error(),
              "ReceiptHandleIsInvalid");
    EXPECT_EQ(client.on("DeleteMessage", url, "\"ReceiptHandle\":\"" + std::string(500, 'x') + "\"")
                  .error(),
              "ReceiptHandleIsInvalid");
}

TEST(Sqs, says_what_a_sender_did_wrong) {
    WireClient client;
    auto const url = client.make_queue("orders");
    EXPECT_EQ(client.on("SendMessage", url).error(), "MissingParameter");
    EXPECT_EQ(client.on("SendMessage", url, R"("MessageBody":7)").error(),
              "SerializationException");
    EXPECT_EQ(client.on("SendMessage", url, R"("MessageBody":"\u0001")").error(),
              "InvalidMessageContents");
    EXPECT_EQ(client.on("SendMessage", url, R"("MessageBody":"x","DelaySeconds":901)").error(),
              "InvalidParameterValue");
    EXPECT_EQ(client
                  .on("SendMessage", url,
                      R"("MessageBody":"x","MessageAttributes":{"a":{"DataType":"String"}})")
                  .error(),
              "InvalidParameterValue");
    EXPECT_EQ(client.json("SendMessage", R"({"MessageBody":"x"})").error(), "MissingParameter");
    EXPECT_EQ(client.on("SendMessage", "nonsense", R"("MessageBody":"x")").error(),
              "InvalidAddress");
    EXPECT_EQ(
        client.on("SendMessage", "http://a/999999999999/orders", R"("MessageBody":"x")").error(),
        "QueueDoesNotExist");
    EXPECT_EQ(client.on("ReceiveMessage", url, R"("MaxNumberOfMessages":11)").error(),
              "InvalidParameterValue");
    EXPECT_EQ(client.on("ReceiveMessage", url, R"("WaitTimeSeconds":21)").error(),
              "InvalidParameterValue");
    EXPECT_EQ(client.json("Nonsense", "{}").error(), "UnknownOperationException");
}

TEST(Sqs, judges_each_entry_of_a_batch_alone) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const sent = client
                          .on("SendMessageBatch", url,
                              R"("Entries":[{"Id":"a","MessageBody":"1"},)"
                              R"({"Id":"b","MessageBody":"\u0001"},{"Id":"c"},)"
                              R"({"Id":"d","MessageBody":"4"}])")
                          .json();
    auto const& good = sent.find("Successful")->members();
    auto const& bad = sent.find("Failed")->members();
    ASSERT_EQ(good.size(), 2u);
    EXPECT_EQ(text_in(good[1].value, "Id"), "d");
    EXPECT_EQ(text_in(good[1].value, "MD5OfMessageBody"), md5_hex("4"));
    ASSERT_EQ(bad.size(), 2u);
    EXPECT_EQ(text_in(bad[0].value, "Code"), "InvalidMessageContents");
    EXPECT_EQ(text_in(bad[1].value, "Code"), "MissingParameter");
    EXPECT_TRUE(bad[0].value.find("SenderFault")->boolean());
    auto const error = [&](std::string_view entries) {
        return client.on("SendMessageBatch", url, fmt::format("\"Entries\":[{}]", entries)).error();
    };
    EXPECT_EQ(error(""), "EmptyBatchRequest");
    EXPECT_EQ(error(R"({"Id":"a","MessageBody":"1"},{"Id":"a","MessageBody":"1"})"),
              "BatchEntryIdsNotDistinct");
    EXPECT_EQ(error(R"({"Id":"a b","MessageBody":"1"})"), "InvalidBatchEntryId");
    std::string eleven;
    for (int i = 0; i < 11; ++i)
        eleven += fmt::format(R"({}{{"Id":"{}","MessageBody":"1"}})", i == 0 ? "" : ",", i);
    EXPECT_EQ(error(eleven), "TooManyEntriesInBatchRequest");
    std::string const half(600'000, 'x');
    EXPECT_EQ(error(fmt::format(
                  R"({{"Id":"a","MessageBody":"{0}"}},{{"Id":"b","MessageBody":"{0}"}})", half)),
              "BatchRequestTooLong");
    auto const received = client.on("ReceiveMessage", url, R"("MaxNumberOfMessages":10)").json();
    auto const& messages = received.find("Messages")->members();
    ASSERT_EQ(messages.size(), 2u);
    auto const settled = client.on("DeleteMessageBatch", url,
                                   fmt::format(R"("Entries":[{{"Id":"x","ReceiptHandle":"{}"}},)"
                                               R"({{"Id":"y","ReceiptHandle":"nonsense"}}])",
                                               text_in(messages[0].value, "ReceiptHandle")));
    EXPECT_TRUE(settled.has(R"("Successful":[{"Id":"x"}])")) << settled.body;
    EXPECT_TRUE(settled.has("ReceiptHandleIsInvalid")) << settled.body;
    auto const extended = client.on(
        "ChangeMessageVisibilityBatch", url,
        fmt::format(R"("Entries":[{{"Id":"x","ReceiptHandle":"{}","VisibilityTimeout":9}}])",
                    text_in(messages[1].value, "ReceiptHandle")));
    EXPECT_EQ(extended.body, R"({"Successful":[{"Id":"x"}]})");
}

TEST(Sqs, keeps_the_sequence_of_a_fifo_queue_and_knows_repetitions) {
    WireClient client;
    auto const url = client.make_queue("orders.fifo", R"({"FifoQueue":"true"})");
    auto const send = [&](std::string_view body, std::string_view id) {
        return client.on("SendMessage", url,
                         fmt::format(R"("MessageBody":"{}","MessageGroupId":"g",)"
                                     R"("MessageDeduplicationId":"{}")",
                                     body, id));
    };
    auto const first = send("1", "a").json();
    EXPECT_EQ(text_in(first, "SequenceNumber").size(), 20u);
    auto const again = send("other", "a").json();
    EXPECT_EQ(text_in(again, "MessageId"), text_in(first, "MessageId"));
    EXPECT_EQ(text_in(again, "SequenceNumber"), text_in(first, "SequenceNumber"));
    send("2", "b");
    auto const one = client.on("ReceiveMessage", url, R"("AttributeNames":["All"])");
    EXPECT_EQ(text_in(first_message(one), "Body"), "1");
    EXPECT_EQ(text_in(*first_message(one).find("Attributes"), "MessageGroupId"), "g");
    EXPECT_EQ(text_in(*first_message(one).find("Attributes"), "SequenceNumber"),
              text_in(first, "SequenceNumber"));
    EXPECT_EQ(client.on("ReceiveMessage", url).body, "{}") << "its group is locked";
    EXPECT_EQ(client.on("SendMessage", url, R"("MessageBody":"x")").error(), "MissingParameter");
    EXPECT_EQ(client.json("CreateQueue", R"({"QueueName":"x","Attributes":{"FifoQueue":"true"}})")
                  .error(),
              "InvalidParameterValue");
}

TEST(Sqs, waits_for_a_message_without_a_thread) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const wait = client.start("ReceiveMessage",
                                   fmt::format(R"({{"QueueUrl":"{}","WaitTimeSeconds":20}})", url));
    EXPECT_EQ(client.told(wait).status, 0);
    EXPECT_EQ(client.wire().waiting(), 1u);
    client.pass(Duration::seconds(19));
    EXPECT_EQ(client.told(wait).status, 0);
    auto const wakes = client.wakes();
    client.on("SendMessage", url, R"("MessageBody":"x")");
    EXPECT_GT(client.wakes(), wakes) << "the bell wakes the edge";
    EXPECT_TRUE(client.told(wait).has("\"Body\":\"x\""));
    EXPECT_EQ(client.wire().waiting(), 0u);
}

TEST(Sqs, answers_with_nothing_when_the_wait_is_over) {
    WireClient client;
    auto const url = client.make_queue("orders", R"({"ReceiveMessageWaitTimeSeconds":"2"})");
    auto const wait = client.start("ReceiveMessage", fmt::format(R"({{"QueueUrl":"{}"}})", url));
    client.pass(Duration::milliseconds(1999));
    EXPECT_EQ(client.told(wait).status, 0);
    client.pass(Duration::milliseconds(1));
    EXPECT_EQ(client.told(wait).body, "{}");
    EXPECT_EQ(client.told(wait).status, 200);
}

TEST(Sqs, sees_what_time_alone_makes_visible) {
    WireClient client;
    auto const url = client.make_queue("orders");
    client.on("SendMessage", url, R"("MessageBody":"x","DelaySeconds":5)");
    auto const wait = client.start("ReceiveMessage",
                                   fmt::format(R"({{"QueueUrl":"{}","WaitTimeSeconds":20}})", url));
    EXPECT_EQ(client.told(wait).status, 0);
    client.pass(Duration::seconds(5));
    EXPECT_TRUE(client.told(wait).has("\"Body\":\"x\""));
}

TEST(Sqs, hands_nothing_to_who_has_gone) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const gone = client.start("ReceiveMessage",
                                   fmt::format(R"({{"QueueUrl":"{}","WaitTimeSeconds":20}})", url));
    client.wire().abandon(gone);
    client.on("SendMessage", url, R"("MessageBody":"x")");
    EXPECT_EQ(client.told(gone).status, 0);
    EXPECT_TRUE(client.on("ReceiveMessage", url).has("\"Body\":\"x\""));
}

TEST(Sqs, lets_nobody_wait_once_it_hurries) {
    WireClient client;
    auto const url = client.make_queue("orders");
    auto const body = fmt::format(R"({{"QueueUrl":"{}","WaitTimeSeconds":20}})", url);
    auto const wait = client.start("ReceiveMessage", body);
    EXPECT_EQ(client.told(wait).status, 0);
    client.wire().hurry();
    EXPECT_EQ(client.told(wait).body, "{}");
    EXPECT_EQ(client.json("ReceiveMessage", body).body, "{}");
}

TEST(Sqs, moves_dead_letters_back) {
    WireClient client;
    auto const dead = client.make_queue("dead");
    auto const url = client.make_queue(
        "orders", R"({"RedrivePolicy":"{\"deadLetterTargetArn\":)"
                  R"(\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1}"})");
    client.on("SendMessage", url, R"("MessageBody":"x")");
    client.on("ReceiveMessage", url, R"("VisibilityTimeout":0)");
    EXPECT_EQ(client.on("ReceiveMessage", url).body, "{}") << "it was received too often";
    EXPECT_TRUE(
        client.on("GetQueueAttributes", dead, R"("AttributeNames":["ApproximateNumberOfMessages"])")
            .has("\"1\""));
    constexpr auto source = R"("SourceArn":"arn:aws:sqs:us-east-1:000000000000:dead")";
    auto const started = client.json("StartMessageMoveTask", fmt::format("{{{}}}", source));
    EXPECT_EQ(started.status, 200) << started.body;
    for (int i = 0; i < 10; ++i) {
        client.pass(Duration::seconds(1));
        client.work();
    }
    auto const listed = client.json("ListMessageMoveTasks", fmt::format("{{{}}}", source));
    EXPECT_TRUE(listed.has("\"Status\":\"COMPLETED\"")) << listed.body;
    EXPECT_FALSE(listed.has("TaskHandle")) << "nobody can cancel it any more";
    EXPECT_TRUE(client.on("ReceiveMessage", url).has("\"Body\":\"x\""));
    EXPECT_EQ(client
                  .json("StartMessageMoveTask",
                        R"({"SourceArn":"arn:aws:sqs:us-east-1:000000000000:nobody"})")
                  .error(),
              "ResourceNotFoundException");
    EXPECT_EQ(client.json("CancelMessageMoveTask", R"({"TaskHandle":"x"})").error(),
              "ResourceNotFoundException");
}

TEST(Sqs, speaks_forms_and_xml_as_well) {
    WireClient client;
    auto const made = client.form("Action=CreateQueue&Version=2012-11-05&QueueName=orders&"
                                  "Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=45");
    EXPECT_TRUE(made.has("<CreateQueueResult><QueueUrl>http://localhost:8082/000000000000/orders"
                         "</QueueUrl></CreateQueueResult>"))
        << made.body;
    auto const path = "/000000000000/orders";
    auto const sent = client.form("Action=SendMessage&Version=2012-11-05&MessageBody=a%26b&"
                                  "MessageAttribute.1.Name=n&"
                                  "MessageAttribute.1.Value.DataType=Number&"
                                  "MessageAttribute.1.Value.StringValue=1",
                                  path);
    EXPECT_TRUE(sent.has("<MD5OfMessageBody>" + md5_hex("a&b") + "</MD5OfMessageBody>"))
        << sent.body;
    auto const received = client.form("Action=ReceiveMessage&Version=2012-11-05&"
                                      "MaxNumberOfMessages=10&AttributeName.1=All&"
                                      "MessageAttributeName.1=All",
                                      path);
    EXPECT_TRUE(received.has("<Body>a&amp;b</Body>")) << received.body;
    EXPECT_TRUE(received.has("<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value>"));
    EXPECT_TRUE(received.has("<MessageAttribute><Name>n</Name><Value><StringValue>1</StringValue>"
                             "<DataType>Number</DataType></Value></MessageAttribute>"));
    auto const empty = client.form("Action=ReceiveMessage&Version=2012-11-05", path);
    EXPECT_TRUE(empty.has("<ReceiveMessageResult></ReceiveMessageResult>")) << empty.body;
    auto const nobody =
        client.form("Action=SendMessage&Version=2012-11-05&MessageBody=x", "/000000000000/nobody");
    EXPECT_EQ(nobody.status, 400);
    EXPECT_TRUE(nobody.has("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"));
    EXPECT_TRUE(client.form("Action=Nonsense&Version=2012-11-05").has("InvalidAction"));
    auto const batch = client.form("Action=SendMessageBatch&Version=2012-11-05&"
                                   "SendMessageBatchRequestEntry.1.Id=a&"
                                   "SendMessageBatchRequestEntry.1.MessageBody=x",
                                   path);
    EXPECT_TRUE(batch.has("<SendMessageBatchResultEntry><Id>a</Id>")) << batch.body;
}

TEST(Wire, asks_nothing_of_a_queue_before_the_signature_counts) {
    WireClient strict(UnknownKeys::refused);
    auto const refused = strict.json("CreateQueue", R"({"QueueName":"orders"})");
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.error(), "UnrecognizedClientException");
    EXPECT_TRUE(refused.has("x-amzn-query-error: InvalidClientTokenId;Sender"));
    WireClient client;
    auto const nobody = client.unsigned_get("Action=ListQueues&Version=2012-11-05");
    EXPECT_EQ(nobody.status, 403);
    EXPECT_TRUE(nobody.has("<Code>MissingAuthenticationToken</Code>"));
}

TEST(Wire, tells_nobody_what_the_disk_does_not_have) {
    WireClient client;
    auto const url = client.make_queue("orders");
    client.hold_the_disk(true);
    auto const body = fmt::format(R"({{"QueueUrl":"{}","MessageBody":"x"}})", url);
    auto const sent = client.start("SendMessage", body);
    auto const gone = client.start("SendMessage", body);
    EXPECT_EQ(client.told(sent).status, 0);
    EXPECT_EQ(client.json("GetQueueUrl", R"({"QueueName":"nobody"})").status, 400)
        << "a refusal says nothing that could be lost";
    client.wire().abandon(gone);
    client.hold_the_disk(false);
    EXPECT_TRUE(client.told(sent).has("MessageId"));
    EXPECT_EQ(client.told(gone).status, 0);
}

TEST(Wire, says_who_one_is) {
    WireClient client;
    auto const told = client.form("Action=GetCallerIdentity&Version=2011-06-15");
    EXPECT_TRUE(told.has("<Account>000000000000</Account>")) << told.body;
    EXPECT_TRUE(told.has("<Arn>arn:aws:iam::000000000000:user/AKIDSPEC</Arn>"));
}

RC_GTEST_PROP(WireProperty, hostile_parameters_are_answered_and_nothing_breaks, ()) {
    static constexpr std::string_view operations[] = {
        "CreateQueue",      "SendMessage",        "ReceiveMessage",       "DeleteMessage",
        "SendMessageBatch", "SetQueueAttributes", "GetQueueAttributes",   "ChangeMessageVisibility",
        "TagQueue",         "ListQueues",         "StartMessageMoveTask", "CancelMessageMoveTask",
        "AddPermission"};
    static constexpr std::string_view values[] = {"null",
                                                  "7",
                                                  "-7",
                                                  "1e9",
                                                  "true",
                                                  "\"\"",
                                                  "\"x\"",
                                                  "[]",
                                                  "{}",
                                                  "[\"All\"]",
                                                  "[1]",
                                                  "{\"a\":\"b\"}",
                                                  "{\"a\":{\"DataType\":\"String\"}}",
                                                  "[{\"Id\":\"a\"}]",
                                                  "99999999999999999999",
                                                  "\"http://localhost:8082/000000000000/orders\""};
    static constexpr std::string_view names[] = {"QueueUrl",
                                                 "QueueName",
                                                 "Attributes",
                                                 "MessageBody",
                                                 "Entries",
                                                 "ReceiptHandle",
                                                 "VisibilityTimeout",
                                                 "AttributeNames",
                                                 "MessageAttributes",
                                                 "DelaySeconds",
                                                 "Tags",
                                                 "TagKeys",
                                                 "MaxNumberOfMessages",
                                                 "SourceArn",
                                                 "TaskHandle",
                                                 "Label",
                                                 "NextToken"};
    auto const pick = [](auto const& from) {
        return *rc::gen::resize(rc::kNominalSize, rc::gen::elementOf(std::vector<std::string_view>(
                                                      std::begin(from), std::end(from))));
    };
    WireClient client;
    client.make_queue("orders");
    std::string body = "{\"QueueUrl\":\"http://localhost:8082/000000000000/orders\"";
    auto const count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i)
        body += fmt::format(",\"{}\":{}", pick(names), pick(values));
    auto const told = client.json(pick(operations), body + "}");
    RC_ASSERT(told.status == 200 || told.status == 400 || told.status == 403);
    RC_ASSERT(told.status == 200 || !told.error().empty());
}

TEST(Wire, whoever_asks_for_the_certificate_of_topics_gets_it) {
    WireClient client(UnknownKeys::refused);
    auto const told = client.unsigned_get("", "/sns/00.pem");
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(told.body, "a certificate");
    EXPECT_TRUE(told.has("application/x-pem-file"));
    EXPECT_EQ(client.unsigned_get("", "/sns/01.pem").status, 403);
}

} // namespace
} // namespace kontor::aws_wire
