#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"
#include "codec/personal_walk.hpp"

#include "domain/fulfilment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<fulfilment::Event> {
    using Rows = fulfilment_facts;
};

template EventType encode(fulfilment::Event const&, std::vector<std::uint8_t>&);
template Result<fulfilment::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(fulfilment::Event const&, PersonalFields);
template Result<fulfilment::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<fulfilment::Event>();
template bool has_clear_fields(fulfilment::Event const&);
template void seal_fields(fulfilment::Event&, FieldSealer&);
template std::span<std::uint8_t const> first_sealed_field(fulfilment::Event const&);
template Result<void> open_fields(fulfilment::Event&, FieldOpener&);

} // namespace kontor::codec
