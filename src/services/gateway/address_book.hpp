#pragma once

/// AddressBook: who has which e-mail address. Addresses are sealed; what is searched are their
/// marks, which the keeper of keys writes down behind the log. What a moment ago was asked for and
/// is not written down yet is remembered here, so that of two who come at once one is refused.
/// Thread: the edge's.
///
/// Invariants: 1. It only says who may have an address: whoever asks looks at the customer.
///             2. At most `claims_max` are remembered; at the limit the oldest goes.

#include "base/clock.hpp"
#include "domain/values/ids.hpp"
#include "platform/sealing/person_keys.hpp"

#include <deque>
#include <map>

namespace kontor::services::gateway {

class AddressBook {
public:
    static constexpr std::size_t claims_max = 16'384;
    /// Longer than the keeper may be behind while the shop is ready.
    static constexpr Duration claim_lives = Duration::seconds(10);
    /// Customers that are looked at for one address.
    static constexpr std::size_t holders_max = 50;

    /// Who asked for an address a moment ago, by which command. One whose command was refused keeps
    /// others from the address until it is forgotten.
    struct Claim {
        CustomerId customer;
        CommandId command;
    };

    /// Both outlive it.
    AddressBook(sealing::PersonKeys& keys, Clock& clock) : keys_(keys), clock_(clock) {}

    /// Errors: full, unavailable, corrupt, broken.
    Result<std::vector<CustomerId>> may_have(std::string_view address);

    /// Empty: nobody did.   Errors: as may_have.
    Result<std::optional<Claim>> claimed(std::string_view address);
    /// Errors: as may_have.
    Result<void> claim(std::string_view address, Claim const& claim);

private:
    struct Kept {
        Claim claim;
        Duration until;
    };
    void drop_old();

    sealing::PersonKeys& keys_;
    Clock& clock_;
    std::map<ports::AddressMark, Kept> claims_;
    std::deque<std::pair<ports::AddressMark, Duration>> oldest_; ///< with their ends
};

} // namespace kontor::services::gateway
