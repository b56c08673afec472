#pragma once

/// Writes that more than one route makes.   Thread: the edge's.

#include "services/gateway/asked.hpp"

#include "domain/order/commands.hpp"

namespace kontor::services::gateway {

/// A command to an order; it is answered with the order as the command left it.
Served order_write(Asked const& asked, OrderId id, order::Command command,
                   std::uint16_t status = 200);

/// What somebody asks of the money of a payment; it is answered with the payment.
/// Requires: payment and order are named.
Served payment_write(Asked const& asked, MovePayment wish);

} // namespace kontor::services::gateway
