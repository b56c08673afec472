#pragma once

/// Edge::Loop: sockets, sessions and time, in turns. A turn takes what the system says happened,
/// reads, collects answers, and writes, so that all answers of a connection that are ready leave in
/// one write.

#include "adapters/http/edge.hpp"
#include "adapters/http/session.hpp"
#include "adapters/http/sockets.hpp"

#include <array>
#include <atomic>
#include <map>

struct epoll_event;

namespace kontor::http {

class Edge::Loop {
public:
    Loop(EdgeOptions options, services::Exchange& exchange, Clock& clock);
    /// Errors: conflict, invalid, unavailable.
    Result<void> open();
    /// Errors: unavailable.
    Result<void> run();

    void wake();
    void ask(bool at_once);
    std::uint16_t port(services::Listener listener) const;
    House const& house() const { return house_; }
    std::size_t open_connections() const { return open_connections_; }

private:
    struct Connection {
        Connection(House& house, Session::Origin origin, Descriptor socket_given)
            : socket(std::move(socket_given)), session(house, origin), peer(origin.peer) {}

        Descriptor socket;
        Session session;
        services::PeerAddress peer;
        std::string proxy_bytes{}; ///< of a header that is not whole
        Duration lingers_until{};
        bool is_readable{false};
        bool has_hung_up{false}; ///< will send nothing more
        bool is_writable{true};
        bool is_touched{false};
        bool is_streaming{false};
        bool lingers{false};
        bool awaits_proxy{false}; ///< a header says whose it is, before all else
        bool is_counted{false};   ///< among those of its address
        bool is_gone{false};      ///< closed; its place is free after this turn
    };
    struct Listening {
        ListenerOptions options;
        Descriptor socket;
        std::uint16_t port;
    };

    Result<void> wait();
    int wait_ms() const;
    void take(epoll_event const& event);
    void begin_turn();
    void accept(std::size_t index, std::size_t up_to);
    void admit(Listening const& listening, Accepted accepted);
    void turn_away(Descriptor const& socket);
    bool is_full(services::PeerAddress const& peer) const;
    void count_in(Connection& connection);
    void count_out(Connection& connection);
    void take_bytes(std::uint32_t index, std::string_view bytes);
    void touch(std::uint32_t index);
    void read(std::uint32_t index);
    void discard(Connection& connection);
    void collect();
    void write(std::uint32_t index);
    bool send_output(Connection& connection);
    void finish(std::uint32_t index);
    void retire(std::uint32_t index);
    void tick();
    void ask_streams();
    void begin_drain();
    void tick_drain(std::uint32_t index);
    void forget_gone();
    void end_all();
    void watch(Descriptor const& socket, std::uint64_t mark, std::uint32_t events);

    EdgeOptions const options_;
    House house_;
    Clock& clock_;
    std::vector<Listening> listening_;
    Descriptor epoll_;
    Descriptor bell_;  ///< an eventfd
    Descriptor spare_; ///< given up for a moment when no descriptors are left
    std::vector<std::unique_ptr<Connection>> connections_;
    std::vector<std::uint32_t> free_;
    std::vector<std::uint32_t> gone_;
    std::vector<std::uint32_t> touched_;
    std::vector<std::uint32_t> working_;
    std::vector<std::uint32_t> streaming_;
    std::map<std::array<std::uint8_t, 16>, std::size_t> per_address_;
    std::vector<services::PeerAddress> trusted_proxies_;
    std::vector<services::Answered> answers_;
    std::vector<char> incoming_;
    std::size_t open_connections_{0};
    Duration next_tick_{};
    Duration next_streams_{};
    Duration drain_began_{};
    std::int64_t date_second_{-1};
    std::atomic<bool> is_asleep_{false};
    std::atomic<bool> wants_drain_{false};
    std::atomic<bool> wants_stop_{false};
};

} // namespace kontor::http
