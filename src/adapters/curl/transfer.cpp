#include "adapters/curl/transfer.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>

namespace kontor::curl {
namespace {

/// An answer whose head has more than this is no answer.
constexpr std::size_t header_bytes_max = std::size_t{64} << 10;

/// How long somebody may take to take up a connection, in milliseconds.
constexpr long connect_ms = 5'000;

/// Empty: of no family that is called.
std::optional<reach::NetAddress> address_in(curl_sockaddr const& socket) {
    reach::NetAddress address;
    if (socket.family == AF_INET && socket.addrlen >= sizeof(sockaddr_in)) {
        sockaddr_in version_4{};
        std::memcpy(&version_4, &socket.addr, sizeof version_4);
        std::memcpy(address.bytes.data(), &version_4.sin_addr, sizeof version_4.sin_addr);
        return address;
    }
    if (socket.family == AF_INET6 && socket.addrlen >= sizeof(sockaddr_in6)) {
        sockaddr_in6 version_6{};
        std::memcpy(&version_6, &socket.addr, sizeof version_6);
        std::memcpy(address.bytes.data(), &version_6.sin6_addr, sizeof version_6.sin6_addr);
        address.is_version_6 = true;
        return address;
    }
    return std::nullopt;
}

bool is_secure(HttpCall const& call) {
    constexpr std::string_view scheme = "https:";
    return curl_strnequal(call.url.c_str(), scheme.data(), scheme.size()) != 0;
}

/// The library resolves a name once for a connection and asks here for a socket to each address
/// that it found, just before it connects to that one.
curl_socket_t open_where_calls_may_go(void* to, curlsocktype, curl_sockaddr* socket) {
    auto& incoming = *static_cast<Incoming*>(to);
    auto const& call = *incoming.call;
    auto const address = address_in(*socket);
    bool const may_go = address && reach::may_be_called(*address, *call.reach) &&
                        (is_secure(call) || reach::region_of(*address) == reach::Region::loopback);
    if (!may_go) {
        incoming.not_called = address.value_or(reach::NetAddress{});
        return CURL_SOCKET_BAD;
    }
    return ::socket(socket->family, socket->socktype | SOCK_CLOEXEC, socket->protocol);
}

void keep_within_reach(CURL* handle, HttpCall const& call, Incoming& incoming) {
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_where_calls_may_go);
    curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR,
                     *call.reach == reach::Reach::open_only ? "https" : "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
    // Who gives up waits for no resolver: a name that nobody answers for would hold up all others.
    curl_easy_setopt(handle, CURLOPT_QUICK_EXIT, 1L);
}

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& incoming = *static_cast<Incoming*>(to);
    auto& answer = incoming.answer;
    incoming.header_bytes += count;
    incoming.is_too_long = incoming.header_bytes > header_bytes_max;
    if (incoming.is_too_long)
        return 0;
    std::string_view line(bytes, count);
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    auto const colon = line.find(':');
    if (line.starts_with("HTTP/")) {
        answer.headers.clear(); // of an answer in between
    } else if (colon != std::string_view::npos) {
        std::string name(line.substr(0, colon));
        std::ranges::transform(name, name.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        });
        auto value = line.substr(colon + 1);
        while (value.starts_with(' '))
            value.remove_prefix(1);
        answer.headers.emplace_back(std::move(name), value);
    }
    return count;
}

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& incoming = *static_cast<Incoming*>(to);
    long status = 0;
    curl_easy_getinfo(incoming.handle, CURLINFO_RESPONSE_CODE, &status);
    if (incoming.seen != nullptr && status >= 200 && status < 300) {
        incoming.is_enough = !(*incoming.seen)({bytes, count});
        return incoming.is_enough ? 0 : count;
    }
    auto const room = incoming.call->answer_bytes_max - incoming.answer.body.size();
    bool const has_more = count > room;
    incoming.is_enough = has_more && incoming.call->reach.has_value();
    incoming.is_too_long = has_more && !incoming.is_enough;
    if (incoming.is_too_long)
        return 0;
    incoming.answer.body.append(bytes, std::min(count, room));
    return has_more ? 0 : count;
}

Failure failure_of(CURLcode code, std::string const& url) {
    auto const kind = code == CURLE_OPERATION_TIMEDOUT ? FailureKind::timed_out
                      : code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL
                          ? FailureKind::invalid
                          : FailureKind::unavailable;
    return {kind, curl_easy_strerror(code), url};
}

} // namespace

HeaderList headers_of(HttpCall const& call) {
    curl_slist* list = nullptr;
    for (auto const& [name, value] : call.headers)
        list = curl_slist_append(list, (name + ": " + value).c_str());
    list = curl_slist_append(list, "Expect:"); // nobody here waits for leave to send a body
    return HeaderList(list);
}

void prepare(CURL* handle, HttpCall const& call, HeaderList const& headers, Incoming& incoming) {
    curl_easy_reset(handle); // options go, the connection stays
    incoming.call = &call;
    curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    if (call.reach)
        keep_within_reach(handle, call, incoming);
    curl_easy_setopt(handle, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &incoming);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &incoming);
    if (call.method == "HEAD")
        curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
    if (!call.body.empty()) {
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, call.body.data());
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE,
                         static_cast<curl_off_t>(call.body.size()));
    }
}

Result<HttpAnswer> answer_of(CURLcode code, HttpCall const& call, Incoming& incoming) {
    long status = 0;
    curl_easy_getinfo(incoming.handle, CURLINFO_RESPONSE_CODE, &status);
    incoming.answer.status = static_cast<std::uint16_t>(status);
    if (incoming.is_too_long)
        return unexpected(Failure{FailureKind::invalid, "the answer is too long", call.url});
    if (incoming.not_called && code != CURLE_OK && status == 0)
        return unexpected(Failure{FailureKind::invalid,
                                  "it leads to " + to_string(*incoming.not_called) + ", which is " +
                                      std::string(name_of(region_of(*incoming.not_called))) +
                                      " and not called for others",
                                  call.url});
    if (code != CURLE_OK && !incoming.is_enough)
        return unexpected(failure_of(code, call.url));
    return std::move(incoming.answer);
}

bool is_library_ready() {
    static bool const is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return is_ready;
}

} // namespace kontor::curl
