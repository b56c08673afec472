#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/reservation/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<reservation::Event> {
    using Rows = reservation_facts;
};

template EventType encode(reservation::Event const&, std::vector<std::uint8_t>&);
template Result<reservation::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(reservation::Event const&, PersonalFields);
template Result<reservation::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<reservation::Event>();

} // namespace kontor::codec
