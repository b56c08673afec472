#include "platform/messaging/topics/limits.hpp"
#include "platform/messaging/topics/messages.hpp"
#include "platform/messaging/topics/notification.hpp"

#include <gtest/gtest.h>

namespace kontor::topics {
namespace {

Links const links{"https://sns.local/sns/abc.pem", "https://sns.local"};

Notification sample() {
    Notification made;
    made.topic_arn = "arn:aws:sns:us-east-1:000000000000:t";
    made.subscription_arn = made.topic_arn + ":s";
    made.message_id = "m-1";
    made.message = "hello\n\"you\"";
    made.subject = "greeting";
    made.at = Instant::from_unix_microseconds(1'764'180'000'007'000);
    return made;
}

TEST(Notification, raw_it_is_the_message) {
    auto raw = sample();
    raw.is_raw = true;
    EXPECT_EQ(body_of(raw, links, ""), raw.message);
}

TEST(Notification, an_envelope_says_where_it_comes_from) {
    auto made = sample();
    made.attributes = {{"n", "Number", "1"}, {"b", "Binary", "ab\xff"}};
    EXPECT_EQ(body_of(made, links, "c2ln"),
              R"({"Type":"Notification","MessageId":"m-1",)"
              R"("TopicArn":"arn:aws:sns:us-east-1:000000000000:t","Subject":"greeting",)"
              R"("Message":"hello\n\"you\"","Timestamp":"2025-11-26T18:00:00.007Z",)"
              R"("SignatureVersion":"2","Signature":"c2ln",)"
              R"("SigningCertURL":"https://sns.local/sns/abc.pem",)"
              R"("UnsubscribeURL":"https://sns.local/?Action=Unsubscribe&SubscriptionArn=)"
              R"(arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At%3As",)"
              R"("MessageAttributes":{"n":{"Type":"Number","Value":"1"},)"
              R"("b":{"Type":"Binary","Value":"YWL/"}}})");
}

TEST(Notification, what_is_signed_is_names_and_values_a_line_each) {
    auto made = sample();
    EXPECT_EQ(text_to_sign(made, links),
              "Message\nhello\n\"you\"\nMessageId\nm-1\nSubject\ngreeting\n"
              "Timestamp\n2025-11-26T18:00:00.007Z\n"
              "TopicArn\narn:aws:sns:us-east-1:000000000000:t\nType\nNotification\n");
    made.subject = "";
    EXPECT_EQ(text_to_sign(made, links).find("Subject"), std::string::npos);
}

TEST(Notification, a_confirmation_signs_its_link_and_its_token) {
    auto made = sample();
    made.kind = NotificationKind::subscription_confirmation;
    made.is_raw = true;
    made.token = "t0k";
    auto const link = std::string("https://sns.local/?Action=ConfirmSubscription&TopicArn=") +
                      "arn%3Aaws%3Asns%3Aus-east-1%3A000000000000%3At&Token=t0k";
    EXPECT_EQ(text_to_sign(made, links),
              "Message\nhello\n\"you\"\nMessageId\nm-1\nSubscribeURL\n" + link +
                  "\nTimestamp\n2025-11-26T18:00:00.007Z\nToken\nt0k\n"
                  "TopicArn\narn:aws:sns:us-east-1:000000000000:t\nType\n"
                  "SubscriptionConfirmation\n");
    auto const body = body_of(made, links, "c2ln");
    EXPECT_NE(body.find(R"("Token":"t0k")"), std::string::npos);
    EXPECT_NE(body.find(R"("SubscribeURL":")" + link + "\""), std::string::npos);
    EXPECT_EQ(body.find("UnsubscribeURL"), std::string::npos);
}

std::string fault(ports::TopicMessage const& message, MessageBounds const& bounds = {1'024}) {
    auto const refusal = message_fault(message, bounds);
    return refusal ? refusal->what : "";
}

ports::TopicMessage text(std::string body) {
    ports::TopicMessage made;
    made.body = std::move(body);
    return made;
}

TEST(Messages, a_message_is_bounded_with_its_attributes) {
    EXPECT_EQ(fault(text(std::string(1'024, 'x'))), "");
    EXPECT_EQ(fault(text(std::string(1'025, 'x'))), "Invalid parameter: Message too long");
    EXPECT_EQ(fault(text("")), "Invalid parameter: Empty message");
    auto made = text(std::string(1'000, 'x'));
    made.attributes = {{"name", "String", std::string(20, 'y')}};
    EXPECT_EQ(fault(made), "Invalid parameter: Message too long");
}

TEST(Messages, a_subject_is_a_line) {
    auto made = text("x");
    for (auto const& good : {std::string(subject_size_max, 'a'), std::string("é")}) {
        made.subject = good;
        EXPECT_EQ(fault(made), "") << good;
    }
    for (auto const& bad : {std::string(subject_size_max + 1, 'a'), std::string("a\nb")}) {
        made.subject = bad;
        EXPECT_EQ(fault(made), "Invalid parameter: Subject") << bad;
    }
}

TEST(Messages, attributes_are_what_their_types_say) {
    auto const with = [](ports::MessageAttributes attributes) {
        auto made = text("x");
        made.attributes = std::move(attributes);
        return fault(made);
    };
    EXPECT_EQ(with({{"a.b-c_d", "String", "x"}, {"n", "Number", "-1.5e3"}}), "");
    EXPECT_EQ(with({{"l", "String.Array", R"(["x",1,null,true])"}}), "");
    EXPECT_NE(with({{"l", "String.Array", R"([["x"]])"}}), "");
    EXPECT_NE(with({{"n", "Number", "0x1"}}), "");
    EXPECT_NE(with({{"n", "Float", "1"}}), "");
    EXPECT_NE(with({{"n", "String", ""}}), "");
    EXPECT_NE(with({{"a", "String", "x"}, {"a", "String", "y"}}), "");
    for (auto const* const name : {"", ".a", "a.", "a..b", "AWS.a", "amazon.x", "a b"})
        EXPECT_NE(with({{name, "String", "x"}}), "") << name;
}

TEST(Messages, a_message_by_protocol_has_a_default) {
    auto made = text(R"({"default":"d","sqs":"s"})");
    made.is_by_protocol = true;
    EXPECT_EQ(fault(made), "");
    EXPECT_EQ(text_for(made, "sqs"), "s");
    EXPECT_EQ(text_for(made, "https"), "d");
    made.body = R"({"sqs":"s"})";
    EXPECT_EQ(fault(made),
              "Invalid parameter: Message Structure - No default entry in JSON message body");
}

TEST(Messages, a_fifo_topic_wants_a_group_and_an_id) {
    MessageBounds const fifo{1'024, true, false};
    auto made = text("x");
    EXPECT_EQ(fault(made, fifo),
              "Invalid parameter: The MessageGroupId parameter is required for FIFO topics");
    made.group_id = "g";
    EXPECT_NE(fault(made, fifo), "");
    EXPECT_EQ(fault(made, {1'024, true, true}), "");
    made.deduplication_id = "d";
    EXPECT_EQ(fault(made, fifo), "");
    EXPECT_NE(fault(made, {1'024, false, false}), "");
}

} // namespace
} // namespace kontor::topics
