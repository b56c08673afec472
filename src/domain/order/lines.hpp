#pragma once

/// Arithmetic over lists of lines, for the rules of an order.

#include "domain/order/rejection.hpp"
#include "domain/order/state.hpp"

#include "base/result.hpp"

#include <span>
#include <vector>

namespace kontor::order {

using Lines = std::vector<LineQuantity>;

/// The same units with each line once, ascending, as facts name them.
/// Errors: unknown_line, bad_quantity (more units of a line than a quantity can say).
Result<Lines, Rejection> merged(Lines const& lines, Book const& book);

/// What these units are worth as long as they are open.
/// Requires: each line once, no more units than are open.
Worth open_worth(Book const& book, Lines const& lines);

/// What these units are worth after they shipped.
/// Requires: each line once, no more units than are out.
Worth out_worth(Book const& book, std::span<ReturnedLine const> lines);

std::int64_t units_in(Lines const& lines);

/// `parcel` and every unit of a service that is still open.
/// Requires: `parcel` is merged.
Lines with_open_services(Book const& book, Lines parcel);

} // namespace kontor::order
