#include "adapters/http/loop.hpp"

#include "adapters/http/answers.hpp"
#include "adapters/http/proxy_header.hpp"
#include "base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace kontor::http {
namespace {

/// What an event of epoll is about: a kind, and an index in that kind's list.
constexpr std::uint64_t mark_of_listener = std::uint64_t{1} << 32;
constexpr std::uint64_t mark_of_bell = std::uint64_t{2} << 32;
constexpr std::size_t incoming_bytes = 64 * 1024;

} // namespace

Edge::Loop::Loop(EdgeOptions options, services::Exchange& exchange, Clock& clock)
    : options_(std::move(options)),
      house_(options_.limits, options_.hosts, exchange, options_.seed), clock_(clock),
      incoming_(incoming_bytes) {}

Result<void> Edge::Loop::open() {
    raise_descriptor_limit();
    epoll_ = Descriptor(::epoll_create1(EPOLL_CLOEXEC));
    bell_ = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    if (!epoll_.is_open() || !bell_.is_open())
        return unexpected(
            Failure{FailureKind::unavailable, fmt::format("no epoll: {}", std::strerror(errno))});
    watch(bell_, mark_of_bell, EPOLLIN);
    for (auto const& address : options_.trusted_proxies) {
        KONTOR_TRY(auto const peer, parse_peer(address));
        trusted_proxies_.push_back(peer);
    }
    for (auto const& options : options_.listeners) {
        KONTOR_TRY(auto socket, listen_at(options.address, options.port));
        watch(socket, mark_of_listener | listening_.size(), EPOLLIN);
        auto const port = port_of(socket);
        listening_.push_back({options, std::move(socket), port});
    }
    begin_turn();
    return {};
}

void Edge::Loop::watch(Descriptor const& socket, std::uint64_t mark, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = mark;
    ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket.number(), &event);
}

std::uint16_t Edge::Loop::port(services::Listener listener) const {
    for (auto const& each : listening_)
        if (each.options.listener == listener)
            return each.port;
    return 0;
}

/// Both sides exchange the same flag, so one of them sees the other: the waker that the edge
/// sleeps, or the edge, when it collects once more, what the waker brought.
void Edge::Loop::wake() {
    if (is_asleep_.exchange(false, std::memory_order_acq_rel)) {
        std::uint64_t const one = 1;
        [[maybe_unused]] auto const written = ::write(bell_.number(), &one, sizeof one);
    }
}

void Edge::Loop::ask(bool at_once) {
    (at_once ? wants_stop_ : wants_drain_).store(true, std::memory_order_release);
    std::uint64_t const one = 1;
    [[maybe_unused]] auto const written = ::write(bell_.number(), &one, sizeof one);
}

void Edge::Loop::begin_turn() {
    house_.now = clock_.monotonic();
    auto const now = clock_.now();
    constexpr std::int64_t microseconds = 1'000'000;
    if (auto const second = now.unix_microseconds() / microseconds; second != date_second_) {
        date_second_ = second;
        house_.standing_lines = standing_lines(now);
    }
}

int Edge::Loop::wait_ms() const {
    if (!touched_.empty())
        return 0;
    if (open_connections_ == 0 && !house_.is_draining)
        return -1;
    auto const until = streaming_.empty() ? next_tick_ : std::min(next_tick_, next_streams_);
    return static_cast<int>(std::max<std::int64_t>((until - house_.now).in_milliseconds(), 1));
}

/// Sleeps until something happens; answers that come while it falls asleep are not missed.
Result<void> Edge::Loop::wait() {
    std::array<epoll_event, 512> events;
    auto timeout = wait_ms();
    if (timeout != 0) {
        is_asleep_.exchange(true, std::memory_order_acq_rel);
        collect();
        if (!touched_.empty())
            timeout = 0;
    }
    auto const count =
        ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), timeout);
    is_asleep_.store(false, std::memory_order_release);
    if (count < 0 && errno != EINTR)
        return unexpected(Failure{FailureKind::unavailable,
                                  fmt::format("cannot wait: {}", std::strerror(errno))});
    begin_turn();
    for (int i = 0; i < count; ++i)
        take(events[static_cast<std::size_t>(i)]);
    if (wants_drain_.load(std::memory_order_acquire) && !house_.is_draining)
        begin_drain();
    return {};
}

void Edge::Loop::take(epoll_event const& event) {
    auto const mark = event.data.u64;
    if (mark == mark_of_bell) {
        std::uint64_t count = 0;
        [[maybe_unused]] auto const got = ::read(bell_.number(), &count, sizeof count);
        return;
    }
    if ((mark & mark_of_listener) != 0)
        return accept(mark & ~mark_of_listener, house_.limits.accepts_a_turn_max);
    auto const index = static_cast<std::uint32_t>(mark);
    auto& connection = *connections_[index];
    if ((event.events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)
        connection.is_readable = true;
    if ((event.events & EPOLLOUT) != 0)
        connection.is_writable = true;
    if ((event.events & EPOLLRDHUP) != 0) {
        connection.has_hung_up = true;
        if (connection.session.is_streaming())
            connection.session.receive_end();
    }
    if ((event.events & (EPOLLHUP | EPOLLERR)) != 0)
        retire(index);
    else
        touch(index);
}

void Edge::Loop::touch(std::uint32_t index) {
    auto& connection = *connections_[index];
    if (connection.is_touched || connection.is_gone)
        return;
    connection.is_touched = true;
    touched_.push_back(index);
}

void Edge::Loop::accept(std::size_t index, std::size_t up_to) {
    auto& listening = listening_[index];
    Accepted accepted;
    for (std::size_t i = 0; i < up_to; ++i) {
        switch (accept_one(listening.socket, accepted)) {
        case AcceptEnd::taken: admit(listening, std::move(accepted)); break;
        case AcceptEnd::none_waits: return;
        case AcceptEnd::no_descriptors: // take it with the spare one, and let it go
            spare_.close();
            if (accept_one(listening.socket, accepted) == AcceptEnd::taken)
                accepted.socket.close();
            spare_ = Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC));
            ++house_.counts.connections_refused;
            return;
        }
    }
}

