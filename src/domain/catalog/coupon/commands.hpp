#pragma once

/// What may be asked of one coupon code. Use travels in a compound with order::Place; GiveBack
/// follows when that order is not confirmed.

#include "domain/catalog/coupon/events.hpp"

namespace kontor::coupon {

/// Exactly one of `bp` and `amount`.
struct Issue {
    CouponCode code;
    Instant from;
    Instant until;
    Count uses;
    std::optional<BasisPoints> bp{};
    std::optional<Money> amount{};
    std::optional<Money> minimum{};
    friend bool operator==(Issue const&, Issue const&) = default;
};

/// `goods` is the value of the goods before this discount.
struct Use {
    CouponCode code;
    OrderId order_id;
    Money goods;
    friend bool operator==(Use const&, Use const&) = default;
};

struct GiveBack {
    CouponCode code;
    OrderId order_id;
    friend bool operator==(GiveBack const&, GiveBack const&) = default;
};

using Command = std::variant<Issue, Use, GiveBack>;

} // namespace kontor::coupon
