#include "platform/routing/json_check.hpp"

#include "base/random.hpp"
#include "platform/routing/event.hpp"
#include "platform/routing/limits.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

namespace kontor::routing {
namespace {

/// Both say of a text what its readers say.
void expect_agreement(std::string_view text) {
    EXPECT_EQ(is_event(text), FlatEvent::read(text).has_value()) << text;
    EXPECT_EQ(is_json(text, 3), read_json(text, 3).has_value()) << text;
}

std::string repeated(std::string_view what, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i)
        text += what;
    return text;
}

TEST(JsonCheck, says_what_the_readers_say) {
    for (std::string_view const text : {
             R"({})",
             R"( { "a" : [ 1 , -0.5e+3 , true , false , null , "x" , { } , [ ] ] } )",
             R"({"a":1}x)",
             R"({"a":1,})",
             R"({"a":[1,]})",
             R"({,})",
             R"({"a" 1})",
             R"({"a":})",
             R"({"a":01})",
             R"({"a":1.})",
             R"({"a":.5})",
             R"({"a":1e})",
             R"({"a":+1})",
             R"({"a":-})",
             R"({"a":tru})",
             R"({"a":truex})",
             R"([1])",
             R"("text")",
             R"(7)",
             R"()",
             R"( )",
             R"({"a":"\n\t\/\"\\\b\f\r\u00e9"})",
             R"({"a":"\x"})",
             R"({"a":"\u12"})",
             R"({"a":"\u12G4"})",
             R"({"a":"\ud83d\ude00"})",
             R"({"a":"\uD83D\uDE00"})",
             R"({"a":"\ud83d"})",
             R"({"a":"\ud83dxxxxxx"})",
             R"({"a":"\ude00"})",
             R"({"a":"\ud83d\u0041"})",
             R"({"a":"\)",
             R"({"a":"\u)",
             R"({"a":1,"a":2})",
             R"({"a":1,"\u0061":2})",
             R"({"a":1,"A":2,"":3})",
             R"({"a":{"b":1},"b":{"a":1}})",
             R"({"a":{"b":1,"b":1}})",
             R"([[[1]]])",
             R"([[[[1]]]])",
             R"({"a":[[1]]})",
             R"({"a":[[[1]]]})",
             "{\"a\":\"\x01\"}",
             "{\"a\":\"0123456789abcde\x1f\"}",
             "{\"a\":\"0123456789abcdef\xc3\xa9 0123456789abcdef\"}",
             "{\"a\":\"\xc3\"}",
             "{\"a\":\"\xed\xa0\x80\"}",
             "{\"a\":\"\xf4\x90\x80\x80\"}",
             "{\"\xff\":1}",
             "{\x0b}",
             "\xef\xbb\xbf{}",
         })
        expect_agreement(text);
    expect_agreement(std::string_view("{\"a\":\"\0\"}", 9));
}

TEST(JsonCheck, keeps_the_limits_of_the_readers) {
    for (auto const depth : {event_depth_max - 1, event_depth_max, event_depth_max + 1}) {
        expect_agreement(repeated(R"({"a":)", depth) + "1" + repeated("}", depth));
        expect_agreement(R"({"a":)" + repeated("[", depth) + repeated("]", depth) + "}");
        expect_agreement(R"({")" + repeated("a.", depth) + R"(":1})");
        expect_agreement(R"({"b":{")" + repeated("a.", depth - 2) + R"(":1}})");
    }
    EXPECT_FALSE(is_event(R"({"a":")" + std::string(event_bytes_max, 'x') + "\"}"));
}

TEST(JsonCheck, knows_repeated_keys_among_many) {
    for (std::size_t const count : {15U, 16U, 17U, 40U}) {
        std::string keys;
        for (std::size_t i = 0; i < count; ++i)
            keys += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
        EXPECT_TRUE(is_event("{" + keys + "}"));
        for (auto const* const twice : {"k0", "k14", "k16", "k39", "other"})
            expect_agreement("{" + keys + ",\"" + twice + "\":2}");
    }
}

/// Texts that are nearly JSON: pieces of it in any sequence, and bytes changed in what is.
TEST(JsonCheckProperty, says_what_the_readers_say_of_any_bytes) {
    constexpr std::string_view pieces[] = {"{",
                                           "}",
                                           "[",
                                           "]",
                                           ",",
                                           ":",
                                           "\"a\"",
                                           "\"b.c\"",
                                           "\"\\u0061\"",
                                           "1",
                                           "-0",
                                           "2e5",
                                           "true",
                                           "null",
                                           " ",
                                           "\"\xc3\xa9\"",
                                           "\"\\ud83d\\ude00\"",
                                           "\"long enough to fill a vector\""};
    constexpr std::string_view sound =
        R"({"id":"7\u00e9","detail":{"a":[1,2.5,{"b":null}],"c.d":"some words, and some more"},"t":true})";
    Random dice(testing::seed());
    for (int round = 0; round < 20'000; ++round) {
        std::string pieced = "{\"k\":";
        for (auto left = dice.below(9); left > 0; --left)
            pieced += pieces[dice.below(std::size(pieces))];
        expect_agreement(pieced + (dice.below(2) == 0 ? "}" : ""));
        std::string changed(sound);
        for (auto left = 1 + dice.below(2); left > 0; --left)
            changed[dice.below(changed.size())] = static_cast<char>(dice.below(256));
        expect_agreement(changed);
        expect_agreement(std::string_view(sound).substr(0, dice.below(sound.size())));
    }
}

} // namespace
} // namespace kontor::routing
