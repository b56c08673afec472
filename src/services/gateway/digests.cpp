#include "services/gateway/digests.hpp"

#include "codec/json_text.hpp"

#include <algorithm>

namespace kontor::services::gateway {

Digest sha256(std::span<std::string_view const> parts) {
    std::string text;
    for (auto const part : parts) {
        for (int shift = 0; shift < 64; shift += 8)
            text += static_cast<char>((std::uint64_t{part.size()} >> shift) & 255);
        text += part;
    }
    return digests::sha256(text);
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
