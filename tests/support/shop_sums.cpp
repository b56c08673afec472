#include "tests/support/shop_sums.hpp"

#include "codec/events.hpp"
#include "domain/order/order.hpp"
#include "domain/payment/payment.hpp"
#include "domain/stock/stock.hpp"

namespace kontor::testing {
namespace {

void add(ShopSums& sums, OrderId order, order::Event const& event) {
    if (auto const* const placed = std::get_if<order::Placed>(&event)) {
        ++sums.placed;
        sums.total += placed->total.minor();
        for (auto const& line : placed->lines)
            sums.ordered += line.quantity.value();
    }
    if (std::holds_alternative<order::Completed>(event))
        sums.completed.push_back(order);
}

void add(ShopSums& sums, stock::Event const& event) {
    if (auto const* const reserved = std::get_if<stock::Reserved>(&event))
        sums.reserved += reserved->reserved.value();
    if (auto const* const issued = std::get_if<stock::Issued>(&event))
        sums.issued += issued->quantity.value();
}

void add(ShopSums& sums, payment::Event const& event) {
    if (auto const* const captured = std::get_if<payment::Captured>(&event))
        sums.captured += captured->amount.minor();
}

void add(ShopSums& sums, ports::RecordedEvent const& event) {
    ++sums.events;
    auto const category = event.stream.category();
    if (category == StreamCategory::order)
        add(sums, OrderId(event.stream.id()),
            codec::decode<order::Event>(event.type, event.payload).value());
    if (category == StreamCategory::stock)
        add(sums, codec::decode<stock::Event>(event.type, event.payload).value());
    if (category == StreamCategory::payment)
        add(sums, codec::decode<payment::Event>(event.type, event.payload).value());
}

} // namespace

ShopSums sum_up(ports::EventStore& store) {
    constexpr ports::Limit page_size(8192);
    ShopSums sums;
    for (ports::Position at{};;) {
        auto const page = store.read_log(at, page_size).value();
        if (page.empty())
            return sums;
        for (auto const& event : page.events)
            add(sums, event);
        at = page.events.back().position;
    }
}

} // namespace kontor::testing
