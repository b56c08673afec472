#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"
#include "codec/personal_walk.hpp"

#include "domain/customer/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<customer::Event> {
    using Rows = customer_facts;
};

template EventType encode(customer::Event const&, std::vector<std::uint8_t>&);
template Result<customer::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(customer::Event const&, PersonalFields);
template Result<customer::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<customer::Event>();
template bool has_clear_fields(customer::Event const&);
template void seal_fields(customer::Event&, FieldSealer&);
template std::span<std::uint8_t const> first_sealed_field(customer::Event const&);
template Result<void> open_fields(customer::Event&, FieldOpener&);

} // namespace kontor::codec
