/// kontor_sqs_load PORT SHAPE BATCH: a generator of queue load over the JSON protocol of SQS.
///
/// 64 connections over loopback, each in closed loop: it sends, receives, and deletes what it
/// received; a message counts when its deletion is answered. SHAPE is a standard queue, or a FIFO
/// one with 1 or 1,000 groups. Prints one JSON object.

#include "adapters/http/wire_client.hpp"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/core.h>

#include <array>
#include <charconv>
#include <chrono>
#include <ctime>
#include <map>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <vector>

namespace kontor::bench {
namespace {

constexpr int connection_count = 64;
constexpr std::size_t body_bytes = 300;
constexpr std::uint64_t again_max = 1'000'000;

struct Shape {
    std::string ending; ///< of a queue's name
    std::size_t groups; ///< 0: a standard queue
};

std::map<std::string, Shape> const shapes{
    {"standard", {"", 0}}, {"fifo1", {".fifo", 1}}, {"fifo1000", {".fifo", 1'000}}};

/// Signed by nobody: servers without keys look at the form alone.
std::string request_of(std::string_view action, std::string_view body) {
    auto const now = fmt::gmtime(std::time(nullptr));
    return fmt::format(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Authorization: AWS4-HMAC-SHA256 "
        "Credential=bench/{:%Y%m%d}/us-east-1/sqs/aws4_request, "
        "SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature={:064}\r\n"
        "X-Amz-Date: {:%Y%m%dT%H%M%SZ}\r\n"
        "Content-Type: application/x-amz-json-1.0\r\n"
        "X-Amz-Target: AmazonSQS.{}\r\nContent-Length: {}\r\n\r\n{}",
        now, 0, now, action, body.size(), body);
}

/// An answer that is whole; empty: more must come.
struct Answer {
    int status{0};
    std::string_view body{};
    std::size_t bytes{0};
};

Answer answer_in(std::string_view text) {
    auto const end = text.find("\r\n\r\n");
    auto const length = text.find("ontent-Length: ");
    if (end == text.npos || length == text.npos || length > end)
        return {};
    std::size_t body = 0;
    std::from_chars(text.data() + length + 15, text.data() + end, body);
    if (text.size() < end + 4 + body)
        return {};
    Answer answer{0, text.substr(end + 4, body), end + 4 + body};
    std::from_chars(text.data() + 9, text.data() + 12, answer.status);
    return answer;
}

/// Values of a member that holds no escapes.
std::vector<std::string> members(std::string_view body, std::string_view name) {
    auto const key = fmt::format("\"{}\":\"", name);
    std::vector<std::string> found;
    for (auto at = body.find(key); at != body.npos; at = body.find(key, at)) {
        at += key.size();
        found.emplace_back(body.substr(at, body.find('"', at) - at));
    }
    return found;
}

[[noreturn]] void give_up(std::string const& why) {
    fmt::print(stderr, "{}\n", why);
    std::exit(EXIT_FAILURE);
}

class SqsLoad {
public:
    SqsLoad(std::uint16_t port, Shape shape, std::size_t batch)
        : shape_(std::move(shape)), batch_(batch), port_(port),
          epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        make_queue();
        clients_.resize(connection_count);
        for (auto& client : clients_) {
            connect(client);
            send_messages(client);
        }
    }

    /// Messages that were deleted until then.
    std::uint64_t run(std::chrono::steady_clock::time_point end) {
        std::array<epoll_event, connection_count> events{};
        auto const before = deleted_;
        while (std::chrono::steady_clock::now() < end) {
            auto const count = ::epoll_wait(epoll_, events.data(), connection_count, 100);
            for (int i = 0; i < count; ++i)
                read(clients_[events[static_cast<std::size_t>(i)].data.u32]);
        }
        return deleted_ - before;
    }

private:
    enum class Step : unsigned char { send, receive, remove };
    struct Client {
        http::Descriptor socket{};
        Step step{Step::send};
        std::string request{}; ///< that is not answered
        std::size_t removing{0};
        std::string text{};
    };

    void make_queue() {
        auto const fifo = shape_.groups == 0
                              ? std::string()
                              : std::string(R"(,"Attributes":{"FifoQueue":"true",)"
                                            R"("DeduplicationScope":"messageGroup",)"
                                            R"("FifoThroughputLimit":"perMessageGroupId"})");
        http::WireClient client(port_);
        // A queue of its own: what an earlier run left in flight is in nobody's way.
        auto const now = std::chrono::steady_clock::now().time_since_epoch().count();
        client.send(request_of("CreateQueue", fmt::format(R"({{"QueueName":"bench-{}{}"{}}})", now,
                                                          shape_.ending, fifo)));
        auto const text = client.read_until("QueueUrl");
        auto const url = members(text, "QueueUrl");
        if (url.size() != 1)
            give_up("no queue was made: " + text);
        url_ = url.front();
    }

    void connect(Client& client) {
        client.socket = http::connect_to(port_);
        if (!client.socket.is_open())
            give_up("nobody listens");
        int const on = 1;
        auto const socket = client.socket.number();
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u32 = static_cast<std::uint32_t>(&client - clients_.data());
        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    }

    /// A server may end a connection between two requests; what does not go out then goes again.
    void send(Client& client, std::string request) {
        client.request = std::move(request);
        ::send(client.socket.number(), client.request.data(), client.request.size(), MSG_NOSIGNAL);
    }

    void send_again(Client& client) {
        if (++again_ > again_max)
            give_up("the server hangs up again and again");
        connect(client);
        client.text.clear();
        send(client, std::move(client.request));
    }

    std::string message(std::size_t entry) {
        auto const number = ++messages_;
        auto text = fmt::format(R"({}"MessageBody":"{}")",
                                batch_ == 1 ? "" : fmt::format(R"("Id":"{}",)", entry),
                                std::string(body_bytes, 'x'));
        if (shape_.groups > 0)
            text += fmt::format(R"(,"MessageGroupId":"g{}","MessageDeduplicationId":"d{}")",
                                number % shape_.groups, number);
        return text;
    }

    void send_messages(Client& client) {
        client.step = Step::send;
        if (batch_ == 1)
            return send(client, request_of("SendMessage", fmt::format(R"({{"QueueUrl":"{}",{}}})",
                                                                      url_, message(0))));
        std::string entries;
        for (std::size_t i = 0; i < batch_; ++i)
            entries += fmt::format("{}{{{}}}", i == 0 ? "" : ",", message(i));
        send(client,
             request_of("SendMessageBatch",
                        fmt::format(R"({{"QueueUrl":"{}","Entries":[{}]}})", url_, entries)));
    }

    void receive(Client& client) {
        client.step = Step::receive;
        send(client, request_of("ReceiveMessage",
                                fmt::format(R"({{"QueueUrl":"{}","MaxNumberOfMessages":{}}})", url_,
                                            batch_)));
    }

    void remove(Client& client, std::vector<std::string> const& handles) {
        client.step = Step::remove;
        client.removing = handles.size();
        if (batch_ == 1)
            return send(client,
                        request_of("DeleteMessage",
                                   fmt::format(R"({{"QueueUrl":"{}","ReceiptHandle":"{}"}})", url_,
                                               handles.front())));
        std::string entries;
        for (std::size_t i = 0; i < handles.size(); ++i)
            entries += fmt::format(R"({}{{"Id":"{}","ReceiptHandle":"{}"}})", i == 0 ? "" : ",", i,
                                   handles[i]);
        send(client,
             request_of("DeleteMessageBatch",
                        fmt::format(R"({{"QueueUrl":"{}","Entries":[{}]}})", url_, entries)));
    }

    void read(Client& client) {
        auto const got = ::recv(client.socket.number(), buffer_.data(), buffer_.size(), 0);
        if (got <= 0)
            return send_again(client);
        client.text.append(buffer_.data(), static_cast<std::size_t>(got));
        auto const answer = answer_in(client.text);
        if (answer.bytes == 0)
            return;
        if (answer.status != 200 || answer.body.find("\"Failed\":[{") != answer.body.npos)
            give_up("refused: " + client.text);
        auto const handles = members(answer.body, "ReceiptHandle");
        client.text.clear();
        go_on(client, handles);
    }

    void go_on(Client& client, std::vector<std::string> const& handles) {
        switch (client.step) {
        case Step::send: return receive(client);
        case Step::receive: return handles.empty() ? receive(client) : remove(client, handles);
        case Step::remove: deleted_ += client.removing; return send_messages(client);
        }
    }

    Shape const shape_;
    std::size_t const batch_;
    std::uint16_t const port_;
    int const epoll_;
    std::string url_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(std::size_t{64} << 10);
    std::uint64_t messages_{0};
    std::uint64_t deleted_{0};
    std::uint64_t again_{0};
};

} // namespace
} // namespace kontor::bench

int main(int argc, char** argv) {
    CLI::App app("Sends, receives and deletes messages of 300 bytes over the JSON protocol of SQS, "
                 "over 64 connections.");
    std::uint16_t port = 0;
    std::string shape;
    std::size_t batch = 1;
    double seconds = 5;
    double warm_up = 1;
    app.add_option("port", port, "where the server listens on loopback")->required();
    app.add_option("shape", shape, "the queue")
        ->required()
        ->check(CLI::IsMember(kontor::bench::shapes));
    app.add_option("batch", batch, "messages of a call")->check(CLI::Range(1, 10));
    app.add_option("--seconds", seconds, "how long it measures");
    app.add_option("--warm-up", warm_up, "and how long before it does");
    CLI11_PARSE(app, argc, argv);

    kontor::bench::SqsLoad load(port, kontor::bench::shapes.at(shape), batch);
    auto const length = [](double of) {
        return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::chrono::duration<double>(of));
    };
    auto const begin = std::chrono::steady_clock::now() + length(warm_up);
    load.run(begin);
    auto const deleted = load.run(begin + length(seconds));
    fmt::print("{{\"messages_a_second\":{:.1f}}}\n", static_cast<double>(deleted) / seconds);
    return EXIT_SUCCESS;
}