void Edge::Loop::admit(Listening const& listening, Accepted accepted) {
    if (open_connections_ >= house_.limits.connections_max)
        return turn_away(accepted.socket);
    if (free_.empty()) {
        free_.push_back(static_cast<std::uint32_t>(connections_.size()));
        connections_.emplace_back();
    }
    bool const awaits_proxy = std::find(trusted_proxies_.begin(), trusted_proxies_.end(),
                                        accepted.peer) != trusted_proxies_.end();
    if (!awaits_proxy && is_full(accepted.peer))
        return turn_away(accepted.socket);
    auto const index = free_.back();
    Session::Origin const origin{listening.options.listener, accepted.peer,
                                 listening.options.body_bytes_max, index,
                                 &listening.options.refuser};
    auto connection = std::make_unique<Connection>(house_, origin, std::move(accepted.socket));
    connection->awaits_proxy = awaits_proxy;
    if (!awaits_proxy)
        count_in(*connection);
    ++open_connections_;
    ++house_.counts.connections;
    free_.pop_back();
    connections_[index] = std::move(connection);
    watch(connections_[index]->socket, index, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
}

/// A connection too many is told so, as far as that costs nothing.
void Edge::Loop::turn_away(Descriptor const& socket) {
    ++house_.counts.connections_refused;
    std::string text;
    append_reply(text, refusal(Fault::connections_too_many, "", 1),
                 {house_.standing_lines, false, true, true});
    send_some(socket, text);
    end_sending(socket);
    receive_some(socket, incoming_);
}

/// Whether an address has as many connections as it may have.
bool Edge::Loop::is_full(services::PeerAddress const& peer) const {
    auto const found = per_address_.find(peer.bytes);
    return found != per_address_.end() &&
           found->second >= house_.limits.connections_per_address_max;
}

void Edge::Loop::count_in(Connection& connection) {
    ++per_address_[connection.peer.bytes];
    connection.is_counted = true;
}

void Edge::Loop::count_out(Connection& connection) {
    if (!std::exchange(connection.is_counted, false))
        return;
    if (auto const found = per_address_.find(connection.peer.bytes); --found->second == 0)
        per_address_.erase(found);
}

void Edge::Loop::take_bytes(std::uint32_t index, std::string_view bytes) {
    auto& connection = *connections_[index];
    if (!connection.awaits_proxy)
        return connection.session.receive(bytes);
    connection.proxy_bytes.append(bytes);
    auto const header = read_proxy_header(connection.proxy_bytes);
    if (header.state == ProxyHeader::State::incomplete)
        return;
    if (header.state == ProxyHeader::State::malformed)
        return retire(index);
    connection.awaits_proxy = false;
    if (header.peer) {
        connection.peer = *header.peer;
        connection.session.set_peer(connection.peer);
        if (is_full(connection.peer)) {
            turn_away(connection.socket);
            return retire(index);
        }
        count_in(connection);
    }
    auto const rest = std::exchange(connection.proxy_bytes, {}).substr(header.bytes);
    if (!rest.empty())
        connection.session.receive(rest);
}

void Edge::Loop::read(std::uint32_t index) {
    auto& connection = *connections_[index];
    if (connection.is_gone)
        return;
    if (connection.lingers)
        return discard(connection);
    if (!connection.is_readable || !connection.session.wants_bytes())
        return;
    auto const got = receive_some(connection.socket, incoming_);
    // The end of what the client sends tells itself once, perhaps together with its last bytes.
    connection.is_readable = connection.has_hung_up || got.bytes == incoming_.size();
    switch (got.outcome) {
    case Transfer::some: return take_bytes(index, {incoming_.data(), got.bytes});
    case Transfer::would_block: connection.is_readable = false; return;
    case Transfer::ended: return connection.session.receive_end();
    case Transfer::failed: return retire(index);
    }
    KONTOR_UNREACHABLE();
}

/// What a refused client still sends is read and dropped, so that it can read the refusal.
void Edge::Loop::discard(Connection& connection) {
    constexpr int reads_max = 16;
    for (int i = 0; i < reads_max; ++i) {
        auto const got = receive_some(connection.socket, incoming_);
        if (got.outcome == Transfer::would_block)
            return;
        if (got.outcome != Transfer::some)
            connection.lingers_until = Duration{};
    }
}

void Edge::Loop::collect() {
    answers_.clear();
    house_.exchange.collect(answers_);
    for (auto& [ticket, reply] : answers_) {
        auto const index = static_cast<std::uint32_t>(ticket.value() >> Session::ticket_shift);
        if (index >= connections_.size() || connections_[index] == nullptr)
            continue;
        connections_[index]->session.answer(ticket, std::move(reply));
        touch(index);
    }
}

} // namespace kontor::http
