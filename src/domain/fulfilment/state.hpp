#pragma once

/// What the facts of one parcel add up to. Source: DOMAIN section 7.

#include "domain/fulfilment/events.hpp"

namespace kontor::fulfilment {

struct Nothing {
    friend bool operator==(Nothing, Nothing) = default;
};

/// Why a packed parcel waits: any number of reasons at once.
class Holds {
public:
    bool empty() const { return reasons_ == 0; }
    bool has(HoldReason reason) const { return (reasons_ & bit(reason)) != 0; }
    void add(HoldReason reason) { reasons_ |= bit(reason); }
    void remove(HoldReason reason) { reasons_ &= ~bit(reason); }
    friend bool operator==(Holds, Holds) = default;

private:
    static std::uint32_t bit(HoldReason reason) {
        return std::uint32_t{1} << static_cast<unsigned>(reason);
    }
    std::uint32_t reasons_{0};
};

/// Still in the house; held while there are holds.
struct Packed {
    OrderId order_id;
    Holds holds{};
    Lines lines{};
    friend bool operator==(Packed const&, Packed const&) = default;
};

/// With the carrier. `failed_attempt` is the newest attempt to deliver it that failed; `at_depot`
/// while it waits to be handed over again.
struct UnderWay {
    OrderId order_id;
    std::uint16_t failed_attempt{0};
    bool at_depot{false};
    Lines lines{};
    friend bool operator==(UnderWay const&, UnderWay const&) = default;
};

enum class Ending : std::uint8_t { delivered, returned_to_sender, cancelled };

struct Closed {
    OrderId order_id;
    Ending ending{Ending::delivered};
    friend bool operator==(Closed const&, Closed const&) = default;
};

using State = std::variant<Nothing, Packed, UnderWay, Closed>;

State initial();
bool is_terminal(State const& state);

State evolve(State state, Created const& event);
State evolve(State state, Held const& event);
State evolve(State state, Resumed const& event);
State evolve(State state, Cancelled const& event);
State evolve(State state, Dispatched const& event);
State evolve(State state, Delivered const& event);
State evolve(State state, DeliveryFailed const& event);
State evolve(State state, ReturnedToSender const& event);

/// What is in the parcel until it arrives; empty before and after.
Lines const& contents(State const& state);

} // namespace kontor::fulfilment
