#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/catalog/coupon/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<coupon::Event> {
    using Rows = coupon_facts;
};

template EventType encode(coupon::Event const&, std::vector<std::uint8_t>&);
template Result<coupon::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(coupon::Event const&, PersonalFields);
template Result<coupon::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<coupon::Event>();

} // namespace kontor::codec
