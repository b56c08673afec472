#pragma once

/// The demo carrier: seeded dice that bring parcels. Pure: a fact of a parcel in, the carrier's
/// next act out, with its time. Source: DOMAIN section 7.
///
/// Invariants: 1. The same parcel and seed give the same acts, however often its facts are read.
///             2. A parcel misses the buyer at most once: the second attempt delivers it.

#include "base/instant.hpp"
#include "base/random.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/values/ids.hpp"

#include <optional>
#include <variant>

namespace kontor::services {

/// The carrier takes the parcel from the warehouse.
struct HandOver {
    fulfilment::Carrier carrier;
};
struct BringToBuyer {};
struct MissBuyer {
    std::uint16_t attempt;
    fulfilment::DeliveryReason reason;
};
struct BringBack {
    std::uint16_t attempt;
    fulfilment::DeliveryReason reason;
};
/// The warehouse unpacks what the carrier brought back, and puts it on the shelf.
struct TakeIn {
    ReturnId return_id;
};
using CarrierAct = std::variant<HandOver, BringToBuyer, MissBuyer, BringBack, TakeIn>;

struct PlannedAct {
    FulfilmentId fulfilment_id;
    Instant at;
    CarrierAct act;
};

/// What the carrier does after `fact`, recorded at `now`; empty: nothing.
/// A parcel that is held or cancelled meanwhile refuses the act when its time comes; after
/// `Resumed` the hand-over is planned anew.
std::optional<PlannedAct> next_act(FulfilmentId parcel, fulfilment::Event const& fact, Instant now,
                                   Random const& seed);

/// When the warehouse takes a parcel in again, for whose coming back a return was opened at `now`.
PlannedAct take_in(FulfilmentId parcel, ReturnId under, Instant now, Random const& seed);

} // namespace kontor::services
