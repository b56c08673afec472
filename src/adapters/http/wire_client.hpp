#pragma once

/// WireClient: a client of the specs that sends bytes as they are over loopback and waits for what
/// comes back.   Thread: one.

#include "adapters/http/sockets.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>

namespace kontor::http {

/// A connection to a port of this machine; not open when nobody takes it.
inline Descriptor connect_to(std::uint16_t port) {
    Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr any{};
    static_assert(sizeof any == sizeof address);
    std::memcpy(&any, &address, sizeof any);
    if (::connect(socket.number(), &any, sizeof any) != 0)
        socket.close();
    return socket;
}

class WireClient {
public:
    explicit WireClient(std::uint16_t port)
        : socket_(connect_to(port)), is_connected_(socket_.is_open()) {}

    bool is_connected() const { return is_connected_; }

    void send(std::string_view bytes) {
        while (!bytes.empty()) {
            auto const sent = send_some(socket_, bytes);
            if (sent.outcome == Transfer::failed)
                return;
            bytes.remove_prefix(sent.bytes);
        }
    }
    void end_sending() { http::end_sending(socket_); }

    /// What has come once `wanted` is part of it; less when the connection ended or time is over.
    std::string read_until(std::string_view wanted, int patience_ms = 10'000) {
        while (text_.find(wanted) == text_.npos && read_more(patience_ms))
            ;
        return std::exchange(text_, {});
    }
    /// All that comes until the end of the connection.
    std::string read_to_end(int patience_ms = 10'000) {
        while (read_more(patience_ms))
            ;
        return std::exchange(text_, {});
    }
    /// Reads a piece and forgets it. False: the connection has ended.
    bool skip(int patience_ms = 10'000) {
        bool const goes_on = read_more(patience_ms);
        text_.clear();
        return goes_on;
    }
    bool has_ended() const { return has_ended_; }
    void close() { socket_.close(); }

private:
    bool read_more(int patience_ms) {
        pollfd waiting{socket_.number(), POLLIN, 0};
        if (has_ended_ || ::poll(&waiting, 1, patience_ms) <= 0)
            return false;
        char bytes[16'384];
        auto const got = receive_some(socket_, bytes);
        has_ended_ = got.outcome != Transfer::some;
        text_.append(bytes, got.bytes);
        return !has_ended_;
    }

    Descriptor socket_;
    bool is_connected_;
    std::string text_;
    bool has_ended_{false};
};

} // namespace kontor::http
