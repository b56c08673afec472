#include "tests/http/heads.hpp"
#include "tests/http/mutations.hpp"
#include "tests/http/naive_reader.hpp"
#include "tests/support/seed.hpp"

#include <gtest/gtest.h>

namespace kontor::testing {
namespace {

constexpr int rounds = 100'000;

/// The naive reader and the session must see the same requests and refuse the same.
TEST(MutatedRequests, none_is_wrongly_accepted_and_none_wrongly_refused) {
    Mutations mutations(seed());
    int accepted = 0;
    int refused = 0;
    for (int round = 0; round < rounds; ++round) {
        auto const bytes = mutations.draw();
        auto const wanted = read_naively(bytes);
        auto const seen = give_to_session(bytes, 1 + static_cast<std::size_t>(round) % 97 * 8);
        ASSERT_EQ(seen.requests, wanted.requests) << "round " << round << ": " << escaped(bytes);
        ASSERT_EQ(seen.refusal.empty(), wanted.refusal.empty())
            << "round " << round << ": " << escaped(bytes) << "\n"
            << seen.refusal;
        accepted += wanted.requests.empty() ? 0 : 1;
        refused += wanted.refusal.empty() ? 0 : 1;
    }
    // Dice that only ever make rubbish, or never any, would prove nothing.
    EXPECT_GT(accepted, rounds / 10);
    EXPECT_GT(refused, rounds / 10);
}

TEST(NaiveReader, says_the_same_of_the_files) {
    for (auto const& each : read_heads("malformed_heads.txt", ' '))
        EXPECT_EQ(read_naively(each.bytes), (Understood{{}, "yes"})) << "line " << each.line;
    for (auto const& each : read_heads("sound_heads.txt", '|'))
        EXPECT_EQ(read_naively(each.bytes).requests.size(), 1U) << "line " << each.line;
}

} // namespace
} // namespace kontor::testing
