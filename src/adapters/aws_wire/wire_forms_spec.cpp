#include "adapters/aws_wire/dispatch.hpp"
#include "adapters/aws_wire/form.hpp"
#include "adapters/aws_wire/json_form.hpp"
#include "adapters/aws_wire/limits.hpp"
#include "adapters/aws_wire/message_md5.hpp"
#include "adapters/aws_wire/page_tokens.hpp"
#include "adapters/aws_wire/params.hpp"
#include "adapters/aws_wire/unicode.hpp"
#include "adapters/aws_wire/wire_client.hpp"
#include "adapters/aws_wire/xml_form.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kontor::aws_wire {
namespace {

using services::Header;
using services::Method;
using services::Request;

std::string folded(std::string_view form, Service service) {
    auto const fields = read_form(form);
    if (!fields)
        return fields.error().code;
    auto const value = fold_form(*fields, service);
    return value ? to_json(*value) : value.error().code;
}

struct Sample {
    char const* form;
    Service service;
    char const* json;
};

// As botocore 1.26 writes them for SQS, and 1.43 for SNS.
constexpr Sample samples[] = {
    {"QueueName=orders", Service::sqs, R"({"QueueName":"orders"})"},
    {"Attribute.1.Name=VisibilityTimeout&Attribute.1.Value=30&Attribute.2.Name=DelaySeconds&"
     "Attribute.2.Value=5",
     Service::sqs, R"({"Attributes":{"VisibilityTimeout":"30","DelaySeconds":"5"}})"},
    {"AttributeName.1=All&AttributeName.2=Policy", Service::sqs,
     R"({"AttributeNames":["All","Policy"]})"},
    {"AttributeName.10=j&AttributeName.2=b&AttributeName.1=a", Service::sqs,
     R"({"AttributeNames":["a","b","j"]})"},
    {"Tag.1.Key=team&Tag.1.Value=shop", Service::sqs, R"({"Tags":{"team":"shop"}})"},
    {"TagKey.1=team", Service::sqs, R"({"TagKeys":["team"]})"},
    {"MessageAttribute.1.Name=kind&MessageAttribute.1.Value.DataType=String&"
     "MessageAttribute.1.Value.StringValue=a+b%26",
     Service::sqs, R"({"MessageAttributes":{"kind":{"DataType":"String","StringValue":"a b&"}}})"},
    {"SendMessageBatchRequestEntry.1.Id=a&SendMessageBatchRequestEntry.1.MessageBody=x&"
     "SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n&"
     "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=Number&"
     "SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue=1",
     Service::sqs,
     R"({"Entries":[{"Id":"a","MessageBody":"x","MessageAttributes":)"
     R"({"n":{"DataType":"Number","StringValue":"1"}}}]})"},
    {"DeleteMessageBatchRequestEntry.1.Id=a&DeleteMessageBatchRequestEntry.1.ReceiptHandle=r",
     Service::sqs, R"({"Entries":[{"Id":"a","ReceiptHandle":"r"}]})"},
    {"AWSAccountId.1=1&ActionName.1=*", Service::sqs, R"({"AWSAccountIds":["1"],"Actions":["*"]})"},
    {"Name=t&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=T&Tags.member.1.Key=k&"
     "Tags.member.1.Value=v",
     Service::sns,
     R"({"Name":"t","Attributes":{"DisplayName":"T"},"Tags":[{"Key":"k","Value":"v"}]})"},
    {"PublishBatchRequestEntries.member.1.Id=a&"
     "PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Name=n&"
     "PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.DataType=String&"
     "PublishBatchRequestEntries.member.1.MessageAttributes.entry.1.Value.StringValue=s",
     Service::sns,
     R"({"PublishBatchRequestEntries":[{"Id":"a","MessageAttributes":)"
     R"({"n":{"DataType":"String","StringValue":"s"}}}]})"},
    {"Attribute.1.Name=a", Service::sns, R"({"Attribute":{"1":{"Name":"a"}}})"},
    {"Message=", Service::sns, R"({"Message":""})"},
    {"a=%C3%A4%E6%BC%A2", Service::sqs, R"({"a":"ä漢"})"},
    {"a=1&a=2", Service::sqs, "MalformedInput"},
    {"a=1&a.b=2", Service::sqs, "MalformedInput"},
    {"a.b=1&a=2", Service::sqs, "MalformedInput"},
    {"a=%4", Service::sqs, "MalformedQueryString"},
    {"a=%GG", Service::sqs, "MalformedQueryString"},
    {"a=%FF", Service::sqs, "MalformedQueryString"},
    {"1.2.3.4.5.6.7.8.9.10.11.12=a", Service::sqs, "MalformedInput"},
};

TEST(Form, is_folded_into_what_json_would_say) {
    for (auto const& [form, service, json] : samples)
        EXPECT_EQ(folded(form, service), json) << form;
}

TEST(Form, has_a_limit_of_fields) {
    std::string form;
    for (std::size_t i = 0; i < form_fields_max; ++i)
        form += "a" + std::to_string(i) + "=1&";
    EXPECT_TRUE(read_form(form));
    EXPECT_FALSE(read_form(form + "b=1"));
}

TEST(Json, is_read_and_written_alike) {
    for (auto const* text : {R"({"a":1,"b":[true,false,"x\"\\"],"c":{"d":-9223372036854775808}})",
                             "{}", R"({"t":1732650000.25})", R"({"a":{},"b":[]})"})
        EXPECT_EQ(to_json(read_json(text).value()), text);
    EXPECT_EQ(to_json(read_json("").value()), "{}");
    EXPECT_EQ(to_json(read_json(R"({"a":null})").value()), "{}") << "null is nothing";
}

