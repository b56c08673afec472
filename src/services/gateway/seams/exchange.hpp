#pragma once

/// Exchange: the seam between the edge, which speaks HTTP on sockets, and the gateway, which knows
/// routes and callers. The edge gives each valid request a ticket and starts it; answers are
/// collected later, in any sequence. Thread: all calls come from the edge's thread.
///
/// Invariants: 1. The views of a request live until its answer was collected or it was abandoned.
///             2. A ticket is given out once. Each started ticket is answered once or abandoned
///                once, never both.
///             3. No call blocks. Whoever finishes an answer on another thread wakes the edge, and
///                the edge collects.
///             4. A connection's requests are started in the sequence in which they were sent. Its
///                reads and writes are never open together: a read sees what was written before.

#include "base/assert.hpp"
#include "base/instant.hpp"
#include "base/strong.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kontor::services {

enum class Method : unsigned char { get, head, post, put, patch, remove, options, other };

/// As it stands in a request line; "other" for one that we do not know.
constexpr std::string_view name_of(Method method) {
    switch (method) {
    case Method::get: return "GET";
    case Method::head: return "HEAD";
    case Method::post: return "POST";
    case Method::put: return "PUT";
    case Method::patch: return "PATCH";
    case Method::remove: return "DELETE";
    case Method::options: return "OPTIONS";
    case Method::other: return "other";
    }
    KONTOR_UNREACHABLE();
}

/// Whether a method only reads, so that it may be repeated and reads may overlap (RFC 9110, 9.2.1).
constexpr bool is_safe(Method method) {
    return method == Method::get || method == Method::head || method == Method::options;
}

/// Which port a request came in by; each has its own routes.
enum class Listener : unsigned char { shop, console, aws };

/// An address of IPv6; one of IPv4 stands mapped in it (::ffff:a.b.c.d).
struct PeerAddress {
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(PeerAddress const&, PeerAddress const&) = default;
};

/// Names are lower case; values have no space around them and hold printable ASCII and tabs.
struct Header {
    std::string_view name;
    std::string_view value;
};

/// A request whose framing is beyond doubt. `path` begins with `/`, has no empty, `.` or `..`
/// segment within, and each `%` is followed by two hexadecimal digits that stand for no control
/// byte, slash or backslash; it is not decoded. `query` is what stands after the first `?`, not
/// decoded.
struct Request {
    Method method;
    std::string_view path;
    std::string_view query;
    std::span<Header const> headers;
    std::string_view body;
    Listener listener;
    PeerAddress peer;
    std::string_view trace_id;        ///< 32 hexadecimal digits, of `traceparent` or made here
    Duration arrived;                 ///< on the monotonic clock
    std::optional<Duration> deadline; ///< on the monotonic clock: nobody waits longer

    /// The first header of this name, in lower case; empty when there is none.
    std::string_view header(std::string_view name) const {
        for (auto const& each : headers)
            if (each.name == name)
                return each.value;
        return {};
    }
};

/// Header lines of a reply, kept as the bytes that go out.
class HeaderLines {
public:
    /// Requires: a token of RFC 9110. Control bytes in the value go out as spaces, so that no value
    /// can make a line of its own.
    void add(std::string_view name, std::string_view value) {
        text_.append(name).append(": ");
        for (char const c : value)
            text_.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
        text_.append("\r\n");
    }
    std::string_view text() const { return text_; }

private:
    std::string text_;
};

/// A body without an end: an event stream. A client is a cursor, not a buffer: the edge asks for
/// more when the client has room, and when there was nothing it asks again a moment later.
/// Destroyed when the client is gone or the edge drains.
class ReplyStream {
public:
    virtual ~ReplyStream() = default;

    /// Bytes that go out as they are: whole events, of which only the last may pass `bytes_max`;
    /// empty: nothing now. No value: the stream has ended.
    virtual std::optional<std::string> next(std::size_t bytes_max) = 0;

    /// What is sent after fifteen seconds of silence; a comment of an event stream.
    virtual std::string_view sign_of_life() { return ":\n\n"; }

    /// The last bytes, when the edge ends the stream: `bye`.
    virtual std::string farewell() { return {}; }
};

/// The edge adds Date, Content-Length or Transfer-Encoding, and Connection, and answers HEAD
/// without the body.
struct Reply {
    std::uint16_t status{200};
    HeaderLines headers{};
    std::string body{};
    std::string_view lasting_body{}; ///< sent instead of `body`; outlives the edge
    std::unique_ptr<ReplyStream> stream{};
    bool is_page{
        false}; ///< of ours, for people: it may run our scripts and ask us, and nobody else
};

/// Names a started request.
using Ticket = Strong<struct TicketTag, std::uint64_t>;

struct Answered {
    Ticket ticket;
    Reply reply;
};

class Exchange {
public:
    virtual ~Exchange() = default;

    /// Takes a request. Whoever cannot take it answers it: 503 with Retry-After.
    virtual void start(Ticket ticket, Request const& request) = 0;

    /// Appends the answers that are ready. Called once in each turn of the edge's loop, so it costs
    /// next to nothing when there are none.
    virtual void collect(std::vector<Answered>& answers) = 0;

    /// Nobody waits for this answer any more: the client is gone, or its deadline has passed. What
    /// was asked for may still happen.
    virtual void abandon(Ticket ticket) = 0;
};

} // namespace kontor::services
