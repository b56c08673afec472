#pragma once

/// CannedServer: for specs, somebody on this machine who gives one answer.

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kontor::curl {

/// Answers one connection with these bytes, whatever is asked, and keeps what was asked.
class CannedServer {
public:
    explicit CannedServer(std::string answer) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(socket_, 4), 0);
        socklen_t length = sizeof address;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this, answer = std::move(answer)] {
            int const connection = ::accept(socket_, nullptr, nullptr);
            char bytes[4096];
            auto const count = ::recv(connection, bytes, sizeof bytes, 0);
            asked.assign(bytes, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
            EXPECT_GE(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL), 0);
            ::close(connection);
        });
    }
    ~CannedServer() {
        if (thread_.joinable())
            thread_.join();
        ::close(socket_);
    }
    std::string url(std::string const& path) const {
        return "http://127.0.0.1:" + std::to_string(port) + path;
    }
    std::string wait_and_see() {
        thread_.join();
        return asked;
    }

    int port{0};
    std::string asked;

private:
    int socket_;
    std::thread thread_;
};

} // namespace kontor::curl
