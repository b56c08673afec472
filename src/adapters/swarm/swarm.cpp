#include "adapters/swarm/swarm.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <netinet/tcp.h>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace kontor::swarm {
namespace {

constexpr std::size_t read_bytes = 64 * 1024;
constexpr int events_max = 256;

Failure failed(std::string what) {
    return {FailureKind::unavailable, std::move(what) + ": " + std::strerror(errno)};
}

/// The length of a body as its head says it; empty: it does not.
std::optional<std::size_t> length_in(std::string_view head) {
    constexpr std::string_view name = "\r\ncontent-length:";
    auto const found =
        std::search(head.begin(), head.end(), name.begin(), name.end(), [](char one, char other) {
            return (one >= 'A' && one <= 'Z' ? one - 'A' + 'a' : one) == other;
        });
    if (found == head.end())
        return std::nullopt;
    auto const* at = &*found + name.size();
    auto const* const end = head.data() + head.size();
    while (at < end && *at == ' ')
        ++at;
    std::size_t length = 0;
    return std::from_chars(at, end, length).ec == std::errc{} ? std::optional(length)
                                                              : std::nullopt;
}

bool says_close(std::string_view head) {
    return head.find("\r\nConnection: close") != std::string_view::npos ||
           head.find("\r\nconnection: close") != std::string_view::npos;
}

} // namespace

/// One connection with the call that is under way on it.
struct Swarm::Line {
    int socket{-1};
    bool is_busy{false};
    bool awaits_room{false}; ///< to send the rest of the call
    SwarmCall call{};
    Duration sent_at{};
    std::size_t written{0};
    std::string incoming{};
};

Swarm::Swarm(SwarmOptions options, Clock& clock) : options_(std::move(options)), clock_(clock) {}

Result<std::unique_ptr<Swarm>> Swarm::open(SwarmOptions options, Clock& clock) {
    std::unique_ptr<Swarm> swarm(new Swarm(std::move(options), clock));
    swarm->epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (swarm->epoll_ < 0)
        return unexpected(failed("no descriptor is left"));
    for (std::size_t n = 0; n < swarm->options_.connections; ++n) {
        auto& line = *swarm->lines_.emplace_back(std::make_unique<Line>());
        KONTOR_TRY(swarm->connect(line));
        swarm->free_.push_back(&line);
    }
    return swarm;
}

Swarm::~Swarm() {
    for (auto& line : lines_)
        close(*line);
    if (epoll_ >= 0)
        ::close(epoll_);
}

Result<void> Swarm::connect(Line& line) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    if (::inet_pton(AF_INET, options_.address.c_str(), &address.sin_addr) != 1)
        return unexpected(Failure{FailureKind::invalid, "not an address", options_.address});
    line.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (line.socket < 0)
        return unexpected(failed("no socket is left"));
    if (::connect(line.socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        return unexpected(failed("the server takes no connection"));
    int const one = 1;
    ::setsockopt(line.socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP;
    event.data.ptr = &line;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, line.socket, &event);
    line.incoming.clear();
    line.awaits_room = false;
    return {};
}

void Swarm::close(Line& line) {
    if (line.socket >= 0)
        ::close(line.socket);
    line.socket = -1;
}

Result<void> Swarm::send_waiting(std::vector<SwarmAnswer>& answers) {
    while (!waiting_.empty() && !free_.empty()) {
        auto& line = *free_.back();
        if (line.socket < 0)
            KONTOR_TRY(connect(line));
        free_.pop_back();
        line.call = std::move(waiting_.front());
        waiting_.pop_front();
        line.is_busy = true;
        line.written = 0;
        line.sent_at = clock_.monotonic();
        ++under_way_;
        write_on(line, answers);
    }
    return {};
}

void Swarm::write_on(Line& line, std::vector<SwarmAnswer>& answers) {
    while (line.written < line.call.bytes.size()) {
        auto const count =
            ::send(line.socket, line.call.bytes.data() + line.written,
                   line.call.bytes.size() - line.written, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN) {
            watch(line, true);
            return;
        }
        if (count <= 0) {
            close(line);
            finish(line, 0, {}, answers);
            return;
        }
        line.written += static_cast<std::size_t>(count);
    }
    watch(line, false);
}

/// Whether to be told when the server takes more; one that takes nothing must not hold up others.
void Swarm::watch(Line& line, bool for_room) {
    if (line.awaits_room == for_room)
        return;
    line.awaits_room = for_room;
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | (for_room ? EPOLLOUT : 0U);
    event.data.ptr = &line;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, line.socket, &event);
}

void Swarm::read_on(Line& line, std::vector<SwarmAnswer>& answers) {
    std::array<char, read_bytes> bytes;
    auto const count = ::recv(line.socket, bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count <= 0) {
        close(line);
        if (line.is_busy)
            finish(line, 0, {}, answers);
        return;
    }
    line.incoming.append(bytes.data(), static_cast<std::size_t>(count));
    while (line.is_busy && take_answer(line, answers)) {
    }
}

/// Takes one answer, if it is whole. An answer in between (1xx) is skipped.
bool Swarm::take_answer(Line& line, std::vector<SwarmAnswer>& answers) {
    auto const end = line.incoming.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    auto const head = std::string_view(line.incoming).substr(0, end);
    constexpr std::size_t status_at = 9; // behind "HTTP/1.1 "
    std::uint16_t status = 0;
    if (head.size() > status_at)
        std::from_chars(head.data() + status_at, head.data() + head.size(), status);
    constexpr std::uint16_t no_content = 204;
    constexpr std::size_t blank_line = 4;
    auto const length = status == no_content ? std::size_t{0} : length_in(head).value_or(0);
    if (line.incoming.size() < end + blank_line + length)
        return false;
    bool const ends = says_close(head);
    auto body = options_.keeps_bodies ? line.incoming.substr(end + blank_line, length) : "";
    line.incoming.erase(0, end + blank_line + length);
    if (ends)
        close(line);
    finish(line, status, std::move(body), answers);
    return !ends;
}

void Swarm::finish(Line& line, std::uint16_t status, std::string body,
                   std::vector<SwarmAnswer>& answers) {
    answers.push_back({line.call.kind, status, line.call.meant_at, line.sent_at, clock_.monotonic(),
                       std::move(body)});
    line.is_busy = false;
    --under_way_;
    free_.push_back(&line);
}

Result<void> Swarm::turn(Duration wait_max, std::vector<SwarmAnswer>& answers) {
    KONTOR_TRY(send_waiting(answers));
    std::array<epoll_event, events_max> events;
    auto const wait_us = std::max<std::int64_t>(wait_max.in_microseconds(), 0);
    timespec const wait{wait_us / 1'000'000, wait_us % 1'000'000 * 1'000};
    auto const count = ::epoll_pwait2(epoll_, events.data(), events_max, &wait, nullptr);
    for (int n = 0; n < count; ++n) {
        auto& line = *static_cast<Line*>(events[static_cast<std::size_t>(n)].data.ptr);
        auto const happened = events[static_cast<std::size_t>(n)].events;
        if (line.socket >= 0 && (happened & EPOLLOUT) != 0 && line.awaits_room)
            write_on(line, answers);
        if (line.socket >= 0 && (happened & ~std::uint32_t{EPOLLOUT}) != 0)
            read_on(line, answers);
    }
    return send_waiting(answers);
}

} // namespace kontor::swarm
