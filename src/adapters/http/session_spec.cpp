#include "adapters/http/answers.hpp"
#include "adapters/http/hand_exchange.hpp"
#include "adapters/http/session.hpp"

#include <gtest/gtest.h>

namespace kontor::http {
namespace {

using services::Reply;
using services::Ticket;

std::string get(std::string_view path, std::string_view more = {}) {
    return "GET " + std::string(path) + " HTTP/1.1\r\nHost: shop.test\r\n" + std::string(more) +
           "\r\n";
}
std::string post(std::string_view path, std::string_view body, std::string_view more = {}) {
    return "POST " + std::string(path) +
           " HTTP/1.1\r\nHost: shop.test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(more) + "\r\n" + std::string(body);
}

/// One connection whose client, answers and time are moved by hand.
class SessionSpec : public testing::Test {
protected:
    explicit SessionSpec(Limits const& limits = small())
        : house(limits, {"shop.test"}, exchange, 1) {
        house.standing_lines = "Date: now\r\n";
        session.emplace(house, Session::Origin{services::Listener::shop, {}, 1000, 7});
    }

    static Limits small() {
        Limits limits;
        limits.pipelined_max = 4;
        return limits;
    }

    void pass(Duration time) {
        house.now = house.now + time;
        session->tick();
    }
    void answer(std::size_t which, std::string body, std::uint16_t status = 200) {
        Reply reply{status};
        reply.body = std::move(body);
        session->answer(exchange.started.at(which).ticket, std::move(reply));
    }
    /// What the client reads now.
    std::string read() {
        std::string const text(session->output());
        session->sent(text.size());
        session->advance();
        return text;
    }
    static constexpr std::string_view head =
        "HTTP/1.1 200 OK\r\nDate: now\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
    static std::string ok(std::string_view body, std::string_view more = {}) {
        return std::string(head) + "Content-Length: " + std::to_string(body.size()) + "\r\n" +
               std::string(more) + "\r\n" + std::string(body);
    }

