#include "tests/crash/crash_books.hpp"

#include "codec/events.hpp"
#include "domain/order/order.hpp"
#include "domain/payment/payment.hpp"
#include "domain/stock/stock.hpp"

#include <fmt/core.h>

namespace kontor::crash {
namespace {

struct Sums {
    std::uint64_t placed{0};
    std::uint64_t completed{0};
    std::int64_t total{0};
    std::int64_t captured{0};
    std::int64_t ordered{0};
    std::int64_t reserved{0};
    std::int64_t issued{0};
    std::string ended{};
};

void add(Sums& sums, Id128 order, order::Event const& event) {
    if (auto const* const placed = std::get_if<order::Placed>(&event)) {
        ++sums.placed;
        sums.total += placed->total.minor();
        for (auto const& line : placed->lines)
            sums.ordered += line.quantity.value();
    }
    if (std::holds_alternative<order::Completed>(event)) {
        ++sums.completed;
        sums.ended += fmt::format("ended {}\n", hex_of(order));
    }
}

void add(Sums& sums, stock::Event const& event) {
    if (auto const* const reserved = std::get_if<stock::Reserved>(&event))
        sums.reserved += reserved->reserved.value();
    if (auto const* const issued = std::get_if<stock::Issued>(&event))
        sums.issued += issued->quantity.value();
}

void add(Sums& sums, payment::Event const& event) {
    if (auto const* const captured = std::get_if<payment::Captured>(&event))
        sums.captured += captured->amount.minor();
}

void add(Sums& sums, ports::RecordedEvent const& event) {
    auto const category = event.stream.category();
    if (category == StreamCategory::order)
        add(sums, event.stream.id(),
            codec::decode<order::Event>(event.type, event.payload).value());
    if (category == StreamCategory::stock)
        add(sums, codec::decode<stock::Event>(event.type, event.payload).value());
    if (category == StreamCategory::payment)
        add(sums, codec::decode<payment::Event>(event.type, event.payload).value());
}

} // namespace

Sku sku_of(std::size_t number) {
    return Sku::parse(fmt::format("SKU-{}", number)).value();
}

std::string hex_of(Id128 id) {
    std::string text;
    for (auto const byte : id.bytes())
        text += fmt::format("{:02x}", byte);
    return text;
}

std::string books_of(ports::EventStore& store) {
    Sums sums;
    for (ports::Position at{};;) {
        auto const page = store.read_log(at, ports::Limit(1024)).value();
        if (page.empty())
            break;
        for (auto const& event : page.events)
            add(sums, event);
        at = page.events.back().position;
    }
    return sums.ended + fmt::format("books placed={} completed={} total={} captured={} ordered={} "
                                    "reserved={} issued={}\n",
                                    sums.placed, sums.completed, sums.total, sums.captured,
                                    sums.ordered, sums.reserved, sums.issued);
}

} // namespace kontor::crash
