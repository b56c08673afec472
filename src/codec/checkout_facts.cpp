#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/checkout/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<checkout::Event> {
    using Rows = checkout_facts;
};

template EventType encode(checkout::Event const&, std::vector<std::uint8_t>&);
template Result<checkout::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(checkout::Event const&, PersonalFields);
template Result<checkout::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<checkout::Event>();

} // namespace kontor::codec