TEST(Json, refuses_what_is_no_object) {
    for (auto const* text : {"[]", "1", "null", "{", "{\"a\":}", "{\"a\":\"\xFF\"}", "{} {}"})
        EXPECT_FALSE(read_json(text)) << text;
    std::string deep = "{\"a\":";
    deep.append(json_depth_max, '[').append(json_depth_max, ']').append("}");
    EXPECT_FALSE(read_json(deep));
}

Value sample_answer() {
    auto attributes = Value::map();
    attributes.set("n<", Value::object().set("StringValue", "a&b\r").set("DataType", "String"));
    auto message = Value::object();
    message.set("Body", "x").set("MessageAttributes", std::move(attributes));
    auto answer = Value::object();
    answer.set("Messages", Value::list().add(std::move(message)));
    return answer;
}

TEST(Xml, repeats_elements_for_sqs_and_nests_them_for_sns) {
    EXPECT_EQ(to_xml(sample_answer(), {Service::sqs, "ReceiveMessage", "id"}),
              "<?xml version=\"1.0\"?><ReceiveMessageResponse "
              "xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ReceiveMessageResult><Message>"
              "<Body>x</Body><MessageAttribute><Name>n&lt;</Name><Value><StringValue>a&amp;b&#xD;"
              "</StringValue><DataType>String</DataType></Value></MessageAttribute></Message>"
              "</ReceiveMessageResult><ResponseMetadata><RequestId>id</RequestId>"
              "</ResponseMetadata></ReceiveMessageResponse>");
    auto topics = Value::object();
    topics.set("Topics", Value::list().add(Value::object().set("TopicArn", "arn")));
    topics.set("Attributes", Value::map().set("a", "b"));
    EXPECT_EQ(
        to_xml(topics, {Service::sns, "ListTopics", "id"}),
        "<?xml version=\"1.0\"?><ListTopicsResponse "
        "xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><ListTopicsResult><Topics><member>"
        "<TopicArn>arn</TopicArn></member></Topics><Attributes><entry><key>a</key>"
        "<value>b</value></entry></Attributes></ListTopicsResult><ResponseMetadata>"
        "<RequestId>id</RequestId></ResponseMetadata></ListTopicsResponse>");
    EXPECT_EQ(to_xml({}, {Service::sqs, "DeleteQueue", "id"}),
              "<?xml version=\"1.0\"?><DeleteQueueResponse "
              "xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><ResponseMetadata>"
              "<RequestId>id</RequestId></ResponseMetadata></DeleteQueueResponse>");
}

