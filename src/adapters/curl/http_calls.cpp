#include "adapters/curl/http_calls.hpp"

#include "adapters/curl/transfer.hpp"
#include "base/assert.hpp"

#include <algorithm>

namespace kontor::curl {
namespace {

/// Handles that wait to be used again, each with what it has learned of the other side.
constexpr std::size_t rested_max = 64;

struct EasyEnd {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiEnd {
    void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
using Easy = std::unique_ptr<CURL, EasyEnd>;

} // namespace

/// One call under way. It does not move: the library points into it.
struct HttpCalls::Flight {
    Easy easy;
    std::uint64_t ticket;
    HttpCall call;
    Duration until;
    HeaderList headers{};
    Incoming incoming{nullptr};
};

struct HttpCalls::Flights {
    Flights(Clock& clock_given, std::size_t most, CURLM* multi_given)
        : clock(clock_given), at_once_max(most), multi(multi_given) {}

    /// Those under way end before their library does.
    ~Flights() {
        for (auto& flight : under_way)
            curl_multi_remove_handle(multi.get(), flight->easy.get());
    }

    /// Takes a call out.   Requires: it is under way.
    void end(Flight& flight, Result<HttpAnswer> answer, std::vector<Ended>& ended) {
        curl_multi_remove_handle(multi.get(), flight.easy.get());
        ended.push_back({flight.ticket, std::move(answer)});
        if (rested.size() < rested_max)
            rested.push_back(std::move(flight.easy));
        std::erase_if(under_way, [&](auto const& each) { return each.get() == &flight; });
    }

    void take_what_is_done(std::vector<Ended>& ended) {
        int left = 0;
        while (auto const* const message = ::curl_multi_info_read(multi.get(), &left)) {
            if (message->msg != CURLMSG_DONE)
                continue;
            auto const found = std::ranges::find(under_way, message->easy_handle,
                                                 [](auto const& each) { return each->easy.get(); });
            KONTOR_ASSERT(found != under_way.end(), "the library ends a call that nobody made");
            auto& flight = **found;
            end(flight, answer_of(message->data.result, flight.call, flight.incoming), ended);
        }
    }

    void give_up_what_is_late(std::vector<Ended>& ended) {
        auto const now = clock.monotonic();
        for (;;) {
            auto const late = std::ranges::find_if(
                under_way, [&](auto const& each) { return each->until <= now; });
            if (late == under_way.end())
                return;
            end(**late,
                unexpected(
                    Failure{FailureKind::timed_out, "no answer came in time", (*late)->call.url}),
                ended);
        }
    }

    Clock& clock;
    std::size_t at_once_max;
    std::unique_ptr<CURLM, MultiEnd> multi;
    std::vector<Easy> rested{};
    std::vector<std::unique_ptr<Flight>> under_way{};
    std::vector<std::uint64_t> unmade{}; ///< the library gave no handle for them
};

HttpCalls::HttpCalls(std::unique_ptr<Flights> flights) : flights_(std::move(flights)) {}
HttpCalls::~HttpCalls() = default;

Result<std::unique_ptr<HttpCalls>> HttpCalls::open(Clock& clock, std::size_t at_once_max) {
    auto* const multi = is_library_ready() ? curl_multi_init() : nullptr;
    if (multi == nullptr)
        return unexpected(Failure{FailureKind::unavailable, "libcurl cannot be used"});
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(at_once_max));
    return std::unique_ptr<HttpCalls>(
        new HttpCalls(std::make_unique<Flights>(clock, at_once_max, multi)));
}

bool HttpCalls::has_room() const {
    return under_way() < flights_->at_once_max;
}

std::size_t HttpCalls::under_way() const {
    return flights_->under_way.size() + flights_->unmade.size();
}

void HttpCalls::start(std::uint64_t ticket, HttpCall call) {
    KONTOR_ASSERT(has_room(), "more than {} calls at once", flights_->at_once_max);
    auto& rested = flights_->rested;
    Easy easy(rested.empty() ? curl_easy_init() : rested.back().release());
    if (!rested.empty())
        rested.pop_back();
    if (!easy) {
        flights_->unmade.push_back(ticket);
        return;
    }
    auto const until = flights_->clock.monotonic() + call.within;
    auto& flight = *flights_->under_way.emplace_back(
        std::make_unique<Flight>(Flight{std::move(easy), ticket, std::move(call), until}));
    flight.headers = headers_of(flight.call);
    flight.incoming.handle = flight.easy.get();
    prepare(flight.easy.get(), flight.call, flight.headers, flight.incoming);
    curl_multi_add_handle(flights_->multi.get(), flight.easy.get());
}

void HttpCalls::collect(std::vector<Ended>& ended) {
    for (auto const ticket : flights_->unmade)
        ended.push_back(
            {ticket, unexpected(Failure{FailureKind::unavailable, "libcurl gives no handle"})});
    flights_->unmade.clear();
    if (flights_->under_way.empty())
        return;
    int running = 0;
    curl_multi_perform(flights_->multi.get(), &running);
    flights_->take_what_is_done(ended);
    flights_->give_up_what_is_late(ended);
}

} // namespace kontor::curl
