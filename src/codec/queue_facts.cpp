#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/queue/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<queue::Event> {
    using Rows = queue_facts;
};

template EventType encode(queue::Event const&, std::vector<std::uint8_t>&);
template Result<queue::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(queue::Event const&, PersonalFields);
template Result<queue::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<queue::Event>();

} // namespace kontor::codec
