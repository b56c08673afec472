#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/customer/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<customer::Event> {
    using Rows = customer_facts;
};

template EventType encode(customer::Event const&, std::vector<std::uint8_t>&);
template Result<customer::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
