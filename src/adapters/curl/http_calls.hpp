#pragma once

/// HttpCalls: many calls to others at once, without waiting for any. They are started, and go a
/// step on whenever somebody collects; each ends once, in an answer or in a Failure.
/// Thread: one.

#include "adapters/curl/http_client.hpp"
#include "base/clock.hpp"

#include <cstddef>

namespace kontor::curl {

class HttpCalls {
public:
    /// A call that has ended; `ticket` is its caller's number.
    struct Ended {
        std::uint64_t ticket;
        Result<HttpAnswer> answer;
    };

    /// The clock says when the time of a call is over, and outlives this.
    /// Errors: unavailable (the library cannot be used).
    static Result<std::unique_ptr<HttpCalls>> open(Clock& clock, std::size_t at_once_max);
    ~HttpCalls();
    HttpCalls(HttpCalls const&) = delete;
    HttpCalls& operator=(HttpCalls const&) = delete;

    /// Whether one more may be started: so many calls are under way and not more.
    bool has_room() const;
    std::size_t under_way() const;

    /// Requires: has_room().
    void start(std::uint64_t ticket, HttpCall call);

    /// Moves bytes without waiting, and appends what has ended: answers; or unavailable, timed_out,
    /// invalid, as HttpClient::send has them.
    /// Retry: a write that was cut off may have happened.
    void collect(std::vector<Ended>& ended);

private:
    struct Flight;
    struct Flights;
    explicit HttpCalls(std::unique_ptr<Flights> flights);
    std::unique_ptr<Flights> flights_;
};

} // namespace kontor::curl
