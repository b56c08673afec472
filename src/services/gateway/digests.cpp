#include "services/gateway/digests.hpp"

#include "base/assert.hpp"
#include "codec/json_text.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace kontor::services::gateway {

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
    codec::append_base64(text, {reinterpret_cast<std::uint8_t const*>(bytes.data()), bytes.size()});
    text.erase(std::min(text.find('='), text.size()));
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::string from_base64url(std::string_view text) {
    if (text.find_first_of("+/=") != std::string_view::npos)
        return {};
    std::string standard(text);
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    standard.append((4 - standard.size() % 4) % 4, '=');
    auto const bytes = codec::parse_base64(standard);
    return bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
}

} // namespace kontor::services::gateway
