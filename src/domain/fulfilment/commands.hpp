#pragma once

/// What may be asked of one parcel. Dispatch travels in a compound {order::Ship, Dispatch,
/// stock::Issue of each SKU}: the order's stream decides whether a cancel or the parcel was first.

#include "domain/fulfilment/events.hpp"

namespace kontor::fulfilment {

/// One parcel from one location, of at most `skus_max` SKUs. `open`: what of the order is in no
/// parcel yet, if the caller wants it checked.
struct Create {
    OrderId order_id;
    Location location;
    Lines lines;
    Instant ship_by;
    std::optional<std::vector<LineQuantity>> open{};
    friend bool operator==(Create const&, Create const&) = default;
};

/// The parcel shall wait; it keeps its place.
struct Hold {
    HoldReason reason{HoldReason::operator_};
    friend bool operator==(Hold const&, Hold const&) = default;
};

/// Takes back one hold. A parcel held for two reasons waits until both are gone.
struct Resume {
    HoldReason reason{HoldReason::operator_};
    friend bool operator==(Resume const&, Resume const&) = default;
};

struct Cancel {
    HoldReason reason{HoldReason::order_cancelled};
    friend bool operator==(Cancel const&, Cancel const&) = default;
};

/// Handed to the carrier. After a failed delivery: handed over again.
struct Dispatch {
    Carrier carrier;
    Personal<std::string> tracking{};
    friend bool operator==(Dispatch const&, Dispatch const&) = default;
};

struct Deliver {
    Instant at;
    friend bool operator==(Deliver const&, Deliver const&) = default;
};

struct FailDelivery {
    std::uint16_t attempt{1};
    DeliveryReason reason{DeliveryReason::other};
    friend bool operator==(FailDelivery const&, FailDelivery const&) = default;
};

struct ReturnToSender {
    std::uint16_t attempt{1};
    DeliveryReason reason{DeliveryReason::other};
    friend bool operator==(ReturnToSender const&, ReturnToSender const&) = default;
};

using Command =
    std::variant<Create, Hold, Resume, Cancel, Dispatch, Deliver, FailDelivery, ReturnToSender>;

} // namespace kontor::fulfilment
