#include "platform/sealing/address_mark.hpp"

#include "base/assert.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>

namespace kontor::sealing {

std::string normal_address(std::string_view address) {
    constexpr std::string_view blanks = " \t\r\n";
    auto const first = address.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    address = address.substr(first, address.find_last_not_of(blanks) - first + 1);
    std::string normal(address);
    for (auto& c : normal)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return normal;
}

ports::AddressMark mark_of(Key const& key, std::string_view address) {
    auto const normal = normal_address(address);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    auto const* const made = HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                                  reinterpret_cast<unsigned char const*>(normal.data()),
                                  normal.size(), digest.data(), &length);
    ports::AddressMark mark{};
    KONTOR_ASSERT(made != nullptr && length >= mark.size(), "a digest of {} bytes", length);
    std::copy_n(digest.begin(), mark.size(), mark.begin());
    return mark;
}

} // namespace kontor::sealing
