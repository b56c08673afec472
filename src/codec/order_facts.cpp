#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/personal_walk.hpp"

#include "domain/order/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<order::Event> {
    using Rows = order_facts;
};

template EventType encode(order::Event const&, std::vector<std::uint8_t>&);
template Result<order::Event> decode(EventType, std::span<std::uint8_t const>);
template bool has_clear_fields(order::Event const&);
template void seal_fields(order::Event&, FieldSealer&);
template std::span<std::uint8_t const> first_sealed_field(order::Event const&);
template Result<void> open_fields(order::Event&, FieldOpener&);

} // namespace kontor::codec
