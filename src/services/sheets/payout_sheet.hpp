#pragma once

/// A provider's payouts as a table: what was captured and refunded of which payment.

#include "services/books/reconcile.hpp"
#include "services/sheets/table.hpp"

namespace kontor::services::sheets {

struct PayoutLine {
    std::uint64_t line;
    books::MoveKey key;
    std::int64_t minor;
};

/// Columns: payment, kind (capture or refund), amount, currency; others, such as the provider's own
/// reference, fee and date, may stand beside them.
/// Errors: invalid (the header row), and what the source says.
Result<Sheet<PayoutLine>> read_payouts(ports::ByteSource& source);

} // namespace kontor::services::sheets
