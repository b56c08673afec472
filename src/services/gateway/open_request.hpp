#pragma once

/// Gateway::Open: one request on its way through the gateway, from its start to its answer. Whoever
/// is not of the gateway itself has no use for it.   Thread: the edge's.

#include "services/gateway/gateway.hpp"

namespace kontor::services::gateway {

struct Gateway::Open {
    Ticket ticket;
    Request request;
    Duration started{};
    Asked asked{};
    std::vector<Write> writes{};
    std::vector<Result<Reply, Trouble>> replies{}; ///< one for each write
    std::size_t unanswered{0};
    bool is_batch{false};
    decltype(Writes::finish) finish{}; ///< of a batch that has an answer of its own
    bool is_done{false};
    bool is_keyed{false};
    bool is_remembered{false}; ///< the desk keeps what came of it: a repetition gets the same bytes
    std::optional<Seen> unsettled{}; ///< what was written and may still settle
    std::optional<Seen> replayed{};  ///< what was written when the key came first
    StreamId settled_by{};           ///< whose fact has settled it
    Later later{};                   ///< what its answer hangs on
    bool is_stale{false};            ///< its rows do not follow the log now
    ports::Position position{};
    ports::Position newest{}; ///< where the log stood when the rows were first asked for
    Duration wait_until{};
    RatePolicy const* rate_policy{nullptr}; ///< none: no limit holds for this caller
    resilience::RateVerdict rate{};
};

} // namespace kontor::services::gateway
