// Calls that are made for others. The resolver is this program's own: libcurl finds this
// `getaddrinfo` before the C library's.

#include "adapters/curl/canned_server.hpp"
#include "adapters/curl/safe_sender.hpp"
#include "platform/reach/web_url.hpp"
#include "tests/support/hand_clock.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <netdb.h>

namespace {

/// What a name leads to, look by look; the last answer stays.
struct Names {
    std::mutex mutex;
    std::vector<std::vector<std::string>> answers;
    std::size_t looks{0};
    bool is_silent{false};
    std::condition_variable speaks;
};

Names& names() {
    static Names all;
    return all;
}

addrinfo* answer_of(std::string const& text, int socktype, addrinfo* next) {
    auto* const made =
        static_cast<addrinfo*>(std::calloc(1, sizeof(addrinfo) + sizeof(sockaddr_in6)));
    made->ai_addr = reinterpret_cast<sockaddr*>(made + 1);
    made->ai_socktype = socktype;
    made->ai_next = next;
    auto& version_6 = *reinterpret_cast<sockaddr_in6*>(made + 1);
    auto& version_4 = *reinterpret_cast<sockaddr_in*>(made + 1);
    bool const is_6 = ::inet_pton(AF_INET6, text.c_str(), &version_6.sin6_addr) == 1;
    if (!is_6) {
        EXPECT_EQ(::inet_pton(AF_INET, text.c_str(), &version_4.sin_addr), 1) << text;
    }
    made->ai_family = is_6 ? AF_INET6 : AF_INET;
    made->ai_addrlen = is_6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    made->ai_addr->sa_family = static_cast<sa_family_t>(made->ai_family);
    return made;
}

} // namespace

extern "C" int getaddrinfo(char const*, char const* service, addrinfo const* hints,
                           addrinfo** found) {
    std::unique_lock guard(names().mutex);
    names().speaks.wait(guard, [] { return !names().is_silent; });
    auto const& answers = names().answers;
    if (answers.empty())
        return EAI_NONAME;
    auto const& answer = answers[std::min(names().looks, answers.size() - 1)];
    ++names().looks;
    *found = nullptr;
    for (auto each = answer.rbegin(); each != answer.rend(); ++each)
        *found = answer_of(*each, hints != nullptr ? hints->ai_socktype : SOCK_STREAM, *found);
    for (auto* each = *found; each != nullptr && service != nullptr; each = each->ai_next) {
        std::uint16_t number = 0;
        std::from_chars(service, service + std::strlen(service), number);
        auto const port = htons(number);
        // The port stands at the same place in both families.
        std::memcpy(reinterpret_cast<char*>(each->ai_addr) + offsetof(sockaddr_in, sin_port), &port,
                    sizeof port);
    }
    return 0;
}

extern "C" void freeaddrinfo(addrinfo* list) {
    while (list != nullptr) {
        auto* const next = list->ai_next;
        std::free(list);
        list = next;
    }
}

namespace kontor::curl {
namespace {

void let_names_lead_to(std::vector<std::vector<std::string>> answers) {
    std::lock_guard const guard(names().mutex);
    names().answers = std::move(answers);
    names().looks = 0;
}

Result<HttpAnswer> call(std::string url, reach::Reach reach, std::size_t bytes_max = 1'000) {
    kontor::testing::HandClock clock;
    auto const calls = HttpCalls::open(clock, 1);
    EXPECT_TRUE(calls);
    (*calls)->start(1, {.method = "POST",
                        .url = std::move(url),
                        .body = "{}",
                        .reach = reach,
                        .answer_bytes_max = bytes_max});
    std::vector<HttpCalls::Ended> ended;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (ended.empty() && std::chrono::steady_clock::now() < last)
        (*calls)->collect(ended);
    if (ended.empty())
        return unexpected(Failure{FailureKind::timed_out, "the call did not end", ""});
    return std::move(ended.front().answer);
}

std::string at_port(int port) {
    return ":" + std::to_string(port) + "/in";
}

/// Somebody on this machine who must not be called.
class Listener {
public:
    Listener() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::listen(socket_, 4), 0);
        socklen_t length = sizeof address;
        ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin_port);
    }
    ~Listener() { ::close(socket_); }
    bool was_called() const {
        int const connection = ::accept(socket_, nullptr, nullptr);
        if (connection >= 0)
            ::close(connection);
        return connection >= 0;
    }
    int port{0};

