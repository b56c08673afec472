#include "codec/event_types.hpp"
#include "codec/facts_binary.hpp"

#include "domain/payment/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<payment::Event> {
    using Rows = payment_facts;
};

template EventType encode(payment::Event const&, std::vector<std::uint8_t>&);
template Result<payment::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
