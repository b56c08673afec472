#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/order/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<order::Event> {
    using Rows = order_facts;
};

template EventType encode(order::Event const&, std::vector<std::uint8_t>&);
template Result<order::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(order::Event const&, PersonalFields);
template Result<order::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<order::Event>();

} // namespace kontor::codec
