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

/// What may be the answer: an order, and whether its own facts must say that it is.
struct Found {
    views::OrderSummary order;
    bool is_of_guest;
};

/// What all of them bought, merged: complete up to where all were looked through, where one is cut.
struct Candidates {
    std::vector<Found> orders{};
    std::optional<OrderId> looked_to{};
};

bool comes_first(ports::Direction direction, OrderId one, OrderId other) {
    return direction == ports::Direction::descending ? other < one : one < other;
}

/// Errors: unavailable, corrupt.
Result<Candidates, Trouble> candidates_of(ports::RowReader& rows, std::vector<Buyer> const& buyers,
                                          views::OrderFilter const& filter,
                                          ports::Direction direction) {
    Candidates found;
    for (auto const& buyer : buyers) {
        if (filter.customer && filter.customer != buyer.id)
            continue;
        auto of_one = filter;
        of_one.customer = buyer.id;
        of_one.looked_at_max = views::orders_looked_at_max / buyers.size();
        KONTOR_TRY(auto page, or_trouble(views::list_orders(rows, of_one, direction)));
        for (auto& order : page.orders)
            found.orders.push_back({std::move(order), buyer.is_guest});
        if (page.looked_to &&
            (!found.looked_to || comes_first(direction, *page.looked_to, *found.looked_to)))
            found.looked_to = page.looked_to;
    }
    // Beyond where one of them was looked at, others of that one may come first.
    if (found.looked_to)
        std::erase_if(found.orders, [&](Found const& it) {
            return comes_first(direction, *found.looked_to, it.order.order.id);
        });
    std::ranges::sort(
        found.orders,
        [direction](OrderId one, OrderId other) { return comes_first(direction, one, other); },
        [](Found const& it) { return it.order.order.id; });
    return found;
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
    KONTOR_TRY(auto candidates, candidates_of(*asked.rows, buyers, filter, direction));
    views::OrderPage page;
    page.looked_to = candidates.looked_to;
    std::size_t folded = 0;
    std::optional<OrderId> last;
    for (auto& [order, is_of_guest] : candidates.orders) {
        bool const is_too_much = is_of_guest && folded == guest_orders_folded_max;
        if (is_too_much || page.orders.size() == filter.limit) {
            page.looked_to = last; // the rest is for the next page
            return page;
        }
        last = order.order.id;
        bool is_of_it = true;
        if (is_of_guest) {
            ++folded;
            KONTOR_TRY(is_of_it, was_bought_under(parts, *last, address));
        }
        if (is_of_it)
            page.orders.push_back(std::move(order));
    }
    return page;
}

} // namespace kontor::services::gateway
