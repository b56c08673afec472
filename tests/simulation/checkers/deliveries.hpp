#pragma once

/// I4 for what a partner delivers by the bus: what was accepted is on the shelf once, however often
/// its message came, and nothing that nobody delivered is. What an operator took out of the dead
/// letters need not be there.
///
/// Knows a delivery by its reference, which is its own.   Source: RELIABILITY section 3.

#include "tests/simulation/checkers/history.hpp"

#include <map>
#include <set>
#include <string>

namespace kontor::simulation {

class DeliveriesChecker {
public:
    explicit DeliveriesChecker(Verdict& verdict) : verdict_(verdict) {}

    /// A partner puts it; whether it arrives is open until the shop says so.
    void put(std::string const& reference, std::int64_t units) { units_[reference] = units; }
    /// The shop said that it has it.
    void accepted(std::string const& reference) { must_come_.insert(reference); }
    /// An operator took its dead letter out.
    void taken_out(std::string const& reference) { must_come_.erase(reference); }
    void see(Fact const& fact);
    void at_rest();

    std::uint64_t booked() const { return booked_.size(); }

private:
    Verdict& verdict_;
    std::map<std::string, std::int64_t> units_;
    std::set<std::string> must_come_;
    std::set<std::string> booked_;
};

} // namespace kontor::simulation
