#pragma once

/// FactStream: facts as they become durable, as server-sent events. A client is a cursor on the log
/// and no buffer: whoever falls too far behind gets a gap, and reads what it missed page by page.
/// Thread: the edge's.   Source: WHATWG HTML, server-sent events; INTERFACES section 4, Live.
///
/// Invariant: ids are positions and ascend; what is not durable, or not the caller's, never shows.

#include "services/gateway/fact_answers.hpp"
#include "services/gateway/fact_pattern.hpp"

#include <boost/unordered/unordered_flat_map.hpp>

namespace kontor::services::gateway {

class FactStream final : public ReplyStream {
public:
    /// Events between the cursor and the end of the log; beyond it the client gets a gap.
    static constexpr std::uint64_t behind_max = 4096;
    static constexpr Duration quiet_max = Duration::seconds(15);
    /// Orders whose owner is remembered; at the limit all are forgotten.
    static constexpr std::size_t owners_max = 10'000;

    struct Wanted {
        ports::Position after{};
        std::optional<std::string> type{};
        std::optional<StreamId> stream{};
        std::shared_ptr<FactPattern> pattern{}; ///< null: all
        bool sees_internal{false};
        FactView view{};
        std::optional<CustomerId> customer{}; ///< present: only facts of this customer's orders
    };

    FactStream(ports::EventStore& log, Clock& clock, Wanted wanted)
        : log_(log), clock_(clock), wanted_(std::move(wanted)) {}

    std::optional<std::string> next(std::size_t bytes_max) override;
    std::string farewell() override;

private:
    Result<bool> is_wanted(ports::RecordedEvent const& event, ports::RecordedCommit const& commit);
    Result<bool> is_own(OrderId order);
    Result<void> read_on(std::string& out, std::size_t bytes_max);

    ports::EventStore& log_;
    Clock& clock_;
    Wanted wanted_;
    bool has_begun_{false};
    Duration spoke_at_{};
    boost::unordered_flat_map<OrderId, bool, std::hash<OrderId>> owners_;
};

} // namespace kontor::services::gateway
