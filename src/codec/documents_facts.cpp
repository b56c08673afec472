#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/documents/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<documents::Event> {
    using Rows = documents_facts;
};

template EventType encode(documents::Event const&, std::vector<std::uint8_t>&);
template Result<documents::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(documents::Event const&, PersonalFields);
template Result<documents::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<documents::Event>();

} // namespace kontor::codec