TEST(Md5, of_attributes_is_what_botocores_users_compute) {
    // By the published recipe, in Python: struct.pack('!I', len(x)) + x of each name, type, value.
    EXPECT_EQ(md5_of_attributes({}), "d41d8cd98f00b204e9800998ecf8427e");
    EXPECT_EQ(md5_of_attributes({{"kind", "String", "order"},
                                 {"blob", "Binary.png", std::string("\0\xFF", 2)},
                                 {"count", "Number.int", "42"}}),
              "ba2c3ff75c9f429eceeff3899dee7f67");
    EXPECT_EQ(md5_of_attributes({{"count", "Number.int", "42"},
                                 {"kind", "String", "order"},
                                 {"blob", "Binary.png", std::string("\0\xFF", 2)}}),
              "ba2c3ff75c9f429eceeff3899dee7f67")
        << "their sequence says nothing";
}

TEST(Unicode, knows_what_xml_knows) {
    EXPECT_TRUE(is_xml_text("\t\n\r ä漢😀\xEF\xBF\xBD"));
    EXPECT_FALSE(is_xml_text(std::string_view("\0", 1)));
    EXPECT_FALSE(is_xml_text("\x1F"));
    EXPECT_FALSE(is_xml_text("\xEF\xBF\xBE"));
    EXPECT_FALSE(is_xml_text("\xEF\xBF\xBF"));
    EXPECT_FALSE(is_utf8("\xED\xA0\x80")) << "half a pair";
}

/// A request that is not signed, seen by the dispatch.
struct Plain {
    Method method{Method::post};
    std::string query{};
    std::string body{};
    std::vector<Header> headers{};

    Result<Asked, Misasked> read() const {
        return read_request(
            {method, "/", query, headers, body, services::Listener::aws, {}, {}, {}, {}});
    }
};
constexpr Header form_type{"content-type", "application/x-www-form-urlencoded; charset=utf-8"};

TEST(Dispatch, goes_by_target_then_version_then_scope) {
    Plain target{.body = R"({"QueueName":"q"})",
                 .headers = {{"x-amz-target", "AmazonSQS.GetQueueUrl"}}};
    auto const sqs = target.read();
    ASSERT_TRUE(sqs);
    EXPECT_EQ(sqs->dialect, (Dialect{Service::sqs, Protocol::json, "1.0"}));
    EXPECT_EQ(sqs->operation, "GetQueueUrl");
    EXPECT_EQ(to_json(sqs->params), R"({"QueueName":"q"})");
    target.headers = {{"x-amz-target", "AWSEvents.PutEvents"}};
    EXPECT_EQ(target.read()->dialect, (Dialect{Service::events, Protocol::json, "1.1"}));

    Plain form{.body = "Action=ListTopics&Version=2010-03-31", .headers = {form_type}};
    EXPECT_EQ(form.read()->dialect.service, Service::sns);
    EXPECT_EQ(to_json(form.read()->params), "{}");
    form.body = "Action=GetCallerIdentity&Version=2011-06-15";
    EXPECT_EQ(form.read()->dialect.service, Service::sts);
    form.body = "Action=ListQueues";
    EXPECT_EQ(form.read()->dialect.service, Service::sqs);
    form.headers.push_back(
        {"authorization", "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/sns/aws4_request"});
    EXPECT_EQ(form.read()->dialect.service, Service::sns);
    Plain const get{.method = Method::get, .query = "Action=ListQueues&Version=2012-11-05"};
    EXPECT_EQ(get.read()->operation, "ListQueues");
}

