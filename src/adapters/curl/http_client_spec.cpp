#include "adapters/curl/http_calls.hpp"

#include "adapters/curl/canned_server.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace kontor::curl {
namespace {

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

std::vector<HttpCalls::Ended> ended_of(HttpCalls& calls, std::size_t count) {
    std::vector<HttpCalls::Ended> ended;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (ended.size() < count && std::chrono::steady_clock::now() < last)
        calls.collect(ended);
    return ended;
}

TEST(HttpCalls, several_are_under_way_at_once_and_each_ends_under_its_own_number) {
    CannedServer one("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
    CannedServer two("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    kontor::testing::HandClock clock;
    auto const calls = HttpCalls::open(clock, 2);
    ASSERT_TRUE(calls);
    (*calls)->start(1, {"GET", one.url("/one")});
    (*calls)->start(2, {"POST", two.url("/two"), {}, "{}"});
    EXPECT_FALSE((*calls)->has_room());
    auto ended = ended_of(**calls, 2);
    ASSERT_EQ(ended.size(), 2u);
    if (ended[0].ticket == 2)
        std::swap(ended[0], ended[1]);
    ASSERT_TRUE(ended[0].answer && ended[1].answer);
    EXPECT_EQ(ended[0].answer->body, "one");
    EXPECT_EQ(ended[1].answer->status, 404);
    EXPECT_TRUE((*calls)->has_room());
}

TEST(HttpCalls, a_call_ends_when_its_time_is_over_and_when_nobody_is_there) {
    int const mute = ::socket(AF_INET, SOCK_STREAM, 0); // takes connections and says nothing
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(mute, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(mute, 4), 0);
    socklen_t length = sizeof address;
    ::getsockname(mute, reinterpret_cast<sockaddr*>(&address), &length);
    kontor::testing::HandClock clock;
    auto const calls = HttpCalls::open(clock, 8);
    ASSERT_TRUE(calls);
    (*calls)->start(1, {"GET", "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port))});
    (*calls)->start(2, {"GET", "http://127.0.0.1:1/"});
    auto const nobody = ended_of(**calls, 1);
    ASSERT_EQ(nobody.size(), 1u);
    EXPECT_EQ(nobody[0].ticket, 2u);
    EXPECT_EQ(nobody[0].answer.error().kind, FailureKind::unavailable);
    clock.pass(Duration::seconds(10));
    auto const late = ended_of(**calls, 1);
    ASSERT_EQ(late.size(), 1u);
    EXPECT_EQ(late[0].answer.error().kind, FailureKind::timed_out);
    EXPECT_EQ((*calls)->under_way(), 0u);
    ::close(mute);
}

} // namespace
} // namespace kontor::curl
