#include "platform/digests/digests.hpp"

#include <gtest/gtest.h>

namespace kontor::digests {
namespace {

/// Source: FIPS 180-2, appendix B.1.
TEST(Digests, a_text_has_the_hash_that_the_standard_gives_it) {
    EXPECT_EQ(hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/// Source: RFC 4231, section 4.3.
TEST(Digests, a_text_is_signed_as_the_standard_signs_it) {
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digests, texts_are_equal_when_all_their_bytes_are) {
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

} // namespace
} // namespace kontor::digests