    HandExchange exchange;
    House house;
    std::optional<Session> session;
};

TEST_F(SessionSpec, a_request_is_started_and_its_answer_leaves) {
    session->receive(get("/v1/orders?limit=5"));
    ASSERT_EQ(exchange.texts(), std::vector<std::string>{"0 /v1/orders?limit=5 "});
    EXPECT_EQ(exchange.started[0].request.header("host"), "shop.test");
    EXPECT_TRUE(read().empty());
    answer(0, "{}");
    EXPECT_EQ(read(), ok("{}"));
    EXPECT_TRUE(session->wants_bytes());
    EXPECT_TRUE(session->is_idle());
}

TEST_F(SessionSpec, answers_leave_in_the_sequence_of_the_requests) {
    session->receive(get("/1") + get("/2") + get("/3"));
    ASSERT_EQ(exchange.started.size(), 3U);
    answer(2, "three");
    answer(1, "two");
    EXPECT_TRUE(read().empty());
    answer(0, "one");
    EXPECT_EQ(read(), ok("one") + ok("two") + ok("three"));
}

TEST_F(SessionSpec, a_read_behind_a_write_waits_for_it) {
    session->receive(post("/1", "a") + post("/2", "b") + get("/3"));
    ASSERT_EQ(exchange.started.size(), 2U);
    answer(0, "");
    answer(1, "");
    read();
    ASSERT_EQ(exchange.started.size(), 3U);
    EXPECT_EQ(exchange.started[2].text, "0 /3? ");
}

TEST_F(SessionSpec, more_pipelined_requests_than_the_limit_wait) {
    std::string all;
    for (int i = 0; i < 6; ++i)
        all += get("/x");
    session->receive(all);
    EXPECT_EQ(exchange.started.size(), 4U);
    for (std::size_t i = 0; i < 4; ++i)
        answer(i, "");
    read();
    EXPECT_EQ(exchange.started.size(), 6U);
}

/// All that a client can send, cut into two pieces at every byte, and byte by byte.
TEST_F(SessionSpec, however_the_bytes_are_cut_the_requests_are_the_same) {
    std::string const chunked =
        "POST /chunked HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n";
    auto const all = get("/a?b=c") + post("/d", "some body") + chunked + get("/e");
    std::vector<std::string> const wanted{"0 /a?b=c ", "2 /d? some body", "2 /chunked? hello world",
                                          "0 /e? "};
    auto const send = [&](std::string_view piece) {
        for (std::size_t answered = 0;;) {
            if (session->wants_bytes() && !piece.empty())
                session->receive(std::exchange(piece, {}));
            if (answered == exchange.started.size() && piece.empty())
                return;
            for (; answered < exchange.started.size(); ++answered)
                answer(answered, "");
            read();
        }
    };
    for (std::size_t step = 1; step <= all.size(); ++step) {
        exchange.started.clear();
        session.emplace(house, Session::Origin{services::Listener::shop, {}, 1000, 7});
        for (std::size_t at = 0; at < all.size(); at += step)
            send(std::string_view(all).substr(at, step));
        ASSERT_EQ(exchange.texts(), wanted) << "in pieces of " << step;
        ASSERT_TRUE(session->wants_bytes());
    }
}

TEST_F(SessionSpec, the_views_of_a_request_live_until_its_answer) {
    session->receive(get("/1") + get("/2") + "GET /3 HTTP/1.1\r\n");
    answer(1, "");
    for (auto const& each : exchange.started)
        EXPECT_EQ(HandExchange::text_of(each.request), each.text);
    EXPECT_FALSE(session->wants_bytes()) << "more bytes could move the buffer";
}

TEST_F(SessionSpec, a_malformed_request_gets_a_problem_and_the_last_answer) {
    session->receive(get("/1") + "GET /2 HTTP/1.1\r\nHost : shop.test\r\n\r\n" + get("/3"));
    ASSERT_EQ(exchange.started.size(), 1U);
    answer(0, "one");
    auto const text = read();
    EXPECT_TRUE(text.starts_with(ok("one") + "HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_NE(text.find("application/problem+json"), text.npos);
    EXPECT_NE(text.find(R"("code":"E1001")"), text.npos);
    EXPECT_NE(text.find("Connection: close\r\n"), text.npos);
    EXPECT_TRUE(session->is_finished());
    EXPECT_TRUE(session->wants_linger());
    EXPECT_EQ(exchange.started.size(), 1U);
}

TEST_F(SessionSpec, a_body_over_the_limit_is_refused_before_it_is_read) {
    session->receive("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1001\r\n\r\n");
    EXPECT_TRUE(read().starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(session->is_finished());
}

TEST_F(SessionSpec, a_chunked_body_over_the_limit_is_refused) {
    session->receive(
        "POST / HTTP/1.1\r\nHost: shop.test\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n");
    EXPECT_TRUE(read().starts_with("HTTP/1.1 413 "));
    EXPECT_TRUE(exchange.started.empty());
}

TEST_F(SessionSpec, whoever_stands_behind_a_listener_may_refuse_in_words_of_their_own) {
    std::string heard;
    Refuser const refuser = [&](services::Request const& as_read, FaultText const& why) {
        heard = std::string(why.problem) + " " + std::string(as_read.header("x-amz-target"));
        Reply reply{400};
        reply.body = "ours";
        return heard.ends_with("Nobody") ? std::nullopt : std::optional(std::move(reply));
    };
    auto const refused = [&](std::string_view head_lines) {
        session.emplace(house, Session::Origin{services::Listener::aws, {}, 1000, 7, &refuser});
        session->receive("POST / HTTP/1.1\r\nHost: shop.test\r\n" + std::string(head_lines));
        auto text = read();
        EXPECT_TRUE(session->is_finished());
        return text;
    };
    EXPECT_TRUE(refused("X-Amz-Target: A.B\r\nContent-Length: 1001\r\n\r\n").ends_with("ours"));
    EXPECT_EQ(heard, "body_too_large A.B");
    EXPECT_TRUE(refused("Transfer-Encoding: chunked\r\nX-Amz-Target: A.B\r\n\r\n3e9\r\n")
                    .ends_with("ours"));
    EXPECT_EQ(heard, "body_too_large A.B");
    EXPECT_TRUE(
        refused("X-Amz-Target: A.B\r\nLong: " + std::string(20'000, 'x')).ends_with("ours"));
    EXPECT_EQ(heard, "malformed A.B");
    EXPECT_TRUE(refused("X-Amz-Target: Nobody\r\nContent-Length: 1001\r\n\r\n")
                    .starts_with("HTTP/1.1 413 "));
}

TEST_F(SessionSpec, a_client_that_asks_before_sending_its_body_is_told_to_go_on) {
    session->receive("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 2\r\n"
                     "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(read(), "HTTP/1.1 100 Continue\r\n\r\n");
    session->receive("ab");
    ASSERT_EQ(exchange.texts(), std::vector<std::string>{"2 /? ab"});
}

TEST_F(SessionSpec, a_head_request_gets_the_length_and_no_body) {
    session->receive("HEAD / HTTP/1.1\r\nHost: shop.test\r\n\r\n");
    answer(0, "four");
    EXPECT_EQ(read(), std::string(head) + "Content-Length: 4\r\n\r\n");
}

TEST_F(SessionSpec, connection_close_is_honoured) {
    session->receive(get("/", "Connection: close\r\n") + get("/2"));
    ASSERT_EQ(exchange.started.size(), 1U);
    answer(0, "");
    EXPECT_EQ(read(), ok("", "Connection: close\r\n"));
    EXPECT_TRUE(session->is_finished());
    EXPECT_FALSE(session->wants_linger());
}

TEST_F(SessionSpec, half_a_connection_still_gets_its_answers) {
    session->receive(get("/1"));
    session->receive_end();
    EXPECT_FALSE(session->is_finished());
    answer(0, "one");
    EXPECT_EQ(read(), ok("one"));
    EXPECT_TRUE(session->is_finished());
}

TEST_F(SessionSpec, a_slow_head_is_refused) {
    session->receive("GET / HTTP/1.1\r\n");
    pass(Duration::seconds(10));
    EXPECT_TRUE(read().empty());
    session->receive("X: ");
    pass(Duration::seconds(1));
    EXPECT_NE(read().find("did not come within 10 seconds"), std::string::npos);
    EXPECT_TRUE(session->is_finished());
    EXPECT_EQ(house.counts.too_slow, 1U);
}

TEST_F(SessionSpec, a_slow_body_is_refused) {
    session->receive("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 999\r\n\r\n");
    for (int second = 0; second < 11; ++second) {
        EXPECT_TRUE(session->wants_bytes());
        session->receive("x");
        pass(Duration::seconds(1));
    }
    EXPECT_NE(read().find("slower than 500 bytes a second"), std::string::npos);
    EXPECT_TRUE(session->is_finished());
}

TEST_F(SessionSpec, a_client_that_does_not_take_its_answer_is_cut_off) {
    session->receive(get("/"));
    answer(0, std::string(20'000, 'x'));
    session->sent(100);
    pass(Duration::seconds(9));
    EXPECT_FALSE(session->is_dead());
    pass(Duration::seconds(2));
    EXPECT_TRUE(session->is_dead());
}

TEST_F(SessionSpec, an_idle_connection_is_closed_without_a_word) {
    session->receive(get("/"));
    answer(0, "");
    read();
    pass(Duration::seconds(60));
    EXPECT_FALSE(session->is_dead());
    pass(Duration::seconds(1));
    EXPECT_TRUE(session->is_dead());
    EXPECT_TRUE(session->output().empty());
}

TEST_F(SessionSpec, a_deadline_of_the_client_travels_and_is_kept) {
    session->receive(get("/", "Kontor-Deadline-Ms: 200\r\n"));
    EXPECT_EQ(exchange.started.at(0).request.deadline, house.now + Duration::milliseconds(200));
    pass(Duration::milliseconds(250));
    auto const text = read();
    EXPECT_TRUE(text.starts_with("HTTP/1.1 504 "));
    EXPECT_NE(text.find("E2005"), text.npos);
    EXPECT_EQ(exchange.abandoned, std::vector<Ticket>{exchange.started[0].ticket});
    answer(0, "too late");
    EXPECT_TRUE(read().empty());
    EXPECT_TRUE(session->wants_bytes());
}

TEST_F(SessionSpec, a_write_whose_deadline_passes_has_an_unknown_outcome) {
    session->receive(post("/", "", "Kontor-Deadline-Ms: 200\r\n"));
    pass(Duration::milliseconds(250));
    EXPECT_NE(read().find("E5003"), std::string::npos);
}

TEST_F(SessionSpec, a_deadline_that_is_no_number_is_refused_and_the_connection_goes_on) {
    session->receive(get("/1", "Kontor-Deadline-Ms: soon\r\n") + get("/2"));
    ASSERT_EQ(exchange.started.size(), 1U);
    answer(0, "two");
    auto const text = read();
    EXPECT_NE(text.find("E1003"), text.npos);
    EXPECT_TRUE(text.ends_with(ok("two")));
    EXPECT_TRUE(session->wants_bytes());
}

TEST_F(SessionSpec, a_trace_of_the_client_is_kept_and_otherwise_one_is_made) {
    session->receive(
        get("/", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n") +
        get("/"));
    EXPECT_EQ(exchange.started.at(0).request.trace_id, "0af7651916cd43dd8448eb211c80319c");
    EXPECT_EQ(exchange.started.at(1).request.trace_id.size(), 32U);
}

TEST_F(SessionSpec, what_is_open_is_abandoned_when_the_connection_ends) {
    session->receive(get("/1") + get("/2"));
    answer(1, "");
    session.reset();
    EXPECT_EQ(exchange.abandoned, std::vector<Ticket>{exchange.started[0].ticket});
    EXPECT_EQ(house.in_flight, 0U);
    EXPECT_EQ(house.buffered_bytes, 0U);
}

TEST_F(SessionSpec, while_the_edge_drains_the_next_answer_is_the_last) {
    session->receive(get("/1"));
    house.is_draining = true;
    answer(0, "one");
    EXPECT_EQ(read(), ok("one", "Connection: close\r\n"));
    EXPECT_TRUE(session->is_finished());
}

class FullHouse : public SessionSpec {
protected:
    FullHouse() : SessionSpec(crowded()) {}
    static Limits crowded() {
        Limits limits;
        limits.in_flight_max = 1;
        limits.requests_per_connection_max = 3;
        limits.buffered_bytes_max = 3000;
        return limits;
    }
};

TEST_F(FullHouse, a_request_too_many_is_told_when_to_come_back) {
    session->receive(get("/1") + get("/2"));
    ASSERT_EQ(exchange.started.size(), 1U);
    answer(0, "one");
    auto const text = read();
    EXPECT_NE(text.find("HTTP/1.1 503 "), text.npos);
    EXPECT_NE(text.find("E2004"), text.npos);
    EXPECT_NE(text.find("Retry-After: "), text.npos);
    EXPECT_TRUE(session->wants_bytes());
    session->receive(get("/3"));
    EXPECT_EQ(exchange.started.size(), 2U);
}

TEST_F(FullHouse, the_last_request_of_a_connection_is_told_so) {
    for (std::size_t i = 0; i < 3; ++i) {
        session->receive(get("/"));
        answer(i, "");
        EXPECT_EQ(read().find("Connection: close") != std::string::npos, i == 2);
    }
}

TEST_F(FullHouse, requests_together_may_hold_so_many_bytes) {
    session->receive("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 999\r\n\r\n");
    Session other(house, {services::Listener::shop, {}, 100'000, 8});
    other.receive("POST / HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 9999\r\n\r\n" +
                  std::string(3000, 'x'));
    EXPECT_TRUE(other.output().starts_with("HTTP/1.1 503 "));
    EXPECT_TRUE(session->wants_bytes());
}

/// A stream that says what it is given to say.
class Script final : public services::ReplyStream {
public:
    explicit Script(std::vector<std::string>& lines) : lines_(lines) {}
    std::optional<std::string> next(std::size_t) override {
        if (lines_.empty())
            return std::string();
        auto line = lines_.front();
        lines_.erase(lines_.begin());
        return line == "end" ? std::nullopt : std::optional(line);
    }
    std::string farewell() override { return "bye"; }

private:
    std::vector<std::string>& lines_;
};

class StreamSpec : public SessionSpec {
protected:
    void begin() {
        session->receive(get("/live"));
        Reply reply;
        reply.stream = std::make_unique<Script>(lines);
        session->answer(exchange.started.at(0).ticket, std::move(reply));
    }
    std::string const head =
        "HTTP/1.1 200 OK\r\nDate: now\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    std::vector<std::string> lines{"hello"};
};

TEST_F(StreamSpec, pieces_leave_as_they_come) {
    begin();
    EXPECT_EQ(read(), head + "5\r\nhello\r\n");
    lines = {"one", "two"};
    session->advance();
    EXPECT_EQ(read(), "3\r\none\r\n3\r\ntwo\r\n");
    lines = {"end"};
    session->advance();
    EXPECT_EQ(read(), "0\r\n\r\n");
    EXPECT_TRUE(session->is_finished());
}

TEST_F(StreamSpec, a_client_that_does_not_read_is_not_written_for) {
    lines.assign(100, std::string(1000, 'x'));
    begin();
    EXPECT_LE(session->output().size(), house.limits.stream_bytes_max + 2000);
    auto const left = lines.size();
    session->advance();
    EXPECT_EQ(lines.size(), left);
    read();
    EXPECT_LT(lines.size(), left);
}

TEST_F(StreamSpec, silence_is_broken_by_a_comment) {
    begin();
    read();
    pass(Duration::seconds(14));
    session->advance();
    EXPECT_TRUE(read().empty());
    pass(Duration::seconds(1));
    session->advance();
    EXPECT_EQ(read(), "3\r\n:\n\n\r\n");
}

TEST_F(StreamSpec, when_the_edge_drains_the_stream_says_goodbye) {
    begin();
    read();
    session->begin_drain();
    EXPECT_EQ(read(), "3\r\nbye\r\n0\r\n\r\n");
    EXPECT_TRUE(session->is_finished());
}

TEST_F(StreamSpec, a_client_that_leaves_ends_its_stream) {
    begin();
    read();
    session->receive_end();
    EXPECT_TRUE(session->is_dead());
}

} // namespace
} // namespace kontor::http
