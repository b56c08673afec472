#include "codec/aggregate_codec.hpp"
#include "codec/event_types.hpp"

#include "domain/documents/events.hpp"

namespace kontor::codec {

template <>
struct FactsOf<documents::Event> {
    using Rows = documents_facts;
};

template EventType encode(documents::Event const&, std::vector<std::uint8_t>&);
template Result<documents::Event> decode(EventType, std::span<std::uint8_t const>);

} // namespace kontor::codec
