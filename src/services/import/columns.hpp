#pragma once

/// Columns: where the fields of a line stand, by the names in the header. Columns may stand in any
/// sequence, and others may stand between them: a leading index, say.

#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace kontor::online_retail {

enum class Column : unsigned char {
    invoice_number,
    stock_code,
    description,
    quantity,
    invoice_date,
    unit_price,
    customer_id,
    country
};
inline constexpr std::size_t column_count = 8;

/// As the header spells it: "InvoiceNo".
std::string_view name(Column column);

class Columns {
public:
    /// Finds the columns by name; case and blanks do not matter.
    /// Errors: invalid (columns are missing or stand there twice; the sentence names them and what
    /// was found instead).
    static Result<Columns> of_header(std::span<std::string_view const> header);

    /// How many fields a whole line has.
    std::size_t width() const { return width_; }
    /// Requires: as many fields as the header.
    std::string_view pick(std::span<std::string_view const> fields, Column column) const {
        return fields[at_[static_cast<std::size_t>(column)]];
    }

private:
    std::array<std::size_t, column_count> at_{};
    std::size_t width_{0};
};

} // namespace kontor::online_retail
