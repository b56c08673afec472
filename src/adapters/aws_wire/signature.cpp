#include "adapters/aws_wire/signature.hpp"

#include "adapters/aws_wire/digests.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kontor::aws_wire {
namespace {

using services::Request;

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view scope_end = "aws4_request";
constexpr std::size_t signature_digits = 64;
constexpr std::size_t signed_headers_max = 64;

Unexpected<AuthRefusal> refused(AuthFault fault, std::string says) {
    return unexpected(AuthRefusal{fault, std::move(says)});
}

Unexpected<AuthRefusal> lacks(std::string_view what) {
    return refused(AuthFault::incomplete,
                   fmt::format("Authorization header requires '{}' parameter.", what));
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// Takes what stands before `mark` off the text, and the mark.
std::string_view take_until(std::string_view& text, char mark) {
    auto const end = std::min(text.find(mark), text.size());
    auto const taken = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return taken;
}

bool all_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
    int number = 0;
    for (char const digit : digits)
        number = number * 10 + (digit - '0');
    return number;
}

/// 20261126T210500Z
Result<Instant> parse_date(std::string_view text) {
    constexpr std::size_t length = 16;
    bool const has_form = text.size() == length && text[8] == 'T' && text[15] == 'Z' &&
                          all_digits(text.substr(0, 8)) && all_digits(text.substr(9, 6));
    if (!has_form)
        return unexpected(Failure{FailureKind::invalid, "a date is like 20261126T210500Z"});
    return to_instant({number_of(text.substr(0, 4)), number_of(text.substr(4, 2)),
                       number_of(text.substr(6, 2)), number_of(text.substr(9, 2)),
                       number_of(text.substr(11, 2)), number_of(text.substr(13, 2))});
}

std::string date_text(Instant at) {
    auto const time = to_calendar(at);
    return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", time.year, time.month, time.day,
                       time.hour, time.minute, time.second);
}

/// Credential=…, SignedHeaders=…, Signature=…, in any sequence.
Result<void, AuthRefusal> read_parts(std::string_view parts, Claim& claim) {
    std::string_view credential;
    std::string_view headers;
    for (bool goes_on = true; goes_on;) {
        goes_on = parts.find(',') != std::string_view::npos;
        auto part = trimmed(take_until(parts, ','));
        auto const name = take_until(part, '=');
        auto* const into = name == "Credential"      ? &credential
                           : name == "SignedHeaders" ? &headers
                           : name == "Signature"     ? &claim.signature
                                                     : nullptr;
        if (into == nullptr || !into->empty())
            return refused(AuthFault::incomplete,
                           "Authorization header requires Credential, SignedHeaders and "
                           "Signature, each once.");
        *into = part;
    }
    if (credential.empty())
        return lacks("Credential");
    if (headers.empty())
        return lacks("SignedHeaders");
    if (claim.signature.empty())
        return lacks("Signature");
    if (std::ranges::count(credential, '/') != 4)
        return refused(AuthFault::incomplete,
                       "Credential must have exactly 5 slash-delimited elements, like "
                       "keyid/date/region/service/aws4_request.");
    claim.key_id = take_until(credential, '/');
    claim.scope = credential;
    claim.day = take_until(credential, '/');
    claim.region = take_until(credential, '/');
    claim.service = take_until(credential, '/');
    if (claim.key_id.empty() || claim.region.empty() || credential != scope_end)
        return refused(AuthFault::incomplete, "Credential must end in /aws4_request.");
    while (!headers.empty() && claim.signed_headers.size() < signed_headers_max)
        claim.signed_headers.push_back(take_until(headers, ';'));
    return headers.empty() ? Result<void, AuthRefusal>()
                           : refused(AuthFault::incomplete, "Too many headers are signed.");
}

bool is_signed(Claim const& claim, std::string_view name) {
    return std::ranges::find(claim.signed_headers, name) != claim.signed_headers.end();
}

/// What must be signed, is, and what is said to be signed came.
Result<void, AuthRefusal> check_signed_headers(Request const& request, Claim const& claim) {
    for (std::string_view const name : {"host", "x-amz-date"})
        if (!is_signed(claim, name))
            return refused(AuthFault::incomplete,
                           fmt::format("'{}' must be a signed header.", name));
    if (!request.header("x-amz-target").empty() && !is_signed(claim, "x-amz-target"))
        return refused(AuthFault::incomplete, "'x-amz-target' must be a signed header.");
    bool const is_sorted = std::ranges::adjacent_find(claim.signed_headers, std::greater_equal{}) ==
                           claim.signed_headers.end();
    if (!is_sorted)
        return refused(AuthFault::incomplete, "SignedHeaders must be sorted, each name once.");
    for (auto const name : claim.signed_headers)
        if (std::ranges::find(request.headers, name, &services::Header::name) ==
            request.headers.end())
            return refused(AuthFault::incomplete,
                           fmt::format("The signed header '{}' did not come.", name));
    return {};
}

Result<void, AuthRefusal> check_time(Claim const& claim, Instant now) {
    if (claim.day != claim.date.substr(0, 8))
        return refused(AuthFault::scope_wrong, "Date in Credential scope does not match YYYYMMDD "
                                               "from ISO-8601 version of date from HTTP.");
    if (now - claim.at > age_max)
        return refused(AuthFault::expired,
                       fmt::format("Signature expired: {} is now earlier than {} ({} - 5 min.)",
                                   claim.date, date_text(now - age_max), date_text(now)));
    if (claim.at - now > age_max)
        return refused(AuthFault::in_the_future,
                       fmt::format("Signature not yet current: {} is still later than {} ({} + 5 "
                                   "min.)",
                                   claim.date, date_text(now + age_max), date_text(now)));
    return {};
}

