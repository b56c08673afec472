#include "codec/event_types.hpp"
#include "codec/facts_json.hpp"

#include "domain/order/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<order::Event> {
    using Rows = order_facts;
};

template std::string fact_to_json(order::Event const&, PersonalFields);
template Result<order::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<order::Event>();

} // namespace kontor::codec
