#pragma once

/// Story: what a letter tells of: one fact, and the order it belongs to as it stood then.
/// Thread: one at a time, for the opener is its own.

#include "domain/customer/events.hpp"
#include "domain/fulfilment/events.hpp"
#include "domain/order/state.hpp"
#include "domain/payment/events.hpp"
#include "platform/sealing/sealed_value.hpp"
#include "ports/event_store.hpp"
#include "services/notification/notice.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kontor::services {

using ToldFact = std::variant<order::Event, payment::Event, fulfilment::Event>;

struct Story {
    ToldFact fact{};
    Instant happened_at{};
    OrderId order{};
    order::Channel channel{};
    std::optional<CustomerId> customer{};
    Personal<Contact> contact{};      ///< as it is now; erased: the person is forgotten
    std::vector<order::Line> lines{}; ///< all that were ever sold, line 1 first
    NetTax shipping{};
    order::State state{}; ///< right after the fact
};

/// Reads the fact that a notice is about, and its order.
/// Errors:   not_found (the log has no such fact of this order), unavailable, corrupt, unsupported.
/// Requires: an opener where anything is sealed; null: nothing is.
Result<Story> read_story(ports::EventStore& log, sealing::Opener* opener, Told const& told);

/// Whether a customer wants letters about a topic: yes, unless he said where news of it go, and
/// named no mail. Whoever was erased wants none.
/// Errors:   unavailable, corrupt, unsupported.
Result<bool> wants_mail(ports::EventStore& log, CustomerId customer, std::string_view topic);

} // namespace kontor::services
