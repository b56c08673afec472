#include "platform/proofs/sha256.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>

namespace kontor::proofs {

/// Looked up once: it costs more than a short hash.
struct Sha256::Context {
    EVP_MD* kind{EVP_MD_fetch(nullptr, "SHA256", nullptr)};
    EVP_MD_CTX* state{EVP_MD_CTX_new()};
    Context() = default;
    Context(Context const&) = delete;
    Context& operator=(Context const&) = delete;
    ~Context() {
        EVP_MD_CTX_free(state);
        EVP_MD_free(kind);
    }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
    KONTOR_ASSERT(context_->kind != nullptr && context_->state != nullptr, "OpenSSL has no SHA256");
}
Sha256::~Sha256() = default;

void Sha256::begin() {
    bool const is_good = EVP_DigestInit_ex2(context_->state, context_->kind, nullptr) == 1;
    KONTOR_ASSERT(is_good, "OpenSSL refuses to hash");
}

void Sha256::add(Bytes bytes) {
    bool const is_good = EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) == 1;
    KONTOR_ASSERT(is_good, "OpenSSL refuses to hash");
}

Hash Sha256::end() {
    Hash hash{};
    unsigned length = 0;
    bool const is_good = EVP_DigestFinal_ex(context_->state, hash.data(), &length) == 1;
    KONTOR_ASSERT(is_good && length == hash.size(), "OpenSSL refuses to hash");
    return hash;
}

} // namespace kontor::proofs
