#pragma once

/// Figures: what the books say, summed up. They are computed twice, by different code: from the
/// plan (what the file should become) and from the log (what it became), and must be equal.

#include "services/import/plan.hpp"

#include "base/strong.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kontor::online_retail {

/// What one month brought; each by the moment it took effect.   Units: pence.
struct Month {
    std::uint64_t orders{0};
    std::int64_t gross{0};
    std::int64_t cancelled{0};
    std::int64_t returned{0};
    std::int64_t goodwill{0};
    friend bool operator==(Month const&, Month const&) = default;
};

/// "2010-12".
std::string month_of(Instant at);

/// Units: `on_hand` and its like in units of goods, money in pence.
struct StockFigures {
    std::int64_t opening{0};
    std::uint64_t opening_skus{0};
    std::uint64_t skus_once_sold_out{0}; ///< of those: at some moment exactly nothing was available
    std::uint64_t skus_oversold{0};      ///< at some moment less than nothing was available
    std::int64_t ordered{0};
    std::int64_t cancelled{0};
    std::int64_t restocked{0};
    std::int64_t found{0};
    std::int64_t lost{0};
    std::int64_t on_hand{0};
    friend bool operator==(StockFigures const&, StockFigures const&) = default;
};

struct Figures {
    std::uint64_t skus{0};
    std::uint64_t skus_without_price{0};
    std::uint64_t customers{0};

    std::uint64_t order_lines{0};
    std::uint64_t order_lines_free{0};
    std::uint64_t orders{0};
    std::uint64_t orders_guest{0};
    std::uint64_t orders_zero_total{0};
    std::uint64_t orders_no_goods{0};
    std::uint64_t orders_repeated_sku{0};
    std::int64_t gross_goods{0};
    std::int64_t gross_shipping{0};
    std::int64_t gross_charge{0};
    std::int64_t gross_voucher{0};

    std::int64_t cancelled_units{0};
    std::uint64_t cancelled_orders{0};
    std::uint64_t cancelled_orders_whole{0};
    std::int64_t cancelled{0};
    std::int64_t returned_units{0};
    std::uint64_t returned_orders{0};
    std::int64_t returned{0};
    std::uint64_t goodwill_grants{0};
    std::uint64_t goodwill_orders{0};
    std::int64_t goodwill{0};

    std::uint64_t payments{0};
    std::uint64_t captures{0};
    std::uint64_t captures_in_part{0};
    std::int64_t captured{0};
    std::int64_t refunded{0};

    std::uint64_t completed{0};
    std::uint64_t parcels{0};
    std::uint64_t returns{0};
    std::uint64_t refund_grants{0};
    std::uint64_t adjustments_found{0};
    std::uint64_t adjustments_lost{0};
    StockFigures stock{};

    std::map<std::string, std::int64_t, std::less<>> gross_by_country{}; ///< by code
    std::map<std::string, Month, std::less<>> months{};

    std::int64_t gross() const {
        return gross_goods + gross_shipping + gross_charge + gross_voucher;
    }
    std::int64_t net() const { return captured - refunded; }
    std::int64_t& gross_of(SkuKind kind);
    friend bool operator==(Figures const&, Figures const&) = default;
};

/// One figure by name, as text: "orders", "9654"; "gross", "4812645.40".
struct Figure {
    std::string key;
    std::string value;
    friend bool operator==(Figure const&, Figure const&) = default;
};
/// Every figure, in a fixed sequence; money in pounds.
std::vector<Figure> listed(Figures const& figures);

/// "4826466.491": two decimals at least, as many as count at most.
std::string pounds(MicropoundsSum micropounds);
std::string pounds_of_minor(std::int64_t minor);

/// What the file should become.
Figures planned_figures(Table const& table, Plan const& plan);

} // namespace kontor::online_retail
