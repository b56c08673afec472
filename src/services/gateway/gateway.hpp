#pragma once

/// Gateway: the shop's API without sockets. It takes requests from the edge, answers what can be
/// read at once, hands what must be decided to the desk, and answers when that is durable.
/// Thread: one, the edge's.
///
/// Invariants: 1. Every started request is answered once, unless it is abandoned.
///             2. No answer shows a fact that is not durable.
///             3. The same key and body get the same status and bytes, also after a crash: they are
///                rendered from the records of the outcome and the log alone. Where an answer
///                waited for what came of its write, what it shows is recorded before it leaves.
///             4. What waits is bounded: `open_max` requests, each with an end.

#include "platform/resilience/rate_limit.hpp"
#include "services/gateway/asked.hpp"
#include "services/gateway/shedding.hpp"
#include "services/shop/shop.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <deque>
#include <functional>

namespace kontor::services::gateway {

/// A request that was answered, for whoever keeps a record of them. All of it lives until the call
/// returns.
struct Handled {
    Request const& request;
    Route const* route; ///< none: nothing lies there, or nobody had time for it
    Roles caller;       ///< none: the public, or nobody who is known
    std::uint16_t status;
    Duration took;
    std::string_view trace_id; ///< as its problem shows it; that of the caller has the request
    CommandId command;         ///< of a write; nil: it came to none
};

class Gateway final : public Exchange {
public:
    /// Requests that are not answered yet; at the limit new ones are refused with 503.
    static constexpr std::size_t open_max = 16'384;
    /// Callers whose rate is known; at the limit those share one quota that do not fit.
    static constexpr std::size_t rate_callers_max = 100'000;

    /// The client is the gateway's own; its wake function should wake the edge.
    Gateway(Parts parts, ShopClient& client);
    ~Gateway() override;

    void start(Ticket ticket, Request const& request) override;
    void collect(std::vector<Answered>& answers) override;
    void abandon(Ticket ticket) override;

    /// Called for each answer.   Requires: before the first request.
    void tell(std::function<void(Handled const&)> told) { told_ = std::move(told); }

    Parts& parts() { return parts_; }
    std::size_t open() const { return open_.size(); }

private:
    struct Open;
    /// One write of a request, on its way through the desk.
    struct AtDesk {
        /// What the desk was asked: to write, or what an answer showed that had waited.
        enum class Asks : std::uint8_t { write, shown };
        std::shared_ptr<Open> open;
        std::size_t number; ///< among the writes of its request
        Asks asks;
    };

    std::optional<Trouble> turned_away(Request const& request);
    void begin(std::shared_ptr<Open> const& open);
    std::optional<Trouble> too_fast(Open& open);
    Served serve(Open& open);
    Result<bool, Trouble> rows_are_there(Open& open);
    bool is_unfolded(ports::Position position) const;
    bool is_followed(Model model) const;
    Result<bool, Trouble> stock_is_there(Asked& asked);
    Result<ports::Position, Trouble> wanted_position(Open& open);
    static Result<Duration, Trouble> wait_asked(Open const& open);
    Result<bool, Trouble> may_wait(Open& open, Duration wait);
    bool try_serve(std::shared_ptr<Open> const& open);
    void hand_in(std::shared_ptr<Open> const& open, Write write);
    void hand_in_all(std::shared_ptr<Open> const& open, Writes writes);
    static Reply reply_of_all(Open const& open);
    std::optional<Trouble> submit(std::shared_ptr<Open> const& open, std::size_t number);
    void take(ShopAnswer answer);
    void do_unseen(Open& open);
    Result<Reply, Trouble> reply_of(Open& open, std::size_t number, ShopAnswer const& answer);
    Result<Reply, Trouble> first_shown(Open& open, std::size_t number, Seen const& seen);
    Result<Reply, Trouble> shown_again(Open& open, std::size_t number, Seen const& seen);
    bool ask_what_was_shown(std::shared_ptr<Open> const& open, std::size_t number,
                            ShopAnswer const& answer);
    bool ask_for_shown(std::shared_ptr<Open> const& open, std::size_t number, StreamId const& by,
                       bool is_repetition);
    void take_shown(std::shared_ptr<Open> const& open, std::size_t number,
                    ShopAnswer const& answer);
    Result<Reply, Trouble> as_shown(Open& open, std::size_t number, ShopAnswer const& answer);
    void wait_until_settled(std::shared_ptr<Open> const& open);
    bool look_for_settled(std::shared_ptr<Open> const& waiting);
    void let_go_of_key(Open const& open);
    void finish_part(std::shared_ptr<Open> const& open, std::size_t number,
                     Result<Reply, Trouble> reply);
    bool look_again(std::shared_ptr<Open> const& waiting);
    bool look_for_later(Open& open);
    static std::string shown_trace(Open const& open);
    void answer(Open& open, Result<Reply, Trouble> reply);

    Parts parts_;
    ShopClient& client_;
    resilience::RateLimiter<std::string> limits_{rate_callers_max};
    Shedder shedder_;
    codec::JsonDocument document_;
    boost::unordered_flat_map<std::uint64_t, std::shared_ptr<Open>> open_; ///< by ticket
    boost::unordered_flat_map<std::uint64_t, AtDesk> at_desk_; ///< by the ticket at the desk
    boost::unordered_flat_set<CommandId, std::hash<CommandId>> keys_in_flight_;
    std::deque<std::shared_ptr<Open>> waiting_; ///< for rows, or for what happens next
    std::vector<Answered> answered_;
    std::function<void(Handled const&)> told_{};
    std::uint64_t desk_tickets_{0};
    Duration looked_at_{};
};

} // namespace kontor::services::gateway
