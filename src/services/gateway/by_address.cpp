#include "services/gateway/by_address.hpp"

#include "services/gateway/address_book.hpp"
#include "services/gateway/order_answers.hpp"

#include "platform/sealing/address_mark.hpp"

#include <algorithm>

namespace kontor::services::gateway {
namespace {

struct Buyer {
    CustomerId id;
    bool is_guest;
};

/// Whoever may have bought under an address.
/// Errors: as customers_of_address; parameter_invalid (too many guests have it).
Result<std::vector<Buyer>, Trouble> buyers_with(Parts& parts, std::string_view address) {
    KONTOR_TRY(auto const customers, customers_of_address(parts, address));
    KONTOR_TRY(auto const guests,
               or_trouble(parts.addresses->may_have(sealing::guest_address(address))));
    if (guests.size() >= AddressBook::holders_max)
        return unexpected(bad_parameter("q",
                                        "so many have bought as guests under this address that "
                                        "not all are found: ask for a number or a customer"));
    std::vector<Buyer> buyers;
    for (auto const& id : customers)
        buyers.push_back({id, false});
    for (auto const& id : guests)
        buyers.push_back({id, true});
    return buyers;
}

/// As the order says now.   Errors: unavailable, corrupt.
Result<bool, Trouble> was_bought_under(Parts& parts, OrderId id, std::string_view address) {
    KONTOR_TRY(auto const order, or_trouble(fold_order(parts, id, {})));
    auto const* const contact = order ? order->contact.value() : nullptr;
    return contact != nullptr &&
           sealing::normal_address(contact->email) == sealing::normal_address(address);
}

/// Adds what one buyer bought, and says how far was looked.   Errors: unavailable, corrupt.
Result<std::optional<OrderId>, Trouble> add_orders(Parts& parts, Buyer const& buyer,
                                                   views::OrderPage page, std::string_view address,
                                                   std::vector<views::OrderSummary>& orders) {
    for (auto& order : page.orders) {
        bool is_of_it = true;
        if (buyer.is_guest) {
            KONTOR_TRY(is_of_it, was_bought_under(parts, order.order.id, address));
        }
        if (is_of_it)
            orders.push_back(std::move(order));
    }
    return page.looked_to;
}

} // namespace

Result<views::OrderPage, Trouble> orders_of_address(Parts& parts, Asked const& asked,
                                                    views::OrderFilter const& filter,
                                                    ports::Direction direction,
                                                    std::string_view address) {
    if (!asked.sees_all() || asked.personal_fields() == codec::PersonalFields::withheld)
        return unexpected(
            trouble("forbidden", "whoever sees no addresses does not search by them"));
    KONTOR_TRY(auto const buyers, buyers_with(parts, address));
    auto const comes_first = [direction](OrderId one, OrderId other) {
        return direction == ports::Direction::descending ? other < one : one < other;
    };
    views::OrderPage found;
    for (auto const& buyer : buyers) {
        if (filter.customer && filter.customer != buyer.id)
            continue;
        auto of_one = filter;
        of_one.customer = buyer.id;
        KONTOR_TRY(auto page, or_trouble(views::list_orders(*asked.rows, of_one, direction)));
        KONTOR_TRY(auto const looked_to,
                   add_orders(parts, buyer, std::move(page), address, found.orders));
        if (looked_to && (!found.looked_to || comes_first(*looked_to, *found.looked_to)))
            found.looked_to = looked_to;
    }
    std::ranges::sort(found.orders, comes_first, [](auto const& it) { return it.order.id; });
    // Beyond where one of them was looked at, others of that one may come first.
    if (found.looked_to)
        std::erase_if(found.orders,
                      [&](auto const& it) { return comes_first(*found.looked_to, it.order.id); });
    if (found.orders.size() > filter.limit) {
        found.orders.erase(found.orders.begin() + static_cast<std::ptrdiff_t>(filter.limit),
                           found.orders.end());
        found.looked_to = found.orders.back().order.id;
    }
    return found;
}

} // namespace kontor::services::gateway