bool is_unreserved(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '~';
}

void append_encoded(std::string& out, char c) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    if (is_unreserved(c)) {
        out += c;
        return;
    }
    auto const byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

/// All services but S3 encode the path once more than it came.
std::string canonical_path(std::string_view path) {
    std::string out;
    for (char const c : path)
        if (c == '/')
            out += c;
        else
            append_encoded(out, c);
    return out;
}

int digit_of(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 0x20) - 'a' + 10;
}

/// Decoded and encoded again, so that every spelling of a text is the same.
/// Requires: each `%` stands before two hexadecimal digits, which the edge has seen to.
std::string one_spelling(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            append_encoded(out,
                           static_cast<char>(digit_of(text[i + 1]) * 16 + digit_of(text[i + 2])));
            i += 2;
        } else {
            append_encoded(out, text[i]);
        }
    }
    return out;
}

std::string canonical_query(std::string_view query) {
    std::vector<std::pair<std::string, std::string>> parts;
    while (!query.empty()) {
        auto part = take_until(query, '&');
        if (part.empty())
            continue;
        auto const name = take_until(part, '=');
        parts.emplace_back(one_spelling(name), one_spelling(part));
    }
    std::ranges::sort(parts);
    std::string out;
    for (auto const& [name, value] : parts)
        out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
    return out;
}

/// Runs of space within become one.
void append_folded(std::string& out, std::string_view value) {
    bool was_space = false;
    for (char const c : trimmed(value)) {
        bool const is_space = c == ' ' || c == '\t';
        if (!is_space)
            out += c;
        else if (!was_space)
            out += ' ';
        was_space = is_space;
    }
}

void append_header(std::string& out, Request const& request, std::string_view name) {
    out.append(name).append(":");
    bool is_first = true;
    for (auto const& header : request.headers) {
        if (header.name != name)
            continue;
        if (!is_first)
            out += ',';
        append_folded(out, header.value);
        is_first = false;
    }
    out += '\n';
}

} // namespace

Result<Claim, AuthRefusal> read_claim(Request const& request, Instant now) {
    auto parts = request.header("authorization");
    if (parts.empty()) {
        bool const is_presigned = request.query.find("X-Amz-Signature=") != std::string_view::npos;
        return is_presigned
                   ? refused(AuthFault::presigned, "Presigned requests are not taken here.")
                   : refused(AuthFault::token_missing, "Request is missing Authentication Token");
    }
    if (take_until(parts, ' ') != algorithm)
        return refused(AuthFault::incomplete,
                       fmt::format("The only signing algorithm is {}.", algorithm));
    auto const stated = request.header("x-amz-content-sha256");
    if (stated == "UNSIGNED-PAYLOAD" || stated.starts_with("STREAMING-"))
        return refused(AuthFault::payload_unhashed, "The body must be part of the signature.");
    Claim claim;
    KONTOR_TRY(read_parts(parts, claim));
    bool const is_hex =
        claim.signature.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (claim.signature.size() != signature_digits || !is_hex)
        return refused(AuthFault::incomplete, "Signature must be 64 hexadecimal digits.");
    claim.date = request.header("x-amz-date");
    auto const at = parse_date(claim.date);
    if (!at)
        return refused(AuthFault::incomplete, "Authorization header requires existence of an "
                                              "'X-Amz-Date' header like 20261126T210500Z.");
    claim.at = *at;
    KONTOR_TRY(check_signed_headers(request, claim));
    KONTOR_TRY(check_time(claim, now));
    return claim;
}

std::string canonical_request(Request const& request, Claim const& claim) {
    std::string text(services::name_of(request.method));
    text.append("\n").append(canonical_path(request.path));
    text.append("\n").append(canonical_query(request.query)).append("\n");
    for (auto const name : claim.signed_headers)
        append_header(text, request, name);
    text += '\n';
    for (auto const name : claim.signed_headers)
        text.append(name == claim.signed_headers.front() ? "" : ";").append(name);
    text.append("\n").append(hex(sha256(request.body)));
    return text;
}

std::string expected_signature(Request const& request, Claim const& claim,
                               std::string_view secret) {
    auto const hashed = hex(sha256(canonical_request(request, claim)));
    auto const text = fmt::format("{}\n{}\n{}\n{}", algorithm, claim.date, claim.scope, hashed);
    auto key = hmac_sha256(fmt::format("AWS4{}", secret), claim.day);
    for (auto const part : {claim.region, claim.service, scope_end})
        key = hmac_sha256(as_text(key), part);
    return hex(hmac_sha256(as_text(key), text));
}

Result<void, AuthRefusal> verify(Request const& request, Claim const& claim,
                                 std::string_view secret) {
    if (!equal_in_constant_time(expected_signature(request, claim, secret), claim.signature))
        return refused(AuthFault::does_not_match,
                       "The request signature we calculated does not match the signature you "
                       "provided. Check your AWS Secret Access Key and signing method.");
    return {};
}

} // namespace kontor::aws_wire
