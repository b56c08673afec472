#include "platform/messaging/queues/causes.hpp"

#include "platform/messaging/queues/limits.hpp"

#include <gtest/gtest.h>

namespace kontor::queues {
namespace {

Instant at(std::int64_t seconds) {
    return Instant::from_unix_microseconds(seconds * 1'000'000);
}

ports::PeekedMessage letter_of(std::string_view source, std::string cause, std::uint64_t number) {
    ports::PeekedMessage letter{};
    letter.message.dead_letter_source = ports::QueueName(source);
    letter.message.cause = std::move(cause);
    letter.message.sequence = ports::SequenceNumber(number);
    letter.death = ports::Death::refused;
    letter.died_at = at(static_cast<std::int64_t>(number));
    return letter;
}

TEST(Causes, words_lose_what_differs_from_one_to_the_next) {
    EXPECT_EQ(plain_words("no order ord_01ARZ3NDEK in 17 ms"), "no order # in # ms");
    EXPECT_EQ(plain_words("SKU  K-001\tis\n gone"), "SKU # is gone");
    EXPECT_EQ(plain_words("nothing to hide"), "nothing to hide");
    EXPECT_EQ(plain_words(""), "");
}

TEST(Causes, long_words_are_cut_between_characters) {
    std::string text;
    while (text.size() < 3 * cause_words_max)
        text += "\xe2\x82\xac"; // €
    auto const plain = plain_words(text);
    EXPECT_LE(plain.size(), cause_words_max);
    EXPECT_EQ(plain.size() % 3, 0U) << "half a character is left";
}

TEST(Causes, those_that_died_of_the_same_are_one_group) {
    Causes causes;
    causes.add(letter_of("work", "no such order: ord_1", 3));
    causes.add(letter_of("work", "the card was refused", 4));
    causes.add(letter_of("work", "no such order: ord_2", 5));
    causes.add(letter_of("other", "no such order: ord_3", 6));
    auto const groups = causes.groups();
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups[0].count, 2U);
    EXPECT_EQ(groups[0].cause.source, "work");
    EXPECT_EQ(groups[0].cause.words, "no such order: #");
    EXPECT_EQ(groups[0].first, at(3));
    EXPECT_EQ(groups[0].last, at(5));
    EXPECT_EQ(groups[0].sample, ports::SequenceNumber(5));
    EXPECT_EQ(groups[0].said, "no such order: ord_2");
    EXPECT_EQ(groups[0].cause.id.size(), 16U);
    EXPECT_NE(groups[0].cause.id, groups[1].cause.id);
    EXPECT_NE(groups[0].cause.id, groups[2].cause.id);
}

TEST(Causes, what_was_received_too_often_is_a_cause_by_itself) {
    auto letter = letter_of("work", "", 1);
    letter.death = ports::Death::received_too_often;
    letter.message.dead_letter_attempts = 5;
    auto later = letter;
    later.message.dead_letter_attempts = 6;
    EXPECT_EQ(cause_of(letter).words, "received # times and never settled");
    EXPECT_EQ(cause_of(letter), cause_of(later));
}

TEST(Causes, what_the_bus_could_not_deliver_says_so_in_its_attributes) {
    ports::PeekedMessage letter{};
    letter.message.attributes = {{"RULE_ARN", "String", "arn:rule/stock"},
                                 {"ERROR_CODE", "String", "NO_RESOURCE"},
                                 {"ERROR_MESSAGE", "String", "no queue q17"}};
    EXPECT_EQ(cause_of(letter).source, "arn:rule/stock");
    EXPECT_EQ(cause_of(letter).words, "NO_RESOURCE: no queue #");
    ports::PeekedMessage const by_hand{};
    EXPECT_EQ(cause_of(by_hand).source, "");
    EXPECT_EQ(cause_of(by_hand).words, "sent here: no queue gave it up");
}

TEST(Causes, too_many_groups_are_a_number) {
    Causes causes;
    for (std::size_t n = 0; n < causes_max + 5; ++n) {
        std::string word;
        for (auto rest = n + 1; rest > 0; rest /= 26)
            word += static_cast<char>('a' + rest % 26);
        causes.add(letter_of("work", word, n + 1));
    }
    EXPECT_EQ(causes.groups().size(), causes_max);
    EXPECT_EQ(causes.others(), 5U);
}

} // namespace
} // namespace kontor::queues
