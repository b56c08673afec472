#include "bench/http_load.hpp"

#include "adapters/http/wire_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace kontor::bench {
namespace {

http::Descriptor connect_to(std::uint16_t port) {
    auto socket = http::connect_to(port);
    int const on = 1;
    ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

/// The bytes of the answer that `text` begins with; zero while it is not whole.
std::size_t answer_bytes(std::string_view text) {
    auto const end = text.find("\r\n\r\n");
    auto const length = text.find("Content-Length: ");
    if (end == text.npos || length == text.npos || length > end)
        return 0;
    std::size_t body = 0;
    std::from_chars(text.data() + length + 16, text.data() + end, body);
    return text.size() >= end + 4 + body ? end + 4 + body : 0;
}

std::size_t learn_answer_bytes(std::uint16_t port, std::string const& request) {
    auto const connection = connect_to(port);
    int const socket = connection.number();
    std::string text;
    std::size_t bytes = 0;
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0)
        while (bytes == 0) {
            std::array<char, 4096> piece;
            auto const got = ::recv(socket, piece.data(), piece.size(), 0);
            if (got <= 0)
                break;
            text.append(piece.data(), static_cast<std::size_t>(got));
            bytes = answer_bytes(text);
        }
    return bytes;
}

/// All connections of one measurement.
class Load {
public:
    Load(std::uint16_t port, LoadShape const& shape, std::size_t answer_bytes)
        : answer_bytes_(answer_bytes), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
        for (int i = 0; i < shape.pipelined; ++i)
            burst_ += shape.request;
        request_bytes_ = shape.request.size();
        for (int i = 0; i < shape.connections; ++i) {
            clients_.push_back({connect_to(port)});
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.u32 = static_cast<std::uint32_t>(i);
            ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_.back().socket.number(), &event);
            send(clients_.back(), static_cast<std::size_t>(shape.pipelined));
        }
    }
    ~Load() { ::close(epoll_); }
    Load(Load const&) = delete;
    Load& operator=(Load const&) = delete;

    /// Answers, until the time is over.
    std::uint64_t run(std::chrono::steady_clock::time_point end) {
        std::uint64_t answers = 0;
        std::array<epoll_event, 256> events;
        while (std::chrono::steady_clock::now() < end && !has_failed_) {
            auto const count =
                ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 100);
            for (int i = 0; i < count; ++i)
                answers += read(clients_[events[static_cast<std::size_t>(i)].data.u32]);
        }
        return has_failed_ ? 0 : answers;
    }

private:
    struct Client {
        http::Descriptor socket;
        std::size_t pending_bytes{0}; ///< of an answer that is not whole
    };

    void send(Client& client, std::size_t requests) {
        auto const bytes = requests * request_bytes_;
        has_failed_ = has_failed_ || ::send(client.socket.number(), burst_.data(), bytes,
                                            MSG_NOSIGNAL) != static_cast<ssize_t>(bytes);
    }

    std::size_t read(Client& client) {
        auto const got = ::recv(client.socket.number(), buffer_.data(), buffer_.size(), 0);
        if (got <= 0) {
            has_failed_ = true;
            return 0;
        }
        client.pending_bytes += static_cast<std::size_t>(got);
        auto const answers = client.pending_bytes / answer_bytes_;
        client.pending_bytes %= answer_bytes_;
        if (answers > 0)
            send(client, answers);
        return answers;
    }

    std::size_t answer_bytes_;
    std::size_t request_bytes_{0};
    int epoll_;
    std::string burst_;
    std::vector<Client> clients_;
    std::vector<char> buffer_ = std::vector<char>(64 * 1024);
    bool has_failed_{false};
};

/// Opens `connections`, so many, and asks once on each; says how many got an answer.
int ask_once_each(std::uint16_t port, int count, std::string const& request,
                  std::vector<http::Descriptor>& connections) {
    http::raise_descriptor_limit();
    int answered = 0;
    std::array<char, 4096> piece;
    for (int i = 0; i < count; ++i) {
        int const socket = connections.emplace_back(connect_to(port)).number();
        if (socket >= 0 && ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) > 0 &&
            ::recv(socket, piece.data(), piece.size(), 0) > 0)
            ++answered;
    }
    return answered;
}

} // namespace

double measure_http_rate(std::uint16_t port, LoadShape const& shape, double seconds) {
    auto const bytes = learn_answer_bytes(port, shape.request);
    if (bytes == 0)
        return 0;
    Load load(port, shape, bytes);
    constexpr auto warm_up = std::chrono::milliseconds(300);
    auto const begin = std::chrono::steady_clock::now() + warm_up;
    load.run(begin);
    auto const length = std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>(seconds));
    return static_cast<double>(load.run(begin + length)) / seconds;
}

IdleClients::IdleClients(std::uint16_t port, int count, std::string request) {
    std::array<int, 2> told;
    std::array<int, 2> held;
    if (::pipe2(told.data(), O_CLOEXEC) != 0 || ::pipe2(held.data(), O_CLOEXEC) != 0)
        return;
    process_ = ::fork();
    if (process_ == 0) {
        ::close(held[1]);
        std::vector<http::Descriptor> connections;
        int const answered = ask_once_each(port, count, request, connections);
        char last = 0;
        if (::write(told[1], &answered, sizeof answered) == sizeof answered) [[maybe_unused]]
            auto const end = ::read(held[0], &last, 1);
        ::_exit(0);
    }
    ::close(told[1]);
    ::close(held[0]);
    hold_ = held[1];
    if (::read(told[0], &answered_, sizeof answered_) != sizeof answered_)
        answered_ = 0;
    ::close(told[0]);
}

IdleClients::~IdleClients() {
    ::close(hold_);
    if (process_ > 0)
        ::waitpid(process_, nullptr, 0);
}

} // namespace kontor::bench
