#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"

#include "domain/order/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<order::Event> {
    using Rows = order_facts;
};

template EventType encode(order::Event const&, std::vector<std::uint8_t>&);
template Result<order::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
