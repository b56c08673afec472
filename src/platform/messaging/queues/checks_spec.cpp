#include "platform/messaging/queues/checks.hpp"

#include "platform/messaging/queues/limits.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kontor::queues {
namespace {

using ports::OutgoingMessage;
using ports::QueueError;
using ports::QueueKind;
using ports::QueueSettings;

QueueError refusal_of(OutgoingMessage const& message, QueueSettings const& settings = {}) {
    return check_message(message, settings).error().error;
}

OutgoingMessage with_attribute(std::string name, std::string type, std::string value) {
    return {.body = "x", .attributes = {{std::move(name), std::move(type), std::move(value)}}};
}

TEST(Checks, a_body_is_text_that_xml_knows) {
    for (auto const* text : {"plain, and longer than a word", "\t\r\n", "\xc3\xa4\xe2\x82\xac",
                             "\xf0\x9f\x98\x80", "\xef\xbf\xbd", "\xed\x9f\xbf", "\xee\x80\x80"})
        EXPECT_TRUE(is_sendable_text(text)) << text;
    for (auto const* text :
         {"\x01", "in the midst of \x0b it", "\x1f", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xed\xa0\x80",
          "\xc0\xaf", "\xe0\x80\xaf", "\xf4\x90\x80\x80", "\xff", "cut \xe2\x82", "\x80"})
        EXPECT_FALSE(is_sendable_text(text)) << text;
    EXPECT_EQ(refusal_of({.body = "\x01"}), QueueError::invalid_message_contents);
    EXPECT_EQ(refusal_of({.body = ""}), QueueError::missing_parameter);
}

TEST(Checks, body_and_attributes_together_have_a_limit) {
    QueueSettings settings;
    settings.message_bytes_max = 1024;
    EXPECT_TRUE(check_message({.body = std::string(1024, 'x')}, settings));
    EXPECT_EQ(refusal_of({.body = std::string(1025, 'x')}, settings),
              QueueError::invalid_parameter_value);
    EXPECT_EQ(refusal_of({.body = std::string(1020, 'x'), .attributes = {{"a", "String", "b"}}},
                         settings),
              QueueError::invalid_parameter_value);
}

TEST(Checks, attributes_are_named_and_typed_as_sqs_has_it) {
    for (auto const* name : {"a", "A-b_c.d", "awsome"})
        EXPECT_TRUE(check_message(with_attribute(name, "String", "v"), {})) << name;
    for (auto const* name : {"", ".a", "a.", "a..b", "a b", "AWS.x", "aws.x", "Amazon.x"})
        EXPECT_FALSE(check_message(with_attribute(name, "String", "v"), {})) << name;
    for (auto const* type : {"String", "Binary.png"})
        EXPECT_TRUE(check_message(with_attribute("a", type, "v"), {})) << type;
    for (auto const* type : {"", "string", "Stringy", "Boolean"})
        EXPECT_FALSE(check_message(with_attribute("a", type, "v"), {})) << type;
    for (auto const* number : {"1", "-1.5e3", "+.5", "5.", "1E-7", "007"})
        EXPECT_TRUE(check_message(with_attribute("a", "Number.float", number), {})) << number;
    for (auto const* none : {"abc", "1a", "-", ".", "1e", "0x1", "1 ", "e5", "--1"})
        EXPECT_FALSE(check_message(with_attribute("a", "Number", none), {})) << none;
    EXPECT_FALSE(check_message(with_attribute("a", "String", ""), {}));
    EXPECT_FALSE(check_message(with_attribute("a", "String", "\x01"), {}));
    EXPECT_TRUE(check_message(with_attribute("a", "Binary", "\x01"), {}));
    OutgoingMessage many{.body = "x"};
    for (std::size_t i = 0; i < attributes_max; ++i)
        many.attributes.push_back({"a" + std::to_string(i), "String", "v"});
    EXPECT_TRUE(check_message(many, {}));
    many.attributes.push_back({"b", "String", "v"});
    EXPECT_FALSE(check_message(many, {}));
    many.attributes = {{"a", "String", "v"}, {"a", "String", "w"}};
    EXPECT_FALSE(check_message(many, {}));
}

TEST(Checks, a_fifo_message_has_a_group_and_an_id) {
    QueueSettings settings;
    settings.kind = QueueKind::fifo;
    OutgoingMessage message{.body = "x", .group_id = "g", .deduplication_id = "d"};
    EXPECT_TRUE(check_message(message, settings));
    EXPECT_FALSE(check_message(message, {})) << "a standard queue knows no deduplication id";
    message.group_id.clear();
    EXPECT_EQ(refusal_of(message, settings), QueueError::missing_parameter);
    message.group_id = std::string(129, 'g');
    EXPECT_EQ(refusal_of(message, settings), QueueError::invalid_parameter_value);
    message.group_id = "g";
    message.deduplication_id = "with blank";
    EXPECT_EQ(refusal_of(message, settings), QueueError::invalid_parameter_value);
    message.deduplication_id.clear();
    EXPECT_EQ(refusal_of(message, settings), QueueError::invalid_parameter_value);
    settings.deduplicates_by_content = true;
    EXPECT_TRUE(check_message(message, settings));
    message.delay = Duration::seconds(1);
    EXPECT_EQ(refusal_of(message, settings), QueueError::invalid_parameter_value);
}

TEST(Checks, a_delay_is_at_most_a_quarter_of_an_hour) {
    OutgoingMessage message{.body = "x", .delay = Duration::seconds(900)};
    EXPECT_TRUE(check_message(message, {}));
    message.delay = Duration::seconds(901);
    EXPECT_EQ(refusal_of(message), QueueError::invalid_parameter_value);
    message.delay = Duration::seconds(-1);
    EXPECT_EQ(refusal_of(message), QueueError::invalid_parameter_value);
}

TEST(Checks, a_name_says_its_kind) {
    using ports::QueueName;
    EXPECT_TRUE(check_name(QueueName("a-B_1"), QueueKind::standard));
    EXPECT_TRUE(check_name(QueueName("a.fifo"), QueueKind::fifo));
    EXPECT_FALSE(check_name(QueueName("a.fifo"), QueueKind::standard));
    EXPECT_FALSE(check_name(QueueName("a"), QueueKind::fifo));
    EXPECT_FALSE(check_name(QueueName(".fifo"), QueueKind::fifo));
    EXPECT_FALSE(check_name(QueueName(""), QueueKind::standard));
    EXPECT_FALSE(check_name(QueueName("a b"), QueueKind::standard));
}

TEST(Checks, settings_keep_their_bounds) {
    ports::QueueChange change;
    change.visibility = visibility_max;
    change.retention = retention_min;
    EXPECT_TRUE(check_change(change, QueueKind::standard));
    change.retention = retention_min - Duration::seconds(1);
    EXPECT_EQ(check_change(change, QueueKind::standard).error().error,
              QueueError::invalid_attribute_value);
    change = {};
    change.deduplicates_by_content = true;
    EXPECT_TRUE(check_change(change, QueueKind::fifo));
    EXPECT_EQ(check_change(change, QueueKind::standard).error().error,
              QueueError::invalid_attribute_name);
    change = {};
    change.redrive = ports::RedrivePolicy{ports::QueueName("dead"), receives_max};
    EXPECT_TRUE(check_change(change, QueueKind::standard));
    change.redrive = ports::RedrivePolicy{ports::QueueName("dead"), receives_max + 1};
    EXPECT_FALSE(check_change(change, QueueKind::standard));
}

} // namespace
} // namespace kontor::queues
