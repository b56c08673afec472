#pragma once

/// I3, termination: every order ends once, and at rest nothing of it is under way.
/// I15, time: nothing that has a deadline ends before it, whatever the clock did.

#include "tests/simulation/checkers/history.hpp"

#include <map>

namespace kontor::simulation {

class EndingsChecker {
public:
    explicit EndingsChecker(Verdict& verdict) : verdict_(verdict) {}
    void see(Fact const& fact);
    void at_rest();

    std::size_t orders() const { return orders_.size(); }
    std::size_t completed() const { return completed_; }
    /// Orders whose process has not come to rest.
    std::size_t open() const;

private:
    struct Fate {
        int endings{0};
        Instant pay_by{};
        std::optional<checkout::Phase> phase{};
    };
    struct Hold {
        OrderId order{};
        Instant expires_at{};
        bool has_ended{false};
        bool is_confirmed{false};
    };
    void see_order(Fact const& fact, order::Event const& event);
    void see_hold(Fact const& fact, reservation::Event const& event);
    void see_parcel(FulfilmentId id, fulfilment::Event const& event);

    Verdict& verdict_;
    std::map<OrderId, Fate> orders_;
    std::map<ReservationId, Hold> holds_;
    std::map<FulfilmentId, bool> parcels_; ///< whether it has ended
    std::size_t completed_{0};
};

} // namespace kontor::simulation
