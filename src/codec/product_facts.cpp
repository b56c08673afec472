#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/catalog/product/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<product::Event> {
    using Rows = product_facts;
};

template EventType encode(product::Event const&, std::vector<std::uint8_t>&);
template Result<product::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
