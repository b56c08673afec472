#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/payment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<payment::Event> {
    using Rows = payment_facts;
};

template EventType encode(payment::Event const&, std::vector<std::uint8_t>&);
template Result<payment::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(payment::Event const&, PersonalFields);
template Result<payment::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<payment::Event>();

} // namespace kontor::codec
