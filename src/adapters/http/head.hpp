#pragma once

/// The head of a request, read from raw bytes before any route: stricter than RFC 9112 asks a
/// server to be, because each liberty is a way to make two servers see two requests. A pure
/// function over bytes. Source: RFC 9112; RELIABILITY section 10.
///
/// Invariant: a head that is complete has one meaning: its end, its host and the framing of its
/// body are beyond doubt.

#include "adapters/http/faults.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace kontor::http {

/// What a head is held against.
struct HeadRules {
    std::size_t head_bytes_max;
    std::size_t target_bytes_max;
    std::size_t headers_max;
    std::size_t body_bytes_max;
    std::span<std::string const> hosts; ///< lower case, without ports; IPv6 in brackets
};

enum class BodyKind : unsigned char { none, length, chunked };

/// Views into the bytes that were read.
struct Head {
    services::Method method{};
    std::string_view path{};
    std::string_view query{};
    std::vector<services::Header> headers{};
    bool is_version_1_1{};
    bool wants_close{};
    bool expects_continue{};
    BodyKind body{};
    std::size_t body_bytes{}; ///< when its length is told
    std::size_t bytes{};      ///< of the head itself, with the empty line
};

enum class HeadState : unsigned char { complete, incomplete, refused };

struct HeadVerdict {
    HeadState state;
    Fault fault{}; ///< when refused: the connection must be closed
};

/// Reads the head that `bytes` begins with. Names of headers are put into lower case where they
/// stand, so reading the same bytes again gives the same. `seen` bytes were looked at by an earlier
/// call that said incomplete; they are not searched again for the end.
HeadVerdict read_head(std::span<char> bytes, std::size_t seen, HeadRules const& rules, Head& head);

/// The headers of a head that is refused, as far as they can be told, so that the refusal can be
/// put in words that its sender reads. Nothing else may be believed of them.
std::vector<services::Header> sketch_headers(std::span<char> bytes, std::size_t bytes_max);

/// What is wrong with a target, if anything is. `path_bytes`: what stands before the first `?`.
std::optional<Fault> check_target(std::string_view target, std::size_t path_bytes);

} // namespace kontor::http