private:
    int socket_;
};

void expect_not_called(Result<HttpAnswer> const& answer, std::string const& what) {
    ASSERT_FALSE(answer) << what;
    EXPECT_EQ(answer.error().kind, FailureKind::invalid) << what;
    EXPECT_NE(answer.error().what.find("not called for others"), std::string::npos)
        << what << ": " << answer.error().what;
}

TEST(SafeCalls, wherever_a_name_leads_to_a_house_nobody_is_called) {
    Listener machine;
    for (auto const* const address : {"127.0.0.1",
                                      "127.8.8.8",
                                      "0.0.0.0",
                                      "10.0.0.1",
                                      "172.16.0.1",
                                      "192.168.1.1",
                                      "169.254.169.254",
                                      "100.64.0.1",
                                      "168.63.129.16",
                                      "224.0.0.1",
                                      "255.255.255.255",
                                      "192.0.2.1",
                                      "198.18.0.1",
                                      "::1",
                                      "::",
                                      "::ffff:127.0.0.1",
                                      "::ffff:8.8.8.8",
                                      "64:ff9b::7f00:1",
                                      "2002:7f00:1::",
                                      "2001::1",
                                      "fe80::1",
                                      "fc00::1",
                                      "fd00:ec2::254",
                                      "ff02::1",
                                      "2001:db8::1"}) {
        let_names_lead_to({{address}});
        expect_not_called(
            call("https://hook.example" + at_port(machine.port), reach::Reach::open_only), address);
    }
    for (auto const* const literal : {"https://127.0.0.1", "https://[::1]", "https://2130706433",
                                      "https://0x7f.1", "https://localhost"})
        expect_not_called(call(literal + at_port(machine.port), reach::Reach::open_only), literal);
    EXPECT_FALSE(machine.was_called());
}

TEST(SafeCalls, a_name_that_leads_elsewhere_at_the_second_look_reaches_nobody) {
    CannedServer welcome("HTTP/1.1 204 No Content\r\n\r\n");
    Listener machine;
    auto const url = "http://hook.example" + at_port(welcome.port);
    let_names_lead_to({{"127.0.0.1"}, {"10.0.0.1", "192.168.0.1"}});
    auto const first = call(url, reach::Reach::loopback_too);
    ASSERT_TRUE(first) << first.error().what;
    EXPECT_EQ(first->status, 204);
    EXPECT_TRUE(welcome.wait_and_see().starts_with("POST /in HTTP/1.1\r\nHost: hook.example:"));
    expect_not_called(call(url, reach::Reach::loopback_too), "the second look");
    EXPECT_EQ(names().looks, 2U);
    // Whoever looked before the call, to judge the name, was told something else.
    let_names_lead_to({{"8.8.8.8"}, {"127.0.0.1"}});
    addrinfo* looked = nullptr;
    ASSERT_EQ(getaddrinfo("hook.example", nullptr, nullptr, &looked), 0);
    freeaddrinfo(looked);
    expect_not_called(call("https://hook.example" + at_port(machine.port), reach::Reach::open_only),
                      "after a look");
    EXPECT_FALSE(machine.was_called());
}

TEST(SafeCalls, of_several_addresses_only_those_are_tried_that_may_be_called) {
    CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    let_names_lead_to({{"10.0.0.1", "fe80::1", "127.0.0.1"}});
    auto const answer =
        call("http://hook.example" + at_port(server.port), reach::Reach::loopback_too);
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->body, "ok");
}

TEST(SafeCalls, http_goes_to_this_machine_alone_and_nowhere_without_leave) {
    let_names_lead_to({{"8.8.8.8"}});
    expect_not_called(call("http://hook.example/", reach::Reach::loopback_too), "in the clear");
    auto const refused = call("http://127.0.0.1:1/", reach::Reach::open_only);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, FailureKind::invalid);
    auto const file = call("file:///etc/hostname", reach::Reach::loopback_too);
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().kind, FailureKind::invalid);
}

