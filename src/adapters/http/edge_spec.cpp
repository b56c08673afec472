#include "adapters/http/edge.hpp"
#include "adapters/http/wire_client.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace kontor::http {
namespace {

using namespace std::chrono_literals;
using services::Answered;
using services::Reply;
using services::Ticket;

class RealClock final : public Clock {
public:
    Instant now() override {
        return Instant::from_unix_microseconds(since(std::chrono::system_clock::now()));
    }
    Duration monotonic() override {
        return Duration::microseconds(since(std::chrono::steady_clock::now()));
    }

private:
    template <class Time>
    static std::int64_t since(Time time) {
        return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch())
            .count();
    }
};

/// Events of a stream that has no end.
class Ticking final : public services::ReplyStream {
public:
    std::optional<std::string> next(std::size_t) override {
        return "data: " + std::to_string(++count_) + "\n\n";
    }
    std::string farewell() override { return "event: bye\n\n"; }

private:
    int count_{0};
};

/// A shop that echoes: at once, or under /slow by another thread that wakes the edge, as a desk
/// does.
class EchoShop final : public services::Exchange {
public:
    EchoShop() : desk_([this] { work(); }) {}
    ~EchoShop() override {
        {
            std::lock_guard const lock(mutex_);
            is_closing_ = true;
        }
        wanted_.notify_one();
        desk_.join();
    }

    void start(Ticket ticket, services::Request const& request) override {
        Reply reply;
        reply.body = std::string(request.path) + " " + std::string(request.body);
        if (request.path == "/live")
            reply.stream = std::make_unique<Ticking>();
        if (request.path == "/large")
            reply.body.assign(4 << 20, 'x');
        if (request.path == "/never")
            return;
        if (!request.path.starts_with("/slow"))
            return done_here_.push_back({ticket, std::move(reply)});
        std::lock_guard const lock(mutex_);
        wishes_.push_back({ticket, std::move(reply)});
        wanted_.notify_one();
    }
    void collect(std::vector<Answered>& answers) override {
        std::lock_guard const lock(mutex_);
        for (auto* list : {&done_here_, &done_there_}) {
            for (auto& each : *list)
                answers.push_back(std::move(each));
            list->clear();
        }
    }
    void abandon(Ticket) override { ++abandoned; }

