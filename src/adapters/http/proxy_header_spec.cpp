#include "adapters/http/proxy_header.hpp"

#include <gtest/gtest.h>

#include <string>

namespace kontor::http {
namespace {

using namespace std::string_literals;
using enum ProxyHeader::State;

std::string header(char command, char family, std::string const& rest) {
    return "\r\n\r\n\0\r\nQUIT\n"s + command + family + static_cast<char>(rest.size() >> 8) +
           static_cast<char>(rest.size()) + rest;
}
std::string const from_v4 = header(0x21, 0x11, "\x0a\x01\x02\x03\x7f\0\0\x01\x30\x39\0\x50"s);

TEST(ProxyHeader, says_whose_the_connection_is) {
    auto const read = read_proxy_header(from_v4 + "GET / HTTP/1.1\r\n");
    ASSERT_EQ(read.state, complete);
    EXPECT_EQ(read.bytes, from_v4.size());
    services::PeerAddress const wanted{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 1, 2, 3}};
    EXPECT_EQ(read.peer, wanted);
}

TEST(ProxyHeader, may_be_of_ipv6_and_bring_extras) {
    auto const read = read_proxy_header(
        header(0x21, 0x21, std::string(16, '\x42') + std::string(20, '\0') + "extras"));
    ASSERT_EQ(read.state, complete);
    EXPECT_EQ(read.peer->bytes[15], 0x42);
}

TEST(ProxyHeader, of_a_health_check_speaks_for_the_proxy) {
    auto const read = read_proxy_header(header(0x20, 0, ""));
    EXPECT_EQ(read.state, complete);
    EXPECT_FALSE(read.peer);
}

TEST(ProxyHeader, is_waited_for_until_it_is_whole) {
    for (std::size_t bytes = 0; bytes < from_v4.size(); ++bytes)
        EXPECT_EQ(read_proxy_header(from_v4.substr(0, bytes)).state, incomplete) << bytes;
}

TEST(ProxyHeader, that_is_none_is_refused) {
    for (auto const& bytes :
         {"GET / HTTP/1.1\r\n"s, "PROXY TCP4 10.1.2.3 127.0.0.1 1 2\r\n"s, "\r\n\r\n\r\n"s,
          header(0x11, 0x11, std::string(12, 'x')), header(0x22, 0x11, std::string(12, 'x')),
          header(0x21, 0x12, std::string(12, 'x')), header(0x21, 0x31, std::string(216, 'x')),
          header(0x21, 0x00, std::string(36, 'x')), header(0x21, 0x11, std::string(11, 'x')),
          header(0x21, 0x21, std::string(35, 'x')), header(0x21, 0x11, std::string(537, 'x'))})
        EXPECT_EQ(read_proxy_header(bytes).state, malformed) << bytes;
}

} // namespace
} // namespace kontor::http
