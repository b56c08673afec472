#include "bench/gate/scenario.hpp"

#include "bench/shelf_facts.hpp"
#include "codec/events.hpp"
#include "domain/order/events.hpp"

#include <vector>

namespace kontor::bench {
namespace {

constexpr std::uint64_t many = 4'000;

Money pence(std::int64_t minor) {
    return Money::of(minor, Currency::gbp());
}

order::Line line(std::uint16_t number, char const* sku, std::int64_t each) {
    return {LineNumber(number),
            Sku::parse(sku).value(),
            "WHITE HANGING HEART T-LIGHT HOLDER",
            SkuKind::goods,
            Quantity::of(6),
            pence(each),
            TaxClass("standard"),
            BasisPoints::create(2'000).value(),
            pence(0),
            {pence(each * 5), pence(each)}};
}

/// An order of three lines with sealed names and addresses.
order::Event placed() {
    order::Placed fact{};
    fact.order_id = OrderId(Id128(7, 42));
    fact.channel = order::Channel::storefront;
    fact.currency = Currency::gbp();
    fact.pay_by = Instant::from_unix_microseconds(1'764'000'000'000'000);
    fact.lines = {line(1, "85123A", 255), line(2, "71053", 339), line(3, "84406B", 275)};
    fact.shipping = {pence(495), pence(99)};
    fact.discount = pence(0);
    fact.total = pence(8'692);
    fact.country = Country::parse("GB").value();
    fact.ship_to = Personal<Address>(Sealed{std::vector<std::uint8_t>(96, 7)});
    fact.contact = Personal<Contact>(Sealed{std::vector<std::uint8_t>(64, 7)});
    return fact;
}

template <class Event>
std::uint64_t encode(Event const& event) {
    std::vector<std::uint8_t> buffer;
    buffer.reserve(std::size_t{4} << 20);
    measured([&] {
        for (std::uint64_t n = 0; n < many; ++n)
            codec::encode(event, buffer);
    });
    return buffer.empty() ? 0 : many;
}

template <class Event>
std::uint64_t decode(Event const& event) {
    std::vector<std::uint8_t> buffer;
    auto const type = codec::encode(event, buffer);
    std::uint64_t good = 0;
    measured([&] {
        for (std::uint64_t n = 0; n < many; ++n)
            good += codec::decode<Event>(type, buffer) ? 1U : 0U;
    });
    return good;
}

/// Fifty facts of a stock item, decoded and folded.
std::uint64_t fold_shelf() {
    constexpr std::uint64_t facts = 50;
    constexpr int times = 100;
    std::vector<std::uint8_t> buffer;
    std::vector<std::pair<ports::EventType, std::size_t>> ends;
    for (std::uint64_t version = 1; version <= facts; ++version) {
        auto const type = codec::encode(shelf_fact(1, version), buffer);
        ends.emplace_back(type, buffer.size());
    }
    std::int64_t units = 0;
    measured([&] {
        for (int time = 0; time < times; ++time) {
            auto state = stock::initial();
            std::size_t from = 0;
            for (auto const& [type, end] : ends) {
                auto const bytes = std::span(buffer).subspan(from, end - from);
                state = stock::Decider::evolve(std::move(state),
                                               codec::decode<stock::Event>(type, bytes).value());
                from = end;
            }
            units += std::get<stock::Item>(state).on_hand.value();
        }
    });
    return units == times * units_on_hand(facts) ? facts * times : 0;
}

} // namespace

std::map<std::string, Scenario> codec_scenarios() {
    return {{"encode_order", [] { return encode(placed()); }},
            {"encode_stock", [] { return encode(shelf_fact(1, 2)); }},
            {"decode_order", [] { return decode(placed()); }},
            {"decode_stock", [] { return decode(shelf_fact(1, 2)); }},
            {"fold_shelf", fold_shelf}};
}

} // namespace kontor::bench
