#include "bench/shelf_facts.hpp"

#include <fmt/core.h>

namespace kontor::bench {
namespace {

constexpr std::uint64_t cycle = 9; ///< one delivery, then four units promised and sent
constexpr std::int64_t delivery = 100;

} // namespace

services::StockKey shelf(std::size_t n) {
    return {Location::parse("main").value(), Sku::parse(fmt::format("SKU-{}", n)).value()};
}

stock::Event shelf_fact(std::size_t shelf_number, std::uint64_t version) {
    auto const step = version % cycle;
    if (step == 1) {
        auto const key = shelf(shelf_number);
        return stock::Received{key.sku, key.location, Quantity::of(delivery), "delivery", {}};
    }
    if (step % 2 == 0 && step > 0)
        return stock::Reserved{ReservationId(Id128(shelf_number + 1, version)), Count(1), Count(0)};
    return stock::Issued{ReservationId(Id128(shelf_number + 1, version - 1)),
                         FulfilmentId(Id128(shelf_number + 1, version)), Quantity::of(1)};
}

std::int64_t units_on_hand(std::uint64_t version) {
    auto const cycles = static_cast<std::int64_t>(version / cycle);
    auto const rest = static_cast<std::int64_t>(version % cycle);
    auto const sent = rest > 0 ? (rest - 1) / 2 : 0;
    return cycles * (delivery - 4) + (rest > 0 ? delivery : 0) - sent;
}

Shelves::Shelves(std::size_t count) : versions_(count) {
    for (std::size_t n = 0; n < count; ++n) {
        keys_.push_back(shelf(n));
        streams_.push_back(services::StockItems::stream(keys_.back()));
    }
}

void Shelves::add_next(ports::Batch& batch, std::size_t n) {
    auto& version = versions_[n];
    auto const index = batch.add_stream(
        streams_[n], ports::ExpectedVersion::exactly(ports::StreamVersion(version)));
    auto const type = services::StockItems::encode(shelf_fact(n, ++version), batch.buffer());
    batch.add_event(index, type);
}

} // namespace kontor::bench