TEST(Dispatch, refuses_in_the_protocol_that_was_spoken) {
    Plain const target{.body = "{}", .headers = {{"x-amz-target", "DynamoDB_20120810.GetItem"}}};
    auto const unknown = target.read();
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().error.code, "UnknownOperationException");
    auto const reply = error_reply(unknown.error().error, unknown.error().dialect, "id");
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, "{\"__type\":\"com.amazonaws.sqs#UnknownOperationException\",\"message\":"
                          "\"The operation DynamoDB_20120810.GetItem is not known here.\"}");
    Plain const broken{.body = "{", .headers = {{"x-amz-target", "AmazonSQS.SendMessage"}}};
    EXPECT_EQ(broken.read().error().error.code, "SerializationException");
    Plain const nobody{.method = Method::get};
    EXPECT_EQ(nobody.read().error().error.query_code, "MissingAuthenticationToken");
    EXPECT_EQ(nobody.read().error().error.status, 403);
}

TEST(Errors, have_both_spellings) {
    WireError const error{"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue",
                          "no <such> \"queue\"", 400, true};
    auto const json = error_reply(error, {Service::sqs, Protocol::json, "1.0"}, "id");
    EXPECT_EQ(json.body, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist",)"
                         R"("message":"no <such> \"queue\""})");
    EXPECT_NE(json.headers.text().find(
                  "x-amzn-query-error: AWS.SimpleQueueService.NonExistentQueue;Sender\r\n"),
              std::string_view::npos);
    EXPECT_NE(json.headers.text().find("x-amzn-RequestId: id\r\n"), std::string_view::npos);
    auto const xml = error_reply(error, {Service::sqs, Protocol::query, {}}, "id");
    EXPECT_EQ(
        xml.body,
        "<?xml version=\"1.0\"?><ErrorResponse "
        "xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><Error><Type>Sender</Type><Code>"
        "AWS.SimpleQueueService.NonExistentQueue</Code><Message>no &lt;such&gt; "
        "&quot;queue&quot;</Message></Error><RequestId>id</RequestId></ErrorResponse>");
}

TEST(Params, keep_json_to_its_types_and_read_numbers_of_forms) {
    auto const root = read_json(R"({"n":7,"t":"7","b":true})").value();
    Params const json(root, Protocol::json);
    Params const form(root, Protocol::query);
    EXPECT_EQ(json.number("n", {0, 10}).value(), 7);
    EXPECT_EQ(json.number("t", {0, 10}).error().code, "SerializationException");
    EXPECT_EQ(form.number("t", {0, 10}).value(), 7);
    EXPECT_EQ(json.number("n", {8, 10}).error().code, "InvalidParameterValue");
    EXPECT_EQ(json.number("x", {8, 10}).value(), std::nullopt);
    EXPECT_EQ(json.text("n").error().code, "SerializationException");
    EXPECT_EQ(json.needed_text("x").error().code, "MissingParameter");
    EXPECT_EQ(json.boolean("b").value(), true);
    EXPECT_FALSE(json.boolean("t"));
    EXPECT_FALSE(json.texts("t"));
    EXPECT_FALSE(json.objects("t"));
    EXPECT_FALSE(json.named_texts("n"));
}

TEST(Params, take_an_empty_text_of_a_form_for_an_empty_list) {
    auto const root = read_json(R"({"Entries":""})").value();
    Params const form(root, Protocol::query);
    EXPECT_TRUE(form.objects("Entries").value().empty());
    EXPECT_TRUE(form.texts("Entries").value().empty());
    EXPECT_TRUE(form.named_texts("Entries").value().empty());
    EXPECT_FALSE(Params(root, Protocol::json).objects("Entries"));
}

/// Bytes from outside, near to what is understood.
rc::Gen<std::string> hostile() {
    return rc::gen::container<std::string>(
        rc::gen::oneOf(rc::gen::elementOf(std::string("Attribute.1=&Name%2{}[]\":,entrymemb")),
                       rc::gen::arbitrary<char>()));
}

