#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/facts_json.hpp"

#include "domain/catalog/product/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<product::Event> {
    using Rows = product_facts;
};

template EventType encode(product::Event const&, std::vector<std::uint8_t>&);
template Result<product::Event> decode(EventType, std::span<std::uint8_t const>);
template std::string fact_to_json(product::Event const&, PersonalFields);
template Result<product::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<product::Event>();

} // namespace kontor::codec
