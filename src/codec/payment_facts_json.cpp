#include "codec/event_types.hpp"
#include "codec/facts_json.hpp"

#include "domain/payment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<payment::Event> {
    using Rows = payment_facts;
};

template std::string fact_to_json(payment::Event const&, PersonalFields);
template Result<payment::Event> fact_from_json(EventType, std::string_view);
template FactCodec fact_codec<payment::Event>();

} // namespace kontor::codec
