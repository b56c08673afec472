#include "platform/messaging/topics/signing_key.hpp"

#include "base/assert.hpp"
#include "codec/json_text.hpp"
#include "platform/digests/digests.hpp"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <ctime>
#include <vector>

namespace kontor::topics {
namespace {

constexpr unsigned key_bits = 2048;
constexpr int days_valid = 3'650;
constexpr int serial_bits = 64;

template <auto free>
struct Freeing {
    template <class T>
    void operator()(T* what) const {
        free(what);
    }
};
using Bio = std::unique_ptr<BIO, Freeing<BIO_free_all>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Freeing<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freeing<X509_free>>;
using Digesting = std::unique_ptr<EVP_MD_CTX, Freeing<EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Freeing<BN_free>>;

std::string all_of(BIO* bio) {
    std::string text(BIO_ctrl_pending(bio), '\0');
    auto const size = BIO_read(bio, text.data(), static_cast<int>(text.size()));
    KONTOR_ASSERT(size == static_cast<int>(text.size()), "{} bytes were written", text.size());
    return text;
}

/// A reader of RFC 5280 wants a number, two times, a name for each side, and a key.
bool fill(X509* certificate, EVP_PKEY* key, Instant now) {
    auto when = static_cast<std::time_t>(now.unix_microseconds() / 1'000'000);
    Number const serial(BN_new());
    auto* const name = X509_get_subject_name(certificate);
    auto const* const subject = reinterpret_cast<unsigned char const*>("Kontor notifications");
    constexpr int last_version = 2; // it counts from 0
    return serial != nullptr && X509_set_version(certificate, last_version) == 1 &&
           BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(certificate)) != nullptr &&
           X509_time_adj_ex(X509_getm_notBefore(certificate), -1, 0, &when) != nullptr &&
           X509_time_adj_ex(X509_getm_notAfter(certificate), days_valid, 0, &when) != nullptr &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, subject, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && X509_set_pubkey(certificate, key) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

/// Half a SHA-256: enough to tell certificates apart.
std::string path_of(std::string_view certificate) {
    constexpr std::size_t shown_bytes = 16;
    auto const hash = digests::sha256(certificate);
    return "/sns/" + digests::hex(std::span(hash).first(shown_bytes)) + ".pem";
}

Bio reader_of(std::string_view text) {
    return Bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

} // namespace

struct SigningKey::Key {
    PrivateKey key;
};

SigningKey::SigningKey(std::shared_ptr<Key const> key, std::string certificate)
    : key_(std::move(key)), certificate_(std::move(certificate)), path_(path_of(certificate_)) {}

Result<SigningKey> SigningKey::make(Instant now) {
    PrivateKey key(EVP_RSA_gen(key_bits));
    Certificate const certificate(X509_new());
    Bio const out(BIO_new(BIO_s_mem()));
    if (key == nullptr || certificate == nullptr || out == nullptr ||
        !fill(certificate.get(), key.get(), now) ||
        PEM_write_bio_X509(out.get(), certificate.get()) != 1)
        return unexpected(Failure{FailureKind::unsupported, "OpenSSL makes no key for topics"});
    return SigningKey(std::make_shared<Key const>(Key{std::move(key)}), all_of(out.get()));
}

Result<SigningKey> SigningKey::parse(std::string_view text) {
    auto const in = reader_of(text);
    PrivateKey key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
    Certificate const certificate(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    Bio const out(BIO_new(BIO_s_mem()));
    if (key == nullptr || certificate == nullptr || out == nullptr ||
        EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA ||
        X509_check_private_key(certificate.get(), key.get()) != 1 ||
        PEM_write_bio_X509(out.get(), certificate.get()) != 1)
        return unexpected(
            Failure{FailureKind::invalid, "this is no key with its certificate for topics"});
    return SigningKey(std::make_shared<Key const>(Key{std::move(key)}), all_of(out.get()));
}

std::string SigningKey::text() const {
    Bio const out(BIO_new(BIO_s_mem()));
    bool const is_good =
        out != nullptr && PEM_write_bio_PrivateKey(out.get(), key_->key.get(), nullptr, nullptr, 0,
                                                   nullptr, nullptr) == 1;
    KONTOR_ASSERT(is_good, "OpenSSL cannot write the key that it made");
    return all_of(out.get()) + certificate_;
}

std::string SigningKey::sign(std::string_view text, std::uint32_t version) const {
    Digesting const context(EVP_MD_CTX_new());
    auto const* const digest = version == 1 ? EVP_sha1() : EVP_sha256();
    std::size_t size = 0;
    auto const* const bytes = reinterpret_cast<unsigned char const*>(text.data());
    std::vector<unsigned char> signature(
        static_cast<std::size_t>(EVP_PKEY_get_size(key_->key.get())));
    size = signature.size();
    bool const is_good =
        context != nullptr &&
        EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_->key.get()) == 1 &&
        EVP_DigestSign(context.get(), signature.data(), &size, bytes, text.size()) == 1;
    KONTOR_ASSERT(is_good, "OpenSSL does not sign with the key that it made");
    signature.resize(size);
    std::string encoded;
    codec::append_base64(encoded, signature);
    return encoded;
}

} // namespace kontor::topics
