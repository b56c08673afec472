#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/process/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<process::Event> {
    using Rows = process_facts;
};

template EventType encode(process::Event const&, std::vector<std::uint8_t>&);
template Result<process::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(process::Event const&, PersonalFields);
template Result<process::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<process::Event>();

} // namespace kontor::codec
