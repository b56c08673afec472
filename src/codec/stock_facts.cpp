#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/stock/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<stock::Event> {
    using Rows = stock_facts;
};

template EventType encode(stock::Event const&, std::vector<std::uint8_t>&);
template Result<stock::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(stock::Event const&, PersonalFields);
template Result<stock::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<stock::Event>();

} // namespace kontor::codec