TEST(SafeCalls, nobody_is_followed_elsewhere) {
    Listener machine;
    CannedServer server("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1" + at_port(machine.port) +
                        "\r\nContent-Length: 0\r\n\r\n");
    auto const answer = call(server.url("/"), reach::Reach::loopback_too);
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 302);
    EXPECT_FALSE(machine.was_called());
}

TEST(SafeCalls, of_a_long_answer_the_beginning_is_read) {
    CannedServer server("HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n" +
                        std::string(50'000, 'x'));
    auto const answer = call(server.url("/"), reach::Reach::loopback_too, 1'000);
    ASSERT_TRUE(answer) << answer.error().what;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->body, std::string(1'000, 'x'));
    CannedServer exact("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + std::string(1'000, 'y'));
    EXPECT_EQ(call(exact.url("/"), reach::Reach::loopback_too, 1'000)->body.size(), 1'000U);
}

TEST(SafeCalls, who_waits_for_a_name_in_vain_holds_nobody_up) {
    let_names_lead_to({{"127.0.0.1"}});
    names().is_silent = true;
    kontor::testing::HandClock clock;
    auto const calls = HttpCalls::open(clock, 1);
    ASSERT_TRUE(calls);
    (*calls)->start(1, {.url = "https://hook.example/", .reach = reach::Reach::open_only});
    std::vector<HttpCalls::Ended> ended;
    (*calls)->collect(ended);
    clock.pass(Duration::seconds(20));
    auto const began = std::chrono::steady_clock::now();
    (*calls)->collect(ended);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(2));
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].answer.error().kind, FailureKind::timed_out);
    { // the resolver's thread goes on and ends
        std::lock_guard const guard(names().mutex);
        names().is_silent = false;
    }
    names().speaks.notify_all();
    auto const last = began + std::chrono::seconds(10);
    for (std::size_t looks = 0; looks == 0 && std::chrono::steady_clock::now() < last;) {
        std::lock_guard const guard(names().mutex);
        looks = names().looks;
    }
    EXPECT_EQ(names().looks, 1U);
}

TEST(SafeSender, brings_a_message_and_what_was_said_to_it) {
    CannedServer server("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n"
                        "Content-Length: 4\r\n\r\nbusy");
    kontor::testing::HandClock clock;
    auto const sender = SafeSender::open(clock, {.reach = reach::Reach::loopback_too});
    ASSERT_TRUE(sender);
    (*sender)->start({9, server.url("/in"), {{"webhook-id", "whk_1"}}, R"({"a":1})"});
    std::vector<ports::WebhookEnded> ended;
    auto const last = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (ended.empty() && std::chrono::steady_clock::now() < last)
        (*sender)->collect(ended);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].ticket, 9U);
    ASSERT_TRUE(ended[0].answer) << ended[0].answer.error().what;
    EXPECT_EQ(ended[0].answer->status, 429);
    EXPECT_EQ(ended[0].answer->retry_after, "7");
    EXPECT_EQ(ended[0].answer->body, "busy");
    auto const asked = server.wait_and_see();
    EXPECT_TRUE(asked.starts_with("POST /in HTTP/1.1\r\n")) << asked;
    EXPECT_NE(asked.find("webhook-id: whk_1\r\n"), std::string::npos) << asked;
    EXPECT_TRUE(asked.ends_with("\r\n\r\n{\"a\":1}")) << asked;
    // Nobody is called beyond its reach.
    auto const strict = SafeSender::open(clock, {});
    ASSERT_TRUE(strict);
    ended.clear();
    (*strict)->start({1, server.url("/in"), {}, "{}"});
    while (ended.empty() && std::chrono::steady_clock::now() < last)
        (*strict)->collect(ended);
    ASSERT_EQ(ended.size(), 1U);
    EXPECT_EQ(ended[0].answer.error().kind, FailureKind::invalid);
}

TEST(SafeCalls, a_head_without_an_end_is_no_answer) {
    std::string head = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 2'000; ++i)
        head += "X-Line-" + std::to_string(i) + ": " + std::string(60, 'x') + "\r\n";
    CannedServer server(head + "\r\n");
    auto const answer = call(server.url("/"), reach::Reach::loopback_too);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, FailureKind::invalid);
}

} // namespace
} // namespace kontor::curl
