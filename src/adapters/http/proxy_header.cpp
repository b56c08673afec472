#include "adapters/http/proxy_header.hpp"

#include <algorithm>

namespace kontor::http {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view signature = "\r\n\r\n\0\r\nQUIT\n"sv;
constexpr std::size_t fixed_bytes = 16;
constexpr std::size_t length_max = 536;
constexpr std::size_t v4_bytes = 12; ///< two addresses and two ports
constexpr std::size_t v6_bytes = 36;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint8_t>(bytes[at]);
}

/// The address of the client stands first.
services::PeerAddress peer_at(std::string_view bytes, bool is_v4) {
    services::PeerAddress peer;
    constexpr std::size_t v4_at = 12;
    auto const source = bytes.substr(fixed_bytes, is_v4 ? 4 : 16);
    std::transform(source.begin(), source.end(), peer.bytes.begin() + (is_v4 ? v4_at : 0),
                   [](char c) { return static_cast<std::uint8_t>(c); });
    if (is_v4)
        peer.bytes[10] = peer.bytes[11] = 0xff;
    return peer;
}

} // namespace

ProxyHeader read_proxy_header(std::string_view bytes) {
    using enum ProxyHeader::State;
    auto const known = std::min(bytes.size(), signature.size());
    if (bytes.substr(0, known) != signature.substr(0, known))
        return {malformed};
    if (bytes.size() < fixed_bytes)
        return {incomplete};
    auto const command = byte_at(bytes, 12);
    auto const family = byte_at(bytes, 13);
    std::size_t const length = byte_at(bytes, 14) * 256U + byte_at(bytes, 15);
    bool const is_local = command == 0x20;
    bool const is_v4 = family == 0x11;
    bool const is_v6 = family == 0x21;
    bool const has_room = length >= (is_v4 ? v4_bytes : v6_bytes);
    if (length > length_max || (!is_local && (command != 0x21 || !(is_v4 || is_v6) || !has_room)))
        return {malformed};
    if (bytes.size() < fixed_bytes + length)
        return {incomplete};
    ProxyHeader header{complete, fixed_bytes + length};
    if (!is_local)
        header.peer = peer_at(bytes, is_v4);
    return header;
}

} // namespace kontor::http
