#pragma once

/// Limits of the edge: what one client may ask of us, and what all of them together may hold. Each
/// has an answer at the limit, named beside it.
/// Source: RELIABILITY section 10.

#include "base/instant.hpp"

#include <cstddef>

namespace kontor::http {

struct Limits {
    std::size_t head_bytes_max{16 * 1024};  ///< refused, and the connection closed
    std::size_t target_bytes_max{4 * 1024}; ///< refused, closed
    std::size_t headers_max{100};           ///< refused, closed
    std::size_t body_bytes_max{1 << 20};    ///< 413, closed; a listener may have its own

    Duration head_time_max{Duration::seconds(10)};   ///< from the first byte: 408, closed
    Duration idle_time_max{Duration::seconds(60)};   ///< between requests: closed
    Duration answer_time_max{Duration::seconds(30)}; ///< without a deadline of the client's: 504
    std::size_t bytes_per_second_min{500}; ///< of a body, or of an answer taken: 408, or cut off
    Duration slow_grace{Duration::seconds(10)};     ///< before the rate of a transfer is looked at
    Duration linger_time_max{Duration::seconds(1)}; ///< for the client to read a refusal, then cut

    std::size_t requests_per_connection_max{1000}; ///< the last answer says Connection: close
    std::size_t pipelined_max{16};                 ///< more wait in the client's own buffers
    std::size_t connections_max{12'000};           ///< 503, closed
    std::size_t connections_per_address_max{100};  ///< 503, closed
    std::size_t accepts_a_turn_max{32};            ///< a flood leaves time for who is there
    std::size_t in_flight_max{8192};               ///< 503 with Retry-After
    std::size_t buffered_bytes_max{256 << 20};     ///< of all requests together: 503, closed

    std::size_t stream_bytes_max{16 * 1024};           ///< of an event stream, not yet taken
    Duration stream_turn{Duration::milliseconds(20)};  ///< a stream that had nothing is asked again
    Duration stream_comment{Duration::seconds(15)};    ///< of silence, then a comment
    Duration drain_grace{Duration::milliseconds(300)}; ///< for idle clients, when the edge stops
    Duration drain_time_max{Duration::seconds(9)};     ///< then what is open is cut off
};

static_assert(Limits{}.target_bytes_max < Limits{}.head_bytes_max, "a target stands in a head");
static_assert(Limits{}.body_bytes_max + Limits{}.head_bytes_max <= Limits{}.buffered_bytes_max,
              "one request must fit");

} // namespace kontor::http
