#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/webhook/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<webhook::Event> {
    using Rows = webhook_facts;
};

template EventType encode(webhook::Event const&, std::vector<std::uint8_t>&);
template Result<webhook::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(webhook::Event const&, PersonalFields);
template Result<webhook::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<webhook::Event>();

} // namespace kontor::codec
