#include "services/gateway/digests.hpp"

#include "base/assert.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace kontor::services::gateway {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

Digest sha256(std::span<std::string_view const> parts) {
    std::string text;
    for (auto const part : parts) {
        for (int shift = 0; shift < 64; shift += 8)
            text += static_cast<char>((std::uint64_t{part.size()} >> shift) & 255);
        text += part;
    }
    Digest digest{};
    unsigned length = 0;
    bool const is_good =
        EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr) == 1;
    KONTOR_ASSERT(is_good && length == digest.size(), "OpenSSL refuses to hash");
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest{};
    unsigned length = 0;
    auto const* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                  reinterpret_cast<unsigned char const*>(text.data()), text.size(),
                                  digest.data(), &length);
    KONTOR_ASSERT(made != nullptr && length == digest.size(), "OpenSSL refuses to sign");
    return digest;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url(std::string_view bytes) {
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (char const c : bytes) {
        bits = (bits << 8) | static_cast<std::uint8_t>(c);
        for (held += 8; held >= 6; held -= 6)
            text += alphabet[(bits >> (held - 6)) & 63];
    }
    if (held > 0)
        text += alphabet[(bits << (6 - held)) & 63];
    return text;
}

std::string from_base64url(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (char const c : text) {
        auto const value = alphabet.find(c);
        if (value == std::string_view::npos)
            return {};
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        held += 6;
        if (held >= 8) {
            bytes += static_cast<char>((bits >> (held - 8)) & 255);
            held -= 8;
        }
    }
    return base64url(bytes) == text ? bytes : std::string();
}

} // namespace kontor::services::gateway
