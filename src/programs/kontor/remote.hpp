#pragma once

/// Remote: a server that the command line asks over HTTP: the one that is named, or the one that
/// has this data directory open.   Thread: one.

#include "adapters/curl/http_client.hpp"
#include "programs/kontor/program.hpp"

#include <boost/json/value.hpp>

namespace kontor::programs {

/// What the server answered with success.
struct RemoteAnswer {
    boost::json::value body{};
    bool was_replayed{false};
};

struct RemoteCall {
    std::string method{"GET"};
    std::string path; ///< with its query
    std::optional<boost::json::object> body{};
    std::optional<std::string> text{}; ///< instead of a body, of this type
    std::string type{"text/csv"};
    std::string key{}; ///< of idempotency
    std::string if_match{};
    std::string prefer{};
    std::string reason{};                   ///< of a call without a body
    Duration within{Duration::seconds(10)}; ///< until the last byte
};

/// A member of an answer as text; empty: it is not there.
std::string text_in(boost::json::object const& object, std::string_view name);

/// A value as it stands in the query of an address.   Source: RFC 3986 section 2.1.
std::string encoded(std::string_view text);

/// What a server refused, under the row that its problem names: what is wrong, once, and what to
/// do.
Trouble refused_by(curl::HttpAnswer const& answer, std::string const& place);

class Remote {
public:
    /// Empty: none is named, and nobody has the directory open.
    /// Errors: unavailable (the client cannot be had).
    static Result<std::optional<Remote>, Trouble> find(Program const& program);

    /// The server, for commands that need one.   Errors: unavailable (no_server).
    static Result<Remote, Trouble> reach(Program const& program);

    /// Errors: what the server's problem says under its own row; unavailable, timed_out.
    Result<RemoteAnswer, Trouble> send(RemoteCall const& call);
    Result<boost::json::value, Trouble> get(std::string const& path);

    /// The answer as it came, whatever it is made of.   Errors: as send.
    Result<curl::HttpAnswer, Trouble> answered(RemoteCall const& call);

    /// The rows of one answer, asked for again where the server has no time.   Errors: as send.
    Result<std::vector<boost::json::object>, Trouble> rows(std::string const& path,
                                                           Duration within = Duration::seconds(10));

    /// All pages of a list or of a part of the log, up to `limit` rows, each to `take(rows)`; no
    /// more where nobody takes the answer any more. True: there is more than that.
    /// Errors:   as send.
    Result<bool, Trouble> pages(std::string const& path, std::size_t limit,
                                std::function<void(std::vector<boost::json::object>)> const& take);

    /// The rows of all these pages.   Errors: as send.
    Result<std::vector<boost::json::object>, Trouble> list(std::string const& path,
                                                           std::size_t limit);

    /// All pages of a table, one behind the other, to `take(csv)`.   Errors: as send.
    Result<void, Trouble> table(std::string path,
                                std::function<void(std::string_view)> const& take);

    std::string const& url() const { return url_; }
    std::string const& token() const { return token_; }

private:
    Result<boost::json::value, Trouble> page(std::string const& path,
                                             Duration within = Duration::seconds(10));

    std::string url_;
    std::string token_;
    std::unique_ptr<curl::HttpClient> client_;
};

/// A key for a write that has none.
std::string fresh_key();

} // namespace kontor::programs
