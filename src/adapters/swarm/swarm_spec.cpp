#include "adapters/swarm/swarm.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <chrono>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace kontor::swarm {
namespace {

class SteadyClock final : public Clock {
public:
    Instant now() override { return {}; }
    Duration monotonic() override {
        return Duration::microseconds(std::chrono::duration_cast<std::chrono::microseconds>(
                                          std::chrono::steady_clock::now().time_since_epoch())
                                          .count());
    }
};

/// Answers each request of one connection after a while, `calls` times, then closes it.
class SlowServer {
public:
    SlowServer(int calls, int wait_ms) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), length), 0);
        EXPECT_EQ(::listen(socket_, 4), 0);
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin_port);
        thread_ = std::thread([this, calls, wait_ms] { serve(calls, wait_ms); });
    }
    ~SlowServer() {
        thread_.join();
        ::close(socket_);
    }
    std::uint16_t port{0};

private:
    void serve(int calls, int wait_ms) const {
        int const connection = ::accept(socket_, nullptr, nullptr);
        char bytes[1024];
        std::string const answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        for (int n = 0; n < calls && ::recv(connection, bytes, sizeof bytes, 0) > 0; ++n) {
            std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
            ::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
        ::close(connection);
    }

    int socket_;
    std::thread thread_;
};

std::vector<SwarmAnswer> ask_at_once(Clock& clock, std::uint16_t port, int calls) {
    auto const swarm = Swarm::open({"127.0.0.1", port, 1}, clock);
    EXPECT_TRUE(swarm);
    auto const now = clock.monotonic();
    for (int n = 0; n < calls; ++n)
        (*swarm)->ask({now, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"});
    std::vector<SwarmAnswer> answers;
    while (answers.size() < static_cast<std::size_t>(calls) &&
           (*swarm)->turn(Duration::milliseconds(100), answers)) {
    }
    return answers;
}

TEST(Swarm, a_call_that_had_to_wait_for_a_slow_server_took_as_long_as_the_wait) {
    SteadyClock clock;
    SlowServer server(3, 30);
    auto const answers = ask_at_once(clock, server.port, 3);
    ASSERT_EQ(answers.size(), 3u);
    for (auto const& answer : answers)
        EXPECT_EQ(answer.status, 200);
    EXPECT_GE(answers[2].answered_at - answers[2].meant_at, Duration::milliseconds(90));
    EXPECT_GE(answers[2].sent_at - answers[2].meant_at, Duration::milliseconds(60));
}

TEST(Swarm, a_call_whose_connection_ends_has_no_status) {
    SteadyClock clock;
    SlowServer server(0, 0);
    auto const answers = ask_at_once(clock, server.port, 1);
    ASSERT_EQ(answers.size(), 1u);
    EXPECT_EQ(answers[0].status, 0);
}

TEST(Swarm, nobody_there_is_unavailable) {
    SteadyClock clock;
    auto const swarm = Swarm::open({"127.0.0.1", 1, 1}, clock);
    ASSERT_FALSE(swarm);
    EXPECT_EQ(swarm.error().kind, FailureKind::unavailable);
}

} // namespace
} // namespace kontor::swarm
