#pragma once

/// What one call over the library is made of, shared by whoever makes one after the other and
/// whoever makes many at once.   Thread: one.

#include "adapters/curl/http_client.hpp"

#include <curl/curl.h>

namespace kontor::curl {

struct ListEnd {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListEnd>;
HeaderList headers_of(HttpCall const& call);

/// What comes in while a call is under way.
struct Incoming {
    CURL* handle;
    HttpAnswer answer{};
    std::function<bool(std::string_view)> const* seen{nullptr};
    HttpCall const* call{nullptr};                 ///< since it was prepared
    std::optional<reach::NetAddress> not_called{}; ///< where it led and may not go
    std::size_t header_bytes{0};
    bool is_too_long{false};
    bool is_enough{false};
};

/// Options of an earlier call go, the connection stays. All that is given lives until the call has
/// ended; when that is over, the caller says.
void prepare(CURL* handle, HttpCall const& call, HeaderList const& headers, Incoming& incoming);

/// What came of a call that has ended.
/// Errors: as HttpClient::send.
Result<HttpAnswer> answer_of(CURLcode code, HttpCall const& call, Incoming& incoming);

/// Once for the process.   False: the library cannot be used.
bool is_library_ready();

} // namespace kontor::curl
