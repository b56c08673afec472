#pragma once

/// Answers as bytes: the head of a reply with what only the edge knows, and the problem document of
/// a refusal.

#include "adapters/http/faults.hpp"
#include "services/gateway/seams/exchange.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kontor::http {

/// How the connection goes on after an answer.
struct Framing {
    std::string_view standing_lines; ///< whole header lines that every answer has, with their ends
    bool is_head{false};             ///< answer without the body
    bool is_version_1_1{true};
    bool closes{false};
};

/// Appends the head of the reply, and the body unless it is a stream, or nobody wants it.
void append_reply(std::string& out, services::Reply const& reply, Framing const& framing);

/// A piece of a stream: as a chunk, or as it is for clients of HTTP/1.0. Empty ones leave nothing.
void append_piece(std::string& out, std::string_view piece, bool is_version_1_1);
void append_stream_end(std::string& out, bool is_version_1_1);

/// The header lines of every answer given in this second: "Date: Thu, 26 Nov 2026 09:30:00 GMT" and
/// what tells a browser to trust nothing in it.
std::string standing_lines(Instant at);

/// How whoever stands behind a listener tells a refusal in words of their own; nothing: it is a
/// problem. `as_read` is what could be read of the request, perhaps nothing.
using Refuser = std::function<std::optional<services::Reply>(services::Request const& as_read,
                                                             FaultText const& why)>;

/// The problem document of a refusal. `retry_after_seconds` of zero: none is told.
services::Reply refusal(Fault fault, std::string_view trace_id, int retry_after_seconds = 0);

} // namespace kontor::http
