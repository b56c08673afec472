#include "codec/events.hpp"

#include "domain/order/events.hpp"
#include "domain/stock/events.hpp"

#include <benchmark/benchmark.h>

namespace kontor::codec {
namespace {

constexpr std::size_t batch_size = 256;

order::Line line(std::uint16_t number, char const* sku, std::int64_t pence) {
    auto const money = [](std::int64_t minor) { return Money::of(minor, Currency::gbp()); };
    return {LineNumber(number),
            *Sku::parse(sku),
            "WHITE HANGING HEART T-LIGHT HOLDER",
            SkuKind::goods,
            Quantity::of(6),
            money(pence),
            TaxClass("standard"),
            *BasisPoints::create(2'000),
            money(0),
            {money(pence * 5), money(pence)}};
}

/// A guest's order of three lines, as the checkout benchmark places it.
order::Event placed() {
    auto const money = [](std::int64_t minor) { return Money::of(minor, Currency::gbp()); };
    order::Placed fact{};
    fact.order_id = OrderId(Id128(0x0191'2345'6789'abcdU, 42));
    fact.channel = order::Channel::storefront;
    fact.currency = Currency::gbp();
    fact.pay_by = Instant::from_unix_microseconds(1'764'000'000'000'000);
    fact.lines = {line(1, "85123A", 255), line(2, "71053", 339), line(3, "84406B", 275)};
    fact.shipping = {money(495), money(99)};
    fact.discount = money(0);
    fact.total = money(8'692);
    fact.country = *Country::parse("GB");
    fact.ship_to = Personal<Address>(Sealed{std::vector<std::uint8_t>(96, 7)});
    fact.contact = Personal<Contact>(Sealed{std::vector<std::uint8_t>(64, 7)});
    fact.payment = order::PaymentOffer{
        PaymentMethod("card"), Personal<std::string>(Sealed{std::vector<std::uint8_t>(40, 7)})};
    fact.return_window = Duration::days(30);
    fact.ship_within = Duration::days(7);
    return fact;
}

stock::Event reserved() {
    return stock::Reserved{ReservationId(Id128(0x0191'2345'6789'abcdU, 42)), Count(6), Count(0)};
}

template <class Event>
void encode_facts(benchmark::State& state, Event const& event) {
    std::vector<std::uint8_t> buffer;
    std::size_t bytes = 0;
    for (auto _ : state) {
        buffer.clear();
        for (std::size_t i = 0; i < batch_size; ++i)
            benchmark::DoNotOptimize(encode(event, buffer));
        bytes += buffer.size();
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(batch_size));
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.counters["bytes_a_fact"] =
        static_cast<double>(buffer.size()) / static_cast<double>(batch_size);
}

template <class Event>
void decode_facts(benchmark::State& state, Event const& event) {
    std::vector<std::uint8_t> buffer;
    auto const type = encode(event, buffer);
    for (auto _ : state) {
        auto fact = decode<Event>(type, buffer);
        benchmark::DoNotOptimize(fact);
    }
    state.SetItemsProcessed(state.iterations());
}

template <class Event>
void write_json(benchmark::State& state, Event const& event) {
    for (auto _ : state)
        benchmark::DoNotOptimize(fact_to_json(event, PersonalFields::written));
    state.SetItemsProcessed(state.iterations());
}

template <class Event>
void read_json(benchmark::State& state, Event const& event) {
    std::vector<std::uint8_t> buffer;
    auto const type = encode(event, buffer);
    auto const json = fact_to_json(event, PersonalFields::written);
    for (auto _ : state)
        benchmark::DoNotOptimize(fact_from_json<Event>(type, json));
    state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(encode_facts, order_placed_3_lines, placed());
BENCHMARK_CAPTURE(decode_facts, order_placed_3_lines, placed());
BENCHMARK_CAPTURE(write_json, order_placed_3_lines, placed());
BENCHMARK_CAPTURE(read_json, order_placed_3_lines, placed());
BENCHMARK_CAPTURE(encode_facts, stock_reserved, reserved());
BENCHMARK_CAPTURE(decode_facts, stock_reserved, reserved());
BENCHMARK_CAPTURE(write_json, stock_reserved, reserved());
BENCHMARK_CAPTURE(read_json, stock_reserved, reserved());

} // namespace
} // namespace kontor::codec
