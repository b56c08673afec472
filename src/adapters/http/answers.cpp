#include "adapters/http/answers.hpp"

#include "base/assert.hpp"
#include "platform/problems/problems.hpp"

#include <fmt/format.h>

#include <iterator>

namespace kontor::http {
namespace {

std::string_view reason_of(std::uint16_t status) {
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 207: return "Multi-Status";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    default: return ""; // the phrase means nothing to anybody (RFC 9112, section 4)
    }
}

void append_number(std::string& out, std::size_t number) {
    fmt::format_int const digits(number);
    out.append(digits.data(), digits.size());
}

/// For browsers, whatever is answered: it is what its type says, no page of somebody else shows it,
/// and nothing in it is run or tells where one came from.   Source: OWASP, REST Security.
constexpr std::string_view guards = "X-Content-Type-Options: nosniff\r\n"
                                    "X-Frame-Options: DENY\r\n"
                                    "Referrer-Policy: no-referrer\r\n";
constexpr std::string_view usual_policy =
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n";
/// A page of ours has its script and its style in files of ours; nothing comes from elsewhere, and
/// no text becomes markup.   Source: CSP level 3; Trusted Types.
constexpr std::string_view page_policy =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "require-trusted-types-for 'script'; frame-ancestors 'none'\r\n";

constexpr bool has_no_body(std::uint16_t status) {
    return status == 204 || status == 304;
}

} // namespace

void append_reply(std::string& out, services::Reply const& reply, Framing const& framing) {
    auto const body =
        reply.lasting_body.empty() ? std::string_view(reply.body) : reply.lasting_body;
    auto const headers = reply.headers.text();
    out.reserve(out.size() + headers.size() + body.size() + framing.standing_lines.size() +
                page_policy.size() + 64);
    out.append("HTTP/1.1 ");
    append_number(out, reply.status);
    out.append(" ").append(reason_of(reply.status)).append("\r\n").append(framing.standing_lines);
    out.append(reply.is_page ? page_policy : usual_policy);
    if (reply.stream != nullptr)
        out.append(framing.is_version_1_1 ? "Transfer-Encoding: chunked\r\n" : "");
    else if (!has_no_body(reply.status)) {
        out.append("Content-Length: ");
        append_number(out, body.size());
        out.append("\r\n");
    }
    out.append(headers);
    if (framing.closes)
        out.append("Connection: close\r\n");
    out.append("\r\n");
    if (reply.stream == nullptr && !framing.is_head && !has_no_body(reply.status))
        out.append(body);
}

void append_piece(std::string& out, std::string_view piece, bool is_version_1_1) {
    if (piece.empty())
        return;
    if (is_version_1_1)
        fmt::format_to(std::back_inserter(out), "{:x}\r\n", piece.size());
    out.append(piece);
    if (is_version_1_1)
        out.append("\r\n");
}

void append_stream_end(std::string& out, bool is_version_1_1) {
    if (is_version_1_1)
        out.append("0\r\n\r\n");
}

std::string standing_lines(Instant at) {
    constexpr std::string_view days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    constexpr std::int64_t microseconds_a_day = 86'400'000'000;
    auto const time = to_calendar(at);
    auto const day = static_cast<std::size_t>(at.unix_microseconds() / microseconds_a_day % 7);
    return fmt::format("Date: {}, {:02} {} {} {:02}:{:02}:{:02} GMT\r\n{}", days[day], time.day,
                       months[static_cast<std::size_t>(time.month - 1)], time.year, time.hour,
                       time.minute, time.second, guards);
}

services::Reply refusal(Fault fault, std::string_view trace_id, int retry_after_seconds) {
    auto const& text = text_of(fault);
    auto const* const problem = problems::find_problem(text.problem);
    KONTOR_ASSERT(problem != nullptr, "no problem is called {}", text.problem);
    auto const code = problems::code_text(*problem);
    services::Reply reply{problem->status};
    reply.headers.add("Content-Type", "application/problem+json");
    reply.headers.add("Cache-Control", "no-store");
    if (retry_after_seconds > 0)
        reply.headers.add("Retry-After", fmt::format_int(retry_after_seconds).c_str());
    // Each text is ours and holds nothing that JSON would have to escape.
    reply.body = fmt::format(
        R"({{"type":"/problems/{0}","title":"{1}","status":{2},"detail":"{3}","code":"{0}",)"
        R"("name":"{4}","retryable":{5},"remedy":"{6}","trace_id":"{7}")",
        code, problem->title, problem->status, text.message, problem->name, problem->retryable,
        problem->remedy, trace_id);
    if (!text.pointer.empty())
        reply.body += fmt::format(R"(,"errors":[{{"pointer":"{}","message":"{}"}}])", text.pointer,
                                  text.message);
    reply.body += "}\n";
    return reply;
}

} // namespace kontor::http
