#include "adapters/aws_wire/digests.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>

#include <array>

namespace kontor::aws_wire {

std::string md5_hex(std::string_view text) {
    std::array<std::uint8_t, 16> digest{};
    unsigned length = 0;
    bool const is_good =
        EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_md5(), nullptr) == 1;
    KONTOR_ASSERT(is_good && length == digest.size(), "OpenSSL refuses to hash");
    return hex(digest);
}

} // namespace kontor::aws_wire
