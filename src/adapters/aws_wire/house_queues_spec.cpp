#include "adapters/aws_wire/page_tokens.hpp"
#include "adapters/aws_wire/wire_client.hpp"

#include <gtest/gtest.h>

namespace kontor::aws_wire {
namespace {

// What callers see of the queues in which messages for endpoints wait: nothing.

constexpr std::string_view name = "sns-endpoint-1";
constexpr std::string_view url = "http://localhost:8082/000000000000/sns-endpoint-1";
constexpr std::string_view arn = "arn:aws:sqs:us-east-1:000000000000:sns-endpoint-1";

struct HouseQueues : ::testing::Test {
    HouseQueues() { client.make_house_queue(name); }
    WireClient client;
};

TEST_F(HouseQueues, no_action_finds_one) {
    constexpr std::string_view entry = R"("Entries":[{"Id":"a","MessageBody":"x",)"
                                       R"("ReceiptHandle":"r","VisibilityTimeout":0}])";
    struct Case {
        std::string_view operation;
        std::string_view more{};
    };
    constexpr Case cases[] = {
        {"SendMessage", R"("MessageBody":"x")"},
        {"SendMessageBatch", entry},
        {"ReceiveMessage"},
        {"DeleteMessage", R"("ReceiptHandle":"r")"},
        {"DeleteMessageBatch", entry},
        {"ChangeMessageVisibility", R"("ReceiptHandle":"r","VisibilityTimeout":0)"},
        {"ChangeMessageVisibilityBatch", entry},
        {"GetQueueAttributes", R"("AttributeNames":["All"])"},
        {"SetQueueAttributes", R"("Attributes":{"DelaySeconds":"7"})"},
        {"DeleteQueue"},
        {"PurgeQueue"},
        {"ListDeadLetterSourceQueues"},
        {"TagQueue", R"("Tags":{"team":"shop"})"},
        {"UntagQueue", R"("TagKeys":["team"])"},
        {"ListQueueTags"},
        {"AddPermission", R"("Label":"a","AWSAccountIds":["1"],"Actions":["SendMessage"])"},
        {"RemovePermission", R"("Label":"a")"}};
    for (auto const& [operation, more] : cases)
        EXPECT_EQ(client.on(operation, url, more).error(), "QueueDoesNotExist") << operation;
    EXPECT_EQ(client.json("GetQueueUrl", R"({"QueueName":"sns-endpoint-1"})").error(),
              "QueueDoesNotExist");
    EXPECT_TRUE(
        client.form("Action=ReceiveMessage&Version=2012-11-05", "/000000000000/sns-endpoint-1")
            .has("NonExistentQueue"));
}

TEST_F(HouseQueues, no_list_has_one_and_pages_go_on_behind_them) {
    EXPECT_EQ(client.json("ListQueues", "{}").body, "{}");
    EXPECT_EQ(client.json("ListQueues", R"({"QueueNamePrefix":"sns-endpoint-"})").body, "{}");
    client.make_queue("orders");
    client.make_queue("tills");
    auto const page = client.json("ListQueues", R"({"MaxResults":1})");
    EXPECT_TRUE(page.has("/orders")) << page.body;
    auto const more = fmt::format(R"("NextToken":"{}")", page_token("orders"));
    EXPECT_TRUE(page.has(more)) << page.body;
    auto const rest = client.json("ListQueues", fmt::format(R"({{"MaxResults":1,{}}})", more));
    EXPECT_EQ(rest.body, R"({"QueueUrls":["http://localhost:8082/000000000000/tills"]})");
}

TEST_F(HouseQueues, nobody_makes_one) {
    auto const told = client.json("CreateQueue", R"({"QueueName":"sns-endpoint-2"})");
    EXPECT_EQ(told.error(), "InvalidParameterValue");
    EXPECT_TRUE(told.has("sns-endpoint-")) << told.body;
    EXPECT_EQ(client.json("CreateQueue", R"({"QueueName":"sns-endpoint-1"})").error(),
              "InvalidParameterValue")
        << "it stands already";
    EXPECT_EQ(client.json("CreateQueue", R"({"QueueName":"sns-repetitions"})").error(),
              "InvalidParameterValue");
    EXPECT_EQ(client.make_queue("sns-endpoints"),
              "http://localhost:8082/000000000000/sns-endpoints");
}

TEST_F(HouseQueues, dead_letters_neither_go_there_nor_come_from_there) {
    auto const orders = client.make_queue("orders");
    auto const redrive = [](std::string_view target) {
        return fmt::format(R"("Attributes":{{"RedrivePolicy":"{{\"deadLetterTargetArn\":)"
                           R"(\"{}\",\"maxReceiveCount\":5}}"}})",
                           target);
    };
    auto const refused = client.on("SetQueueAttributes", orders, redrive(arn));
    EXPECT_EQ(refused.error(), "InvalidParameterValue");
    auto const nowhere = client.on("SetQueueAttributes", orders,
                                   redrive("arn:aws:sqs:us-east-1:000000000000:nowhere"));
    EXPECT_EQ(refused.body, nowhere.body) << "as if there were none";
    auto const from_there = fmt::format(R"({{"SourceArn":"{}"}})", arn);
    EXPECT_EQ(client.json("StartMessageMoveTask", from_there).error(), "ResourceNotFoundException");
    EXPECT_EQ(client.json("ListMessageMoveTasks", from_there).error(), "ResourceNotFoundException");
    auto const dead = client.make_queue("dead");
    auto const policy = redrive("arn:aws:sqs:us-east-1:000000000000:dead");
    ASSERT_EQ(client.on("SetQueueAttributes", orders, policy).status, 200);
    EXPECT_EQ(client
                  .json("StartMessageMoveTask",
                        fmt::format(R"({{"SourceArn":"arn:aws:sqs:us-east-1:000000000000:dead",)"
                                    R"("DestinationArn":"{}"}})",
                                    arn))
                  .error(),
              "ResourceNotFoundException");
}

} // namespace
} // namespace kontor::aws_wire
