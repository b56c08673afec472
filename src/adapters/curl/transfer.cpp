#include "adapters/curl/transfer.hpp"

#include <algorithm>

namespace kontor::curl {
namespace {

/// An answer of more than this is not ours.
constexpr std::size_t answer_bytes_max = std::size_t{64} << 20;

/// How long somebody may take to take up a connection, in milliseconds.
constexpr long connect_ms = 5'000;

std::size_t take_header(char* bytes, std::size_t, std::size_t count, void* to) {
    auto& answer = static_cast<Incoming*>(to)->answer;
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
    incoming.is_too_long = incoming.answer.body.size() + count > answer_bytes_max;
    if (incoming.is_too_long)
        return 0;
    incoming.answer.body.append(bytes, count);
    return count;
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
    curl_easy_setopt(handle, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
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
    if (code != CURLE_OK && !incoming.is_enough)
        return unexpected(failure_of(code, call.url));
    return std::move(incoming.answer);
}

bool is_library_ready() {
    static bool const is_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return is_ready;
}

} // namespace kontor::curl
