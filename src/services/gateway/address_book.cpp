#include "services/gateway/address_book.hpp"

namespace kontor::services::gateway {

Result<std::vector<CustomerId>> AddressBook::may_have(std::string_view address) {
    KONTOR_TRY(auto const mark, keys_.mark_of(address));
    KONTOR_TRY(auto const persons, keys_.owners_of(mark, ports::Limit(holders_max)));
    std::vector<CustomerId> customers;
    for (auto const& person : persons)
        customers.emplace_back(person);
    return customers;
}

Result<std::optional<AddressBook::Claim>> AddressBook::claimed(std::string_view address) {
    drop_old();
    KONTOR_TRY(auto const mark, keys_.mark_of(address));
    auto const found = claims_.find(mark);
    return found == claims_.end() ? std::optional<Claim>() : found->second.claim;
}

Result<void> AddressBook::claim(std::string_view address, Claim const& claim) {
    KONTOR_TRY(auto const mark, keys_.mark_of(address));
    auto const until = clock_.monotonic() + claim_lives;
    claims_.insert_or_assign(mark, Kept{claim, until});
    oldest_.emplace_back(mark, until);
    drop_old();
    return {};
}

/// One that was claimed anew meanwhile stays until its own end.
void AddressBook::drop_old() {
    auto const now = clock_.monotonic();
    while (!oldest_.empty() && (oldest_.front().second <= now || oldest_.size() > claims_max)) {
        auto const found = claims_.find(oldest_.front().first);
        if (found != claims_.end() && found->second.until <= oldest_.front().second)
            claims_.erase(found);
        oldest_.pop_front();
    }
}

} // namespace kontor::services::gateway
