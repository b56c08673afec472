#include "adapters/curl/http_client.hpp"

#include "adapters/curl/transfer.hpp"

namespace kontor::curl {

struct HttpClient::Handle {
    CURL* curl;
};

Result<std::unique_ptr<HttpClient>> HttpClient::open() {
    auto* const curl = is_library_ready() ? curl_easy_init() : nullptr;
    if (curl == nullptr)
        return unexpected(Failure{FailureKind::unavailable, "libcurl cannot be used"});
    std::unique_ptr<HttpClient> client(new HttpClient);
    client->handle_ = std::make_unique<Handle>(Handle{curl});
    return client;
}

HttpClient::~HttpClient() {
    if (handle_)
        curl_easy_cleanup(handle_->curl);
}

Result<HttpAnswer> HttpClient::send(HttpCall const& call) {
    auto const headers = headers_of(call);
    Incoming incoming{handle_->curl};
    prepare(handle_->curl, call, headers, incoming);
    curl_easy_setopt(handle_->curl, CURLOPT_TIMEOUT_MS,
                     static_cast<long>(call.within.in_microseconds() / 1'000));
    return answer_of(curl_easy_perform(handle_->curl), call, incoming);
}

Result<HttpAnswer> HttpClient::follow(HttpCall const& call,
                                      std::function<bool(std::string_view)> seen) {
    auto const headers = headers_of(call);
    Incoming incoming{handle_->curl};
    incoming.seen = &seen;
    prepare(handle_->curl, call, headers, incoming);
    return answer_of(curl_easy_perform(handle_->curl), call, incoming);
}

} // namespace kontor::curl
