#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"
#include "codec/personal_walk.hpp"

#include "domain/payment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<payment::Event> {
    using Rows = payment_facts;
};

template EventType encode(payment::Event const&, std::vector<std::uint8_t>&);
template Result<payment::Event> decode(EventType, std::span<std::uint8_t const>);
template bool has_clear_fields(payment::Event const&);
template void seal_fields(payment::Event&, FieldSealer&);
template std::span<std::uint8_t const> first_sealed_field(payment::Event const&);
template Result<void> open_fields(payment::Event&, FieldOpener&);

} // namespace kontor::codec
