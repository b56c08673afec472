#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/audit/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<audit::Event> {
    using Rows = audit_facts;
};

template EventType encode(audit::Event const&, std::vector<std::uint8_t>&);
template Result<audit::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(audit::Event const&, PersonalFields);
template Result<audit::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<audit::Event>();

} // namespace kontor::codec
