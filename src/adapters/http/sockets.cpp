#include "adapters/http/sockets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kontor::http {
namespace {

/// An address as the system's calls want it: a family of structs behind one pointer.
union SocketAddress {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
};

void set_option(Descriptor const& socket, int level, int option) {
    int const on = 1;
    ::setsockopt(socket.number(), level, option, &on, sizeof on);
}

Result<SocketAddress> parse_address(std::string const& text, std::uint16_t port) {
    SocketAddress address{};
    if (::inet_pton(AF_INET, text.c_str(), &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons(port);
        return address;
    }
    address = {};
    if (::inet_pton(AF_INET6, text.c_str(), &address.v6.sin6_addr) == 1) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons(port);
        return address;
    }
    return unexpected(Failure{FailureKind::invalid,
                              fmt::format("'{}' is no address of IPv4 or IPv6", text), text});
}

socklen_t length_of(SocketAddress const& address) {
    return address.any.sa_family == AF_INET ? sizeof address.v4 : sizeof address.v6;
}

services::PeerAddress peer_of(SocketAddress const& address) {
    services::PeerAddress peer;
    if (address.any.sa_family == AF_INET6) {
        std::memcpy(peer.bytes.data(), &address.v6.sin6_addr, peer.bytes.size());
        return peer;
    }
    constexpr std::size_t v4_at = 12;
    peer.bytes[10] = peer.bytes[11] = 0xff;
    std::memcpy(peer.bytes.data() + v4_at, &address.v4.sin_addr, sizeof address.v4.sin_addr);
    return peer;
}

Transferred outcome_of(ssize_t count) {
    if (count > 0)
        return {Transfer::some, static_cast<std::size_t>(count)};
    if (count == 0)
        return {Transfer::ended};
    bool const waits = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
    return {waits ? Transfer::would_block : Transfer::failed};
}

} // namespace

void Descriptor::close() {
    if (number_ >= 0)
        ::close(std::exchange(number_, -1));
}

Result<Descriptor> listen_at(std::string const& address, std::uint16_t port) {
    KONTOR_TRY(auto const parsed, parse_address(address, port));
    Descriptor socket(
        ::socket(parsed.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    set_option(socket, SOL_SOCKET, SO_REUSEADDR);
    if (parsed.any.sa_family == AF_INET6)
        set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY);
    constexpr int backlog = 4096;
    if (::bind(socket.number(), &parsed.any, length_of(parsed)) == 0 &&
        ::listen(socket.number(), backlog) == 0)
        return socket;
    auto const kind = errno == EADDRINUSE ? FailureKind::conflict : FailureKind::unavailable;
    auto where = fmt::format("{}:{}", address, port);
    return unexpected(Failure{kind,
                              kind == FailureKind::conflict
                                  ? fmt::format("somebody else listens at {}", where)
                                  : fmt::format("cannot listen: {}", std::strerror(errno)),
                              where});
}

std::uint16_t port_of(Descriptor const& listening) {
    SocketAddress address{};
    socklen_t length = sizeof address;
    ::getsockname(listening.number(), &address.any, &length);
    return ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
}

Result<services::PeerAddress> parse_peer(std::string const& text) {
    KONTOR_TRY(auto const parsed, parse_address(text, 0));
    return peer_of(parsed);
}

AcceptEnd accept_one(Descriptor const& listening, Accepted& accepted) {
    SocketAddress address{};
    socklen_t length = sizeof address;
    Descriptor socket(
        ::accept4(listening.number(), &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!socket.is_open())
        return errno == EMFILE || errno == ENFILE ? AcceptEnd::no_descriptors
                                                  : AcceptEnd::none_waits;
    set_option(socket, IPPROTO_TCP, TCP_NODELAY);
    accepted = {std::move(socket), peer_of(address)};
    return AcceptEnd::taken;
}

Transferred receive_some(Descriptor const& socket, std::span<char> into) {
    return outcome_of(::recv(socket.number(), into.data(), into.size(), 0));
}

Transferred send_some(Descriptor const& socket, std::string_view bytes) {
    return outcome_of(::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
}

void end_sending(Descriptor const& socket) {
    ::shutdown(socket.number(), SHUT_WR);
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace kontor::http
