#include "platform/sealing/gcm.hpp"

#include "base/assert.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

namespace kontor::sealing {

void Gcm::Free::operator()(evp_cipher_ctx_st* context) const {
    EVP_CIPHER_CTX_free(context);
}

// The cipher is fetched once; a key and a nonce alone are cheap to change.
Gcm::Gcm() : context_(EVP_CIPHER_CTX_new()) {
    KONTOR_ASSERT(context_ != nullptr && EVP_CipherInit_ex(context_.get(), EVP_aes_256_gcm(),
                                                           nullptr, nullptr, nullptr, 1) == 1,
                  "OpenSSL has no AES-256-GCM");
}

void Gcm::seal(Key const& key, Nonce const& nonce, std::span<std::uint8_t const> beside,
               std::span<std::uint8_t const> clear, std::vector<std::uint8_t>& out) {
    auto* const context = context_.get();
    auto const begin = out.size();
    out.resize(begin + clear.size() + tag_bytes);
    auto* const at = out.data() + begin;
    int length = 0;
    bool is_good = EVP_CipherInit_ex(context, nullptr, nullptr, key.data(), nonce.data(), 1) == 1;
    is_good = is_good && EVP_EncryptUpdate(context, nullptr, &length, beside.data(),
                                           static_cast<int>(beside.size())) == 1;
    is_good = is_good && EVP_EncryptUpdate(context, at, &length, clear.data(),
                                           static_cast<int>(clear.size())) == 1;
    is_good = is_good && EVP_EncryptFinal_ex(context, at + length, &length) == 1;
    is_good = is_good &&
              EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, tag_bytes, at + clear.size()) == 1;
    KONTOR_ASSERT(is_good, "OpenSSL refuses to seal");
}

bool Gcm::open(Key const& key, Nonce const& nonce, std::span<std::uint8_t const> beside,
               std::span<std::uint8_t const> sealed, std::vector<std::uint8_t>& out) {
    if (sealed.size() < tag_bytes)
        return false;
    auto* const context = context_.get();
    auto const begin = out.size();
    auto const text = sealed.first(sealed.size() - tag_bytes);
    auto tag = std::array<std::uint8_t, tag_bytes>{};
    std::copy(sealed.end() - tag_bytes, sealed.end(), tag.begin());
    out.resize(begin + text.size());
    auto* const at = out.data() + begin;
    int length = 0;
    bool is_good = EVP_CipherInit_ex(context, nullptr, nullptr, key.data(), nonce.data(), 0) == 1;
    is_good = is_good && EVP_DecryptUpdate(context, nullptr, &length, beside.data(),
                                           static_cast<int>(beside.size())) == 1;
    is_good = is_good && EVP_DecryptUpdate(context, at, &length, text.data(),
                                           static_cast<int>(text.size())) == 1;
    is_good =
        is_good && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1;
    is_good = is_good && EVP_DecryptFinal_ex(context, at + length, &length) == 1;
    if (!is_good)
        out.resize(begin);
    return is_good;
}

void wipe(Key& key) {
    OPENSSL_cleanse(key.data(), key.size());
}

} // namespace kontor::sealing
