#pragma once

/// HttpClient: who asks somebody else over HTTP, one call after the other, on a connection that is
/// kept. Redirects are not followed and proxies not asked: a call goes where it says. One that is
/// made for others goes only where their calls may go.
/// Thread: one.

#include "base/instant.hpp"
#include "base/result.hpp"
#include "platform/reach/net_address.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kontor::curl {

struct HttpCall {
    std::string method{"GET"};
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    Duration within{Duration::seconds(10)}; ///< until the last byte
    /// Present: somebody else said where it goes. Each connection is judged by the very address
    /// that it is opened to, so what the name led to before or leads to later makes no difference;
    /// http goes to this machine alone. None: we say it.
    std::optional<reach::Reach> reach{};
    /// Of the answer's body. Of a call that is made for others the rest is left unread; else an
    /// answer with more is no answer.
    std::size_t answer_bytes_max{std::size_t{64} << 20};
};

struct HttpAnswer {
    std::uint16_t status{0};
    std::vector<std::pair<std::string, std::string>> headers{}; ///< names in lower case
    std::string body{};

    /// The first header of this name, in lower case; empty: there is none.
    std::string_view header(std::string_view name) const {
        for (auto const& [each, value] : headers)
            if (each == name)
                return value;
        return {};
    }
};

class HttpClient {
public:
    /// Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<HttpClient>> open();
    ~HttpClient();
    HttpClient(HttpClient const&) = delete;
    HttpClient& operator=(HttpClient const&) = delete;

    /// Errors: unavailable (no connection, or it broke before the answer was whole), timed_out,
    ///         invalid (no such address; it may not be called; or more than the answer may hold).
    /// Retry:  a write that was cut off may have happened.
    Result<HttpAnswer> send(HttpCall const& call);

    /// Shows the bytes of an answer as they come, until the other side ends it or `seen` says
    /// false. The answer that is returned has no body, unless its status is no success.
    /// Errors: as send; `within` counts until the head of the answer alone.
    Result<HttpAnswer> follow(HttpCall const& call, std::function<bool(std::string_view)> seen);

private:
    HttpClient() = default;
    struct Handle;
    std::unique_ptr<Handle> handle_;
};

} // namespace kontor::curl
