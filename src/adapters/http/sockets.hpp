#pragma once

/// Sockets as the edge needs them: descriptors that close themselves, and calls whose outcome is a
/// value.

#include "base/result.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace kontor::http {

class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor() { close(); }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }
    void close();

private:
    int number_{-1};
};

/// Errors: conflict (the port is taken), invalid (not an address), unavailable.
Result<Descriptor> listen_at(std::string const& address, std::uint16_t port);
std::uint16_t port_of(Descriptor const& listening);

struct Accepted {
    Descriptor socket;
    services::PeerAddress peer;
};
/// Errors: invalid (not an address of IPv4 or IPv6).
Result<services::PeerAddress> parse_peer(std::string const& text);

enum class AcceptEnd : unsigned char { taken, none_waits, no_descriptors };
/// Takes one connection, if one waits, and tells it not to hold back small pieces.
AcceptEnd accept_one(Descriptor const& listening, Accepted& accepted);

enum class Transfer : unsigned char { some, would_block, ended, failed };
struct Transferred {
    Transfer outcome;
    std::size_t bytes{0};
};
Transferred receive_some(Descriptor const& socket, std::span<char> into);
Transferred send_some(Descriptor const& socket, std::string_view bytes);

/// Tells the client that nothing more will come, and still takes what it sends.
void end_sending(Descriptor const& socket);

/// As many open files as the system lets this process have.
void raise_descriptor_limit();

} // namespace kontor::http
