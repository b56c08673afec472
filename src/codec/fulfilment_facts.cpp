#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/fulfilment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<fulfilment::Event> {
    using Rows = fulfilment_facts;
};

template EventType encode(fulfilment::Event const&, std::vector<std::uint8_t>&);
template Result<fulfilment::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
