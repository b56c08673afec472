#include "adapters/curl/http_client.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kontor::curl {
namespace {

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

TEST(HttpClient, a_call_brings_status_headers_and_body) {
    CannedServer server("HTTP/1.1 201 Created\r\nLocation: /v1/orders/1\r\nContent-Length: 2\r\n"
                        "\r\nok");
    auto const client = HttpClient::open();
    ASSERT_TRUE(client);
    auto const answer =
        (*client)->send({"POST", server.url("/v1/orders"), {{"Idempotency-Key", "k"}}, "{}"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->header("location"), "/v1/orders/1");
    EXPECT_EQ(answer->body, "ok");
    auto const asked = server.wait_and_see();
    EXPECT_TRUE(asked.starts_with("POST /v1/orders HTTP/1.1\r\n")) << asked;
    EXPECT_NE(asked.find("Idempotency-Key: k\r\n"), std::string::npos) << asked;
    EXPECT_TRUE(asked.ends_with("\r\n\r\n{}")) << asked;
}

TEST(HttpClient, nobody_there_is_unavailable_and_an_answer_that_breaks_off_too) {
    auto const client = HttpClient::open();
    ASSERT_TRUE(client);
    auto const nobody = (*client)->send({"GET", "http://127.0.0.1:1/"});
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().kind, FailureKind::unavailable);
    CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nok");
    auto const cut = (*client)->send({"GET", server.url("/")});
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().kind, FailureKind::unavailable);
}

TEST(HttpClient, a_stream_is_shown_as_it_comes_until_it_is_enough) {
    CannedServer server("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nid: 1\n\n");
    auto const client = HttpClient::open();
    ASSERT_TRUE(client);
    std::string seen;
    auto const answer = (*client)->follow({"GET", server.url("/")}, [&](std::string_view bytes) {
        seen += bytes;
        return false;
    });
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(seen, "id: 1\n\n");
}

} // namespace
} // namespace kontor::curl
