#include "platform/messaging/queues/receipts.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <numeric>
#include <vector>

namespace kontor::queues {
namespace {

constexpr SipKey key{1, 2};
constexpr Id128 queue_id(3, 4);

/// Source: the reference implementation's vectors, vectors_sip64: key 00 01 … 0f, messages of 0, 1,
/// … bytes 00 01 ….
TEST(SipHash, gives_the_published_values) {
    SipKey const published{0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL};
    std::vector<std::uint8_t> bytes(15);
    std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
    EXPECT_EQ(siphash(published, {}), 0x726fdb47dd0e0e31ULL);
    EXPECT_EQ(siphash(published, std::span(bytes).first(1)), 0x74f839c593dc67fdULL);
    EXPECT_EQ(siphash(published, bytes), 0xa129ca6149be45e5ULL);
}

RC_GTEST_PROP(Receipts, are_read_as_they_were_written,
              (std::uint64_t number, std::uint64_t epoch)) {
    auto const receipt = write_receipt(key, queue_id, {number, epoch});
    RC_ASSERT(read_receipt(key, queue_id, receipt.view()) == (Receipt{number, epoch}));
    RC_ASSERT(!read_receipt({2, 1}, queue_id, receipt.view()));
    RC_ASSERT(!read_receipt(key, Id128(4, 3), receipt.view()));
}

RC_GTEST_PROP(Receipts, with_any_letter_changed_are_none, (std::uint64_t number)) {
    std::string text(write_receipt(key, queue_id, {number, 5}).view());
    auto const at = *rc::gen::inRange<std::size_t>(0, text.size());
    auto const letter = *rc::gen::elementOf(std::string("AZaz09-_+/= "));
    RC_PRE(text[at] != letter);
    text[at] = letter;
    RC_ASSERT(!read_receipt(key, queue_id, text));
}

} // namespace
} // namespace kontor::queues
