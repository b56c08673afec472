#include "services/import/figures.hpp"

#include <fmt/format.h>

namespace kontor::online_retail {
namespace {

class List {
public:
    void count(std::string key, std::uint64_t value) {
        figures_.push_back({std::move(key), fmt::format("{}", value)});
    }
    void units(std::string key, std::int64_t value) {
        figures_.push_back({std::move(key), fmt::format("{}", value)});
    }
    void money(std::string key, std::int64_t minor) {
        figures_.push_back({std::move(key), pounds_of_minor(minor)});
    }
    std::vector<Figure> take() && { return std::move(figures_); }

private:
    std::vector<Figure> figures_;
};

void list_sales(List& list, Figures const& figures) {
    list.count("skus", figures.skus);
    list.count("skus_without_price", figures.skus_without_price);
    list.count("customers", figures.customers);
    list.count("order_lines", figures.order_lines);
    list.count("order_lines_free", figures.order_lines_free);
    list.count("orders", figures.orders);
    list.count("orders_guest", figures.orders_guest);
    list.count("orders_zero_total", figures.orders_zero_total);
    list.count("orders_no_goods", figures.orders_no_goods);
    list.count("orders_repeated_sku", figures.orders_repeated_sku);
    list.money("gross_goods", figures.gross_goods);
    list.money("gross_shipping", figures.gross_shipping);
    list.money("gross_charge", figures.gross_charge);
    list.money("gross_voucher", figures.gross_voucher);
    list.money("gross", figures.gross());
}

void list_undone(List& list, Figures const& figures) {
    list.units("cancelled_units", figures.cancelled_units);
    list.count("cancelled_orders", figures.cancelled_orders);
    list.count("cancelled_orders_whole", figures.cancelled_orders_whole);
    list.money("cancelled", figures.cancelled);
    list.units("returned_units", figures.returned_units);
    list.count("returned_orders", figures.returned_orders);
    list.money("returned", figures.returned);
    list.count("goodwill_grants", figures.goodwill_grants);
    list.count("goodwill_orders", figures.goodwill_orders);
    list.money("goodwill", figures.goodwill);
}

void list_settled(List& list, Figures const& figures) {
    list.count("payments", figures.payments);
    list.count("captures", figures.captures);
    list.count("captures_in_part", figures.captures_in_part);
    list.money("captured", figures.captured);
    list.money("refunded", figures.refunded);
    list.money("net", figures.net());
    list.count("completed", figures.completed);
    list.count("parcels", figures.parcels);
    list.count("returns", figures.returns);
    list.count("refund_grants", figures.refund_grants);
}

void list_stock(List& list, Figures const& figures) {
    auto const& stock = figures.stock;
    list.count("adjustments_found", figures.adjustments_found);
    list.count("adjustments_lost", figures.adjustments_lost);
    list.units("stock.opening", stock.opening);
    list.count("stock.opening_skus", stock.opening_skus);
    list.count("stock.skus_once_sold_out", stock.skus_once_sold_out);
    list.count("stock.skus_oversold", stock.skus_oversold);
    list.units("stock.ordered", stock.ordered);
    list.units("stock.cancelled", stock.cancelled);
    list.units("stock.restocked", stock.restocked);
    list.units("stock.found", stock.found);
    list.units("stock.lost", stock.lost);
    list.units("stock.on_hand", stock.on_hand);
}

} // namespace

std::vector<Figure> listed(Figures const& figures) {
    List list;
    list_sales(list, figures);
    list_undone(list, figures);
    list_settled(list, figures);
    list_stock(list, figures);
    for (auto const& [code, minor] : figures.gross_by_country)
        list.money("country." + code, minor);
    for (auto const& [name, month] : figures.months) {
        auto const key = "month." + name;
        list.count(key + ".orders", month.orders);
        list.money(key + ".gross", month.gross);
        list.money(key + ".cancelled", month.cancelled);
        list.money(key + ".returned", month.returned);
        list.money(key + ".goodwill", month.goodwill);
    }
    return std::move(list).take();
}

std::string pounds(MicropoundsSum micropounds) {
    constexpr MicropoundsSum one = 1'000'000;
    bool const negative = micropounds < 0;
    auto const magnitude = negative ? -micropounds : micropounds;
    auto text =
        fmt::format("{}{}.{:06}", negative ? "-" : "", static_cast<std::uint64_t>(magnitude / one),
                    static_cast<std::uint64_t>(magnitude % one));
    auto const two_decimals = text.size() - 4;
    while (text.size() > two_decimals && text.back() == '0')
        text.pop_back();
    return text;
}

std::string pounds_of_minor(std::int64_t minor) {
    return pounds(MicropoundsSum{minor} * micropounds_per_penny);
}

} // namespace kontor::online_retail