RC_GTEST_PROP(WireFormsProperty, hostile_bytes_are_read_or_refused_by_an_aws_name, ()) {
    Plain const request{.query = {},
                        .body = "Action=a&" + *hostile(),
                        .headers = *rc::gen::arbitrary<bool>()
                                       ? std::vector<Header>{form_type}
                                       : std::vector<Header>{{"x-amz-target", "AmazonSQS.x"}}};
    auto const asked = request.read();
    if (asked)
        RC_ASSERT(asked->params.kind() == ValueKind::object);
    else
        RC_ASSERT(!error_reply(asked.error().error, asked.error().dialect, "id").body.empty());
}

RC_GTEST_PROP(WireFormsProperty, a_text_comes_back_from_json_as_it_went, ()) {
    auto const text = *hostile();
    if (!is_utf8(text))
        return;
    auto const written = to_json(Value::object().set("t", text));
    RC_ASSERT(read_json(written).value().find("t")->text() == text);
}

TEST(Unread, what_is_too_large_is_refused_in_the_words_of_its_service) {
    WireClient client;
    auto const json = [&](std::string_view target) {
        return client.unread({{"x-amz-target", target}}).error();
    };
    auto const batch = client.unread({{"x-amz-target", "AmazonSQS.SendMessageBatch"}});
    EXPECT_EQ(batch.error(), "BatchRequestTooLong");
    EXPECT_EQ(batch.status, 400);
    EXPECT_TRUE(batch.has("AWS.SimpleQueueService.BatchRequestTooLong;Sender"));
    EXPECT_EQ(json("AmazonSQS.SendMessage"), "InvalidParameterValue");
    EXPECT_EQ(json("AWSEvents.PutEvents"), "ValidationException");
    EXPECT_EQ(json("AWSEvents.PutRule"), "ValidationException");
    auto const form = [&](std::string_view service) {
        auto const scope = fmt::format(
            "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/{}/aws4_request", service);
        return client.unread({{"authorization", scope}});
    };
    EXPECT_TRUE(form("sns").has("<Code>InvalidParameter</Code>"));
    EXPECT_TRUE(form("sns").has("http://sns.amazonaws.com"));
    EXPECT_TRUE(form("sqs").has("<Code>InvalidParameterValue</Code>"));
    EXPECT_TRUE(client.unread({}).has("<ErrorResponse"));
    EXPECT_EQ(client.unread({{"content-type", "application/x-amz-json-1.1"}}).error(),
              "ValidationException");
}

TEST(Unread, whatever_else_is_refused_before_it_is_read_has_a_name_too) {
    WireClient client;
    std::vector<services::Header> const headers{{"x-amz-target", "AmazonSQS.SendMessage"}};
    EXPECT_EQ(client.unread(headers, "malformed").error(), "SerializationException");
    EXPECT_TRUE(client.unread({}, "malformed").has("<Code>MalformedInput</Code>"));
    EXPECT_EQ(client.unread(headers, "overloaded").status, 503);
    EXPECT_EQ(client.unread(headers, "too_slow").status, 408);
    EXPECT_EQ(client.unread(headers, "timed_out").status, 500);
}

RC_GTEST_PROP(PageToken, is_read_as_it_was_given_out, (std::string const& last)) {
    RC_PRE(!last.empty());
    auto const params = Value::object().set("NextToken", page_token(last));
    RC_ASSERT(read_page_token(Params(params, Protocol::json)).value() == last);
}

TEST(PageToken, what_was_never_given_out_is_none) {
    auto const read = [](std::string_view token) {
        auto const params = Value::object().set("NextToken", token);
        return read_page_token(Params(params, Protocol::json));
    };
    EXPECT_EQ(read("").value(), "");
    for (auto const* const token : {"orders", "b3JkZXJz", "MDAwMDAwMDA6b3JkZXJz", "!"})
        EXPECT_EQ(read(token).error().code, "InvalidParameterValue") << token;
}

} // namespace
} // namespace kontor::aws_wire
