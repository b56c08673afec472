#include "platform/messaging/topics/signing_key.hpp"

#include <gtest/gtest.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <vector>

namespace kontor::topics {
namespace {

Instant const made_at = Instant::from_unix_microseconds(1'764'180'000'000'000);

SigningKey const& a_key() {
    static auto const key = SigningKey::make(made_at);
    return key.value();
}

std::vector<unsigned char> bytes_of_base64(std::string const& text) {
    std::vector<unsigned char> bytes(3 * text.size() / 4);
    auto const size =
        EVP_DecodeBlock(bytes.data(), reinterpret_cast<unsigned char const*>(text.data()),
                        static_cast<int>(text.size()));
    EXPECT_GT(size, 256);
    bytes.resize(256); // without what fills up the last three
    return bytes;
}

/// As a receiver does it, who has the certificate alone.
bool is_signed_by(std::string const& certificate, std::string_view text,
                  std::string const& signature, EVP_MD const* digest) {
    auto* const in = BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size()));
    auto* const read = PEM_read_bio_X509(in, nullptr, nullptr, nullptr);
    auto* const context = EVP_MD_CTX_new();
    auto const bytes = bytes_of_base64(signature);
    bool const is_good =
        read != nullptr && X509_verify(read, X509_get0_pubkey(read)) == 1 &&
        EVP_DigestVerifyInit(context, nullptr, digest, nullptr, X509_get0_pubkey(read)) == 1 &&
        EVP_DigestVerify(context, bytes.data(), bytes.size(),
                         reinterpret_cast<unsigned char const*>(text.data()), text.size()) == 1;
    EVP_MD_CTX_free(context);
    X509_free(read);
    BIO_free_all(in);
    return is_good;
}

TEST(SigningKey, what_it_signs_is_verified_by_its_certificate_alone) {
    auto const& certificate = a_key().certificate();
    auto const signature = a_key().sign("Message\nhello\n", 2);
    EXPECT_TRUE(is_signed_by(certificate, "Message\nhello\n", signature, EVP_sha256()));
    EXPECT_FALSE(is_signed_by(certificate, "Message\nhellO\n", signature, EVP_sha256()));
    EXPECT_FALSE(is_signed_by(certificate, "Message\nhello\n", signature, EVP_sha1()));
}

TEST(SigningKey, version_1_signs_with_sha_1) {
    auto const signature = a_key().sign("Message\nhello\n", 1);
    EXPECT_TRUE(is_signed_by(a_key().certificate(), "Message\nhello\n", signature, EVP_sha1()));
}

TEST(SigningKey, what_was_written_is_the_same_key) {
    auto const again = SigningKey::parse(a_key().text());
    ASSERT_TRUE(again) << to_string(again.error());
    EXPECT_EQ(again->path(), a_key().path());
    EXPECT_EQ(again->certificate(), a_key().certificate());
    EXPECT_EQ(again->sign("x", 2), a_key().sign("x", 2));
    EXPECT_EQ(a_key().certificate().find("PRIVATE"), std::string::npos);
}

TEST(SigningKey, another_key_has_another_certificate_and_path) {
    auto const other = SigningKey::make(made_at);
    ASSERT_TRUE(other);
    EXPECT_NE(other->path(), a_key().path());
    EXPECT_FALSE(is_signed_by(other->certificate(), "x", a_key().sign("x", 2), EVP_sha256()));
    auto const mixed =
        other->text().substr(0, other->text().find("-----BEGIN CERT")) + a_key().certificate();
    EXPECT_FALSE(SigningKey::parse(mixed));
    EXPECT_FALSE(SigningKey::parse("no key"));
    EXPECT_FALSE(SigningKey::parse(""));
}

} // namespace
} // namespace kontor::topics
