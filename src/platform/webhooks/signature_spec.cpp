#include "platform/webhooks/signature.hpp"

#include <gtest/gtest.h>

namespace kontor::webhooks {
namespace {

WebhookSecret secret_of(char const* text) {
    return WebhookSecret::parse(text).value();
}

// The example that the libraries of Standard Webhooks check themselves against.
constexpr char const* secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr char const* other_secret = "whsec_c2VjcmV0IG9mIHNvbWVib2R5IGVsc2UsIGxvbmcgZW5vdWdo";
constexpr SignedMessage message{"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                                R"({"test": 2432232314})"};
constexpr char const* signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

TEST(WebhookSignature, is_what_standard_webhooks_says) {
    std::vector const secrets{secret_of(secret)};
    EXPECT_EQ(signature_of(message, secrets), signature);
    EXPECT_TRUE(is_signed(message, signature, secrets));
}

TEST(WebhookSignature, each_part_that_was_changed_is_noticed) {
    std::vector const secrets{secret_of(secret)};
    auto changed = message;
    changed.id = "msg_p5jXN8AQM9LWM0D4loKWxJel";
    EXPECT_FALSE(is_signed(changed, signature, secrets));
    changed = message;
    changed.timestamp = "1614265331";
    EXPECT_FALSE(is_signed(changed, signature, secrets));
    changed = message;
    changed.body = R"({"test": 2432232315})";
    EXPECT_FALSE(is_signed(changed, signature, secrets));
    for (auto const* const wrong :
         {"", " ", "v1", "v1,", "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
          "v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
          "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", "v1a,AAAA"})
        EXPECT_FALSE(is_signed(message, wrong, secrets)) << wrong;
    EXPECT_FALSE(is_signed(message, signature, {}));
}

TEST(WebhookSignature, while_secrets_are_exchanged_the_old_one_and_the_new_one_count) {
    std::vector const both{secret_of(other_secret), secret_of(secret)};
    std::vector const old{secret_of(secret)};
    std::vector const fresh{secret_of(other_secret)};
    EXPECT_TRUE(is_signed(message, signature_of(message, old), both));
    EXPECT_TRUE(is_signed(message, signature_of(message, fresh), both));
    EXPECT_TRUE(is_signed(message, signature_of(message, both), old));
    EXPECT_TRUE(is_signed(message, std::string("v1a,AAAA ") + signature, old));
    EXPECT_FALSE(is_signed(message, signature_of(message, fresh), old));
}

TEST(WebhookSignature, a_secret_has_its_form) {
    EXPECT_TRUE(WebhookSecret::parse(secret));
    for (auto const* const wrong : {"", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                    "whsec_c2hvcnQ=", "whsec_not base 64 at all, is it?"})
        EXPECT_FALSE(WebhookSecret::parse(wrong)) << wrong;
}

} // namespace
} // namespace kontor::webhooks
