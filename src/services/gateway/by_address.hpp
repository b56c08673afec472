#pragma once

/// Orders by the e-mail address of who bought them: of customers who have it now, all they bought,
/// and of guests what they bought under it. Addresses are sealed, so nothing less than a whole one
/// finds anything, and whoever was forgotten is not found.   Thread: the edge's.

#include "services/gateway/replies.hpp"

#include "services/views/queries.hpp"

#include <string_view>
#include <vector>

namespace kontor::services::gateway {

/// What a page may cost: a guest's order says in its own facts alone under which address it was
/// bought, so it is folded. Where more would have to be, the page ends before it is full and says
/// where; one with nothing on it may have a next one. Rows are looked at as for one list of orders,
/// shared by all who may have the address.
inline constexpr std::size_t guest_orders_folded_max = 100;

inline bool is_address(std::string_view text) {
    return text.find('@') != std::string_view::npos;
}

/// Customers who have this address now.
/// Errors: parameter_invalid (not a whole address), unsupported, unavailable, corrupt, broken.
Result<std::vector<CustomerId>, Trouble> customers_of_address(Parts& parts,
                                                              std::string_view address);

/// A page of what fits the filter, in this direction; it may end before it is full.
/// Errors: as customers_of_address; forbidden (the caller sees no addresses); parameter_invalid
///         (more guests have it than are looked at).
Result<views::OrderPage, Trouble> orders_of_address(Parts& parts, Asked const& asked,
                                                    views::OrderFilter const& filter,
                                                    ports::Direction direction,
                                                    std::string_view address);

} // namespace kontor::services::gateway
