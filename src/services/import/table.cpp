#include "services/import/table.hpp"

#include "services/import/countries.hpp"

#include <array>
#include <string_view>

namespace kontor::online_retail {

std::vector<std::string_view> Table::unknown_countries() const {
    std::vector<std::string_view> unknown;
    for (std::uint32_t n = 0; n < countries.size(); ++n)
        if (!try_country(countries.text(n)))
            unknown.push_back(countries.text(n));
    return unknown;
}

std::uint64_t Table::mark() const {
    std::uint64_t hash = hash_of("rows and invoices");
    auto const add = [&](std::array<std::int64_t, 4> const& said, std::string_view text) {
        hash = hash_of({reinterpret_cast<char const*>(said.data()), sizeof said}, hash);
        hash = hash_of(text, hash);
    };
    for (auto const& row : rows)
        add({row.price, row.invoice, row.quantity, static_cast<std::int64_t>(row.row_class)},
            row.is_readable() ? skus.text(row.sku) : std::string_view());
    for (InvoiceIndex n = 0; n < invoices.size(); ++n) {
        auto const& invoice = invoices[n];
        add({invoice.at.unix_microseconds(), invoice.customer, invoice.row_count,
             invoice.first_row},
            numbers.text(n));
        hash = hash_of(countries.text(invoice.country), hash);
    }
    return hash;
}

} // namespace kontor::online_retail