    std::atomic<Edge*> edge{nullptr};
    std::atomic<int> abandoned{0};

private:
    void work() {
        std::unique_lock lock(mutex_);
        for (;;) {
            wanted_.wait(lock, [&] { return is_closing_ || !wishes_.empty(); });
            if (is_closing_)
                return;
            auto wishes = std::exchange(wishes_, {});
            lock.unlock();
            std::this_thread::sleep_for(1ms);
            lock.lock();
            for (auto& wish : wishes)
                done_there_.push_back(std::move(wish));
            lock.unlock();
            edge.load()->wake();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable wanted_;
    std::vector<Answered> done_here_;
    std::vector<Answered> done_there_;
    std::vector<Answered> wishes_;
    bool is_closing_{false};
    std::thread desk_;
};

class EdgeSpec : public testing::Test {
protected:
    void open(Limits const& limits = {}, std::vector<std::string> trusted_proxies = {}) {
        EdgeOptions options;
        options.listeners = {{services::Listener::shop}};
        options.limits = limits;
        options.trusted_proxies = std::move(trusted_proxies);
        auto opened = Edge::open(options, shop, clock);
        ASSERT_TRUE(opened) << to_string(opened.error());
        edge = *std::move(opened);
        shop.edge = edge.get();
        port = edge->port(services::Listener::shop);
        runner = std::thread([this] { EXPECT_TRUE(edge->run()); });
    }
    void TearDown() override {
        if (!runner.joinable())
            return;
        edge->stop();
        runner.join();
    }
    static std::string get(std::string_view path, std::string_view more = {}) {
        return "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(more) +
               "\r\n";
    }

    RealClock clock;
    EchoShop shop;
    std::unique_ptr<Edge> edge;
    std::uint16_t port{0};
    std::thread runner;
};

TEST_F(EdgeSpec, a_request_over_a_socket_is_answered) {
    open();
    WireClient client(port);
    client.send(get("/v1/orders"));
    auto const text = client.read_until("/v1/orders ");
    EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK\r\nDate: "));
    EXPECT_TRUE(text.ends_with("Content-Length: 11\r\n\r\n/v1/orders "));
    client.send(get("/slow/1"));
    EXPECT_TRUE(client.read_until("/slow/1 ").ends_with("/slow/1 "));
}

TEST_F(EdgeSpec, every_answer_tells_a_browser_to_trust_nothing_in_it) {
    open();
    for (auto const& request : {get("/v1/orders"), std::string("NONSENSE\r\n\r\n")}) {
        WireClient client(port);
        client.send(request);
        auto const text = client.read_until("\r\n\r\n");
        for (auto const* const line :
             {"X-Content-Type-Options: nosniff\r\n", "Content-Security-Policy: default-src 'none'",
              "X-Frame-Options: DENY\r\n"})
            EXPECT_NE(text.find(line), text.npos) << line << text;
    }
}

TEST_F(EdgeSpec, pipelined_requests_are_answered_in_sequence_whoever_is_first) {
    open();
    WireClient client(port);
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += get((i % 3 == 0 ? "/slow/" : "/fast/") + std::to_string(i));
    client.send(all + get("/last", "Connection: close\r\n"));
    auto const text = client.read_to_end();
    std::size_t at = 0;
    for (int i = 0; i < 100; ++i) {
        auto const wanted = (i % 3 == 0 ? "/slow/" : "/fast/") + std::to_string(i) + " HTTP";
        at = text.find(wanted, at);
        ASSERT_NE(at, text.npos) << wanted;
    }
    EXPECT_TRUE(text.ends_with("/last "));
}

TEST_F(EdgeSpec, a_request_that_comes_byte_by_byte_is_answered) {
    open();
    WireClient client(port);
    for (char const c :
         "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc" + get("/y"))
        client.send({&c, 1});
    EXPECT_NE(client.read_until("/y ").find("/x abc"), std::string::npos);
}

TEST_F(EdgeSpec, a_large_answer_reaches_a_client_that_reads_late) {
    open();
    WireClient client(port);
    client.send(get("/large", "Connection: close\r\n"));
    std::this_thread::sleep_for(50ms);
    EXPECT_GT(client.read_to_end().size(), std::size_t{4} << 20);
}

TEST_F(EdgeSpec, whoever_speaks_something_else_is_told_and_let_go) {
    open();
    WireClient client(port);
    client.send("\x16\x03\x01\x02");
    EXPECT_TRUE(client.read_to_end().starts_with("HTTP/1.1 400 "));
    EXPECT_TRUE(client.has_ended());
}

TEST_F(EdgeSpec, a_refused_upload_is_heard_out_so_that_the_refusal_arrives) {
    open();
    WireClient client(port);
    client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n");
    client.send(std::string(2'000'000, 'x'));
    EXPECT_TRUE(client.read_to_end().starts_with("HTTP/1.1 413 "));
}

TEST_F(EdgeSpec, a_slow_head_times_out) {
    Limits limits;
    limits.head_time_max = Duration::milliseconds(100);
    open(limits);
    WireClient client(port);
    client.send("GET / HTTP/1.1\r\nHost: loc");
    EXPECT_NE(client.read_to_end().find("within 10 seconds"), std::string::npos);
    EXPECT_TRUE(client.has_ended());
}

TEST_F(EdgeSpec, a_connection_too_many_is_refused_and_the_others_go_on) {
    Limits limits;
    limits.connections_per_address_max = 2;
    open(limits);
    WireClient one(port);
    WireClient two(port);
    one.send(get("/1"));
    one.read_until("/1 ");
    two.send(get("/2"));
    two.read_until("/2 ");
    WireClient three(port);
    EXPECT_TRUE(three.read_to_end().starts_with("HTTP/1.1 503 "));
    two.close();
    one.send(get("/1"));
    EXPECT_TRUE(one.read_until("/1 ").ends_with("/1 "));
}

TEST_F(EdgeSpec, a_trusted_proxy_says_whose_the_connection_is) {
    using namespace std::string_literals;
    Limits limits;
    limits.connections_per_address_max = 1;
    open(limits, {"127.0.0.1"});
    auto const header = "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c"s;
    auto const ports = "\x7f\0\0\x01\x30\x39\0\x50"s;
    auto const ask = [&](WireClient& client, std::string const& address) {
        for (char const c : header + address + ports + get("/peer", "Connection: close\r\n"))
            client.send({&c, 1});
    };
    WireClient first(port);
    first.send(header + "\x0a\0\0\x01"s + ports + get("/peer"));
    EXPECT_TRUE(first.read_until("/peer ").ends_with("/peer "));
    WireClient other(port);
    ask(other, "\x0a\0\0\x02"s);
    EXPECT_TRUE(other.read_to_end().ends_with("/peer "));
    WireClient again(port);
    ask(again, "\x0a\0\0\x01"s);
    EXPECT_FALSE(again.read_to_end().ends_with("/peer ")) << "this address has its one connection";
    WireClient without(port);
    without.send(get("/peer"));
    EXPECT_EQ(without.read_to_end(), "");
}

TEST_F(EdgeSpec, an_answer_without_an_end_waits_for_its_reader) {
    open();
    WireClient client(port);
    client.send(get("/live"));
    EXPECT_NE(client.read_until("data: 1000\n").find("data: 1\n\n"), std::string::npos);
    WireClient other(port);
    other.send(get("/beside"));
    EXPECT_TRUE(other.read_until("/beside ").ends_with("/beside "));
}

/// A client that takes an endless answer as fast as it comes leaves the others their turn.
TEST_F(EdgeSpec, a_greedy_reader_holds_up_nobody) {
    open();
    WireClient greedy(port);
    greedy.send(get("/live"));
    std::thread reader([&] {
        while (greedy.skip())
            ;
    });
    WireClient other(port);
    for (int i = 0; i < 100; ++i) {
        other.send(get("/beside"));
        EXPECT_TRUE(other.read_until("/beside ", 5000).ends_with("/beside "));
    }
    edge->drain();
    runner.join();
    reader.join();
}

TEST_F(EdgeSpec, what_nobody_waits_for_is_abandoned) {
    open();
    {
        WireClient client(port);
        client.send(get("/never"));
        WireClient other(port); // by its answer the first request was started
        other.send(get("/x"));
        other.read_until("/x ");
    }
    TearDown();
    EXPECT_EQ(shop.abandoned, 1);
    EXPECT_EQ(edge->open_connections(), 0U);
}

/// Clients that never pause, while the edge drains: each request that was sent is answered.
TEST_F(EdgeSpec, draining_fails_no_request) {
    open();
    std::atomic<int> unanswered{0};
    std::atomic<int> answered{0};
    std::atomic<bool> is_over{false};
    std::vector<std::thread> clients;
    for (int i = 0; i < 8; ++i)
        clients.emplace_back([&] {
            while (!is_over) {
                WireClient client(port);
                if (!client.is_connected())
                    return;
                for (bool last = false; !last && !is_over;) {
                    client.send(get("/slow"));
                    auto const text = client.read_until("/slow ");
                    if (text.empty()) {
                        ++unanswered;
                        return;
                    }
                    ++answered;
                    last = text.find("Connection: close") != text.npos;
                }
            }
        });
    std::this_thread::sleep_for(100ms);
    edge->drain();
    runner.join();
    is_over = true;
    for (auto& client : clients)
        client.join();
    EXPECT_EQ(unanswered, 0);
    EXPECT_GT(answered, 0);
    EXPECT_EQ(edge->counts().answers, edge->counts().requests);
}

TEST_F(EdgeSpec, streams_say_goodbye_when_the_edge_drains) {
    open();
    WireClient client(port);
    client.send(get("/live"));
    client.read_until("data: 10\n");
    edge->drain();
    EXPECT_TRUE(client.read_to_end().ends_with("event: bye\n\n\r\n0\r\n\r\n"));
    runner.join();
}

TEST_F(EdgeSpec, a_taken_port_is_told) {
    open();
    EdgeOptions options;
    options.listeners = {{services::Listener::shop, "127.0.0.1", port}};
    auto const second = Edge::open(options, shop, clock);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().kind, FailureKind::conflict);
    EXPECT_EQ(second.error().where, "127.0.0.1:" + std::to_string(port));
}

} // namespace
} // namespace kontor::http
