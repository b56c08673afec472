#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/catalog/coupon/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<coupon::Event> {
    using Rows = coupon_facts;
};

template EventType encode(coupon::Event const&, std::vector<std::uint8_t>&);
template Result<coupon::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
